// @ts-check
// What guests do at the menu: brings it together with orders and sheets. Everything else knows only what it needs.

import { whenRead } from "./api.js";
import { setText, whenIdle } from "./dom.js";
import { live, startLive } from "./live.js";
import { menu } from "./menu.js";
import { orders } from "./orders.js";
import * as ready from "./ready.js";
import { session } from "./session.js";
import { goBack, goTo, openSheet, route, whenMoved } from "./sheet.js";
import { unlockSound } from "./sound.js";
import { refusal, t } from "./words.js";
import { drinkSheet } from "./views/drink.js";
import { orderName, orderSheet } from "./views/order.js";
import { orderBar } from "./views/order-bar.js";
import { Toast } from "./views/toast.js";

/**
 * @typedef {import("./menu.js").Drink} Drink
 * @typedef {import("./orders.js").Order} Order
 *
 * What lies over the menu; `show` is called once it does, `closed` when it no longer does.
 * @typedef {{element: HTMLElement, name: string, show?: () => void, closed: () => void}} Sheet
 */

const toast = new Toast();
/** @type {{drink: Drink, quantity: number, note: string} | null} what somebody ordered before they came in */
let wanted = null;
/** What the toast offers to take back: an order, by id. */
let undoable = "";

// Ordering.

/** A second tap so soon is a finger that slipped, or one that saw nothing happen yet. */
const SLIP_MILLISECONDS = 500;
let lastTap = { drink: "", at: 0 };

function isSlip(/** @type {Drink} */ { id }) {
  const before = lastTap;
  lastTap = { drink: id, at: performance.now() };
  return before.drink === id && lastTap.at - before.at < SLIP_MILLISECONDS;
}

/** Orders with one tap: the answer is on the screen at once, and can be taken back while nobody has begun. */
export async function order(/** @type {Drink} */ drink, quantity = 1, note = "") {
  if (!isSlip(drink)) await place(drink, quantity, note);
}

async function place(/** @type {Drink} */ drink, /** @type {number} */ quantity, /** @type {string} */ note) {
  ready.prepare();
  if (!session.guest) {
    wanted = { drink, quantity, note };
    return goTo("#/join");
  }
  if (["drink", "order"].includes(route().name)) goBack();
  const name = quantity > 1 ? t("order.several", { count: quantity, drink: drink.name }) : drink.name;
  toast.say(t("order.said.sending", { drink: name }));
  const ending = await orders.place(drink, quantity, note);
  if (ending.kind === "refused") {
    lastTap.drink = ""; // Who tries it again means it.
    return toast.say(refusal(ending));
  }
  const { order } = ending, undoIt = { label: t("order.undo"), does: () => undo(order) };
  undoable = order.id;
  if (ending.kind === "waiting") toast.say(t("order.say.notSent"), undoIt);
  else if (order.place !== null && order.place > 1) {
    toast.say(t("order.said.place", { drink: name, count: order.place }), undoIt);
  } else toast.say(t("order.said.pending", { drink: name }), undoIt);
}

async function undo(/** @type {Order} */ order) {
  lastTap.drink = ""; // Who orders it after that means it.
  const ending = await orders.cancel(order.id), drink = orderName(order);
  if (ending.kind === "refused" || ending.kind === "unreachable") return toast.say(refusal(ending));
  const now = orders.get(order.id);
  toast.say(t(now?.state === "withdrawing" ? "order.said.withdrawing" : "order.said.cancelled", { drink }));
  if (!now && route().name === "order") goBack(); // The bar never had it: there is nothing left to look at.
}

function again(/** @type {Order} */ before) {
  const drink = menu.drinks.get(before.drink.id);
  orders.dismiss(before.id);
  if (drink) order(drink, before.quantity, before.note);
}

function came() {
  const first = wanted;
  wanted = null;
  const goesOn = () => { if (first) place(first.drink, first.quantity, first.note); };
  goBack();
  // From there on: who came from the drink's sheet is done with that, too.
  if (route().name === "join") window.addEventListener("popstate", goesOn, { once: true });
  else goesOn();
}

async function leave() {
  const ending = await session.leave();
  if (ending.kind === "unreachable") return toast.say(refusal(ending));
  goBack();
  toast.say(t("settings.left"));
}

// Sheets: each address below # is one.

const readRest = async () => ({
  ...await import("./views/join.js"), ...await import("./views/orders.js"), ...await import("./views/settings.js"),
});

/**
 * The sheets that few open: read when one is opened, or when there is nothing else to do.
 * @type {Awaited<ReturnType<typeof readRest>> | null}
 */
let rest = null;

const isOfRest = () => ["join", "orders", "settings"].includes(route().name);
const REST_MILLISECONDS = 3000;

async function fetchRest() {
  rest ??= await whenRead(readRest);
  if (!open && isOfRest()) show();
}

/** @returns {Sheet | undefined} what an address shows; nothing where it names nothing that is here */
function sheetAt(/** @type {{name: string, id: string}} */ { name, id }) {
  switch (name) {
    case "drink": {
      const drink = menu.drinks.get(id);
      return drink && drinkSheet(drink, order);
    }
    case "order": {
      const found = orders.get(id);
      return found && orderSheet(found, { undo, again });
    }
    case "orders": return rest?.ordersSheet({ again });
    case "join": return rest?.joinSheet({ came, wanted: wanted?.drink.name });
    case "settings": return rest?.settingsSheet({ leave });
  }
}

