// @ts-check
// The board: who waits, what is being mixed, what is ready. Oldest first, one tap forward, one step back.

import { arrange, make, setText } from "../dom.js";
import { prefs } from "../prefs.js";
import { stayAwake } from "../ready.js";
import { recall, remember } from "../storage.js";
import { number, refusal, t, time } from "../words.js";
import { batchesOf, measures, totalsOf } from "./batch.js";
import { openKeys } from "./board-keys.js";
import { openPause, openTicket } from "./board-sheets.js";
import { fact, head } from "./head.js";
import { icon } from "./icons.js";
import { stepBefore } from "./queue.js";
import { soundSwitch } from "./sound-switch.js";
import { nameOf, Tickets } from "./ticket.js";

/**
 * @typedef {import("./host.js").Context} Context
 * @typedef {import("./queue.js").Order} Order
 * @typedef {import("./queue.js").Status} Status
 * @typedef {import("./queue.js").Moved} Moved
 * @typedef {"pending" | "in_progress" | "ready"} Column
 */

const COLUMNS = /** @type {Column[]} */ (["pending", "in_progress", "ready"]);
const NEXT = /** @type {Record<string, Status>} */ ({
  pending: "in_progress", in_progress: "ready", ready: "completed",
});
/** So wide in the reader's letters, side by side or one at a time. */
const WIDTHS = /** @type {[number, string][]} */ ([[58, "three"], [40, "two"], [0, "one"]]);
const TICK_MILLISECONDS = 5000;
/** More hints to mix together than these hide what waits. */
const MOST_BATCHES = 2;
const MOST_TOTALS = 5;

/** @param {Context} context */
export function boardView(context) {
  const board = new Board(context);
  return { element: board.element, title: t("board.title"), closed: () => board.close() };
}

class Board {
  #context;
  #tickets;
  #sound;
  #says = make("p", { class: "visually-hidden", role: "status" });
  #clock = make("b");
  #wait = make("b");
  #poured = make("b");
  #title = make("span", {}, t("board.title"));
  #waitFact = fact(this.#wait, t("board.usualWait"));
  #pauseButton = make("button", { type: "button", class: "button quiet small", "data-act": "pause" });
  #notice = make("p", { class: "strip", role: "status", hidden: true });
  #columns;
  #watch = new ResizeObserver(() => this.#fit());
  #timer;

