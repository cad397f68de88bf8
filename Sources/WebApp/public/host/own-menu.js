// @ts-check
// What somebody at the bar has for themselves: look, language, measures, sound, the password, the way out.

import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { focusLanguage, languageChoice, themeChoice, toggle, unitsChoice } from "../views/choices.js";
import { refusal, t, words } from "../words.js";
import { icon } from "./icons.js";
import { field } from "./sign-in.js";
import { staff } from "./staff.js";

/** @param {{say: (sentence: string) => void}} toast */
export function openOwnMenu(toast) {
  const body = make("div", { class: "sheet-body own-menu" });
  const label = () => t("own.title", { name: staff.account?.name ?? "" });
  async function out() {
    const ending = await staff.signOut();
    if (ending.kind === "unreachable") toast.say(refusal(ending));
  }
  function show() {
    body.replaceChildren(
      make("div", { class: "sheet-top" },
        make("button", { type: "button", class: "icon-button", "aria-label": t("common.close"), "data-close": true },
          icon("close"))),
      make("h1", { class: "display-type", tabindex: "-1" }, label()),
      themeChoice(), languageChoice(), unitsChoice(), toggle("sound"),
      password(toast, () => sheet.close()),
      make("button", { type: "button", class: "button quiet wide", onclick: out }, icon("out"), t("own.signOut")));
  }
  /** In the other language, with the focus where that was chosen. */
  function showAgain() {
    show();
    sheet.element.setAttribute("aria-label", label());
    focusLanguage(body);
  }
  show();
  const sheet = openSheet(body, {
    label: label(), opener: () => document.querySelector(".rail .own"),
    closed: () => words.removeEventListener("change", showAgain),
  });
  words.addEventListener("change", showAgain);
}

/** @param {{say: (sentence: string) => void}} toast  @param {() => void} done */
function password(toast, done) {
  const old = field("old-password", "own.oldPassword", { type: "password", autocomplete: "current-password" });
  const next = field("new-password", "own.newPassword",
    { type: "password", autocomplete: "new-password", "aria-describedby": "password-hint password-wrong" });
  const wrong = make("p", { class: "problem", id: "password-wrong", role: "alert" });
  const button = make("button", { class: "button quiet wide" }, t("own.changePassword"));
  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const ending = await staff.changePassword(old.input.value, next.input.value);
    button.removeAttribute("aria-disabled");
    if (ending.kind !== "answered") {
      const isShort = ending.kind === "refused" && ending.code === "invalid";
      setText(wrong, isShort ? t("own.passwordShort") : refusal(ending));
      return (isShort ? next : old).input.focus();
    }
    done();
    toast.say(t("own.passwordChanged"));
  }
  return make("details", {},
    make("summary", { class: "link" }, t("own.password")),
    make("form", { novalidate: true, onsubmit: submit },
      make("input", { hidden: true, autocomplete: "username", value: staff.account?.name ?? "" }),
      old.element, next.element, make("p", { class: "hint", id: "password-hint" }, t("own.passwordHint")), wrong,
      button));
}
