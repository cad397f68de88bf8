// @ts-check
// Times and sizes as the reader's language writes them.
//
//   moment(date)         a time of today; of another day with the day
//   bytes(n)             as few figures as it takes: "229 kB"
//   duration(seconds)    in the largest unit that it fills: "3 hours"

import { time, words } from "../words.js";

const BYTES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
const SECONDS = /** @type {[string, number][]} */ ([["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]]);

export function moment(/** @type {Date | string | number} */ date) {
  const day = new Date(date);
  if (day.toDateString() === new Date().toDateString()) return time(day);
  return new Intl.DateTimeFormat(words.locale,
    { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(day);
}

const inUnit = (/** @type {number} */ value, /** @type {Intl.NumberFormatOptions} */ options) =>
  new Intl.NumberFormat(words.locale, { style: "unit", ...options }).format(value);

export function bytes(/** @type {number} */ value) {
  const step = Math.min(BYTES.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return inUnit(value / 1000 ** step, { unit: BYTES[step], unitDisplay: "short", maximumSignificantDigits: 3 });
}

export function duration(/** @type {number} */ seconds) {
  const [unit, size] = SECONDS.find(([, least]) => seconds >= least) ?? SECONDS[SECONDS.length - 1];
  return inUnit(Math.floor(seconds / size), { unit, unitDisplay: "long" });
}
