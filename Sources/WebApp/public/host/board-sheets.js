// @ts-check
// What lies over the board: one ticket with all there is to it, and a break for the bar.

import { add, make, setText } from "../dom.js";
import { picture } from "../picture.js";
import { openSheet } from "../sheet.js";
import { refusal, t, time } from "../words.js";
import { icon } from "./icons.js";
import { stepBefore } from "./queue.js";
import { age, method, nameOf, recipe } from "./ticket.js";

/**
 * @typedef {import("./host.js").Context} Context
 * @typedef {import("./queue.js").Order} Order
 * @typedef {import("./queue.js").Status} Status
 */

/** Of what the bar takes as a reason and as a message. */
const LENGTH = 200;
const REASONS = ["out", "closing", "come", "other"];
const BREAKS = ["ten", "half", "closed"];
const LAST_CALLS = ["last", "soon"];

export const closing = () => make("div", { class: "sheet-top" }, make("button", {
  type: "button", class: "icon-button", "aria-label": t("common.close"), "data-close": true,
}, icon("close")));

/**
 * A text that is written, or begun with a chip.
 * @param {string} id
 * @param {string} label
 * @param {string[]} proposals
 */
function sentence(id, label, proposals) {
  const input = /** @type {HTMLTextAreaElement} */ (make("textarea", { id, rows: 2, maxlength: LENGTH }));
  const chips = make("div", { class: "chips" });
  const propose = (/** @type {string[]} */ texts) => chips.replaceChildren(...texts.map((text) => make("button", {
    type: "button", class: "chip", onclick: () => {
      input.value = text;
      input.focus();
    },
  }, text)));
  propose(proposals);
  return { input, propose, element: make("div", { class: "sentence" },
    make("label", { class: "label", for: id }, label), chips, input) };
}

/**
 * @param {Context} context
 * @param {Order} first
 * @param {{move: (status: Status, more?: {reason?: string}) => void, opener: () => Element | null}} does
 */
export function openTicket({ bar, queue }, first, { move, opener }) {
  const body = make("div", { class: "sheet-body board-sheet ticket-sheet" });
  const reason = sentence("reason", t("board.reason"), REASONS.map((name) => t(`board.reason.${name}`)));
  let shown = "";
  const act = (/** @type {Status} */ status, more = {}) => {
    sheet.close();
    move(status, more);
  };
  function show() {
    const order = queue.orders.get(first.id);
    if (!order) return sheet.close(); // Somebody has taken it, or taken it back.
    if (JSON.stringify(order.timeline) === shown) return;
    shown = JSON.stringify(order.timeline);
    body.replaceChildren();
    add(body, ticketParts(order, bar, act, reason));
  }
  const closed = () => queue.removeEventListener("change", show);
  const sheet = openSheet(body, { label: nameOf(first), opener, closed });
  queue.addEventListener("change", show);
  show();
}

const isBack = (/** @type {Order["timeline"]} */ timeline, /** @type {number} */ place) =>
  timeline.slice(0, place).some(({ status }) => status === timeline[place].status);

/**
 * @param {Order} order
 * @param {Context["bar"]} bar
 * @param {(status: Status, more?: {reason?: string}) => void} act
 * @param {ReturnType<typeof sentence>} reason
 */
function ticketParts(order, bar, act, reason) {
  const { drink, quantity, note, username, status, timeline } = order, before = stepBefore(order);
  const next = /** @type {[Status, string][]} */ ({
    pending: [["in_progress", "start"], ["ready", "straight"]], in_progress: [["ready", "finish"]],
    ready: [["completed", "taken"]],
  }[/** @type {string} */ (status)] ?? []);
  const forward = next.map(([to, verb], place) => make("button", {
    type: "button", class: `button wide ${place === 0 ? "primary" : "quiet"}`, onclick: () => act(to),
  }, t(`board.${verb}`)));
  const back = before && status !== "pending" && make("button", {
    type: "button", class: "button quiet wide", onclick: () => act(before),
  }, icon("undo"), t(`board.backTo.${before}`));
  const refuse = status !== "ready" && make("details", { class: "refuse" },
    make("summary", { class: "link" }, t("board.refuse")),
    reason.element,
    make("button", { type: "button", class: "button quiet wide", onclick: () =>
      act("rejected", { reason: reason.input.value.trim() }) }, t("board.refuseNow", { name: username })));
  return [closing(),
    make("p", { class: "who" }, t("board.ticketOf", { ticket: order.ticket, name: username }), age(order, bar).element),
    make("div", { class: "head" },
      make("div", {}, make("h1", { class: "display-type", tabindex: "-1" }, nameOf(order)),
        note && make("p", { class: "note" }, note)),
      make("div", { class: "stand" }, picture(drink, { size: 132, fit: true, hidden: true }))),
    recipe(drink, quantity), method(drink),
    make("ul", { class: "story" }, ...timeline.map((step, place) => make("li", {},
      t(`board.story.${isBack(timeline, place) ? "back" : step.status}`, { time: time(step.at) }),
      step.reason && ` “${step.reason}”`))),
    refuse, back,
    make("div", { class: "forward" }, ...forward)];
}

/** @param {Context} context */
export function openPause({ bar, toast }) {
  let isBreak = true;
  const message = sentence("message", t("board.message"), []);
  message.input.value = bar.message ?? "";
  const button = make("button", { class: "button primary wide" });
  const kinds = [true, false].map((isIt) => make("button", {
    type: "button", class: "chip", onclick: () => choose(isIt),
  }, t(isIt ? "board.break" : "board.lastCall")));
  const about = make("p", { class: "hint" }), wrong = make("p", { class: "problem", role: "alert" });
  function choose(/** @type {boolean} */ isIt) {
    isBreak = isIt;
    kinds.forEach((chip, place) => chip.setAttribute("aria-pressed", String((place === 0) === isBreak)));
    message.propose((isBreak ? BREAKS : LAST_CALLS).map((name) => t(`board.message.${name}`)));
    setText(about, t(isBreak ? "board.breakHint" : "board.lastCallHint"));
    setText(button, t(isBreak ? "board.pause" : "board.tell"));
  }
  choose(true);
  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const text = message.input.value, ending = await (isBreak ? bar.pause(text) : bar.open(text));
    button.removeAttribute("aria-disabled");
    if (ending.kind !== "answered") return setText(wrong, refusal(ending));
    sheet.close();
    toast.say(t(isBreak ? "board.said.paused" : text.trim() ? "board.said.told" : "board.said.silent"));
  }
  const sheet = openSheet(make("form", { class: "sheet-body board-sheet", novalidate: true, onsubmit: submit },
    closing(), make("h1", { class: "display-type", tabindex: "-1" }, t("board.pauseTitle")),
    make("div", { class: "chips", role: "group", "aria-label": t("board.pauseTitle") }, ...kinds),
    about, message.element, wrong, button),
  { label: t("board.pauseTitle"), opener: () => document.querySelector("[data-act='pause']") });
}
