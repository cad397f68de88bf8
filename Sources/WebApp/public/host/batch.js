// @ts-check
// Orders of one drink that are best made together.
//
//   batchesOf(orders) -> Batch[]          of two orders or more with one recipe; the largest first, then the oldest
//   totalsOf(orders) -> [{name, count}]   drinks by how many are wanted, the most first
//   measures(batch) -> string             "150 ml Tequila, 60 ml Lime juice"

import { amount } from "../units.js";
import { ingredientName, listed } from "../words.js";

/**
 * @typedef {import("./queue.js").Order} Order
 * @typedef {{drink: import("./queue.js").Drink, orders: Order[], count: number, notes: Order[]}} Batch
 *   `count` is that of the drinks; `notes` the orders that want something of their own
 */

/** @type {WeakMap<object, string>} */
const recipes = new WeakMap();

/** What two orders have in common that are made together. */
function recipeOf(/** @type {Order} */ { drink }) {
  const known = recipes.get(drink) ?? JSON.stringify([drink.id, drink.ingredients, drink.recipe_steps]);
  recipes.set(drink, known);
  return known;
}

const countOf = (/** @type {Order[]} */ orders) => orders.reduce((sum, { quantity }) => sum + quantity, 0);

/**
 * @template Key
 * @param {Order[]} orders
 * @param {(order: Order) => Key} keyOf
 */
function grouped(orders, keyOf) {
  const groups = /** @type {Map<Key, Order[]>} */ (new Map());
  for (const order of orders) {
    const key = keyOf(order), group = groups.get(key);
    if (group) group.push(order);
    else groups.set(key, [order]);
  }
  return [...groups.values()];
}

/** @returns {Batch[]} */
export function batchesOf(/** @type {Order[]} */ orders) {
  return grouped(orders.filter(({ drink }) => drink.ingredients), recipeOf)
    .filter((group) => group.length > 1)
    .map((group) => ({
      drink: group[0].drink, orders: group, count: countOf(group), notes: group.filter(({ note }) => note),
    }))
    .sort((one, other) => other.count - one.count);
}

export function totalsOf(/** @type {Order[]} */ orders) {
  return grouped(orders, ({ drink }) => drink.name)
    .map((group) => ({ name: group[0].drink.name, count: countOf(group) }))
    .sort((one, other) => other.count - one.count);
}

export const measures = (/** @type {Batch} */ { drink, count }) => listed(drink.ingredients.map((line) =>
  `${amount(line, count)} ${ingredientName(line.name)}`.trim()));
