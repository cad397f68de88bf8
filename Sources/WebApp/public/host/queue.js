// @ts-check
// The orders that somebody waits for, as the bar has them, and the moves that are made here.
//
//   queue.orders                      Map by id, oldest first, each with the drink as it was ordered
//   queue.of(status)                  those of one status
//   queue.isHere                      whether anything is known yet
//   queue.isFresh                     whether the last reading came through
//   queue.completed                   how many were taken within a day
//   queue.read(after?)                -> Promise<void>
//   queue.move(orders, status, {reason, isUndo}) -> Promise<Moved>
//   queue.move(orders, status, {reason, isUndo}) -> Promise<Moved>
//                                     of those that are as they are shown; `reason` is for the guest to read. Each is
//                                     shown where it goes at once (`isMoving`), and back where it was if it cannot. A
//                                     move the bar does not answer for is tried again for a while, and done once.
//   queue.canUndo, queue.undoLast()   -> Promise<Moved | null>; the last move made here, one step at a time
//   stepBefore(order)                 the status that a step back leads to; undefined where there is none
//   queue.place(body)                 -> Promise<Ending>; an order for a guest without a phone
//   event "change"
//   event "new"                       detail {orders}: came by themselves, while somebody was looking or while the line
//                                     was lost

import { Reading, isUncertain, uuid } from "../api.js";
import { feed } from "./feed.js";
import { staff } from "./staff.js";

/**
 * @typedef {import("../api.js").Ending} Ending
 * @typedef {"pending" | "in_progress" | "ready" | "completed" | "cancelled" | "rejected"} Status
 * @typedef {{name: string, amount: number | null, unit: string, optional: boolean, substitutes: string[]}} Line
 * @typedef {{id: string, name: string, ingredients: Line[], recipe_steps: string[], garnish: string, glass: string,
 *   ice: "none" | "cubes" | "large" | "crushed", tags: string[], abv: number | null, image_url: string | null}} Drink
 *
 * `at` is the log position it was seen at.
 * @typedef {{id: string, ticket: number, drink: Drink, quantity: number, note: string, username: string,
 *   status: Status, created_at: string, updated_at: string,
 *   timeline: {status: Status, at: string, by: string, reason: string | null}[], at: number, isMoving: boolean}} Order
 *
 * How a move ended: of those that went, and of those that did not, with how they are by now.
 * @typedef {{done: Order[], failed: {order: Order, ending: Ending, now: Order | null}[]}} Moved
 */

const OPEN = new Set(["pending", "in_progress", "ready"]);
/** A bar that restarts is back by then. */
const PATIENCE_MILLISECONDS = 15_000;
const RETRY_MILLISECONDS = 700;
/** So many orders that came at once are read one by one; more are read together. */
const FEW = 4;
const MOST_UNDOS = 50;

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** The bar walks back through what an order has been, and a step back is itself forgotten. */
export function stepBefore(/** @type {Order} */ { timeline }) {
  const path = /** @type {Status[]} */ ([]);
  for (const { status } of timeline) {
    if (path.at(-2) === status) path.pop();
    else path.push(status);
  }
  return path.at(-2);
}

/** It was sent on already, and is shown there. */
const isOnItsWay = (/** @type {Order} */ { isMoving, status }, /** @type {Status} */ told) =>
  isMoving && status !== told;

class Queue extends EventTarget {
  /** @type {Map<string, Order>} */
  orders = new Map();
  isHere = false;
  isFresh = false;
  completed = 0;
  /** @type {{to: Status, moved: Promise<Moved>}[]} */
  #undos = [];
  /** The move of an order that is under way: the next one waits for it. @type {Map<string, Promise<unknown>>} */
  #moves = new Map();
  /** Orders being placed here: nobody need be told of them. */
  #placing = 0;
  /** @type {Map<string, number>} ids to be read alone, each with the position to be seen */
  #wanted = new Map();
  #reading = new Reading(async () => { this.isFresh = await this.#readOnce(); });
  #later = 0;

