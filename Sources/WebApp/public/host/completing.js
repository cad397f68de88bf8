// @ts-check
// A text field that offers what it knows while one types: a combobox with a list below it.
//
//   completing({id, value, label, offers, changed, ...attributes}) -> {element, input}
//
// offers    (text) => [{value, shown, more?}]: what might be meant; nothing is chosen by itself
// changed   (text) => void: typed or chosen

import { arrange, make } from "../dom.js";

/** @typedef {{value: string, shown: string, more?: string}} Offer */

let count = 0;

/**
 * @param {{value: string, label: string, offers: (text: string) => Offer[], changed: (text: string) => void}
 *   & Record<string, any>} how
 */
export function completing({ value, label, offers, changed, ...attributes }) {
  const listId = `offers-${count += 1}`;
  const list = make("ul", { class: "offers", id: listId, role: "listbox", "aria-label": label, hidden: true });
  const input = /** @type {HTMLInputElement} */ (make("input", {
    type: "text", role: "combobox", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    "aria-label": label, "aria-autocomplete": "list", "aria-expanded": false, "aria-controls": listId, ...attributes,
  }));
  input.value = value;
  /** @type {Offer[]} */
  let shown = [];
  let at = -1;

  function show(/** @type {Offer[]} */ next) {
    shown = next;
    at = -1;
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    arrange(list, shown.map((offer, i) => make("li", {
      role: "option", id: `${listId}-${i}`, "aria-selected": false,
      // Before the field loses the focus, and with it the list.
      onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: () => choose(i),
    }, make("span", {}, offer.shown), offer.more && make("span", { class: "meta" }, offer.more))));
  }

  function choose(/** @type {number} */ i) {
    input.value = shown[i].value;
    show([]);
    changed(input.value);
  }

  function go(/** @type {number} */ by) {
    if (list.hidden) show(offers(input.value));
    if (!shown.length) return;
    at = (at + by + shown.length + (at < 0 && by < 0 ? 1 : 0)) % shown.length;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", `${listId}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", () => {
    changed(input.value);
    show(input.value.trim() ? offers(input.value) : []);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") go(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && at >= 0) choose(at);
    else if (event.key === "Escape" && !list.hidden) show([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("blur", () => show([]));
  return { element: make("div", { class: "completing" }, input, list), input };
}
