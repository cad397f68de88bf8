// @ts-check
// The plain guests' page: the menu, a name, your orders, and the other side of the bar for trying it alone.
//
// Text from the server enters by textContent only; drawings are built from numbers and known words of a recipe.
// A request ends in one of three ways (see Ending), and each of them has a sentence on the screen.

import { drawDrink } from "./drink-drawing.js";

/**
 * @typedef {{name: string, amount?: number | null, unit?: string | null}} Ingredient
 * @typedef {{id: string, section_id: string, section_name: string, name: string, description: string,
 *   ingredients: Ingredient[], garnish?: string | null, glass?: string | null, ice?: string | null, abv?: number | null,
 *   available: boolean, missing: string[]}} Drink
 * @typedef {{id: string, name: string, description?: string | null}} Section
 * @typedef {{name?: string, accepting_orders?: boolean, message?: string | null}} Bar
 * @typedef {"pending" | "in_progress" | "ready" | "completed" | "cancelled" | "rejected"} Status
 * @typedef {{id: string, ticket: number, drink: {id: string, name: string}, status: Status,
 *   queue_position?: number | null, timeline?: {status: Status, reason?: string | null}[]}} Order
 *
 * An order this browser made. `guest` is the name it was made under, which may differ from the name in the field now.
 * `after` is the log position the next read must have seen, `seen` the order as it last looked.
 * @typedef {{id: string, drink_id: string, guest: string, after: number | null, seen: Order | null}} Kept
 *
 * @typedef {{kind: "answered", data: any, position: number | null}
 *   | {kind: "refused", status: number, code: string, detail: string}
 *   | {kind: "unreachable"}} Ending
 */

const DEADLINE_MILLISECONDS = 8000;
const POLL_MILLISECONDS = 2000;
const RETRY_MILLISECONDS = 3000;
const NOTICE_MILLISECONDS = 8000;
const KEPT_ORDERS = 20;
/** A key outlives a reload, but an order given up an hour ago is a new wish, not a retry. */
const KEY_MILLISECONDS = 3_600_000;

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const nameField = /** @type {HTMLInputElement} */ (byId("name"));

// What this browser remembers.

/** Storage may be switched off or full: the page then works until it is closed. */
function remember(/** @type {string} */ name, /** @type {unknown} */ value) {
  try { localStorage.setItem(`barback.${name}`, JSON.stringify(value)); } catch { /* Kept in memory only. */ }
}
function recall(/** @type {string} */ name, /** @type {any} */ otherwise) {
  try { return JSON.parse(localStorage.getItem(`barback.${name}`) ?? "null") ?? otherwise; } catch { return otherwise; }
}

/** @type {Kept[]} newest first */
let orders = recall("orders", []);
/** @type {Record<string, {key: string, guest: string, at: number}>} by drink: sends whose ending is not known yet */
const unsent = recall("unsent", {});
/** @type {Map<string, Drink>} */
let drinks = new Map();

const isOpen = (/** @type {Kept} */ kept) => !kept.seen || ["pending", "in_progress", "ready"].includes(kept.seen.status);

function keepOrders() {
  orders = orders.slice(0, KEPT_ORDERS);
  remember("orders", orders);
}

// Asking the server.

/**
 * @param {"GET" | "POST" | "PUT"} method
 * @param {string} path
 * @param {{guest?: string, after?: number | null, key?: string, body?: unknown}} more
 * @returns {Promise<Ending>}
 */
async function ask(method, path, more = {}) {
  const { guest, after, key, body } = more;
  const headers = new Headers({ Accept: "application/json" });
  if (guest) headers.set("X-Guest", encodeURIComponent(guest)); // Header values are ASCII; names are not.
  if (after != null) headers.set("Barback-After", String(after));
  if (key) headers.set("Idempotency-Key", key);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), DEADLINE_MILLISECONDS);
  try {
    const answer = await fetch(path, { method, headers, body: JSON.stringify(body), signal: deadline.signal });
    const json = await answer.json();
    if (answer.ok) {
      const position = Number.parseInt(answer.headers.get("Barback-Position") ?? "", 10);
      return { kind: "answered", data: json.data, position: Number.isSafeInteger(position) ? position : null };
    }
    // Anything else than a problem of ours comes from something between us and the bar.
    if (!answer.headers.get("Content-Type")?.startsWith("application/problem+json")) return { kind: "unreachable" };
    const detail = String(json.detail || json.title || "The bar said no, without a reason.");
    return { kind: "refused", status: answer.status, code: String(json.code ?? ""), detail };
  } catch {
    return { kind: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** A version 4 UUID. `crypto.randomUUID` is missing on plain http, which is how phones reach a bar at home. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Building the page.

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} props `on...` is a listener, the rest attributes
 * @param {(Node | string)[]} inside strings become text
 */
function make(tag, props, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside);
  return element;
}

