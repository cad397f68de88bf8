// @ts-check
// One drink: the form, what guests see of it, its history. Nothing is overwritten unseen: a change is of a version, and
// what somebody else has changed meanwhile is shown. What is not saved is kept by this browser.

import { make, setText } from "../dom.js";
import { isUncertain, uuid } from "../api.js";
import { icon } from "./icons.js";
import { refusal, t } from "../words.js";
import { bodyOf, differing, emptyFields, fieldsOf, keepDraft, keptDraft, merge } from "./drink-draft.js";
import { drinkForm } from "./drink-form.js";
import { openHistory } from "./drink-history.js";
import { drinkNav } from "./drink-nav.js";
import { drinkPreview } from "./drink-preview.js";
import { fieldName, saying } from "./drink-saying.js";
import { clearErrors, showErrors } from "./form.js";
import { head } from "./head.js";
import { menu } from "./menu.js";
import { shelf } from "./shelf.js";

/**
 * @typedef {import("./drink-draft.js").Draft} Draft
 * @typedef {import("./drink-draft.js").Field} Field
 * @typedef {import("./drink-draft.js").Fields} Fields
 * @typedef {import("./menu.js").Drink} Drink
 */

const NEW = "new";
/** The section that a new drink is for, where it was asked for from there. */
let wantedSection = "";
export function beginNewDrink(/** @type {string} */ sectionId, /** @type {(hash: string) => void} */ goTo) {
  wantedSection = sectionId;
  goTo(`#/drink/${NEW}`);
}

export function drinkView(/** @type {any} */ context) {
  const editor = new Editor(context.route.id || NEW, context);
  return { element: editor.element, title: editor.title, closed: () => editor.closed() };
}

