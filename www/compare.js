// What a new error says beside the last one.

import { seen } from "./follow.js";

/** @typedef {import("./follow.js").Seen} Seen */
/** @typedef {import("./report.js").Finding} Finding */
/** @typedef {import("./words.js").Speech} Speech */

const STAGES = ["lookup", "connection", "encryption", "conversation", "mailbox"];

/**
 * What changed, a sentence each.
 * @param {Seen} before
 * @param {Finding} now
 * @param {Finding | undefined} known the last error as the catalogue has it, for the words of its causes
 * @param {Speech} say
 */
export function compare(before, now, known, { t }) {
  const after = seen(now);
  const was = new Map(before.causes);
  const same = before.section === after.section;
  const codes = (/** @type {Seen} */ one) => (one.codes.length === 0 ? t("compare.no_code") : one.codes.join(", "));
  const [from, to] = [STAGES.indexOf(before.stage), STAGES.indexOf(after.stage)];
  return [
    t(same ? "compare.same" : "compare.other", { before: codes(before), now: codes(after) }),
    from >= 0 && to > from && t("compare.further", { stage: t(`stage.${after.stage}`) }),
    to >= 0 && to < from && t("compare.earlier", { stage: t(`stage.${after.stage}`) }),
    before.outcome === "retrying" && after.outcome === "returned" && t("compare.returned"),
    ...now.causes
      .filter(({ id, standing }) => was.has(id) && was.get(id) !== standing && standing !== "possible")
      .map(({ text, standing }) => t(`compare.${standing}`, { cause: text })),
    // What was the matter before is not what stops it now.
    ...(same ? [] : (known?.causes ?? []))
      .filter(({ id }) => was.get(id) === "indicated")
      .map(({ text }) => t("compare.ruled_out", { cause: text })),
  ].filter((line) => line !== false);
}