/** How much a drawing should see of each unit, in ml. */
const DRAWN = { ml: 1, dash: 0.8, barspoon: 4, top: 1 };
const DRAWN_TOP = 100;

/**
 * The glass, full, half full (being mixed) or empty (in line, or sold out).
 * @param {Drink | undefined} drink
 * @param {{size: number, level?: number, empty?: boolean, fit?: boolean, uid?: string}} options
 */
function stand(drink, options) {
  const box = make("div", { class: "stand" });
  if (!drink) return box;
  const has = (/** @type {string} */ name) => drink.ingredients.some((part) => part.name.toLowerCase() === name);
  const svg = drawDrink({
    name: drink.name,
    glass: drink.glass ?? "rocks",
    ice: drink.ice === "large" ? "big" : drink.ice ?? "none",
    garnish: (drink.garnish ?? "").split(/,| and /),
    rim: /\b(salt|sugar) rim/i.exec(drink.garnish ?? "")?.[1].toLowerCase(),
    foam: has("coffee") && has("cream") ? "cream" : undefined,
    ingredients: drink.ingredients.map((part) => ({
      name: part.name,
      unit: part.unit,
      ml: part.unit === "top" ? DRAWN_TOP : (Number(part.amount) || 0) * (DRAWN[/** @type {"ml"} */ (part.unit)] ?? 0.1),
    })),
  }, options);
  box.append(document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true));
  return box;
}

let hushTimer = 0;
/**
 * Says a sentence in the bar at the foot of the screen. `stays` until closed; `now` interrupts a screen reader; `link`
 * leads to the orders.
 */
function say(/** @type {string} */ sentence, { stays = false, now = false, link = false } = {}) {
  byId("said").textContent = now ? "" : sentence;
  byId("said-now").textContent = now ? sentence : "";
  byId("to-orders").hidden = !link;
  byId("notice").classList.add("open");
  clearTimeout(hushTimer);
  if (!stays) hushTimer = window.setTimeout(hush, NOTICE_MILLISECONDS);
}
function hush() {
  byId("notice").classList.remove("open");
  byId("said").textContent = byId("said-now").textContent = "";
}

/** Puts a sentence into a live region only when it changed, so that it is read out once. */
function setText(/** @type {HTMLElement} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

// The menu.

const listed = (/** @type {string[]} */ names, /** @type {string} */ last) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
const strength = (/** @type {Drink} */ drink) =>
  drink.abv == null ? "" : drink.abv === 0 ? "alcohol-free" : `${Math.round(drink.abv)}\u202f%`;
const whyOut = (/** @type {Drink} */ drink) => drink.missing?.length ? `No ${listed(drink.missing, "or")} tonight` : "Not tonight";

function drinkRow(/** @type {Drink} */ drink) {
  const out = !drink.available;
  const foot = make("div", { class: "foot" }, make("span", { class: "meta" }, strength(drink)));
  if (out) foot.append(make("span", { class: "reason" }, whyOut(drink)));
  else foot.append(orderButton(drink));
  return make("li", { class: out ? "drink out" : "drink" },
    stand(drink, { size: 112, empty: out }),
    make("div", { class: "words" },
      make("h3", {}, drink.name),
      make("p", { class: "parts" }, drink.ingredients.map((part) => part.name).join(", ")),
      make("p", { class: "about" }, drink.description),
      foot));
}

function orderButton(/** @type {Drink} */ drink) {
  const button = make("button", { type: "button", class: "button", onclick: () => placeOrder(drink, button) });
  labelOrderButton(button, drink);
  return button;
}

function labelOrderButton(/** @type {HTMLElement} */ button, /** @type {Drink} */ drink, sending = false) {
  const again = !sending && drink.id in unsent;
  const label = sending ? "Sending" : again ? "Send again" : "Order";
  button.textContent = label;
  button.setAttribute("aria-label", `${label}: ${drink.name}`);
  button.setAttribute("aria-disabled", String(sending));
  button.classList.toggle("again", again);
}

