// The answer: what happened, how far the message got, who acts, why, and what to do.

import { el, fold, inline, webLink } from "../dom.js";
import { checklist, questions } from "./checklist.js";
import { chips, cited } from "./cites.js";
import { details, kind, moment } from "./details.js";
import { stages } from "./stages.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../report.js").Report} Report */
/** @typedef {import("../report.js").Answer} Answer */
/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../report.js").Cause} Cause */
/** @typedef {import("../report.js").Step} Step */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * @typedef {object} Context what the answer shows and whom it tells
 * @property {Speech} say
 * @property {Report} report
 * @property {number} active which finding
 * @property {boolean} resumed the report stands for a stored checklist, without its text
 * @property {boolean} continued ticks of an earlier visit are shown
 * @property {string[]} given answers of the reader's own
 * @property {(section: string) => string | null} reference the address of a section's own page
 * @property {(section: string) => string[]} ticks
 * @property {(section: string, step: string, on: boolean) => void} onTick
 * @property {(question: import("../report.js").Question, answer: string) => void} onAnswer
 * @property {(index: number) => void} onFinding
 * @property {() => void} onAfresh
 */

/**
 * @param {Context} context
 * @returns {Child[]}
 */
export function answer(context) {
  const { report, say } = context;
  const { t } = say;
  const finding = report.findings[context.active];
  if (finding === undefined) {
    return [
      ...plain(report.answer, report.evidence.length > 0 ? t("answer.read_as", { kind: kind(report, say) }) : ""),
      ...details(report, undefined, say),
    ];
  }
  if (context.resumed) {
    return [
      el("p", { class: "note" }, t("answer.resumed")),
      el("div", { class: "headline", "data-section": finding.section }, ...title(finding)),
      questions(finding, context),
      checklist(finding, context),
    ];
  }
  return [
    several(context),
    headline(finding, context),
    stages(finding, say),
    first(report, finding, say),
    causes(report, finding, say),
    questions(finding, context),
    checklist(finding, context),
    ...details(report, finding, say),
  ];
}

/**
 * An answer in words alone: nothing to read, nothing wrong, nothing understood.
 * @param {Answer} it
 * @param {string} [aside]
 * @returns {Child[]}
 */
export function plain(it, aside = "") {
  return [
    el(
      "div",
      { class: "headline plain", "data-answer": it.id },
      el("h2", { id: "answer-title", tabindex: -1 }, it.title),
      it.text !== "" && el("p", { class: "meaning" }, ...inline(it.text)),
      it.advice.length > 0 && el("ul", { class: "advice" }, it.advice.map((line) => el("li", {}, ...inline(line)))),
      aside !== "" && el("p", { class: "quiet" }, aside),
    ),
  ];
}

/** @param {Context} context */
function several({ report, active, onFinding, say }) {
  if (report.findings.length < 2) {
    return null;
  }
  return el(
    "nav",
    { class: "several", "aria-labelledby": "several-title" },
    el("h2", { id: "several-title" }, say.t("answer.several", { count: report.findings.length })),
    el(
      "ol",
      {},
      report.findings.map((finding, at) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", "data-key": `finding:${at}`, "aria-current": at === active ? "true" : null, click: () => onFinding(at) },
            el("span", { class: "several-name" }, finding.title),
            finding.recipients.length > 0 && el("span", { class: "quiet" }, whom(finding, say)),
          ),
        ),
      ),
    ),
  );
}

/**
 * @param {Finding} finding
 * @param {Speech} say
 */
function whom({ recipients }, { counted }) {
  const [one] = recipients;
  return recipients.length === 1 && one !== undefined ? one.final : counted("answer.recipients", recipients.length);
}

/**
 * @param {number | null} reply
 * @param {string | null} status
 */
const code = (reply, status) => [reply, status].filter((part) => part !== null).join(" ");

/**
 * @param {Finding} finding
 * @param {Context} context
 */
function headline(finding, { report, reference, say }) {
  const { counted, known, t } = say;
  const page = reference(finding.section);
  const outer = code(finding.reply, finding.status);
  const inner = code(finding.cause_reply, finding.cause_status);
  const { host, ip, port } = finding.remote;
  /** @type {[string, Child[]][]} */
  const facts = [];
  if (outer !== "" || inner !== "") {
    facts.push([
      t("fact.code"),
      [
        outer !== "" && el("span", { class: "code" }, pieces(report, finding.reply, finding.status)),
        outer !== "" && inner !== "" && inner !== outer && el("span", { class: "quiet" }, ` ${t("fact.because_of")} `),
        inner !== "" && inner !== outer && el("span", { class: "code" }, pieces(report, finding.cause_reply, finding.cause_status)),
      ],
    ]);
  }
  if (host !== null || ip !== null) {
    facts.push([
      t("fact.server"),
      [
        host !== null && cited(report, host),
        host !== null && ip !== null && ip !== host && " ",
        ip !== null && ip !== host && el("span", {}, "[", cited(report, ip), "]"),
        port !== null && el("span", { class: "quiet" }, ` ${t("fact.port", { port })}`),
      ],
    ]);
  }
  if (finding.recipients.length > 0) {
    facts.push([counted("fact.recipient", finding.recipients.length), recipients(report, finding, say)]);
  }
  if (finding.outcome === "retrying" && finding.times.expires !== null) {
    facts.push([t("fact.retried_until"), [moment(finding.times.expires, say)]]);
  }
  facts.push([
    t("fact.certainty"),
    [el("strong", {}, t(`confidence.${finding.confidence}`)), el("span", { class: "quiet" }, ` ${t(`confidence.${finding.confidence}_why`)}`)],
  ]);
  const system = known(`dialect.${finding.dialect}`, "");
  return el(
    "div",
    { class: "headline", "data-answer": report.answer.id, "data-section": finding.section },
    el("p", { class: "verdict" }, report.answer.title),
    title(finding),
    el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value)))),
    el("p", { class: "quiet" }, t(system === "" ? "answer.read_as" : "answer.read_as_from", { kind: kind(report, say), system }), page !== null && [" ", el("a", { href: page }, t("answer.reference"))]),
  );
}

