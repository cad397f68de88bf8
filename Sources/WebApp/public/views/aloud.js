// @ts-check
// What is said aloud, for those who do not see it happen: each step of an order at once, changes of the place in line at
// most once a minute, and whether the bar can be reached. Ready interrupts; the rest waits its turn.

import { make } from "../dom.js";
import { orders } from "../orders.js";
import { keepInReach } from "../sheet.js";
import { has, t } from "../words.js";
import { orderName, sentenceOf, titleOf } from "./order.js";

/** @typedef {import("../orders.js").Order} Order */

const PLACE_MILLISECONDS = 60_000;
/** A reader notices a text that changes, and not one that comes with its place. */
const SOON_MILLISECONDS = 50;

const calm = make("p", { class: "visually-hidden", role: "status" });
const urgent = make("p", { class: "visually-hidden", "aria-live": "assertive" });

function say(/** @type {Element} */ place, /** @type {string} */ sentence) {
  keepInReach(place);
  place.textContent = ""; // The same again is news, too.
  setTimeout(() => { place.textContent = sentence; }, SOON_MILLISECONDS);
}

export function sayStep(/** @type {Order} */ order) {
  const drink = orderName(order);
  // Ready is said below; what the guest took back, a toast has answered for.
  if (order.state === "ready" || (order.state === "cancelled" && !order.byBar)) return;
  say(calm, has(`bar.${order.state}`) ? t(`bar.${order.state}`, { drink })
    : `${drink}: ${titleOf(order)}. ${sentenceOf(order).join(" ")}`);
}

/** @type {Map<string, number>} places that were said, or seen when the order was placed, by order */
const said = new Map();
let saidAt = -PLACE_MILLISECONDS, timer = 0;

export function sayPlaces() {
  const inLine = orders.open.filter(({ state, place }) => state === "pending" && place !== null);
  for (const { id, place } of inLine) if (!said.has(id)) said.set(id, place ?? 0);
  const moved = inLine.filter(({ id, place }) => said.get(id) !== place);
  if (moved.length === 0) return;
  const wait = saidAt + PLACE_MILLISECONDS - performance.now();
  if (wait > 0) {
    timer ||= window.setTimeout(() => { timer = 0; sayPlaces(); }, wait);
    return;
  }
  saidAt = performance.now();
  for (const { id, place } of moved) said.set(id, place ?? 0);
  say(calm, moved.map((order) => `${orderName(order)}: ${titleOf(order)}.`).join(" "));
}

export function sayReady(/** @type {Order} */ order) { say(urgent, `${t("ready.now")} ${sentenceOf(order)[0]}`); }

export function sayLost() { say(calm, t("noConnection")); }
