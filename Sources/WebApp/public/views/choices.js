// @ts-check
// What a reader may have otherwise: look, language, measures, sound. Kept by prefs.js.

import { make, setText } from "../dom.js";
import { prefs } from "../prefs.js";
import { languages, t } from "../words.js";

export const themeChoice = () => choice("theme", ["auto", "night", "day"], (value) => t(`settings.theme.${value}`));

export const languageChoice = () => choice("language", ["auto", ...languages().map(({ code }) => code)], (value) =>
  value === "auto" ? t("settings.auto") : languages().find(({ code }) => code === value)?.name ?? value);

/** Drawn anew in the language that was chosen. */
export const focusLanguage = (/** @type {HTMLElement} */ part) => /** @type {HTMLElement | null} */ (
  part.querySelector("[data-choice^='language '][aria-pressed='true']"))?.focus();

export const unitsChoice = () => choice("units", ["ml", "cl", "oz"], (value) => value);

/**
 * @param {"theme" | "language" | "units"} name
 * @param {string[]} values
 * @param {(value: string) => string} words
 */
function choice(name, values, words) {
  const chips = values.map((value) => make("button", {
    type: "button", class: "chip", "aria-pressed": prefs.get(name) === value,
    "data-choice": `${name} ${value}`, lang: name === "language" && value !== "auto" && value, onclick: () => {
      prefs.set({ [name]: value });
      chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(values[i] === value)));
    },
  }, words(value)));
  return make("fieldset", {}, make("legend", { class: "label" }, t(`settings.${name}`)),
    make("div", { class: "chips wrap" }, ...chips));
}

export function toggle(/** @type {"sound"} */ name) {
  const words = () => t(prefs.get(name) ? "settings.on" : "settings.off");
  const chip = make("button", {
    type: "button", class: "chip", "aria-pressed": prefs.get(name), onclick: () => {
      prefs.set({ [name]: !prefs.get(name) });
      chip.setAttribute("aria-pressed", String(prefs.get(name)));
      setText(chip, words());
    },
  }, words());
  return make("fieldset", {}, make("legend", { class: "label" }, t(`settings.${name}`)),
    make("p", { class: "hint" }, t(`settings.${name}Hint`)), make("div", { class: "chips wrap" }, chip));
}
