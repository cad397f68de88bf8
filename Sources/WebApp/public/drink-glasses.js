// @ts-check
// The glasses: how they look, what they hold, and which of them a text means.

import { plain } from "./drink-facts.js";

/**
 * @typedef {object} Glass
 * @property {[number, number][]} bowl  y and half width of the inside, from the rim to the bottom
 * @property {number} holds  ml to the brim
 * @property {number} full  how high a bartender fills it, of its depth
 * @property {number} [foot]  half width of the foot of a glass on a stem
 * @property {[number, number]} [handle]  from y to y
 * @property {"copper" | "silver" | "clay"} [skin]  of what nobody looks through
 */

/** @type {Record<string, Glass>} */
export const GLASSES = {
  coupe: { bowl: [[62, 47], [70, 47.4], [82, 44.4], [96, 35], [107, 16], [110, 0]], foot: 30, full: 0.84, holds: 180 },
  martini: {
    bowl: [[58, 49], [72, 37.8], [86, 26.6], [100, 15.4], [113, 5], [117, 0]],
    foot: 29, full: 0.88, holds: 180,
  },
  nicknora: { bowl: [[62, 29], [72, 32], [84, 33], [98, 29], [112, 17], [119, 0]], foot: 26, full: 0.84, holds: 150 },
  sour: { bowl: [[70, 26], [88, 26.4], [106, 24], [122, 18], [134, 8], [138, 0]], foot: 24, full: 0.86, holds: 165 },
  margarita: {
    bowl: [[58, 48], [63, 48.4], [72, 44], [80, 33], [86, 25], [95, 23.5], [106, 19], [115, 9], [119, 0]],
    foot: 29, full: 0.9, holds: 290,
  },
  flute: { bowl: [[40, 17], [62, 19.5], [86, 20], [112, 16.5], [132, 8], [138, 0]], foot: 24, full: 0.86, holds: 160 },
  wine: { bowl: [[46, 31], [62, 37.5], [80, 40.5], [100, 37], [118, 23], [127, 0]], foot: 30, full: 0.78, holds: 430 },
  balloon: { bowl: [[46, 36], [62, 44], [80, 47], [100, 43], [117, 28], [128, 0]], foot: 31, full: 0.76, holds: 600 },
  snifter: {
    bowl: [[72, 27], [90, 36], [110, 43], [130, 43], [150, 32], [162, 14], [165, 0]],
    foot: 28, full: 0.7, holds: 400,
  },
  cordial: { bowl: [[92, 15.5], [106, 17], [120, 17], [134, 13], [143, 6], [146, 0]], foot: 18, full: 0.86, holds: 65 },
  hurricane: {
    bowl: [[42, 31], [58, 26.5], [80, 24], [104, 28], [128, 32], [150, 27], [166, 13], [170, 0]],
    foot: 25, full: 0.86, holds: 400,
  },
  irish: {
    bowl: [[66, 29], [90, 30.5], [120, 31], [148, 27], [164, 14], [168, 0]],
    foot: 25, full: 0.86, holds: 240, handle: [84, 136],
  },
  rocks: { bowl: [[100, 45], [124, 44], [148, 43], [170, 42], [183, 40], [188, 27], [189, 0]], full: 0.8, holds: 300 },
  highball: {
    bowl: [[66, 30], [100, 29.5], [140, 29], [172, 28.5], [185, 27], [190, 18], [191, 0]],
    full: 0.87, holds: 330,
  },
  collins: {
    bowl: [[48, 26], [90, 25.5], [130, 25], [170, 24.6], [186, 23.5], [191, 15], [192, 0]],
    full: 0.88, holds: 360,
  },
  pint: { bowl: [[50, 38], [90, 35], [130, 32], [170, 29], [186, 27.6], [191, 18], [192, 0]], full: 0.93, holds: 470 },
  mug: {
    bowl: [[72, 37], [100, 37], [150, 37], [176, 37], [187, 35], [191, 24], [192, 0]],
    full: 0.92, holds: 480, handle: [92, 166],
  },
  punch: {
    bowl: [[120, 39], [136, 40], [154, 38], [170, 31], [184, 21], [188, 13], [189, 0]],
    full: 0.86, holds: 180, handle: [130, 164],
  },
  shot: { bowl: [[122, 24], [141, 22.3], [160, 20.6], [174, 19.2], [181, 12], [182, 0]], full: 0.9, holds: 60 },
  copper: {
    bowl: [[102, 42], [122, 43.6], [148, 44], [174, 42.4], [191, 38], [196, 24], [197, 0]],
    full: 0.94, holds: 450, handle: [118, 176], skin: "copper",
  },
  julep: {
    bowl: [[92, 41], [118, 38.6], [150, 35.6], [180, 32.6], [192, 31], [196, 19], [197, 0]],
    full: 0.95, holds: 350, skin: "silver",
  },
  tiki: {
    bowl: [[70, 37], [78, 34.6], [92, 33.6], [106, 35], [112, 37.6], [118, 35], [134, 33.6], [148, 35], [154, 37.6],
      [160, 35], [178, 33.4], [190, 33], [196, 20], [197.5, 0]],
    full: 0.96, holds: 450, skin: "clay",
  },
};

