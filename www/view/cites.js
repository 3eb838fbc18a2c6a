// The tie between words of the text and what they prove: each chip leads to a mark, each mark to its proof.

import { el } from "../dom.js";

/** @typedef {import("../report.js").Report} Report */
/** @typedef {import("../words.js").Speech} Speech */

/** @param {number} n */
export const markId = (n) => `mark-${n}`;
/** @param {number} n */
export const proofId = (n) => `proof-${n}`;

/**
 * The words that evidence `n` consists of, as a link to where they stand in the text.
 * @param {Report} report
 * @param {number} n
 * @param {Speech} say
 * @param {string} [key] tells the chip from others of the same evidence
 */
export function chip(report, n, { t }, key = "") {
  const evidence = report.evidence.find((one) => one.n === n);
  if (evidence === undefined) {
    return null;
  }
  return el(
    "a",
    { class: "chip", href: `#${markId(n)}`, title: evidence.says, "data-cites": n, "data-key": `chip:${key}:${n}` },
    t("answer.quote", { text: evidence.witness }),
  );
}

/**
 * Chips for all of it; the same words are quoted once.
 * @param {Report} report
 * @param {number[]} because
 * @param {Speech} say
 * @param {string} key
 */
export function chips(report, because, say, key) {
  const quoted = new Set();
  const found = because
    .filter((n) => {
      const witness = report.evidence.find((one) => one.n === n)?.witness;
      return !quoted.has(witness) && quoted.add(witness);
    })
    .map((n) => chip(report, n, say, key))
    .filter((one) => one !== null);
  return found.length === 0 ? null : el("span", { class: "chips" }, found.flatMap((one) => [one, " "]));
}

/**
 * A fact beside the words it was read from, where exactly these words are evidence.
 * @param {Report} report
 * @param {string} fact
 */
export function cited(report, fact) {
  const evidence = report.evidence.find((one) => one.witness.toLowerCase() === fact.toLowerCase());
  const marked = evidence !== undefined && report.parts.some((part) => part.runs.some((run) => run.cites.includes(evidence.n)));
  if (evidence === undefined || !marked) {
    return el("span", { class: "literal" }, fact);
  }
  const n = evidence.n;
  return el(
    "a",
    { class: "literal cited", href: `#${markId(n)}`, title: evidence.says, "data-cites": n, "data-key": `fact:${n}:${fact}` },
    fact,
  );
}
