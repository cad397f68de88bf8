// @ts-check
// A sentence at the foot of the screen, with one thing to do about it; it takes no focus.

import { make } from "../dom.js";

const MILLISECONDS = 8000;

export class Toast {
  #words = make("p", { role: "status" });
  #button = make("button", { type: "button", hidden: true });
  #timer = 0;
  #does = () => {};
  element = make("div", { class: "toast", hidden: true }, this.#words, this.#button);

  constructor() {
    this.#button.addEventListener("click", () => {
      this.hush();
      this.#does();
    });
    // Whoever is about to do it has the time.
    for (const event of ["focusin", "pointerenter"]) this.element.addEventListener(event, () => clearTimeout(this.#timer));
    for (const event of ["focusout", "pointerleave"]) this.element.addEventListener(event, () => this.#wait());
  }

  /**
   * @param {string} sentence
   * @param {{label: string, does: () => void}} [action]
   */
  say(sentence, action) {
    // Where a sheet is open everything else is out of reach: the toast goes where the reader is.
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    if (this.element.parentElement !== top) top.append(this.element);
    this.element.hidden = false;
    this.#words.textContent = sentence;
    this.#button.hidden = !action;
    this.#button.textContent = action?.label ?? "";
    this.#does = action?.does ?? (() => {});
    this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hush(), MILLISECONDS);
  }

  hush() {
    clearTimeout(this.#timer);
    this.element.hidden = true;
    this.#words.textContent = "";
  }
}
