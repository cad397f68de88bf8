// @ts-check
// A question in a sheet, before something is done: what it does, what has to be said for it, and one button.
//
//   askFirst({title, says, fields, label, act, done, opener})
//     says     sentences
//     fields   {name, label, kind: "text" | "password" | "choice", value, hint, options, attributes, wrong}
//              `wrong(value)` is the sentence for what cannot be, or ""; `refused` the one for a value that the bar
//              does not take. Options are {value, label, hint}.
//     label    of the button; act(values) -> Promise<Ending>; where it is refused, the sheet says so and stays
//     done     called with the ending, once the sheet is closed
//     opener   gets the focus back, as with every sheet

import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { refusal, t } from "../words.js";
import { icon } from "./icons.js";

/**
 * @typedef {import("../api.js").Ending} Ending
 * @typedef {{value: string, label: string, hint?: string}} Option
 * @typedef {{name: string, label: string, kind?: "text" | "password" | "choice", value?: string, hint?: string,
 *   options?: Option[], attributes?: Record<string, any>, wrong?: (value: string) => string,
 *   refused?: string}} Field
 * @typedef {{element: HTMLElement, value: () => string, isGood: () => boolean, refuse: () => void,
 *   focus: () => void}} Shown
 *
 * @param {{title: string, says?: string[], fields?: Field[], label: string,
 *   act: (values: Record<string, string>) => Promise<Ending>, done?: (ending: Ending) => void,
 *   opener?: Element | (() => Element | null)}} question
 */
export function askFirst({ title, says = [], fields = [], label, act, done, opener }) {
  const shown = new Map(fields.map((field) => [field.name, field.kind === "choice" ? choice(field) : input(field)]));
  const wrong = make("p", { class: "problem", role: "alert" });
  const button = make("button", { class: "button primary wide" }, label);
  /** @type {Ending | null} */
  let ending = null;

  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    const bad = [...shown.values()].filter((field) => !field.isGood());
    if (bad.length) return bad[0].focus();
    button.setAttribute("aria-disabled", "true");
    const answer = await act(Object.fromEntries([...shown].map(([name, field]) => [name, field.value()])));
    button.removeAttribute("aria-disabled");
    if (answer.kind === "refused" || answer.kind === "unreachable") return refuse(answer);
    ending = answer;
    sheet.close();
  }

  function refuse(/** @type {Ending} */ answer) {
    const names = answer.kind === "refused" ? answer.errors?.map(({ field }) => field) ?? [] : [];
    const bad = fields.find((field) => field.refused && names.includes(field.name));
    setText(wrong, bad ? "" : refusal(answer));
    if (bad) shown.get(bad.name)?.refuse();
  }

  const sheet = openSheet(make("div", { class: "sheet-body question" },
    sheetTop(),
    make("h1", { class: "display-type", tabindex: "-1" }, title),
    ...says.map((sentence) => make("p", {}, sentence)),
    make("form", { novalidate: true, onsubmit: submit }, ...[...shown.values()].map(({ element }) => element), wrong,
      make("div", { class: "acts" }, button,
        make("button", { type: "button", class: "button wide", "data-close": true }, t("common.leaveIt"))))),
  { label: title, opener, closed: () => { if (ending) done?.(ending); } });
  if (fields.length === 0) button.focus();
}

export const sheetTop = () => make("div", { class: "sheet-top" },
  make("button", { type: "button", class: "icon-button", "aria-label": t("common.close"), "data-close": true },
    icon("close")));

let fieldsMade = 0;

/** @returns {Shown} */
export function input(/** @type {Field} */ field) {
  const { label, kind = "text", value = "", hint = "", attributes = {}, wrong, refused = "" } = field;
  const id = `asked-${fieldsMade += 1}`;
  const box = /** @type {HTMLInputElement} */ (make("input", {
    id, type: kind, autocomplete: "off", "aria-describedby": `${id}-hint ${id}-wrong`, ...attributes,
  }));
  box.value = value;
  const problem = make("p", { class: "problem", id: `${id}-wrong` });
  const read = () => kind === "password" ? box.value : box.value.trim();
  function say(/** @type {string} */ sentence) {
    setText(problem, sentence);
    box.setAttribute("aria-invalid", String(sentence !== ""));
    return sentence === "";
  }
  return {
    element: make("div", {}, make("label", { class: "label", for: id }, label),
      make("div", { class: "field" }, box), hint && make("p", { class: "hint", id: `${id}-hint` }, hint), problem),
    value: read,
    isGood: () => say(wrong?.(read()) ?? ""),
    refuse() {
      say(refused);
      box.focus();
    },
    focus: () => box.focus(),
  };
}

/** @returns {Shown} */
export function choice(/** @type {Field} */ { label, value, options = [], hint = "" }, changed = () => {}) {
  let chosen = value ?? options[0]?.value ?? "";
  const says = make("p", { class: "hint", role: "status" }, hint);
  const chips = options.map((option) => make("button", {
    type: "button", class: "chip", onclick: () => {
      chosen = option.value;
      show();
      changed();
    },
  }, option.label));
  function show() {
    chips.forEach((chip, i) => chip.setAttribute("aria-pressed", String(options[i].value === chosen)));
    setText(says, options.find((option) => option.value === chosen)?.hint ?? hint);
  }
  show();
  return {
    element: make("fieldset", {}, make("legend", { class: "label" }, label),
      make("div", { class: "chips wrap" }, ...chips), says),
    value: () => chosen,
    isGood: () => true,
    refuse() {},
    focus: () => chips[0]?.focus(),
  };
}

/** Says what is wrong with a whole number that has to lie between two. */
export const wholeNumber = (/** @type {number} */ from, /** @type {number} */ to) => (/** @type {string} */ value) =>
  /^\d+$/.test(value) && Number(value) >= from && Number(value) <= to ? "" : t("common.wholeNumber", { from, to });
