// The words of the page in one language, and the words that the engine writes its reports with.

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {{ page: Record<string, string>, engine: string }} Words */

/** @type {Record<string, string>} */
let strings = {};

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

/** @param {Words} words */
export function use(words) {
  strings = words.page;
}

/**
 * The string `group.name`, its `{places}` filled.
 * @param {string} key
 * @param {Record<string, string | number>} [places]
 */
export function t(key, places = {}) {
  const text = strings[key] ?? key;
  return text.replace(/\{([a-z]+)\}/g, (whole, name) => String(places[name] ?? whole));
}

/**
 * The string if there is one: for the stable words of a report, which may grow.
 * @param {string} key
 * @param {string} otherwise
 */
export function known(key, otherwise) {
  return strings[key] ?? otherwise;
}

/**
 * `key_one` or `key_other`.
 * @param {string} key
 * @param {number} count
 */
export function counted(key, count) {
  return t(count === 1 ? `${key}_one` : `${key}_other`, { count });
}