  constructor() {
    super();
    staff.addEventListener("change", () => { if (!staff.account) this.#forget(); });
    feed.addEventListener("heard", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    feed.addEventListener("missed", (event) => {
      const { position } = /** @type {CustomEvent} */ (event).detail;
      if (position !== null) for (const order of this.orders.values()) order.at = 0;
      this.read(position);
    });
  }

  of(/** @type {Status} */ status) { return [...this.orders.values()].filter((order) => order.status === status); }

  get canUndo() { return this.#undos.length > 0; }

  #forget() {
    this.orders.clear();
    this.#undos = [];
    this.isHere = false;
  }

  #changed() {
    this.orders = new Map([...this.orders].sort(([one], [other]) => one < other ? -1 : 1));
    this.dispatchEvent(new Event("change"));
  }

  #tellNew(/** @type {Order[]} */ orders) {
    const isOwn = (/** @type {Order} */ { timeline }) => this.#placing > 0 && timeline[0]?.by === "staff";
    const news = orders.filter((order) => order.status === "pending" && !isOwn(order));
    if (news.length) this.dispatchEvent(new CustomEvent("new", { detail: { orders: news } }));
  }

  /** Takes what is newer than what is known; whether it was. */
  #take(/** @type {any} */ data, /** @type {number} */ at) {
    const known = this.orders.get(data.id);
    if (known && (known.isMoving ? known.at > at || isOnItsWay(known, data.status) : known.at >= at)) return false;
    if (OPEN.has(data.status)) {
      const drink = data.drink.ingredients ? data.drink : known?.drink ?? data.drink;
      this.orders.set(data.id, { ...data, note: data.note ?? "", drink, at, isMoving: false });
    } else this.orders.delete(data.id);
    return true;
  }

