// A table that scrolls sideways where it is too wide, also by key.

import { el } from "../dom.js";

/** @typedef {import("../dom.js").Child} Child */

/**
 * @param {string} title
 * @param {string[]} heads
 * @param {Child[][]} rows
 */
export function table(title, heads, rows) {
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": title, "data-key": `table:${title}` },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))))),
    ),
  );
}
