// @ts-check
// The lines of a recipe while it is written: ingredients in the order they are poured, and steps. Both are put in order
// by dragging, by arrow keys on the handle, and by buttons.

import { make, setText } from "../dom.js";
import { ingredientColour } from "../drink-facts.js";
import { icon } from "./icons.js";
import { has, t, words } from "../words.js";
import { completing } from "./completing.js";
import { named, picker, textArea, textField } from "./form.js";
import { namesLike, shelf } from "./shelf.js";
import { sortable } from "./sortable.js";

/**
 * @typedef {import("../menu.js").Line} Line
 * @typedef {{element: HTMLElement, remove: (at: number) => void,
 *   move: (from: number, to: number, focus?: string) => void}} Rows
 */

const UNITS = ["ml", "cl", "oz", "dash", "drop", "barspoon", "tsp", "tbsp", "part", "piece", "slice", "wedge", "leaf",
  "sprig", "pinch", "g", "cup", "top"];
const STEPS = /** @type {Record<string, number>} */ ({ ml: 5, cl: 0.5, oz: 0.25, part: 0.5, cup: 0.25 });

/** What a field says of itself that holds no amount; form.js has the sentence. */
const UNREAD = "is no number";

/** "22.5", "22,5", "1/2", "1 1/2"; null of what is none, and of nothing. */
export function readAmount(/** @type {string} */ text) {
  const found = /^\s*(?:(\d+(?:[.,]\d+)?)(?![\d/]))?\s*(?:(\d+)\s*\/\s*(\d+))?\s*$/.exec(text);
  if (!found || (found[1] === undefined && found[2] === undefined)) return null;
  const part = found[2] === undefined ? 0 : Number(found[2]) / Number(found[3]);
  const whole = Number((found[1] ?? "0").replace(",", "."));
  return Number.isFinite(whole + part) ? Math.round((whole + part) * 1000) / 1000 : null;
}

/** "A, b" as a host writes several names in one field. */
export const readList = (/** @type {string} */ text) => text.split(",").map((one) => one.trim()).filter(Boolean);

const unitName = (/** @type {string} */ unit) => {
  if (unit === "") return t("menu.unit.none");
  return has(`menu.unit.${unit}`) ? t(`menu.unit.${unit}`) : unit;
};

/** @param {string} name @param {string} label @param {() => void} pressed @param {Record<string, any>} [more] */
const iconButton = (name, label, pressed, more = {}) => make("button", {
  type: "button", class: "icon-button", "aria-label": label, onclick: pressed, ...more,
}, icon(/** @type {any} */ (name)));

/**
 * Rows of a list that can be added, taken away and put in order.
 * @template T
 * @param {{items: T[], rowOf: (item: T, at: number) => HTMLElement, fresh: () => T, first: string,
 *   changed: () => void, add: string, told: (at: number) => string, kind: string, most: number,
 *   along?: () => T[][]}} how `first` selects what gets the focus in a new row; `along` are lists of as many items that
 *   go with them
 */
function rows({ items, rowOf, fresh, first, changed, add, told, kind, most, along = () => [] }) {
  const list = make("ol", { class: `lines ${kind}` });
  const says = make("p", { class: "visually-hidden", role: "status" });
  const more = make("button", { type: "button", class: "add", onclick: () => insert() }, icon("plus"), add);

  function show() {
    list.replaceChildren(...items.map(rowOf));
    more.hidden = items.length >= most;
  }

  /** @param {number} at @param {string} selector */
  const focus = (at, selector) => {
    const row = list.children[at] ?? list.lastElementChild;
    /** @type {HTMLElement | null} */ ((row?.querySelector(selector)) ?? more)?.focus();
  };

  /** One that has another number of items belongs to other ones. */
  const alike = () => [items, ...along().filter(({ length }) => length && length === items.length)];

  function insert() {
    for (const list of alike()) list.push(fresh());
    show();
    changed();
    focus(items.length - 1, first);
  }

  function remove(/** @type {number} */ at) {
    for (const list of alike()) list.splice(at, 1);
    show();
    changed();
    focus(at, ".remove");
  }

  function move(/** @type {number} */ from, /** @type {number} */ to, selector = ".handle") {
    if (to < 0 || to >= items.length || from === to) return;
    const isOpen = list.children[from].classList.contains("is-open");
    for (const list of alike()) list.splice(to, 0, ...list.splice(from, 1));
    show();
    if (isOpen) list.children[to].querySelector(".more")?.dispatchEvent(new Event("click"));
    changed();
    focus(to, selector);
    setText(says, told(to));
  }

  const placeOf = (/** @type {Element} */ row) => [...list.children].indexOf(row);
  sortable(list, {
    row: "li", handle: ".handle",
    dropped: (row, target, isAfter) => {
      const from = placeOf(row), gap = placeOf(target) + (isAfter ? 1 : 0);
      move(from, gap > from ? gap - 1 : gap);
    },
    stepped: (row, by) => move(placeOf(row), placeOf(row) + by),
  });
  show();
  return { element: make("div", {}, list, more, says), remove, move };
}

