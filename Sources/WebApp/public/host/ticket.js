// @ts-check
// Tickets on the board: slim while they wait and once they are ready, in full while they are mixed.
//
//   new Tickets({bar, forward, back, look})
//       forward, back, look   what the buttons of a ticket do with its order
//   tickets.of(order) -> Element      the same one for as long as it looks the same
//   tickets.tick()                    minutes go by
//   recipe(drink, quantity), method(drink), age(order, bar)       parts of it

import { make, setText } from "../dom.js";
import { picture } from "../picture.js";
import { amount } from "../units.js";
import { prefs } from "../prefs.js";
import { ingredientName, listed, number, t, words } from "../words.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("./queue.js").Order} Order
 * @typedef {import("./queue.js").Drink} Drink
 * @typedef {typeof import("./bar.js").bar} Bar
 * @typedef {(order: Order) => void} Does
 * @typedef {{element: HTMLElement, show: (now?: Order) => void}} Age
 */

const MINUTE = 60_000;
/** More glasses than these say no more. */
const MOST_GLASSES = 3;

/** What is to be done with it, by how it is. */
const VERBS = /** @type {Record<string, string>} */ ({ pending: "start", in_progress: "finish", ready: "taken" });

export const nameOf = (/** @type {Order} */ { drink, quantity }) =>
  quantity > 1 ? t("order.several", { count: quantity, drink: drink.name }) : drink.name;

/** Since when somebody waits: for the drink, and then the drink for them. */
function waitsSince(/** @type {Order} */ { status, created_at, timeline }) {
  const ready = status === "ready" && timeline.filter((step) => step.status === "ready").at(-1);
  return Date.parse(ready ? ready.at : created_at);
}

/**
 * Strokes, minutes, and the word: never colour alone.
 * @param {Order} order
 * @param {Bar} bar
 * @returns {Age}
 */
export function age(order, bar) {
  const strokes = [1, 2, 3].map(() => make("b")), words = make("span");
  const element = make("span", { class: "age" }, make("i", { "aria-hidden": "true" }, ...strokes), words);
  let shown = "", since = 0;
  function show(now = order) {
    order = now;
    since = waitsSince(order);
    const minutes = Math.max(0, Math.floor((bar.now() - since) / MINUTE));
    const { wait_minutes, late_minutes } = bar.settings;
    const level = minutes >= late_minutes ? 3 : minutes >= wait_minutes ? 2 : 1;
    if (shown === `${minutes} ${level}`) return;
    shown = `${minutes} ${level}`;
    element.className = ["age", "age", "age wait", "age late"][level];
    strokes.forEach((stroke, place) => { stroke.className = place < level ? "on" : ""; });
    setText(words, t(level === 3 ? "board.late" : "board.minutes", { count: minutes }));
  }
  show();
  return { element, show };
}

/** @param {Drink} drink  @param {number} quantity */
export function recipe(drink, quantity) {
  return make("dl", { class: "amounts" }, ...(drink.ingredients ?? []).map((line) => [
    make("dt", {}, amount(line, quantity) || "·"),
    make("dd", {}, ingredientName(line.name),
      line.optional && make("small", {}, t("drink.optional")),
      line.substitutes?.length > 0 && make("small", {},
        t("board.instead", { list: line.substitutes.map(ingredientName) }))),
  ]).flat());
}

export function method(/** @type {Drink} */ drink) {
  const { recipe_steps: steps = [], garnish } = drink;
  if (!steps.length && !garnish) return null;
  return make("div", { class: "how" },
    steps.length > 0 && make("ol", {}, ...steps.map((step) => make("li", {}, step))),
    garnish && make("p", {}, t("drink.garnish", { garnish: listed(garnish.split(", ").map(ingredientName)) })));
}

const who = (/** @type {Order} */ { ticket, username }) =>
  make("span", { class: "name" }, make("span", { class: "n" }, number(ticket)), ` ${username}`);

export class Tickets {
  #bar;
  #does;
  /** @type {Map<string, {made: string, element: HTMLElement, age: Age}>} */
  #made = new Map();

  /** @param {{bar: Bar, forward: Does, back: Does, look: Does}} does */
  constructor({ bar, ...does }) {
    this.#bar = bar;
    this.#does = does;
  }

