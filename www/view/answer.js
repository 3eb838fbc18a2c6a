// The answer: what happened, how far the message got, who acts, why, and what to do.

import { el, fold, inline, segments, webLink } from "../dom.js";
import { ROLES, applies, checklist, ordered, questions } from "./checklist.js";
import { chips, cited } from "./cites.js";
import { clock, isOver } from "./clock.js";
import { details, kind } from "./details.js";
import { stages } from "./stages.js";
import { moment } from "./times.js";
import { messageToIt } from "./to-it.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../report.js").Report} Report */
/** @typedef {import("../report.js").Answer} Answer */
/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../report.js").Cause} Cause */
/** @typedef {"sender" | "admin" | "recipient_admin"} Role */
/** @typedef {import("../report.js").Step} Step */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * @typedef {object} Context what the answer shows and whom it tells
 * @property {Speech} say
 * @property {Report} report
 * @property {number} active which finding
 * @property {boolean} resumed the report stands for a stored checklist, without its text
 * @property {boolean} continued ticks of an earlier visit are shown
 * @property {() => number} now
 * @property {boolean} linked the section came with a link
 * @property {string[]} compared what changed since the last error
 * @property {string} note
 * @property {"kept" | "may_keep" | "not_kept"} kept whether ticks outlive the page
 * @property {import("./takeaway.js").Hands | null} hands
 * @property {(what: import("../report.js").What) => void} onTake
 * @property {() => void} onPasteNew
 * @property {(note: string) => void} onNote
 * @property {() => void} onKeep
 * @property {() => void} onErase
 * @property {string[]} given answers of the reader's own
 * @property {Role} role whose eyes the answer is for
 * @property {import("./checklist.js").Platform} platform
 * @property {string} changed what the last answer changed in the steps; empty if nothing was answered
 * @property {(role: Role) => void} onRole
 * @property {(platform: import("./checklist.js").Platform) => void} onPlatform
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
  const { role } = context;
  if (context.resumed) {
    return [
      el("p", { class: "note" }, t(context.linked ? "answer.linked" : "answer.resumed")),
      el("div", { class: "headline", "data-section": finding.section }, ...title(finding)),
      roles(context),
      role !== "sender" && questions(finding, context),
      checklist(finding, context, role),
      followUp(context),
    ];
  }
  if (role === "sender") {
    return [
      foremost(report.answer),
      several(context),
      compared(context),
      headline(finding, context),
      roles(context),
      first(report, finding, context),
      clock(finding, context.now(), say),
      checklist(finding, context, role, []),
      context.hands !== null && messageToIt(context.hands, code(finding.reply, finding.status) || code(finding.cause_reply, finding.cause_status) || finding.title),
      actions(context),
      followUp(context),
      fold("for-admins", [el("span", { class: "label" }, t("answer.for_admins")), " ", el("span", { class: "quiet" }, t("answer.for_admins_holds"))], [
        el("div", { class: "parts" }, [
          facts(finding, context),
          stages(finding, say),
          causes(report, finding, say),
          questions(finding, context),
          checklist(finding, context, "admin", ["recipient_admin"]),
          ...details(report, finding, say),
        ]),
      ], { class: "fold for-admins" }),
    ];
  }
  return [
    foremost(report.answer),
    several(context),
    compared(context),
    headline(finding, context),
    roles(context),
    actions(context),
    stages(finding, say),
    clock(finding, context.now(), say),
    first(report, finding, context),
    causes(report, finding, say),
    questions(finding, context),
    checklist(finding, context, role),
    followUp(context),
    ...details(report, finding, say),
  ];
}

/** @param {Context} context */
function compared({ compared: lines, say: { t } }) {
  return lines.length === 0
    ? null
    : el(
        "section",
        { class: "note compared", "aria-labelledby": "compared-title" },
        el("h3", { id: "compared-title" }, t("compare.title")),
        el("ul", {}, lines.map((line) => el("li", {}, ...inline(line)))),
      );
}

/** @param {Context} context */
function actions({ hands, onTake, role, say: { t } }) {
  return el(
    "div",
    { class: "buttons actions" },
    hands !== null && el("button", { type: "button", "data-key": "take", click: () => onTake(role === "sender" ? "report" : "ticket") }, t(role === "sender" ? "take.whole" : "take.open")),
    el("button", { type: "button", "data-key": "print", click: () => print() }, t("take.print")),
  );
}

/**
 * What comes after: the next error, a note, what is kept, and an answer that was wrong.
 * @param {Context} context
 */