/**
 * @param {Finding} finding
 * @returns {Child[]}
 */
function title(finding) {
  return [
    el("h2", { id: "answer-title", tabindex: -1 }, finding.title),
    el("p", { class: "meaning" }, ...inline(finding.meaning)),
  ];
}

/**
 * @param {Report} report
 * @param {number | null} reply
 * @param {string | null} status
 * @returns {Child[]}
 */
function pieces(report, reply, status) {
  const whole = code(reply, status);
  if (report.evidence.some(({ witness }) => witness === whole)) {
    return [cited(report, whole)];
  }
  return [
    reply !== null && cited(report, String(reply)),
    reply !== null && status !== null && " ",
    status !== null && cited(report, status),
  ];
}

/**
 * @param {Report} report
 * @param {Finding} finding
 * @param {Speech} say
 * @returns {Child[]}
 */
function recipients(report, { recipients: all }, { counted, t }) {
  /** @param {import("../report.js").Recipient} one */
  const said = (one) => [
    cited(report, one.final),
    one.original !== null && one.original !== one.final && el("span", { class: "quiet" }, ` ${t("fact.sent_to", { address: one.original })}`),
  ];
  const [head, ...rest] = all;
  if (head === undefined) {
    return [];
  }
  return rest.length === 0
    ? said(head)
    : [
        ...said(head),
        fold("recipients", [counted("fact.more", rest.length)], [el("ul", {}, rest.map((one) => el("li", {}, said(one))))], { class: "fold tight" }),
      ];
}

/**
 * Who has to act, and the first thing to do.
 * @param {Report} report
 * @param {Finding} finding
 * @param {Speech} say
 */
function first(report, finding, say) {
  const { t } = say;
  const inForce = finding.questions.map(({ answer: id }) => id);
  const usable = finding.steps.filter((step) => !step.dropped && step.only_if.every((id) => inForce.includes(id)));
  const step = usable.find((one) => one.who === finding.acts) ?? usable[0];
  const own = usable.find((one) => one.who === "sender");
  return el(
    "section",
    { class: "first", "aria-labelledby": "first-title" },
    el("h3", { id: "first-title" }, t("answer.who"), " ", el("strong", {}, t(`actor.${finding.acts}_acts`))),
    report.answer.text !== "" && el("p", {}, ...inline(report.answer.text)),
    report.answer.advice.length > 0 && el("ul", { class: "advice" }, report.answer.advice.map((line) => el("li", {}, ...inline(line)))),
    step !== undefined && now(t(`answer.first_${step.who === "sender" ? "sender" : "admin"}`), step),
    own !== undefined && own !== step && now(t("answer.first_sender"), own),
  );
}

/**
 * @param {string} lead
 * @param {Step} step
 */
function now(lead, step) {
  return el(
    "p",
    { class: "now" },
    el("span", { class: "label" }, lead),
    " ",
    ...inline(step.text),
    ...(step.link === null ? [] : [" ", webLink(step.link)]),
  );
}

/**
 * @param {Report} report
 * @param {Finding} finding
 * @param {Speech} say
 */
function causes(report, finding, say) {
  const { t } = say;
  if (finding.causes.length === 0 && finding.detail === "") {
    return null;
  }
  /** @param {Cause["standing"]} standing */
  const of = (standing) => finding.causes.filter((cause) => cause.standing === standing);
  /** @param {Cause} cause */
  const item = (cause) =>
    el("li", { class: cause.standing, "data-cause": cause.id }, el("p", {}, ...inline(cause.text)), because(report, cause, say));
  const [indicated, possible, out] = [of("indicated"), of("possible"), of("ruled_out")];
  return el(
    "section",
    { class: "causes", "aria-labelledby": "causes-title" },
    el("h3", { id: "causes-title" }, t("answer.causes")),
    finding.detail !== "" && el("p", { class: "detail" }, ...inline(finding.detail)),
    indicated.length > 0 && [el("h4", {}, t("answer.indicated")), el("ul", { class: "cause-list" }, indicated.map(item))],
    possible.length > 0 && [
      el("h4", {}, t(indicated.length > 0 ? "answer.also_possible" : "answer.possible")),
      el("ul", { class: "cause-list" }, possible.map(item)),
    ],
    out.length > 0 &&
      fold("ruled-out", [t("answer.ruled_out"), el("span", { class: "count" }, ` ${out.length}`)], [
        el("ul", { class: "cause-list" }, out.map(item)),
      ]),
  );
}

/**
 * @param {Report} report
 * @param {Cause} cause
 * @param {Speech} say
 */
function because(report, cause, say) {
  const { t } = say;
  const quoted = chips(report, cause.because, say, cause.id);
  return quoted === null
    ? null
    : el(
        "p",
        { class: "because" },
        el("span", { class: "quiet" }, t(cause.standing === "ruled_out" ? "answer.speaks_against" : "answer.speaks_for"), " "),
        quoted,
      );
}
