// @ts-check
// The menu as its host keeps it: sections and drinks in the order guests see them, each to be moved, written, shown or
// not, copied and deleted.

import { uuid } from "../api.js";
import { arrange, make, setText } from "../dom.js";
import { icon } from "./icons.js";
import { picture } from "../picture.js";
import { refusal, t } from "../words.js";
import { bodyOf, fieldsOf } from "./drink-draft.js";
import { beginNewDrink } from "./drink-editor.js";
import { isMeant, marksOf } from "./drink-nav.js";
import { head } from "./head.js";
import { menu } from "./menu.js";
import { openSection } from "./section-sheet.js";
import { sortable } from "./sortable.js";

/** @typedef {import("./menu.js").Drink} Drink @typedef {import("./menu.js").Section} Section */

const SLOW_MILLISECONDS = 3000;
/** Where the list was when it was left. */
let scrolledTo = 0;

export function menuView(/** @type {any} */ context) {
  const view = new MenuView(context);
  return { element: view.element, title: t("menu.heading"), closed: () => view.closed() };
}

/** @param {any} name @param {string} label @param {() => void} pressed @param {Record<string, any>} [more] */
const iconButton = (name, label, pressed, more = {}) =>
  make("button", { type: "button", class: "icon-button", "aria-label": label, onclick: pressed, ...more }, icon(name));

const chip = (/** @type {string} */ words, /** @type {() => void} */ pressed) =>
  make("button", { type: "button", class: "chip", onclick: pressed }, words);

class MenuView {
  #context;
  #sought = "";
  #says = make("p", { class: "meta", role: "status" });
  #told = make("p", { class: "visually-hidden", role: "status" });
  #list = make("div", { class: "menu-sections" });
  #chips = make("nav", { class: "chips scroll", "aria-label": t("menu.sections") });
  /** @type {Map<string, {drink: Drink, mark: string, row: HTMLElement}>} by drink */
  #rows = new Map();
  /** @type {Map<string, HTMLElement>} by section */
  #sections = new Map();
  /** @type {{id: string, sure: () => void} | null} a drink that is about to go for good */
  #leaving = null;
  element;

