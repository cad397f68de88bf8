// @ts-check
// What a drawing needs to know of a recipe: the glass, how high it stands in it, what lies on what, ice, foam and rim.
// Nothing here throws, whatever strings and numbers a recipe holds.

import { fold, ingredientColour, plain } from "./drink-facts.js";
import { GLASSES, glassNamed, heightOf, volumeAt } from "./drink-glasses.js";
import { blend, clamp, lerp } from "./drink-pen.js";

/**
 * A drink as the menu has it, or the little that is known of one.
 *
 * @typedef {{name?: unknown, amount?: unknown, unit?: unknown, ml?: unknown, layer?: number}} Ingredient
 * @typedef {{name?: string, glass?: unknown, ice?: unknown, garnish?: unknown, tags?: unknown, recipe_steps?: unknown,
 *   ingredients?: (Ingredient | string)[], rim?: unknown, foam?: boolean | string, layers?: string}} Recipe
 *
 * @typedef {import("./drink-facts.js").Facts & {words: string, ml: number, layer?: number}} Part
 * @typedef {{rgb: number[], alpha: number, milk: number}} Colour
 * @typedef {{from: number, to: number, colour: Colour, soft: boolean}} Layer  `from` and `to` are shares of what is
 *   poured, the floor is 0; `soft` where it runs into the one below
 */

const UNITS = new Map(Object.entries({
  ml: 1, cl: 10, dl: 100, l: 1000, oz: 29.6, dash: 0.8, golpe: 0.8, drop: 0.1, barspoon: 4, bsp: 4, spoon: 5,
    teaspoon: 5,
  tsp: 5, cucharadita: 5, tablespoon: 15, tbsp: 15, cucharada: 15, part: 25, parte: 25, splash: 10, chorrito: 10,
    float: 10,
  shot: 40, cup: 200, taza: 200, scoop: 60, can: 250, bottle: 200,
}));

/** How much of it is in the glass; nothing for what fills it up. */
function millilitres(/** @type {Ingredient} */ part, /** @type {string} */ words) {
  const unit = plain(part.unit);
  if (/^top|^fill|complet|llena/.test(unit + plain(part.amount))) return undefined;
  if (part.ml !== undefined) return clamp(Number(fold(part.ml)) || 0, 0, 1500);
  const [, one, over] = /([\d.]+)(?:\s*\/\s*(\d+))?/.exec(fold(part.amount).replace(",", ".")) ?? [];
  const count = (Number(one) || 0) / (Number(over) || 1);
  const scale = UNITS.get(unit || fold(part.amount).replace(/[^a-z]/g, ""))
    ?? (/^(piece|whole|unidad|pieza)?$/.test(unit) ? whole(words) : 0.3);
  return clamp(count * scale, 0, 1500);
}

/** What one piece of it gives. */
const whole = (/** @type {string} */ words) =>
  /lime|lemon/.test(words) ? 25 : /orange|grapefruit/.test(words) ? 60 : /egg/.test(words) ? 25 : 3;

function partsOf(/** @type {Recipe} */ drink) {
  const list = Array.isArray(drink.ingredients) ? drink.ingredients.slice(0, 60) : [];
  return list.map((entry) => {
    const one = entry !== null && typeof entry === "object" ? entry : { name: entry };
    const words = plain(one.name), layer = Number.isFinite(one.layer) ? one.layer : undefined;
    return { ...ingredientColour(one.name), words, ml: millilitres(one, words), layer };
  });
}

const ICES = /** @type {const} */ ([
  ["crushed", /crush|pebble|nugget|shaved|picado|pile|molido/], ["large",
    /large|big|block|sphere|grande|bloque|esfera/],
  ["cubes", /cube|cubo|cubito|rock|yes|true|hielo/],
]);

/**
 * @param {Recipe} drink
 * @returns what is drawn
 */
