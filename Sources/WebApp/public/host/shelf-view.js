// @ts-check
// The shelf: every ingredient in or out by one tap. What would leave the menu and who waits for it is shown first; what
// nobody would miss, and what comes back, needs no question.

import { ask } from "../api.js";
import { arrange, make, setText } from "../dom.js";
import { ingredientColour, plain } from "../drink-facts.js";
import { icon } from "./icons.js";
import { picture } from "../picture.js";
import { fold, wordsOf } from "../search.js";
import { openSheet } from "../sheet.js";
import { ingredientName, number, refusal, t } from "../words.js";
import { fact, head } from "./head.js";
import { shelf } from "./shelf.js";

/** @typedef {import("./shelf.js").Row} Row @typedef {import("../menu.js").PlainDrink} Drink */

const DRAWN = 8;
const WIDE = matchMedia("(min-width: 62rem)");
const KINDS = /** @type {const} */ (["spirits", "bitter", "fresh", "long"]);
const BITTER = /vermouth|bitters|sherry|\bport\b|madeira|lillet|cocchi|quina|amaro|campari|aperol|falernum|absinthe/;
const LONG = /\bwine|water|coffee|espresso|\btea\b|beer|cider|juice of|cola/;
const SLOW_MILLISECONDS = 3000;

/** The four boards of the shelf; what a drawing knows of an ingredient is enough to tell. */
function kindOf(/** @type {string} */ name) {
  const { weight, fizz } = ingredientColour(name), words = plain(name);
  if (BITTER.test(words)) return "bitter";
  if (fizz || LONG.test(words)) return "long";
  return weight === 0.94 ? "spirits" : weight === 1.1 ? "bitter" : "fresh";
}

/** What keeps its capital within a sentence. */
const BRANDS = new RegExp("^(Angostura|Aperol|Bénédictine|Campari|Chartreuse|Cocchi|Cointreau|Cynar|Drambuie"
  + "|Irish|Islay|Kahlúa|Lillet|Maraschino|Peychaud|Tabasco|Worcestershire)");

