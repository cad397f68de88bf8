// @ts-check
// Finding drinks on the menu that is here; nothing is asked of the bar. What a filter means is docs/decisions/0017.
//
//   find(drinks, wishes) -> [{drink, found: {name, ingredients, other}}]
//       drinks       any iterable, in the order of the menu: menu.drinks.values()
//       wishes       {text, want, avoid, never, section, alcoholFree, makeable, favourites}; each may be missing
//                    want, avoid: names of ingredients; never: kinds of them, of "egg", "dairy", "nuts", "gluten"
//                    section: an id; favourites: ids, of which a drink must be one
//       found        what the text met: name: boolean, ingredients: as the drink names them (`name`), other: boolean
//                    With a text the best come first, otherwise the order of the menu stays.
//   completions(drinks, text, limit = 4) -> [{name, shown, count}]      ingredients that begin so; count: drinks
//   ingredients(drinks) -> [{name, shown, count}]                        all, by how many drinks have them
//   indexOf(drink)                      makes what it needs to find it; without it the first letter has to wait
//   fold(text) -> string                                                 without case, accents and surplus space
//   wordsOf(text) -> [string]                                            folded, and without signs
//   hasIngredient(drink, name) -> boolean

/**
 * @typedef {import("./menu.js").Drink} Drink
 * @typedef {{text?: string, want?: string[], avoid?: string[], never?: string[],
 *   section?: string | null, alcoholFree?: boolean,
 *   makeable?: boolean, favourites?: string[] | null}} Wishes
 * @typedef {{name: boolean, ingredients: string[], other: boolean}} Found
 * @typedef {{name: string, shown: string, count: number}} Completion
 * @typedef {{names: string[], nameWords: string[], lines: {name: string, folded: string, words: string[]}[],
 *   garnishes: string[][], tagWords: string[], aboutWords: string[]}} Index
 */

