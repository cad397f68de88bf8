// @ts-check
// The plain guests' page: the menu, the door, your orders, and the other side of the bar for trying it alone.
//
// Text from the server enters by textContent only; drawings are built from numbers and known words of a recipe.
// A request ends in one of three ways (see Ending), and each of them has a sentence on the screen.

import { drawDrink } from "./drink-drawing.js";
import { listen } from "./events.js";

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
 * Who has come in. The access token is good until `ends`, milliseconds since 1970 by this clock.
 * @typedef {{user_key: string, name: string, access: string, refresh: string, ends: number}} Guest
 *
 * An order this browser made, for whom it is called out, at log position `placed`.
 * `seen` is the order as it last looked, at log position `at`; `after` the position that a read still to come must have
 * seen, null where none is wanted.
 * @typedef {{id: string, drink_id: string, guest: string, placed?: number, after: number | null, seen: Order | null,
 *   at?: number}} Kept
 *
 * @typedef {{kind: "answered", data: any, position: number | null}
 *   | {kind: "refused", status: number, code: string, detail: string}
 *   | {kind: "unreachable"}} Ending
 */

const DEADLINE_MILLISECONDS = 8000;
/** Between two looks at the open orders, and at the menu, where nobody tells of changes. */
const POLL_MILLISECONDS = 2000;
const MENU_MILLISECONDS = 15_000;
/** Somebody who may tell of them is given so long to begin. */
const GRACE_MILLISECONDS = 2000;
/** And where somebody does, since a place in line changes without a word. */
const PLACE_MILLISECONDS = 15_000;
/** Phones read a menu that has changed within this time, each at its own moment: one address has one rate. */
const SPREAD_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 3000;
const NOTICE_MILLISECONDS = 8000;
const KEPT_ORDERS = 20;
/** An access token is exchanged so long before its end. */
const EARLY_MILLISECONDS = 60_000;
/** A key outlives a reload, but an order given up an hour ago is a new wish, not a retry. */
const KEY_MILLISECONDS = 3_600_000;

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));

// What this browser remembers.

/** Storage may be switched off or full: the page then works until it is closed. */
function remember(/** @type {string} */ name, /** @type {unknown} */ value) {
  try { localStorage.setItem(`barback.${name}`, JSON.stringify(value)); } catch { /* Kept in memory only. */ }
}
function recall(/** @type {string} */ name, /** @type {any} */ otherwise) {
  try { return JSON.parse(localStorage.getItem(`barback.${name}`) ?? "null") ?? otherwise; } catch { return otherwise; }
}

/** A tab's own memory: what a reload must not lose and another tab must not see. */
function rememberHere(/** @type {string} */ name, /** @type {string | null} */ value) {
  try {
    if (value === null) sessionStorage.removeItem(`barback.${name}`);
    else sessionStorage.setItem(`barback.${name}`, value);
  } catch { /* Lost with the page. */ }
}
function recallHere(/** @type {string} */ name) {
  try { return sessionStorage.getItem(`barback.${name}`); } catch { return null; }
}

/** @type {Guest | null} */
let guest = recall("guest", null);
/** @type {Kept[]} newest first */
let orders = recall("orders", []);
/** @type {Record<string, {key: string, guest: string, at: number}>} by drink: sends whose ending is not known yet */
const unsent = recall("unsent", {});
/** @type {Map<string, Drink>} */
let drinks = new Map();

const isOpen = (/** @type {Kept} */ kept) => !kept.seen || ["pending", "in_progress", "ready"].includes(kept.seen.status);
const isPending = (/** @type {Kept} */ kept) => kept.seen?.status === "pending";
const isWanted = (/** @type {Kept} */ kept) => kept.after !== null;
/** Which log position an answer about it must have seen: none before its own, nor before what is known of it. */
const leastPosition = (/** @type {Kept} */ kept) => Math.max(kept.placed ?? 0, kept.at ?? 0, kept.after ?? 0);

function keepOrders() {
  orders = orders.slice(0, KEPT_ORDERS);
  remember("orders", orders);
}

