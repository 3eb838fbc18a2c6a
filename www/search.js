// Finds errors in the index of the reference pages. The list itself is the data; nothing is fetched and nothing is sent.

/**
 * An error of the list, ready to be compared.
 * @typedef {object} Item
 * @property {string} id
 * @property {string[]} codes `4.4.316`, a range `4.7.500-4.7.699`, or a reply `550`
 * @property {boolean} general whether it is the general reading of a code, which comes after any error's own
 * @property {string[]} title
 * @property {string[]} says the words of an error that lead here
 * @property {string[]} words of everything else
 */

/**
 * Letters without case and accents.
 * @param {string} text
 */
export const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * The words of a text; a code is one word.
 * @param {string} text
 * @returns {string[]}
 */
export const wordsOf = (text) => [...new Set(folded(text).match(/[a-z0-9ñ]+(?:[._-][a-z0-9ñ]+)*/g) ?? [])];

/**
 * The words of a text and the parts of those that are several in one: `resolver.adr.recipientnotfound`.
 * @param {string} text
 */
export const parts = (text) => wordsOf(text).flatMap((word) => [word, ...word.split(/[._-]/)]);

/** Words that say nothing about an error. */
const EMPTY = new Set(
  "a al an and by con de del el en es esta for from ha i in is it la las le lo los mi my no of on or para por que se sin the to un una was y".split(" "),
);

const CODE = /^[245]\.[0-9]{1,3}\.[0-9]{1,3}$/;
const PART = /^[245x]\.[0-9]{1,3}$/;
const REPLY = /^[2-5][0-9]{2}$/;

/**
 * How well an item fits a query; 0 when it does not. A code decides by itself, and words then only sort.
 * @param {string} query
 * @param {Item} item
 */
export function fit(query, item) {
  const asked = wordsOf(query).filter((word) => !EMPTY.has(word));
  const codes = asked.filter((word) => CODE.test(word) || PART.test(word));
  if (codes.length === 0) {
    codes.push(...asked.filter((word) => REPLY.test(word) && asked.length === 1));
  }
  const rest = asked.filter((word) => !codes.includes(word) && !(codes.length > 0 && REPLY.test(word)));
  const byCode = Math.max(0, ...codes.flatMap((code) => item.codes.map((own) => covers(own, code) + (own === code && own === item.id ? 4 : 0))));
  if (codes.length > 0 && byCode === 0) {
    return 0;
  }
  const byWord = rest.map((word) => Math.max(12 * matches(item.title, word), 9 * matches(item.says, word), 4 * matches(item.words, word)));
  if (codes.length === 0 && (rest.length === 0 || byWord.filter((points) => points > 0).length < enough(rest.length))) {
    return 0;
  }
  const together = rest.length > 1 && item.title.filter((word) => !EMPTY.has(word)).join(" ").includes(rest.join(" "));
  const missed = byWord.filter((points) => points === 0).length;
  // An error that answers for many codes fits each of them less.
  const spread = Math.min(9, item.codes.length);
  const points = byCode - spread + byWord.reduce((sum, one) => sum + one, 0) + (together ? 15 : 0) - missed;
  return Math.max(1, item.general ? points - 50 : points);
}

/**
 * A short query must fit whole; of a pasted sentence two thirds are enough.
 * @param {number} count
 */
const enough = (count) => (count < 4 ? count : Math.ceil((count * 2) / 3));

/**
 * @param {string} own a code, a range or a reply of an item
 * @param {string} asked a code, or the beginning of one
 */
function covers(own, asked) {
  if (own === asked) {
    return 100;
  }
  if (PART.test(asked)) {
    return own.startsWith(`${asked}.`) || (asked.startsWith("x") && own.slice(1).startsWith(`${asked.slice(1)}.`)) ? 40 : 0;
  }
  const [from, to] = own.split("-").map((code) => code.split(".").map(Number));
  const at = asked.split(".").map(Number);
  if (from === undefined || to === undefined || at.length !== 3 || from[0] !== at[0] || from[1] !== at[1]) {
    return 0;
  }
  const [low, here, high] = [from[2] ?? 0, at[2] ?? 0, to[2] ?? 0];
  return low <= here && here <= high ? 80 : 0;
}