  constructor(/** @type {Context} */ context) {
    const { queue, bar, feed, signal } = this.#context = context;
    this.#sound = soundSwitch(signal);
    const asShown = (/** @type {Order[]} */ orders) => this.#asShown(orders);
    this.#tickets = new Tickets({
      bar,
      forward: (order) => asShown([order]).forEach((one) => this.#forward(one)),
      back: (order) => asShown([order]).forEach((one) => this.#move([one], stepBefore(one) ?? "pending")),
      look: (order) => this.#look(order),
    });
    this.#columns = COLUMNS.map((status) => this.#column(status));
    this.element = this.#build();
    const awake = () => stayAwake(!document.hidden);
    queue.addEventListener("change", () => this.show(), { signal });
    queue.addEventListener("new", (event) => this.#came(/** @type {CustomEvent} */ (event).detail.orders), { signal });
    bar.addEventListener("change", () => this.#showBar(), { signal });
    prefs.addEventListener("change", () => this.show(), { signal });
    feed.addEventListener("back", () => this.#backAgain(), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("visibilitychange", awake, { signal });
    this.#timer = window.setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.#watch.observe(this.element);
    awake();
    this.#showBar();
    this.show();
  }

  close() {
    clearInterval(this.#timer);
    this.#watch.disconnect();
    this.#sound.closed();
    stayAwake(false);
  }

  /** A media query knows nothing of a reader who wants letters twice as large in a page that is as wide as before. */
  #fit() {
    const letter = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const width = this.element.clientWidth / letter;
    this.element.dataset.fits = WIDTHS.find(([least]) => width >= least)?.[1] ?? "three";
  }

  // What is seen.

  #build() {
    this.#pauseButton.addEventListener("click", () => this.#pause());
    const top = head("", fact(this.#clock), this.#waitFact, fact(this.#poured, t("board.poured")),
      this.#sound.element,
      make("button", { type: "button", class: "icon-button wide-only", "aria-label": t("board.keys"),
        onclick: () => openKeys() }, icon("keys")),
      make("button", { type: "button", class: "button quiet small", "aria-label": t("board.forGuestTitle"),
        "data-act": "guest", onclick: () => this.#forGuest() }, icon("plus"), make("span", {}, t("board.forGuest"))),
      this.#pauseButton);
    top.querySelector("h1")?.append(this.#title);
    const cols = make("div", { class: "cols" }, ...this.#columns.map(({ element }) => element));
    const shown = recall("column", "pending");
    const chips = this.#columns.map(({ status, chip }) => {
      chip.addEventListener("click", () => this.#turnTo(status));
      return chip;
    });
    const element = make("div", { class: "board", "data-shows": COLUMNS.includes(shown) ? shown : "pending" }, top,
      this.#notice, make("div", { class: "chips switch", role: "group", "aria-label": t("board.columns") }, ...chips),
      cols, this.#says);
    return element;
  }

  #column(/** @type {Column} */ status) {
    const count = make("span"), chipCount = make("b"), list = make("ul", { class: "tickets" });
    const name = t(`board.${status}`), id = `column-${status}`;
    const none = make("p", { class: "none" }, t(`board.empty.${status}`));
    const batches = make("div", { class: "batches" });
    const totals = make("p", { class: "totals", hidden: true });
    const title = make("h2", { class: "display-type", id, tabindex: "-1" }, `${name} `, count);
    return {
      status, count, chipCount, list, none, batches, totals, title,
      chip: make("button", { type: "button", class: "chip" }, `${name} `, chipCount),
      element: make("section", { class: "col", "data-column": status, "aria-labelledby": id },
        title, totals, none, batches, list),
    };
  }

  #turnTo(/** @type {Column} */ status) {
    this.element.dataset.shows = status;
    remember("column", status);
    this.#showChips();
  }

  #showChips() {
    for (const { status, chip } of this.#columns) {
      chip.setAttribute("aria-pressed", String(this.element.dataset.shows === status));
    }
  }

  show() {
    const { queue } = this.#context;
    if (!queue.isHere) return;
    const focused = this.#focusedTicket();
    for (const column of this.#columns) this.#showColumn(column, queue.of(column.status));
    this.#tickets.keepOnly([...queue.orders.values()]);
    this.#showChips();
    this.#showTitle();
    setText(this.#poured, number(queue.completed));
    this.#refocus(focused);
  }

  /** @param {any} column  @param {Order[]} orders */
  #showColumn({ status, count, chipCount, list, none, batches, totals }, orders) {
    setText(count, number(orders.length));
    setText(chipCount, number(orders.length));
    none.hidden = orders.length > 0;
    arrange(list, orders.map((order) => this.#tickets.of(order)));
    if (status === "ready") return;
    const found = batchesOf(orders.filter(({ isMoving }) => !isMoving)).slice(0, MOST_BATCHES);
    const made = JSON.stringify([prefs.get("units"), found.map(({ orders }) => orders.map(({ id }) => id))]);
    if (batches.dataset.made !== made) {
      batches.dataset.made = made;
      batches.replaceChildren(...found.map((batch) => this.#batch(batch, status)));
    }
    if (status === "pending") showTotals(totals, orders);
  }

  /** @param {import("./batch.js").Batch} batch  @param {Column} status */
  #batch(batch, status) {
    const { drink, orders, count, notes } = batch, verb = status === "pending" ? "start" : "finish";
    return make("div", { class: "batch" },
      make("div", {},
        make("b", {}, t("board.together", { count, drink: drink.name })),
        make("p", {}, `${measures(batch)}.`, ...notes.map(({ note, username }) =>
          [" ", t("board.asks", { name: username, note })]).flat())),
      make("button", {
        type: "button", class: `button ${status === "pending" ? "primary" : "quiet"} small`, "data-act": "batch",
        "aria-label": t(`board.${verb}Batch`, { count, drink: drink.name }),
        // As with a ticket: the next hint comes under the finger.
        onclick: (/** @type {MouseEvent} */ { detail }) => {
          if (detail < 2) this.#move(this.#asShown(orders), NEXT[status]);
        },
      }, t(`board.${verb}All`, { count })));
  }

  #showBar() {
    const { bar } = this.#context;
    if (!bar.isHere) return;
    setText(this.#title, bar.name);
    this.#waitFact.hidden = bar.usualWaitSeconds === null;
    setText(this.#wait, t("board.minutes", { count: Math.max(1, Math.round((bar.usualWaitSeconds ?? 0) / 60)) }));
    const does = t(bar.accepting ? "board.pause" : "board.open");
    this.#pauseButton.setAttribute("aria-label", does);
    this.#pauseButton.replaceChildren(icon(bar.accepting ? "pause" : "play"), make("span", {}, does));
    this.#notice.hidden = bar.accepting && !bar.message;
    const says = bar.message ? t("board.guestsRead", { message: bar.message }) : "";
    setText(this.#notice, this.#notice.hidden ? "" : [bar.accepting ? "" : t("board.paused"), says].join(" ").trim());
    this.#tick();
  }

  #showTitle() {
    const waiting = this.#context.queue.of("pending").length, title = t("board.title");
    document.title = waiting ? `${number(waiting)} · ${title}` : title;
  }

  #tick() {
    setText(this.#clock, time(this.#context.bar.now()));
    this.#tickets.tick();
  }

  // The focus.

  #focusedTicket() {
    const active = document.activeElement, ticket = active?.closest("[data-order]");
    if (!(ticket instanceof HTMLElement) || !this.element.contains(ticket)) {
      return active?.closest(".batch") ? { id: "", act: "", column: active.closest(".col"), place: 0 } : null;
    }
    return {
      id: ticket.dataset.order ?? "", act: active?.getAttribute("data-act") ?? "forward",
      column: ticket.closest(".col"),
      place: [...ticket.parentElement?.children ?? []].indexOf(ticket),
    };
  }

  /** To the same ticket where it is now, or to what has come in its place. */
  #refocus(/** @type {{id: string, act: string, column: Element | null, place: number} | null} */ focused) {
    if (!focused || (document.activeElement && document.activeElement !== document.body)) return;
    const own = focused.id && this.element.querySelector(`[data-order="${CSS.escape(focused.id)}"]`);
    const next = () => {
      const tickets = [...focused.column?.querySelectorAll("[data-order]") ?? []];
      return tickets[Math.min(focused.place, tickets.length - 1)];
    };
    for (const ticket of [own, next()]) {
      const button = ticket && (ticket.querySelector(`[data-act="${focused.act}"]`)
        ?? ticket.querySelector("[data-act='forward']"));
      if (button instanceof HTMLElement && isSeen(button)) return button.focus();
    }
    /** @type {HTMLElement | null | undefined} */ (focused.column?.querySelector("h2"))?.focus();
  }

  // What is done.

  /** As they are now; without those that have moved under the finger, which meant another step. */
  #asShown(/** @type {Order[]} */ orders) {
    const now = (/** @type {Order} */ { id, status }) => {
      const order = this.#context.queue.orders.get(id);
      return order?.status === status ? order : [];
    };
    return orders.flatMap(now);
  }

  #forward(/** @type {Order} */ order) { return this.#move([order], NEXT[order.status]); }

  /** @param {Order[]} orders  @param {Status} status  @param {{reason?: string}} more */
  async #move(orders, status, more = {}) {
    const { queue } = this.#context;
    if (!orders.length) return;
    this.#sayDone(orders, status);
    this.#sayFailed(await queue.move(orders, status, more));
  }

  /** @param {Order[]} orders  @param {Status} status */
  #sayDone(orders, status) {
    const [first] = orders, count = orders.reduce((sum, { quantity }) => sum + quantity, 0);
    const sentence = orders.length > 1
      ? t(`board.said.${status}.several`, { count, drink: first.drink.name })
      : t(`board.said.${status}`, { drink: nameOf(first), name: first.username });
    this.#context.toast.say(sentence, { label: t("order.undo"), does: () => this.#undo() });
  }

  #sayFailed(/** @type {Moved} */ { failed }) {
    const [first] = failed;
    if (!first) return;
    const { order, ending, now } = first, names = { drink: nameOf(order), name: order.username };
    const isLate = ending.kind === "refused" && /^(status_changed|invalid_transition)$/.test(ending.code);
    this.#context.toast.say(isLate && now ? t(`board.quicker.${now.status}`, names)
      : `${refusal(ending)} ${t("board.stays", names)}`);
  }

  async #undo() {
    const { queue, toast } = this.#context;
    if (!queue.canUndo) return;
    const moved = await queue.undoLast();
    if (!moved) return;
    const [first] = moved.done;
    if (first) toast.say(t("board.said.undone", { drink: nameOf(first), name: first.username }),
      queue.canUndo ? { label: t("board.undoMore"), does: () => this.#undo() } : undefined);
    this.#sayFailed(moved);
  }

  #look(/** @type {Order} */ order) {
    openTicket(this.#context, order, {
      move: (status, more) => this.#move([this.#context.queue.orders.get(order.id) ?? order], status, more),
      opener: () => this.element.querySelector(`[data-order="${CSS.escape(order.id)}"] [data-act="look"], `
        + `[data-order="${CSS.escape(order.id)}"] [data-act="more"]`),
    });
  }

  /** Its parts are those of the guests' page, and are loaded when they are needed. */
  async #forGuest() {
    const opener = this.element.querySelector("[data-act='guest']");
    const file = await import("./for-guest.js").catch(() => null);
    if (!file) return this.#context.toast.say(refusal({ kind: "unreachable" }));
    if (!document.querySelector("dialog[open]")) file.openForGuest(this.#context, opener);
  }

  async #pause() {
    const { bar, toast } = this.#context;
    if (bar.accepting) return openPause(this.#context);
    const ending = await bar.open();
    toast.say(ending.kind === "answered" ? t("board.said.open") : refusal(ending));
  }

  // What happens by itself.

  #came(/** @type {Order[]} */ orders) {
    this.#sound.ring();
    const [first] = orders;
    setText(this.#says, "");
    setText(this.#says, orders.length > 1 ? t("board.came.several", { count: orders.length })
      : t("board.came", { drink: nameOf(first), name: first.username }));
  }

  async #backAgain() {
    const { queue, toast } = this.#context, before = new Map(queue.orders);
    await queue.read();
    const came = [...queue.orders.values()].filter(({ id }) => !before.has(id)).length;
    const gone = [...before.keys()].filter((id) => !queue.orders.has(id)).length;
    const news = [came && t("board.back.came", { count: came }), gone && t("board.back.gone", { count: gone })]
      .filter(Boolean);
    const nothing = queue.isFresh ? [t("board.back.nothing")] : [];
    toast.say([t("board.back"), ...(news.length ? news : nothing)].join(" "));
  }

  // By keys.

  #key(/** @type {KeyboardEvent} */ event) {
    const isWriting = event.target instanceof Element && event.target.closest("input, textarea, select");
    if (isWriting || event.defaultPrevented || event.altKey || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase(), isForward = event.target instanceof Element
      && event.target.closest("[data-act='forward'], [data-act='batch']");
    if (event.repeat && key === "enter" && isForward) event.preventDefault();
    if (event.repeat && !key.startsWith("arrow")) return; // A key that is held down means one step.
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !event.shiftKey) this.#done(event, () => this.#undo());
      return;
    }
    const walk = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] })[event.key];
    if (walk) return this.#walk(event, ...walk);
    if (!recall("shortcuts", true)) return;
    const does = /** @type {Record<string, () => void>} */ ({
      1: () => this.#oldest("pending"), 2: () => this.#oldest("in_progress"), 3: () => this.#oldest("ready"),
      b: () => /** @type {HTMLElement | null} */ (this.element.querySelector("[data-act='batch']"))?.click(),
      g: () => this.#forGuest(), p: () => this.#pauseButton.click(), s: () => this.#sound.toggle(),
      u: () => this.#undo(), "?": () => openKeys(),
    })[key];
    if (does) this.#done(event, does);
  }

  #done(/** @type {Event} */ event, /** @type {() => void} */ does) {
    event.preventDefault();
    does();
  }

  #oldest(/** @type {Column} */ status) {
    const [first] = this.#context.queue.of(status);
    if (first) this.#forward(first);
  }

  /** From ticket to ticket; the first arrow goes to the oldest. */
  #walk(/** @type {KeyboardEvent} */ event, /** @type {number} */ across, /** @type {number} */ down) {
    const focused = this.#focusedTicket();
    const seen = this.#columns.filter(({ element, list }) =>
      isSeen(element) && (list.children.length > 0 || element === focused?.column));
    const from = seen.findIndex(({ element }) => element === focused?.column);
    if (document.activeElement !== document.body && !document.activeElement?.closest(".col, h1")) return;
    const column = seen[from < 0 ? 0 : Math.min(seen.length - 1, Math.max(0, from + across))];
    const tickets = column ? [...column.list.children] : [];
    const place = from < 0 ? 0 : Math.min(tickets.length - 1, Math.max(0, (focused?.place ?? 0) + down));
    const button = tickets[place]?.querySelector("[data-act='forward']");
    if (button instanceof HTMLElement) this.#done(event, () => button.focus());
  }
}

const isSeen = (/** @type {HTMLElement} */ element) => element.getClientRects().length > 0;

function showTotals(/** @type {HTMLElement} */ totals, /** @type {Order[]} */ orders) {
  const all = totalsOf(orders), rest = all.slice(MOST_TOTALS).reduce((sum, { count }) => sum + count, 0);
  totals.hidden = orders.length < 2;
  const first = all.slice(0, rest ? MOST_TOTALS : all.length);
  setText(totals, totals.hidden ? "" : [...first.map(({ name, count }) => `${number(count)}\u00a0${name}`),
    ...(rest ? [t("board.totals.more", { count: rest })] : [])].join(" · "));
}
