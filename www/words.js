// The strings of the page in one language, and how the site fetches them: of each language one file for the page, one
// for the engine.

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {{ page: Record<string, string>, engine: string }} Words */
/** @typedef {ReturnType<typeof speech>} Speech */

/** @type {Map<Lang, Promise<Words>>} */
const fetched = new Map();

/**
 * Both files of a language, asked for once.
 * @param {Lang} lang
 * @returns {Promise<Words>}
 */
export function load(lang) {
  let words = fetched.get(lang);
  if (words === undefined) {
    words = request(lang);
    fetched.set(lang, words);
    words.catch(() => fetched.delete(lang));
  }
  return words;
}

/**
 * @param {Lang} lang
 * @returns {Promise<Words>}
 */
async function request(lang) {
  const answers = await Promise.all([
    fetch(new URL(`./words/page.${lang}.json`, import.meta.url)),
    fetch(new URL(`./words/${lang}.txt`, import.meta.url)),
  ]);
  const missing = answers.find((answer) => !answer.ok);
  if (missing !== undefined) {
    throw new Error(`${missing.url}: ${missing.status}`);
  }
  const [page, engine] = await Promise.all(answers.map((answer) => answer.text()));
  return { page: JSON.parse(page ?? ""), engine: engine ?? "" };
}

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
