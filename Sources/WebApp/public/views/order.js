// @ts-check
// One order: the glass is its status, the sentence beside it says the same in words. At READY the whole screen is.

import { make, setText } from "../dom.js";
import { live } from "../live.js";
import { menu } from "../menu.js";
import { orders } from "../orders.js";
import { picture } from "../picture.js";
import { refusal, t, time } from "../words.js";
import { drawn } from "./row.js";
import { top } from "./top.js";

/** @typedef {import("../orders.js").Order} Order */

const STEPS = ["pending", "in_progress", "ready"];
/** How full the glass stands: empty in line, half and bare while it is mixed, whole when it is ready. */
const LEVEL = { sending: 0, notSent: 0, withdrawing: 0, pending: 0, in_progress: .56 };

/** What is drawn: the drink as the menu has it now, or what the order remembers of it. */
function drinkOf(/** @type {Order} */ order) {
  const drink = menu.drinks.get(order.drink.id);
  return drink ? drawn(drink) : order.drink;
}

/** The drawing of an order. */
export function glassOf(/** @type {Order} */ order, /** @type {import("../picture.js").Options} */ look) {
  const level = LEVEL[/** @type {"pending"} */ (order.state)];
  const isOver = order.state === "cancelled" || order.state === "rejected" || order.state === "refused";
  return picture(drinkOf(order), { fit: true, hidden: true, ...look, ...(level === undefined ? {} : { level }),
    empty: level === 0 || isOver });
}

export const orderName = (/** @type {Order} */ order) =>
  order.quantity > 1 ? t("order.several", { count: order.quantity, drink: menu.nameOf(order.drink) }) : menu.nameOf(order.drink);

/** What an order is doing, in two words. */
export function titleOf(/** @type {Order} */ order) {
  if (order.state === "pending" && order.place) return t("order.place", { count: order.place });
  return t(`order.title.${order.state}`);
}

/** The sentence below: what comes next, and the part of it that matters most. */
export function sentenceOf(/** @type {Order} */ order) {
  const wait = menu.bar?.usual_wait_seconds;
  const minutes = (/** @type {number} */ places) =>
    wait ? t("order.about", { count: Math.max(1, Math.round(wait * places / 60)) }) : "";
  switch (order.state) {
    case "pending": {
      const before = (order.place ?? 1) - 1;
      return [order.place ? t("order.say.before", { count: before }) : t("order.say.pending"),
        minutes((before + 2) / 2)];
    }
    case "notSent": return [t("order.say.soon"), ""];
    case "in_progress": return [t("order.say.in_progress", { drink: menu.nameOf(order.drink) }), ""];
    case "ready": return [t("order.say.ready", { drink: orderName(order), name: order.username }), ""];
    case "rejected": return [order.reason || t("order.say.rejected"), ""];
    case "cancelled": return [order.byBar ? order.reason || t("order.say.rejected") : t("order.say.cancelled"), ""];
    case "refused": return [order.ending ? refusal(order.ending) : "", ""];
    default: return [t(`order.say.${order.state}`), ""];
  }
}

/**
 * @param {Order} order
 * @param {{undo: (order: Order) => void, again: (order: Order) => void}} does
 */
export function orderSheet(order, does) {
  const stand = make("div", { class: "stand" });
  const title = make("h1", { class: "display-type", tabindex: "-1" });
  const say = make("p", { class: "say" });
  const offline = make("p", { class: "meta" });
  const steps = make("ol", { class: "steps" }, ...STEPS.map((step) => make("li", {}, t(`order.step.${step}`))));
  const foot = make("div", { class: "foot" });
  const ticket = make("p");
  const element = make("div", { class: "sheet-body order-sheet" },
    top(ticket),
    make("div", { class: "stage" }, stand),
    make("div", { class: "about" }, title, say, offline, steps), foot);
  let shown = "", footed = "";

  function show() {
    order = orders.get(order.id) ?? order;
    const isReady = order.state === "ready";
    element.closest("dialog")?.classList.toggle("on-accent-surface", isReady);
    element.classList.toggle("is-ready-sheet", isReady);
    const number = order.ticket && t("order.ticket", { ticket: order.ticket });
    setText(ticket, [orderName(order), number].filter(Boolean).join(", "));
    setText(title, titleOf(order));
    const [sentence, most] = sentenceOf(order);
    const text = most ? `${sentence} ${most}` : sentence;
    if (say.textContent !== text) say.replaceChildren(sentence, ...(most ? [" ", make("b", {}, most)] : []));
    setText(offline, live.state === "lost" ? lostSince() : "");
    showSteps();
    const look = JSON.stringify([order.state, drinkOf(order)]);
    if (look !== shown) {
      const pours = shown !== "" && order.state === "in_progress";
      shown = look;
      stand.replaceChildren(glassOf(order, { size: 320 }));
      stand.classList.toggle("pouring", pours);
    }
    const made = `${order.state} ${menu.drinks.get(order.drink.id)?.available}`;
    if (made !== footed) {
      footed = made;
      const focused = foot.contains(document.activeElement);
      foot.replaceChildren(...buttons());
      if (focused) /** @type {HTMLElement | null} */ (foot.querySelector("button, a"))?.focus();
    }
  }

  function lostSince() {
    const isAtBar = order.ticket !== null && orders.seenAt;
    const asOf = isAtBar && t("order.asOf", { time: time(orders.seenAt ?? 0) });
    return [t("noConnection"), asOf].filter(Boolean).join(" ");
  }

  function showSteps() {
    const now = Math.max(0, STEPS.indexOf(order.state));
    steps.hidden = !STEPS.includes(order.state) || order.state === "ready";
    for (const [i, step] of [...steps.children].entries()) {
      step.className = i < now ? "done" : "";
      if (i === now) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
  }

  function buttons() {
    const button = (/** @type {string} */ words, /** @type {string} */ look, /** @type {() => void} */ onclick) =>
      make("button", { type: "button", class: `button wide ${look}`, onclick }, t(words));
    const toMenu = (/** @type {string} */ words) =>
      make("a", { class: "button quiet wide", href: "#/", "data-close": true }, t(words));
    switch (order.state) {
      case "ready": return [make("a", { class: "button primary wide", href: "#/", "data-close": true }, t("order.haveIt")),
        make("p", { class: "meta" }, t("order.atTheBar"))];
      case "pending": case "sending": case "notSent":
        return [toMenu("order.lookAtMenu"), button("order.cancel", "", () => does.undo(order))];
      case "withdrawing": return [toMenu("order.lookAtMenu")];
      case "in_progress": return [toMenu("order.somethingElse")];
      default: {
        const again = button("order.again", "primary", () => does.again(order)), look = toMenu("order.lookAtMenu");
        return menu.drinks.get(order.drink.id)?.available ? [again, look] : [look];
      }
    }
  }

  for (const source of [orders, menu, live]) source.addEventListener("change", show);
  return {
    element, name: orderName(order), show,
    closed: () => {
      for (const source of [orders, menu, live]) source.removeEventListener("change", show);
      if (order.state === "refused") orders.dismiss(order.id); // It has been seen.
    },
  };
}