/** @param {Line[]} items @param {() => void} changed */
export function ingredientLines(items, changed) {
  /** @type {Rows} */
  const all = rows({
    items, changed, kind: "ingredients", most: 40, first: "input", add: t("menu.line.add"),
    fresh: () => ({ name: "", amount: null, unit: lastUnit(items), optional: false, substitutes: [] }),
    told: (at) => t("menu.moved", { name: items[at].name || t("menu.line.new"), count: at + 1, of: items.length }),
    rowOf: (line, at) => ingredientRow(line, at, items.length, changed, {
      remove: () => all.remove(items.indexOf(line)),
      move: (by, selector) => all.move(items.indexOf(line), items.indexOf(line) + by, selector),
    }),
  });
  return all;
}

/** Whoever measures in ounces goes on in ounces. */
const lastUnit = (/** @type {Line[]} */ items) =>
  [...items].reverse().find(({ unit }) => ["ml", "cl", "oz"].includes(unit))?.unit ?? "ml";

/**
 * @param {Line} line
 * @param {number} at
 * @param {number} count
 * @param {() => void} changed
 * @param {{remove: () => void, move: (by: number, selector: string) => void}} does
 */
function ingredientRow(line, at, count, changed, does) {
  const path = `ingredients[${at}]`, called = () => line.name || t("menu.line.new");
  const dot = make("i", { class: "dot" });
  const paint = () => { dot.style.background = line.name ? ingredientColour(line.name).hex : ""; };
  paint();
  const name = completing({
    value: line.name, label: t("menu.line.name", { count: at + 1 }), placeholder: t("menu.line.namePlaceholder"),
    offers: (text) => namesLike(shelf.rows, text).filter((one) => one !== text)
      .map((value) => ({ value, shown: value, more: outNow(value) })),
    changed: (text) => {
      line.name = text;
      paint();
      callEach();
      changed();
    },
  });
  const nameProblem = named(name.input, `${path}.name`);
  const measure = measureFields(line, path, changed);
  const rest = restOf(line, path, at, count, changed, does);
  const more = iconButton("more", "", () => {
    rest.hidden = !rest.hidden;
    more.setAttribute("aria-expanded", String(!rest.hidden));
    row.classList.toggle("is-open", !rest.hidden);
  }, { class: "icon-button more", "aria-expanded": false });
  const handle = iconButton("drag", "", () => {}, { class: "icon-button handle" });
  const remove = iconButton("close", "", does.remove, { class: "icon-button remove" });
  const row = make("li", { class: "ingredient" }, handle, dot, name.element, measure.element, more, remove,
    make("div", { class: "problems" }, nameProblem, measure.problem), rest);
  /** Each control says whose it is. */
  function callEach() {
    const say = (/** @type {Element} */ control, /** @type {string} */ key) =>
      control.setAttribute("aria-label", t(key, { name: called(), count: at + 1, of: count }));
    say(handle, "menu.move");
    say(more, "menu.line.more");
    say(remove, "menu.line.remove");
    for (const [key, control] of Object.entries(measure.controls)) say(control, `menu.line.${key}`);
  }
  callEach();
  return row;
}

const outNow = (/** @type {string} */ name) =>
  shelf.rows.some((row) => row.name === name && !row.in_stock) ? t("shelf.out") : "";

