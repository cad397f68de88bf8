// @ts-check
// The whole menu, with what guests do not see, as a host changes it.
//
//   menu.sections, menu.drinks        in their order; drinks a Map by id
//   menu.drinksOf(sectionId)          without those that are about to be deleted
//   menu.isHere, .trouble, .read      as of every Mirror
//   menu.readOne(id)                  -> Promise<Drink | null>, as it is now
//   menu.change("drinks" | "sections", id, body, version?)   -> Promise<Ending>
//   menu.add("drinks" | "sections", body, key)               -> Promise<Ending>; once by its key
//   menu.remove("drinks" | "sections", id)                   -> Promise<Ending>
//   menu.moveDrink(id, sectionId, place), menu.moveSection(id, place)   -> Promise<Ending>
//   menu.takeOff(drink)               -> {sure(), undo()}: gone for guests at once, for good only when it is sure
//   event "change"

import { Mirror } from "./mirror.js";
import { staff } from "./staff.js";

/**
 * @typedef {import("../api.js").Ending} Ending
 * @typedef {{name?: string, description?: string, recipe_steps?: string[]}} Texts
 * @typedef {import("../menu.js").PlainDrink & {is_active: boolean, display_order: number,
 *   translations: Record<string, Texts>}} Drink
 * @typedef {import("../menu.js").Section & {version: number}} Section
 * @typedef {"drinks" | "sections"} Kind
 */

/** Between two numbers of an order that is numbered anew: room to put others in between. */
const STEP = 16;
const MOST = 1_000_000;
/** @type {Ending} */
const NOTHING_TO_DO = { kind: "unchanged", position: null };

/**
 * The numbers that things need to stand in this order, for those that have another: one where there is room between its
 * neighbours, all where there is none.
 * @param {{id: string, display_order: number}[]} wanted
 * @param {string} movedId
 * @returns {Map<string, number>}
 */
function numbersFor(wanted, movedId) {
  const at = wanted.findIndex(({ id }) => id === movedId);
  const low = wanted[at - 1]?.display_order ?? -1;
  const high = wanted[at + 1]?.display_order ?? Math.min(MOST, low + 2 * STEP);
  const rises = wanted.every((one, i) => i === 0 || one.id === movedId || wanted[i - 1].id === movedId
    || wanted[i - 1].display_order < one.display_order);
  if (rises && high - low > 1) return new Map([[movedId, Math.floor((low + high) / 2)]]);
  const step = Math.max(1, Math.min(STEP, Math.floor(MOST / wanted.length)));
  return new Map(wanted.flatMap(({ id, display_order: old }, i) => old === i * step ? [] : [[id, i * step]]));
}

class HostMenu extends Mirror {
  /** @type {Section[]} */
  sections = [];
  /** @type {Map<string, Drink>} */
  drinks = new Map();
  /** @type {Set<string>} */
  #leaving = new Set();
  #seen = "";
  /** Moves that the bar has not all of yet, one after the other. */
  #moves = 0;
  /** @type {Promise<unknown>} */
  #moved = Promise.resolve();

  concerns(/** @type {string} */ type) { return type === "menu_changed"; }

  load(/** @type {number | null} */ after) {
    return Promise.all([staff.ask("GET", "/admin/sections", { after }), staff.ask("GET", "/admin/drinks", { after })]);
  }

  take(/** @type {[Section[], Drink[]]} */ [sections, drinks]) {
    const seen = JSON.stringify([sections, drinks]);
    if (seen === this.#seen || this.#moves > 0) return false;
    this.#seen = seen;
    this.sections = sections;
    this.#arrange(drinks);
    return true;
  }

  forget() {
    this.sections = [];
    this.drinks = new Map();
    this.#seen = "";
  }

  drinksOf(/** @type {string} */ sectionId) {
    return [...this.drinks.values()].filter(({ id, section_id }) => section_id === sectionId && !this.#leaving.has(id));
  }

  /** What looks the same stays the same object. */
  #arrange(/** @type {Drink[]} */ drinks) {
    const before = this.drinks;
    this.drinks = new Map(drinks.map((drink) => {
      const old = before.get(drink.id);
      return [drink.id, old && JSON.stringify(old) === JSON.stringify(drink) ? old : drink];
    }));
  }

  #tell() { this.dispatchEvent(new Event("change")); }

  async readOne(/** @type {string} */ id) {
    const ending = await staff.ask("GET", `/admin/drinks/${encodeURIComponent(id)}`, { after: this.after });
    if (ending.kind !== "answered") return null;
    if (this.drinks.has(id)) {
      this.#arrange([...this.drinks.values()].map((one) => one.id === id ? ending.data : one));
      this.#tell();
    }
    return /** @type {Drink} */ (ending.data);
  }

  /** @param {Kind} kind @param {string} id @param {object} body @param {number | null} [version] */
  async change(kind, id, body, version = null) {
    const match = version === null ? null : `"v${version}"`;
    return this.#done(await staff.ask("PUT", `/admin/${kind}/${id}`, { body, match }));
  }

  async add(/** @type {Kind} */ kind, /** @type {object} */ body, /** @type {string} */ key) {
    return this.#done(await staff.ask("POST", `/admin/${kind}`, { body, key }));
  }

  async remove(/** @type {Kind} */ kind, /** @type {string} */ id) {
    return this.#done(await staff.ask("DELETE", `/admin/${kind}/${id}`));
  }

  async #done(/** @type {Ending} */ ending) {
    if (ending.kind === "answered") await this.read(ending.position);
    return ending;
  }

