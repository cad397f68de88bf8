// @ts-check
// The menu, in the reader's language. The last one is kept: on bad Wi-Fi it is there at once, and until there is news.
//
//   menu.bar            {name, accepting_orders, message, languages, show_recipes, max_active_orders,
//                       usual_wait_seconds, server_time}, or null before anything is known
//   menu.sections       in their order, those without drinks too
//   menu.drinks         Map by id, in the order of the menu
//   menu.drinksOf(sectionId)
//   menu.nameOf(drink)  of an order's drink: as the menu has it now, or as it was ordered
//   menu.isHere         whether there is a menu to show; menu.isOld: it is the kept one, and nobody has answered yet
//   menu.seenAt         when the bar last answered for it; Date or null
//   menu.trouble        the Ending that kept the last load from it, or null
//   menu.load(after?)   -> Promise<void>; one at a time, and again where it was asked for meanwhile. The first begins by
//                       itself: menu.settled is its end, or that of the one under way.
//   event "change"      any of these is another now. A drink that looks the same stays the same object.

import { Reading, ask } from "./api.js";
import { whenIdle } from "./dom.js";
import { recall, remember } from "./storage.js";
import { ingredientName, words } from "./words.js";

/**
 * @typedef {import("./api.js").Ending} Ending
 * @typedef {{name?: string, description?: string, recipe_steps?: string[]}} Texts
 * @typedef {{name: string, amount: number | null, unit: string, optional: boolean, substitutes: string[]}} Line
 * @typedef {Line & {shown: string}} ShownLine `name` is what filters go by, `shown` what is read
 * @typedef {{name: string, accepting_orders: boolean, message: string | null, languages: string[],
 *   show_recipes: boolean, max_active_orders: number, usual_wait_seconds: number | null, server_time: string}} Bar
 * @typedef {{id: string, name: string, description: string, display_order: number,
 *   translations: Record<string, Texts>}} Section
 * @typedef {{id: string, version: number, section_id: string, section_name: string, name: string, description: string,
 *   ingredients: Line[], recipe_steps: string[], garnish: string, glass: string,
 *   ice: "none" | "cubes" | "large" | "crushed", tags: string[], abv: number | null, image_url: string | null,
 *   available: boolean, missing: string[], translations: Record<string, Texts>}} PlainDrink
 *
 * A drink in the reader's language; `original` as the host wrote it, which the drawing goes by.
 * @typedef {Omit<PlainDrink, "ingredients"> & {ingredients: ShownLine[], original: PlainDrink}} Drink
 */

const PAGES = 20;

/** @returns {Texts} */
function textsOf(/** @type {{translations?: Record<string, Texts>}} */ { translations = {} }) {
  return translations[words.locale] ?? translations[words.language] ?? {};
}

/** "Lime wedge, mint": each by itself, and small where it was written so. */
function garnishName(/** @type {string} */ garnish) {
  return (garnish ?? "").split(", ").map((part) => {
    const name = ingredientName(part);
    return name !== part && part === part.toLowerCase() ? name.charAt(0).toLowerCase() + name.slice(1) : name;
  }).join(", ");
}

/**
 * The steps in the reader's language where there is one for each: the host may have changed the recipe since, and a
 * drink made without one of its steps is another drink. One that is empty is read as the host wrote it.
 */
function stepsOf(/** @type {PlainDrink} */ { recipe_steps: plain = [] }, /** @type {string[]} */ translated) {
  return translated.length === plain.length ? plain.map((step, i) => translated[i] || step) : plain;
}

/** @returns {Drink} */
function shownDrink(/** @type {PlainDrink} */ drink, /** @type {string} */ sectionName) {
  const { name, description, recipe_steps: steps = [] } = textsOf(drink);
  return {
    ...drink,
    name: name || drink.name,
    description: description || drink.description,
    section_name: sectionName,
    ingredients: drink.ingredients.map((line) => ({ ...line, shown: ingredientName(line.name) })),
    recipe_steps: stepsOf(drink, steps),
    garnish: garnishName(drink.garnish),
    missing: (drink.missing ?? []).map(ingredientName),
    original: drink,
  };
}

/** @returns {Section} */
function shownSection(/** @type {Section} */ section) {
  const { name, description } = textsOf(section);
  return { ...section, name: name || section.name, description: description || section.description };
}

/** The rest of a menu that is too long for one answer. */
async function allOf(/** @type {Ending} */ first, /** @type {number | null} */ after) {
  if (first.kind !== "answered") return first;
  let cursor = first.metadata?.next_cursor;
  for (let page = 1; cursor && page < PAGES; page += 1) {
    const next = await ask("GET", `/drinks?limit=1000&cursor=${encodeURIComponent(cursor)}`, { after });
    if (next.kind !== "answered") return next;
    first.data.push(...next.data);
    cursor = next.metadata?.next_cursor;
    first.etag = null; // It speaks for the first page only.
  }
  return first;
}

