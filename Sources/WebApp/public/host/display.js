// @ts-check
// The wall: whose drink is ready, in letters that are read from across the room; who comes next; how to come in.
// Nobody touches it all night. Where no drink is ready it shows what could be had.

import { arrange, make, setText } from "../dom.js";
import { menu } from "../menu.js";
import { picture } from "../picture.js";
import { t, time } from "../words.js";
import { qr } from "./qr.js";

/** @typedef {import("./queue.js").Order} Order */

/** Shown with their drawing; those after them by name. */
const MOST_READY = 6;
const MOST_MIXED = 4;
const MOST_WAITING = 6;
const CODE_MILLISECONDS = 20_000;
const CLOCK_MILLISECONDS = 1000;
/** The wall of an idle bar shows other drinks every few minutes. */
const CHOICE_MILLISECONDS = 5 * 60_000;
/** A name on the plate gets smaller until it fits, but not smaller than this part of its size. */
const SMALLEST = .34;

/** @param {{staff: any, feed: any, queue: any, bar: any}} context */
export function display({ staff, feed, queue, bar }) {
  const view = new Display(staff, feed, queue, bar);
  return { element: view.element, closed: () => view.close() };
}

const readyAt = (/** @type {Order} */ { timeline, updated_at }) =>
  [...timeline].reverse().find(({ status }) => status === "ready")?.at ?? updated_at;

const nameOf = (/** @type {Order} */ order) => order.username || t("display.ticket", { ticket: order.ticket });

const drinkOf = (/** @type {Order} */ order) =>
  t("display.drink", { count: order.quantity, drink: menu.nameOf(order.drink) });

const stand = (/** @type {any} */ drink, /** @type {import("../picture.js").Options} */ look) =>
  make("div", { class: "stand" }, picture(drink, { hidden: true, ...look }));

class Display {
  #staff; #feed; #queue; #bar;
  #stop = new AbortController();
  /** @type {number[]} */
  #timers = [];
  /** @type {Map<string, {made: string, row: HTMLElement}>} */
  #rows = new Map();
  #onPlate = "";
  #code = "";
  #idle = "";

  #title = make("h1", { class: "display-type" });
  #clock = make("time", {});
  #notice = make("p", { class: "notice", role: "status" });
  #plate = make("section", { class: "newest on-accent-surface", "aria-live": "polite", "aria-atomic": true });
  #rest = make("ul", { class: "rest" });
  #more = make("p", { class: "more" });
  #tonight = make("section", { class: "tonight" });
  #mixTitle = make("h2", { class: "display-type" });
  #mix = make("ul", { class: "mix" });
  #line = make("p", { class: "line" });
  #join = make("div", { class: "join" });