/** Letters that are no letter with an accent. */
const ALONE = /** @type {Record<string, string>} */ ({ ø: "o", ł: "l", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i" });

/**
 * Kinds of things that some people never want, by the words that name them in a recipe, and those that make something
 * else of it; a garnish is in the drink, too. Coconut cream is none. A help, not a promise: what stands in a bottle, only the bar knows.
 * @type {Record<string, {words: string[], but: string[]}>}
 */
const KINDS = {
  egg: { words: ["egg", "eggs", "eggnog", "advocaat", "huevo", "clara", "yema"], but: [] },
  dairy: {
    words: ["cream", "milk", "butter", "yoghurt", "yogurt", "baileys", "nata", "leche", "mantequilla"],
    but: ["coconut", "coco", "oat", "soy", "almond", "soda"],
  },
  nuts: {
    words: ["almond", "almonds", "orgeat", "amaretto", "hazelnut", "frangelico", "walnut", "nocino", "pistachio",
      "peanut", "pecan", "macadamia", "cashew", "hazelnuts", "walnuts", "pistachios", "peanuts", "pecans", "macadamias",
      "cashews", "nut", "nuts", "almendra", "avellana", "nuez"],
    but: [],
  },
  gluten: { words: ["beer", "ale", "stout", "lager", "wheat", "guinness", "cerveza"], but: ["ginger", "root"] },
};

export const fold = (/** @type {string} */ text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "")
  .replace(/[øłđßæœı]/g, (letter) => ALONE[letter]).replace(/\s+/g, " ").trim();

export const wordsOf = (/** @type {string} */ text) =>
  fold(text).replace(/['’]/g, "").split(/[^\p{L}\p{N}%]+/u).filter((word) => word !== "");

/** @type {WeakMap<Drink, Index>} */
const indexes = new WeakMap();

/**
 * What of a drink is searched; made once, and best before somebody waits for it.
 * @returns {Index}
 */
export function indexOf(/** @type {Drink} */ drink) {
  const known = indexes.get(drink);
  if (known) return known;
  const index = {
    names: [fold(drink.name), fold(drink.original.name)],
    nameWords: wordsOf(`${drink.name} ${drink.original.name}`),
    lines: drink.ingredients.map(({ name, shown }) => ({
      name, folded: fold(name), words: wordsOf(`${shown} ${name}`),
    })),
    garnishes: [drink.garnish, drink.original.garnish].flatMap((all) => (all ?? "").split(",")).map(wordsOf),
    tagWords: wordsOf(`${drink.tags.join(" ")} ${drink.section_name}`),
    aboutWords: wordsOf(drink.description),
  };
  indexes.set(drink, index);
  return index;
}

export function hasIngredient(/** @type {Drink} */ drink, /** @type {string} */ name) {
  const folded = fold(name);
  return indexOf(drink).lines.some((line) => line.folded === folded);
}

/** Whether something of a kind is in it; unknown kinds are in nothing. */
function hasKind(/** @type {Drink} */ drink, /** @type {string} */ name) {
  const kind = KINDS[name];
  if (kind === undefined) return false;
  const { lines, garnishes } = indexOf(drink);
  return [...lines.map(({ words }) => words), ...garnishes].some((words) =>
    words.some((word) => kind.words.includes(word)) && !words.some((word) => kind.but.includes(word)));
}

function fits(/** @type {Drink} */ drink, /** @type {Wishes} */ wishes) {
  return (!wishes.section || drink.section_id === wishes.section)
    && (!wishes.alcoholFree || drink.abv === 0)
    && (!wishes.makeable || drink.available)
    && (!wishes.favourites || wishes.favourites.includes(drink.id))
    && (wishes.want ?? []).every((name) => hasIngredient(drink, name))
    && !(wishes.avoid ?? []).some((name) => hasIngredient(drink, name))
    && !(wishes.never ?? []).some((name) => hasKind(drink, name));
}

/** How far a word is from the beginning of another, where that is not too far: one slip, two in long words. */
function isNear(/** @type {string} */ typed, /** @type {string} */ word) {
  const most = typed.length < 4 ? 0 : typed.length < 8 ? 1 : 2;
  if (most === 0 || word[0] !== typed[0]) return false;
  // The last row of the usual table of edits; any cell of it is an end, since what is typed may be a beginning.
  let row = Array.from({ length: word.length + 1 }, (_, i) => i);
  for (let i = 1; i <= typed.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= word.length; j += 1) {
      const swap = row[j - 1] + (typed[i - 1] === word[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return Math.min(...row) <= most;
}

const begins = (/** @type {string} */ typed, /** @type {string} */ word) => word.startsWith(typed);

/**
 * The rank of one typed word in a drink; null where it is not there.
 * @param {string} typed
 * @param {Index} index
 * @param {(typed: string, word: string) => boolean} meets
 * @param {Found} found
 */
function rank(typed, index, meets, found) {
  const name = index.nameWords.some((word) => meets(typed, word));
  const lines = index.lines.filter(({ words }) => words.some((word) => meets(typed, word)));
  if (name) found.name = true;
  found.ingredients.push(...lines.map((line) => line.name));
  if (name) return index.nameWords.includes(typed) ? 0 : 1;
  if (lines.length) return lines.some(({ words }) => words.includes(typed)) ? 2 : 3;
  // One letter begins something in every description.
  const others = typed.length < 3 ? [] : [...index.tagWords, ...index.aboutWords];
  if (!others.some((word) => meets(typed, word))) return null;
  found.other = true;
  return index.tagWords.includes(typed) ? 4 : 5;
}

/** @param {Drink[]} drinks @param {string} text @param {(typed: string, word: string) => boolean} meets */
function ranked(drinks, text, meets) {
  const typed = wordsOf(text), folded = fold(text);
  /** @type {{drink: Drink, found: Found, score: number}[]} */
  const hits = [];
  for (const drink of drinks) {
    const index = indexOf(drink), found = { name: false, ingredients: [], other: false };
    const ranks = typed.map((word) => rank(word, index, meets, found));
    if (ranks.includes(null)) continue;
    found.ingredients = /** @type {never[]} */ ([...new Set(found.ingredients)]);
    const isWhole = index.names.some((name) => name.startsWith(folded));
    hits.push({ drink, found, score: isWhole ? -1 : Math.max(.../** @type {number[]} */ (ranks)) });
  }
  return hits.sort((one, other) => one.score - other.score).map(({ drink, found }) => ({ drink, found }));
}

/**
 * @param {Iterable<Drink>} drinks
 * @param {Wishes} wishes
 * @returns {{drink: Drink, found: Found}[]}
 */
export function find(drinks, wishes) {
  const fitting = [...drinks].filter((drink) => fits(drink, wishes));
  const text = wishes.text ?? "";
  if (wordsOf(text).length === 0) {
    return fitting.map((drink) => ({ drink, found: { name: false, ingredients: [], other: false } }));
  }
  const exact = ranked(fitting, text, begins);
  return exact.length ? exact : ranked(fitting, text, isNear);
}

/** @returns {Completion[]} */
export function ingredients(/** @type {Iterable<Drink>} */ drinks) {
  /** @type {Map<string, Completion>} */
  const all = new Map();
  for (const drink of drinks) {
    const { lines } = indexOf(drink);
    for (const [i, { folded }] of lines.entries()) {
      if (lines.findIndex((line) => line.folded === folded) < i) continue;
      const known = all.get(folded), { name, shown } = drink.ingredients[i];
      if (known) known.count += 1;
      else all.set(folded, { name, shown, count: 1 });
    }
  }
  return [...all.values()].sort((one, other) => other.count - one.count);
}

/** @param {Iterable<Drink>} drinks @param {string} text @param {number} limit */
export function completions(drinks, text, limit = 4) {
  const typed = wordsOf(text);
  if (typed.length === 0) return [];
  const hits = ingredients(drinks).filter(({ name, shown }) => {
    const words = wordsOf(`${shown} ${name}`);
    return typed.every((word) => words.some((other) => other.startsWith(word)));
  });
  const isFirst = (/** @type {Completion} */ hit) => fold(hit.shown).startsWith(fold(text)) ? 0 : 1;
  return hits.sort((one, other) => isFirst(one) - isFirst(other)).slice(0, limit);
}