/** @type {{sheet: Sheet, finish: () => void} | null} */
let open = null;

/** @type {Element | null} what had the focus in the menu */
let home = null;

/** Shows what the address says, in place of what lay over the menu before. */
function show() {
  const before = open, focused = document.activeElement;
  if (focused !== document.body && !focused?.closest("dialog")) home = focused;
  open = null;
  const sheet = sheetAt(route());
  if (!rest && isOfRest()) fetchRest();
  if (sheet) {
    const { finish } = openSheet(sheet.element, { label: sheet.name, isRoute: true, opener: () => successor(home) });
    open = { sheet, finish };
    sheet.show?.();
    sheet.element.parentElement?.scrollTo(0, 0);
  }
  before?.sheet.closed();
  before?.finish();
  if (sheet) /** @type {HTMLElement | null} */ (sheet.element.querySelector("h1"))?.focus({ preventScroll: true });
}

/** Lists are drawn anew: the focus goes back to what now stands where it was. */
function successor(/** @type {Element | null} */ opener) {
  if (opener?.isConnected) return opener;
  const id = opener?.closest("[data-drink]")?.getAttribute("data-drink"), link = opener?.getAttribute("href");
  if (id) return document.querySelector(`[data-drink="${CSS.escape(id)}"] a`);
  return link ? document.querySelector(`.phone a[href="${CSS.escape(link)}"]`) : null;
}

// The page.

/** @typedef {{notice: HTMLElement, signal: AbortSignal}} Page */

/** @type {() => Page} */
let buildAnew;

/** Around the menu: whether the bar answers, and what is on its way from it. */
function surround(/** @type {Page} */ { notice, signal }) {
  const showLost = () => {
    notice.hidden = live.state !== "lost";
    setText(notice, notice.hidden ? "" : t("noConnection"));
  };
  live.addEventListener("change", showLost, { signal });
  showLost();
  document.querySelector("body > .phone")?.after(orderBar(signal));
}

/** All is said anew in another language, and the guest stays where they are. */
export function rebuild() {
  const place = open?.sheet.element.parentElement?.scrollTop ?? 0, below = window.scrollY;
  const choice = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.choice : undefined;
  toast.hush();
  surround(buildAnew());
  show();
  window.scrollTo(0, below);
  open?.sheet.element.parentElement?.scrollTo(0, place);
  if (!choice) return;
  const same = /** @type {HTMLElement | null} */ (document.querySelector(`[data-choice="${CSS.escape(choice)}"]`));
  same?.focus({ preventScroll: true });
}

/** Nobody needs a voice before something happens to an order. */
function aloud(/** @type {(voice: typeof import("./views/aloud.js")) => void} */ says) {
  import("./views/aloud.js").then(says, () => {});
}

/** Begins, on a page that shows the menu; `build` builds it anew. */
export function start(/** @type {Page} */ page, /** @type {() => Page} */ build) {
  buildAnew = build;
  surround(page);
  orders.addEventListener("change", () => { if (orders.open.length) aloud(({ sayPlaces }) => sayPlaces()); });
  live.addEventListener("change", () => { if (live.state === "lost") aloud(({ sayLost }) => sayLost()); });
  for (const touch of ["pointerup", "keydown"]) {
    document.addEventListener(touch, () => { if (orders.open.length) unlockSound(); });
  }
  whenMoved(show);
  session.addEventListener("change", (event) => {
    lastTap.drink = ""; // Who comes in again and orders it means it.
    if (/** @type {CustomEvent<{why: string}>} */ (event).detail.why === "over") toast.say(t("session.over"));
  });
  orders.addEventListener("ready", (event) => {
    const { order } = /** @type {CustomEvent<{order: Order}>} */ (event).detail;
    ready.announce(orderName(order), order.id);
    goTo(`#/order/${order.id}`);
    aloud(({ sayReady }) => sayReady(order));
  });
  orders.addEventListener("moved", (event) => {
    const { order } = /** @type {CustomEvent<{order: Order}>} */ (event).detail;
    if (order.id === undoable) toast.hush(); // What it says is over.
    // Nobody should wait for a drink that does not come.
    if (order.byBar && ["rejected", "cancelled"].includes(order.state)) goTo(`#/order/${order.id}`);
    aloud(({ sayStep }) => sayStep(order));
  });
  orders.addEventListener("refused", (event) => {
    const { ending } = /** @type {CustomEvent<{ending: any}>} */ (event).detail;
    toast.say(refusal(ending));
  });
  orders.addEventListener("change", () => ready.stayAwake(
    orders.open.some(({ state }) => state === "sending" || state === "pending" || state === "in_progress")));
  menu.addEventListener("change", () => {
    if (menu.bar) ready.setTitle(menu.bar.name);
    if (!open && route().name !== "menu") show();
  });
  show();
  if (session.code && !session.guest) goTo("#/join");
  startLive();
  setTimeout(() => whenIdle(fetchRest), REST_MILLISECONDS);
}
