// @ts-check
// The house: what holds for the whole bar, who works here, and the keys that programs come with.

import { make } from "../dom.js";
import { t } from "../words.js";
import { accountsPart } from "./accounts.js";
import { head } from "./head.js";
import { keysPart } from "./keys.js";
import { settingsPart } from "./settings.js";

/** @param {any} context */
export function houseView(context) {
  const parts = [settingsPart(context), accountsPart(context), keysPart(context)];
  const read = () => { for (const part of parts) part.read(); };
  context.feed.addEventListener("missed", read);
  read();
  return {
    element: make("div", { class: "view house" }, head(t("house.title")),
      make("div", { class: "two-parts" }, parts[0].element, make("div", { class: "parts" }, parts[1].element, parts[2].element))),
    title: t("house.title"),
    closed() {
      context.feed.removeEventListener("missed", read);
      for (const part of parts) part.closed?.();
    },
  };
}