/**
 * What people write, in the order it is looked for.
 * @type {[RegExp, string][]}
 */
const NAMES = [
  [/nick|nora/, "nicknora"], [/sour|delmonico/, "sour"], [/margarit/, "margarita"], [/coup|saucer|pompadour/, "coupe"],
  [/flut|flauta|champ|prosecco|\bcava/, "flute"], [/martini|cocktail|coctel/, "martini"],
  [/snifter|brandy|cognac|nosing|glencairn/, "snifter"], [/cordial|liqueur|sherry|\bport\b|grappa/, "cordial"],
  [/shot|chupito|caballito|tequilero|pony|jigger/, "shot"], [/irish|irland|toddy|\bhot|latte|glass mug/, "irish"],
  [/copper|mule|cobre/, "copper"], [/julep|silver|plata|\btin\b/, "julep"],
  [/tiki|totem|coconut|skull|bamboo|ceramic|clay|barro/, "tiki"], [/hurric|hurac|poco|sling|squall|shake/, "hurricane"],
  [/punch|ponche|\btea|cup|taza/, "punch"], [/pint|pils|weizen|beer glass|lager/, "pint"],
  [/beer|stein|mug|tankard|jarra|cana/, "mug"], [/balon|balloon|\bgin|goblet|spritz|copa glass/, "balloon"],
  [/wine|absinth|tulip/, "wine"], [/collin|zombie|tubo|chimney/, "collins"],
  [/high|long|tall|largo|alto|fizz|jar|cider|cubata/, "highball"],
  [/rock|old|low|fashion|bajo|corto|ancho|tumbler/, "rocks"],
  [/copa/, "wine"],
];

/**
 * The glass that a text means; nothing where it means none.
 * @param {unknown} text
 */
export function glassNamed(text) {
  const words = plain(text);
  return NAMES.find(([name]) => name.test(words))?.[1];
}

/**
 * Half the width of the inside at a height.
 * @param {[number, number][]} bowl  @param {number} y
 */
export function halfWidth(bowl, y) {
  if (y <= bowl[0][0]) return bowl[0][1];
  for (let i = 0; i < bowl.length - 1; i++) {
    const [y0, r0] = bowl[i], [y1, r1] = bowl[i + 1];
    if (y > y1) continue;
    const t = (y - y0) / (y1 - y0);
    return r1 === 0 ? r0 * Math.sqrt(1 - t * t) : r0 + (r1 - r0) * t;
  }
  return 0;
}

const SLICES = 80;
/** @type {Map<Glass, number[]>} */
const measured = new Map();

/**
 * The share of the brimful glass below each of 81 heights, from the floor to the rim.
 * @param {Glass} glass
 */
function volumes(glass) {
  const ready = measured.get(glass);
  if (ready) return ready;
  const { bowl } = glass, rim = bowl[0][0], floor = bowl[bowl.length - 1][0];
  const below = [0];
  for (let i = 0; i < SLICES; i++) {
    const r = halfWidth(bowl, floor - ((i + 0.5) / SLICES) * (floor - rim));
    below.push(below[i] + r * r);
  }
  const shares = below.map((share) => share / below[SLICES]);
  measured.set(glass, shares);
  return shares;
}

/**
 * How high a volume stands, 0 to 1 of the depth.
 * @param {Glass} glass  @param {number} ml
 */
export function heightOf(glass, ml) {
  const shares = volumes(glass), share = ml / glass.holds;
  if (!(share > 0)) return 0;
  const i = shares.findIndex((below) => below >= share);
  return i < 1 ? 1 : (i - 1 + (share - shares[i - 1]) / (shares[i] - shares[i - 1])) / SLICES;
}

/**
 * The other way round.
 * @param {Glass} glass  @param {number} height
 */
export function volumeAt(glass, height) {
  const shares = volumes(glass), place = Math.min(SLICES, Math.max(0, height * SLICES)), i = Math.floor(place);
  return glass.holds * (shares[i] + ((shares[i + 1] ?? shares[i]) - shares[i]) * (place - i));
}
