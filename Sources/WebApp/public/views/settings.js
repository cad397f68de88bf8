// @ts-check
// What this phone remembers of its owner: what they never want, the look, the language, the measures, the sound.

import { make } from "../dom.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { prefs } from "../prefs.js";
import { completions } from "../search.js";
import { session } from "../session.js";
import { ingredientName, t } from "../words.js";
import { languageChoice, themeChoice, toggle, unitsChoice } from "./choices.js";
import { never } from "./join.js";
import { top } from "./top.js";

/** @param {{leave: () => void}} does */
export function settingsSheet({ leave }) {
  const element = make("div", { class: "sheet-body settings-sheet" },
    top(),
    make("h1", { class: "display-type", tabindex: "-1" }, t("settings.title")),
    never(), avoided(),
    themeChoice(), languageChoice(), unitsChoice(),
    toggle("sound"),
    make("div", { class: "foot" }, session.guest && [
      make("p", {}, t("settings.who", { name: session.guest.name })),
      make("button", { type: "button", class: "button quiet wide", onclick: leave }, t("settings.leave"))]));
  return { element, name: t("settings.title"), closed: () => {} };
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
