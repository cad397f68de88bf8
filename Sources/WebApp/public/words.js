// @ts-check
// Sentences in the reader's language, from words/CODE.json. A language is added by adding its file.
//
// A page that needs more sentences names the folders that hold them, the last one first to be believed:
// <meta name="barback-words" content="/assets/words/ /assets/host/words/">. What a language has not there is in English.
//
//   await words.ready                 the first language is there; t() answers with the key itself before
//   t(key, {name: value, ...})        a sentence. `{name}` in it is the value: text as it is; numbers, dates (as a time
//                                     of day) and lists ("a, b and c"; `{name:or}`: "a, b or c") as the language writes
//                                     them. A sentence may have plural forms: those of {count}, and "=0" and the like.
//   has(key)                          whether there is such a sentence
//   languages()                       [{code, name}], each by its own name
//   setLanguage(code | "auto")        keeps it among the prefs; -> Promise, once its words are there
//   words.language, words.locale      "en", and "en-GB" where the browser would like it that way
//   words event "change"              another language: everything is to be said anew
//   number(n), percent(n), time(date), moment(date), listed(names, "and" | "or")   as the language writes them
//   ingredientName(name)              as the menu calls it, or as this language does where words know it
//   refusal(ending)                   the sentence for an Ending that is not "answered"

import { prefs } from "./prefs.js";

/** @typedef {string | Record<string, string>} Sentence */

const RETRY_MILLISECONDS = 2000;

const codes = (document.querySelector('meta[name="barback-languages"]')?.getAttribute("content") ?? "en").split(" ");

const folders = (document.querySelector('meta[name="barback-words"]')?.getAttribute("content") ?? "/assets/words/")
  .split(" ");

const baseOf = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];

/** What the reader chose, or the first that the browser asks for and there is. */
function chosen() {
  const wanted = prefs.get("language");
  if (codes.includes(wanted)) return wanted;
  return (navigator.languages ?? []).map(baseOf).find((code) => codes.includes(code)) ?? "en";
}

/** As the browser would like it; numbers and times of another language are at least those of the reader's country. */
function localeOf(/** @type {string} */ code) {
  const liked = (navigator.languages ?? []).find((tag) => baseOf(tag) === code);
  const region = /-([A-Z]{2})\b/.exec(navigator.language ?? "")?.[1];
  return liked ?? (region ? `${code}-${region}` : code);
}

class Words extends EventTarget {
  language = "";
  locale = "en";
  /** @type {Record<string, Sentence>} */
  sentences = {};
  /** @type {Record<string, string>} */
  ingredients = {};
  /** Once the first are there. */
  ready = this.load();

  async load() {
    const code = chosen();
    if (code === this.language) return;
    const { ingredients, ...sentences } = await fetched(code);
    if (code !== chosen()) return; // Another was chosen meanwhile, and is on its way.
    Object.assign(this, { language: code, locale: localeOf(code), sentences, ingredients: ingredients ?? {} });
    formats.clear();
    document.documentElement.lang = code;
    document.documentElement.dir = /^(ar|fa|he|ur)$/.test(code) ? "rtl" : "ltr";
    this.dispatchEvent(new Event("change"));
  }
}

/** @returns {Promise<any>} */
async function fetched(/** @type {string} */ code) {
  return Object.assign({}, ...await Promise.all(folders.map((folder) => fetchedFrom(folder, code))));
}

/** @returns {Promise<any>} */
async function fetchedFrom(/** @type {string} */ folder, /** @type {string} */ code) {
  for (;;) {
    try {
      const answer = await fetch(`${folder}${code}.json`);
      if (answer.ok) return await answer.json();
      if (answer.status === 404 && code !== "en") return await fetchedFrom(folder, "en");
    } catch { /* Bad Wi-Fi. */ }
    await new Promise((resolve) => { setTimeout(resolve, RETRY_MILLISECONDS); });
  }
}

