// @ts-check
// What guests see of a drink that is being written: its sheet and its row, each in the other light of a room.

import { make } from "../dom.js";
import { ingredientColour } from "../drink-facts.js";
import { picture } from "../picture.js";
import { amount } from "../units.js";
import { percent, t } from "../words.js";

/** @typedef {import("./drink-draft.js").Fields} Fields */

const strength = (/** @type {Fields} */ { abv }) =>
  abv == null ? "" : abv === 0 ? t("drink.alcoholFree") : percent(abv);

/** @param {Fields} fields */
function sheet(fields) {
  const lines = fields.ingredients.filter(({ name }) => name.trim());
  const steps = fields.recipe_steps.filter((step) => step.trim());
  return [
    make("div", { class: "stage" }, make("div", { class: "stand" },
      picture(fields, { size: 232, fit: true, hidden: true }))),
    make("div", { class: "cap" },
      make("p", { class: "name display-type" }, fields.name || t("menu.preview.noName")),
      fields.description && make("p", {}, fields.description),
      make("p", { class: "facts" }, ...[strength(fields),
        fields.garnish && t("drink.garnish", { garnish: fields.garnish })].filter(Boolean)
        .map((fact) => make("span", {}, fact))),
      make("ul", { class: "recipe" }, ...lines.map((line) => {
        const dot = make("i", { class: "dot" });
        dot.style.background = ingredientColour(line.name).hex;
        return make("li", {}, dot,
          make("span", {}, line.optional ? `${line.name} (${t("drink.optional")})` : line.name),
          make("span", {}, amount(line)));
      })),
      steps.length > 0 && make("ol", { class: "method" }, ...steps.map((step) => make("li", {}, step)))),
  ];
}

/** @param {Fields} fields */
function row(fields) {
  return [
    make("div", { class: "stand" }, picture(fields, { size: 84, fit: true, hidden: true })),
    make("div", { class: "cap" },
      make("p", { class: "name display-type" }, fields.name || t("menu.preview.noName")),
      make("p", {}, fields.ingredients.map(({ name }) => name).filter(Boolean).join(", ")),
      strength(fields) && make("p", { class: "meta" }, strength(fields))),
  ];
}

export function drinkPreview() {
  const night = make("div", { class: "room", "data-theme": "night" });
  const day = make("div", { class: "room mini", "data-theme": "day" });
  let frame = 0, waiting = /** @type {Fields | null} */ (null);

  /** At most once a frame, however fast somebody types. */
  function show(/** @type {Fields} */ fields) {
    waiting = fields;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      const now = { .../** @type {Fields} */ (waiting) };
      night.replaceChildren(...sheet(now));
      day.replaceChildren(...row(now));
      night.classList.toggle("is-hidden", !now.is_active);
      day.classList.toggle("is-hidden", !now.is_active);
    });
  }
  return { element: make("div", { class: "preview" }, night, day), show };
}
