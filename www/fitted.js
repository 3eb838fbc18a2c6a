// What an organisation adds to every report: steps of its own, and whom to ask. It comes from its file at the build.

import { el } from "./dom.js";

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Step} Step */
/** @typedef {import("./desk.js").Options["engine"]} Ask */
/** @typedef {{ sections: string[], who: Step["who"], text: Record<Lang, string>, link: Step["link"] }} OwnStep */
/** @typedef {{ ticket: string | null, steps: OwnStep[] }} Organisation */

/** @type {Organisation | null} */
const organisation = ORGANISATION;

/**
 * An engine whose reports begin with the organisation's own steps.
 * @param {Ask} ask
 * @returns {Ask}
 */
export function fitted(ask) {
  if (organisation === null) {
    return ask;
  }
  return async () => {
    const engine = await ask();
    /** @type {typeof engine.examine} */
    const examine = async (forms, options) => {
      const report = await engine.examine(forms, options);
      for (const finding of report.findings) {
        finding.steps.unshift(...own(finding.section, report.lang));
      }
      return report;
    };
    return new Proxy(engine, {
      get(target, name) {
        const value = Reflect.get(target, name);
        return name === "examine" ? examine : typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
}

/**
 * @param {string} section
 * @param {Lang} lang
 * @returns {Step[]}
 */
function own(section, lang) {
  const steps = organisation?.steps ?? [];
  return steps.flatMap(({ sections, who, text, link }, at) =>
    sections.includes(section) || sections.includes("*")
      ? [{ id: `own/${at + 1}`, who, text: text[lang], only_if: [], dropped: false, link, steps: [], commands: [] }]
      : [],
  );
}

/**
 * Whom to ask: what the organisation's file says, as a place that the desk's own words are written into.
 * @param {(key: string) => string} t
 */
export function contact(t) {
  if (organisation === null) {
    return [];
  }
  const ticket = organisation.ticket === null ? [] : [" ", el("a", { href: organisation.ticket, rel: "noreferrer", "data-t": "organisation.ticket" }, t("organisation.ticket"))];
  return [el("p", { class: "note contact", part: "contact" }, el("span", { "data-t": "organisation.contact" }, t("organisation.contact")), ...ticket)];
}
