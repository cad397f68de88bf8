// @ts-check
// One drink, large: what is in it, how strong it is, how many, a note, and one button to order it.

import { make, setText } from "../dom.js";
import { ingredientColour } from "../drink-drawing.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { picture } from "../picture.js";
import { prefs } from "../prefs.js";
import { amount } from "../units.js";
import { percent, t } from "../words.js";
import { drawn as recipeOf, whyOut } from "./row.js";
import { top } from "./top.js";

/** @typedef {import("../menu.js").Drink} Drink */

const MOST = 10;
const NOTE_LENGTH = 200;

/** @type {Map<string, {count: number, text: string}>} what somebody had begun when the sheet went, by drink */
const drafts = new Map();

/**
 * @param {Drink} drink
 * @param {(drink: Drink, quantity: number, note: string) => void} order
 */
export function drinkSheet(drink, order) {
  const stage = make("div", { class: "stand" });
  const why = make("p", { class: "why", role: "status" });
  const button = make("button", { type: "button", class: "button primary" });
  const draft = drafts.get(drink.id);
  const quantity = stepper(draft?.count ?? 1, (count) => showRecipe(count));
  const recipe = make("ul", { class: "recipe", "aria-label": t("drink.recipe") });
  const note = /** @type {HTMLTextAreaElement} */ (make("textarea", {
    id: "note", rows: 2, maxlength: NOTE_LENGTH, placeholder: t("drink.notePlaceholder"),
  }));
  note.value = draft?.text ?? "";
  let drawn = "", isOrdered = false;

  function showRecipe(/** @type {number} */ count) {
    recipe.replaceChildren(...drink.ingredients.map((part) => {
      const dot = make("i", { class: "dot" });
      dot.style.background = ingredientColour(part.name).hex;
      const isMissing = drink.missing.includes(part.shown);
      const name = part.optional ? `${part.shown} (${t("drink.optional")})` : part.shown;
      return make("li", {}, dot, make("span", { class: isMissing ? "missing" : "" }, name),
        make("span", {}, amount(part, count)));
    }));
  }

  /** The drink may change, run out or leave while it is looked at. */
  function show() {
    const now = menu.drinks.get(drink.id);
    if (now) drink = now;
    const canOrder = now?.available && menu.bar?.accepting_orders !== false;
    const look = JSON.stringify([drink, now?.available]);
    if (look !== drawn) {
      drawn = look;
      stage.replaceChildren(picture(recipeOf(drink), { size: 320, fit: true, hidden: true, empty: !now?.available }));
      showRecipe(quantity.count());
    }
    setText(why, !now ? t("drink.gone") : !now.available ? `${whyOut(now)}.`
      : menu.bar?.accepting_orders === false ? menu.bar.message || t("menu.paused") : "");
    button.setAttribute("aria-disabled", String(!canOrder));
    setText(button, canOrder ? t("drink.order") : t("drink.cannot"));
  }

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return why.scrollIntoView({ block: "center" });
    isOrdered = true;
    order(drink, quantity.count(), note.value.trim());
  });
  function closed() {
    menu.removeEventListener("change", show);
    if (isOrdered) drafts.delete(drink.id);
    else drafts.set(drink.id, { count: quantity.count(), text: note.value });
  }
  const element = make("div", { class: "sheet-body drink-sheet" },
    top(favourite(drink)),
    make("div", { class: "stage" }, stage),
    make("div", { class: "about" },
      make("h1", { class: "display-type", tabindex: "-1" }, drink.name),
      make("p", { class: "line" }, drink.description),
      facts(drink),
      recipe, why,
      menu.bar?.show_recipes && drink.recipe_steps.length > 0 && [
        make("h2", {}, t("drink.method")),
        make("ol", { class: "method" }, ...drink.recipe_steps.map((step) => make("li", {}, step)))],
      make("h2", {}, make("label", { for: "note" }, t("drink.note"))), note),
    make("div", { class: "sheet-act" }, quantity.element, button));
  menu.addEventListener("change", show);
  show();
  return { element, name: drink.name, closed };
}

function favourite(/** @type {Drink} */ drink) {
  const button = make("button", {
    type: "button", class: "icon-button", "aria-label": t("drink.favourite", { drink: drink.name }), onclick: () => {
      const favourites = prefs.get("favourites");
      prefs.set({ favourites: favourites.includes(drink.id)
        ? favourites.filter((id) => id !== drink.id) : [...favourites, drink.id] });
      show();
    },
  });
  function show() {
    const isOne = prefs.get("favourites").includes(drink.id);
    button.setAttribute("aria-pressed", String(isOne));
    button.replaceChildren(icon("heart"));
  }
  show();
  return button;
}

/** Strength in five strokes and words, the glass, the ice. */
function facts(/** @type {Drink} */ drink) {
  const strength = drink.abv == null ? null : drink.abv === 0 ? 0 : Math.min(5, Math.max(1, Math.ceil(drink.abv / 7)));
  const measure = strength && make("span", { class: "measure", "aria-hidden": "true" },
    ...[1, 2, 3, 4, 5].map((stroke) => make("i", { class: stroke <= strength ? "on" : "" })));
  return make("p", { class: "facts" },
    strength === 0 && make("span", {}, t("drink.alcoholFree")),
    strength && make("span", {}, measure, `${t(`drink.strength.${strength}`)}, ${percent(drink.abv ?? 0)}`),
    drink.garnish && make("span", {}, t("drink.garnish", { garnish: drink.garnish })));
}

export function stepper(/** @type {number} */ first, /** @type {(count: number) => void} */ changed) {
  const output = /** @type {HTMLOutputElement} */ (make("output", { "aria-live": "polite" }, first));
  const step = (/** @type {number} */ by) => {
    output.value = String(Math.min(MOST, Math.max(1, Number(output.value) + by)));
    changed(Number(output.value));
  };
  const button = (/** @type {"minus" | "plus"} */ name, /** @type {string} */ label, /** @type {number} */ by) =>
    make("button", { type: "button", class: "icon-button", "aria-label": label, onclick: () => step(by) }, icon(name));
  return {
    element: make("div", { class: "stepper", role: "group", "aria-label": t("drink.quantity") },
      button("minus", t("drink.fewer"), -1), output, button("plus", t("drink.more"), 1)),
    count: () => Number(output.value),
  };
}
