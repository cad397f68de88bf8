// @ts-check
// A drink while it is written: its fields, what is another in two of them, and what to do where somebody else has
// changed it meanwhile. Drafts that are not saved yet are kept by this browser.
//
//   fieldsOf(drink)                   what a host may write
//   emptyFields(sectionId)            of a new one
//   differing(one, other)             the names of the fields that are not the same
//   merge(base, mine, theirs)         -> {fields, taken, clashing}
//   bodyOf(base, fields)              what a PUT has to say
//   keptDraft(id), keepDraft(id, draft | null), draftIds()

import { recall, remember } from "../storage.js";

/**
 * @typedef {import("./menu.js").Drink} Drink
 * @typedef {Pick<Drink, "section_id" | "name" | "description" | "ingredients" | "recipe_steps" | "garnish" | "glass"
 *   | "ice" | "tags" | "abv" | "image_url" | "is_active" | "translations">} Fields
 * @typedef {keyof Fields} Field
 *
 * `base` is what the host began with, at `version`; null of a new drink, which is one by its `key`, however often it is
 * sent: `sent` is what went with the key, and where on the menu it stands.
 * @typedef {{base: Fields | null, version: number | null, fields: Fields, at: number, key: string,
 *   sent?: {body: string, order: number} | null}} Draft
 */

/** In the order in which they are written and compared. */
const FIELDS = /** @type {Field[]} */ (["name", "section_id", "description", "ingredients", "recipe_steps",
  "glass", "ice", "garnish", "tags", "abv", "image_url", "is_active", "translations"]);

/**
 * A key without a value, or in another place, is no difference.
 * @param {any} value
 * @returns {any}
 */
function settled(value) {
  if (Array.isArray(value)) return value.map(settled);
  if (value === null || typeof value !== "object") return value ?? null;
  const entries = Object.entries(value).map(([key, one]) => /** @type {[string, any]} */ ([key, settled(one)]))
    .filter(([, one]) => one !== "" && one !== null && !(Array.isArray(one) && one.length === 0));
  return Object.fromEntries(entries.sort(([one], [other]) => one < other ? -1 : 1));
}

/** Of a language in which nothing is written, nothing is said. */
function settledField(/** @type {Field} */ field, /** @type {any} */ value) {
  const plain = settled(value);
  if (field !== "translations") return plain;
  return Object.fromEntries(Object.entries(plain ?? {}).filter(([, texts]) => Object.keys(texts).length > 0));
}

const isSame = (/** @type {Field} */ field, /** @type {Fields} */ one, /** @type {Fields} */ other) =>
  JSON.stringify(settledField(field, one[field])) === JSON.stringify(settledField(field, other[field]));

/** @returns {Fields} a copy of its own */
export const fieldsOf = (/** @type {any} */ drink) =>
  structuredClone(/** @type {any} */ (Object.fromEntries(FIELDS.map((field) => [field, drink[field] ?? null]))));

/** @returns {Fields} */
export const emptyFields = (/** @type {string} */ section_id) => ({
  section_id, name: "", description: "", ingredients: [], recipe_steps: [], garnish: "", glass: "", ice: "none",
  tags: [], abv: null, image_url: null, is_active: true, translations: {},
});

export const differing = (/** @type {Fields} */ one, /** @type {Fields} */ other) =>
  FIELDS.filter((field) => !isSame(field, one, other));

/**
 * What only they have changed is taken; what both have changed to something else stays mine, and is told.
 * @param {Fields} base
 * @param {Fields} mine
 * @param {Fields} theirs
 */
export function merge(base, mine, theirs) {
  const fields = fieldsOf(mine);
  const changed = differing(base, theirs).filter((field) => !isSame(field, mine, theirs));
  const taken = changed.filter((field) => isSame(field, base, mine));
  for (const field of taken) /** @type {any} */ (fields)[field] = fieldsOf(theirs)[field];
  return { fields, taken, clashing: changed.filter((field) => !taken.includes(field)) };
}

/** @param {Fields | null} base @param {Fields} fields */
export function bodyOf(base, fields) {
  const body = /** @type {any} */ ({});
  for (const field of base ? differing(base, fields) : FIELDS) {
    body[field] = field === "translations" ? settledField(field, fields.translations) : fields[field];
  }
  if (!base && body.image_url === null) delete body.image_url;
  return body;
}

const nameOf = (/** @type {string} */ id) => `draft.${id}`;

/** @returns {Draft | null} */
export const keptDraft = (/** @type {string} */ id) => recall(nameOf(id));

export const draftIds = () => /** @type {string[]} */ (recall("drafts", []));

export function keepDraft(/** @type {string} */ id, /** @type {Draft | null} */ draft) {
  remember(nameOf(id), draft);
  const others = draftIds().filter((other) => other !== id);
  remember("drafts", draft ? [...others, id] : others);
}