export function read(drink) {
  const steps = [drink.recipe_steps].flat().map(fold).join(" "), tags = [drink.tags].flat().map(fold).join(" ");
  const text = `${tags} ${steps}`, name = fold(drink.name);
  const found = partsOf(drink);
  const blended = /\bblend|frozen|frapp|granizad|licua/.test(`${text} ${name}`) && !/blended scotch/.test(name);
  const iceText = fold(drink.ice);
  const ice = blended && !/cubes/.test(iceText) ? "frozen" : ICES.find(
    ([, words]) => words.test(iceText))?.[0] ?? "none";
  const shaken = /shak|agita|batid/.test(text), stirred = /stir|strain|remuev|cuela/.test(text);
  const hot = /\bhot\b|caliente|toddy/.test(`${tags} ${name} ${found.map(({ words }) => words).join(" ")}`);
  const key = glassNamed(drink.glass) ?? spoken(steps) ?? guess(found, { ice, hot, up: shaken || stirred, tags });
  const glass = GLASSES[key];
  const melt = ice === "frozen" ? 1.9 : hot ? 1 : shaken ? 1.28 : ice !== "none" ? 1.14 : stirred || glass.foot ? 1.2
    : 1;
  const { parts, height } = pour(found, glass, ice, melt);
  const says = { parts, steps, tags, shaken, ice, key };
  const layers = layered(drink, says);
  return {
    key, glass, ice, height, parts, garnish: drink.garnish, rim: rimOf(drink), fizz: parts.some(({ fizz }) => fizz),
    foam: foamOf(drink, parts, shaken), layers: place(layers, glass, height),
  };
}
/** @typedef {ReturnType<typeof read>} Reading */

/** The glass that the steps speak of. */
function spoken(/** @type {string} */ steps) {
  for (const [words] of steps.slice(0, 4000).matchAll(
    /(\w+ )?\w+ (glass|mug|cup|flute|vaso)\b|(copa|vaso) \w+( \w+)?/g)) {
    const key = /mixing|shaker|mezclador/.test(words) ? undefined : glassNamed(words);
    if (key) return key;
  }
  return undefined;
}

/** The glass for a recipe that names none. */
function guess(/** @type {{ml?: number, fizz: boolean, words: string}[]} */ parts,
  /** @type {{ice: string, hot: boolean, up: boolean, tags: string}} */ { ice, hot, up, tags }) {
  const all = parts.reduce((sum, part) => sum + (part.ml ?? 100), 0), fizz = parts.some((part) => part.fizz);
  if (hot) return "irish";
  if (parts.some((part) => /\bbeer|lager|stout/.test(part.words) && !/ginger|root/.test(part.words))) return "pint";
  if (ice === "frozen") return "hurricane";
  if (/\bshot|chupito/.test(tags)) return "shot";
  if (ice === "none") return fizz ? (all > 170 ? "highball" : "flute") : up ? "coupe" : "rocks";
  return fizz || all > 190 ? "highball" : "rocks";
}

/** Fills the glass: melted ice, what the ice pushes up, and as much of what tops it as there is room. */
function pour(/** @type {(Omit<Part, "ml"> & {ml?: number})[]} */ found,
  /** @type {import("./drink-glasses.js").Glass} */ glass,
  /** @type {string} */ ice, /** @type {number} */ melt) {
  const wet = found.reduce((sum, { ml = 0, fizz }) => sum + ml * (fizz ? 1 : melt), 0);
  const fullMl = volumeAt(glass, glass.full), tops = found.filter(({ ml }) => ml === undefined).length;
  const unknown = wet < 1;
  const pushed = ice === "large" ? Math.min(90, glass.holds * 0.3) : ice === "cubes" || ice === "crushed"
    ? glass.holds * 0.36 : 0;
  const room = Math.max(30, fullMl - wet - pushed);
  const parts = found.map((part) => ({ ...part, ml: part.ml === undefined ? room / tops : unknown ? 20 : part.ml }));
  const volume = unknown || tops ? fullMl : wet + Math.min(pushed, wet * 1.1);
  const height = ice === "frozen" ? 0.97 : clamp(heightOf(glass, volume), 0.14, glass.full);
  return { parts, height: glass.skin ? glass.full : height };
}

/** @typedef {{parts: Part[], steps: string, tags: string, shaken: boolean, ice: string, key: string}} Says */

