// @ts-check
// Fields of a form, each with its name, a hint, and the place where the bar says what is wrong with it.
//
//   labelled(label, control, {field, hint, plain})   -> Element; `field` is the bar's name of it, as in its errors
//   textField(value, changed, attributes), textArea(value, changed, attributes), picker(value, options, changed)
//   named(control, field)                            a control that stands by itself, in a row
//   showErrors(form, errors) -> boolean              beside their fields; the first gets the focus. What has no field
//                                                    here stands in the form's `.problem[data-others]`
//   clearErrors(form)
//   wrong(message)                                   what a bar's message means, in the reader's language

import { make, setText } from "../dom.js";
import { t, words } from "../words.js";

/** @typedef {{field: string, message: string}} FieldError */

let count = 0;

const problemOf = (/** @type {Element} */ control) =>
  document.getElementById(control.getAttribute("aria-errormessage") ?? "");

/**
 * @param {HTMLElement} control
 * @param {string} field
 * @returns {HTMLElement} where its problem is said
 */
export function named(control, field) {
  const id = `problem-${count += 1}`;
  control.dataset.field = field;
  control.setAttribute("aria-errormessage", id);
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  control.addEventListener("input", () => clearError(control));
  return make("p", { class: "problem", id });
}

/**
 * @param {string} label
 * @param {HTMLElement} control
 * @param {{field: string, hint?: string | null, plain?: boolean}} more `plain` where it has a border of its own
 */
export function labelled(label, control, { field, hint = null, plain = control.tagName === "TEXTAREA" }) {
  const input = /** @type {HTMLElement} */ (control.matches("input, textarea, select")
    ? control : control.querySelector("input, textarea, select"));
  input.id ||= `field-${count += 1}`;
  const about = hint && make("p", { class: "hint", id: `${input.id}-hint` }, hint);
  if (about) input.setAttribute("aria-describedby", about.id);
  input.removeAttribute("aria-label");
  const problem = named(input, field);
  return make("div", { class: "form-row" }, make("label", { class: "label", for: input.id }, label), about,
    plain ? control : make("div", { class: "field" }, control), problem);
}

/** @param {string} value @param {(text: string) => void} changed @param {Record<string, any>} [attributes] */
export function textField(value, changed, attributes = {}) {
  const input = /** @type {HTMLInputElement} */ (make("input", { type: "text", autocomplete: "off", ...attributes }));
  input.value = value;
  input.addEventListener("input", () => changed(input.value));
  return input;
}

/** @param {string} value @param {(text: string) => void} changed @param {Record<string, any>} [attributes] */
export function textArea(value, changed, attributes = {}) {
  const area = /** @type {HTMLTextAreaElement} */ (make("textarea", { rows: 2, ...attributes }));
  area.value = value;
  area.addEventListener("input", () => changed(area.value));
  return area;
}

/** @param {string} value @param {[string, string][]} options @param {(value: string) => void} changed
 *  @param {Record<string, any>} [attributes] */
export function picker(value, options, changed, attributes = {}) {
  const select = /** @type {HTMLSelectElement} */ (make("select", attributes));
  select.append(...options.map(([value, shown]) => make("option", { value }, shown)));
  select.value = value;
  select.addEventListener("change", () => changed(select.value));
  return select;
}

/** @type {[RegExp, string][]} */
const MESSAGES = [
  [/^must not be empty/, "common.wrong.empty"], [/^has more than (\d+) characters/, "common.wrong.long"],
  [/^has more than (\d+) entries/, "common.wrong.many"], [/^is no number/, "common.wrong.number"],
  [/^must be more than 0/, "common.wrong.amount"],
  [/^must be from 0 to 100/, "common.wrong.percent"], [/^contains a control character/, "common.wrong.character"],
  [/^names no section/, "common.wrong.section"], [/^names no photo/, "common.wrong.photo"],
];

export function wrong(/** @type {string} */ message) {
  for (const [pattern, key] of MESSAGES) {
    const found = pattern.exec(message);
    if (found) return t(key, { count: Number(found[1]) });
  }
  return words.language === "en" ? t("common.wrong.other", { message }) : t("common.wrong.any");
}

function clearError(/** @type {HTMLElement} */ control) {
  control.removeAttribute("aria-invalid");
  const problem = problemOf(control);
  if (problem) setText(problem, "");
}

export function clearErrors(/** @type {HTMLElement} */ form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) clearError(/** @type {HTMLElement} */ (control));
  const others = form.querySelector(".problem[data-others]");
  if (others) setText(others, "");
}

/** @param {HTMLElement} form @param {FieldError[]} errors */
export function showErrors(form, errors) {
  clearErrors(form);
  const others = [];
  for (const { field, message } of errors) {
    const control = form.querySelector(`[data-field="${CSS.escape(field)}"]`);
    const problem = control && problemOf(control);
    if (!control || !problem) {
      others.push(wrong(message));
      continue;
    }
    control.setAttribute("aria-invalid", "true");
    setText(problem, wrong(message));
    /** @type {HTMLElement | null} */ (control.closest("[hidden]"))?.removeAttribute("hidden");
    /** @type {HTMLDetailsElement | null} */ (control.closest("details"))?.setAttribute("open", "");
  }
  const rest = form.querySelector(".problem[data-others]");
  if (rest) setText(rest, others.join(" "));
  const first = /** @type {HTMLElement | null} */ (form.querySelector("[aria-invalid]") ?? rest);
  first?.focus();
  return errors.length > 0;
}