  /** @param {number | null} after a log position that the answers must have seen */
  read(after = null) { return this.#reading.begin(after); }

  async #readOnce() {
    const { after } = this.#reading, found = [];
    let cursor = "", at = Infinity, metadata = null;
    do {
      const path = `/admin/orders?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const page = await staff.ask("GET", path, { after });
      if (page.kind === "refused" && page.code === "position_ahead") this.#reading.after = null;
      if (page.kind !== "answered") {
        this.#readLater(page);
        return false;
      }
      found.push(...page.data);
      at = Math.min(at, page.position ?? 0);
      metadata ??= page.metadata;
      cursor = page.metadata?.next_cursor ?? "";
    } while (cursor);
    this.#reading.seen(after);
    this.#takeAll(found, at, metadata);
    return true;
  }

  /** While the line is there, nobody else would ask again. */
  #readLater(/** @type {Ending} */ ending) {
    clearTimeout(this.#later);
    if (isUncertain(ending)) {
      const wait = (ending.kind === "refused" && ending.wait * 1000) || RETRY_MILLISECONDS;
      this.#later = window.setTimeout(() => { if (staff.account) this.read(); }, wait);
    }
  }

  #takeAll(/** @type {any[]} */ found, /** @type {number} */ at, /** @type {any} */ metadata) {
    const there = new Set(found.map(({ id }) => id)), wasHere = this.isHere;
    const news = found.filter(({ id }) => !this.orders.has(id)).map(({ id }) => id);
    const isGone = (/** @type {Order} */ { id, at: seenAt, isMoving }) => !there.has(id) && seenAt <= at && !isMoving;
    for (const order of [...this.orders.values()]) if (isGone(order)) this.orders.delete(order.id);
    for (const data of found) if (!this.orders.get(data.id)?.isMoving) this.#take(data, at);
    this.completed = metadata?.completed_24h_count ?? this.completed;
    this.isHere = true;
    this.#changed();
    if (wasHere) this.#tellNew(news.flatMap((id) => this.orders.get(id) ?? []));
  }

  #hear(/** @type {{type: string, position: number, data: any, previous_status?: string}} */ change) {
    if (!change.type.startsWith("order_")) return;
    const { data, position, previous_status: before } = change;
    if (data.status === "completed" && before !== "completed") this.completed += 1;
    if (before === "completed" && data.status !== "completed") this.completed -= 1;
    if (OPEN.has(data.status) && !this.orders.get(data.id)?.drink.ingredients) return this.#want(data.id, position);
    if (this.#take(data, position)) this.#changed();
  }

  /** What the bar tells of has no recipe: that is asked for. */
  async #want(/** @type {string} */ id, /** @type {number} */ position) {
    this.#wanted.set(id, position);
    if (this.#wanted.size > FEW) {
      await this.read(Math.max(...this.#wanted.values()));
      return this.#wanted.clear();
    }
    const isNew = !this.orders.has(id), order = await this.#fetch(id, position);
    this.#wanted.delete(id);
    if (order) this.#changed();
    else this.read(position);
    if (order && isNew) this.#tellNew([order]);
  }

  async #fetch(/** @type {string} */ id, /** @type {number | null} */ after = null) {
    const ending = await staff.ask("GET", `/admin/orders/${id}`, { after });
    if (ending.kind !== "answered") return null;
    this.#take(ending.data, ending.position ?? 0);
    return this.orders.get(id) ?? /** @type {Order} */ ({ ...ending.data, at: ending.position ?? 0, isMoving: false });
  }

  /** Asks until the bar answers, for a while; with one key, so that it is done once. */
  async #insist(/** @type {"POST" | "PUT"} */ method, /** @type {string} */ path, /** @type {unknown} */ body) {
    const key = uuid(), end = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const ending = await staff.ask(method, path, { key, body });
      if (!isUncertain(ending) || Date.now() > end || !staff.account) return ending;
      await pause(ending.kind === "refused" && ending.wait ? ending.wait * 1000 : RETRY_MILLISECONDS);
    }
  }

  /**
   * @param {Order[]} orders
   * @param {Status} status
   * @param {{reason?: string, isUndo?: boolean}} more
   * @returns {Promise<Moved>}
   */
  async move(orders, status, { reason, isUndo = false } = {}) {
    const before = Promise.all(orders.map(({ id }) => this.#moves.get(id)));
    const moved = this.#moveAll(orders, status, reason, before), undo = { to: status, moved };
    for (const { id } of orders) this.#moves.set(id, moved);
    if (!isUndo) this.#undos = [...this.#undos, undo].slice(-MOST_UNDOS);
    const { done } = await moved;
    for (const { id } of orders) if (this.#moves.get(id) === moved) this.#moves.delete(id);
    if (!done.length) this.#undos = this.#undos.filter((other) => other !== undo);
    return moved;
  }

  /**
   * In their order, so that the guest who came first is served first.
   * @param {Order[]} orders
   * @param {Status} status
   * @param {string | undefined} reason
   * @param {Promise<unknown>} before
   */
  async #moveAll(orders, status, reason, before) {
    for (const order of orders) this.orders.set(order.id, { ...order, status, isMoving: true });
    this.#changed();
    await before;
    const moved = /** @type {Moved} */ ({ done: [], failed: [] });
    for (const order of orders) {
      const ending = await this.#insist("PUT", `/admin/orders/${order.id}`,
        { status, expected_status: order.status, ...(reason ? { reason } : {}) });
      if (ending.kind === "answered") {
        this.#settle(order, ending);
        moved.done.push(order);
      } else moved.failed.push({ order, ending, now: await this.#putBack(order) });
      this.#changed();
    }
    return moved;
  }

  #settle(/** @type {Order} */ order, /** @type {import("../api.js").Answered} */ ending) {
    const at = ending.position ?? order.at, known = this.orders.get(order.id);
    if (known && (known.at > at || isOnItsWay(known, ending.data.status))) return;
    this.#take({ ...ending.data, drink: order.drink }, at);
  }

  /** How it is by now, or at least as it was. */
  async #putBack(/** @type {Order} */ order) {
    if (this.orders.get(order.id)?.isMoving) this.orders.set(order.id, { ...order, isMoving: false });
    return this.#fetch(order.id);
  }

  async undoLast() {
    const last = this.#undos.pop();
    if (!last) return null;
    const { done: orders } = await last.moved;
    const back = new Map(orders.map((order) => [order.status, /** @type {Order[]} */ ([])]));
    for (const order of orders) back.get(order.status)?.push({ ...order, status: last.to });
    const all = /** @type {Moved} */ ({ done: [], failed: [] });
    for (const [status, orders] of back) {
      const { done, failed } = await this.move(orders, status, { isUndo: true });
      all.done.push(...done);
      all.failed.push(...failed);
    }
    return all;
  }

  /** @param {{guest_name: string, drink_id: string, quantity: number, note: string}} body */
  async place(body) {
    this.#placing += 1;
    const ending = await this.#insist("POST", "/admin/orders", body);
    if (ending.kind === "answered") {
      await this.#fetch(String(ending.data.id), ending.position);
      this.#changed();
    }
    this.#placing -= 1;
    return ending;
  }
}

export const queue = new Queue();
