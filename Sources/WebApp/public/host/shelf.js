// @ts-check
// What stands on the shelf, and what hangs on it.
//
//   shelf.rows                        by name, each {name, in_stock, drink_count, waiting_order_count, drinks,
//                                     waiting_orders}
//   shelf.isHere, .trouble, .read     as of every Mirror
//   shelf.effectOf(name)              -> Promise<Ending> with the whole row
//   shelf.mark(name, inStock)         -> Promise<Ending>
//   namesLike(rows, text, limit)      those that a text begins, for completion
//   event "change"

import { fold, wordsOf } from "../search.js";
import { Mirror } from "./mirror.js";
import { staff } from "./staff.js";

/**
 * @typedef {{id: string, ticket: number, username: string, status: string, drink: {id: string, name: string}}} Waiting
 * @typedef {{name: string, in_stock: boolean, drink_count: number, waiting_order_count: number,
 *   drinks: {id: string, name: string}[], waiting_orders: Waiting[]}} Row
 */

class Shelf extends Mirror {
  /** @type {Row[]} */
  rows = [];

  /** Orders, too: they wait for what is out. */
  concerns(/** @type {string} */ type) { return type !== "bar_changed"; }

  async load(/** @type {number | null} */ after) { return [await staff.ask("GET", "/admin/ingredients", { after })]; }

  take(/** @type {[Row[]]} */ [rows]) {
    if (JSON.stringify(rows) === JSON.stringify(this.rows)) return false;
    this.rows = rows;
    return true;
  }

  forget() { this.rows = []; }

  effectOf(/** @type {string} */ name) {
    return staff.ask("GET", `/admin/ingredients/${encodeURIComponent(name)}`, { after: this.after });
  }

  async mark(/** @type {string} */ name, /** @type {boolean} */ in_stock) {
    const ending = await staff.ask("PUT", `/admin/ingredients/${encodeURIComponent(name)}`, { body: { in_stock } });
    if (ending.kind === "answered") await this.read(ending.position);
    return ending;
  }
}

export const shelf = new Shelf();

/** Those whose words begin so, and first those that begin so themselves. */
export function namesLike(/** @type {Row[]} */ rows, /** @type {string} */ text, limit = 6) {
  const typed = wordsOf(text);
  const found = rows.map(({ name }) => name).filter((name) => {
    const words = wordsOf(name);
    return typed.every((word) => words.some((other) => other.startsWith(word)));
  });
  const isFirst = (/** @type {string} */ name) => fold(name).startsWith(typed[0] ?? "") ? 0 : 1;
  return found.sort((one, other) => isFirst(one) - isFirst(other)).slice(0, limit);
}
