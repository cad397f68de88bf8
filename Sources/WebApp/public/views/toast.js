// @ts-check
// A sentence at the foot of the screen, with one thing to do about it; it takes no focus.

import { make } from "../dom.js";
import { keepInReach } from "../sheet.js";

const MILLISECONDS = 8000;

export class Toast {
  #words = make("p", { role: "status" });
  #button = make("button", { type: "button", hidden: true });
  #timer = 0;
  #does = () => {};
  /** @type {EventTarget | null} where the focus was before somebody went to the button */
  #from = null;
  #over = () => {};
  element = make("div", { class: "toast", hidden: true }, this.#words, this.#button);

  constructor() {
    this.#button.addEventListener("click", ({ detail }) => {
      if (detail > 1) return; // The second half of a double tap: what stands here now came with the first.
      this.#over = () => {};
      this.hush();
      this.#does();
    });
    // Whoever is about to do it has the time.
    for (const event of ["focusin", "pointerenter"]) this.element.addEventListener(event, () => clearTimeout(this.#timer));
    this.element.addEventListener("focusin", ({ relatedTarget }) => { this.#from = relatedTarget; });
    for (const event of ["focusout", "pointerleave"]) this.element.addEventListener(event, () => this.#wait());
  }

  /**
   * @param {string} sentence
   * @param {{label: string, does: () => void, over?: () => void}} [action] `over` once it cannot be done any more
   */
  say(sentence, action) {
    this.#end();
    keepInReach(this.element);
    this.element.hidden = false;
    this.#words.textContent = sentence;
    this.#button.hidden = !action;
    this.#button.textContent = action?.label ?? "";
    this.#does = action?.does ?? (() => {});
    this.#over = action?.over ?? (() => {});
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hush(), MILLISECONDS);
  }

  hush() {
    clearTimeout(this.#timer);
    if (this.element.contains(document.activeElement) && this.#from instanceof HTMLElement) this.#from.focus();
    this.element.hidden = true;
    this.#words.textContent = "";
    this.#end();
  }

  #end() {
    const over = this.#over;
    this.#over = () => {};
    over();
  }
}