function followUp({ hands, kept, note, onErase, onKeep, onNote, onPasteNew, onTake, resumed, say: { t } }) {
  const words = el("textarea", { id: "note", rows: 3, "data-key": "note" });
  words.value = note;
  words.addEventListener("change", () => onNote(words.value));
  return el(
    "section",
    { class: "follow", "aria-labelledby": "follow-title" },
    el("h3", { id: "follow-title" }, t("follow.title")),
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "button", "data-key": "paste-new", click: onPasteNew }, t("follow.paste_new")),
      hands !== null && !resumed && el("button", { type: "button", "data-key": "wrong", click: () => onTake("wrong_answer") }, t("take.wrong")),
    ),
    fold("note", [t("follow.note")], [el("label", { for: "note", class: "quiet" }, t("follow.note_about")), words], { open: note !== "" }),
    el(
      "p",
      { class: "quiet" },
      t(`follow.${kept}`),
      " ",
      kept === "kept" && el("button", { type: "button", class: "link", "data-key": "erase", click: onErase }, t("follow.erase")),
      kept === "may_keep" && el("button", { type: "button", class: "link", "data-key": "keep", click: onKeep }, t("follow.keep")),
    ),
  );
}

/** @param {Context} context */
function roles({ role, onRole, say: { t } }) {
  return segments("role", t("role.label"), ROLES.map((one) => [one, t(`role.${one}`)]), role, (one) => onRole(/** @type {Role} */ (one)));
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

/**
 * What the whole input asks for before any one error, such as that the reader never sent the message.
 * @param {Answer} it
 */
function foremost(it) {
  return (
    it.advice.length > 0 &&
    el(
      "div",
      { class: "note", role: "note", "data-answer": it.id },
      el("p", {}, el("strong", {}, it.title)),
      el("p", {}, ...inline(it.text)),
      el("ul", { class: "advice" }, it.advice.map((line) => el("li", {}, ...inline(line)))),
    )
  );
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
function headline(finding, context) {
  const { report, role } = context;
  return el(
    "div",
    { class: "headline", "data-answer": report.answer.id, "data-section": finding.section },
    el("p", { class: "verdict" }, report.answer.title),
    title(finding),
    role === "sender" ? finding.recipients.length > 0 && facts(finding, context, true) : facts(finding, context),
  );
}

/**
 * Code, server, recipients, certainty; for a sender only whom it concerns.
 * @param {Finding} finding
 * @param {Context} context
 * @param {boolean} [short]
 * @returns {Child[]}
 */
function facts(finding, { report, reference, say }, short = false) {
  const { counted, known, t } = say;
  const page = reference(finding.section);
  const outer = code(finding.reply, finding.status);
  const inner = code(finding.cause_reply, finding.cause_status);
  const { host, ip, port } = finding.remote;
  /** @type {[string, Child[]][]} */
  const rows = [];
  if (!short && (outer !== "" || inner !== "")) {
    rows.push([
      t("fact.code"),
      [
        outer !== "" && el("span", { class: "code" }, pieces(report, finding.reply, finding.status)),
        outer !== "" && inner !== "" && inner !== outer && el("span", { class: "quiet" }, ` ${t("fact.because_of")} `),
        inner !== "" && inner !== outer && el("span", { class: "code" }, pieces(report, finding.cause_reply, finding.cause_status)),
      ],
    ]);
  }
  if (!short && (host !== null || ip !== null)) {
    rows.push([
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
    rows.push([counted("fact.recipient", finding.recipients.length), recipients(report, finding, say)]);
  }
  if (finding.outcome === "retrying" && finding.times.expires !== null) {
    rows.push([t("fact.retried_until"), [moment(finding.times.expires, say)]]);
  }
  if (!short) {
    rows.push([
      t("fact.certainty"),
      [el("strong", {}, t(`confidence.${finding.confidence}`)), el("span", { class: "quiet" }, ` ${t(`confidence.${finding.confidence}_why`)}`)],
    ]);
  }
  const system = known(`dialect.${finding.dialect}`, "");
  return [
    el("dl", { class: "facts" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, ...value)))),
    !short &&
      el(
        "p",
        { class: "quiet" },
        t(system === "" ? "answer.read_as" : "answer.read_as_from", { kind: kind(report, say), system }),
        page !== null && [" ", el("a", { href: page }, t("answer.reference"))],
      ),
  ];
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
 * Who has to act, and the first thing that the reader can do.
 * @param {Report} report
 * @param {Finding} finding
 * @param {Context} context
 */
function first(report, finding, { now: present, role, say: { t } }) {
  const step = ordered(finding.steps.filter(({ who }) => who === role), finding).find((one) => applies(one, finding));
  return el(
    "section",
    { class: "first", "aria-labelledby": "first-title" },
    el("h3", { id: "first-title" }, t("answer.who"), " ", el("strong", {}, t(`actor.${finding.acts}_acts`))),
    // What was true of a message that waited is not of one whose time is over; what comes before any error is said above.
    !isOver(finding, present()) && report.answer.advice.length === 0 && report.answer.text !== "" && el("p", {}, ...inline(report.answer.text)),
    role !== "sender" && step !== undefined && now(t("answer.first_you"), step),
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
