// @ts-check
// All that a host may say of a drink, as a form over its fields, which it changes as one writes.
//
//   drinkForm(fields, changed) -> {element, show(fields), unread(), tidy(), settled(), busy(), closed()}
//
// show      takes other fields: somebody else's change, or an older version
// unread    [{field, message}]: what is written where a number belongs, and is none
// tidy      drops the rows that are empty, so that places here and at the bar are the same
// settled   -> Promise<boolean>: no photo is on its way any more

import { make, setText } from "../dom.js";
import { glassNamed } from "../drink-glasses.js";
import { picture } from "../picture.js";
import { languages, number, t } from "../words.js";
import { ingredientLines, readAmount, readList, stepLines } from "./drink-lines.js";
import { drinkPhoto } from "./drink-photo.js";
import { labelled, picker, textArea, textField } from "./form.js";
import { menu } from "./menu.js";
import { strengthOf } from "./strength.js";

/** @typedef {import("./drink-draft.js").Fields} Fields */

/** What is written for each glass that there is a drawing of. */
export const GLASSES = /** @type {[string, string][]} */ ([
  ["rocks", "rocks"], ["highball", "highball"], ["collins", "collins"], ["coupe", "coupe"], ["martini", "martini"],
  ["nicknora", "nick & nora"], ["sour", "sour"], ["margarita", "margarita"], ["flute", "flute"], ["wine", "wine"],
  ["balloon", "balloon"], ["snifter", "snifter"], ["cordial", "cordial"], ["shot", "shot"], ["hurricane", "hurricane"],
  ["tiki", "tiki mug"], ["copper", "copper mug"], ["julep", "julep cup"], ["irish", "irish coffee"], ["pint", "pint"],
  ["mug", "beer mug"], ["punch", "punch cup"],
]);
const ICES = /** @type {Fields["ice"][]} */ (["none", "cubes", "large", "crushed"]);

/**
 * A choice of one: arrow keys go through it.
 * @param {string} name @param {[string, Element | string][]} options @param {string} value
 * @param {(value: string) => void} changed @param {string} look
 */
function choice(name, options, value, changed, look) {
  return options.map(([one, shown]) => {
    const input = /** @type {HTMLInputElement} */ (make("input", { type: "radio", name, value: one }));
    input.checked = one === value;
    input.addEventListener("change", () => changed(one));
    return make("label", { class: look }, input, shown);
  });
}

let count = 0;

/**
 * @param {Fields} given
 * @param {() => void} changed
 */
