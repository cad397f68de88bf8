// @ts-check
// The guests' page: brings menu, orders and sheets together. Everything else knows only what it needs.

import { make, setText } from "./dom.js";
import { live, startLive } from "./live.js";
import { menu } from "./menu.js";
import { orders } from "./orders.js";
import { followTheme } from "./prefs.js";
import * as ready from "./ready.js";
import { session } from "./session.js";
import { goBack, goTo, openSheet, route, whenMoved } from "./sheet.js";
import { refusal, t, words } from "./words.js";
import { drinkSheet } from "./views/drink.js";
import { joinSheet } from "./views/join.js";
import { MenuView } from "./views/menu.js";
import { orderName, orderSheet } from "./views/order.js";
import { orderBar } from "./views/order-bar.js";
import { ordersSheet } from "./views/orders.js";
import { settingsSheet } from "./views/settings.js";
import { Toast } from "./views/toast.js";

/**
 * @typedef {import("./menu.js").Drink} Drink
 * @typedef {import("./orders.js").Order} Order
 *
 * What lies over the menu; `show` is called once it does, `closed` when it no longer does.
 * @typedef {{element: HTMLElement, name: string, show?: () => void, closed: () => void}} Sheet
 */

const toast = new Toast();
/** What somebody ordered before they came in. @type {{drink: Drink, quantity: number, note: string} | null} */
let wanted = null;

// Ordering.

/** Orders with one tap: the answer is on the screen at once, and can be taken back while nobody has begun. */
async function order(/** @type {Drink} */ drink, quantity = 1, note = "") {
  ready.prepare();
  if (!session.guest) {
    wanted = { drink, quantity, note };
    return goTo("#/join");
  }
  if (route().name === "drink") goBack();
  const name = quantity > 1 ? t("order.several", { count: quantity, drink: drink.name }) : drink.name;
  toast.say(t("order.said.sending", { drink: name }));
  const ending = await orders.place(drink, quantity, note);
  if (ending.kind === "refused") return toast.say(refusal(ending));
  const { order } = ending, undoIt = { label: t("order.undo"), does: () => undo(order) };
  if (ending.kind === "waiting") toast.say(t("order.say.notSent"), undoIt);
  else if (order.place !== null && order.place > 1) {
    toast.say(t("order.said.place", { drink: name, count: order.place }), undoIt);
  } else toast.say(t("order.said.pending", { drink: name }), undoIt);
}

async function undo(/** @type {Order} */ order) {
  const ending = await orders.cancel(order.id);
  toast.say(ending.kind === "answered" ? t("order.said.cancelled", { drink: orderName(order) }) : refusal(ending));
}

function again(/** @type {Order} */ before) {
  const drink = menu.drinks.get(before.drink.id);
  if (drink) order(drink, before.quantity, before.note);
}

function came() {
  const first = wanted;
  wanted = null;
  goBack();
  if (first) order(first.drink, first.quantity, first.note);
}

async function leave() {
  const ending = await session.leave();
  if (ending.kind === "unreachable") return toast.say(refusal(ending));
  goBack();
  toast.say(t("settings.left"));
}

// Sheets: each address below # is one.

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
    case "orders": return ordersSheet({ again });
    case "join": return joinSheet({ came, wanted: wanted?.drink.name });
    case "settings": return settingsSheet({ leave });
  }
}

/** @type {{sheet: Sheet, finish: () => void} | null} */
let open = null;

/** Shows what the address says, in place of what lay over the menu before. */
function show() {
  const before = open, opener = document.activeElement;
  open = null;
  const sheet = sheetAt(route());
  if (sheet) {
    const { finish } = openSheet(sheet.element, { label: sheet.name, isRoute: true, opener: () => rowOf(opener) });
    open = { sheet, finish };
    sheet.show?.();
    sheet.element.parentElement?.scrollTo(0, 0);
  }
  before?.sheet.closed();
  before?.finish();
  if (sheet) /** @type {HTMLElement | null} */ (sheet.element.querySelector("h1"))?.focus({ preventScroll: true });
}

/** Lists are drawn anew: the focus goes back to what now stands where it was. */
function rowOf(/** @type {Element | null} */ opener) {
  if (opener?.isConnected) return opener;
  const id = opener?.closest("[data-drink]")?.getAttribute("data-drink");
  return id ? document.querySelector(`[data-drink="${CSS.escape(id)}"] a`) : null;
}

// The page.

function build() {
  const view = new MenuView({ order });
  const lost = make("p", { class: "strip", role: "status", hidden: true });
  const showLost = () => {
    lost.hidden = live.state !== "lost";
    setText(lost, lost.hidden ? "" : t("noConnection"));
  };
  live.addEventListener("change", showLost);
  showLost();
  document.body.replaceChildren(lost, view.element, orderBar(), toast.element);
}

await words.ready;
followTheme();
build();
words.addEventListener("change", () => {
  build();
  show();
});
whenMoved(show);
session.addEventListener("change", (event) => {
  if (/** @type {CustomEvent<{why: string}>} */ (event).detail.why === "over") toast.say(t("session.over"));
});
orders.addEventListener("ready", (event) => {
  const { order } = /** @type {CustomEvent<{order: Order}>} */ (event).detail;
  ready.announce(orderName(order), order.id);
  goTo(`#/order/${order.id}`);
});
orders.addEventListener("refused", (event) => {
  const { ending } = /** @type {CustomEvent<{ending: any}>} */ (event).detail;
  toast.say(refusal(ending));
});
orders.addEventListener("change", () => ready.stayAwake(orders.open.some(({ state }) => state !== "ready")));
menu.addEventListener("change", () => {
  if (menu.bar) ready.setTitle(menu.bar.name);
  if (!open && route().name !== "menu") show();
});
show();
if (session.code && !session.guest) goTo("#/join");
startLive();
if (window.isSecureContext) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
