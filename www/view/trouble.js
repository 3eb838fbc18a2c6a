// What stands in place of words that could not be written, because their engine did not come.

import { el } from "../dom.js";

/**
 * @param {import("../words.js").Speech} say
 * @param {() => void} again
 */
export const trouble = ({ t }, again) => [el("p", {}, t("take.trouble")), el("button", { type: "button", "data-key": "take-again", click: again }, t("page.retry"))];