/** @param {Line} line @param {string} path @param {() => void} changed */
function measureFields(line, path, changed) {
  const figures = new Intl.NumberFormat(words.locale, { useGrouping: false, maximumFractionDigits: 3 });
  const shown = () => line.amount == null ? "" : figures.format(line.amount);
  const input = textField(shown(), (text) => {
    line.amount = readAmount(text);
    input.setCustomValidity(line.amount === null && text.trim() ? UNREAD : "");
    changed();
  }, { inputmode: "decimal", class: "amount" });
  const problem = named(input, `${path}.amount`);
  const step = (/** @type {number} */ by) => {
    const size = STEPS[line.unit] ?? 1;
    const next = Math.round(((line.amount ?? 0) + by * size) * 1000) / 1000;
    line.amount = next > 0 ? next : null;
    input.value = shown();
    input.setCustomValidity("");
    changed();
  };
  const known = UNITS.includes(line.unit) || line.unit === "" ? UNITS : [...UNITS, line.unit];
  const unit = picker(line.unit, [["", unitName("")], ...known.map((one) =>
    /** @type {[string, string]} */ ([one, unitName(one)]))], (next) => {
    line.unit = next;
    if (next === "top") line.amount = null;
    settle();
    changed();
  });
  const fewer = iconButton("minus", "", () => step(-1)), moreOf = iconButton("plus", "", () => step(1));
  function settle() {
    const isTop = line.unit === "top";
    input.disabled = isTop;
    fewer.toggleAttribute("disabled", isTop);
    moreOf.toggleAttribute("disabled", isTop);
    if (isTop) input.value = "";
  }
  settle();
  return {
    element: make("span", { class: "measures" }, fewer, input, unit, moreOf), problem,
    controls: { fewer, amount: input, unit, moreOf },
  };
}

/**
 * What few recipes need.
 * @param {Line} line @param {string} path @param {number} at @param {number} count @param {() => void} changed
 * @param {{move: (by: number, selector: string) => void}} does
 */
function restOf(line, path, at, count, changed, does) {
  const optional = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox" }));
  optional.checked = line.optional;
  optional.addEventListener("change", () => {
    line.optional = optional.checked;
    changed();
  });
  const others = textField(line.substitutes.join(", "), (text) => {
    line.substitutes = readList(text);
    changed();
  }, { placeholder: t("menu.line.substitutesPlaceholder"), "aria-label": t("menu.line.substitutes") });
  const problem = named(others, `${path}.substitutes`);
  return make("div", { class: "rest", hidden: true },
    make("label", { class: "chip" }, optional, t("menu.line.optional")),
    make("div", { class: "field" }, others), problem,
    make("div", { class: "chips" },
      make("button", {
        type: "button", class: "chip up", disabled: at === 0, onclick: () => does.move(-1, ".up"),
      }, icon("up", { small: true }), t("menu.line.earlier")),
      make("button", {
        type: "button", class: "chip down", disabled: at === count - 1, onclick: () => does.move(1, ".down"),
      }, icon("down", { small: true }), t("menu.line.later"))));
}

/**
 * @param {string[]} items
 * @param {() => void} changed
 * @param {() => string[][]} along their translations
 */
export function stepLines(items, changed, along) {
  /** @type {Rows} */
  const all = rows({
    items, changed, along, kind: "method-lines", most: 30, first: "textarea", add: t("menu.step.add"), fresh: () => "",
    told: (at) => t("menu.moved", { name: t("menu.step"), count: at + 1, of: items.length }),
    rowOf: (text, at) => stepRow(text, at),
  });

  /** A text is no thing that could be found again: its row tells its place. */
  function stepRow(/** @type {string} */ text, /** @type {number} */ at) {
    const area = textArea(text, (next) => {
      items[at] = next;
      changed();
    }, { "aria-label": t("menu.step.one", { count: at + 1 }) });
    const problem = named(area, `recipe_steps[${at}]`);
    return make("li", { class: "step" },
      iconButton("drag", t("menu.move", { name: t("menu.step"), count: at + 1, of: items.length }), () => {}, {
        class: "icon-button handle",
      }),
      area,
      make("span", { class: "step-acts" },
        iconButton("up", t("menu.step.up", { count: at + 1 }), () => all.move(at, at - 1, ".up"), {
          class: "icon-button up", "aria-disabled": at === 0,
        }),
        iconButton("down", t("menu.step.down", { count: at + 1 }), () => all.move(at, at + 1, ".down"), {
          class: "icon-button down", "aria-disabled": at === items.length - 1,
        }),
        iconButton("close", t("menu.step.remove", { count: at + 1 }), () => all.remove(at), {
          class: "icon-button remove",
        })),
      problem);
  }
  return all;
}
