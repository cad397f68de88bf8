// @ts-check
// Something of the bar's that a page shows as it is there now. Once it was read, it is read again whenever the stream
// tells of a change to it: one reading at a time, and again where it was asked for meanwhile.
//
//   .isHere, .trouble                 whether there is anything to show, and the Ending that kept a reading from it
//   .after                            the position that the next answer must have seen, or null
//   .read(after?)                     -> Promise<void>
//   event "change"
//
// Who extends it says `concerns(type)` of the stream's events, `load(after)` -> [Ending, ...], `take(data)` -> whether
// that is another now, and `forget()` once nobody is signed in.

import { Reading } from "../api.js";
import { feed } from "./feed.js";
import { staff } from "./staff.js";

/** @typedef {import("../api.js").Ending} Ending */

export class Mirror extends EventTarget {
  isHere = false;
  /** @type {Ending | null} */
  trouble = null;
  #reading = new Reading(() => this.#readOnce());

  constructor() {
    super();
    feed.addEventListener("missed", (event) => {
      this.#reading.after = /** @type {CustomEvent} */ (event).detail.position; // The log may be a younger one.
      if (this.isHere) this.read();
    });
    feed.addEventListener("heard", (event) => {
      const { type, position } = /** @type {CustomEvent} */ (event).detail;
      if (this.isHere && this.concerns(type)) this.read(position);
    });
    staff.addEventListener("change", () => {
      if (staff.account) return;
      this.isHere = false;
      this.trouble = null;
      this.forget();
    });
  }

  concerns(/** @type {string} */ _type) { return false; }

  /** @returns {Promise<Ending[]>} */
  async load(/** @type {number | null} */ _after) { return []; }

  take(/** @type {any[]} */ _data) { return true; }

  forget() {}

  get after() { return this.#reading.after; }

  read(/** @type {number | null} */ after = null) { return this.#reading.begin(after); }

  async #readOnce() {
    if (!staff.account) return;
    const endings = await this.load(this.after);
    if (!staff.account) return;
    const trouble = endings.find(({ kind }) => kind !== "answered") ?? null;
    // The log is younger.
    if (trouble?.kind === "refused" && trouble.code === "position_ahead") this.#reading.after = null;
    const wasHere = this.isHere && !this.trouble;
    this.trouble = trouble;
    this.isHere ||= !trouble;
    const isNew = trouble ? true : this.take(endings.map((ending) => /** @type {any} */ (ending).data));
    if (isNew || !wasHere) this.dispatchEvent(new Event("change"));
  }
}
