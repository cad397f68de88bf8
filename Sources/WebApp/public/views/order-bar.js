// @ts-check
// My order, at the foot of the menu: the one that matters most now, and how many more there are.

import { make, setText } from "../dom.js";
import { icon } from "../icons.js";
import { orders } from "../orders.js";
import { t } from "../words.js";
import { glassOf, orderName, titleOf } from "./order.js";

const RANK = ["ready", "in_progress", "pending", "notSent", "withdrawing", "sending", "refused"];

export function orderBar(/** @type {AbortSignal} */ signal) {
  const stand = make("div", { class: "stand" });
  const name = make("strong"), more = make("span", { class: "meta" });
  const element = make("a", { class: "order-bar", hidden: true }, stand,
    make("span", {}, name, more), icon("next"));
  let drawn = "";

  function show() {
    const [first, ...others] = [...orders.open].sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state));
    element.hidden = !first;
    if (!first) return;
    element.setAttribute("href", others.length ? "#/orders" : `#/order/${first.id}`);
    element.classList.toggle("is-ready", first.state === "ready");
    setText(name, t(`bar.${first.state}`, { drink: orderName(first) }));
    setText(more, [
      first.state === "pending" && first.place ? titleOf(first) : "",
      first.ticket ? t("order.ticket", { ticket: first.ticket }) : "",
      others.length ? t("bar.more", { count: others.length }) : "",
    ].filter(Boolean).join(", "));
    const look = JSON.stringify([first.id, first.state]);
    if (look !== drawn) {
      drawn = look;
      stand.replaceChildren(glassOf(first, { size: 60 }));
    }
  }
  orders.addEventListener("change", show, { signal });
  show();
  return make("aside", { "aria-label": t("orders.title") }, element);
}
