// @ts-check
// The top of a sheet: the way back, and what else stands there.

import { make } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../words.js";

/** @param {...(Node | false | null | undefined)} more */
export const top = (...more) => make("div", { class: "sheet-top" },
  make("a", { class: "icon-button", href: "#/", "aria-label": t("back"), "data-close": true }, icon("back")), ...more);
