// @ts-check
// The door: a name to call, and a code where no link has brought one.

import { make, setText } from "../dom.js";
import { menu } from "../menu.js";
import { picture } from "../picture.js";
import { prefs } from "../prefs.js";
import { session } from "../session.js";
import { refusal, t } from "../words.js";
import { drawn } from "./row.js";
import { top } from "./top.js";

/** What people never want, by the words that name it in a recipe. */
const NEVER = ["egg", "dairy", "nuts", "gluten"];

/**
 * @param {{came: () => void, wanted?: string}} does `wanted` is the drink that somebody ordered before they came in
 */
export function joinSheet({ came, wanted }) {
  const wrong = make("p", { class: "problem", id: "wrong", role: "alert" });
  const field = (/** @type {string} */ id, /** @type {string} */ label, /** @type {Record<string, any>} */ more) => {
    const input = /** @type {HTMLInputElement} */ (make("input", {
      id, spellcheck: "false", "aria-describedby": "wrong", ...more,
    }));
    const element = make("div", {},
      make("label", { class: "label", for: id }, label), make("div", { class: "field" }, input));
    return { input, element };
  };
  const code = field("code", t("join.code"), {
    maxlength: 40, autocomplete: "off", autocapitalize: "characters", enterkeyhint: "next",
    placeholder: t("join.codePlaceholder"),
  });
  const name = field("name", t("join.name"), {
    maxlength: 100, autocomplete: "given-name", enterkeyhint: "done", placeholder: t("join.namePlaceholder"),
  });
  name.input.value = session.lastName ?? "";
  code.element.hidden = Boolean(session.code);
  const button = make("button", { class: "button primary wide" }, t(wanted ? "join.order" : "join.enter"));
  const shelf = make("div", { class: "row", "aria-hidden": "true" });
  const lede = make("p", { class: "lede" });

  async function enter() {
    const who = name.input.value.trim(), by = session.code || code.input.value.trim();
    const isMissing = !by ? code.input : !who ? name.input : null;
    blame(isMissing);
    if (isMissing) return setText(wrong, t(isMissing === code.input ? "join.codeMissing" : "join.nameMissing"));
    button.setAttribute("aria-disabled", "true");
    setText(wrong, "");
    const ending = await session.comeIn(who, by);
    button.removeAttribute("aria-disabled");
    if (ending.kind === "answered") return came();
    setText(wrong, refusal(ending));
    if (ending.kind !== "refused") return;
    code.element.hidden = code.element.hidden && ending.code !== "wrong_code";
    blame(ending.code === "wrong_code" ? code.input : name.input);
  }

  function blame(/** @type {HTMLInputElement | null} */ wrongOne) {
    for (const { input } of [code, name]) input.setAttribute("aria-invalid", String(input === wrongOne));
    wrongOne?.focus();
  }

  const element = make("div", { class: "sheet-body door" },
    top(),
    shelf,
    make("h1", { class: "display-type", tabindex: "-1" }, t(greeting())),
    lede,
    make("form", {
      novalidate: true, onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (button.getAttribute("aria-disabled") !== "true") enter();
      },
    }, code.element, name.element, wrong, never(),
    make("div", { class: "foot" }, button, make("p", { class: "meta" }, t("join.promise")))));

  function show() {
    setText(lede, wanted ? t("join.ledeWanted", { drink: wanted }) : t("join.lede", { bar: menu.bar?.name ?? "Barback" }));
    const some = [...menu.drinks.values()].filter((drink) => drink.available);
    const step = Math.max(1, Math.floor(some.length / 4));
    if (!shelf.childElementCount && some.length >= 4) {
      shelf.append(...[0, 1, 2, 3].map((i) =>
        make("div", { class: "stand" }, picture(drawn(some[i * step]), { size: 130, hidden: true }))));
    }
  }
  menu.addEventListener("change", show);
  show();
  return { element, name: t("join.title"), closed: () => menu.removeEventListener("change", show) };
}

const greeting = () => {
  const hour = new Date().getHours();
  return hour < 5 || hour >= 18 ? "join.evening" : hour < 12 ? "join.morning" : "join.afternoon";
};

/** Chips for what somebody never wants; kept on this phone. */
export function never() {
  const chip = (/** @type {string} */ name) => {
    const words = t(`never.${name}`), isOn = () => prefs.get("never").includes(name);
    const button = make("button", { type: "button", class: "chip", "aria-pressed": isOn(), onclick: () => {
      const never = prefs.get("never");
      prefs.set({ never: isOn() ? never.filter((other) => other !== name) : [...never, name] });
      button.setAttribute("aria-pressed", String(isOn()));
    } }, make("b", {}, words));
    return button;
  };
  const alcohol = make("button", { type: "button", class: "chip", "aria-pressed": prefs.get("alcoholFree"), onclick: () => {
    prefs.set({ alcoholFree: !prefs.get("alcoholFree") });
    alcohol.setAttribute("aria-pressed", String(prefs.get("alcoholFree")));
  } }, make("b", {}, t("never.alcohol")));
  return make("fieldset", { class: "never" }, make("legend", { class: "label" }, t("never.title")),
    make("p", { class: "hint" }, t("never.hint")),
    make("div", { class: "chips wrap" }, ...NEVER.map(chip), alcohol));
}
