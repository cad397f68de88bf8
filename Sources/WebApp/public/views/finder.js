// @ts-check
// The finder: what is searched for, which ingredients are wanted or not, which section is shown.

import { whenRead } from "../api.js";
import { add, make } from "../dom.js";
import { icon } from "../icons.js";
import { completions } from "../search.js";
import { ingredientName, t } from "../words.js";

/**
 * What somebody looks for; `section` is an id, "" for all.
 * @typedef {{text: string, want: string[], avoid: string[], section: string, favourites: boolean, alcoholFree: boolean,
 *   makeable: boolean}} Wish
 */

/** @type {Wish} */
export const nothing = { text: "", want: [], avoid: [], section: "", favourites: false, alcoholFree: false,
  makeable: false };
const isFiltered = (/** @type {Wish} */ wish) => wish.want.length > 0 || wish.avoid.length > 0;
export const isSearch = (/** @type {Wish} */ wish) => isFiltered(wish) || wish.text.trim() !== "" || wish.favourites
  || wish.alcoholFree || wish.makeable;

/** What is known of colours comes with the drawings, after the menu. */
async function colour(/** @type {HTMLElement} */ dot, /** @type {string} */ name) {
  const { ingredientColour } = await whenRead(() => import("../drink-facts.js"));
  dot.style.background = ingredientColour(name).hex;
}

export class Finder {
  /** @type {Wish} */
  wish;
  #changed;
  #input;
  #suggest = make("ul", { class: "suggest", hidden: true });
  #chips = make("div", { class: "chips" });
  #suggested = "";
  #offered = "";
  #pressed = 0;
  element;

