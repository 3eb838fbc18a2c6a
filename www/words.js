// The strings of the page in one language.

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {{ page: Record<string, string>, engine: string }} Words */
/** @typedef {ReturnType<typeof speech>} Speech */

/**
 * One who speaks a language. Every view is given one, so that two desks on a page may speak two languages.
 * @param {Lang} lang
 * @param {Record<string, string>} strings
 */
export function speech(lang, strings) {
  /**
   * The string `group.name`, its `{places}` filled.
   * @param {string} key
   * @param {Record<string, string | number>} [places]
   */
  const t = (key, places = {}) => (strings[key] ?? key).replace(/\{([a-z]+)\}/g, (whole, name) => String(places[name] ?? whole));
  return {
    lang,
    t,
    /**
     * The string if there is one: for the stable words of a report, which may grow.
     * @param {string} key
     * @param {string} otherwise
     */
    known: (key, otherwise) => strings[key] ?? otherwise,
    /**
     * `key_one` or `key_other`.
     * @param {string} key
     * @param {number} count
     */
    counted: (key, count) => t(count === 1 ? `${key}_one` : `${key}_other`, { count }),
  };
}
