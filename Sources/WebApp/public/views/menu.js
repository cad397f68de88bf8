// @ts-check
// The menu: tonight's three on one shelf, the sections below, and what was searched for in their place.

import { arrange, inSlices, keepFocus, make, setText } from "../dom.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { prefs } from "../prefs.js";
import { find, indexOf } from "../search.js";
import { recallHere, rememberHere } from "../storage.js";
import { ingredientName, refusal, t } from "../words.js";
import { Finder, isSearch, nothing } from "./finder.js";
import { fillRow, marks, stand } from "./row.js";

/** @typedef {import("../menu.js").Drink} Drink */

const SLOW_MILLISECONDS = 3000;
/** Rows that are on the screen, or soon; what is below them has the time. */
const FIRST_ROWS = 12;

/**
 * A row and what is to stand in it; `filled` is what does.
 * @typedef {{drink: Drink, found: {name: boolean, ingredients: string[]}}} Content
 * @typedef {{element: HTMLElement, content: Content, filled: Content | null}} Row
 */

const isSame = (/** @type {Content} */ one, /** @type {Content | null} */ other) => one.drink === other?.drink
  && one.found.name === other.found.name && one.found.ingredients.join("\n") === other.found.ingredients.join("\n");

export class MenuView {
  #order;
  #title = make("h1", { class: "display-type" });
  #lede = make("p", { class: "lede" });
  #says = make("p", { class: "results", role: "status" });
  /** Empty glasses, until the menu is there: those of the page as it came. */
  #setting = /** @type {Element | null} */ (document.querySelector(".setting")?.cloneNode(true) ?? null);
  #list = make("div");
  #name = make("p");
  #finder;
  /** @type {Map<string, Row>} by drink */
  #rows = new Map();
  /**
   * Those in the list that are not filled yet, from the top.
   * @type {Row[]}
   */
  #unfilled = [];
  #fillMore = inSlices(() => this.#fillNext() || this.#indexNext());
  /**
   * Those that are to be made ready for a search.
   * @type {Drink[]}
   */
  #unsearched = [];
  /** @type {Map<string, HTMLElement>} by section */
  #shelves = new Map();
  #pick = make("ul", { class: "pick" });
  /** @type {Drink[]} */
  #picked = [];
  #found = make("section", { class: "found" }, make("h2", { class: "visually-hidden" }, t("menu.found")), make("ul"));
  element;