function showMenu(/** @type {Bar} */ bar, /** @type {Section[]} */ sections, /** @type {Drink[]} */ list) {
  drinks = new Map(list.map((drink) => [drink.id, drink]));
  if (bar.name) byId("bar-name").textContent = document.title = bar.name;
  const pouring = list.filter((drink) => drink.available).length;
  setText(byId("bar-says"), bar.accepting_orders === false
    ? bar.message || "The bar is taking a short break. The menu stays open."
    : bar.message || `${pouring} ${pouring === 1 ? "drink" : "drinks"} tonight.`);
  setText(byId("menu-says"), list.length ? "" : "Nothing is on the menu yet.");

  const shelves = sections
    .map((section) => ({ section, drinks: list.filter((drink) => drink.section_id === section.id) }))
    .filter((shelf) => shelf.drinks.length);
  byId("sections").hidden = shelves.length < 2;
  byId("sections").replaceChildren(...shelves.map(({ section }, i) =>
    make("a", { class: "chip", href: `#shelf-${i + 1}` }, section.name)));
  byId("shelves").replaceChildren(...shelves.map(({ section, drinks }, i) =>
    make("section", { class: "shelf", id: `shelf-${i + 1}`, "aria-labelledby": `shelf-title-${i + 1}` },
      make("h2", { id: `shelf-title-${i + 1}` }, section.name),
      section.description ? make("p", {}, section.description) : "",
      make("ul", {}, ...drinks.map(drinkRow)))));
  if (document.activeElement === document.body) byId("menu").focus({ preventScroll: true }); // The button pressed is gone.
  showOrders();
}

let menuShown = "";
async function loadMenu() {
  const slow = setTimeout(() => { if (!menuShown) setText(byId("menu-says"), "Still setting the shelf."); }, RETRY_MILLISECONDS);
  const endings = await Promise.all([ask("GET", "/bar"), ask("GET", "/sections"), ask("GET", "/drinks")]);
  clearTimeout(slow);
  const [bar, sections, list] = endings.map((ending) => ending.kind === "answered" ? ending.data : null);
  if (bar && sections && list) {
    const now = JSON.stringify([bar.name, bar.accepting_orders, bar.message, sections, list]);
    if (now !== menuShown) showMenu(bar, sections, list); // A menu that has not changed keeps the reader's place.
    menuShown = now;
    return;
  }
  if (menuShown) return; // The menu on the screen is better than none, and an order tells whether it still holds.
  const refused = endings.find((ending) => ending.kind === "refused");
  setText(byId("menu-says"), refused?.kind === "refused" ? refused.detail : "No connection to the bar. Trying again by itself.");
  setTimeout(loadMenu, RETRY_MILLISECONDS);
}

// Ordering.

/** The name in the field, without half characters that no header can carry. */
const guestName = () => nameField.value.replace(/\p{Surrogate}/gu, "").trim();

function markName(/** @type {boolean} */ missing) {
  nameField.setAttribute("aria-invalid", String(missing));
  setText(byId("name-why"), missing ? "We need something to call out." : "The bar calls it out when your drink is ready.");
}

/** @type {Set<string>} ids of drinks on their way */
const sending = new Set();
/** @type {HTMLElement | null} the Order button that was pressed before there was a name */
let wanted = null;

async function placeOrder(/** @type {Drink} */ drink, /** @type {HTMLElement} */ button) {
  if (sending.has(drink.id)) return;
  const guest = guestName();
  if (!guest) {
    markName(true);
    wanted = button;
    nameField.focus();
    return;
  }
  sending.add(drink.id);
  labelOrderButton(button, drink, true);
  // The same key with the same order is one order, however often it arrives.
  const last = unsent[drink.id];
  const key = last && last.guest === guest && Date.now() - last.at < KEY_MILLISECONDS ? last.key : uuid();
  unsent[drink.id] = { key, guest, at: Date.now() };
  remember("unsent", unsent);

  const ending = await ask("POST", "/orders", { guest, key, body: { drink_id: drink.id, quantity: 1 } });
  const known = ending.kind === "answered" || (ending.kind === "refused" && ending.status < 500);
  if (known) delete unsent[drink.id];
  remember("unsent", unsent);
  sending.delete(drink.id);
  labelOrderButton(button, drink);

  if (ending.kind === "answered") {
    const id = String(ending.data.id);
    orders = [{ id, drink_id: drink.id, guest, after: ending.position, seen: null }, ...orders.filter((kept) => kept.id !== id)];
    keepOrders();
    showOrders();
    say(`${drink.name} is on the bar’s list.`, { link: true });
    readOrders();
  } else if (ending.kind === "refused") {
    say(ending.detail, { stays: true });
    if (ending.status === 409) loadMenu(); // Most likely it just went: show what is left.
  } else {
    say(`The bar did not answer, so ${drink.name} may not have arrived. Send it again: it is never made twice.`, { stays: true });
  }
}

