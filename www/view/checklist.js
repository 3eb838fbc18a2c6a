// The checklist: steps with ticks, their links and commands, and the questions that choose among them.

import { el, fold, inline, webLink } from "../dom.js";
import { chips } from "./cites.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../report.js").Step} Step */
/** @typedef {import("../report.js").Question} Question */
/** @typedef {import("../report.js").Command} Command */
/** @typedef {import("../words.js").Speech} Speech */
/** @typedef {import("./answer.js").Context} Context */

/** Open questions asked at a time. */
const AT_ONCE = 2;

/**
 * @param {Finding} finding
 * @param {Context} context
 */
export function questions(finding, context) {
  const { t, counted } = context.say;
  const open = finding.questions.filter((question) => question.answer === null);
  const settled = finding.questions.filter((question) => question.answer !== null);
  if (finding.questions.length === 0) {
    return null;
  }
  const later = open.length - AT_ONCE;
  return el(
    "section",
    { class: "questions", "aria-labelledby": "questions-title" },
    el("h3", { id: "questions-title" }, t("answer.questions")),
    el("p", { class: "quiet" }, t("question.why")),
    settled.map((question) => {
      const answer = question.answers.find((one) => one.id === question.answer);
      return fold(
        `question:${question.id}`,
        [
          el("span", {}, ...inline(question.text)),
          " ",
          el("strong", {}, answer?.text ?? ""),
          !context.given.includes(question.answer ?? "") && el("span", { class: "quiet" }, ` (${t("question.evident")})`),
        ],
        [choices(question, context), chips(context.report, question.answered_by, context.say, question.id)],
        { class: "fold settled" },
      );
    }),
    open.slice(0, AT_ONCE).map((question) => choices(question, context, true)),
    later > 0 && el("p", { class: "quiet" }, counted("question.later", later)),
  );
}

/**
 * @param {Question} question
 * @param {Context} context
 * @param {boolean} [asked] whether the question itself must still be said
 */
function choices(question, context, asked = false) {
  return el(
    "fieldset",
    { class: "choices" },
    el("legend", { class: asked ? "" : "visually-hidden" }, ...inline(question.text)),
    question.answers.map((answer) => {
      const id = `answer-${answer.id}`;
      const radio = el("input", {
        type: "radio",
        name: `question-${question.id}`,
        id,
        "data-key": id,
        change: () => context.onAnswer(question, answer.id),
      });
      radio.checked = question.answer === answer.id;
      return el("label", { class: "choice", for: id }, radio, el("span", {}, ...inline(answer.text)));
    }),
  );
}

/**
 * @param {Finding} finding
 * @param {Context} context
 */
export function checklist(finding, context) {
  const { t } = context.say;
  if (finding.steps.length === 0) {
    return null;
  }
  const ticked = new Set(context.ticks(finding.section));
  const all = countable(finding.steps);
  const done = all.filter((step) => ticked.has(step.id)).length;
  const progress = el("p", { class: "progress", "data-key": "progress" }, t("checklist.progress", { done, all: all.length }));
  /** @type {(step: Step, on: boolean) => void} */
  const onTick = (step, on) => {
    if (on) {
      ticked.add(step.id);
    } else {
      ticked.delete(step.id);
    }
    const count = all.filter((one) => ticked.has(one.id)).length;
    progress.textContent = t("checklist.progress", { done: count, all: all.length });
    context.onTick(finding.section, step.id, on);
  };
  return el(
    "section",
    { class: "checklist", "aria-labelledby": "checklist-title" },
    el("div", { class: "title-line" }, el("h3", { id: "checklist-title" }, t("answer.checklist")), progress),
    context.continued &&
      el(
        "p",
        { class: "note" },
        t("checklist.continued"),
        " ",
        el("button", { type: "button", class: "link", click: context.onAfresh, "data-key": "afresh" }, t("checklist.afresh")),
      ),
    steps(finding.steps, { finding, ticked, onTick, say: context.say }, "s", null, []),
    finding.confirm !== "" &&
      el("div", { class: "confirm" }, el("h4", {}, t("checklist.confirm")), el("p", {}, ...inline(finding.confirm))),
    finding.notes.length > 0 &&
      el(
        "div",
        { class: "good-to-know" },
        el("h4", {}, t("checklist.notes")),
        el("ul", {}, finding.notes.map((note) => el("li", {}, ...inline(note.text)))),
      ),
  );
}

/**
 * Every step in force, those inside others included.
 * @param {Step[]} list
 * @returns {Step[]}
 */
function countable(list) {
  return list.filter((step) => !step.dropped).flatMap((step) => [step, ...countable(step.steps)]);
}

/**
 * @param {Step[]} list
 * @param {{ finding: Finding, ticked: Set<string>, onTick: (step: Step, on: boolean) => void, say: Speech }} shared
 * @param {string} path tells this list's controls from all others
 * @param {Step["who"] | null} actor who does what stands above
 * @param {string[]} supposed answers that what stands above already supposes
 * @returns {HTMLElement}
 */