const FLOATS = /\bfloat|(off|over) a spoon|over the back|back of a|stays on top|\blayer(?!s meet)|flota|dorso|en capas/;
const SINKS = /\bsinks?\b|se hund/;

/** What lies on what, from the bottom up. */
function layered(/** @type {Recipe} */ drink, /** @type {Says} */ says) {
  const { parts, tags, steps, ice, key } = says, soft = ice !== "none";
  if (drink.layers) return byNumber(parts, drink.layers === "soft");
  const bySteps = steps ? told(says) : { up: [], down: [], all: false };
  if (bySteps.all || /layered|pousse/.test(tags)) {
    return [...parts].sort((a, b) => b.weight - a.weight).map((part, i) => (
      { parts: [part], soft: i > 0 && key !== "shot" }));
  }
  let { up, down } = bySteps;
  if (!up.length && !down.length) ({ up, down } = known(says));
  // What sinks through crushed ice is seen where it goes in.
  if (ice === "crushed" && down.length && !up.length) [up, down] = [down, []];
  const rest = parts.filter((part) => !up.includes(part) && !down.includes(part));
  const cream = up.every(({ weight }) => weight < 0.92);
  return [{ parts: down, soft: false }, { parts: rest, soft: true }, { parts: up, soft: soft || !cream }]
    .filter((layer) => layer.parts.length).map((layer, i) => ({ ...layer, soft: i > 0 && layer.soft }));
}

function byNumber(/** @type {Part[]} */ parts, /** @type {boolean} */ soft) {
  /** @type {Map<number, Part[]>} */
  const groups = new Map();
  parts.forEach((part, i) => groups.set(part.layer ?? i, [...groups.get(part.layer ?? i) ?? [], part]));
  return [...groups].sort(([a], [b]) => a - b).map(([, list], i) => ({ parts: list, soft: i > 0 && soft }));
}

/** What the steps say of floating and sinking; "it" is what the sentence before was about. */
function told(/** @type {Says} */ { parts, steps, shaken }) {
  /** @type {{up: Part[], down: Part[], all: boolean}} */
  const out = { up: [], down: [], all: false };
  /** @type {Part[]} */
  let before = [];
  for (const sentence of steps.split(/[.!?\n]/).slice(0, 60)) {
    const words = new Set(plain(sentence).split(" "));
    const named = parts.filter((part) => part.words.split(" ").some(
      (word) => word.length > 2 && !DULL.has(word) && words.has(word)));
    const meant = named.length ? named : before;
    const least = meant.length > 1 ? [meant.reduce((a, b) => (b.ml < a.ml ? b : a))] : meant;
    if (SINKS.test(sentence)) out.down.push(...least);
    else if (FLOATS.test(sentence)) {
      if (/^\s*(then )?layer\b|\blayer in|layering|en capas/.test(sentence) && !shaken) out.all = true;
      else if (least.length < parts.length) out.up.push(...least);
    }
    before = named;
  }
  return out;
}
const DULL = new Set(["fresh", "juice", "liqueur", "syrup", "water", "cold", "white", "dark", "dry", "sweet", "bitters",
  "top"]);

/** Drinks that are known to lie in layers without a word about it. */
function known(/** @type {Says} */ { parts, shaken, key }) {
  const all = (/** @type {RegExp} */ words) => parts.filter((part) => words.test(part.words));
  const has = (/** @type {RegExp} */ words) => all(words).length > 0;
  const cream = parts.filter(({ weight }) => weight < 0.92);
  if (!shaken && cream.length && has(/coffee|espresso|kahlua/)) return { up: cream, down: [] };
  if (!shaken && has(/ginger beer/) && has(/dark rum|black rum|gosling/)) return { up: all(
    /dark rum|black rum|gosling/), down: [] };
  if (has(/grenadine/) && has(/orange|pineapple/) && !shaken) return { up: [], down: all(/grenadine/) };
  if (key === "flute" && has(/cassis|mure|chambord|framboise/)) return { up: [],
    down: all(/cassis|mure|chambord|framboise/) };
  return { up: [], down: [] };
}

