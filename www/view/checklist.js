// The checklist: steps with ticks, their links and commands, and the questions that choose among them.

import { copyButton } from "../copy.js";
import { el, fold, inline, segments, webLink } from "../dom.js";
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
    context.changed !== "" && el("p", { class: "changed" }, context.changed),
    settled.map((question) => {
      const answer = question.answers.find((one) => one.id === question.answer);
      return fold(
        `question:${question.id}`,
        [
          el("span", {}, ...inline(question.text)),
          " ",
          el("strong", {}, ...inline(answer?.text ?? "")),
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
 * The steps of the reader's own role first; those of others folded, each under their name.
 * @param {Finding} finding
 * @param {Context} context
 * @param {Step["who"]} role whose list it is
 * @param {Step["who"][]} [others] whose steps follow it
 */
export function checklist(finding, context, role, others = ROLES.filter((one) => one !== role)) {
  if (finding.steps.length === 0) {
    return null;
  }
  const { say } = context;
  const { t } = say;
  const ticked = new Set(context.ticks(finding.section));
  /** @param {Step["who"]} who */
  const of = (who) => finding.steps.filter((step) => step.who === who);
  const mine = of(role);
  const all = countable(mine);
  const count = () => t("checklist.progress", { done: all.filter((step) => ticked.has(step.id)).length, all: all.length });
  const progress = el("p", { class: "progress", "data-key": "progress" }, count());
  /** @type {(step: Step, on: boolean) => void} */
  const onTick = (step, on) => {
    if (on) {
      ticked.add(step.id);
    } else {
      ticked.delete(step.id);
    }
    progress.textContent = count();
    context.onTick(finding.section, step.id, on);
  };
  // The first that is not done yet stands open, with all that is in it.
  const next = ordered(mine, finding).find((step) => !step.dropped && !ticked.has(step.id) && step.steps.length > 0 && condition(step, finding, [], say) === null);
  const shared = { finding, ticked, onTick, context, next };
  const idle = mine.every((step) => step.dropped);
  const id = `checklist-title-${role}`;
  return el(
    "section",
    { class: "checklist", "aria-labelledby": id },
    el("div", { class: "title-line" }, el("h3", { id }, t(`checklist.title_${role}`)), all.length > 0 && progress),
    context.continued &&
      el(
        "p",
        { class: "note" },
        t("checklist.continued"),
        " ",
        el("button", { type: "button", class: "link", click: context.onAfresh, "data-key": "afresh" }, t("checklist.afresh")),
      ),
    idle && el("p", {}, t("checklist.idle", { actor: t(`actor.${finding.acts}_acts`) })),
    platforms([role, ...others].flatMap(of), role, context),
    mine.length > 0 && steps(mine, shared, `s-${role}`, []),
    others
      .filter((who) => of(who).length > 0)
      .map((who) =>
        fold(`others:${who}`, [t(`checklist.others_${who}`), el("span", { class: "count" }, ` ${of(who).filter((step) => !step.dropped).length}`)], [
          steps(of(who), shared, `s-${who}`, []),
          who === "recipient_admin" &&
            context.hands !== null &&
            el("button", { type: "button", class: "small", "data-key": "take-partner", click: () => context.onTake("partner") }, t("take.write_partner")),
        ], { class: "fold others", open: idle && who === finding.acts }),
      ),
    role !== "sender" && finding.confirm !== "" &&
      el("div", { class: "confirm" }, el("h4", {}, t("checklist.confirm")), el("p", {}, ...inline(finding.confirm))),
    role !== "sender" && finding.notes.length > 0 &&
      fold("good-to-know", [t("checklist.notes"), el("span", { class: "count" }, ` ${finding.notes.length}`)], [
        el("ul", {}, finding.notes.map((note) => el("li", {}, ...inline(note.text)))),
      ]),
  );
}

/** Those who can have steps. */
export const ROLES = /** @type {const} */ (["sender", "admin", "recipient_admin"]);

/**
 * Every step in force, those inside others included.
 * @param {Step[]} list
 * @returns {Step[]}
 */
export function countable(list) {
  return list.filter((step) => !step.dropped).flatMap((step) => [step, ...countable(step.steps)]);
}

/**
 * Steps under a condition change places among themselves: first what an answer calls for, then what it may yet call
 * for, last what fell away. All others stay where they are, but that something to do at once stands first.
 * @param {Step[]} list
 * @param {Finding} finding
 */
export function ordered(list, finding) {
  /** @param {Step} step */
  const rank = (step) => (step.dropped ? 2 : applies(step, finding) ? 0 : 1);
  const conditional = list.filter((step) => step.only_if.length > 0).sort((a, b) => rank(a) - rank(b));
  const all = list.map((step) => (step.only_if.length > 0 ? (conditional.shift() ?? step) : step));
  const at = all.findIndex((step) => rank(step) === 0);
  return at < 0 ? all : [...all.splice(at, 1), ...all];
}

/**
 * Whether a step is to be done by the answers that are there.
 * @param {Step} step
 * @param {Finding} finding
 */
export function applies(step, { questions: asked }) {
  return !step.dropped && step.only_if.every((id) => asked.some(({ answer }) => answer === id));
}

/**
 * @typedef {object} Shared
 * @property {Finding} finding
 * @property {Set<string>} ticked
 * @property {(step: Step, on: boolean) => void} onTick
 * @property {Context} context
 * @property {Step | undefined} next
 */

/** So many steps within another are not folded. */
const FEW = 2;

/**
 * @param {Step[]} list
 * @param {Shared} shared
 * @param {string} path tells this list's controls from all others
 * @param {string[]} supposed answers that what stands above already supposes
 * @param {Step["who"] | null} [actor] who does what stands above
 * @returns {HTMLElement}
 */
function steps(list, shared, path, supposed, actor = list[0]?.who ?? null) {
  const { finding, context } = shared;
  const { t } = context.say;
  let last = actor;
  const all = ordered(list, finding);
  return el(
    "ol",
    { class: "steps", role: "list" },
    all.map((step, at) => {
      const place = `${path}-${list.indexOf(step)}`;
      if (step.dropped) {
        // Neighbours that fell away are folded together.
        const end = all.findIndex((one, after) => after > at && !one.dropped);
        return all[at - 1]?.dropped !== true && fallen(all.slice(at, end < 0 ? all.length : end), list, shared, path, supposed);
      }
      const says = step.who !== last;
      last = step.who;
      const below = [...supposed, ...step.only_if];
      const open = condition(step, finding, supposed, context.say);
      const before = [says && `${place}-role`, open !== null && `${place}-if`].filter((id) => id !== false).join(" ");
      const tick = el("input", {
        type: "checkbox",
        id: place,
        "aria-describedby": before === "" ? null : before,
        "data-key": `tick:${place}`,
        "data-step": step.id,
        change: () => shared.onTick(step, tick.checked),
      });
      tick.checked = shared.ticked.has(step.id);
      const inner = step.steps.length > 0 && steps(step.steps, shared, place, below, step.who);
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
            open !== null && el("span", { class: "condition", id: `${place}-if` }, open),
            el("label", { for: place }, ...inline(step.text)),
            more(step, place, context),
          ),
        ),
        // What depends on an answer that is still missing, and what comes later, waits folded, so that it is not in the way.
        inner && (open !== null || (step !== shared.next && step.steps.length > FEW))
          ? fold(`inner:${place}`, [context.say.counted(open === null ? "checklist.within" : "checklist.inner", countable(step.steps).length)], [inner], { class: "fold inner" })
          : inner,
      );
    }),
  );
}

/**
 * Steps that fell away, folded under the answers that speak against them.
 * @param {Step[]} those
 * @param {Step[]} list that they are of
 * @param {Shared} shared
 * @param {string} path
 * @param {string[]} supposed
 */
function fallen(those, list, shared, path, supposed) {
  const { finding, context } = shared;
  const { t } = context.say;
  const reasons = [...new Set(those.map((step) => why(step, finding)))].filter((one) => one !== "");
  const place = (/** @type {Step} */ step) => `${path}-${list.indexOf(step)}`;
  return el(
    "li",
    { class: "dropped" },
    fold(
      `dropped:${those.map(place).join()}`,
      [t("checklist.dropped"), reasons.map((one) => [" ", el("span", { class: "why" }, ...inline(one))]), those.length > 1 && el("span", { class: "count" }, ` ${those.length}`)],
      [
        el(
          "ul",
          { role: "list" },
          those.map((step) =>
            el(
              "li",
              { class: "dropped-step" },
              el("p", {}, ...inline(step.text)),
              ...more(step, place(step), context),
              step.steps.length > 0 && steps(step.steps, shared, place(step), [...supposed, ...step.only_if], step.who),
            ),
          ),
        ),
      ],
    ),
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
  return open.length === 0 ? null : inline(t("checklist.if", { answers: all }));
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

/** Where a shell runs; those of Exchange are the same everywhere. @type {Record<string, Platform>} */
const PLATFORM = { powershell: "windows", cmd: "windows", bash: "unix" };

/** @typedef {"windows" | "unix"} Platform */

/**
 * A choice of platform, where it makes a difference.
 * @param {Step[]} list
 * @param {string} role tells the choice from that of another list
 * @param {Context} context
 */
function platforms(list, role, { platform, onPlatform, say: { t } }) {
  const both = countable(list).some(({ commands }) => new Set(commands.map(({ shell }) => PLATFORM[shell]).filter(Boolean)).size > 1);
  return both
    ? segments(
        `platform-${role}`,
        t("platform.label"),
        /** @type {Platform[]} */ (["windows", "unix"]).map((one) => [one, t(`platform.${one}`)]),
        platform,
        (one) => onPlatform(/** @type {Platform} */ (one)),
      )
    : null;
}

/**
 * @param {Step} step
 * @param {string} place
 * @param {Context} context
 * @returns {Child[]}
 */
function more(step, place, { platform, say }) {
  const { t } = say;
  const here = step.commands.some(({ shell }) => PLATFORM[shell] === platform);
  /** @param {Command} it */
  const elsewhere = ({ shell }) => here && PLATFORM[shell] !== undefined && PLATFORM[shell] !== platform;
  /** @param {Command} it */
  const made = (it) => command(it, `${place}-c${step.commands.indexOf(it)}`, say);
  const foreign = step.commands.filter(elsewhere);
  return [
    step.link !== null && el("p", { class: "step-link" }, webLink(step.link)),
    ...step.commands.filter((one) => !elsewhere(one)).map(made),
    foreign.length > 0 &&
      fold(`elsewhere:${place}`, [t(platform === "windows" ? "platform.on_unix" : "platform.on_windows")], foreign.map(made), { class: "fold tight" }),
  ];
}

/**
 * @param {Command} it
 * @param {string} place
 * @param {Speech} say
 */
function command(it, place, say) {
  const { known, t } = say;
  const inside = [
    line(it.text, place, known(`shell.${it.shell}`, it.shell), say),
    (it.good !== "" || it.bad !== "") &&
      fold(`result:${place}`, [t("command.result")], [
        el(
          "dl",
          { class: "results" },
          it.good !== "" && [el("dt", {}, t("command.good")), el("dd", {}, ...inline(it.good))],
          it.bad !== "" && [el("dt", {}, t("command.bad")), el("dd", {}, ...inline(it.bad))],
        ),
      ]),
    it.undo !== null && el("div", { class: "undo-command" }, line(it.undo, `${place}-undo`, t("command.undo"), say)),
  ];
  // What changes something stands behind a door, after the check that shows the present state.
  return it.changes_state
    ? fold(`change:${place}`, [el("strong", { class: "changes" }, t("command.changes")), " ", t("command.after_check")], inside, { class: "fold command change" })
    : el("div", { class: "command" }, inside);
}

/**
 * A line to copy.
 * @param {string} text
 * @param {string} place
 * @param {string} head what it is
 * @param {Speech} say
 * @returns {Child[]}
 */
function line(text, place, head, say) {
  const code = el("code", { id: `line:${place}` }, text);
  return [
    el("div", { class: "command-head" }, el("span", {}, head), ...copyButton(() => text, code, `copy:${place}`, say)),
    el("pre", { class: "line" }, code),
  ];
}