class Editor {
  #id;
  #toast;
  #goTo;
  /** @type {Draft} */
  #draft = { base: null, version: null, fields: emptyFields(""), at: 0, key: uuid() };
  #isSaving = false;
  /** @type {ReturnType<typeof drinkForm> | null} */
  #form = null;
  #nav;
  #preview = drinkPreview();
  #notice = make("div", { class: "notice", hidden: true, tabindex: -1, role: "status" });
  #says = make("p", { class: "meta says", role: "status" });
  #problem = make("p", { class: "problem", role: "alert" });
  #save = make("button", { type: "button", class: "button primary small save" });
  #discard = make("button", { type: "button", class: "button quiet small" }, t("menu.drink.discard"));
  #history = make("button", { type: "button", class: "button quiet small" },
    icon("clock", { small: true }), t("menu.history.title"));
  #place = make("div", { class: "form-place" });
  element;

  /** @param {string} id @param {{toast: any, goTo: (hash: string) => void, signal: AbortSignal}} context */
  constructor(id, { toast, goTo, signal }) {
    this.#nav = drinkNav(signal);
    this.#id = id;
    this.#toast = toast;
    this.#goTo = goTo;
    this.#save.addEventListener("click", () => this.save());
    this.#discard.addEventListener("click", () => this.#startAgain());
    this.#history.addEventListener("click", () => this.#openHistory());
    const back = make("a", { class: "icon-button back", href: "#/menu", "aria-label": t("menu.back") }, icon("back"));
    const top = head(this.title, this.#history);
    top.prepend(back);
    this.element = make("div", { class: "drink-editor" }, top,
      make("div", { class: "panes" }, this.#nav.element,
        make("div", { class: "edit" }, this.#notice, this.#place,
          make("div", { class: "edit-acts" }, this.#problem, this.#says, this.#discard, this.#save)),
        make("aside", { class: "seen", "aria-label": t("menu.preview.title"), tabindex: 0 },
          make("h2", { class: "label" }, t("menu.preview.title")), this.#preview.element)));
    menu.addEventListener("change", () => this.#menuChanged(), { signal });
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    if (!shelf.isHere) shelf.read();
    if (menu.isHere) this.#begin();
    else menu.read();
    this.#nav.show(this.#id);
    this.#showState();
  }

  closed() { this.#form?.closed(); }

  get title() { return this.#isNew ? t("menu.newDrink") : menu.drinks.get(this.#id)?.name ?? t("menu.heading"); }

  get #isNew() { return this.#id === NEW; }

  get #changed() {
    const { base, fields } = this.#draft;
    return base ? differing(base, fields) : differing(emptyFields(fields.section_id), fields);
  }

  // MARK: What is there

  #begin() {
    const drink = menu.drinks.get(this.#id), kept = keptDraft(this.#id);
    if (!this.#isNew && !drink && !kept) return setText(this.#place, t("menu.drink.gone"));
    if (kept) this.#draft = kept;
    else this.#draft = this.#freshDraft(drink);
    if (this.#isNew && wantedSection) this.#draft.fields.section_id = wantedSection;
    this.#form = drinkForm(this.#draft.fields, () => this.#write());
    this.#place.replaceChildren(this.#form.element);
    this.#preview.show(this.#draft.fields);
    if (kept) this.#tellKept();
    if (drink) this.#compareWith(drink);
    else if (!this.#isNew) this.#tellGone();
    this.#showState();
  }

  /** @returns {Draft} */
  #freshDraft(/** @type {Drink | undefined} */ drink) {
    const fields = drink ? fieldsOf(drink) : emptyFields(wantedSection || menu.sections[0]?.id || "");
    return { base: drink ? fieldsOf(drink) : null, version: drink?.version ?? null, fields, at: 0, key: uuid() };
  }

  #menuChanged() {
    if (!this.#form) {
      if (menu.isHere) this.#begin();
      else if (menu.trouble) setText(this.#problem, refusal(menu.trouble));
      return;
    }
    const drink = menu.drinks.get(this.#id);
    if (drink) this.#compareWith(drink);
    else if (!this.#isNew && this.#draft.base) this.#tellGone();
  }

  #write() {
    this.#preview.show(this.#draft.fields);
    this.#draft.at = Date.now();
    keepDraft(this.#id, this.#changed.length ? this.#draft : null);
    setText(this.#problem, "");
    this.#showState();
  }

  #showState(saved = "") {
    setText(/** @type {HTMLElement} */ (this.element.querySelector("h1")), this.title);
    if (this.element.isConnected) document.title = this.title; // The menu came after the page.
    const isChanged = this.#changed.length > 0;
    setText(this.#save, t(this.#isNew ? "menu.drink.create" : "menu.drink.save"));
    this.#save.setAttribute("aria-disabled", String(!this.#form || this.#isSaving || (!isChanged && !this.#isNew)));
    this.#discard.hidden = !isChanged;
    this.#history.hidden = this.#isNew;
    setText(this.#says, this.#isSaving ? t("menu.drink.saving") : isChanged ? t("menu.drink.unsaved")
      : saved || (this.#isNew ? "" : t("menu.drink.asSeen")));
  }

  // MARK: Other hosts, and what was kept

  #tell(/** @type {(Node | string | false)[]} */ ...children) {
    this.#notice.replaceChildren(...children.flatMap((child) => child === false ? [] : [child]));
    this.#notice.hidden = children.length === 0;
  }

  #tellKept() {
    this.#tell(make("p", {}, t("menu.drink.kept", { time: new Date(this.#draft.at) })),
      make("button", { type: "button", class: "button quiet small", onclick: () => this.#startAgain() },
        t("menu.drink.discard")));
  }

  #tellGone() {
    this.#draft.base = null;
    this.#draft.version = null;
    this.#tell(make("p", {}, t("menu.drink.deleted")));
    this.#showState();
  }

  /** Somebody else has saved it: what only they changed is taken over, the rest is put side by side. */
  #compareWith(/** @type {Drink} */ drink, isNow = false) {
    const { base, version, fields } = this.#draft;
    if (!base || version === null || this.#isSaving || (drink.version <= version && !isNow)) return;
    const theirs = fieldsOf(drink), { fields: merged, taken, clashing } = merge(base, fields, theirs);
    this.#draft.base = theirs;
    this.#draft.version = drink.version;
    if (taken.length) this.#take(merged);
    if (taken.length || clashing.length) this.#tellChange(taken, clashing, theirs);
    keepDraft(this.#id, this.#changed.length ? this.#draft : null);
    this.#showState();
  }

  #take(/** @type {Fields} */ fields) {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.field : undefined;
    this.#draft.fields = fields;
    this.#form?.show(fields);
    this.#preview.show(fields);
    const again = focused && this.#place.querySelector(`[data-field="${CSS.escape(focused)}"]`);
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {Field[]} taken @param {Field[]} clashing @param {Fields} theirs */
  #tellChange(taken, clashing, theirs) {
    const mine = this.#draft.fields;
    const rows = clashing.map((field) => {
      const row = make("div", { class: "clash" },
        make("h3", { class: "label" }, fieldName(field)),
        make("div", {}, make("p", { class: "meta" }, t("menu.clash.theirs")), saying(field, theirs)),
        make("div", {}, make("p", { class: "meta" }, t("menu.clash.yours")), saying(field, mine)),
        make("button", {
          type: "button", class: "button quiet small", onclick: () => {
            this.#take({ ...this.#draft.fields, [field]: fieldsOf(theirs)[field] });
            this.#write();
            row.remove();
            if (!this.#notice.querySelector(".clash")) this.#tell();
            this.#notice.focus();
          },
        }, t("menu.clash.take", { field: fieldName(field) })));
      return row;
    });
    this.#tell(
      taken.length > 0 && make("p", {}, t("menu.clash.taken", { list: taken.map(fieldName) })),
      clashing.length > 0 && make("p", {}, t("menu.clash.both", { count: clashing.length })), ...rows,
      clashing.length === 0 && make("button", {
        type: "button", class: "button quiet small", onclick: () => this.#tell(),
      }, t("menu.clash.seen")));
  }

  #startAgain() {
    keepDraft(this.#id, null);
    const { key, sent } = this.#draft;
    this.#draft = { ...this.#freshDraft(menu.drinks.get(this.#id)), key, sent };
    this.#take(this.#draft.fields);
    this.#tell();
    setText(this.#problem, "");
    this.#showState();
    /** @type {HTMLElement | null} */ (this.#place.querySelector("input.name"))?.focus();
  }

  // MARK: Saving

  #press(/** @type {KeyboardEvent} */ event) {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) this.save();
  }

  async save() {
    const form = this.#form;
    if (!form || this.#save.getAttribute("aria-disabled") === "true") return;
    const unread = form.unread();
    if (unread.length) {
      setText(this.#problem, t("menu.drink.wrong"));
      return void showErrors(form.element, unread);
    }
    this.#isSaving = true;
    setText(this.#problem, "");
    clearErrors(form.element);
    this.#showState();
    const hasPhoto = !form.busy() || await form.settled();
    if (hasPhoto) {
      form.tidy();
      await (this.#draft.base === null ? this.#create() : this.#update());
    }
    this.#isSaving = false;
    const drink = menu.drinks.get(this.#id);
    if (drink) this.#compareWith(drink);
    this.#showState(this.#problem.textContent || !this.#saved ? "" : t("menu.drink.savedAt", { time: this.#saved }));
  }

  /** @type {Date | null} */
  #saved = null;

  async #update() {
    const sent = fieldsOf(this.#draft.fields), base = /** @type {Fields} */ (this.#draft.base);
    const ending = await menu.change("drinks", this.#id, bodyOf(base, sent), this.#draft.version);
    if (ending.kind === "answered") {
      return this.#took(sent, ending.data.version ? ending.data : await menu.readOne(this.#id));
    }
    if (ending.kind !== "refused") return setText(this.#problem, refusal(ending));
    if (ending.status === 412) return this.#wasChanged();
    if (ending.status === 404) return this.#tellGone();
    this.#refused(ending);
  }

  #took(/** @type {Fields} */ sent, /** @type {Drink | null} */ drink) {
    this.#draft.base = drink ? fieldsOf(drink) : sent;
    this.#draft.version = drink?.version ?? this.#draft.version;
    // The bar trims what it is told; what was written meanwhile stays.
    const isAsSent = differing(sent, this.#draft.fields).length === 0;
    if (drink && isAsSent && differing(fieldsOf(drink), sent).length) this.#take(fieldsOf(drink));
    keepDraft(this.#id, this.#changed.length ? this.#draft : null);
    this.#saved = new Date();
    this.#tell();
  }

  async #wasChanged() {
    const drink = await menu.readOne(this.#id);
    if (!drink) return this.#tellGone();
    this.#isSaving = false;
    this.#compareWith(drink, true); // Of a log that was restored it is an older one.
    setText(this.#problem, t("menu.clash.notSaved"));
    this.#notice.focus();
  }

  async #create() {
    const fields = fieldsOf(this.#draft.fields), body = bodyOf(null, fields), order = this.#orderFor(fields, body);
    const ending = await menu.add("drinks", { ...body, display_order: order }, this.#draft.key);
    if (ending.kind === "answered") return this.#created(fields, ending.data);
    if (ending.kind === "refused") this.#refused(ending);
    else setText(this.#problem, refusal(ending));
  }

  /** The last of its section. What is sent again may be there already: it is the same to the letter, or another. */
  #orderFor(/** @type {Fields} */ fields, /** @type {object} */ body) {
    const { sent } = this.#draft, now = JSON.stringify(body);
    if (sent?.body === now) return sent.order;
    if (sent) this.#draft.key = uuid();
    const last = menu.drinksOf(fields.section_id).at(-1)?.display_order ?? 0;
    this.#draft.sent = { body: now, order: Math.min(1_000_000, last + 16) };
    if (this.#changed.length) keepDraft(this.#id, this.#draft);
    return this.#draft.sent.order;
  }

  /** What was written while it was sent goes on in the drink that it has become. */
  #created(/** @type {Fields} */ sent, /** @type {Drink} */ drink) {
    keepDraft(this.#id, null);
    if (differing(sent, this.#draft.fields).length) {
      keepDraft(drink.id, { ...this.#draft, base: sent, version: drink.version, sent: null });
    }
    wantedSection = "";
    this.#toast.say(t("menu.drink.created", { name: sent.name }));
    // Whoever has gone elsewhere meanwhile stays there.
    if (this.element.isConnected) this.#goTo(`#/drink/${drink.id}`);
  }

  #refused(/** @type {import("../api.js").Refused} */ ending) {
    if (!isUncertain(ending)) { // It was not done; the next attempt is another.
      this.#draft.key = uuid();
      this.#draft.sent = null;
    }
    const form = /** @type {HTMLElement} */ (this.#form?.element);
    setText(this.#problem, ending.errors?.length ? t("menu.drink.wrong") : refusal(ending));
    if (ending.errors) showErrors(form, ending.errors);
  }

  #openHistory() {
    const drink = menu.drinks.get(this.#id);
    if (!drink) return;
    openHistory(drink, {
      restored: async () => {
        // What is written and not saved is nowhere else; it stands beside the old version by now.
        if (this.#changed.length) return;
        keepDraft(this.#id, null);
        const now = menu.drinks.get(this.#id);
        this.#draft = this.#freshDraft(now);
        this.#take(this.#draft.fields);
        this.#tell();
        this.#showState(t("menu.drink.savedAt", { time: new Date() }));
      },
      toast: this.#toast, opener: this.#history,
    });
  }
}
