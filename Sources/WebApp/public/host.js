// @ts-check
// Behind the bar: who waits for what, oldest first, and the next step of each order.

import { ask, headersOf } from "./api.js";
import { arrange, make, setText } from "./dom.js";
import { listen } from "./events.js";
import { picture } from "./picture.js";

/**
 * @typedef {{id: string, ticket: number, quantity: number, note: string, username: string, status: string,
 *   drink: {id: string, name: string, ingredients?: any[], glass?: string}}} Order
 */

const ASK_MILLISECONDS = 3000;
/** What comes next, and the word for it. */
const NEXT = /** @type {Record<string, [string, string]>} */ ({
  pending: ["in_progress", "Start"], in_progress: ["ready", "Ready"], ready: ["completed", "Served"],
});
const LEVEL = /** @type {Record<string, number>} */ ({ pending: 0, in_progress: .56, ready: 1 });
const WORDS = /** @type {Record<string, string>} */ ({
  pending: "waiting", in_progress: "being mixed", ready: "ready at the bar",
});

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));

/** Kept nowhere: whoever reloads signs in again. */
let token = "";
let isLive = false;
/** @type {Map<string, {made: string, row: HTMLElement}>} */
const rows = new Map();

function rowOf(/** @type {Order} */ order) {
  const made = JSON.stringify(order), old = rows.get(order.id);
  if (old?.made === made) return old.row;
  const [status, label] = NEXT[order.status];
  const name = order.quantity > 1 ? `${order.quantity} × ${order.drink.name}` : order.drink.name;
  const row = make("li", { class: "order-row" },
    make("div", { class: "stand" }, picture(/** @type {any} */ (order.drink), {
      size: 84, fit: true, hidden: true, level: LEVEL[order.status], empty: order.status === "pending",
    })),
    make("div", { class: "words" },
      make("h2", { class: "display-type" }, name),
      make("p", {}, `Ticket ${order.ticket}, for ${order.username}, ${WORDS[order.status]}`),
      order.note && make("p", {}, make("strong", {}, order.note))),
    make("button", {
      type: "button", class: "button small", "data-order": order.id,
      "aria-label": `${label}: ${name}, for ${order.username}`,
      onclick: () => move(order, status),
    }, label));
  rows.set(order.id, { made, row });
  return row;
}

async function move(/** @type {Order} */ order, /** @type {string} */ status) {
  const ending = await ask("PUT", `/admin/orders/${order.id}`,
    { token, body: { status, expected_status: order.status } });
  if (ending.kind === "answered") return read(ending.position);
  setText(byId("says"), ending.kind === "refused" ? ending.detail : "The bar did not answer. Press it again.");
  read();
}

/** Shows the queue, once it is at least as new as a position. */
async function read(/** @type {number | null} */ after = null) {
  const ending = await ask("GET", "/admin/orders?limit=200", { token, after });
  if (ending.kind === "refused" && ending.status === 401) return signOut("Sign in again, please.");
  if (ending.kind !== "answered") return;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.order : undefined;
  arrange(byId("queue"), ending.data.map(rowOf));
  const count = ending.data.length;
  setText(byId("says"), count ? `${count} on their way.` : "Nobody is waiting. The menu is open.");
  // The button pressed is gone: the next step of that order takes its place.
  if (focused && document.activeElement === document.body) {
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-order="${CSS.escape(focused)}"]`))?.focus();
  }
}

/** @type {{stop: () => void} | null} */
let listening = null;
function signOut(/** @type {string} */ why) {
  token = "";
  listening?.stop();
  listening = null;
  arrange(byId("queue"), []);
  setText(byId("says"), "");
  byId("sign-in").hidden = false;
  setText(byId("wrong"), why);
}

byId("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { username: field("username").value, password: field("password").value };
  const ending = await ask("POST", "/auth/login", { body });
  if (ending.kind !== "answered") {
    setText(byId("wrong"), ending.kind === "refused" ? ending.detail : "The bar did not answer. Try again.");
    return field("password").focus();
  }
  token = String(ending.data.access_token);
  field("password").value = "";
  setText(byId("wrong"), "");
  byId("sign-in").hidden = true;
  listening = listen({
    headers: async () => headersOf(token),
    opened: () => { isLive = true; },
    lost: () => { isLive = false; },
    heard: ({ type, position }) => { if (type.startsWith("order_")) read(position); },
    missed: read,
    refused: async (answer) => { if (answer.status === 401) signOut("Sign in again, please."); },
  });
  read();
});
setInterval(() => { if (token && !isLive && !document.hidden) read(); }, ASK_MILLISECONDS);