  element = make("div", { class: "wall" },
    make("main", { class: "ready" },
      make("div", { class: "top" }, this.#title, this.#notice, this.#clock),
      this.#plate, this.#rest, this.#more, this.#tonight),
    make("aside", { "aria-label": t("display.next") }, this.#mixTitle, this.#mix, this.#line, this.#join));

  constructor(/** @type {any} */ staff, /** @type {any} */ feed, /** @type {any} */ queue, /** @type {any} */ bar) {
    this.#staff = staff;
    this.#feed = feed;
    this.#queue = queue;
    this.#bar = bar;
    const { signal } = this.#stop, show = () => this.#show();
    for (const source of [queue, bar, menu]) source.addEventListener("change", show, { signal });
    feed.addEventListener("change", show, { signal });
    feed.addEventListener("missed", () => this.#readAll(), { signal });
    feed.addEventListener("heard", (/** @type {any} */ { detail }) => {
      if (!detail.type.startsWith("order_")) menu.load(detail.position);
    }, { signal });
    window.addEventListener("resize", () => this.#fit(), { signal });
    this.#timers.push(setInterval(() => this.#tick(), CLOCK_MILLISECONDS),
      setInterval(() => this.#readCode(), CODE_MILLISECONDS));
    this.#readAll();
    this.#tick();
    this.#show();
  }

  close() {
    this.#stop.abort();
    for (const timer of this.#timers) clearInterval(timer);
  }

  #readAll() {
    menu.load();
    this.#readCode();
  }

  #tick() {
    const now = new Date(this.#bar.now());
    setText(this.#clock, time(now));
    this.#clock.setAttribute("datetime", now.toTimeString().slice(0, 5));
    if (!this.#tonight.hidden) this.#showTonight();
  }

  #show() {
    const ready = this.#queue.of("ready").sort((/** @type {Order} */ one, /** @type {Order} */ other) =>
      readyAt(one) < readyAt(other) ? 1 : -1);
    const [newest, ...others] = ready;
    setText(this.#title, newest ? t("display.ready") : this.#bar.name);
    this.#showNotice();
    this.#showPlate(newest ?? null, others);
    this.#showRest(others);
    this.#tonight.hidden = Boolean(newest) || !this.#queue.isHere;
    if (!this.#tonight.hidden) this.#showTonight();
    this.#showNext();
    for (const id of this.#rows.keys()) if (!this.#queue.orders.has(id.slice(1))) this.#rows.delete(id);
  }

  #showNotice() {
    const { state, lostSince } = this.#feed, { accepting, message } = this.#bar;
    const said = [accepting ? "" : t("display.paused"), message].filter(Boolean).join(" ");
    setText(this.#notice, state === "lost" ? t("display.lost", { time: lostSince }) : said);
  }

  /** The one before goes down to the shelf as the next one comes. */
  #showPlate(/** @type {Order | null} */ order, /** @type {Order[]} */ others) {
    const shows = order ? JSON.stringify([order.id, order.quantity, nameOf(order), drinkOf(order)]) : "";
    this.#plate.hidden = !order;
    if (shows === this.#onPlate) return;
    const before = this.#onPlate && JSON.parse(this.#onPlate)[0];
    this.#onPlate = shows;
    if (!order) return this.#plate.replaceChildren();
    this.#plate.replaceChildren(
      make("div", { class: "words" },
        make("h2", { class: "display-type" }, make("span", {}, nameOf(order))),
        make("p", {}, t("display.yours", { count: order.quantity, drink: drinkOf(order) }))),
      stand(order.drink, { size: 420, fit: true }));
    this.#plate.classList.toggle("comes", before !== order.id);
    if (others.some(({ id }) => id === before)) this.#rows.delete(`r${before}`); // Made anew, it slides to its place.
    this.#fit();
  }

  /** Names come as long as guests write them. */
  #fit() {
    const line = /** @type {HTMLElement | null} */ (this.#plate.querySelector("h2")), name = line?.firstElementChild;
    if (!line || !name) return;
    line.style.fontSize = "";
    line.classList.remove("long");
    const part = line.clientWidth / Math.max(1, name.getBoundingClientRect().width);
    if (part >= 1) return;
    line.style.fontSize = `${Math.max(part * .98, SMALLEST) * Number.parseFloat(getComputedStyle(line).fontSize)}px`;
    line.classList.toggle("long", part < SMALLEST);
  }

  #showRest(/** @type {Order[]} */ others) {
    const shown = others.slice(0, MOST_READY), more = others.slice(MOST_READY);
    arrange(this.#rest, shown.map((order) => this.#row("r", order, { size: 200, fit: true })));
    this.#rest.classList.toggle("many", shown.length > 3);
    this.#rest.hidden = shown.length === 0;
    setText(this.#more, more.length ? t("display.alsoReady", { names: more.map(nameOf) }) : "");
    this.#more.hidden = more.length === 0;
  }

  #showNext() {
    const mixed = this.#queue.of("in_progress"), waiting = this.#queue.of("pending");
    const shown = mixed.slice(0, MOST_MIXED), then = [...mixed.slice(MOST_MIXED), ...waiting];
    const isAnybody = mixed.length + waiting.length > 0;
    setText(this.#mixTitle, t(mixed.length ? "display.mixing" : "display.inLine"));
    for (const part of [this.#mixTitle, this.#mix, this.#line]) part.hidden = !isAnybody;
    this.#join.classList.toggle("alone", !isAnybody);
    arrange(this.#mix, shown.map((/** @type {Order} */ order) =>
      this.#row("m", order, { size: 90, fit: true, level: .56 })));
    setText(this.#line, this.#lineOf([...new Set(then.map(nameOf))], mixed.length > 0));
  }

  #lineOf(/** @type {string[]} */ names, /** @type {boolean} */ isBehind) {
    if (names.length === 0) return "";
    const rest = names.length - MOST_WAITING;
    const some = rest > 0 ? [...names.slice(0, MOST_WAITING), t("display.others", { count: rest })] : names;
    return t(isBehind ? "display.then" : "display.waiting", { names: some });
  }

  #row(/** @type {"r" | "m"} */ list, /** @type {Order} */ order, /** @type {import("../picture.js").Options} */ look) {
    const made = JSON.stringify([nameOf(order), drinkOf(order)]), key = list + order.id, old = this.#rows.get(key);
    if (old?.made === made) return old.row;
    const name = make("h3", { class: "display-type" }, nameOf(order));
    name.style.setProperty("--longest", String(Math.max(...nameOf(order).split(/[\s-]/).map(({ length }) => length))));
    const row = make("li", { class: "comes" }, stand(order.drink, look),
      make("div", { class: "words" }, name, make("p", {}, drinkOf(order))));
    this.#rows.set(key, { made, row });
    return row;
  }

  /** Three glasses of different shapes, others every few minutes. */
  #showTonight() {
    const turn = Math.floor(Date.now() / CHOICE_MILLISECONDS);
    const can = [...menu.drinks.values()].filter(({ available }) => available);
    const byGlass = [...new Map(turned(can, turn * 7).map((drink) => [drink.glass, drink])).values()];
    const chosen = turned(byGlass.length >= 3 ? byGlass : can, turn).slice(0, 3);
    const shows = JSON.stringify([t("display.tonight"), chosen.map(({ id, name, version }) => [id, name, version])]);
    if (shows === this.#idle) return;
    this.#idle = shows;
    this.#tonight.replaceChildren(make("h2", { class: "display-type" }, t("display.tonight")),
      make("ul", { class: "comes" }, ...chosen.map((drink) => make("li", {},
        stand({ ...drink.original, name: drink.name }, { size: 400 }),
        make("div", {}, make("h3", { class: "display-type" }, drink.name),
          make("p", {}, drink.ingredients.map(({ shown }) => shown).join(", ")))))));
  }

  async #readCode() {
    const ending = await this.#staff.ask("GET", "/admin/join-code");
    if (ending.kind !== "answered" || !ending.data.qr) return;
    const { code, registration_url: link, qr: drawing } = ending.data;
    if (this.#code === link + t("display.join")) return;
    this.#code = link + t("display.join");
    this.#join.replaceChildren(
      make("h2", { class: "display-type" }, t("display.join")), qr(drawing, t("display.qrLabel")),
      make("p", { class: "display-type code" }, code.replaceAll("-", "-\u200b")),
      make("p", { class: "address" }, new URL(link).host));
  }
}

/** @template T  @param {T[]} list  @param {number} by  @returns {T[]} */
function turned(list, by) {
  const at = list.length ? by % list.length : 0;
  return [...list.slice(at), ...list.slice(0, at)];
}
