// @ts-check
// The head of a part of a view: its title, and what there is to do in it.

import { make } from "../dom.js";

/** @param {string} id  @param {string} title  @param {...Node} more */
export const partHead = (id, title, ...more) => make("div", { class: "part-head" },
  make("h2", { class: "display-type", id }, title), ...more);
