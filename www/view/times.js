// Times and spans of time, as a reader takes them.

import { el } from "../dom.js";

/** @typedef {import("../words.js").Speech} Speech */

/**
 * A time in the reader's zone and in UTC; as written where it names no zone.
 * @param {string | null} at RFC 3339
 * @param {Speech} say
 */
export function moment(at, { lang, t }) {
  const date = new Date(at ?? "");
  if (at === null || Number.isNaN(date.getTime())) {
    return at ?? "";
  }
  if (!/(z|[+-]\d\d:\d\d)$/i.test(at)) {
    return el("time", { datetime: at }, at.replace("T", " "));
  }
  /** @param {string | undefined} timeZone */
  const said = (timeZone) =>
    new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium", ...(timeZone === undefined ? {} : { timeZone }) }).format(date);
  const here = said(undefined);
  const utc = said("UTC");
  return el(
    "time",
    { datetime: at },
    here === utc ? `${utc} UTC` : `${here} ${t("details.your_time")}`,
    here === utc ? null : el("span", { class: "quiet" }, ` · ${utc} UTC`),
  );
}

/**
 * The two largest units: `2 h 5 min`.
 * @param {number} seconds
 * @param {number} [finest] the smallest unit that is told, in seconds
 */
export function span(seconds, finest = 1) {
  const whole = Math.abs(seconds);
  const units = /** @type {const} */ ([
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ]).filter(([size]) => size >= finest);
  /** @type {string[]} */
  const parts = [];
  let rest = whole;
  for (const [size, unit] of units) {
    if (rest >= size) {
      parts.push(`${Math.floor(rest / size)} ${unit}`);
      rest %= size;
    }
  }
  const least = units[units.length - 1]?.[1] ?? "s";
  return `${seconds < 0 ? "−" : ""}${parts.length === 0 ? `0 ${least}` : parts.slice(0, 2).join(" ")}`;
}
