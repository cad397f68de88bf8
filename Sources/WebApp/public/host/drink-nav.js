// @ts-check
// All drinks in a narrow column, to go from one to the next while they are edited.
//
//   drinkNav(signal) -> {element, show(currentId)}

import { arrange, make, setText } from "../dom.js";
import { icon } from "./icons.js";
import { picture } from "../picture.js";
import { wordsOf } from "../search.js";
import { t } from "../words.js";
import { draftIds } from "./drink-draft.js";
import { menu } from "./menu.js";

/** @typedef {import("./menu.js").Drink} Drink */

/** Where the column was, from one drink to the next. */
let place = 0, sought = "";

/** Whether a text begins words of a drink: of its name, what is in it, how it is marked. */
export function isMeant(/** @type {Drink} */ drink, /** @type {string} */ text) {
  const words = wordsOf([drink.name, ...drink.ingredients.map(({ name }) => name), ...drink.tags,
    ...Object.values(drink.translations).map(({ name = "" }) => name)].join(" "));
  return wordsOf(text).every((typed) => words.some((word) => word.startsWith(typed)));
}

/** What keeps a drink from guests, in a word or two; "" where nothing does. */
export function marksOf(/** @type {Drink} */ drink) {
  if (draftIds().includes(drink.id)) return t("menu.mark.draft");
  return drink.is_active ? drink.available ? "" : t("menu.mark.out") : t("menu.mark.hidden");
}

export function drinkNav(/** @type {AbortSignal} */ signal) {
  const list = make("ul");
  const nothing = make("p", { class: "meta", role: "status" });
  const find = /** @type {HTMLInputElement} */ (make("input", {
    type: "search", "aria-label": t("menu.find"), placeholder: t("menu.find"), autocomplete: "off",
  }));
  find.value = sought;
  const element = make("nav", { class: "drink-nav", "aria-label": t("menu.drinks") },
    make("div", { class: "field" }, icon("search"), find), nothing, list);
  /** @type {Map<string, {drink: Drink, mark: string, row: HTMLElement}>} */
  const rows = new Map();
  let current = "";

  function row(/** @type {Drink} */ drink) {
    const mark = marksOf(drink), known = rows.get(drink.id);
    if (known && known.drink === drink && known.mark === mark) return known.row;
    const link = make("a", { href: `#/drink/${drink.id}` },
      make("span", { class: "stand" }, picture(drink, { size: 52, fit: true, hidden: true, lazy: true })),
      make("span", { class: "name display-type" }, drink.name), mark && make("span", { class: "meta" }, mark));
    const next = make("li", {}, link);
    rows.set(drink.id, { drink, mark, row: next });
    return next;
  }

  function show(/** @type {string} */ id = current) {
    current = id;
    const all = menu.sections.flatMap((section) => menu.drinksOf(section.id));
    const drinks = all.filter((drink) => isMeant(drink, sought));
    arrange(list, drinks.map(row));
    setText(nothing, drinks.length || !menu.isHere ? "" : t("menu.noneFits"));
    for (const [other, { row: { firstElementChild: link } }] of rows) {
      if (other === id) link?.setAttribute("aria-current", "page");
      else link?.removeAttribute("aria-current");
    }
  }

  /** By hand: scrollIntoView would scroll the page around the column, too. */
  function bringIntoView() {
    const row = rows.get(current)?.row.getBoundingClientRect(), box = element.getBoundingClientRect();
    if (row && (row.top < box.top || row.bottom > box.bottom)) element.scrollTop += row.top - box.top - box.height / 2;
  }

  find.addEventListener("input", () => {
    sought = find.value;
    show();
  });
  element.addEventListener("scroll", () => { place = element.scrollTop; }, { passive: true });
  menu.addEventListener("change", () => show(), { signal });
  requestAnimationFrame(() => {
    element.scrollTop = place;
    bringIntoView();
  });
  return { element, show };
}
