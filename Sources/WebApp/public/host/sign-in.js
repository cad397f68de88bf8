// @ts-check
// The door behind the bar: a name and a password. A guest or an auditor is told where to go.

import { make, setText } from "../dom.js";
import { recall } from "../storage.js";
import { refusal, t } from "../words.js";
import { staff } from "./staff.js";

/** @param {string} why what is said above it, or "" */
export function signIn(why) {
  const guest = recall("guest");
  const name = field("username", "signIn.name", {
    autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: "100",
    value: recall("staffName", "host"),
  });
  const password = field("password", "signIn.password", {
    type: "password", autocomplete: "current-password", maxlength: "1000", "aria-describedby": "hint wrong",
  });
  const wrong = make("p", { class: "problem", id: "wrong", role: "alert" });
  const button = make("button", { class: "button primary wide" }, t("signIn.enter"));
  const menu = make("p", { class: "aside", hidden: !guest },
    guest && `${t("signIn.guest", { name: guest.name })} `,
    make("a", { class: "link", href: "/" }, t("signIn.toMenu")));

  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const ending = await staff.signIn(name.input.value, password.input.value);
    button.removeAttribute("aria-disabled");
    if (ending.kind === "answered") return;
    setText(wrong, "");
    setText(wrong, refusal(ending));
    if (ending.kind === "refused" && ending.code === "auditor") menu.hidden = false;
    password.input.select();
    password.input.focus();
  }

  return make("main", { class: "sign-in" },
    make("h1", { class: "display-type", tabindex: "-1" }, t("signIn.title")),
    make("p", { class: "lede", role: "status" }, why),
    menu,
    make("form", { novalidate: true, onsubmit: submit },
      name.element, password.element,
      make("p", { class: "hint", id: "hint" }, t("signIn.hint")),
      wrong, button));
}

/**
 * @param {string} id
 * @param {string} label
 * @param {Record<string, any>} attributes
 */
export function field(id, label, attributes) {
  const input = /** @type {HTMLInputElement} */ (make("input", { id, ...attributes }));
  return { input, element: make("div", {},
    make("label", { class: "label", for: id }, t(label)), make("div", { class: "field" }, input)) };
}
