// @ts-check
// A drink on the menu: the drawing stands on the line, the words beside it, a ring to order it with one tap.

import { whenRead } from "../api.js";
import { inSlices, make } from "../dom.js";
import { icon } from "../icons.js";
import { ingredientName, percent, t } from "../words.js";

/** @typedef {import("../menu.js").Drink} Drink */

/** @type {WeakMap<Drink, import("../picture.js").Pictured>} */
const recipes = new WeakMap();

/** What a drawing goes by: the recipe as the host wrote it, under the name that is read. */
export function drawn(/** @type {Drink} */ drink) {
  const recipe = recipes.get(drink) ?? { ...drink.original, name: drink.name };
  recipes.set(drink, recipe);
  return recipe;
}

/** @typedef {{drink: Drink, look: import("../picture.js").Options}} Wanted what is to be drawn in a stand */

/** @type {WeakMap<Element, Wanted>} */
const undrawn = new WeakMap();
/**
 * Those that are near the screen.
 * @type {Element[]}
 */
const near = [];
/**
 * Drawings are read when the first is wanted.
 * @type {typeof import("../picture.js").picture | null}
 */
let picture = null;

/** Drawings are made when they come near the screen: four hundred at once would take a slow phone seconds. */
const eye = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    eye.unobserve(target);
    near.push(target);
  }
  if (near.length) drawAll();
}, { rootMargin: "600px 0px" });

function draw(/** @type {Element} */ stand) {
  const wanted = undrawn.get(stand);
  if (wanted && picture) stand.replaceChildren(picture(drawn(wanted.drink), { hidden: true, ...wanted.look }));
}

const drawSome = inSlices(() => {
  const stand = near.shift();
  if (stand) draw(stand);
  return near.length > 0;
});

async function drawAll() {
  ({ picture } = await whenRead(() => import("../picture.js")));
  drawSome();
}

// Paper has no screen to be near to.
window.addEventListener("beforeprint", () => document.querySelectorAll(".stand:empty").forEach(draw));

/** A place for a drawing, which comes as soon as it may be seen; until then it shows what it showed. */
export function stand(/** @type {Drink} */ drink, /** @type {import("../picture.js").Options} */ look,
  box = make("div", { class: "stand" })) {
  undrawn.set(box, { drink, look });
  eye.observe(box);
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
 * Fills a row of the list, or what has changed of it: the drawing stays where the drink is the same.
 * @param {HTMLElement} row
 * @param {Drink} drink
 * @param {{name: boolean, ingredients: string[]}} found what was searched for, to be marked
 * @param {(drink: Drink) => void} order
 */
export function fillRow(row, drink, found, order) {
  const parts = drink.ingredients.flatMap(({ name, shown }, i) =>
    [i ? ", " : "", found.ingredients.includes(name) ? make("mark", {}, shown) : shown]);
  row.className = drink.available ? "drink-row" : "drink-row out";
  row.replaceChildren(standIn(row, drink),
    make("div", { class: "words" },
      make("h3", { class: "display-type" },
        make("a", { href: `#/drink/${drink.id}` }, found.name ? make("mark", {}, drink.name) : drink.name)),
      make("p", {}, ...(drink.available ? parts : [whyOut(drink)])),
      marks(drink) && make("p", { class: "marks" }, marks(drink))),
    ...(drink.available ? [ring(drink, order)] : []));
}

/**
 * What the drawing of a row is of.
 * @type {WeakMap<Element, Drink>}
 */
const standing = new WeakMap();

function standIn(/** @type {HTMLElement} */ row, /** @type {Drink} */ drink) {
  const old = /** @type {HTMLElement | null} */ (row.firstElementChild), look = { size: 112, empty: !drink.available };
  if (old && standing.get(row) === drink) return old;
  standing.set(row, drink);
  return stand(drink, look, old ?? undefined);
}

function ring(/** @type {Drink} */ drink, /** @type {(drink: Drink) => void} */ order) {
  return make("button", {
    type: "button", class: "icon-button ring", "aria-label": t("menu.orderOne", { drink: drink.name }),
    onclick: () => order(drink),
  }, icon("plus"));
}
