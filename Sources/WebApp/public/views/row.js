// @ts-check
// A drink on the menu: the drawing stands on the line, the words beside it, a ring to order it with one tap.

import { make } from "../dom.js";
import { icon } from "../icons.js";
import { picture } from "../picture.js";
import { ingredientName, percent, t } from "../words.js";

/** @typedef {import("../menu.js").Drink} Drink */

/** Drawings are made when their row comes near the screen: four hundred at once would take a slow phone a second. */
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    undrawn.get(target)?.();
    undrawn.delete(target);
  }
}, { rootMargin: "600px" });
/** @type {WeakMap<Element, () => void>} */
const undrawn = new WeakMap();

/** What a drawing goes by: the recipe as the host wrote it, under the name that is read. */
export const drawn = (/** @type {Drink} */ drink) => ({ ...drink.original, name: drink.name });

/** A place for a drawing, which comes as soon as it may be seen. */
export function stand(/** @type {Drink} */ drink, /** @type {import("../picture.js").Options} */ look) {
  const box = make("div", { class: "stand" });
  undrawn.set(box, () => box.append(picture(drawn(drink), { hidden: true, ...look })));
  near.observe(box);
  return box;
}

export const whyOut = (/** @type {Drink} */ drink) =>
  drink.missing.length ? t("drink.out", { list: drink.missing.map(ingredientName) }) : t("drink.notTonight");

/** Alcohol-free or how strong, in a few letters; nothing where the recipe does not say. */
export function marks(/** @type {Drink} */ drink) {
  if (drink.abv === 0) return t("drink.alcoholFree");
  return drink.abv == null ? "" : percent(drink.abv);
}

/**
 * @param {Drink} drink
 * @param {{name: boolean, ingredients: string[]}} found what was searched for, to be marked
 * @param {(drink: Drink) => void} order
 */
export function drinkRow(drink, found, order) {
  const parts = drink.ingredients.flatMap(({ name, shown }, i) =>
    [i ? ", " : "", found.ingredients.includes(name) ? make("mark", {}, shown) : shown]);
  return make("li", { class: drink.available ? "drink-row" : "drink-row out", "data-drink": drink.id },
    stand(drink, { size: 112, empty: !drink.available }),
    make("div", { class: "words" },
      make("h3", { class: "display-type" },
        make("a", { href: `#/drink/${drink.id}` }, found.name ? make("mark", {}, drink.name) : drink.name)),
      make("p", {}, ...(drink.available ? parts : [whyOut(drink)])),
      marks(drink) && make("p", { class: "marks" }, marks(drink))),
    drink.available && ring(drink, order));
}

function ring(/** @type {Drink} */ drink, /** @type {(drink: Drink) => void} */ order) {
  return make("button", {
    type: "button", class: "icon-button ring", "aria-label": t("menu.orderOne", { drink: drink.name }), onclick: () => order(drink),
  }, icon("plus"));
}
