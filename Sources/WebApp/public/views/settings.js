// @ts-check
// What this phone remembers of its owner: what they never want, the look, the language, the measures, the sound.

import { make, setText } from "../dom.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { prefs } from "../prefs.js";
import { completions } from "../search.js";
import { session } from "../session.js";
import { ingredientName, languages, t } from "../words.js";
import { never } from "./join.js";
import { top } from "./top.js";

/** @param {{leave: () => void}} does */
export function settingsSheet({ leave }) {
  const element = make("div", { class: "sheet-body settings-sheet" },
    top(),
    make("h1", { class: "display-type", tabindex: "-1" }, t("settings.title")),
    never(), avoided(),
    choice("theme", ["auto", "night", "day"], (value) => t(`settings.theme.${value}`)),
    choice("language", ["auto", ...languages().map(({ code }) => code)],
      (value) => value === "auto" ? t("settings.auto") : languages().find(({ code }) => code === value)?.name ?? value),
    choice("units", ["ml", "cl", "oz"], (value) => value),
    toggle("sound"),
    make("div", { class: "foot" }, session.guest && [
      make("p", {}, t("settings.who", { name: session.guest.name })),
      make("button", { type: "button", class: "button quiet wide", onclick: leave }, t("settings.leave"))]));
  return { element, name: t("settings.title"), closed: () => {} };
}

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

function toggle(/** @type {"sound"} */ name) {
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

/** Single ingredients that are never wanted, beside the kinds. */
function avoided() {
  const chips = make("div", { class: "chips wrap" }), found = make("ul", { class: "suggest", hidden: true });
  const input = /** @type {HTMLInputElement} */ (make("input", {
    id: "avoid", autocomplete: "off", spellcheck: "false", placeholder: t("settings.avoidPlaceholder"), oninput: suggest,
  }));
  const avoid = (/** @type {string[]} */ names) => {
    prefs.set({ avoid: [...new Set(names)] });
    input.value = "";
    show();
    suggest();
  };
  function show() {
    chips.replaceChildren(...prefs.get("avoid").map((name) => make("button", {
      type: "button", class: "chip avoid", "aria-label": t("finder.remove.avoid", { name: ingredientName(name) }),
      onclick: () => { avoid(prefs.get("avoid").filter((other) => other !== name)); input.focus(); },
    }, `${t("finder.avoid")} `, make("b", {}, ingredientName(name)), icon("close", { small: true }))));
    chips.hidden = prefs.get("avoid").length === 0;
  }
  function suggest() {
    const names = completions(menu.drinks.values(), input.value).filter(({ name }) => !prefs.get("avoid").includes(name));
    found.hidden = names.length === 0;
    found.replaceChildren(...names.map(({ name, shown }) => make("li", {},
      make("span"), make("span", {}, shown), make("span"), make("span"),
      make("button", { type: "button", class: "without", "aria-label": t("finder.choose.avoid", { name: shown }),
        onclick: () => { avoid([...prefs.get("avoid"), name]); input.focus(); } }, t("finder.choice.avoid")))));
  }
  show();
  return make("div", { class: "avoided" }, make("label", { class: "label", for: "avoid" }, t("settings.avoid")),
    make("div", { class: "field" }, icon("search"), input), found, chips);
}