// Your orders, and the same orders from behind the bar.

function sentence(/** @type {Order | null} */ order) {
  if (!order) return "Sent";
  const reason = order.timeline?.filter((step) => step.status === order.status).at(-1)?.reason;
  switch (order.status) {
    case "pending": return (order.queue_position ?? 1) > 1 ? `Waiting, number ${order.queue_position} in line` : "Waiting";
    case "in_progress": return "Being mixed";
    case "ready": return "Ready at the bar";
    case "completed": return "Served";
    case "cancelled": return reason ? `Cancelled: ${reason}` : "Cancelled";
    case "rejected": return reason ? `The bar had to say no: ${reason}` : "The bar had to say no";
  }
}

const orderName = (/** @type {Kept} */ kept) => kept.seen?.drink.name ?? drinks.get(kept.drink_id)?.name ?? "Your drink";
const orderTicket = (/** @type {Kept} */ kept) => kept.seen ? `Ticket ${kept.seen.ticket}` : "Waiting for a ticket";

function orderRow(/** @type {Kept} */ kept) {
  const status = kept.seen?.status;
  const level = status === "ready" ? 1 : status === "in_progress" ? 0.5 : 0;
  return make("li", { class: status === "ready" ? "order ready" : "order" },
    stand(drinks.get(kept.drink_id), { size: 64, fit: true, level, empty: level === 0, uid: "o" }),
    make("div", { class: "words" },
      make("h3", {}, orderName(kept)),
      make("p", { class: "says" }, sentence(kept.seen)),
      make("p", { class: "meta" }, orderTicket(kept))));
}

/** @type {[Status, string][]} */
const STEPS = [["in_progress", "Start"], ["ready", "Ready"], ["completed", "Served"]];

function ticketRow(/** @type {Kept} */ kept) {
  const done = STEPS.findIndex(([status]) => status === kept.seen?.status);
  return make("li", { class: "ticket" },
    make("p", {}, `${orderName(kept)} for ${kept.guest}`),
    make("p", { class: "meta" }, `${orderTicket(kept)}. ${sentence(kept.seen)}.`),
    make("div", { class: "row" }, ...STEPS.slice(done + 1).map(([status, label]) => make("button", {
      type: "button", class: "button", "data-ticket": kept.id, "aria-label": `${label}: ${orderName(kept)}`,
      onclick: () => moveOrder(kept.id, status),
    }, label))));
}

/** @type {WeakMap<HTMLElement, Map<string, {made: string, row: HTMLElement}>>} by list, then by order */
const rowsOf = new WeakMap();

/**
 * Shows one row an order. A row that would look the same stays where it is: replaced under a finger, it would swallow the tap.
 * @param {HTMLElement} list
 * @param {Kept[]} wanted
 * @param {(kept: Kept) => HTMLElement} makeRow
 */
function fill(list, wanted, makeRow) {
  const before = rowsOf.get(list);
  const rows = new Map(wanted.map((kept) => {
    const made = JSON.stringify([kept.seen, kept.guest, drinks.has(kept.drink_id)]);
    const old = before?.get(kept.id);
    return [kept.id, old?.made === made ? old : { made, row: makeRow(kept) }];
  }));
  rowsOf.set(list, rows);
  const staying = new Set([...rows.values()].map(({ row }) => row));
  for (const child of [...list.children]) if (!staying.has(/** @type {HTMLElement} */ (child))) child.remove();
  let place = list.firstElementChild;
  for (const row of staying) {
    if (row === place) place = place.nextElementSibling;
    else list.insertBefore(row, place);
  }
}

