// @ts-check
// A field of a drink as it is read, to be held against the same field of another version.
//
//   fieldName(field)          "Ingredients"
//   saying(field, fields)     -> Element

import { make } from "../dom.js";
import { amount } from "../units.js";
import { percent, t } from "../words.js";
import { menu } from "./menu.js";

/** @typedef {import("./drink-draft.js").Fields} Fields @typedef {import("./drink-draft.js").Field} Field */

export const fieldName = (/** @type {Field} */ field) => t(`menu.field.${field}`);

const list = (/** @type {"ol" | "ul"} */ tag, /** @type {string[]} */ texts) =>
  make(tag, { class: "said" }, ...texts.map((text) => make("li", {}, text)));

function line(/** @type {Fields["ingredients"][number]} */ { name, optional, substitutes, ...rest }) {
  const parts = [[name, amount(rest)].filter(Boolean).join(", ")];
  if (optional) parts.push(t("menu.line.optional"));
  if (substitutes.length) parts.push(t("menu.said.substitutes", { list: substitutes }));
  return parts.join("; ");
}

function texts(/** @type {import("./menu.js").Texts} */ { name, description, recipe_steps = [] }) {
  return [name, description, ...recipe_steps].filter(Boolean).join(" / ");
}

/** @type {Partial<Record<Field, (fields: Fields) => Element | string>>} */
const SAYINGS = {
  section_id: ({ section_id }) => menu.sections.find(({ id }) => id === section_id)?.name ?? t("menu.drink.noSection"),
  ingredients: ({ ingredients }) => ingredients.length ? list("ul", ingredients.map(line)) : "",
  recipe_steps: ({ recipe_steps }) => recipe_steps.length ? list("ol", recipe_steps) : "",
  ice: ({ ice }) => t(`menu.ice.${ice}`),
  tags: ({ tags }) => tags.join(", "),
  abv: ({ abv }) => abv == null ? "" : percent(abv),
  image_url: ({ image_url }) => image_url
    ? make("img", { class: "said-photo", src: image_url, alt: t("menu.field.image_url"), loading: "lazy" }) : "",
  is_active: ({ is_active }) => t(is_active ? "menu.said.shown" : "menu.said.hidden"),
  translations: ({ translations }) => {
    const all = Object.entries(translations).map(([code, one]) => [code, texts(one)]).filter(([, text]) => text);
    return all.length ? list("ul", all.map(([code, text]) => `${code}: ${text}`)) : "";
  },
};

/** @param {Field} field @param {Fields} fields */
export function saying(field, fields) {
  const said = SAYINGS[field]?.(fields) ?? String(fields[field] ?? "");
  if (said instanceof Element) return said;
  return make("p", { class: said ? "said" : "said meta" }, said || t("menu.said.nothing"));
}
