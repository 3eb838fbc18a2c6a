// What was pasted, as the engine read it, with the words marked that the answer rests on.

import { el } from "../dom.js";
import { markId, proofId } from "./cites.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../report.js").Report} Report */

/**
 * @param {Report} report
 * @param {import("../words.js").Speech} say
 * @returns {Child[]}
 */
export function pasted(report, { known }) {
  /** @type {Set<number>} */
  const placed = new Set();
  /** @param {number[]} cites */
  const mark = (cites) => {
    // Only the first place of a piece of evidence takes its id; all others light up with it.
    const fresh = cites.find((n) => !placed.has(n));
    cites.forEach((n) => placed.add(n));
    return fresh;
  };
  const many = report.parts.length > 1;
  return report.parts.flatMap((part, at) => [
    many && el("h3", { class: "part-title" }, known(`part.${part.kind}`, part.kind)),
    el(
      "pre",
      { class: "runs", "data-part": at },
      part.runs.map((run) => {
        const n = run.cites[0];
        if (n === undefined) {
          return run.text;
        }
        const fresh = mark(run.cites);
        const says = run.cites.map((one) => report.evidence.find((evidence) => evidence.n === one)?.says ?? "").filter(Boolean);
        return el(
          "mark",
          {},
          el(
            "a",
            {
              id: fresh === undefined ? null : markId(fresh),
              href: `#${proofId(fresh ?? n)}`,
              "data-cites": run.cites.join(" "),
              "data-key": `mark:${at}:${fresh ?? n}`,
              title: says.join("; "),
            },
            run.text,
          ),
        );
      }),
    ),
  ]);
}

/**
 * The element that shows evidence `n` in the text: its own mark, or one that it shares.
 * @param {HTMLElement} place
 * @param {string} n
 * @returns {HTMLElement | null}
 */
export function findMark(place, n) {
  return place.querySelector(`mark a[data-cites~="${n}"]`);
}

