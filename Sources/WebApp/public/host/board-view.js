// @ts-check
// The board: who waits, what is being mixed, what is ready. Oldest first, one tap forward.

import { arrange, make, setText } from "../dom.js";
import { picture } from "../picture.js";
import { number, t } from "../words.js";
import { head } from "./head.js";

/**
 * @typedef {import("./host.js").Context} Context
 * @typedef {import("./queue.js").Order} Order
 * @typedef {"pending" | "in_progress" | "ready"} Column
 */

const COLUMNS = /** @type {Column[]} */ (["pending", "in_progress", "ready"]);
const NEXT = /** @type {Record<Column, import("./queue.js").Status>} */ ({
  pending: "in_progress", in_progress: "ready", ready: "completed",
});
const VERB = { pending: "start", in_progress: "finish", ready: "taken" };

/** @param {Context} context */
export function boardView({ queue }) {
  const columns = COLUMNS.map((status) => {
    const count = make("span"), list = make("ul"), none = make("p", { class: "none" }, t(`board.empty.${status}`));
    return { status, count, list, none, element: make("section", { class: "col" },
      make("h2", { class: "display-type" }, `${t(`board.${status}`)} `, count), none, list) };
  });
  function show() {
    for (const { status, count, list, none } of columns) {
      const orders = queue.of(status);
      setText(count, number(orders.length));
      none.hidden = orders.length > 0;
      arrange(list, orders.map((order) => ticket(order)));
    }
  }
  /** @param {Order} order */
  function ticket(order) {
    const status = /** @type {Column} */ (order.status);
    const names = { drink: order.drink.name, name: order.username };
    return make("li", { class: "slim" },
      make("div", { class: "stand" }, picture(order.drink, { size: 76, fit: true, hidden: true })),
      make("div", { class: "who" }, `${order.ticket} ${order.username}`),
      make("div", { class: "body" }, make("h3", { class: "display-type" }, order.drink.name),
        order.note && make("p", { class: "note" }, order.note)),
      make("button", {
        type: "button", class: "button quiet small", "aria-label": t(`board.${VERB[status]}One`, names),
        onclick: () => queue.move([order], NEXT[status]),
      }, t(`board.${VERB[status]}`)));
  }
  queue.addEventListener("change", show);
  show();
  return {
    element: make("div", { class: "board" }, head(t("board.title")), make("div", { class: "cols" },
      ...columns.map(({ element }) => element))),
    title: t("board.title"),
    closed: () => queue.removeEventListener("change", show),
  };
}
