// A section of the guide, made anew when the language changes: as index.html lays it out.

import { el, inline, webLink } from "../dom.js";

/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../report.js").Step} Step */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * @param {Finding} entry
 * @param {string} id
 * @param {string} code empty where it has none of its own
 * @param {Speech} say
 * @returns {import("../dom.js").Child[]}
 */
export function guideSection(entry, id, code, say) {
  const { t } = say;
  return [
    el("h3", { id: `title-${id}` }, code !== "" && [el("span", { class: "code" }, code), " "], ...inline(entry.title)),
    el("p", { class: "meaning" }, ...inline(entry.meaning)),
    el("p", {}, ...inline(entry.detail)),
    entry.causes.length > 0 && el("h4", {}, t("guide.causes")),
    entry.causes.length > 0 && el("ul", {}, entry.causes.map((cause) => el("li", {}, ...inline(cause.text)))),
    entry.steps.length > 0 && el("h4", {}, t("guide.steps")),
    entry.steps.length > 0 && steps(entry.steps, say, "guide-steps"),
    entry.confirm !== "" && el("h4", {}, t("checklist.confirm")),
    entry.confirm !== "" && el("p", {}, ...inline(entry.confirm)),
    entry.notes.length > 0 && el("h4", {}, t("checklist.notes")),
    entry.notes.length > 0 && el("ul", {}, entry.notes.map((note) => el("li", {}, ...inline(note.text)))),
    entry.sources.length > 0 &&
      el(
        "p",
        { class: "sources quiet" },
        t("guide.sources"),
        entry.sources.flatMap((source, at) => [at === 0 ? " " : ", ", webLink(source), ` (${source.read})`]),
      ),
    el("p", { class: "to-top" }, el("a", { href: "#guide-title" }, t("guide.top"))),
  ];
}

/**
 * @param {Step[]} list
 * @param {Speech} say
 * @param {string} [style]
 * @returns {HTMLElement}
 */
function steps(list, say, style) {
  const { known, t } = say;
  return el(
    "ol",
    { class: style },
    list.map((step) =>
      el(
        "li",
        {},
        el("p", {}, ...inline(step.text), ...(step.link === null ? [] : [" ", webLink(step.link)])),
        step.commands.map((command) =>
          el(
            "div",
            { class: "command" },
            el(
              "p",
              { class: "command-head" },
              el("span", {}, known(`shell.${command.shell}`, command.shell)),
              command.changes_state && el("strong", { class: "changes" }, t("command.changes")),
            ),
            el("pre", {}, el("code", {}, command.text)),
            el(
              "dl",
              { class: "results" },
              command.good !== "" && [el("dt", {}, t("command.good")), el("dd", {}, ...inline(command.good))],
              command.bad !== "" && [el("dt", {}, t("command.bad")), el("dd", {}, ...inline(command.bad))],
              command.undo !== null && [el("dt", {}, t("command.undo")), el("dd", {}, el("code", {}, command.undo))],
            ),
          ),
        ),
        step.steps.length > 0 && steps(step.steps, say),
      ),
    ),
  );
}
