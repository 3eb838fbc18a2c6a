// What stands in place of words that are not there yet, or could not be written because their engine did not come.

import { el } from "../dom.js";

/**
 * @param {import("../words.js").Speech} say
 * @param {() => void} again
 */
export const trouble = ({ t }, again) => [el("p", {}, t("take.trouble")), el("button", { type: "button", "data-key": "take-again", click: again }, t("page.retry"))];

/** What takes longer than this is worth a word. */
const SOON_MS = 300;

/** @param {import("../words.js").Speech} say */
export function waiting({ t }) {
  const words = el("p", { class: "quiet", role: "status" });
  setTimeout(() => {
    words.textContent = t("take.waiting");
  }, SOON_MS);
  return words;
}