// Asking the server.

const apiKey = document.querySelector('meta[name="barback-api-key"]')?.getAttribute("content") ?? "";

/** The page brings its key along; the bar has made another one since. */
function fetchNewKey() {
  if (recallHere("reloaded") === apiKey) return; // Once: a page without a good key would go on for ever.
  rememberHere("reloaded", apiKey);
  if (recallHere("reloaded") === apiKey) location.reload();
}

function headersOf(/** @type {string | undefined} */ token) {
  const headers = new Headers({ "X-Api-Key": apiKey });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return headers;
}

/**
 * @param {"GET" | "POST" | "PUT"} method
 * @param {string} path
 * @param {{token?: string, code?: string, after?: number | null, key?: string, body?: unknown}} more
 * @returns {Promise<Ending>}
 */
async function ask(method, path, more = {}) {
  const { token, code, after, key, body } = more;
  const headers = headersOf(token);
  headers.set("Accept", "application/json");
  if (code) headers.set("X-Registration-Code", code);
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
    if (json.code === "unknown_api_key") fetchNewKey();
    const detail = String(json.detail || json.title || "The bar said no, without a reason.");
    return { kind: "refused", status: answer.status, code: String(json.code ?? ""), detail };
  } catch {
    return { kind: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks as the guest who has come in; a token that is over, or nearly, is exchanged first.
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {{after?: number | null, key?: string, body?: unknown}} more
 * @returns {Promise<Ending>}
 */
async function askAsGuest(method, path, more = {}) {
  const token = await freshToken();
  const ending = await ask(method, path, { ...more, token });
  if (ending.kind !== "refused" || ending.code !== "bad_token" || !guest) return ending;
  if (guest.access === token) await renew(guest);
  return guest && guest.access !== token ? ask(method, path, { ...more, token: guest.access }) : ending;
}

async function freshToken() {
  if (guest && guest.ends - Date.now() < EARLY_MILLISECONDS) await renew(guest);
  return guest?.access;
}

/** @type {Promise<void> | null} */
let renewing = null;
/** Gets the next tokens; one request at a time, however many ask for it. */
function renew(/** @type {Guest} */ stale) {
  renewing ??= oneTabAtATime(() => renewAlone(stale)).finally(() => { renewing = null; });
  return renewing;
}

async function renewAlone(/** @type {Guest} */ stale) {
  const now = /** @type {Guest | null} */ (recall("guest", stale));
  if (now?.user_key !== stale.user_key || now.access !== stale.access) {
    guest = now; // Another tab was faster.
    return;
  }
  const ending = await ask("POST", "/auth/refresh", { body: { refresh_token: stale.refresh } });
  if (ending.kind === "answered") welcome({ ...stale, ...tokens(ending.data) });
  else if (ending.kind === "refused" && ending.status === 401 && ending.code !== "unknown_api_key") {
    leave("Your time here is over, or the host has ended it. With a code from the bar you are back in.");
  }
}

const tokens = (/** @type {any} */ data) => ({
  access: String(data.access_token), refresh: String(data.refresh_token), ends: Date.now() + Number(data.expires_in) * 1000,
});

/**
 * Browsers have locks on https and localhost only. Elsewhere a note in the storage does: two tabs that miss each
 * other's note get the same tokens, since the bar answers a repeated refresh alike for ten seconds.
 */
async function oneTabAtATime(/** @type {() => Promise<void>} */ work) {
  if (navigator.locks) return navigator.locks.request("barback.renew", work);
  const isBusy = () => Math.abs(Date.now() - recall("renewing", 0)) < DEADLINE_MILLISECONDS;
  while (isBusy()) await new Promise((resolve) => { setTimeout(resolve, 100); });
  remember("renewing", Date.now());
  try { await work(); } finally { remember("renewing", 0); }
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

/**
 * What a list shows one row of; the row looks the same as long as `made` does.
 * @typedef {{id: string, made: unknown, make: () => HTMLElement}} Row
 *
 * @type {WeakMap<HTMLElement, Map<string, {made: string, row: HTMLElement}>>} by list, then by id
 */
const rowsOf = new WeakMap();

/** A row that would look the same stays where it is: replaced under a finger, it would swallow the tap. */
function fill(/** @type {HTMLElement} */ list, /** @type {Row[]} */ wanted) {
  const before = rowsOf.get(list);
  const rows = new Map(wanted.map(({ id, made, make }) => {
    const text = JSON.stringify(made), old = before?.get(id);
    return [id, old?.made === text ? old : { made: text, row: make() }];
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
  const isInMenu = byId("menu").contains(document.activeElement);
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
  fill(byId("sections"), shelves.map(({ section }, i) => ({
    id: section.id, made: [i, section.name], make: () => make("a", { class: "chip", href: `#shelf-${i + 1}` }, section.name),
  })));
  fill(byId("shelves"), shelves.map(({ section }, i) => ({
    id: section.id, made: [i, section.name, section.description],
    make: () => make("section", { class: "shelf", id: `shelf-${i + 1}`, "aria-labelledby": `shelf-title-${i + 1}` },
      make("h2", { id: `shelf-title-${i + 1}` }, section.name),
      section.description ? make("p", {}, section.description) : "",
      make("ul", {})),
  })));
  shelves.forEach(({ drinks }, i) => {
    const list = /** @type {HTMLElement} */ (document.querySelector(`#shelf-${i + 1} ul`));
    fill(list, drinks.map((drink) => ({ id: drink.id, made: drink, make: () => drinkRow(drink) })));
  });
  if (isInMenu && document.activeElement === document.body) byId("menu").focus({ preventScroll: true }); // The button pressed is gone.
  showOrders();
}

let menuShown = "", isReadingMenu = false;
/** The log position that the menu was read at, and when; and the position that the next reading must have seen. */
let menuAt = 0, menuReadAt = 0, menuAfter = 0;
async function loadMenu() {
  if (isReadingMenu) return loadMenuSoon(); // What is being read may be older than what made us ask.
  isReadingMenu = true;
  menuReadAt = Date.now();
  const asked = menuAfter;
  const slow = setTimeout(() => { if (!menuShown) setText(byId("menu-says"), "Still setting the shelf."); }, RETRY_MILLISECONDS);
  const endings = await Promise.all(["/bar", "/sections", "/drinks"].map((path) => ask("GET", path, { after: asked || null })));
  clearTimeout(slow);
  isReadingMenu = false;
  const [bar, sections, list] = endings.map((ending) => ending.kind === "answered" ? ending.data : null);
  if (bar && sections && list) {
    const now = JSON.stringify([bar.name, bar.accepting_orders, bar.message, sections, list]);
    if (now !== menuShown) showMenu(bar, sections, list); // A menu that has not changed keeps the reader's place.
    menuShown = now;
    menuAt = Math.min(...endings.map((ending) => (ending.kind === "answered" && ending.position) || asked));
    if (menuAt < menuAfter) loadMenuSoon();
    return;
  }
  const refused = endings.find((ending) => ending.kind === "refused");
  if (refused?.kind === "refused" && refused.code === "position_ahead") {
    menuAt = menuAfter = 0; // As with an order's.
    return loadMenuSoon();
  }
  // The menu on the screen is better than none, and an order tells whether it still holds.
  if (!menuShown) {
    setText(byId("menu-says"), refused?.kind === "refused" ? refused.detail : "No connection to the bar. Trying again by itself.");
  }
  if (!menuShown || menuAt === 0 || menuAt < menuAfter) setTimeout(loadMenuSoon, RETRY_MILLISECONDS);
}

/** Reads it unless it was read at that position, or later. */
function loadMenuAfter(/** @type {number} */ position) {
  menuAfter = Math.max(menuAfter, position);
  if (menuAt < menuAfter) loadMenuSoon();
}

let menuTimer = 0;
function loadMenuSoon() {
  if (menuTimer) return;
  menuTimer = window.setTimeout(() => {
    menuTimer = 0;
    loadMenu();
  }, Math.random() * SPREAD_MILLISECONDS);
}

// Ordering.

/** @type {Set<string>} ids of drinks on their way */
const sending = new Set();
/** @type {HTMLElement | null} the Order button that was pressed before anybody came in */
let wanted = null;

async function placeOrder(/** @type {Drink} */ drink, /** @type {HTMLElement} */ button) {
  if (sending.has(drink.id)) return;
  if (!guest) {
    wanted = button;
    showDoor(`Come in first, then ${drink.name} is one tap away.`);
    field(byId("code-row").hidden ? "name" : "code").focus();
    return;
  }
  const { user_key, name } = guest;
  sending.add(drink.id);
  labelOrderButton(button, drink, true);
  // The same key with the same order is one order, however often it arrives.
  const last = unsent[drink.id];
  const key = last && last.guest === user_key && Date.now() - last.at < KEY_MILLISECONDS ? last.key : uuid();
  unsent[drink.id] = { key, guest: user_key, at: Date.now() };
  remember("unsent", unsent);

  const ending = await askAsGuest("POST", "/orders", { key, body: { drink_id: drink.id, quantity: 1 } });
  const known = ending.kind === "answered" || (ending.kind === "refused" && ending.status < 500);
  if (known) delete unsent[drink.id];
  remember("unsent", unsent);
  sending.delete(drink.id);
  labelOrderButton(button, drink);

  if (ending.kind === "answered") {
    const id = String(ending.data.id);
    /** @type {Kept} */
    const kept = { id, drink_id: drink.id, guest: name, placed: ending.position ?? 0, after: null, seen: null };
    orders = [kept, ...orders.filter((other) => other.id !== id)];
    keepOrders();
    showOrders();
    say(`${drink.name} is on the bar’s list.`, { link: true });
    readOrders();
  } else if (ending.kind === "refused") {
    if (guest) say(ending.detail, { stays: true }); // Who was let out has been told why.
    if (ending.status === 409) loadMenu(); // Most likely it just went: show what is left.
  } else if (guest) {
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

/** Of whoever has signed in behind the bar; gone with the page. */
let hostToken = "";
/** The address that `serve` prints for the host; guests find the way behind the bar once they have ordered. */
const isForHost = /^\/host\/?$/.test(location.pathname);

/** @type {[Status, string][]} */
const STEPS = [["in_progress", "Start"], ["ready", "Ready"], ["completed", "Served"]];

function ticketRow(/** @type {Kept} */ kept) {
  const done = STEPS.findIndex(([status]) => status === kept.seen?.status);
  return make("li", { class: "ticket" },
    make("p", {}, `${orderName(kept)} for ${kept.guest}`),
    make("p", { class: "meta" }, `${orderTicket(kept)}. ${sentence(kept.seen)}.`),
    make("div", { class: "row" }, ...(hostToken ? STEPS.slice(done + 1) : []).map(([status, label]) => make("button", {
      type: "button", class: "button", "data-ticket": kept.id, "aria-label": `${label}: ${orderName(kept)}`,
      onclick: () => moveOrder(kept.id, status),
    }, label))));
}

/** @type {(makeRow: (kept: Kept) => HTMLElement) => (kept: Kept) => Row} */
const asRow = (makeRow) => (kept) => ({
  id: kept.id, made: [kept.seen, kept.guest, drinks.has(kept.drink_id), hostToken !== ""], make: () => makeRow(kept),
});

function showOrders() {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.ticket : undefined;
  const open = orders.filter(isOpen), finished = orders.filter((kept) => !isOpen(kept));
  byId("orders").hidden = orders.length === 0;
  byId("behind").hidden = orders.length === 0 && !isForHost;
  byId("earlier").hidden = finished.length === 0;
  byId("nobody").hidden = open.length > 0;
  fill(byId("open-orders"), open.map(asRow(orderRow)));
  fill(byId("finished-orders"), finished.map(asRow(orderRow)));
  fill(byId("tickets"), open.map(asRow(ticketRow)));
  // The button pressed is gone: the next step of that ticket takes its place, or the heading when there is none.
  if (focused && document.activeElement === document.body) {
    const next = document.querySelector(`[data-ticket="${CSS.escape(focused)}"]`) ?? document.querySelector("#behind summary");
    if (next instanceof HTMLElement) next.focus();
  }
}

async function readOrder(/** @type {Kept} */ kept) {
  const asked = leastPosition(kept);
  const ending = await askAsGuest("GET", `/orders/${encodeURIComponent(kept.id)}`, { after: asked || null });
  if (!orders.includes(kept)) return ending; // Whoever has left is told nothing more.
  if (ending.kind === "answered") {
    const position = ending.position ?? asked;
    if (position < leastPosition(kept)) return ending; // Something newer was heard meanwhile, or is asked for.
    kept.after = null;
    see(kept, ending.data, position);
  } else if (ending.kind === "refused") {
    if (ending.code === "position_ahead") {
      kept.placed = kept.at = 0; // The log is younger than our memory of it.
      kept.after = null;
    } else if ([403, 404, 410].includes(ending.status)) {
      orders = orders.filter((other) => other !== kept);
      say(`The bar has no ${orderName(kept)} of yours any more.`, { stays: true });
    }
  }
  return ending;
}

function see(/** @type {Kept} */ kept, /** @type {Order} */ order, /** @type {number} */ position) {
  const before = kept.seen?.status;
  kept.seen = order;
  kept.at = position;
  if (before !== order.status) announce(kept, before);
}

function announce(/** @type {Kept} */ kept, /** @type {Status | undefined} */ before) {
  const ready = kept.seen?.status === "ready";
  if (before === undefined && !ready) say(`Ticket ${kept.seen?.ticket}: ${orderName(kept)} is in line.`, { link: true });
  else say(`${orderName(kept)}: ${sentence(kept.seen)}.`, { now: ready, stays: ready, link: true });
}

let reading = false, readAgain = false, lastSeen = "";
/** Reads once every order that is open or wanted. One round at a time; a call meanwhile asks for another round. */
async function readOrders() {
  readAgain = true;
  if (reading) return;
  reading = true;
  while (readAgain) {
    readAgain = false;
    const endings = await Promise.all(orders.filter((kept) => isOpen(kept) || isWanted(kept)).map(readOrder));
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
  const ending = await ask("PUT", `/admin/orders/${encodeURIComponent(id)}`, { token: hostToken, body: { status } });
  if (ending.kind === "answered") kept.after = Math.max(kept.after ?? 0, ending.position ?? 0);
  else if (ending.kind === "refused" && ending.status === 401) showHost("", "Sign in again, please.");
  else if (ending.kind === "refused") say(ending.detail, { stays: true });
  else say("The bar did not answer. Press it again: the same step twice changes nothing.", { stays: true });
  readOrders();
}

// Live: what the bar tells of its own accord.

/** Whether it does; where something on the way collects what it says, the page asks as before. */
let isLive = false;
/** @type {{of: string, since: number, stop: () => string, hurry: () => void} | null} by the guest who listens */
let listening = null;
/** @type {{of: string, id: string} | null} how far that guest has heard, while the tab is hidden */
let heard = null;
/** Not before the first reading of everything, from where the stream then goes on. */
let mayListen = false;

/** Hidden tabs do not listen: a browser has six connections to a bar for all its tabs. */
function listenAsGuest() {
  const who = document.hidden || !mayListen ? undefined : guest?.user_key;
  if (listening && listening.of !== who) {
    heard = { of: listening.of, id: listening.stop() };
    listening = null;
  }
  if (who === undefined || listening) return;
  const after = (heard?.of === who && heard.id) || knownUpTo();
  listening = { of: who, since: Date.now(), ...listen({
    headers: async () => headersOf(await freshToken()),
    opened: () => {
      isLive = true;
      setText(byId("orders-offline"), ""); // Nobody asks any more who would find out.
    },
    lost: () => {
      isLive = false;
      if (!document.hidden) readOrders(); // Says so where the bar is gone.
    },
    missed: readAnew,
    heard: hear,
    refused: async (answer) => {
      const { code } = await answer.json();
      if (code === "unknown_api_key") fetchNewKey();
      else if (code === "bad_token" && guest) await renew(guest);
    },
  }, after) };
}

/** The position up to which all that is shown is known; "" where something was not read yet. */
function knownUpTo() {
  const position = Math.min(menuAt, ...orders.map((kept) => kept.at ?? 0));
  return position > 0 ? String(position) : "";
}

/** The bar may be another one than before: what is known of it counts for nothing. */
function readAnew(/** @type {number} */ position) {
  menuAt = 0;
  loadMenuAfter(position);
  for (const kept of orders) {
    kept.at = 0;
    kept.after = Math.max(kept.after ?? 0, position);
  }
  readOrders();
}

function hear(/** @type {import("./events.js").Change} */ { type, position, data }) {
  if (type === "menu_changed" || type === "bar_changed") return loadMenuAfter(position);
  const kept = orders.find((order) => order.id === data.id);
  if (!kept || position <= (kept.at ?? 0)) return;
  if (position >= (kept.after ?? 0)) kept.after = null;
  see(kept, data, position);
  keepOrders();
  showOrders();
  if (isPending(kept)) readOrders(); // For the place in line, which is not told.
}

/** Asks where nobody tells, and again for what was wanted and did not come. */
function look() {
  if (document.hidden) return;
  const isTold = isLive || (listening && Date.now() - listening.since < GRACE_MILLISECONDS);
  if (orders.some(isTold ? isWanted : (kept) => isOpen(kept) || isWanted(kept))) readOrders();
  if (!isTold && Date.now() - menuReadAt >= MENU_MILLISECONDS) loadMenuSoon();
}

// The door.

/** The code of the link that led here, until it has let somebody in. */
let joinCode = recallHere("code");

function keepCode(/** @type {string | null} */ code) {
  joinCode = code;
  rememberHere("code", code);
}

/** Says why somebody should come in, where that is not plain. */
function showDoor(says = "") {
  byId("door").hidden = guest !== null;
  byId("you").hidden = guest === null;
  byId("code-row").hidden = joinCode !== null;
  setText(byId("door-says"), says);
  setText(byId("you-are"), guest ? guest.name : "");
}

function mark(/** @type {string} */ id, /** @type {string} */ fault, /** @type {string} */ otherwise) {
  field(id).setAttribute("aria-invalid", String(fault !== ""));
  setText(byId(`${id}-why`), fault || otherwise);
}
const markName = (fault = "") => mark("name", fault, "The bar calls it out when your drink is ready.");
const markCode = (fault = "") => mark("code", fault, "It is on the sign at the bar. Or scan the picture beside it.");

function welcome(/** @type {Guest} */ who) {
  guest = who;
  remember("guest", guest);
  remember("name", guest.name);
  showDoor();
  listenAsGuest();
}

/** Nobody is here any more: what was theirs goes with them, and so does what was said to them. */
function leave(says = "") {
  hush();
  guest = null;
  remember("guest", null);
  orders = [];
  keepOrders();
  for (const id of Object.keys(unsent)) delete unsent[id];
  remember("unsent", unsent);
  listenAsGuest();
  showOrders();
  showDoor(says);
  if (says) byId("door-says").focus();
}

let isAtDoor = false;
async function comeIn() {
  if (isAtDoor) return;
  const name = field("name").value.replace(/\p{Surrogate}/gu, "").trim();
  // A header takes ASCII only, and no code has anything else.
  const code = (joinCode ?? field("code").value).replace(/[^\x21-\x7e]/g, "");
  markCode(code ? "" : "We need the code from the bar.");
  markName(name ? "" : "We need something to call out.");
  if (!code || !name) {
    field(code ? "name" : "code").focus();
    return;
  }
  isAtDoor = true;
  byId("come-in").textContent = "One moment";
  // The same key with the same name and code is one guest, however often it is sent.
  const asked = JSON.stringify([code, name]);
  const [last, known] = (recallHere("asked") ?? "").split("\n");
  const key = last === asked && known ? known : uuid();
  rememberHere("asked", `${asked}\n${key}`);
  const ending = await ask("POST", "/register", { code, key, body: { username: name } });
  isAtDoor = false;
  byId("come-in").textContent = "Come in";
  if (ending.kind === "unreachable") {
    showDoor("The bar did not answer. Try again: you come in only once.");
  } else if (ending.kind === "refused") {
    if (ending.code === "wrong_code") {
      keepCode(null);
      showDoor();
      markCode(ending.detail);
      field("code").focus();
    } else if (ending.code === "name_taken" || ending.code === "invalid") {
      markName(ending.detail);
      field("name").focus();
    } else showDoor(ending.detail);
  } else {
    const { user_key, username } = ending.data;
    keepCode(null);
    rememberHere("asked", null);
    field("code").value = "";
    welcome({ user_key: String(user_key), name: String(username), ...tokens(ending.data) });
    say(`Welcome, ${username}.`);
    if (wanted?.isConnected) wanted.focus(); // Back to the drink, which may be far down the menu.
    else byId("menu").focus({ preventScroll: true });
    wanted = null;
  }
}

async function signOut() {
  if (!guest) return;
  const ending = await ask("POST", "/auth/logout", { body: { refresh_token: guest.refresh } });
  if (ending.kind === "unreachable") say("The bar did not answer, so you are still here. Try again.", { stays: true });
  else leave("You are out. Come back any time, with a code from the bar.");
}

// The host, behind the bar.

function showHost(/** @type {string} */ token, fault = "") {
  hostToken = token;
  byId("host").hidden = token !== "";
  field("host-password").value = "";
  mark("host-password", fault, "The bar printed it at its first start.");
  showOrders();
}

async function signInHost() {
  hush(); // What was said to the guest is not for the host.
  const body = { username: field("host-name").value, password: field("host-password").value };
  const ending = await ask("POST", "/auth/login", { body });
  if (ending.kind === "answered") showHost(String(ending.data.access_token));
  else showHost("", ending.kind === "refused" ? ending.detail : "The bar did not answer. Try again.");
}

/** The link at the bar carries the code: it is taken out of the address, where others would see it. */
function takeCode() {
  const code = /^\/join\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  if (!code) return;
  history.replaceState(null, "", "/");
  try { keepCode(decodeURIComponent(code)); } catch { /* No code looks like this. */ }
}

// Starting.

takeCode();
for (const [form, act] of /** @type {[string, () => Promise<void>][]} */ ([["door", comeIn], ["host", signInHost]])) {
  byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
}
field("name").addEventListener("input", () => markName());
field("code").addEventListener("input", () => markCode());
byId("sign-out").addEventListener("click", signOut);
byId("hush").addEventListener("click", hush);
byId("to-orders").addEventListener("click", hush);
// Another tab of this browser ordered, came in or left: without this the older state would be written over it.
window.addEventListener("storage", (event) => {
  if (event.key === "barback.guest") {
    guest = recall("guest", null);
    listenAsGuest();
    showDoor();
  }
  if (event.key !== "barback.orders") return;
  orders = recall("orders", []);
  showOrders();
});
document.addEventListener("visibilitychange", () => {
  listenAsGuest();
  if (document.hidden) return;
  if (!listening) loadMenu();
  if (orders.some(isPending)) readOrders(); // A place in line changes without a word.
});
window.addEventListener("online", () => listening?.hurry());
setInterval(look, POLL_MILLISECONDS);
setInterval(() => { if (isLive && orders.some(isPending)) readOrders(); }, PLACE_MILLISECONDS);

field("name").value = recall("name", "");
if (guest) {
  showDoor();
  showOrders();
} else leave();
if (isForHost) byId("behind").setAttribute("open", "");
Promise.all([loadMenu(), orders.some(isOpen) ? readOrders() : undefined]).then(() => {
  mayListen = true;
  listenAsGuest();
});
