// @ts-check
// The guest's orders: those at the bar, and those on their way there.
//
//   orders.open                   newest first: nothing is over yet, or the guest has to see something
//   orders.finished               newest first: completed, cancelled, rejected; orders.hasMore, orders.more()
//   orders.get(id)                by the bar's id or by the one it had before; undefined where there is none
//   orders.place(drink, quantity = 1, note = "")
//                                 shown at once as "sending"; -> Promise<{kind: "placed", order}
//                                 | {kind: "waiting", order} | Refused>. "waiting": not sent yet; it goes by itself.
//   orders.cancel(id)             -> Promise<Ending>; of one that was not sent: at once, or as soon as the bar answers
//   orders.dismiss(id)            the guest has seen that it was refused
//   orders.read(after?)           -> Promise<Ending>; orders.readAnew(position) where positions may have begun again
//   orders.hear(change)           what the bar told of its own accord
//   orders.readPlaces()           -> Promise<Ending>; only the open ones, for the place in line, of which nobody tells
//   orders.flush()                sends what waits; by itself, and sooner where somebody knows that the line is back
//   orders.seenAt                 Date of the last answer of the bar, or null
//   event "change"                any of these is another now
//   event "ready"                 detail {order}: once in this browser each time, also if nobody looked meanwhile
//   event "refused"               detail {order, ending}: one that waited; it stays in `open` until it is dismissed
//   event "moved"                 detail {order, before}: to another state, for what is said aloud

import { Reading, isUncertain, uuid } from "./api.js";
import { outbox } from "./outbox.js";
import { session } from "./session.js";
import { oneTabAtATime, recall, remember } from "./storage.js";

/**
 * @typedef {import("./api.js").Ending} Ending
 * @typedef {import("./api.js").Refused} Refused
 * @typedef {import("./outbox.js").Item} Item
 * @typedef {"pending" | "in_progress" | "ready" | "completed" | "cancelled" | "rejected"} Status
 * @typedef {"sending" | "notSent" | "withdrawing" | "refused" | Status} State
 *
 * `id` is the key until the bar has given one; `reason` what the bar said to the last step; `byBar` whether the bar
 * ended it; `ending` why it was refused; `at` the log position it was seen at.
 * @typedef {{id: string, key: string | null, state: State, ticket: number | null,
 *   drink: {id: string, name: string, image_url: string | null}, quantity: number, note: string, username: string,
 *   place: number | null, created_at: string, updated_at: string, completed_at: string | null,
 *   timeline: {status: Status, at: string, by: string, reason: string | null}[], reason: string | null, byBar: boolean,
 *   ending: Refused | null, at: number}} Order
 */

const PAGE = 30;
const FIRST_RETRY_MILLISECONDS = 1500;
const LONGEST_RETRY_MILLISECONDS = 15_000;
/** An order that nobody could send for so long is a wish of the past. */
const OLD_MILLISECONDS = 3_600_000;
const TOLD = 50;

const OVER = new Set(["completed", "cancelled", "rejected"]);
const isOver = (/** @type {Order} */ order) => OVER.has(order.state);

/** @returns {Order} */
function orderOf(/** @type {any} */ data, /** @type {number} */ at, /** @type {string | null} */ key) {
  const last = data.timeline?.filter((/** @type {any} */ step) => step.status === data.status).at(-1);
  return {
    id: String(data.id), key, state: data.status, ticket: data.ticket, drink: data.drink, quantity: data.quantity,
    note: data.note ?? "", username: data.username ?? "", place: data.queue_position ?? null,
    created_at: data.created_at,
    updated_at: data.updated_at, completed_at: data.completed_at ?? null, timeline: data.timeline ?? [],
    reason: last?.reason ?? null, byBar: last !== undefined && last.by !== "guest", ending: null, at,
  };
}

/** @returns {State} */
function stateOf(/** @type {Item} */ item, /** @type {boolean} */ isSending) {
  if (item.refusal) return "refused";
  if (item.withdrawn) return "withdrawing";
  return isSending ? "sending" : "notSent";
}