  /** @param {{order: (drink: Drink) => void, notice: HTMLElement, signal: AbortSignal}} more until `signal` ends it */
  constructor({ order, notice, signal }) {
    this.#order = order;
    this.#finder = new Finder({ ...nothing, ...keptWish() }, (wish) => {
      rememberHere("wish", JSON.stringify(wish));
      this.show();
      this.#keepInSight();
    });
    this.#finder.element.prepend(notice);
    this.#title.textContent = t("menu.title");
    this.element = make("div", { class: "phone" },
      make("header", { class: "head" }, this.#name,
        make("div", {},
          make("button", {
            type: "button", class: "icon-button", "aria-label": t("menu.surprise"), onclick: () => this.#surprise(),
          }, icon("dice")),
          make("a", { class: "icon-button", href: "#/settings", "aria-label": t("settings.title") },
            icon("settings")))),
      make("main", { id: "menu" }, this.#title, this.#lede, this.#finder.element, this.#says, this.#setting, this.#list));
    new IntersectionObserver(([entry]) => this.#finder.element.classList.toggle("stuck", entry.intersectionRatio < 1),
      { threshold: 1, rootMargin: "-1px 0px 0px" }).observe(this.#finder.element);
    menu.addEventListener("change", () => this.show(), { signal });
    prefs.addEventListener("change", () => this.show(), { signal });
    window.addEventListener("beforeprint", () => { while (this.#fillNext()); }, { signal });
    setTimeout(() => { if (!menu.isHere) setText(this.#says, t("menu.slow")); }, SLOW_MILLISECONDS);
    this.show();
  }

  /** Shows the menu as it is now; a row that would look the same stays where it is. */
  show() {
    this.#unfilled = [];
    this.#arrange();
    for (let count = 0; count < FIRST_ROWS && this.#fillNext(); count += 1);
    this.#unsearched = [...menu.drinks.values()];
    this.#fillMore();
  }

  #arrange() {
    const { bar } = menu, all = [...menu.drinks.values()];
    if (bar?.name) setText(this.#name, bar.name);
    if (!menu.isHere) return this.#showTrouble();
    this.#setting?.remove();
    const liked = find(all, this.#liking());
    const sections = menu.sections.filter(({ id }) => liked.some(({ drink }) => drink.section_id === id));
    const wish = this.#finder.wish;
    if (wish.section && !sections.some(({ id }) => id === wish.section)) wish.section = ""; // It has left the menu.
    this.#finder.show(liked.map(({ drink }) => drink), sections, prefs.get("favourites").length > 0);
    const found = find(all, this.#liking(wish));
    this.#showLede(liked.length, all.length);
    keepFocus(this.#list, "data-drink", () => {
      if (isSearch(wish)) this.#showFound(found, wish);
      else this.#showShelves(found.map(({ drink }) => drink), wish.section);
    });
  }

  /** That the bar does not answer is said above, and it is tried again without anybody's doing. */
  #showTrouble() {
    const { trouble } = menu;
    if (trouble) setText(this.#says, trouble.kind === "unreachable" ? t("menu.slow") : refusal(trouble));
  }

  /** What is looked for, without what is never wanted. */
  #liking(wish = nothing) {
    return {
      ...wish, avoid: [...wish.avoid, ...prefs.get("avoid")], never: prefs.get("never"),
      alcoholFree: wish.alcoholFree || prefs.get("alcoholFree"),
      favourites: wish.favourites ? prefs.get("favourites") : undefined,
    };
  }

  #showLede(/** @type {number} */ shown, /** @type {number} */ count) {
    const { bar } = menu;
    const hidden = count - shown;
    const minutes = Math.max(1, Math.round((bar?.usual_wait_seconds ?? 0) / 60));
    const wait = bar?.usual_wait_seconds ? t("menu.wait", { count: minutes }) : "";
    const sentences = bar && !bar.accepting_orders
      ? [bar.message || t("menu.paused")]
      : [bar?.message, t("menu.count", { count: shown }) + (wait && `, ${wait}`) + "."];
    if (hidden) sentences.push(t("menu.hidden", { count: hidden }));
    setText(this.#lede, sentences.filter(Boolean).join(" "));
  }

  /**
   * @param {{drink: Drink, found: import("../search.js").Found}[]} found
   * @param {import("./finder.js").Wish} wish
   */
  #showFound(found, wish) {
    const wishes = [
      wish.favourites && t("menu.found.favourites"),
      wish.alcoholFree && t("menu.found.alcoholFree"),
      wish.makeable && t("menu.found.makeable"),
      wish.text.trim() && t("menu.found.text", { text: wish.text.trim() }),
      wish.want.length && t("menu.found.want", { list: wish.want.map(ingredientName) }),
      wish.avoid.length && t("menu.found.avoid", { list: wish.avoid.map(ingredientName) }),
    ].filter(Boolean).join(", ");
    if (found.length) {
      setText(this.#says, `${t("menu.count", { count: found.length })} ${wishes}`);
    } else {
      this.#says.replaceChildren(t("menu.nothing"), " ",
        make("button", {
          type: "button", class: "button quiet small", onclick: () => this.#finder.clear(),
        }, t("menu.clear")));
    }
    const list = /** @type {HTMLElement} */ (this.#found.lastElementChild);
    arrange(list, found.map(({ drink, found }) => this.#row(drink, found)));
    arrange(this.#list, [this.#found]);
  }

  #showShelves(/** @type {Drink[]} */ drinks, /** @type {string} */ only) {
    setText(this.#says, drinks.length ? "" : t(menu.drinks.size ? "menu.allHidden" : "menu.empty"));
    const shelves = menu.sections.filter((section) => !only || section.id === only).map((section) => {
      const own = drinks.filter((drink) => drink.section_id === section.id);
      return own.length ? this.#shelf(section, own) : null;
    });
    const pick = only ? null : this.#tonight(drinks);
    arrange(this.#list, /** @type {HTMLElement[]} */ ([pick, ...shelves].filter(Boolean)));
  }

  #shelf(/** @type {import("../menu.js").Section} */ section, /** @type {Drink[]} */ drinks) {
    let shelf = this.#shelves.get(section.id);
    if (!shelf) {
      shelf = make("section", { class: "shelf", "aria-labelledby": `shelf-${section.id}` },
        make("h2", { class: "display-type", id: `shelf-${section.id}` }, make("span"), make("span", { class: "meta" })),
        make("p"), make("ul"));
      this.#shelves.set(section.id, shelf);
    }
    const [title, about, list] = shelf.children;
    setText(title.children[0], section.name);
    setText(title.children[1], String(drinks.length));
    setText(about, section.description ?? "");
    /** @type {HTMLElement} */ (about).hidden = !section.description;
    arrange(list, drinks.map((drink) => this.#row(drink, { name: false, ingredients: [] })));
    return shelf;
  }

  /** The drink's row, to be filled from the top of the list on: rooms for all are there at once. */
  #row(/** @type {Drink} */ drink, /** @type {Content["found"]} */ found) {
    let row = this.#rows.get(drink.id);
    if (!row) {
      const element = make("li", { class: "drink-row", "data-drink": drink.id });
      this.#rows.set(drink.id, row = { element, content: { drink, found }, filled: null });
    }
    row.content = { drink, found };
    if (!isSame(row.content, row.filled)) this.#unfilled.push(row);
    return row.element;
  }

  #fillNext() {
    const row = this.#unfilled.shift();
    if (!row) return false;
    row.filled = row.content;
    const { drink, found } = row.content;
    keepFocus(this.#list, "data-drink", () => fillRow(row.element, drink, found, this.#order));
    return true;
  }

  #indexNext() {
    const drink = this.#unsearched.pop();
    if (drink) indexOf(drink);
    return drink !== undefined;
  }

  /** Three that stand in front: favourites first, then one of each section, others each night. */
  #tonight(/** @type {Drink[]} */ drinks) {
    const can = drinks.filter((drink) => drink.available);
    const favourites = prefs.get("favourites");
    const night = Math.floor((Date.now() / 3_600_000 - 6) / 24);
    const ofSections = menu.sections.map(({ id }) => can.filter((drink) => drink.section_id === id))
      .filter((own) => own.length);
    const others = ofSections.map((own) => own[night % own.length]);
    const turn = others.length ? night % others.length : 0;
    const three = [...new Set([
      ...can.filter((drink) => favourites.includes(drink.id)), ...others.slice(turn), ...others.slice(0, turn)])].slice(0, 3);
    if (three.length < 3) return null;
    if (three.some((drink, i) => drink !== this.#picked[i])) {
      this.#picked = three;
      this.#pick.setAttribute("aria-label", t("menu.tonight"));
      this.#pick.replaceChildren(...three.map((drink) => make("li", {}, stand(drink, { size: 172 }),
        make("a", { href: `#/drink/${drink.id}` }, drink.name),
        make("span", { class: "meta" }, marks(drink) || drink.section_name))));
    }
    return this.#pick;
  }

  #surprise() {
    const can = find(menu.drinks.values(), this.#liking(this.#finder.wish))
      .filter(({ drink }) => drink.available);
    if (can.length) location.hash = `#/drink/${can[Math.floor(Math.random() * can.length)].drink.id}`;
    else setText(this.#says, t("menu.nothing"));
  }

  /** What was found begins below the finder, wherever the list was before. */
  #keepInSight() {
    const top = this.#finder.element.offsetTop;
    if (window.scrollY > top) window.scrollTo(0, top);
  }
}

/** What was looked for in this tab before a reload. */
function keptWish() {
  try {
    const kept = JSON.parse(recallHere("wish") ?? "{}"), { want = [], avoid = [], text = "" } = kept;
    return [want, avoid].every(Array.isArray) && typeof text === "string" ? kept : {};
  } catch { return {}; }
}
