// How far the message got, as a picture made of a list: shape and words say it before colour does.

import { el, svg } from "../dom.js";

/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../words.js").Speech} Speech */
/** @typedef {"passed" | "broken" | "ahead"} State */

const STAGES = /** @type {const} */ (["lookup", "connection", "encryption", "conversation", "mailbox"]);

/** @type {Record<State, string>} */
const SIGN = { passed: "M7.5 12.4l3 3 6-6.6", broken: "M9 9l6 6M15 9l-6 6", ahead: "M8.5 12h.01M12 12h.01M15.5 12h.01" };

/** @param {State} state */
function sign(state) {
  const shape =
    state === "broken"
      ? svg("path", { class: "shape", d: "M12 1.5 22.5 12 12 22.5 1.5 12Z" })
      : svg("circle", { class: "shape", cx: 12, cy: 12, r: 9.5 });
  return svg(
    "svg",
    { class: "sign", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    shape,
    svg("path", { class: "stroke", d: SIGN[state] }),
  );
}

/**
 * @param {Finding} finding
 * @param {Speech} say
 */
export function stages(finding, { t }) {
  const delivered = finding.outcome === "delivered" || finding.outcome === "relayed";
  const broken = STAGES.findIndex((stage) => stage === finding.stage);
  if (broken < 0 && !delivered) {
    return null;
  }
  /**
   * @param {number} at
   * @returns {State}
   */
  const state = (at) => (delivered || at < broken ? "passed" : at === broken ? "broken" : "ahead");
  const stuck = finding.outcome === "retrying" ? "stage.held" : "stage.broken";
  return el(
    "section",
    { class: "way", "aria-labelledby": "way-title" },
    el("h3", { id: "way-title" }, t("answer.way")),
    el(
      "ol",
      { class: "stages", role: "list" },
      STAGES.map((stage, at) =>
        el(
          "li",
          { class: state(at) },
          sign(state(at)),
          el(
            "span",
            { class: "stage-words" },
            el("span", { class: "stage-name" }, t(`stage.${stage}`)),
            el("span", { class: "visually-hidden" }, ": "),
            el("span", { class: "stage-state" }, t(state(at) === "broken" ? stuck : `stage.${state(at)}`)),
          ),
        ),
      ),
    ),
  );
}
