// The last case: which steps are ticked and which answers were given. It holds ids of the catalogue, the codes
// of the last error, what the reader noted, and a random id of its own, never anything pasted.

import { isSeen } from "./follow.js";
import { ROLES } from "./view/checklist.js";

/**
 * @typedef {object} Store
 * @property {(name: string) => string | null} read
 * @property {(name: string, value: string | null) => void} write
 * @property {() => boolean} [keeps] whether what is written outlives the page
 * @property {() => void} [keep] makes it so, where the reader wishes it
 * @property {() => void} [erase] forgets everything
 */

/**
 * @typedef {object} Case
 * @property {string} id random
 * @property {Section[]} sections
 * @property {string[]} answers given by the reader
 * @property {import("./view/answer.js").Role | null} role the reader's own
 * @property {string} note the reader's own words
 * @property {import("./follow.js").Seen | null} seen the last error, to hold the next against
 */

/**
 * @typedef {object} Section
 * @property {string} section
 * @property {string[]} ticks ids of steps
 * @property {string[]} inForce answers that held when it was last ticked, so that it can be shown again without its text
 */

/** @returns {Case} */
export function fresh() {
  return { id: randomId(), sections: [], answers: [], role: null, note: "", seen: null };
}

/**
 * @param {Store} store
 * @returns {Case} the stored case, or a fresh one
 */
export function load(store) {
  try {
    const found = JSON.parse(store.read("case") ?? "");
    const strings = (/** @type {unknown} */ list) => Array.isArray(list) && list.every((item) => typeof item === "string");
    if (typeof found.id === "string" && strings(found.answers) && Array.isArray(found.sections)) {
      const sections = found.sections.filter(
        (/** @type {any} */ one) => typeof one?.section === "string" && strings(one.ticks) && strings(one.inForce),
      );
      const role = ROLES.find((one) => one === found.role) ?? null;
      const note = typeof found.note === "string" ? found.note : "";
      const seen = isSeen(found.seen) ? found.seen : null;
      return { id: found.id, sections, answers: found.answers, role, note, seen };
    }
  } catch {
    // Nothing stored, or not ours.
  }
  return fresh();
}

/**
 * @param {Store} store
 * @param {Case} it
 */
export function save(store, it) {
  store.write("case", isEmpty(it) && it.role === null && it.seen === null ? null : JSON.stringify(it));
}

/**
 * Nothing is ticked, answered or noted.
 * @param {Case} it
 */
export function isEmpty(it) {
  return it.answers.length === 0 && it.note === "" && it.sections.every((one) => one.ticks.length === 0);
}

/**
 * @param {Case} it
 * @param {string[]} sections those of a report
 */
export function isAbout(it, sections) {
  return it.sections.some((one) => sections.includes(one.section));
}

/**
 * @param {Case} it
 * @param {string} section
 * @returns {string[]} ids of the ticked steps
 */
export function ticks(it, section) {
  return it.sections.find((one) => one.section === section)?.ticks ?? [];
}

/**
 * @param {Case} it
 * @param {string} section
 */
export function enter(it, section) {
  if (!it.sections.some((one) => one.section === section)) {
    it.sections.push({ section, ticks: [], inForce: [] });
  }
}

/**
 * @param {Case} it
 * @param {string} section
 * @param {string} step
 * @param {boolean} on
 */
export function tick(it, section, step, on) {
  enter(it, section);
  for (const one of it.sections) {
    if (one.section === section) {
      one.ticks = one.ticks.filter((id) => id !== step);
      if (on) {
        one.ticks.push(step);
      }
    }
  }
}

function randomId() {
  // Only secure contexts have randomUUID; a plain http address in an intranet is none.
  if (typeof crypto.randomUUID === "function") {
    return crypto.randomUUID();
  }
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