/** @returns {Order} */
function waitingOrder(/** @type {Item} */ item, /** @type {boolean} */ isSending) {
  const at = new Date(item.at).toISOString();
  return {
    id: item.key, key: item.key, state: stateOf(item, isSending), ticket: null, drink: item.drink,
    quantity: item.quantity, note: item.note, username: session.guest?.name ?? "", place: null,
    created_at: at, updated_at: at, completed_at: null,
    timeline: [], reason: null, byBar: false,
    ending: item.refusal ? { kind: "refused", wait: 0, ...item.refusal } : null, at: 0,
  };
}

/**
 * What the bar would say, without asking it.
 * @returns {Refused}
 */
function noneOf(/** @type {number} */ status, /** @type {string} */ code) {
  return { kind: "refused", status, code, detail: "", wait: 0 };
}

const newestFirst = (/** @type {Order} */ one, /** @type {Order} */ other) =>
  other.created_at < one.created_at ? -1 : other.created_at > one.created_at ? 1 : 0;

class Orders extends EventTarget {
  /** @type {Date | null} */
  seenAt = null;
  /** @type {Map<string, Order>} the bar's, by id */
  #known = new Map();
  /** @type {Map<string, number>} when this page first heard of an order, by its own clock */
  #firstSeen = new Map();
  /** @type {Map<string, Item>} not answered for yet, by key */
  #waiting = new Map();
  /** @type {Set<string>} keys that this page has just made, whose sender waits for the answer */
  #awaited = new Set();
  /** @type {Map<string, string>} ids by the keys they had before */
  #ids = new Map();
  /** @type {Set<string>} each time something was ready that this page has told, or left to another tab */
  #told = new Set(recall("told", []));
  /** @type {string | null | undefined} of earlier orders; null where there are none, undefined before that is known */
  #cursor = undefined;
  #reading = new Reading(() => this.#readOnce());
  /** @type {Promise<void> | null} */
  #flushing = null;
  #flushAgain = false;
  #isOffline = false;
  #shown = "";
  #retry = 0;
  #pause = FIRST_RETRY_MILLISECONDS;