/** As the reader calls it, in the middle of a sentence. */
function inSentence(/** @type {string} */ name) {
  const called = ingredientName(name);
  const isPlain = /^\p{Lu}\p{Ll}+( \p{Ll}[\p{L}’'-]*)*$/u.test(called) && !BRANDS.test(called);
  return isPlain ? called.charAt(0).toLowerCase() + called.slice(1) : called;
}

export function shelfView(/** @type {any} */ context) {
  const view = new ShelfView(context);
  return { element: view.element, title: t("shelf.title"), closed: () => view.closed() };
}

class ShelfView {
  #toast;
  #sought = "";
  /** @type {Drink[]} the menu as guests have it: whoever is behind the bar may read it */
  #drinks = [];
  /** @type {Map<string, number>} in how many of them an ingredient is */
  #uses = new Map();
  #says = make("p", { class: "meta", role: "status" });
  #can = make("b");
  #cannot = make("b");
  #facts = [this.#can, this.#cannot].map((figure) => fact(figure, ""));
  #stock = make("div", { class: "stock" });
  #effect = make("aside", { class: "effect", "aria-label": t("shelf.effect") });
  /** @type {Map<string, {made: string, row: HTMLElement}>} by name */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} */
  #boards = new Map();
  /** @type {{name: string, row: Row, close: () => void} | null} what is asked about */
  #asked = null;
  /** The last tap, while the bar is asked what it would do. */
  #tapped = {};
  element;

  /** @param {{toast: any, feed: EventTarget, signal: AbortSignal}} context */
  constructor({ toast, feed, signal }) {
    this.#toast = toast;
    const find = /** @type {HTMLInputElement} */ (make("input", {
      type: "search", "aria-label": t("shelf.find"), placeholder: t("shelf.find"), autocomplete: "off",
    }));
    find.addEventListener("input", () => {
      this.#sought = find.value;
      this.#show();
    });
    this.element = make("div", { class: "shelf-view" }, head(t("shelf.title"), ...this.#facts),
      make("div", { class: "shelf-panes" },
        make("div", { class: "shelf-main" },
          make("div", { class: "shelf-tools" }, make("div", { class: "field" }, icon("search"), find), this.#says),
          this.#stock),
        this.#effect));
    shelf.addEventListener("change", () => this.#read(), { signal });
    feed.addEventListener("heard", (event) => {
      if (this.#asked && /** @type {CustomEvent} */ (event).detail.type.startsWith("order_")) this.#askAgain();
    }, { signal });
    this.#showEffect();
    if (shelf.isHere) this.#read();
    else {
      shelf.read();
      setTimeout(() => {
        if (!shelf.isHere && !shelf.trouble) setText(this.#says, t("menu.slow"));
      }, SLOW_MILLISECONDS);
    }
  }

  closed() {
    this.#tapped = {};
    this.#asked?.close();
  }

  async #read() {
    this.#show();
    const ending = await ask("GET", "/drinks", { after: shelf.after });
    if (ending.kind !== "answered") return;
    this.#drinks = ending.data;
    this.#uses = usesIn(this.#drinks);
    this.#show();
    if (this.#asked) this.#askAgain();
  }

  // MARK: The boards

  #show() {
    if (!shelf.isHere) return setText(this.#says, shelf.trouble ? refusal(shelf.trouble) : "");
    const typed = wordsOf(this.#sought);
    const found = shelf.rows.filter(({ name }) => {
      const words = wordsOf(`${name} ${ingredientName(name)}`);
      return typed.every((word) => words.some((other) => other.startsWith(word)));
    });
    const boards = [["out", found.filter((row) => !row.in_stock)], ...KINDS.map((kind) =>
      [kind, found.filter((row) => row.in_stock && kindOf(row.name) === kind)])];
    const focused = document.activeElement;
    arrange(this.#stock, /** @type {[string, Row[]][]} */ (boards).filter(([, rows]) => rows.length)
      .map(([kind, rows]) => this.#board(kind, rows)));
    // A row that goes to another board is the same row, and keeps the focus.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) focused.focus();
    const can = this.#drinks.filter(({ available }) => available).length, cannot = this.#drinks.length - can;
    this.#fact(0, can, "shelf.can");
    this.#fact(1, cannot, "shelf.cannot");
    if (shelf.trouble) setText(this.#says, refusal(shelf.trouble));
    else setText(this.#says, found.length ? "" : t(shelf.rows.length ? "shelf.nothing" : "shelf.empty"));
  }

  /** @param {number} place @param {number} count @param {string} key */
  #fact(place, count, key) {
    const element = this.#facts[place];
    element.hidden = this.#drinks.length === 0 || (count === 0 && place > 0);
    element.replaceChildren([this.#can, this.#cannot][place], ` ${t(key, { count })}`);
    setText([this.#can, this.#cannot][place], number(count));
  }

  #board(/** @type {string} */ kind, /** @type {Row[]} */ rows) {
    let board = this.#boards.get(kind);
    if (!board) {
      board = make("section", { class: `board-of-shelf ${kind}`, "aria-labelledby": `board-${kind}` },
        make("h2", { class: "display-type", id: `board-${kind}` }, t(`shelf.board.${kind}`)), make("ul"));
      this.#boards.set(kind, board);
    }
    arrange(board.children[1], rows.map((row) => this.#row(row)));
    return board;
  }

  #row(/** @type {Row} */ row) {
    const { name, in_stock, waiting_order_count } = row, isAsked = this.#asked?.name === name;
    const uses = this.#uses.get(fold(name)) ?? 0;
    const made = JSON.stringify([in_stock, uses, waiting_order_count, isAsked]), known = this.#rows.get(name);
    if (known?.made === made) return known.row;
    const item = known?.row ?? make("li", {}, make("button", {
      type: "button", class: "ingredient-switch", role: "switch", onclick: () => this.#tap(name),
    }, make("i", { class: "dot" }), make("span", { class: "name" }, ingredientName(name)),
    make("span", { class: "meta" }), make("span", { class: "knob", "aria-hidden": "true" })));
    const button = item.children[0], [dot, , meta, look] = button.children;
    button.setAttribute("aria-checked", String(in_stock));
    button.classList.toggle("is-asked", isAsked);
    /** @type {HTMLElement} */ (dot).style.background = in_stock ? ingredientColour(name).hex : "";
    setText(meta, [uses ? t("shelf.uses", { count: uses }) : "", waiting_order_count
      ? t("shelf.waits", { count: waiting_order_count }) : ""].filter(Boolean).join(", "));
    setText(look, t(in_stock ? "shelf.in" : "shelf.out"));
    this.#rows.set(name, { made, row: item });
    return item;
  }

  #button(/** @type {string} */ name) {
    return /** @type {HTMLElement | null} */ (this.#rows.get(name)?.row.firstElementChild ?? null);
  }

  // MARK: In and out

  async #tap(/** @type {string} */ name) {
    const row = shelf.rows.find((one) => one.name === name);
    if (!row) return;
    const own = this.#tapped = {};
    if (this.#asked?.name === name) return this.#asked.close();
    if (!row.in_stock) return this.#mark(name, true);
    const ending = await shelf.effectOf(name);
    if (own !== this.#tapped) return; // Another tap, or another page, came meanwhile.
    if (ending.kind !== "answered") return this.#toast.say(refusal(ending));
    const now = /** @type {Row} */ (ending.data);
    if (!now.in_stock) return shelf.read();
    if (now.drink_count === 0 && now.waiting_order_count === 0) return this.#mark(name, false);
    this.#ask(now);
  }

  async #mark(/** @type {string} */ name, /** @type {boolean} */ inStock) {
    const before = shelf.rows.find((one) => one.name === name);
    const ending = await shelf.mark(name, inStock);
    if (ending.kind !== "answered") return this.#toast.say(refusal(ending));
    const count = inStock ? ending.data.drink_count : before?.drink_count ?? 0;
    const key = inStock ? "shelf.said.in" : "shelf.said.out";
    this.#toast.say(t(key, { name: ingredientName(name), count }), {
      label: t("common.undo"), does: () => this.#mark(name, !inStock),
    });
  }

  /** Beside the shelf where there is room, over it on a phone. */
  #ask(/** @type {Row} */ row) {
    this.#asked?.close();
    const { name } = row, opener = () => this.#button(name);
    let close = () => this.#endAsking(name, true);
    this.#asked = { name, row, close: () => close() };
    if (!WIDE.matches) {
      const content = make("div", { class: "effect" });
      const sheet = openSheet(content, {
        label: t("shelf.question", { name: inSentence(name) }), opener, closed: () => this.#endAsking(name, false),
      });
      sheet.element.classList.add("effect-sheet");
      close = () => sheet.close();
      this.#asked = { name, row, close };
      this.#into = content;
    }
    this.#show();
    this.#showEffect();
    /** @type {HTMLElement | null} */ (this.#into.querySelector("button"))?.focus();
  }

  #into = this.#effect;

  #endAsking(/** @type {string} */ name, /** @type {boolean} */ isBeside) {
    if (this.#asked?.name !== name) return;
    const hadFocus = this.#into.contains(document.activeElement);
    this.#asked = null;
    this.#into = this.#effect;
    this.#show();
    this.#showEffect();
    if (isBeside && hadFocus) this.#button(name)?.focus();
  }

  /** An order may have come in, or another host was faster. */
  async #askAgain() {
    const asked = this.#asked;
    if (!asked) return;
    const ending = await shelf.effectOf(asked.name);
    if (ending.kind !== "answered" || this.#asked !== asked) return;
    if (!ending.data.in_stock) return asked.close();
    if (JSON.stringify(ending.data) === JSON.stringify(asked.row)) return;
    asked.row = ending.data;
    this.#showEffect();
  }

  #showEffect() {
    const asked = this.#asked;
    if (!asked) return this.#into.replaceChildren(make("p", { class: "lede" }, t("shelf.hint")));
    const { row, name } = asked;
    const focused = this.#into.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.act : undefined;
    const called = inSentence(name);
    this.#into.replaceChildren(
      make("h2", { class: "display-type" }, t("shelf.question", { name: called })),
      make("p", { class: "lede", id: "effect-says", role: "status" }, leaving(row), " ", ...waiting(row)),
      this.#glasses(row), ...this.#staying(row),
      make("div", { class: "effect-acts" },
        make("button", {
          type: "button", class: "button primary wide", "data-act": "take", "aria-describedby": "effect-says",
          onclick: () => {
            asked.close();
            this.#mark(name, false);
          },
        }, t("shelf.take", { name: called })),
        make("button", { type: "button", class: "button wide", "data-act": "keep", onclick: () => asked.close() },
          t("shelf.keep"))));
    if (focused) /** @type {HTMLElement | null} */ (this.#into.querySelector(`[data-act="${focused}"]`))?.focus();
  }

  /** The glasses that would stand empty. */
  #glasses(/** @type {Row} */ { drinks }) {
    const shown = drinks.slice(0, drinks.length > DRAWN ? DRAWN - 1 : DRAWN), rest = drinks.slice(shown.length);
    const list = make("ul", { class: "leaving" }, ...shown.map(({ id, name }) => make("li", {},
      make("div", { class: "stand" }, picture(this.#drinks.find((drink) => drink.id === id) ?? { name },
        { size: 92, fit: true, empty: true, hidden: true })),
      make("span", {}, name))));
    if (!rest.length) return list;
    return make("div", {}, list, make("p", { class: "meta" }, t("shelf.more", { list: rest.map(({ name }) => name) })));
  }

  /** What the menu says itself of another way to make it. */
  #staying(/** @type {Row} */ { name, drinks }) {
    const inStock = new Set(shelf.rows.filter((row) => row.in_stock).map((row) => fold(row.name)));
    const stays = this.#drinks.filter(({ id, available }) => available && !drinks.some((one) => one.id === id))
      .flatMap((drink) => {
        const line = drink.ingredients.find((one) => fold(one.name) === fold(name));
        if (!line) return [];
        const other = line.substitutes.find((one) => inStock.has(fold(one)));
        return [make("li", {}, make("span", {}, drink.name),
          make("span", {}, other ? t("shelf.instead", { name: inSentence(other) }) : t("shelf.without")))];
      });
    if (!stays.length) return [];
    return [make("h3", { class: "label" }, t("shelf.stay")), make("ul", { class: "swap" }, ...stays)];
  }
}

function usesIn(/** @type {Drink[]} */ drinks) {
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const { ingredients } of drinks) {
    for (const name of new Set(ingredients.map((line) => fold(line.name)))) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

const leaving = (/** @type {Row} */ { drink_count }) =>
  drink_count ? t("shelf.leave", { count: drink_count }) : t("shelf.leaveNone");

/** "One order is waiting on it: White Russian, Tove." */
function waiting(/** @type {Row} */ { waiting_order_count: count, waiting_orders: orders }) {
  if (!count) return [t("shelf.waitNone")];
  const names = orders.map(({ drink, username }) => username ? `${drink.name}, ${username}` : drink.name);
  return [t("shelf.wait", { count }), " ", make("b", {}, `${names.join("; ")}.`)];
}