/** @returns {Layer[]} */
function place(/** @type {{parts: Part[], soft: boolean}[]} */ groups,
  /** @type {import("./drink-glasses.js").Glass} */ glass,
  /** @type {number} */ height) {
  const sizes = groups.map(({ parts }) => parts.reduce((sum, { ml }) => sum + ml, 0));
  const all = sizes.reduce((a, b) => a + b, 0), volume = volumeAt(glass, height);
  if (!groups.length || !(all > 0)) return [{ from: 0, to: 1, colour: mixed([]), soft: false }];
  let poured = 0, from = 0;
  return groups.map(({ parts, soft }, i) => {
    poured += sizes[i];
    // A thin one is still seen.
    const to = i === groups.length - 1 ? 1 : clamp(heightOf(glass, (volume * poured) / all) / height, from + 0.09, 0.9);
    const layer = { from, to, colour: mixed(parts), soft };
    from = to;
    return layer;
  });
}

/**
 * Mixed as light goes through it: strong tints win, clear ones thin, cloudy ones turn it milky.
 * @returns {Colour}
 */
export function mixed(/** @type {Part[]} */ parts) {
  let ml = 0, weight = 0, cloud = 0, white = 0;
  const logs = [0, 0, 0];
  for (const part of parts) {
    const w = part.ml * part.tint;
    ml += part.ml;
    weight += w;
    cloud += part.ml * part.cloud;
    if (part.cloud > 0.9 && part.rgb[2] > 200) white += part.ml;
    part.rgb.forEach((value, i) => { logs[i] += w * Math.log(Math.max(6, value) / 255); });
  }
  if (!(ml > 0)) return { rgb: [238, 242, 240], alpha: 0.06, milk: 0 };
  let pure = weight > 0 ? logs.map((value) => 255 * Math.exp(value / weight)) : [238, 242, 240];
  const milk = 1 - Math.exp((-9 * cloud) / ml), density = 1 - Math.exp((-4.6 * weight) / ml);
  let alpha = Math.max(0.06, 1 - (1 - density) * (1 - 0.92 * milk));
  // What is dark and thinned glows brown or red; the room would make it grey.
  if (Math.max(...pure) < 130 && density < 0.97) {
    pure = pure.map((value) => 255 * (value / 255) ** lerp(0.5, 1, density));
    alpha = 1 - (1 - alpha) * 0.6;
  }
  // What is pale but not clear would turn muddy over a dark room: it gets more body, gin and vodka stay clear.
  const luma = (pure[0] * 0.3 + pure[1] * 0.59 + pure[2] * 0.11) / 255;
  const body = clamp((alpha - 0.14) / 0.22, 0, 1) * clamp((luma - 0.45) / 0.3, 0, 1);
  return { rgb: blend(pure, [255, 250, 238], 0.12 * milk + (0.6 * white) / ml), alpha: alpha
    + (1 - alpha) * 0.66 * body, milk };
}

/** @returns {"" | "crema" | "head" | "foam" | "cream"} */
function foamOf(/** @type {Recipe} */ drink, /** @type {Part[]} */ parts, /** @type {boolean} */ shaken) {
  if (drink.foam === false) return "";
  const has = (/** @type {RegExp} */ words) => parts.some((part) => words.test(part.words));
  if (has(/espresso/) && (shaken || drink.foam)) return "crema";
  if (drink.foam === "cream" || /whipped|nata montada/.test(fold(drink.garnish))) return "cream";
  if (parts.some(({ words }) => /\bbeer|lager|stout/.test(words) && !/ginger|root/.test(words))) return "head";
  return drink.foam || has(/egg white|white egg|aquafaba|^egg|foam/) ? "foam" : "";
}

/** @returns {"" | "salt" | "sugar" | "cocoa" | "chili"} */
function rimOf(/** @type {Recipe} */ drink) {
  const said = [drink.garnish].flat().map(plain).filter((one) => /\brim|crust|frost/.test(one));
  const text = [plain(drink.rim), ...said].join(" ");
  return /chil|tajin/.test(text) ? "chili" : /cocoa|cacao|chocolate|cinnamon/.test(text) ? "cocoa" : /salt/.test(text)
    ? "salt"
    : /sugar|crust|frost|coconut/.test(text) ? "sugar" : "";
}
