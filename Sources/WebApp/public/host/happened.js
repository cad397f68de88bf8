// @ts-check
// What the bar has told since this page first looked here, newest first, each in a sentence.
//
//   happened.events          [{id, at, position, sentence}], forty at most
//   event "change"

import { t } from "../words.js";
import { feed } from "./feed.js";

const MOST = 40;

/** @typedef {{type: string, position: number, data: any, previous_status?: string}} Change */

function sentenceOf(/** @type {Change} */ { type, data }) {
  if (type === "bar_changed") return t(data.accepting_orders ? "system.barOpen" : "system.barPaused");
  if (type === "menu_changed") return t(`system.menu.${data.change}`, { ingredient: data.ingredient ?? "" });
  const who = data.username || t("people.forgotten");
  return t(`system.order.${data.status}`, { name: who, drink: data.drink.name, ticket: data.ticket });
}

class Happened extends EventTarget {
  /** @type {{at: Date, change: Change}[]} */
  #kept = [];

  constructor() {
    super();
    feed.addEventListener("heard", (event) => {
      const change = /** @type {CustomEvent<Change>} */ (event).detail;
      this.#kept = [{ at: new Date(), change }, ...this.#kept].slice(0, MOST);
      this.dispatchEvent(new Event("change"));
    });
  }

  get events() {
    return this.#kept.map(({ at, change }) =>
      ({ id: String(change.position), at, position: change.position, sentence: sentenceOf(change) }));
  }
}

export const happened = new Happened();