export function drinkForm(given, changed) {
  let fields = given;
  const own = count += 1;
  const photo = drinkPhoto({ nameOf: () => fields.name, changed: (url) => set("image_url", url) });
  const parts = make("div", { class: "form-parts" });
  const element = make("form", { class: "drink-form", novalidate: true, "aria-label": t("menu.drink.form") },
    make("p", { class: "problem", "data-others": true, tabindex: -1, role: "alert" }), parts);
  let showStrength = () => {};

  /** @template {keyof Fields} K @param {K} field @param {Fields[K]} value */
  function set(field, value) {
    fields[field] = value;
    told();
  }

  function told() {
    changed();
    showStrength();
  }

  const text = (/** @type {"name" | "description" | "garnish"} */ field, /** @type {number} */ maxlength, more = {}) =>
    textField(fields[field], (value) => set(field, value), { maxlength, ...more });

  const heading = (/** @type {string} */ title, hint = "", id = "") => make("div", { class: "form-head" },
    make("h2", { id: id || null }, title), hint && make("p", { class: "meta" }, hint));

  function show(/** @type {Fields} */ next) {
    fields = next;
    const name = text("name", 100, { class: "name", placeholder: t("menu.drink.namePlaceholder") });
    const lines = ingredientLines(fields.ingredients, told);
    const steps = stepLines(fields.recipe_steps, () => {
      told();
      translated.stepsChanged();
    }, translatedSteps);
    const translated = translations(() => fields, told);
    photo.show(fields.image_url);
    parts.replaceChildren(
      make("div", { class: "name-row" }, labelled(t("menu.drink.name"), name, { field: "name", plain: true })),
      labelled(t("menu.drink.section"), sectionPicker(), { field: "section_id" }),
      labelled(t("menu.drink.description"), textArea(fields.description, (value) => set("description", value), {
        maxlength: 2000, placeholder: t("menu.drink.descriptionPlaceholder"),
      }), { field: "description" }),
      group("recipe", heading(t("menu.drink.recipe"), t("menu.drink.recipeHint"), `recipe-${own}`), lines.element),
      group("glass", heading(t("menu.drink.glass"), "", `glass-${own}`), glass()),
      group("ice", heading(t("menu.drink.ice"), "", `ice-${own}`), make("div", { class: "chips" },
        ...choice(`ice-of-${own}`, ICES.map((ice) => [ice, t(`menu.ice.${ice}`)]), fields.ice,
          (ice) => set("ice", /** @type {Fields["ice"]} */ (ice)), "chip"))),
      group("method", heading(t("menu.drink.method"), t("menu.drink.methodHint"), `method-${own}`), steps.element),
      make("div", { class: "form-pair" },
        labelled(t("menu.drink.garnish"), text("garnish", 200), { field: "garnish" }), strength()),
      labelled(t("menu.drink.tags"), textField(fields.tags.join(", "), (value) => set("tags", readList(value)), {
        placeholder: t("menu.drink.tagsPlaceholder"),
      }), { field: "tags", hint: t("menu.drink.tagsHint") }),
      group("photo", heading(t("menu.drink.photo"), "", `photo-${own}`), photo.element),
      group("translations", heading(t("menu.drink.translations"), t("menu.drink.translationsHint"),
        `translations-${own}`), translated.element),
      active());
  }

  /** @param {string} kind @param {(Element | null)[]} children */
  const group = (kind, ...children) =>
    make("div", { class: `of-${kind}`, role: "group", "aria-labelledby": `${kind}-${own}` }, ...children);

  const translatedSteps = () =>
    Object.values(fields.translations).flatMap(({ recipe_steps: steps }) => steps ? [steps] : []);

  function sectionPicker() {
    const options = menu.sections.map(({ id, name }) => /** @type {[string, string]} */ ([id, name]));
    const isThere = options.some(([id]) => id === fields.section_id);
    if (!isThere) options.unshift([fields.section_id, t("menu.drink.noSection")]);
    return picker(fields.section_id, options, (value) => set("section_id", value));
  }

  /** A drawing to point at, and words for whoever calls it otherwise. */
  function glass() {
    const grid = make("div", { class: "glasses" });
    const words = textField(fields.glass, (value) => {
      set("glass", value);
      mark();
    }, { maxlength: 100, placeholder: t("menu.drink.glassPlaceholder") });
    const mark = () => {
      const key = glassNamed(fields.glass);
      for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (grid.querySelectorAll("input"))) {
        input.checked = input.value === key;
      }
    };
    grid.append(...choice(`glass-of-${own}`, GLASSES.map(([key, name]) => {
      const look = make("span", { class: "tile" }, make("span", { class: "stand" },
        picture({ name, glass: name }, { size: 52, fit: true, empty: true, hidden: true })),
      make("span", {}, t(`menu.glass.${key}`)));
      return [key, look];
    }), "", (key) => {
      const name = GLASSES.find(([one]) => one === key)?.[1] ?? "";
      words.value = name;
      set("glass", name);
    }, "glass-tile"));
    mark();
    return make("div", {}, grid, labelled(t("menu.drink.glassWords"), words, { field: "glass" }));
  }

  /** The bar never guesses how strong a drink is; it says what the recipe comes to, and the host takes it or not. */
  function strength() {
    const input = textField(fields.abv == null ? "" : number(fields.abv), (value) => {
      const read = readAmount(value);
      // What is no number is the bar's to refuse, beside this field.
      set("abv", value.trim() === "" ? null : read ?? /** @type {any} */ (value.trim()));
    }, { inputmode: "decimal" });
    const offer = make("button", { type: "button", class: "link", onclick: () => {
      const found = strengthOf(fields);
      if (found === null) return;
      input.value = number(found);
      set("abv", found);
      input.focus();
    } });
    showStrength = () => {
      const found = strengthOf(fields);
      offer.hidden = found === null || found === fields.abv;
      if (found !== null) setText(offer, t("menu.drink.strengthOffer", { value: found }));
    };
    showStrength();
    const row = labelled(t("menu.drink.strength"), input, { field: "abv" });
    row.append(offer);
    return row;
  }

  function active() {
    const input = /** @type {HTMLInputElement} */ (make("input", { type: "checkbox", role: "switch" }));
    input.checked = fields.is_active;
    input.addEventListener("change", () => set("is_active", input.checked));
    return make("label", { class: "switch-row" }, input, make("span", {},
      make("span", { class: "label" }, t("menu.drink.active")),
      make("span", { class: "hint" }, t("menu.drink.activeHint"))));
  }

  function tidy() {
    const { ingredients, recipe_steps } = fields;
    const isWritten = (/** @type {Fields["ingredients"][number]} */ { name, amount, substitutes }) =>
      name.trim() !== "" || amount !== null || substitutes.length > 0;
    const lines = ingredients.filter(isWritten);
    const isStep = recipe_steps.map((step) => step.trim() !== "");
    const steps = recipe_steps.filter((_, i) => isStep[i]);
    if (lines.length === ingredients.length && steps.length === recipe_steps.length) return;
    fields.ingredients = lines;
    fields.recipe_steps = steps;
    for (const translated of Object.values(fields.translations)) {
      const { recipe_steps: all } = translated;
      if (all?.length === isStep.length) translated.recipe_steps = all.filter((_, i) => isStep[i]);
    }
    show(fields);
  }

  const unread = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("input:invalid"))]
    .map((input) => ({ field: input.dataset.field ?? "", message: input.validationMessage }));

  element.addEventListener("submit", (event) => event.preventDefault());
  show(given);
  return {
    element, show, unread, tidy, settled: photo.settled, busy: photo.busy, closed: photo.closed,
  };
}

