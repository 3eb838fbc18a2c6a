// The last case: which steps are ticked and which answers were given. It holds ids of the catalogue and a random id
// of its own, never anything pasted.

/** @typedef {{ read: (name: string) => string | null, write: (name: string, value: string | null) => void }} Store */

/**
 * @typedef {object} Case
 * @property {string} id random
 * @property {Section[]} sections
 * @property {string[]} answers given by the reader
 */

/**
 * @typedef {object} Section
 * @property {string} section
 * @property {string[]} ticks ids of steps
 * @property {string[]} inForce answers that held when it was last ticked, so that it can be shown again without its text
 */

/** @returns {Case} */
export function fresh() {
  return { id: randomId(), sections: [], answers: [] };
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
      return { id: found.id, sections, answers: found.answers };
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
  store.write("case", isEmpty(it) ? null : JSON.stringify(it));
}

/** @param {Case} it */
export function isEmpty(it) {
  return it.answers.length === 0 && it.sections.every((one) => one.ticks.length === 0);
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
