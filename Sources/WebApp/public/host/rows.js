// @ts-check
// A list whose rows are made anew only where what they show has changed: the focus stays where it was, on the same
// button of the same row, or on that of the next one where the row has gone.
//
//   const rows = new Rows(list, (item) => row)
//   rows.show(items)       items have an `id`; the buttons of a row a `data-does` of their own

import { arrange } from "../dom.js";

/** @template {{id: string}} Item */
export class Rows {
  #list;
  #rowOf;
  /** @type {Map<string, {made: string, row: HTMLElement}>} */
  #rows = new Map();

  /** @param {Element} list  @param {(item: Item) => HTMLElement} rowOf */
  constructor(list, rowOf) {
    this.#list = list;
    this.#rowOf = rowOf;
  }

  /** @param {Item[]} items  @param {unknown} [more] what rows show beside their item */
  show(items, more) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const before = [...this.#list.children], row = before.find((child) => child.contains(focused));
    this.#rows = new Map(items.map((item) => [item.id, this.#row(item, JSON.stringify([item, more]))]));
    arrange(this.#list, [...this.#rows.values()].map(({ row }) => row));
    if (row && !this.#list.contains(focused)) this.#focus(row, before.indexOf(row), focused?.dataset.does);
  }

  #focus(/** @type {Element} */ row, /** @type {number} */ place, /** @type {string | undefined} */ does) {
    const id = /** @type {HTMLElement} */ (row).dataset.row ?? "";
    const now = this.#rows.get(id)?.row ?? this.#list.children[Math.min(place, this.#list.children.length - 1)];
    const button = now?.querySelector(`[data-does="${does}"]`) ?? now?.querySelector("button")
      ?? this.#list.closest(".view")?.querySelector("h1");
    if (button instanceof HTMLElement) button.focus({ preventScroll: true });
  }

  /** @param {Item} item  @param {string} made */
  #row(item, made) {
    const old = this.#rows.get(item.id);
    if (old?.made === made) return old;
    const row = this.#rowOf(item);
    row.dataset.row = item.id;
    return { made, row };
  }
}