/** Every language that the bar speaks, and those somebody has written in already. */
function translations(/** @type {() => Fields} */ fieldsNow, /** @type {() => void} */ told) {
  const known = languages();
  const others = Object.keys(fieldsNow().translations).filter((code) => !known.some((one) => one.code === code));
  const all = [...known, ...others.map((code) => ({ code, name: languageName(code) }))];
  /** @type {(() => void)[]} */
  const whenStepsChange = [];
  const element = make("div", {}, ...all.map(({ code, name }) => {
    const texts = () => fieldsNow().translations[code] ??= {};
    const read = () => fieldsNow().translations[code] ?? {};
    const path = `translations.${code}`;
    const steps = make("div", { class: "translated-steps" });
    const details = /** @type {HTMLDetailsElement} */ (make("details", { class: "language" },
      make("summary", {}, make("span", { lang: code }, name), make("span", { class: "meta" })),
      labelled(t("menu.drink.name"), textField(read().name ?? "", (value) => write({ name: value }), {
        lang: code, maxlength: 100,
      }), { field: `${path}.name` }),
      labelled(t("menu.drink.description"), textArea(read().description ?? "", (value) => {
        write({ description: value });
      }, { lang: code, maxlength: 2000 }), { field: `${path}.description` }),
      steps));
    const mark = () => setText(details.children[0].children[1],
      Object.values(read()).some((one) => one.length) ? "" : t("menu.drink.notTranslated"));

    function write(/** @type {import("./menu.js").Texts} */ next) {
      Object.assign(texts(), next);
      mark();
      told();
    }

    function showSteps() {
      const written = fieldsNow().recipe_steps, now = read().recipe_steps ?? [];
      const length = Math.max(written.length, now.length);
      steps.replaceChildren(...Array.from({ length }, (_, i) => labelled(t("menu.step.one", { count: i + 1 }),
        textArea(now[i] ?? "", (value) => {
          const next = Array.from({ length: Math.max(length, i + 1) }, (_, j) => read().recipe_steps?.[j] ?? "");
          next[i] = value;
          write({ recipe_steps: next.some((one) => one.trim()) ? next : [] });
        }, { lang: code, maxlength: 500, placeholder: written[i] ?? "" }), { field: `${path}.recipe_steps[${i}]` })));
    }
    whenStepsChange.push(showSteps);
    showSteps();
    mark();
    return details;
  }));
  return { element, stepsChanged: () => { for (const tell of whenStepsChange) tell(); } };
}

function languageName(/** @type {string} */ code) {
  try { return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code; } catch { return code; }
}