function showOrders() {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.ticket : undefined;
  const open = orders.filter(isOpen), finished = orders.filter((kept) => !isOpen(kept));
  byId("orders").hidden = byId("behind").hidden = orders.length === 0;
  byId("earlier").hidden = finished.length === 0;
  byId("nobody").hidden = open.length > 0;
  fill(byId("open-orders"), open, orderRow);
  fill(byId("finished-orders"), finished, orderRow);
  fill(byId("tickets"), open, ticketRow);
  // The button pressed is gone: the next step of that ticket takes its place, or the heading when there is none.
  if (focused && document.activeElement === document.body) {
    const next = document.querySelector(`[data-ticket="${CSS.escape(focused)}"]`) ?? document.querySelector("#behind summary");
    if (next instanceof HTMLElement) next.focus();
  }
}

async function readOrder(/** @type {Kept} */ kept) {
  const asked = kept.after;
  const ending = await ask("GET", `/orders/${encodeURIComponent(kept.id)}`, { guest: kept.guest, after: asked });
  // A move made meanwhile asks for a newer position: this answer is then older than what the next read will bring.
  if (kept.after !== asked) return ending;
  if (ending.kind === "answered") {
    const before = kept.seen?.status;
    kept.after = null;
    kept.seen = ending.data;
    if (kept.seen && before !== kept.seen.status) announce(kept, before);
  } else if (ending.kind === "refused") {
    if (ending.code === "position_ahead") kept.after = null; // The log is younger than our memory of it.
    else if ([401, 403, 404, 410].includes(ending.status)) {
      orders = orders.filter((other) => other !== kept);
      say(`The bar has no ${orderName(kept)} of yours any more.`, { stays: true });
    }
  }
  return ending;
}

function announce(/** @type {Kept} */ kept, /** @type {Status | undefined} */ before) {
  const ready = kept.seen?.status === "ready";
  if (before === undefined && !ready) say(`Ticket ${kept.seen?.ticket}: ${orderName(kept)} is in line.`, { link: true });
  else say(`${orderName(kept)}: ${sentence(kept.seen)}.`, { now: ready, stays: ready, link: true });
}

let reading = false, readAgain = false, lastSeen = "";
/** Reads every open order once. One round at a time; a call meanwhile asks for another round. */
async function readOrders() {
  readAgain = true;
  if (reading) return;
  reading = true;
  while (readAgain) {
    readAgain = false;
    const endings = await Promise.all(orders.filter(isOpen).map(readOrder));
    keepOrders();
    showOrders();
    if (endings.some((ending) => ending.kind === "unreachable")) {
      setText(byId("orders-offline"), "No connection to the bar. Trying again by itself."
        + (lastSeen ? ` This is how it looked at ${lastSeen}. Your order is safe at the bar.` : ""));
    } else if (endings.every((ending) => ending.kind === "answered")) {
      setText(byId("orders-offline"), "");
      lastSeen = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    }
  }
  reading = false;
}

async function moveOrder(/** @type {string} */ id, /** @type {Status} */ status) {
  const kept = orders.find((order) => order.id === id);
  if (!kept) return;
  const ending = await ask("PUT", `/admin/orders/${encodeURIComponent(id)}`, { guest: kept.guest, body: { status } });
  if (ending.kind === "answered") kept.after = ending.position;
  else if (ending.kind === "refused") say(ending.detail, { stays: true });
  else say("The bar did not answer. Press it again: the same step twice changes nothing.", { stays: true });
  readOrders();
}

// Starting.

nameField.value = recall("name", "");
nameField.addEventListener("input", () => {
  remember("name", nameField.value);
  if (guestName()) markName(false);
});
nameField.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault(); // Or the same Enter would press the button it is about to reach.
  nameField.blur(); // Puts a phone's keyboard away.
  if (guestName()) wanted?.focus(); // Back to the drink, which may be far down the menu.
  wanted = null;
});
byId("hush").addEventListener("click", hush);
byId("to-orders").addEventListener("click", hush);
// Another tab of this browser ordered, or saw more: without this the older list would be written over it.
window.addEventListener("storage", (event) => {
  if (event.key !== "barback.orders") return;
  orders = recall("orders", []);
  showOrders();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  loadMenu();
  if (orders.some(isOpen)) readOrders();
});
setInterval(() => { if (!document.hidden && orders.some(isOpen)) readOrders(); }, POLL_MILLISECONDS);

showOrders();
loadMenu();
if (orders.some(isOpen)) readOrders();
