// The clock of a message that waits: when it came, the last attempt, now, and when it will be returned.

import { el, svg } from "../dom.js";
import { moment, span } from "./times.js";

/** @typedef {import("../report.js").Finding} Finding */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * A time that names its zone, in milliseconds; others cannot be held against the present.
 * @param {string | null} at
 */
const fixed = (at) => (at !== null && /(z|[+-]\d\d:\d\d)$/i.test(at) ? Date.parse(at) : Number.NaN);

/**
 * Whether the time for trying is over, whatever the report said when it was written.
 * @param {Finding} finding
 * @param {number} now milliseconds
 */
export const isOver = ({ outcome, times }, now) => outcome === "retrying" && now >= fixed(times.expires);

/**
 * Nothing where the message does not wait, or nobody knows for how long.
 * @param {Finding} finding
 * @param {number} now milliseconds
 * @param {Speech} say
 */
export function clock(finding, now, say) {
  const { outcome, times } = finding;
  const { t } = say;
  const end = fixed(times.expires);
  const begin = Math.min(...[fixed(times.arrived), fixed(times.last_attempt)].filter((at) => !Number.isNaN(at)));
  if (outcome !== "retrying" || Number.isNaN(end)) {
    return null;
  }
  const over = isOver(finding, now);
  const left = span(Math.round(Math.abs(end - now) / 60_000) * 60, 60);
  const policy = times.expires_from === "policy";
  /** @type {[name: string, at: string | null][]} */
  const rows = [
    [t("details.arrived"), times.arrived],
    [t("details.last_attempt"), times.last_attempt],
    [t(policy ? "clock.returned_policy" : "clock.returned"), times.expires],
  ];
  return el(
    "section",
    { class: over ? "clock over" : "clock", "aria-labelledby": "clock-title", "data-clock": true },
    el("h3", { id: "clock-title" }, t("clock.title")),
    el("p", { class: "left" }, t(over ? (policy ? "clock.over_policy" : "clock.over") : policy ? "clock.left_policy" : "clock.left", { time: left })),
    begin < end && picture((now - begin) / (end - begin), (fixed(times.last_attempt) - begin) / (end - begin)),
    over && el("p", {}, el("strong", {}, t("clock.again"))),
    el(
      "dl",
      { class: "rows" },
      rows.filter(([, at]) => at !== null).map(([name, at]) => [el("dt", {}, name), el("dd", {}, moment(at, say))]),
    ),
  );
}

/**
 * The time of waiting as a line: what has passed of it, the last attempt, and now.
 * @param {number} now part of the whole
 * @param {number} attempt the same; not a number where unknown
 */
function picture(now, attempt) {
  /** @param {number} part */
  const x = (part) => `${(2 + Math.min(1, Math.max(0, part)) * 96).toFixed(2)}%`;
  return svg(
    "svg",
    { class: "clock-line", "aria-hidden": "true", focusable: "false" },
    svg("line", { class: "whole", x1: x(0), x2: x(1), y1: 14, y2: 14 }),
    svg("line", { class: "passed", x1: x(0), x2: x(now), y1: 14, y2: 14 }),
    svg("line", { class: "end", x1: x(0), x2: x(0), y1: 7, y2: 21 }),
    Number.isNaN(attempt) ? null : svg("circle", { class: "attempt", cx: x(attempt), cy: 14, r: 4.5 }),
    svg("line", { class: "end", x1: x(1), x2: x(1), y1: 7, y2: 21 }),
    svg("svg", { class: "now", x: x(now), y: 14, overflow: "visible" }, svg("path", { d: "M0 -9 9 0 0 9 -9 0Z" })),
  );
}