  /** @param {string} id @param {string} sectionId @param {number} place among the drinks there, itself left out */
  moveDrink(id, sectionId, place) {
    const drink = this.drinks.get(id);
    if (!drink) return Promise.resolve(NOTHING_TO_DO);
    const wanted = this.drinksOf(sectionId).filter((one) => one.id !== id);
    wanted.splice(place, 0, drink);
    const numbers = numbersFor(wanted, id);
    const isElsewhere = drink.section_id !== sectionId;
    if (isElsewhere && !numbers.has(id)) numbers.set(id, drink.display_order);
    const bodies = [...numbers].map(([other, display_order]) => /** @type {const} */ ([other,
      other === id && isElsewhere ? { display_order, section_id: sectionId } : { display_order }]));
    const moved = wanted.map((one) => ({
      ...one, section_id: sectionId, display_order: numbers.get(one.id) ?? one.display_order,
    }));
    const others = [...this.drinks.values()].filter((one) => !moved.some((other) => other.id === one.id));
    this.#arrange([...others, ...moved]); // Seen at once; what the bar says of it follows.
    this.#tell();
    return this.#order("drinks", bodies);
  }

  moveSection(/** @type {string} */ id, /** @type {number} */ place) {
    const section = this.sections.find((one) => one.id === id);
    if (!section) return Promise.resolve(NOTHING_TO_DO);
    const wanted = this.sections.filter((one) => one.id !== id);
    wanted.splice(place, 0, section);
    const numbers = numbersFor(wanted, id);
    this.sections = wanted.map((one) => ({ ...one, display_order: numbers.get(one.id) ?? one.display_order }));
    this.#tell();
    return this.#order("sections", [...numbers].map(([other, display_order]) => [other, { display_order }]));
  }

  /** The last first: numbers grow, and so no guest sees what is not moved yet behind what it stands before. */
  async #send(/** @type {Kind} */ kind, /** @type {(readonly [string, object])[]} */ bodies) {
    /** @type {Ending} */
    let last = NOTHING_TO_DO;
    for (const [id, body] of [...bodies].reverse()) {
      last = await staff.ask("PUT", `/admin/${kind}/${id}`, { body });
      if (last.kind !== "answered") break;
    }
    return last;
  }

  /** A quick hand moves on before the bar has answered; the last move must be the last there, too. */
  async #order(/** @type {Kind} */ kind, /** @type {(readonly [string, object])[]} */ bodies) {
    this.#moves += 1;
    const moving = this.#moved.then(() => this.#send(kind, bodies));
    this.#moved = moving;
    const last = await moving;
    this.#moves -= 1;
    this.#seen = "";
    await this.read(last.kind === "answered" ? last.position : null);
    return last;
  }

  /**
   * A drink that is deleted is gone with its history and from everybody's favourites, so that it is only hidden while
   * its host may think better of it. Should the page be closed meanwhile, it stays hidden.
   * @returns {{sure: () => Promise<Ending>, undo: () => Promise<Ending>}}
   */
  takeOff(/** @type {Drink} */ drink) {
    const { id, is_active } = drink;
    this.#leaving.add(id);
    this.#tell();
    const hidden = is_active ? this.change("drinks", id, { is_active: false }) : Promise.resolve(NOTHING_TO_DO);
    const back = () => {
      this.#leaving.delete(id);
      this.#tell();
    };
    return {
      sure: async () => {
        await hidden;
        const ending = await this.remove("drinks", id);
        back();
        return ending;
      },
      undo: async () => {
        await hidden;
        back();
        return is_active ? this.change("drinks", id, { is_active: true }) : NOTHING_TO_DO;
      },
    };
  }
}

export const menu = new HostMenu();