  /**
   * @param {Wish} wish
   * @param {(wish: Wish) => void} changed told of every change
   */
  constructor(wish, changed) {
    this.wish = wish;
    this.#changed = changed;
    this.#input = /** @type {HTMLInputElement} */ (make("input", {
      id: "q", type: "search", autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "search",
      placeholder: t("finder.placeholder"), oninput: () => this.#change({ text: this.#input.value }),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    }));
    this.#input.value = wish.text;
    this.element = make("div", { class: "finder" },
      make("label", { class: "field" }, icon("search"),
        make("span", { class: "visually-hidden" }, t("finder.label")), this.#input),
      this.#suggest, this.#chips);
  }

  /** Shows what there is to choose, given the menu. */
  show(/** @type {import("../menu.js").Drink[]} */ drinks, /** @type {{id: string, name: string}[]} */ sections,
    /** @type {boolean} */ hasFavourites) {
    // What stays the same stays where a finger has pushed it, and keeps the focus.
    const found = completions(drinks, this.wish.text), suggested = JSON.stringify(found);
    if (this.#suggested !== suggested) this.#showSuggestions(found);
    const { text, ...chosen } = this.wish, offered = JSON.stringify([chosen, !text.trim(), sections, hasFavourites]);
    if (this.#offered !== offered) this.#showChips(sections, hasFavourites);
    this.#suggested = suggested;
    this.#offered = offered;
  }

  #showChips(/** @type {{id: string, name: string}[]} */ sections, /** @type {boolean} */ hasFavourites) {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.chip : undefined;
    const isNarrowed = isFiltered(this.wish) || this.wish.text.trim() !== "";
    this.#chips.className = isNarrowed ? "chips tokens" : "chips scroll";
    this.#chips.replaceChildren();
    if (isNarrowed) this.#showTokens(sections);
    else this.#showSections(sections, hasFavourites);
    this.#chips.hidden = !this.#chips.childElementCount;
    const next = focused && this.#chips.querySelector(`[data-chip="${CSS.escape(focused)}"]`);
    if (next instanceof HTMLElement) next.focus();
  }

  #chip(/** @type {string} */ name, /** @type {boolean} */ isOn, /** @type {Partial<Wish>} */ change) {
    return make("button", {
      type: "button", class: "chip", "aria-pressed": isOn, "data-chip": name, onclick: () => this.#change(change),
    }, name);
  }

  #showSections(/** @type {{id: string, name: string}[]} */ sections, /** @type {boolean} */ hasFavourites) {
    const chip = this.#chip.bind(this);
    const { section, favourites, alcoholFree, makeable } = this.wish;
    const plain = { section: "", favourites: false, alcoholFree: false, makeable: false };
    add(this.#chips,
      chip(t("finder.all"), !section && !favourites && !alcoholFree && !makeable, plain),
      hasFavourites && chip(t("finder.favourites"), favourites, { ...plain, favourites: !favourites }),
      ...(sections.length > 1 ? sections : []).map(({ id, name }) =>
        chip(name, section === id, { ...plain, section: section === id ? "" : id })),
      chip(t("finder.alcoholFree"), alcoholFree, { ...plain, alcoholFree: !alcoholFree }),
      chip(t("finder.makeable"), makeable, { ...plain, makeable: !makeable }));
    const pressed = [...this.#chips.children].findIndex((chip) => chip.getAttribute("aria-pressed") === "true");
    if (pressed === this.#pressed) return; // To look where it is takes a layout of everything.
    this.#pressed = pressed;
    this.#chips.children[pressed]?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  /** What narrows the list, each to be taken away: what was chosen before a word was typed does so still. */
  #showTokens(/** @type {{id: string, name: string}[]} */ sections) {
    const { want, avoid, section, favourites, alcoholFree, makeable } = this.wish;
    const token = (/** @type {string} */ kind, /** @type {string} */ name, /** @type {Partial<Wish>} */ change) =>
      make("button", {
        type: "button", class: `chip ${kind}`, "data-chip": name,
        "aria-label": t(`finder.remove.${kind}`, { name: ingredientName(name) }), onclick: () => this.#change(change),
      }, `${t(`finder.${kind}`)} `, make("b", {}, ingredientName(name)), icon("close", { small: true }));
    add(this.#chips,
      ...sections.filter(({ id }) => id === section).map(({ name }) => this.#chip(name, true, { section: "" })),
      favourites && this.#chip(t("finder.favourites"), true, { favourites: false }),
      alcoholFree && this.#chip(t("finder.alcoholFree"), true, { alcoholFree: false }),
      makeable && this.#chip(t("finder.makeable"), true, { makeable: false }),
      ...want.map((name) => token("want", name, { want: want.filter((other) => other !== name) })),
      ...avoid.map((name) => token("avoid", name, { avoid: avoid.filter((other) => other !== name) })));
  }

  #showSuggestions(/** @type {import("../search.js").Completion[]} */ found) {
    this.#suggest.hidden = found.length === 0;
    this.#suggest.replaceChildren(...found.map(({ name, shown, count }) => {
      const dot = make("i", { class: "dot" });
      colour(dot, name);
      const choose = (/** @type {"want" | "avoid"} */ kind, /** @type {string} */ look) => make("button", {
        type: "button", class: look, "aria-label": t(`finder.choose.${kind}`, { name: shown }),
        onclick: () => this.#choose(kind, name),
      }, t(`finder.choice.${kind}`));
      return make("li", {}, dot, make("span", {}, shown), make("span", { class: "n" }, count),
        choose("want", "with"), choose("avoid", "without"));
    }));
  }

  #choose(/** @type {"want" | "avoid"} */ kind, /** @type {string} */ name) {
    const other = kind === "want" ? "avoid" : "want";
    this.#input.value = "";
    this.#change({
      text: "", [kind]: [...new Set([...this.wish[kind], name])],
      [other]: this.wish[other].filter((chosen) => chosen !== name),
    });
    this.#input.focus({ preventScroll: true });
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Escape" && this.#input.value) {
      event.preventDefault();
      this.#input.value = "";
      this.#change({ text: "" });
    } else if (event.key === "Enter") this.#input.blur(); // The keyboard of a phone covers what was found.
  }

  #change(/** @type {Partial<Wish>} */ change) {
    this.wish = { ...this.wish, ...change };
    this.#changed(this.wish);
  }

  clear() {
    this.#input.value = "";
    this.#change(nothing);
  }
}