/** @type {Map<string, any>} making one takes longer than using it */
const formats = new Map();
/**
 * @template T
 * @param {string} name
 * @param {() => T} make
 * @returns {T}
 */
function format(name, make) {
  if (!formats.has(name)) formats.set(name, make());
  return formats.get(name);
}

export const words = new Words();

/** Languages that may have other figures than 0 to 9. */
const OWN_FIGURES = /^(ar|as|bgc|bho|bn|ckb|dz|fa|ks|lrc|mni|mr|my|mzn|ne|pa|ps|raj|sa|sat|sd|ur|uz)\b|-u-/;

/** Small ones are written alike everywhere else: a slow phone takes a tenth of a second to make its first format. */
const isPlain = (/** @type {number} */ value) =>
  Number.isInteger(value) && value >= 0 && value < 1000 && !OWN_FIGURES.test(words.locale);

export const number = (/** @type {number} */ value) => isPlain(value) ? String(value) :
  format("number", () => new Intl.NumberFormat(words.locale, { maximumFractionDigits: 2 })).format(value);

/** @param {number} value a whole one is a hundredth */
export const percent = (value) => t("unit.percent", { count: Math.round(value) });

export const time = (/** @type {Date | string | number} */ date) => format("time", () =>
  new Intl.DateTimeFormat(words.locale, { timeStyle: "short" })).format(new Date(date));

/** A time of day, and the day where it was another. */
export function moment(/** @type {Date | string | number} */ date) {
  const then = new Date(date);
  if (then.toDateString() === new Date().toDateString()) return time(then);
  return format("moment", () => new Intl.DateTimeFormat(words.locale, {
    weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
  })).format(then);
}

export const listed = (/** @type {string[]} */ names, /** @type {"and" | "or"} */ last = "and") => format(last, () =>
  new Intl.ListFormat(words.locale, { type: last === "or" ? "disjunction" : "conjunction" })).format(names);

function shown(/** @type {unknown} */ value, /** @type {string | undefined} */ how) {
  if (typeof value === "number") return number(value);
  if (value instanceof Date) return time(value);
  if (Array.isArray(value)) return listed(value.map(String), how === "or" ? "or" : "and");
  return String(value);
}

function formOf(/** @type {Record<string, string>} */ forms, /** @type {unknown} */ count) {
  const rules = format("plural", () => new Intl.PluralRules(words.locale));
  return forms[`=${count}`] ?? forms[rules.select(Number(count))] ?? forms.other;
}

export const has = (/** @type {string} */ key) => Object.hasOwn(words.sentences, key);

export function t(/** @type {string} */ key, /** @type {Record<string, unknown>} */ values = {}) {
  if (!has(key)) return key;
  const sentence = words.sentences[key];
  const form = typeof sentence === "string" ? sentence : formOf(sentence, values.count);
  return form.replace(/\{(\w+)(?::(\w+))?\}/g, (whole, name, how) => name in values ? shown(values[name], how) : whole);
}

export function languages() {
  return codes.map((code) => {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return { code, name: name.charAt(0).toLocaleUpperCase(code) + name.slice(1) };
  });
}

export function setLanguage(/** @type {string} */ code) {
  prefs.set({ language: code });
  return words.load();
}
prefs.addEventListener("change", () => words.load());

export function ingredientName(/** @type {string} */ name) {
  const known = name.toLowerCase();
  return Object.hasOwn(words.ingredients, known) ? words.ingredients[known] : name;
}

/** Codes of the bar whose sentence needs nothing else; the bar's own is in English, or what the host wrote. */
export function refusal(/** @type {import("./api.js").Ending} */ ending) {
  if (ending.kind !== "refused") return t("refused.unreachable");
  const key = `refused.${ending.code}`;
  if (has(key)) return t(key, { count: ending.wait, seconds: ending.wait });
  return words.language === "en" && ending.detail ? ending.detail : t("refused.other");
}