  /** @param {{toast: any, goTo: (hash: string) => void, signal: AbortSignal}} context */
  constructor(context) {
    this.#context = context;
    const find = /** @type {HTMLInputElement} */ (make("input", {
      type: "search", "aria-label": t("menu.find"), placeholder: t("menu.findLong"), autocomplete: "off",
    }));
    find.addEventListener("input", () => {
      this.#sought = find.value;
      this.show();
    });
    this.element = make("div", { class: "menu-view" },
      head(t("menu.heading"),
        make("button", { type: "button", class: "button primary small", onclick: () => this.#newDrink("") },
          icon("plus", { small: true }), t("menu.newDrink"))),
      make("div", { class: "menu-tools" }, make("div", { class: "field" }, icon("search"), find), this.#chips),
      this.#says, this.#told, this.#list,
      make("button", { type: "button", class: "add", id: "new-section", onclick: () => this.#edit(null) },
        icon("plus"), t("menu.section.add")));
    sortable(this.#list, {
      row: ".menu-row", handle: ".handle", end: ".menu-section-head",
      dropped: (row, target, isAfter) => this.#dropped(row, target, isAfter),
      stepped: (row, by) => this.#step(row.dataset.drink ?? "", by, ".handle"),
    });
    menu.addEventListener("change", () => this.show(), { signal: context.signal });
    this.show();
    this.#bringBack(context.signal);
    if (!menu.isHere) {
      menu.read();
      setTimeout(() => {
        if (!menu.isHere && !menu.trouble) setText(this.#says, t("menu.slow"));
      }, SLOW_MILLISECONDS);
    }
  }

  /** A tap on a drink and Back again: the same place. */
  #bringBack(/** @type {AbortSignal} */ signal) {
    requestAnimationFrame(() => {
      const scroller = this.element.parentElement;
      if (scroller) scroller.scrollTop = scrolledTo;
      scroller?.addEventListener("scroll", () => {
        if (this.element.isConnected) scrolledTo = scroller.scrollTop;
      }, { passive: true, signal });
    });
  }

  closed() { this.#leaving?.sure(); }

  show() {
    if (!menu.isHere) return setText(this.#says, menu.trouble ? refusal(menu.trouble) : "");
    const focused = document.activeElement;
    const shown = menu.sections.map((section) => ({
      section, drinks: menu.drinksOf(section.id).filter((drink) => isMeant(drink, this.#sought)),
    }));
    const count = shown.reduce((sum, { drinks }) => sum + drinks.length, 0);
    const isSearch = this.#sought.trim() !== "";
    setText(this.#says, isSearch ? count ? t("menu.fitting", { count }) : t("menu.noneFits")
      : menu.sections.length ? t("menu.inOrder", { count, sections: menu.sections.length }) : t("menu.begin"));
    this.element.classList.toggle("is-searching", isSearch);
    arrange(this.#list, shown.filter(({ drinks }) => drinks.length || !isSearch)
      .map(({ section, drinks }, i) => this.#section(section, drinks, i)));
    arrange(this.#chips, shown.map(({ section }) => this.#chip(section)));
    if (menu.trouble) setText(this.#says, refusal(menu.trouble));
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) focused.focus();
  }

  #chip(/** @type {Section} */ { id, name }) {
    const known = /** @type {HTMLElement | undefined} */ (
      [...this.#chips.children].find((one) => one instanceof HTMLElement && one.dataset.section === id));
    const next = known ?? make("button", { type: "button", class: "chip", "data-section": id, onclick: () => {
      const head = this.#sections.get(id)?.querySelector("h2");
      head?.scrollIntoView({ block: "start" });
      head?.focus({ preventScroll: true });
    } });
    setText(next, name);
    return next;
  }

  // MARK: Sections

  #section(/** @type {Section} */ section, /** @type {Drink[]} */ drinks, /** @type {number} */ at) {
    const { id } = section;
    let box = this.#sections.get(id);
    if (!box) {
      // No landmark: two sections may be called the same.
      box = make("div", { class: "menu-section", role: "group", "data-section": id, "aria-labelledby": `section-${id}` },
        make("header", { class: "menu-section-head" },
          make("div", {}, make("h2", { class: "display-type", id: `section-${id}`, tabindex: "-1" }), make("p")),
          make("div", { class: "row-acts" })),
        make("ul"), make("button", { type: "button", class: "add", onclick: () => this.#newDrink(id) },
          icon("plus"), make("span")));
      this.#sections.set(id, box);
    }
    const [head, list, add] = box.children, [words, acts] = head.children;
    setText(words.children[0], section.name);
    setText(words.children[1], section.description);
    setText(add.children[1], t("menu.section.addDrink", { name: section.name }));
    const made = JSON.stringify([section.name, at, menu.sections.length]);
    if (box.dataset.made !== made) {
      box.dataset.made = made;
      this.#keepFocus(acts, () => acts.replaceChildren(...this.#sectionActs(section, at)));
    }
    arrange(list, drinks.map((drink, place) => this.#row(drink, place, drinks.length)));
    return box;
  }

  #sectionActs(/** @type {Section} */ { id, name }, /** @type {number} */ at) {
    const now = () => /** @type {Section} */ (menu.sections.find((one) => one.id === id));
    return [
      iconButton("up", t("menu.section.up", { name }), () => this.#stepSection(id, -1), {
        "data-act": "up", "aria-disabled": at === 0,
      }),
      iconButton("down", t("menu.section.down", { name }), () => this.#stepSection(id, 1), {
        "data-act": "down", "aria-disabled": at === menu.sections.length - 1,
      }),
      make("button", {
        type: "button", class: "chip", "data-act": "edit", onclick: () => this.#edit(now()),
        "aria-label": t("menu.section.edit", { name }),
      }, t("menu.section.rename")),
      make("button", {
        type: "button", class: "chip", "data-act": "delete", onclick: () => this.#deleteSection(now()),
        "aria-label": t("menu.section.deleteOne", { name }),
      }, t("menu.section.delete")),
    ];
  }

  /** What is drawn anew gives the focus to the same control as before. */
  #keepFocus(/** @type {Element} */ around, /** @type {() => void} */ draw) {
    const act = around.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset.act : undefined;
    draw();
    if (act) /** @type {HTMLElement | null} */ (around.querySelector(`[data-act="${act}"]`))?.focus();
  }

  #edit(/** @type {Section | null} */ section) {
    const own = section && this.#sections.get(section.id);
    const opener = () => own?.querySelector('[data-act="edit"]') ?? document.getElementById("new-section");
    openSection(section, { toast: this.#context.toast, opener });
  }

  async #stepSection(/** @type {string} */ id, /** @type {number} */ by) {
    const at = menu.sections.findIndex((one) => one.id === id), to = at + by;
    if (to < 0 || to >= menu.sections.length) return;
    const { name } = menu.sections[at];
    const moving = menu.moveSection(id, to);
    this.#focusAct(this.#sections.get(id), by < 0 ? "up" : "down");
    setText(this.#told, t("menu.moved", { name, count: to + 1, of: menu.sections.length }));
    this.#sayIfRefused(await moving);
  }

  /** A button at its end does nothing; the focus goes where one may go on. */
  #focusAct(/** @type {Element | undefined} */ row, /** @type {string} */ act) {
    const wanted = /** @type {HTMLElement | null | undefined} */ (row?.querySelector(`[data-act="${act}"]`));
    wanted?.focus();
    wanted?.scrollIntoView({ block: "nearest" });
  }

  async #deleteSection(/** @type {Section} */ section) {
    const { name, description, display_order, translations } = section, { toast } = this.#context;
    const tellDrinks = () => toast.say(t("menu.section.notEmpty", { name, count: menu.drinksOf(section.id).length }));
    if (menu.drinksOf(section.id).length) return tellDrinks();
    const ending = await menu.remove("sections", section.id);
    if (ending.kind === "answered") {
      document.getElementById("new-section")?.focus();
      return toast.say(t("menu.section.deleted", { name }), {
        label: t("common.undo"),
        does: () => menu.add("sections", { name, description, display_order, translations }, uuid()),
      });
    }
    if (ending.kind === "refused" && ending.code === "section_not_empty") return menu.read().then(tellDrinks);
    toast.say(refusal(ending));
  }

  // MARK: Drinks

  #row(/** @type {Drink} */ drink, /** @type {number} */ place, /** @type {number} */ count) {
    const mark = marksOf(drink), known = this.#rows.get(drink.id);
    if (known && known.drink === drink && known.mark === mark) {
      this.#mark(known.row, place, count);
      return known.row;
    }
    const { name } = drink;
    const acts = make("div", { class: "row-acts" },
      iconButton("up", t("menu.up", { name }), () => this.#step(drink.id, -1, '[data-act="up"]'), { "data-act": "up" }),
      iconButton("down", t("menu.down", { name }), () => this.#step(drink.id, 1, '[data-act="down"]'), {
        "data-act": "down",
      }),
      iconButton("more", t("menu.more", { name }), () => this.#toggle(drink.id), {
        "data-act": "more", "aria-expanded": false,
      }));
    const content = [
      iconButton("drag", t("menu.dragOne", { name }), () => {}, { class: "icon-button handle", "data-act": "drag" }),
      make("div", { class: "stand" }, picture(drink, {
        size: 60, fit: true, hidden: true, lazy: true, empty: !drink.available,
      })),
      make("div", { class: "words" },
        make("h3", { class: "display-type" }, make("a", { href: `#/drink/${drink.id}`, "data-act": "open" }, name)),
        make("p", {}, drink.ingredients.map((line) => line.name).join(", "))),
      mark && make("p", { class: "mark meta" }, mark), acts];
    const row = known?.row ?? make("li", { class: "menu-row", "data-drink": drink.id });
    const more = row.querySelector(".more-acts");
    this.#keepFocus(row, () => {
      row.replaceChildren(...content.filter((one) => one instanceof Element));
      if (more) {
        row.append(this.#moreActs(drink));
        row.querySelector('[data-act="more"]')?.setAttribute("aria-expanded", "true");
      }
    });
    row.classList.toggle("is-away", !drink.is_active || !drink.available);
    this.#rows.set(drink.id, { drink, mark, row });
    this.#mark(row, place, count);
    return row;
  }

  /** The first of all has nothing above it, the last nothing below. */
  #mark(/** @type {HTMLElement} */ row, /** @type {number} */ place, /** @type {number} */ count) {
    const id = row.dataset.drink ?? "", section = menu.drinks.get(id)?.section_id;
    const set = (/** @type {string} */ act, /** @type {boolean} */ isEnd) =>
      row.querySelector(`[data-act="${act}"]`)?.setAttribute("aria-disabled", String(isEnd));
    set("up", place === 0 && section === menu.sections[0]?.id);
    set("down", place === count - 1 && section === menu.sections.at(-1)?.id);
  }

  #toggle(/** @type {string} */ id) {
    const row = this.#rows.get(id)?.row, drink = menu.drinks.get(id);
    if (!row || !drink) return;
    const more = row.querySelector(".more-acts");
    if (more) more.remove();
    else row.append(this.#moreActs(drink));
    row.querySelector('[data-act="more"]')?.setAttribute("aria-expanded", String(!more));
  }

  #moreActs(/** @type {Drink} */ drink) {
    const { id, name } = drink;
    const step = (/** @type {-1 | 1} */ by, /** @type {"up" | "down"} */ act) => make("button", {
      type: "button", class: "chip step-chip", "data-act": `chip-${act}`, "aria-label": t(`menu.${act}`, { name }),
      onclick: () => this.#step(id, by, `[data-act="chip-${act}"]`),
    }, icon(act, { small: true }), t(`menu.step.${act}Short`));
    return make("div", { class: "more-acts chips" }, step(-1, "up"), step(1, "down"),
      chip(t(drink.is_active ? "menu.hide" : "menu.unhide"), () => this.#showToGuests(drink.id)),
      chip(t("menu.duplicate"), () => this.#duplicate(drink)),
      chip(t("menu.delete"), () => this.#delete(drink.id)));
  }

  #newDrink(/** @type {string} */ sectionId) {
    if (menu.sections.length) return beginNewDrink(sectionId, this.#context.goTo);
    this.#context.toast.say(t("menu.sectionFirst"));
    this.#edit(null);
  }

  async #showToGuests(/** @type {string} */ id) {
    const drink = menu.drinks.get(id);
    if (!drink) return;
    const is_active = !drink.is_active, { name } = drink;
    const ending = await menu.change("drinks", id, { is_active });
    if (ending.kind !== "answered") return this.#sayIfRefused(ending);
    this.#context.toast.say(t(is_active ? "menu.shown" : "menu.nowHidden", { name }), {
      label: t("common.undo"), does: () => menu.change("drinks", id, { is_active: !is_active }),
    });
  }

  async #duplicate(/** @type {Drink} */ drink) {
    const wanted = t("menu.copyOf", { name: drink.name }), name = [...wanted].slice(0, 100).join("");
    const body = { ...bodyOf(null, fieldsOf(drink)), name, is_active: false, display_order: drink.display_order };
    const ending = await menu.add("drinks", body, uuid());
    if (ending.kind !== "answered") return this.#sayIfRefused(ending);
    this.#context.toast.say(t("menu.duplicated", { name: drink.name }));
    this.#context.goTo(`#/drink/${ending.data.id}`);
  }

  #delete(/** @type {string} */ id) {
    const drink = menu.drinks.get(id);
    if (!drink) return;
    this.#leaving?.sure();
    const next = this.#rows.get(id)?.row.nextElementSibling ?? this.#rows.get(id)?.row.previousElementSibling;
    const { sure, undo } = menu.takeOff(drink), { toast } = this.#context;
    const near = next?.querySelector("a") ?? this.element.querySelector("input");
    near?.focus();
    const leaving = { id, sure: async () => {
      if (this.#leaving === leaving) this.#leaving = null;
      this.#sayIfRefused(await sure());
    } };
    this.#leaving = leaving;
    toast.say(t("menu.deleted", { name: drink.name }), {
      label: t("common.undo"), does: async () => {
        if (this.#leaving === leaving) this.#leaving = null;
        this.#sayIfRefused(await undo());
        this.#focusAct(this.#rows.get(id)?.row, "open");
      }, over: () => { if (this.#leaving === leaving) leaving.sure(); },
    });
  }

  #sayIfRefused(/** @type {import("../api.js").Ending} */ ending) {
    if (ending.kind === "refused" || ending.kind === "unreachable") this.#context.toast.say(refusal(ending));
  }

  // MARK: Order

  /** One up or down; from the end of a section into the next. */
  #step(/** @type {string} */ id, /** @type {number} */ by, /** @type {string} */ focus) {
    const drink = menu.drinks.get(id);
    if (!drink || this.#sought.trim()) return;
    const own = menu.drinksOf(drink.section_id), at = own.findIndex((one) => one.id === id), to = at + by;
    if (to >= 0 && to < own.length) return this.#move(id, drink.section_id, to, focus);
    const section = menu.sections[menu.sections.findIndex((one) => one.id === drink.section_id) + by];
    if (section) this.#move(id, section.id, by < 0 ? menu.drinksOf(section.id).length : 0, focus);
  }

  #dropped(/** @type {HTMLElement} */ row, /** @type {HTMLElement} */ target, /** @type {boolean} */ isAfter) {
    const id = row.dataset.drink ?? "";
    const sectionId = /** @type {HTMLElement} */ (target.closest("[data-section]")).dataset.section ?? "";
    const others = menu.drinksOf(sectionId).filter((one) => one.id !== id);
    const at = others.findIndex((one) => one.id === target.dataset.drink);
    this.#move(id, sectionId, at < 0 ? 0 : at + (isAfter ? 1 : 0), '[data-act="drag"]');
  }

  /** @param {string} id @param {string} sectionId @param {number} place @param {string} focus what keeps the focus */
  async #move(id, sectionId, place, focus) {
    const name = menu.drinks.get(id)?.name;
    const moving = menu.moveDrink(id, sectionId, place);
    const row = this.#rows.get(id)?.row;
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector(focus))?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
    const section = menu.sections.find((one) => one.id === sectionId)?.name;
    setText(this.#told, t("menu.movedIn", { name, section, count: place + 1, of: menu.drinksOf(sectionId).length }));
    this.#sayIfRefused(await moving);
  }
}
