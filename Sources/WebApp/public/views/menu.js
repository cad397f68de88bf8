// @ts-check
// The menu: tonight's three on one shelf, the sections below, and what was searched for in their place.

import { arrange, keepFocus, make, setText } from "../dom.js";
import { icon } from "../icons.js";
import { menu } from "../menu.js";
import { prefs } from "../prefs.js";
import { find } from "../search.js";
import { recallHere, rememberHere } from "../storage.js";
import { ingredientName, refusal, t, words } from "../words.js";
import { Finder, isSearch, nothing } from "./finder.js";
import { drinkRow, marks, stand } from "./row.js";

/** @typedef {import("../menu.js").Drink} Drink */

const SLOW_MILLISECONDS = 3000;

export class MenuView {
  #order;
  #title = make("h1", { class: "display-type" });
  #lede = make("p", { class: "lede" });
  #says = make("p", { class: "results", role: "status" });
  #list = make("div");
  #name = make("p");
  #finder;
  /** @type {Map<string, {made: string, row: HTMLElement}>} by drink */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} by section */
  #shelves = new Map();
  #pick = make("ul", { class: "pick" });
  #pickMade = "";
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
      make("main", { id: "menu" }, this.#title, this.#lede, this.#finder.element, this.#says, this.#list));
    new IntersectionObserver(([entry]) => this.#finder.element.classList.toggle("stuck", entry.intersectionRatio < 1),
      { threshold: 1, rootMargin: "-1px 0px 0px" }).observe(this.#finder.element);
    menu.addEventListener("change", () => this.show(), { signal });
    prefs.addEventListener("change", () => this.show(), { signal });
    setTimeout(() => { if (!menu.isHere) setText(this.#says, t("menu.slow")); }, SLOW_MILLISECONDS);
    this.show();
  }

  /** Shows the menu as it is now; a row that would look the same stays where it is. */
  show() {
    const { bar } = menu, all = [...menu.drinks.values()];
    if (bar?.name) setText(this.#name, bar.name);
    if (!menu.isHere) return menu.trouble ? setText(this.#says, refusal(menu.trouble)) : undefined;
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

  #row(/** @type {Drink} */ drink, /** @type {{name: boolean, ingredients: string[]}} */ found) {
    const made = JSON.stringify([words.language, drink, found.name, found.ingredients]), old = this.#rows.get(drink.id);
    if (old?.made === made) return old.row;
    const row = drinkRow(drink, found, this.#order);
    this.#rows.set(drink.id, { made, row });
    return row;
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
    const made = JSON.stringify(three);
    if (made !== this.#pickMade) {
      this.#pickMade = made;
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
  try { return JSON.parse(recallHere("wish") ?? "{}"); } catch { return {}; }
}
