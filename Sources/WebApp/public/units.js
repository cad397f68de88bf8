// @ts-check
// Amounts as the guest measures.
//
//   amount(ingredient, quantity = 1, units = prefs.units)
//                                   "60 ml", "6 cl", "2 oz", "3 dashes", "to top up"; "" for none

import { prefs } from "./prefs.js";
import { has, number, t } from "./words.js";

/** @typedef {{amount?: number | null, unit?: string | null}} Line */

/** Bars pour an ounce as thirty. */
const ML_IN_OUNCE = 30;
const ML_IN = /** @type {Record<string, number>} */ ({ ml: 1, cl: 10, dl: 100, l: 1000, oz: ML_IN_OUNCE });

/** What is engraved on jiggers, as parts of an ounce. */
const FRACTIONS = /** @type {[number, string][]} */ ([
  [0, ""], [1 / 8, "⅛"], [1 / 6, "⅙"], [1 / 4, "¼"], [1 / 3, "⅓"], [3 / 8, "⅜"], [1 / 2, "½"], [5 / 8, "⅝"],
  [2 / 3, "⅔"], [3 / 4, "¾"], [7 / 8, "⅞"], [1, ""],
]);

function ounces(/** @type {number} */ ml) {
  const all = ml / ML_IN_OUNCE, whole = Math.floor(all + 1e-9), rest = all - whole;
  const farFrom = (/** @type {[number, string]} */ [part]) => Math.abs(part - rest);
  const [near, sign] = FRACTIONS.reduce((best, next) => farFrom(next) < farFrom(best) ? next : best);
  const full = whole + (near === 1 ? 1 : 0);
  if (full === 0 && sign === "") return FRACTIONS[1][1]; // Little, and still not nothing.
  return full === 0 ? sign : number(full) + sign;
}

function volume(/** @type {number} */ ml, /** @type {"ml" | "cl" | "oz"} */ units) {
  if (units === "oz") return t("unit.oz", { amount: ounces(ml) });
  const value = units === "cl" ? ml / 10 : ml;
  return t(`unit.${units}`, { amount: number(Math.round(value * 100) / 100) });
}

/**
 * @param {Line} ingredient
 * @param {number} quantity
 * @param {"ml" | "cl" | "oz"} units
 */
export function amount(ingredient, quantity = 1, units = prefs.get("units")) {
  const unit = (ingredient.unit ?? "").toLowerCase();
  if (ingredient.amount == null) return has(`unit.none.${unit}`) ? t(`unit.none.${unit}`) : "";
  const value = ingredient.amount * quantity;
  if (Object.hasOwn(ML_IN, unit)) return volume(value * ML_IN[unit], units);
  if (has(`unit.${unit}`)) return t(`unit.${unit}`, { count: value, amount: number(value) });
  return `${number(value)} ${ingredient.unit ?? ""}`.trim();
}
