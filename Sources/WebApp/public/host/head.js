// @ts-check
// The top of a view: its title, what there is to know, what there is to do.

import { make } from "../dom.js";

/** @param {string} title  @param {...(Node | false | null | undefined)} more */
export const head = (title, ...more) => make("header", { class: "host-head" },
  make("h1", { class: "display-type", tabindex: "-1" }, title), ...more);

/**
 * A fact beside the title: the figure, and what it is.
 * @param {Node} figure
 * @param {string} words
 */
export const fact = (figure, words = "") => make("span", { class: "fact" }, figure, words && ` ${words}`);
