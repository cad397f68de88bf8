// @ts-check
// What the guest would rather have. Kept on the phone, never told to the bar.
//
//   prefs.get(name), prefs.set({name: value, ...})      event "change", also when another tab set it
//     theme: "auto" | "night" | "day"      language: "auto" or a code of languages()      units: "ml" | "cl" | "oz"
//     avoid: names of ingredients          favourites: ids of drinks
//     never: kinds of them, of "egg", "dairy", "nuts", "gluten"
//     alcoholFree, sound: boolean
//   followTheme()      the page looks as it is preferred, from now on

import { recall, remember, whenOthersRemember } from "./storage.js";

/**
 * @typedef {{theme: "auto" | "night" | "day", language: string, units: "ml" | "cl" | "oz", avoid: string[],
 *   never: string[], favourites: string[], alcoholFree: boolean, sound: boolean}} Values
 */

/** Who measures in ounces at home reads ounces until they say otherwise. */
const usualUnits = () => /-(US|PR|GU|VI)\b/.test(navigator.language ?? "") ? "oz" : "ml";

/** @returns {Values} */
const usual = () => ({
  theme: "auto", language: "auto", units: usualUnits(), avoid: [], never: [], favourites: [], alcoholFree: false, sound: true,
});

const isList = (/** @type {unknown} */ value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** @type {Record<keyof Values, (value: any) => boolean>} */
const isGood = {
  theme: (value) => ["auto", "night", "day"].includes(value),
  language: (value) => typeof value === "string",
  units: (value) => ["ml", "cl", "oz"].includes(value),
  avoid: isList,
  never: isList,
  favourites: isList,
  alcoholFree: (value) => typeof value === "boolean",
  sound: (value) => typeof value === "boolean",
};

/** What was kept may be of another version of the page, or of anybody's making. */
function kept() {
  const values = /** @type {any} */ (usual()), stored = recall("prefs", {});
  for (const [name, check] of Object.entries(isGood)) if (check(stored[name])) values[name] = stored[name];
  return /** @type {Values} */ (values);
}

class Prefs extends EventTarget {
  #values = kept();

  constructor() {
    super();
    whenOthersRemember("prefs", () => {
      this.#values = kept();
      this.dispatchEvent(new Event("change"));
    });
  }

  /**
   * @template {keyof Values} Name
   * @param {Name} name
   * @returns {Values[Name]}
   */
  get(name) { return this.#values[name]; }

  set(/** @type {Partial<Values>} */ patch) {
    this.#values = { ...this.#values, ...patch };
    remember("prefs", this.#values);
    this.dispatchEvent(new Event("change"));
  }
}

export const prefs = new Prefs();

const prefersLight = matchMedia("(prefers-color-scheme: light)");

function showTheme() {
  const wanted = prefs.get("theme");
  document.documentElement.dataset.theme = wanted === "auto" ? (prefersLight.matches ? "day" : "night") : wanted;
}

export function followTheme() {
  showTheme();
  prefersLight.addEventListener("change", showTheme);
  prefs.addEventListener("change", showTheme);
}
