// @ts-check
// All orders of this guest: those on their way, and the evening so far.

import { arrange, keepFocus, make, setText } from "../dom.js";
import { menu } from "../menu.js";
import { orders } from "../orders.js";
import { moment, refusal, t } from "../words.js";
import { glassOf, orderName, titleOf } from "./order.js";
import { top } from "./top.js";

/** @typedef {import("../orders.js").Order} Order */

/** @param {{again: (order: Order) => void}} does */
export function ordersSheet(does) {
  const open = make("ul"), finished = make("ul"), nothing = make("p", { class: "say" });
  const earlier = make("h2", { class: "display-type" }, t("orders.earlier"));
  const problem = make("p", { class: "problem", role: "alert" });
  const more = make("button", { type: "button", class: "button quiet wide", onclick: showMore }, t("orders.more"));
  const element = make("div", { class: "sheet-body orders-sheet" },
    top(),
    make("h1", { class: "display-type", tabindex: "-1" }, t("orders.title")),
    nothing, open, earlier, finished, problem, more);
  /** @type {Map<string, {made: string, row: HTMLElement}>} */
  const rows = new Map();

  function row(/** @type {Order} */ order) {
    const can = menu.drinks.get(order.drink.id)?.available;
    const made = JSON.stringify([order, can]), old = rows.get(order.id);
    if (old?.made === made) return old.row;
    const stand = make("div", { class: "stand" }, glassOf(order, { size: 84 }));
    const isOver = orders.finished.includes(order);
    const row = make("li", { class: "order-row", "data-order": order.id }, stand,
      make("div", { class: "words" },
        make("h3", { class: "display-type" }, make("a", { href: `#/order/${order.id}` }, orderName(order))),
        make("p", {}, `${titleOf(order)}${order.created_at ? `, ${moment(order.created_at)}` : ""}`)),
      isOver && can && make("button", {
        type: "button", class: "button quiet small", "aria-label": t("orders.againOne", { drink: orderName(order) }),
        onclick: () => does.again(order),
      }, t("orders.again")));
    rows.set(order.id, { made, row });
    return row;
  }

  async function showMore() {
    if (more.getAttribute("aria-disabled") === "true") return;
    more.setAttribute("aria-disabled", "true");
    const ending = await orders.more();
    more.removeAttribute("aria-disabled");
    setText(problem, ending.kind === "answered" ? "" : refusal(ending));
  }

  function show() {
    keepFocus(element, "data-order", () => {
      arrange(open, orders.open.map(row));
      arrange(finished, orders.finished.map(row));
    });
    more.hidden = !orders.hasMore;
    earlier.hidden = orders.finished.length === 0;
    setText(nothing, orders.open.length || orders.finished.length ? "" : t("orders.nothing"));
  }
  for (const source of [orders, menu]) source.addEventListener("change", show);
  show();
  return {
    element, name: t("orders.title"),
    closed: () => { for (const source of [orders, menu]) source.removeEventListener("change", show); },
  };
}
