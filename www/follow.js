// Following a case up: what a new error says beside the last one, of which only codes and ids were kept.

/** @typedef {import("./report.js").Finding} Finding */
/** @typedef {import("./words.js").Speech} Speech */

/**
 * @typedef {object} Seen what is kept of an error
 * @property {string} section
 * @property {string[]} codes
 * @property {string} stage
 * @property {string} outcome
 * @property {[id: string, standing: string][]} causes
 */

const STAGES = ["lookup", "connection", "encryption", "conversation", "mailbox"];

/** @param {Finding} finding @returns {Seen} */
export function seen({ section, reply, status, cause_reply, cause_status, stage, outcome, causes }) {
  const code = (/** @type {(string | number | null)[]} */ ...parts) => parts.filter((part) => part !== null).join(" ");
  const codes = [code(reply, status), code(cause_reply, cause_status)].filter((one, at, all) => one !== "" && all.indexOf(one) === at);
  return { section, codes, stage, outcome, causes: causes.map(({ id, standing }) => [id, standing]) };
}

/** @param {any} it @returns {it is Seen} */
export function isSeen(it) {
  const words = [it?.section, it?.stage, it?.outcome, ...(it?.codes ?? [0]), ...(it?.causes ?? [0]).flat()];
  return words.every((word) => typeof word === "string");
}

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