class Menu extends EventTarget {
  /** @type {Bar | null} */
  bar = null;
  /** @type {Section[]} */
  sections = [];
  /** @type {Map<string, Drink>} */
  drinks = new Map();
  /** @type {Date | null} */
  seenAt = null;
  /** @type {Ending | null} */
  trouble = null;
  isOld = false;

  /** As the bar tells it, and what it is known by there. */
  #plain = {
    bar: /** @type {any} */ (null),
    sections: /** @type {Section[]} */ ([]),
    drinks: /** @type {PlainDrink[]} */ ([]),
  };
  /** @type {{sections: string | null, drinks: string | null}} */
  #tags = { sections: null, drinks: null };
  /** @type {Map<string, {made: string, drink: Drink}>} */
  #shown = new Map();
  #loading = new Reading(() => this.#loadOnce());

  constructor() {
    super();
    const kept = recall("menu");
    if (kept?.bar && Array.isArray(kept.sections) && Array.isArray(kept.drinks)) {
      this.#plain = { bar: kept.bar, sections: kept.sections, drinks: kept.drinks };
      this.#tags = kept.tags ?? this.#tags;
      this.seenAt = new Date(kept.at);
      this.isOld = true;
    }
    words.addEventListener("change", () => this.#show());
    this.#show();
  }

  get settled() { return this.#loading.underWay ?? Promise.resolve(); }

  get isHere() { return this.#plain.bar !== null; }

  drinksOf(/** @type {string} */ sectionId) {
    return [...this.drinks.values()].filter((drink) => drink.section_id === sectionId);
  }

  nameOf(/** @type {{id: string, name: string}} */ drink) { return this.drinks.get(drink.id)?.name ?? drink.name; }

  /** @param {number | null} after a log position that the answers must have seen */
  load(after = null) { return this.#loading.begin(after); }

  async #loadOnce() {
    const { after } = this.#loading;
    const [bar, sections, drinks] = await Promise.all([
      ask("GET", "/bar", { after }),
      ask("GET", "/sections", { after, etag: this.#tags.sections }),
      ask("GET", "/drinks", { after, etag: this.#tags.drinks }).then((first) => allOf(first, after)),
    ]);
    const trouble = [bar, sections, drinks].find(({ kind }) => kind === "refused" || kind === "unreachable") ?? null;
    if (trouble) {
      if (trouble.kind === "refused" && trouble.code === "position_ahead") this.#loading.after = null; // The log is younger.
      this.trouble = trouble;
      this.dispatchEvent(new Event("change"));
      return;
    }
    this.#loading.seen(after);
    const before = JSON.stringify([{ ...this.#plain.bar, server_time: "" }, this.trouble, this.isOld]);
    if (bar.kind === "answered") this.#plain.bar = bar.data;
    this.#take("sections", sections);
    this.#take("drinks", drinks);
    this.trouble = null;
    this.isOld = false;
    this.seenAt = new Date();
    const isNew = sections.kind === "answered" || drinks.kind === "answered";
    if (!isNew && JSON.stringify([{ ...this.#plain.bar, server_time: "" }, null, false]) === before) return;
    this.#show();
    whenIdle(() => remember("menu", { ...this.#plain, tags: this.#tags, at: this.seenAt }));
  }

  #take(/** @type {"sections" | "drinks"} */ name, /** @type {Ending} */ ending) {
    if (ending.kind !== "answered") return;
    this.#plain[name] = ending.data;
    this.#tags[name] = ending.etag;
  }

  #show() {
    if (!this.isHere || words.language === "") return;
    this.bar = this.#plain.bar;
    this.sections = this.#plain.sections.map(shownSection);
    const places = new Map(this.sections.map((section, place) => [section.id, { place, name: section.name }]));
    const before = this.#shown;
    this.#shown = new Map();
    for (const drink of this.#plain.drinks) {
      const section = places.get(drink.section_id)?.name ?? drink.section_name;
      const made = JSON.stringify([words.language, section, drink]);
      const old = before.get(drink.id);
      this.#shown.set(drink.id, old?.made === made ? old : { made, drink: shownDrink(drink, section) });
    }
    this.drinks = new Map([...this.#shown].map(([id, { drink }]) => [id, drink]));
    this.dispatchEvent(new Event("change"));
  }
}

export const menu = new Menu();
// Its script stands in the page by itself: words and menu are on their way before the rest is read.
menu.load();