  constructor() {
    super();
    this.#recall();
    outbox.addEventListener("change", () => this.#othersDid());
    session.addEventListener("change", () => this.#somebodyElse());
    window.addEventListener("online", () => this.flush());
  }

  get #all() {
    const waiting = [...this.#waiting.values()].map((item) =>
      waitingOrder(item, !this.#isOffline && (this.#flushing !== null || this.#awaited.has(item.key))));
    const twins = this.#twins;
    return [...waiting, ...[...this.#known.values()].filter(({ id }) => !twins.has(id))].sort(newestFirst);
  }

  /** Orders that the bar told of before it answered for them: still the same as those on their way, not two. */
  get #twins() {
    const twins = new Set();
    for (const item of this.#waiting.values()) {
      if (!item.tried || item.refusal) continue;
      const twin = [...this.#known.values()].find((order) => !twins.has(order.id) && order.key === null
        && (this.#firstSeen.get(order.id) ?? 0) >= item.at && order.drink.id === item.drink.id
        && order.quantity === item.quantity && order.note === item.note);
      if (twin) twins.add(twin.id);
    }
    return twins;
  }

  get open() { return this.#all.filter((order) => !isOver(order)); }
  get finished() { return this.#all.filter(isOver); }
  get hasMore() { return typeof this.#cursor === "string"; }

  /** @returns {Order | undefined} */
  get(/** @type {string} */ id) {
    const known = this.#ids.get(id) ?? id;
    return this.#all.find((order) => order.id === known);
  }

  /** Says so only where something is another now: it is asked every few seconds. */
  #changed() {
    const last = [...this.#known.values()].sort(newestFirst).slice(0, PAGE);
    if (session.guest) remember("seen", { guest: session.guest.user_key, at: this.seenAt, orders: last });
    const now = JSON.stringify([this.#all.map((order) => ({ ...order, at: 0 })), this.hasMore]);
    if (now === this.#shown) return;
    this.#shown = now;
    this.dispatchEvent(new Event("change"));
  }

  /** What they looked like when this page was last open. */
  #recall() {
    const seen = recall("seen");
    if (!seen || seen.guest !== session.guest?.user_key || !Array.isArray(seen.orders)) return;
    this.#known = new Map(seen.orders.map((/** @type {Order} */ order) => [order.id, { ...order, key: null }]));
    this.seenAt = seen.at ? new Date(seen.at) : null;
  }

  /** Items of the database, and whether some are there that are to be sent. */
  async #recallWaiting() {
    const items = (await outbox.all()).filter((item) => item.guest === session.guest?.user_key);
    for (const key of [...this.#waiting.keys()]) {
      if (!this.#awaited.has(key) && !items.some((item) => item.key === key)) this.#waiting.delete(key);
    }
    for (const item of items) this.#adopt(item);
    this.#changed();
    return items.some((item) => !item.refusal);
  }

  /** What another tab wrote of it, or this one before; second thoughts stay, whoever had them. */
  #adopt(/** @type {Item} */ item) {
    const withdrawn = item.withdrawn || this.#waiting.get(item.key)?.withdrawn === true;
    this.#waiting.set(item.key, { ...item, withdrawn });
  }

  async #othersDid() {
    const before = this.#waiting.size;
    await this.#recallWaiting();
    if (this.#waiting.size < before) this.read(); // It is at the bar now.
  }

  async #somebodyElse() {
    const items = await outbox.all();
    // Nobody is here any more who could want them.
    for (const item of items) if (item.guest !== session.guest?.user_key) await outbox.remove(item.key);
    this.#known.clear();
    this.#waiting.clear();
    this.#reading.after = this.seenAt = null;
    this.#cursor = undefined;
    if (!session.guest) {
      remember("seen", null);
      remember("told", null);
      this.#told.clear();
    }
    this.#changed();
    if (session.guest) this.start();
  }

  /** Reads what there is, and sends what waits. */
  async start() {
    if (!session.guest) return;
    this.read();
    if (await this.#recallWaiting()) this.flush();
  }

  // At the bar.

  #take(/** @type {any} */ data, /** @type {number} */ position, /** @type {string | null} */ key = null) {
    const before = this.#known.get(String(data.id));
    if (before && position < before.at) return before;
    const order = orderOf(data, position, key ?? before?.key ?? null);
    if (order.state === "pending" && order.place === null) order.place = before?.place ?? null;
    this.#known.set(order.id, order);
    if (!before) this.#firstSeen.set(order.id, Date.now());
    if (before && before.state !== order.state) {
      this.dispatchEvent(new CustomEvent("moved", { detail: { order, before: before.state } }));
    }
    if (order.state === "ready") this.#tellReady(order);
    return order;
  }

  /** One tab tells it; after a step back it may be ready another time. */
  async #tellReady(/** @type {Order} */ order) {
    const at = order.timeline.filter(({ status }) => status === "ready").at(-1)?.at ?? order.updated_at;
    const time = `${order.id} ${at}`;
    if (this.#told.has(time)) return;
    this.#told.add(time);
    const isOurs = await oneTabAtATime("told", async () => {
      const told = recall("told", []);
      if (told.includes(time)) return false;
      remember("told", [...told, time].slice(-TOLD));
      return true;
    });
    if (isOurs) this.dispatchEvent(new CustomEvent("ready", { detail: { order } }));
  }

  hear(/** @type {import("./events.js").Change} */ { type, position, data }) {
    if (!type.startsWith("order_")) return;
    const order = this.#take(data, position);
    this.#reading.mustSee(position); // A read under way brings what was before.
    this.#changed();
    if (this.#twins.has(order.id)) this.flush(); // The bar can be heard, and has it.
    if (order.state === "pending") this.read(); // For the place in line, which is not told.
  }

  /** @param {number | null} after a log position that the answer must have seen */
  read(after = null) { return this.#reading.begin(after); }

  /** @returns {Promise<Ending>} */
  async #readOnce() {
    const guest = session.guest?.user_key, { after } = this.#reading;
    if (!guest) return { kind: "unchanged", position: null };
    const ending = await session.ask("GET", `/orders?include_completed=true&limit=${PAGE}`, { after });
    if (guest !== session.guest?.user_key) return ending; // Whoever has left is told nothing more.
    if (ending.kind === "refused" && ending.code === "position_ahead") this.#beYounger();
    if (ending.kind !== "answered") return ending;
    this.#reading.seen(after);
    this.#takePage(ending);
    this.seenAt = new Date();
    this.#changed();
    return ending;
  }

  /** @returns {Promise<Ending>} */
  async readPlaces() {
    const guest = session.guest?.user_key;
    const ending = await session.ask("GET", "/orders");
    if (ending.kind !== "answered" || guest !== session.guest?.user_key) return ending;
    for (const order of ending.data) this.#take(order, ending.position ?? 0);
    this.seenAt = new Date();
    this.#changed();
    return ending;
  }

  /** The bar's log may be younger than what is known of it, where it was restored: no position counts any more. */
  #beYounger() {
    this.#reading.after = null;
    for (const order of this.#known.values()) order.at = 0;
    this.#reading.again();
  }

  /** After something was missed, up to this position. */
  readAnew(/** @type {number} */ position) {
    this.#beYounger();
    return this.read(position);
  }

  #takePage(/** @type {import("./api.js").Answered} */ { data, metadata, position }) {
    const at = position ?? 0, ids = new Set(data.map((/** @type {any} */ order) => String(order.id)));
    if (this.#cursor === undefined) this.#cursor = metadata?.next_cursor ?? null;
    const isWhole = !metadata?.next_cursor;
    for (const order of [...this.#known.values()]) {
      // Not the bar's any more; or one that it had in a log which is another now.
      if (isWhole && !ids.has(order.id) && order.at <= at) this.#known.delete(order.id);
    }
    for (const order of data) this.#take(order, at);
  }

  /** Earlier orders, a page at a time. @returns {Promise<Ending>} */
  async more() {
    const path = `/orders?include_completed=true&limit=${PAGE}&cursor=${encodeURIComponent(this.#cursor ?? "")}`;
    const ending = await session.ask("GET", path);
    if (ending.kind !== "answered") return ending;
    for (const order of ending.data) this.#take(order, ending.position ?? 0);
    this.#cursor = ending.metadata?.next_cursor ?? null;
    this.#changed();
    return ending;
  }

  // On the way there.

  /**
   * @param {{id: string, name: string, image_url?: string | null, original?: {name: string}}} drink
   * @param {number} quantity
   * @param {string} note
   * @returns {Promise<{kind: "placed" | "waiting", order: Order} | Refused>}
   */
  async place(drink, quantity = 1, note = "") {
    const guest = session.guest?.user_key;
    if (!guest) return noneOf(401, "not_signed_in");
    const name = drink.original?.name ?? drink.name;
    /** @type {Item} */
    const item = {
      key: uuid(), guest, drink: { id: drink.id, name, image_url: drink.image_url ?? null }, quantity,
      note: note.trim(), at: Date.now(), tried: false, withdrawn: false,
    };
    this.#awaited.add(item.key);
    this.#waiting.set(item.key, item);
    this.#changed();
    await outbox.put(item);
    await this.flush();
    this.#awaited.delete(item.key);
    return this.#outcome(item);
  }

  /** @returns {Promise<{kind: "placed" | "waiting", order: Order} | Refused>} */
  async #outcome(/** @type {Item} */ item) {
    const waiting = this.#waiting.get(item.key);
    if (waiting?.refusal) {
      await this.dismiss(item.key); // Whoever ordered it is told now.
      return { kind: "refused", wait: 0, ...waiting.refusal };
    }
    this.#changed();
    const order = this.get(item.key);
    if (!order) return noneOf(401, "not_signed_in");
    return { kind: waiting ? "waiting" : "placed", order };
  }

  /** One round at a time; a call meanwhile asks for another round, and ends with it. */
  flush() {
    if (this.#flushing) this.#flushAgain = true;
    this.#flushing ??= this.#flushAll().finally(() => {
      this.#flushing = null;
      this.#changed();
    });
    return this.#flushing;
  }

  async #flushAll() {
    clearTimeout(this.#retry);
    let isDone = true;
    do {
      this.#flushAgain = false;
      isDone = await outbox.deliver((item) => this.#send(item));
    } while (this.#flushAgain);
    this.#isOffline = !isDone;
    if (isDone) this.#pause = FIRST_RETRY_MILLISECONDS;
    else {
      this.#retry = window.setTimeout(() => this.flush(), this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_RETRY_MILLISECONDS);
    }
  }

  /** Whether the line is good enough to go on with the next. */
  async #send(/** @type {Item} */ item) {
    if (item.guest !== session.guest?.user_key) return true;
    this.#adopt(item);
    if (this.#waiting.get(item.key)?.withdrawn && !item.tried) return this.#forget(item);
    if (Date.now() - item.at > OLD_MILLISECONDS) {
      return this.#refuse(item, { status: 0, code: item.tried ? "unanswered" : "expired", detail: "" });
    }
    const wasAway = navigator.onLine === false && !item.tried;
    await this.#keep(item, { tried: true });
    const { key, drink, quantity, note } = item;
    const ending = await session.ask("POST", "/orders", { key, body: { drink_id: drink.id, quantity, note } });
    if (item.guest !== session.guest?.user_key) return this.#forget(item);
    const now = this.#waiting.get(key) ?? item; // It may have been withdrawn meanwhile.
    if (ending.kind === "answered") return this.#arrived(now, ending);
    if (ending.kind === "refused" && !isUncertain(ending)) {
      const { status, code, detail } = ending;
      return now.withdrawn ? this.#forget(now) : this.#refuse(now, { status, code, detail });
    }
    // A phone without any network has surely sent nothing.
    if (wasAway && navigator.onLine === false && ending.kind === "unreachable") await this.#keep(now, { tried: false });
    return false;
  }

  async #arrived(/** @type {Item} */ item, /** @type {import("./api.js").Answered} */ ending) {
    const id = String(ending.data.id);
    this.#ids.set(item.key, id);
    this.#take(ending.data, ending.position ?? 0, item.key);
    this.#reading.mustSee(ending.position ?? 0);
    if (item.withdrawn) {
      const cancelled = await this.#cancelAtBar(id);
      if (isUncertain(cancelled)) return false; // Sent again, it is the same order, and is cancelled then.
    }
    await this.#forget(item);
    this.read();
    return true;
  }

  async #keep(/** @type {Item} */ item, /** @type {Partial<Item>} */ patch) {
    const now = Object.assign(this.#waiting.get(item.key) ?? item, patch);
    this.#waiting.set(now.key, now);
    this.#changed();
    await outbox.put(now);
  }

  async #forget(/** @type {Item} */ item) {
    this.#waiting.delete(item.key);
    this.#changed();
    await outbox.remove(item.key);
    return true;
  }

  async #refuse(/** @type {Item} */ item, /** @type {NonNullable<Item["refusal"]>} */ refusal) {
    await this.#keep(item, { refusal });
    if (!this.#awaited.has(item.key)) {
      const order = this.get(item.key);
      this.dispatchEvent(new CustomEvent("refused", { detail: { order, ending: order?.ending } }));
    }
    return true;
  }

  async dismiss(/** @type {string} */ id) {
    const item = this.#waiting.get(id);
    if (item?.refusal) await this.#forget(item);
  }

  // Second thoughts.

  /** @returns {Promise<Ending>} */
  async cancel(/** @type {string} */ id) {
    const item = this.#waiting.get(id);
    if (!item) return this.#cancelAtBar(this.#ids.get(id) ?? id);
    await this.#keep(item, { withdrawn: true });
    await this.flush();
    return { kind: "unchanged", position: null };
  }

  /** @returns {Promise<Ending>} */
  async #cancelAtBar(/** @type {string} */ id) {
    const ending = await session.ask("POST", `/orders/${encodeURIComponent(id)}/cancel`, { key: uuid() });
    if (ending.kind === "answered") {
      this.#take(ending.data, ending.position ?? 0);
      this.#changed();
    } else if (ending.kind === "refused") this.read();
    return ending;
  }
}

export const orders = new Orders();
