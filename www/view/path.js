// The way of the message from server to server: as a picture with the delays to scale, and as a table.

import { el, fold, svg } from "../dom.js";
import { table } from "./table.js";
import { moment, span } from "./times.js";

/** @typedef {import("../report.js").Hop} Hop */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * @param {Hop[]} hops in the order of time
 * @param {Speech} say
 */
export function path(hops, say) {
  const { t } = say;
  const most = Math.max(1, ...hops.map(({ delay_s }) => delay_s ?? 0));
  // What passes until the next station has the message, the one before it has held it.
  const from = hops[0]?.from ?? null;
  const start = from === null ? [] : [{ name: from, starts: true, loops: false, next: hops[0] }];
  const stations = [...start, ...hops.map(({ by, loops }, nth) => ({ name: by ?? t("path.unnamed"), starts: false, loops, next: hops[nth + 1] }))];
  const total = hops.reduce((sum, { delay_s }) => sum + Math.max(0, delay_s ?? 0), 0);
  return [
    total > 0 && el("p", { class: "quiet" }, t("path.total", { time: span(total) })),
    el(
      "ol",
      { class: "path", role: "list" },
      stations.map(({ name, starts, loops, next }) => {
        const delay = next?.delay_s ?? null;
        const longest = next?.longest === true;
        return el(
          "li",
          { class: longest || loops ? "odd" : null },
          sign(longest || loops),
          el(
            "span",
            { class: "path-words" },
            el("span", { class: "literal" }, name),
            starts && el("span", { class: "quiet" }, t("path.start")),
            delay !== null && el("span", { class: "path-delay" }, bar(delay / most), el("span", {}, span(delay))),
            longest && el("strong", {}, t("path.longest")),
            loops && el("strong", {}, t("path.loops")),
          ),
        );
      }),
    ),
    fold("path-table", [t("path.table")], [
      table(
        t("details.hops"),
        [t("details.from"), t("details.by"), t("details.with"), t("details.when"), t("details.delay")],
        hops.map((hop) => [hop.from ?? "", hop.by ?? "", hop.with ?? "", moment(hop.at, say), hop.delay_s === null ? "" : span(hop.delay_s)]),
      ),
    ]),
  ];
}

/** @param {boolean} odd */
const sign = (odd) =>
  svg(
    "svg",
    { class: "dot", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    odd ? svg("path", { d: "M8 0 16 8 8 16 0 8Z" }) : svg("circle", { cx: 8, cy: 8, r: 5 }),
  );

/** @param {number} part of the longest delay */
const bar = (part) =>
  svg("svg", { class: "bar", "aria-hidden": "true", focusable: "false" }, svg("rect", { width: `${Math.max(0, part) * 100}%`, height: "100%", rx: 2 }));
