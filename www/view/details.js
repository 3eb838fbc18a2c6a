// For those who want it all: errors, attempts, times, hops, headers, terms, notes, evidence, sources. Folded.

import { el, fold, inline, webLink } from "../dom.js";
import { chip, cited, proofId } from "./cites.js";
import { path } from "./path.js";
import { table } from "./table.js";
import { moment } from "./times.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../report.js").Report} Report */
/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../words.js").Speech} Speech */

/** @param {(string | number | null)[]} words */
const joined = (words) => words.filter((word) => word !== null && word !== "").join(" ");

/**
 * @param {Report} report
 * @param {Finding | undefined} finding
 * @param {Speech} say
 * @returns {Child[]}
 */
export function details(report, finding, say) {
  const { lang, t } = say;
  /** @type {Child[]} */
  const folds = [];
  if (finding !== undefined) {
    folds.push(
      finding.chain.length > 0 &&
        fold("chain", [t("details.chain"), count(finding.chain.length)], [
          el("p", { class: "quiet" }, t("details.chain_order")),
          el(
            "ol",
            { class: "chain" },
            finding.chain.map((link) => {
              const code = joined([link.reply, link.status]);
              const rest = link.text.startsWith(code) ? link.text.slice(code.length) : ` ${link.text}`;
              return el("li", {}, el("span", { class: "literal" }, code), rest);
            }),
          ),
        ]),
      finding.attempts.length > 0 &&
        fold("attempts", [t("details.attempts"), count(finding.attempts.length)], [
          table(
            t("details.attempts"),
            [t("details.when"), t("details.server"), t("details.code")],
            finding.attempts.map((attempt) => [
              moment(attempt.at, say),
              joined([attempt.host, attempt.ip !== null && attempt.ip !== attempt.host ? `[${attempt.ip}]` : null]),
              joined([attempt.reply, attempt.status]),
            ]),
          ),
        ]),
      times(finding, say),
    );
  }
  folds.push(
    report.hops.length > 0 &&
      fold("hops", [t("details.hops"), count(report.hops.length)], path(report.hops, say), { open: finding === undefined }),
    report.headers.length > 0 &&
      fold("headers", [t("details.headers"), count(report.headers.length)], [
        el(
          "dl",
          { class: "explained" },
          report.headers.map((header) => [
            el("dt", {}, el("code", {}, header.name)),
            el("dd", {}, el("code", { class: "value" }, header.value), el("p", {}, ...inline(header.text))),
          ]).flat(),
        ),
      ]),
    report.evidence.length > 0 &&
      fold("evidence", [t("details.evidence"), count(report.evidence.length)], [
        el(
          "ol",
          { class: "evidence" },
          report.evidence.map((one) =>
            el(
              "li",
              { id: proofId(one.n), tabindex: -1, "data-cites": one.n, "data-key": `proof:${one.n}` },
              chip(report, one.n, say, "proof"),
              " ",
              ...inline(one.says),
              supports(finding, one, say),
            ),
          ),
        ),
      ]),
    report.terms.length > 0 &&
      fold("terms", [t("details.terms"), count(report.terms.length)], [
        el(
          "dl",
          { class: "explained" },
          report.terms.map((term) => [
            el("dt", {}, cited(report, term.term)),
            el("dd", {}, ...inline(term.text)),
          ]).flat(),
        ),
      ]),
    report.notes.length > 0 &&
      fold("notes", [t("details.notes"), count(report.notes.length)], [
        el("ul", {}, report.notes.map((note) => el("li", {}, ...inline(note.text)))),
      ]),
    finding !== undefined &&
      finding.sources.length > 0 &&
      fold("sources", [t("details.sources"), count(finding.sources.length)], [
        el(
          "ul",
          {},
          finding.sources.map((source) =>
            el("li", {}, webLink(source), el("span", { class: "quiet" }, ` ${t("details.read", { date: day(source.read, lang) })}`)),
          ),
        ),
      ]),
  );
  return folds.some(Boolean)
    ? [el("section", { class: "details", "aria-labelledby": "details-title" }, el("h3", { id: "details-title" }, t("answer.details")), folds)]
    : [];
}

/** @param {number} many */
const count = (many) => el("span", { class: "count" }, ` ${many}`);

/**
 * The causes that a piece of evidence speaks for or against, where it does not say so itself.
 * @param {Finding | undefined} finding
 * @param {import("../report.js").Evidence} evidence
 * @param {Speech} say
 */
function supports(finding, { n, says }, { t }) {
  const causes = finding?.causes.filter((cause) => cause.because.includes(n) && cause.text !== says) ?? [];
  return causes.length === 0
    ? null
    : el(
        "ul",
        { class: "quiet" },
        causes.map((cause) => el("li", {}, t(`standing.${cause.standing}`), ": ", ...inline(cause.text))),
      );
}

/**
 * @param {Finding} finding
 * @param {Speech} say
 */
function times({ times: it }, say) {
  const { t } = say;
  /** @type {[string, string | null][]} */
  const rows = [
    [t("details.arrived"), it.arrived],
    [t("details.last_attempt"), it.last_attempt],
    [t(it.expires_from === "policy" ? "details.expires_policy" : "details.expires"), it.expires],
  ];
  const there = rows.filter(([, at]) => at !== null);
  return there.length === 0
    ? null
    : fold("times", [t("details.times")], [
        el("dl", { class: "rows" }, there.flatMap(([name, at]) => [el("dt", {}, name), el("dd", {}, moment(at, say))])),
      ]);
}

/**
 * @param {string} date `2026-11-23`
 * @param {string} lang
 */
function day(date, lang) {
  const at = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? date : new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeZone: "UTC" }).format(at);
}

/**
 * @param {Report} report
 * @param {Speech} say
 */
export function kind(report, { known }) {
  return known(`kind.${report.input.kind}`, report.input.kind);
}

