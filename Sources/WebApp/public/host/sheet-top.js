// @ts-check
// The head of a sheet: its title, and a way out.

import { make } from "../dom.js";
import { icon } from "./icons.js";
import { t } from "../words.js";

export const top = (/** @type {string} */ title) => make("header", { class: "sheet-head" },
  make("h1", { class: "display-type", tabindex: "-1" }, title),
  make("button", { type: "button", class: "icon-button", "data-close": true, "aria-label": t("common.close") },
    icon("close")));