/**
 * 1 when a list has the word, less when it only has a longer one that begins with it or its singular, 0 otherwise.
 * @param {string[]} list
 * @param {string} word
 */
function matches(list, word) {
  if (list.includes(word)) {
    return 1;
  }
  if (/^[0-9]+$/.test(word)) {
    return 0;
  }
  const stem = word.length > 4 ? word.replace(/(?:es|s)$/, "") : word;
  return list.some((one) => one.startsWith(stem)) ? 0.3 : 0;
}

/**
 * The items that fit, the closest first.
 * @template {Item} T
 * @param {string} query
 * @param {T[]} items
 * @returns {T[]}
 */
export function search(query, items) {
  return items
    .map((item, at) => ({ item, at, points: fit(query, item) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || a.at - b.at)
    .map(({ item }) => item);
}

/** More hits than anyone reads are not shown. */
const MOST = 60;

/**
 * Brings the search of the index to life.
 * @param {HTMLElement} place
 */
function start(place) {
  const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const field = /** @type {HTMLInputElement} */ (find("query"));
  const [count, hits, nothing, browse] = [find("count"), find("hits"), find("nothing"), find("browse")];
  const items = [...browse.querySelectorAll("li[data-codes]")].map((element) => {
    const { codes = "", says = "", words = "", general } = /** @type {HTMLElement} */ (element).dataset;
    const family = element.closest("section")?.querySelector("h3")?.textContent ?? "";
    return {
      element,
      id: element.querySelector("a")?.getAttribute("href")?.replace(/\/$/, "") ?? "",
      codes: codes.split(" "),
      general: general !== undefined,
      title: wordsOf(element.querySelector("a")?.textContent ?? ""),
      says: parts(says),
      words: parts(`${element.textContent} ${says} ${words} ${family}`),
    };
  });

  const show = () => {
    const asked = field.value.trim() !== "";
    const found = asked ? search(field.value, items) : [];
    hits.replaceChildren(...found.slice(0, MOST).map(({ element }) => element.cloneNode(true)));
    hits.hidden = found.length === 0;
    browse.hidden = asked;
    nothing.hidden = !asked || found.length > 0;
    const says = found.length === 1 ? place.dataset.one : place.dataset.other;
    const said = !asked ? "" : found.length > 0 ? (says ?? "").replace("{count}", String(found.length)) : (nothing.querySelector("p")?.textContent ?? "");
    count.textContent = said;
    count.classList.toggle("visually-hidden", asked && found.length === 0);
  };

  const links = () => [...hits.querySelectorAll("a")];
  field.addEventListener("input", show);
  place.addEventListener("keydown", (event) => {
    const at = links().findIndex((link) => link === document.activeElement);
    const inField = document.activeElement === field;
    if (event.key === "Escape" && (field.value !== "" || !inField)) {
      field.value = inField ? "" : field.value;
      show();
      field.focus();
    } else if (event.key === "ArrowDown" || (event.key === "Enter" && inField)) {
      links()[at + 1]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (links()[at - 1] ?? field).focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  // Another page may ask with `codes/#q=4.4.316`. What stands behind # stays in the browser.
  const ask = () => {
    if (location.hash.startsWith("#q=")) {
      try {
        field.value = decodeURIComponent(location.hash.slice(3));
      } catch {
        field.value = location.hash.slice(3);
      }
    }
    show();
  };
  addEventListener("hashchange", ask);
  // Going back brings the words in the field back, after this script ran.
  addEventListener("pageshow", show);
  place.hidden = false;
  ask();
}

const place = typeof document === "object" ? document.getElementById("search") : null;
if (place !== null) {
  start(place);
}