  /** @param {Order[]} orders all that are shown, in any order */
  keepOnly(orders) {
    const ids = new Set(orders.map(({ id }) => id));
    for (const id of this.#made.keys()) if (!ids.has(id)) this.#made.delete(id);
  }

  tick() { for (const { age } of this.#made.values()) age.show(); }

  of(/** @type {Order} */ order) {
    const { id, status, ticket, quantity, note, username, drink, isMoving } = order;
    const made = JSON.stringify([
      status, ticket, quantity, note, username, drink.id, !drink.ingredients, words.language,
      prefs.get("units"),
    ]);
    const old = this.#made.get(id);
    if (old?.made === made) {
      // In place: a finger may lie on it.
      old.element.toggleAttribute("data-moving", isMoving);
      old.age.show(order);
      return old.element;
    }
    const waits = age(order, this.#bar);
    const element = status === "in_progress" ? this.#full(order, waits) : this.#slim(order, waits);
    element.dataset.order = id;
    element.dataset.status = status;
    element.toggleAttribute("data-moving", isMoving);
    // It arrives in its column once, and not again as it settles there.
    if (old && JSON.parse(old.made)[0] !== status) element.classList.add("arrives");
    this.#made.set(id, { made, element, age: waits });
    return element;
  }

  /** @param {Order} order  @param {string} look */
  #forward(order, look) {
    const verb = VERBS[order.status] ?? "start";
    return make("button", {
      type: "button", class: `button ${look} small`, "data-act": "forward",
      "aria-label": t(`board.${verb}One`, { drink: nameOf(order), name: order.username }),
      // The next ticket comes under the finger: the second half of a double tap is not meant for it.
      onclick: (/** @type {MouseEvent} */ { detail }) => { if (detail < 2) this.#does.forward(order); },
    }, t(`board.${verb}`));
  }

  /** @param {Order} order  @param {Node | string} words */
  #look(order, words) {
    return make("button", {
      type: "button", class: "look", "data-act": "look", onclick: () => this.#does.look(order),
      "aria-label": t("board.lookOne", { drink: nameOf(order), name: order.username }),
    }, words);
  }

  /** @param {Order} order  @param {Age} waits */
  #slim(order, waits) {
    const isReady = order.status === "ready", drink = nameOf(order);
    return make("li", { class: isReady ? "slim done" : "slim" },
      make("div", { class: "stand" }, picture(order.drink, { size: 76, fit: true, hidden: true, lazy: true })),
      make("div", {},
        make("div", { class: "who" }, isReady
          ? make("span", { class: "n" }, number(order.ticket)) : who(order), waits.element),
        make("div", { class: "line" },
          make("div", { class: "body" },
            make("h3", { class: "display-type" }, this.#look(order, isReady ? order.username : drink)),
            isReady && make("p", {}, drink),
            order.note && !isReady && make("p", { class: "note" }, order.note)),
          this.#forward(order, "quiet"))));
  }

  /** @param {Order} order  @param {Age} waits */
  #full(order, waits) {
    const { drink, quantity, note, username } = order, names = { drink: nameOf(order), name: username };
    const glasses = Math.min(quantity, MOST_GLASSES);
    const ring = (/** @type {"undo" | "more"} */ name, /** @type {string} */ label, /** @type {Does} */ does) =>
      make("button", {
        type: "button", class: "icon-button ring", "aria-label": label, "data-act": name, onclick: () => does(order),
      }, icon(name));
    return make("li", { class: "full" },
      make("div", { class: "who" }, who(order), waits.element),
      make("div", { class: "head" },
        make("div", {},
          make("h3", { class: "display-type" }, drink.name,
            quantity > 1 && make("span", { class: "times" }, ` × ${number(quantity)}`)),
          note && make("p", { class: "note" }, note),
          recipe(drink, quantity)),
        make("div", { class: "stand", "data-glasses": String(glasses) }, ...Array.from({ length: glasses }, () =>
          picture(drink, { size: 132, fit: true, hidden: true, lazy: true })))),
      method(drink),
      make("div", { class: "acts" },
        ring("undo", t("board.backOne", names), this.#does.back),
        this.#forward(order, "primary"),
        ring("more", t("board.lookOne", names), this.#does.look)));
  }
}