function steps(list, shared, path, actor, supposed) {
  const { t } = shared.say;
  let last = actor;
  return el(
    "ol",
    { class: "steps", role: "list" },
    list.map((step, at) => {
      const place = `${path}-${at}`;
      const says = step.who !== last;
      last = step.who;
      const below = [...supposed, ...step.only_if];
      if (step.dropped) {
        return el(
          "li",
          { class: "dropped" },
          fold(`dropped:${place}`, [t("checklist.dropped"), " ", el("span", { class: "why" }, why(step, shared.finding))], [
            el("p", {}, ...inline(step.text)),
            ...more(step, place, shared.say),
            step.steps.length > 0 && steps(step.steps, shared, place, last, below),
          ]),
        );
      }
      const tick = el("input", {
        type: "checkbox",
        id: place,
        "data-key": `tick:${place}`,
        "data-step": step.id,
        change: () => shared.onTick(step, tick.checked),
      });
      tick.checked = shared.ticked.has(step.id);
      return el(
        "li",
        {},
        el(
          "div",
          { class: "step" },
          tick,
          el(
            "div",
            { class: "step-words" },
            says && el("span", { class: "role", id: `${place}-role` }, t(`actor.${step.who}`)),
            condition(step, shared.finding, supposed, shared.say),
            el("label", { for: place }, ...inline(step.text)),
            more(step, place, shared.say),
          ),
        ),
        step.steps.length > 0 && steps(step.steps, shared, place, step.who, below),
      );
    }),
  );
}

/**
 * What a step supposes as long as the reader has not said.
 * @param {Step} step
 * @param {Finding} finding
 * @param {string[]} supposed
 * @param {Speech} say
 */
function condition(step, finding, supposed, { lang, t }) {
  const open = finding.questions
    .filter((question) => question.answer === null)
    .flatMap((question) => question.answers)
    .filter(({ id }) => step.only_if.includes(id) && !supposed.includes(id));
  const quoted = open.map(({ text }) => t("answer.quote", { text }));
  const all = new Intl.ListFormat(lang).format(quoted);
  return open.length === 0 ? null : el("span", { class: "condition" }, t("checklist.if", { answers: all }));
}

/**
 * Why a step fell away: the answer that speaks against it.
 * @param {Step} step
 * @param {Finding} finding
 */
function why(step, finding) {
  const question = finding.questions.find(
    (one) => one.answer !== null && !step.only_if.includes(one.answer) && one.answers.some(({ id }) => step.only_if.includes(id)),
  );
  const answer = question?.answers.find(({ id }) => id === question.answer);
  return question === undefined || answer === undefined ? "" : `${question.text} ${answer.text}.`;
}

/**
 * @param {Step} step
 * @param {string} place
 * @param {Speech} say
 * @returns {Child[]}
 */
function more(step, place, say) {
  return [
    step.link !== null && el("p", { class: "step-link" }, webLink(step.link)),
    ...step.commands.map((one, at) => command(one, `${place}-c${at}`, say)),
  ];
}

/**
 * @param {Command} it
 * @param {string} place
 * @param {Speech} say
 */
function command(it, place, say) {
  const { known, t } = say;
  return el(
    "div",
    { class: "command" },
    el(
      "p",
      { class: "command-head" },
      el("span", {}, known(`shell.${it.shell}`, it.shell)),
      it.changes_state && el("strong", { class: "changes" }, t("command.changes")),
    ),
    line(it.text, place, say),
    (it.good !== "" || it.bad !== "") &&
      fold(`result:${place}`, [t("command.result")], [
        el(
          "dl",
          { class: "results" },
          it.good !== "" && [el("dt", {}, t("command.good")), el("dd", {}, ...inline(it.good))],
          it.bad !== "" && [el("dt", {}, t("command.bad")), el("dd", {}, ...inline(it.bad))],
        ),
      ]),
    it.undo !== null && el("div", { class: "undo-command" }, el("p", { class: "command-head" }, t("command.undo")), line(it.undo, `${place}-undo`, say)),
  );
}

/**
 * A line to copy.
 * @param {string} text
 * @param {string} place
 * @param {Speech} say
 */
function line(text, place, { t }) {
  const code = el("code", {}, text);
  const said = el("span", { role: "status", class: "visually-hidden" });
  const button = el("button", { type: "button", class: "small", "data-key": `copy:${place}` }, t("command.copy"));
  button.addEventListener("click", async () => {
    const copied = await copy(code);
    button.textContent = said.textContent = t(copied ? "command.copied" : "command.selected");
    setTimeout(() => {
      button.textContent = t("command.copy");
      said.textContent = "";
    }, 2500);
  });
  return el(
    "div",
    { class: "line" },
    el("pre", {}, code),
    button,
    said,
  );
}

/**
 * @param {HTMLElement} code
 * @returns {Promise<boolean>} false: the text is selected and waits for the reader's own copy key
 */
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}
