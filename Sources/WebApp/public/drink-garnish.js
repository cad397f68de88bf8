// @ts-check
// Garnishes, understood from what a host wrote ("Orange slice, cherry", "piel de limón") and drawn where they belong:
// behind the drink in the glass, on what is poured, on the rim, or across it on a pick.

import { fold, plain } from "./drink-facts.js";
import { halfWidth } from "./drink-glasses.js";
import { CX, area, at, dots, ellipse, f, group, lerp, path, stroke } from "./drink-pen.js";

/**
 * @typedef {{y: number, r: number, ry: number}} Ring
 * @typedef {object} Place  Where things are in this glass.
 * @property {Ring} rim
 * @property {Ring} top  the surface of what is poured, or of the mound of ice over it
 * @property {number} floor
 * @property {[number, number][]} bowl
 * @property {boolean} mound  whether ice stands above the rim
 * @property {boolean} deep  whether the glass is wide enough to lay fruit into it
 * @property {boolean} narrow  whether fruit goes to the bottom of it
 * @property {boolean} solid  whether nobody sees what is inside
 * @property {boolean} small
 * @property {() => number} rnd
 *
 * @typedef {{back?: string, inside?: string, front?: string, taken?: boolean}} Drawn
 * @typedef {{words: string, many: number, side: 1 | -1}} Wish  `side` of the rim that is free
 */

/** Rind, flesh, pith. */
const FRUIT = {
  lemon: ["#e6bd2e", "#f6e08a", "#fff7da"], lime: ["#5f9436", "#c2dc84", "#f2f6dc"],
  orange: ["#e37f22", "#f8b257", "#fdeecb"], grapefruit: ["#e88a4c", "#f0927d", "#fdeadb"],
  cucumber: ["#4d8038", "#dbe9b9", "#eef4dc"], kiwi: ["#8a6a3a", "#9dc446", "#e6efbe"],
};
/** The colours of the fruit that is meant. */
const fruitIn = (/** @type {string} */ words) =>
  FRUIT[/** @type {keyof typeof FRUIT} */ (/lemon|lime|orange|grapefruit|cucumber|kiwi/.exec(words)?.[0] ?? "lemon")];

const ray = (/** @type {number} */ angle, /** @type {number} */ length) =>
  path`${Math.cos(angle) * length} ${Math.sin(angle) * length}`;

/** A wheel of fruit, or half of one. */
function disc(/** @type {number} */ R, /** @type {string[]} */ [rind, flesh, pith], half = false) {
  const span = half ? Math.PI : 2 * Math.PI, count = half ? 5 : 9, q = R - 2.9;
  let segments = "";
  for (let i = 0; i < count; i++) {
    const a = -Math.PI + ((i + 0.12) * span) / count, b = -Math.PI + ((i + 0.88) * span) / count;
    segments += path`M${ray((a + b) / 2, 2)}L${ray(a, q)}A${q} ${q} 0 0 1 ${ray(b, q)}Z`;
  }
  const plate = (/** @type {number} */ r) => half ? path`M${-r} 0A${r} ${r} 0 0 1 ${r} 0Z` : dots([[0, 0, r]]);
  return area(plate(R), rind) + area(plate(R - 1.5), pith)
    + area(segments, flesh, { stroke: flesh, "stroke-width": 1, "stroke-linejoin": "round" });
}

/** A ribbon of peel, turned around itself: in front one sees the rind, behind it the shaded inside. */
function curl(/** @type {string[]} */ [rind, flesh, pith]) {
  let behind = "", before = "", shine = "";
  for (let i = 0; i < 3; i++) {
    const y = i * 11 - 18, a = [6, 8, 6.6][i], w = [6, 7.6, 6][i], next = [8, 6.6][i];
    before += path`M${-a} ${y}C${-a * 0.6} ${y + 5} ${a * 0.4} ${y + 7} ${a} ${y + 5}V${y + 5 + w * 0.7}`
      + path`C${a * 0.4} ${y + 7 + w} ${-a * 0.6} ${y + 5 + w} ${-a} ${y + w}Z`;
    shine += path`M${-a * 0.6} ${y + 6}Q0 ${y + 10} ${a * 0.7} ${y + 8.4}`;
    if (next) behind += path`M${a} ${y + 5.4}L${-next} ${y + 11}V${y + 17}L${a} ${y + 10.6}Z`;
  }
  return area(behind, pith) + area(behind, rind, { "fill-opacity": 0.66 })
    + area(behind, "#3a1e06", { "fill-opacity": 0.16 })
    + area(before, rind) + stroke(shine, flesh, 1.2, { "stroke-opacity": 0.8 });
}

/** A broad strip of peel, with its pores. */
const swath = (/** @type {string[]} */ [rind, flesh, pith]) =>
  area("M-9 17C-12 6 -11 -14 -8 -21C-6 -27 6 -28 8 -21C11 -12 7 6 8 16C8 24 -7 25 -9 17Z", pith)
  + area("M-6.5 16C-9 6 -8 -12 -5.5 -19C-4 -25 6 -27 8 -21C11 -12 7 6 8 16C8 22 -5 23 -6.5 16Z", rind)
  + area(dots([[-3, -14, 0.8], [2, -18, 0.8], [4, -9, 0.8], [-2, -4, 0.8], [3, 1, 0.8], [-4, 6, 0.8], [1, 10, 0.8],
    [4, 16, 0.8]]), flesh);

/** A wedge that sits on the rim by a cut. */
const wedge = (/** @type {string[]} */ [rind, flesh, pith]) =>
  area("M-13 -7C-12 9 4 17 14 7C15 6 15 4 13 3Q-2 3 -10 -9Q-13 -10 -13 -7Z", rind)
  + area("M-11 -7C-9 5 2 11 12 5Q-2 4 -9 -8Z", pith)
  + area("M-11 -9C-5 -15 8 -10 14 3C4 4 -6 0 -11 -9Z", flesh, { stroke: pith, "stroke-width": 1.2 })
  + stroke("M-8 -8Q2 -5 10 2M-3 -10.5L3 -4M4 -8.5L6 -2", pith, 0.9, { "stroke-opacity": 0.85 });

const LEAF = "M0 0C7 -4 9 -14 0 -23C-9 -14 -7 -4 0 0Z";
const VEINS = "M0 -1V-20M0 -8L4 -11.5M0 -8L-4 -11.5M0 -13L3 -16M0 -13L-3 -16";
const leaf = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ turn, /** @type {number} */ size,
  /** @type {string} */ tone) =>
  at(x, y, turn, area(LEAF, tone) + stroke(VEINS, "#e9f5cf", 0.7, { "stroke-opacity": 0.4 }), size);

const ball = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ r, /** @type {string} */ tone) =>
  area(dots([[x, y, r]]), tone) + ellipse(x - r * 0.34, y - r * 0.38, r * 0.28, r * 0.2,
    { fill: "#fff", "fill-opacity": 0.6 });

/** What a berry is made of. */
function berry(/** @type {string} */ words) {
  if (/blueberr|currant/.test(words)) {
    const tone = /red/.test(words) ? "#c4202e" : "#3d4a86";
    return ball(-3.5, 1, 4, tone) + ball(4, 2, 4, tone) + ball(0.5, -3.5, 4, tone);
  }
  if (/strawberr/.test(words)) return area("M-7 -5Q0 -9 7 -5Q8 4 0 11Q-8 4 -7 -5Z", "#cf2d38")
    + area("M-6 -6L-2 -4L0 -8L2 -4L6 -6Q3 -9 0 -9Q-3 -9 -6 -6Z", "#5c9a4a")
    + area(dots([[-3, -1, 0.6], [2, -1.5, 0.6], [0, 2, 0.6], [-2, 5, 0.6], [3, 4, 0.6]]), "#f6d27a");
  const [dark, light] = /black/.test(words) ? ["#38112f", "#5c2652"] : ["#b01a44", "#d5416a"];
  /** @type {[number, number, number][]} */
  const grains = [[0, -4.8, 3], [-3.5, -2.4, 3], [3.5, -2.4, 3], [0, 0, 3.2], [-3.2, 2.6, 3], [3.2, 2.6, 3],
    [0, 5.2, 2.8]];
  return area(dots(grains), dark) + area(dots(grains.map(([x, y]) => [x - 0.5, y - 0.5, 1.9])), light)
    + area(dots(grains.map(([x, y]) => [x - 1, y - 1.1, 0.6])), "#fff", { "fill-opacity": 0.55 });
}

/** @param {number[]} sizes  @param {(turn: number) => string} one */
const around = (sizes, one) => sizes.map(one).join("");
const FIVE = [0, 72, 144, 216, 288];

// What stands in the glass: drawn upwards from where it enters the drink.

const cinnamon = () => stroke("M0 0V-66", "#7d4722", 7, BUTT) + stroke("M-1.5 0V-66", "#b97a48", 1.6, BUTT)
  + ellipse(0, -66, 3.5, 1.6, { fill: "#5a2f14" }) + stroke("M-2 -66Q0 -64.5 2 -66", "#c98f5c", 0.8);
const BUTT = { "stroke-linecap": "butt" };

const celery = () => area("M-5.5 0L-5 -84Q0 -88 5 -84L5.5 0Z", "#a9c46c")
  + stroke("M-2 0V-84M1.5 0V-85", "#dbe8b0", 0.9, { "stroke-opacity": 0.8 })
  + leaf(-4, -82, -40, 0.8, "#6f9c3f") + leaf(5, -82, 40, 0.75, "#5f8f39")
  + leaf(-1, -84, -12, 0.95, "#82ad4c") + leaf(3, -84, 16, 0.9, "#74a245");

function needles() {
  let d = "";
  for (let i = 0; i < 15; i++) {
    const x = (i % 2 ? 7 : -7) * (1 - i / 24), y = 2 - i * 3;
    d += path`M0 ${y}Q${x * 0.5} ${y - 4} ${x} ${y - 5}`;
  }
  return stroke("M0 26V-42", "#6d7b4f", 1.4) + stroke(d, "#76986a", 1.7);
}

// What sits on the rim: drawn around the point where it does.

const chili = (/** @type {string} */ words) => at(2, -2, 18,
  area("M-3 -12C4 -14 8 -4 6 6C5 14 0 20 -6 24C-2 16 -3 8 -5 0C-6 -6 -6 -11 -3 -12Z",
    /jalap|green/.test(words) ? "#4e8f3a" : "#c6281e")
  + stroke("M-1 -12Q-2 -18 3 -20", "#5c8a3a", 2.2) + stroke("M2 -6Q4 2 1 10", "#fff", 1.2, { "stroke-opacity": 0.45 }));

const pineapple = () => at(0, 0, 22, area("M-14 9L0 -16L14 9Q0 15 -14 9Z", "#f2cd52")
  + stroke("M-13 9.5Q0 15 13 9.5", "#a8772b", 3) + stroke("M0 -9L-7 8M0 -9L7 8M0 -9V10", "#d9a936", 0.8));

/** Thin slices, side by side. */
function fan(/** @type {string} */ words) {
  const [flesh, skin] = /peach|mango/.test(words) ? ["#f3b26a", "#d8663c"]
    : /pear/.test(words) ? ["#f1ecc8", "#a9b04a"] : ["#f4ecc8", "#b8332c"];
  return around([-26, -4, 18], (turn) => at(0, 6, turn + 8,
    area("M-5 2C-9 -9 -5 -22 3 -26C4 -16 5 -6 4 2Q0 5 -5 2Z", flesh)
    + stroke("M-5 2C-9 -9 -5 -22 3 -26", skin, 1.6)));
}

const DRIED = ["#9a5a1e", "#c98a3a", "#e0b878"];
const wheel = (/** @type {string} */ words) =>
  at(0, 0, 12, disc(14, /dehydrat|dried/.test(words) ? DRIED : fruitIn(words)));

// What goes on a pick.

const olive = () => ellipse(0, 0, 7, 5.6, { fill: "#8d9a3e" }) + SHINE + area(dots([[5.4, 0, 1.9]]), "#c4472e");
const onion = () => ellipse(0, 0, 7, 5.6, { fill: "#f3ead6" }) + SHINE;
const SHINE = ellipse(-2, -2, 2.4, 1.4, { fill: "#fff", "fill-opacity": 0.45 });
const grape = (/** @type {string} */ words) => ball(0, 0, 5.4, /red|black/.test(words) ? "#5a1f44" : "#a9ba56");
const ginger = () => area("M-8 -5L-2 -7.5L6 -6L8.5 0L6 6L-3 7L-8.5 3Z", "#e0b25e",
  { stroke: "#c08d3c", "stroke-width": 0.8 })
  + area(dots([[-4, -3, 0.9], [1, -4.5, 0.8], [4, -1, 0.9], [-1, 1, 0.8], [-5, 2, 0.8], [3, 4, 0.9]]), "#fff6dc");

// What lies on the drink: drawn around the middle of its surface.

const drops = (/** @type {Place} */ { top }) => [[-0.34, 0.1], [0.02, 0.32], [0.36, 0.02]].map(([x, y]) =>
  ellipse(x * top.r, y * top.ry, 3.6, 1.3, { fill: "#a2401f" })).join("");
const beans = () => [[-7, -0.6, -18], [6, -1, 24], [0, 1.9, 4]].map(([x, y, turn]) => at(x, y, turn,
  ellipse(0, 0, 5, 2.3, { fill: "#3a1a0c" }) + stroke("M-4 0Q0 1.2 4 0", "#9a6a44", 0.6))).join("");
const anise = () => flat(0.42, around([...FIVE.map((turn) => turn / 1.6), 225, 270, 315], (turn) =>
  at(0, 0, turn, area("M0 0C2.5 -3 2 -8 0 -10C-2 -8 -2.5 -3 0 0Z", "#7a4526") + area(dots([[0, -5, 1]]), "#c98a4a"))));
const flat = (/** @type {number} */ y, /** @type {string} */ body) => group({ transform: `scale(1.1 ${y})` }, body);

function flower(/** @type {Place} */ { top }, /** @type {string} */ words) {
  const tones = /rose|orchid/.test(words) ? ["#e9a0ac", "#d8808f"] : ["#b79ad6", "#9b7cc4"];
  return at(top.r * 0.2, -1.5, 0, flat(0.8, around(FIVE, (turn) =>
    at(0, 0, turn, ellipse(0, -4.2, 3, 4.2, { fill: tones[turn % 144 ? 0 : 1] })))
      + area(dots([[0, 0, 1.9]]), "#f0c84a")));
}

function lying(/** @type {Place} */ _, /** @type {string} */ words, /** @type {number} */ many) {
  const tone = /basil/.test(words) ? "#4f9140" : /sage|eucalyptus/.test(words) ? "#86a383" : "#5c9a4a";
  return at(-8, 0, 0, flat(0.62, leaf(0, 0, 68, 0.95, tone) + (many > 1 ? leaf(2, 0, -62, 0.85, "#4b8a44") : "")));
}

function dust(/** @type {Place} */ { top, rnd, small }, /** @type {string} */ words) {
  /** @type {[number, number, number][]} */
  const grains = [];
  for (let i = 0; i < (small ? 12 : 46); i++) {
    const a = rnd() * 6.28, k = Math.sqrt(rnd()) * 0.78;
    grains.push([Math.cos(a) * top.r * k, Math.sin(a) * top.ry * k, (small ? 1 : 0.5) + rnd() * 0.5]);
  }
  return area(dots(grains), /matcha/.test(words) ? "#6f8f3a" : /pepper/.test(words) ? "#3a3632" : "#7a4a24");
}

// Where things go.

/** @typedef {(place: Place, wish: Wish) => Drawn} Draw */

/** @param {(words: string) => string} shape  @param {number} [share]  @returns {Draw} */
const onRim = (shape, share = 0.86) => ({ rim }, { words, side }) => {
  const turned = side < 0 ? " scale(-1 1)" : "";
  const place = path`translate(${CX + side * rim.r * share} ${rim.y - 3})${turned}`;
  return { front: group({ transform: place }, shape(words)) };
};

/** @param {() => string} shape  @param {number} lean  @param {number} depth  @returns {Draw} */
const inGlass = (shape, lean, depth) => ({ rim, floor, solid, mound }) => {
  const y = solid || mound ? rim.y + 2 : Math.min(floor - 10, rim.y + depth);
  return { back: at(CX + rim.r * lean, y, lean * 22, shape()) };
};

/** @param {(place: Place, words: string, many: number) => string} shape  @returns {Draw} */
const onDrink = (shape) => (place, { words, many }) => ({ inside: at(CX, place.top.y, 0, shape(place, words, many)) });

/** @param {(words: string) => string} shape  @param {number} [least]  @returns {Draw} */
const onPick = (shape, least = 1) => (place, { words, many, side }) => {
  const { rim, top, mound } = place, count = Math.max(least, many), first = [0.56, 0.34, 0.2][count - 1];
  const x0 = CX - side * rim.r * 0.25, x1 = CX + side * rim.r * 1.1, y1 = rim.y - 10;
  const y0 = mound ? rim.y - 2 : Math.max(rim.y + 8, Math.min(top.y + 8, rim.y + rim.r * 0.9));
  const turn = (Math.atan((y1 - y0) / (x1 - x0)) * 180) / Math.PI;
  let out = stroke(path`M${x0} ${y0}L${x1} ${y1}`, PICK, 1.2) + ball(x1, y1, 1.6, PICK);
  for (let i = 0; i < count; i++) {
    const t = first + i * 0.25;
    out += at(lerp(x0, x1, t), lerp(y0, y1, t), turn, shape(words));
  }
  return { front: out };
};
const PICK = "#bda67a";

/** @type {Draw} */
const straw = ({ rim, top, floor, solid, mound }) => {
  const x = CX - rim.r * 0.1, y = solid ? rim.y + 3 : Math.min(floor - 8, (mound ? rim.y : top.y) + 74);
  const d = path`M${x} ${y}L${CX - rim.r * 0.5} ${rim.y - 34}`;
  const light = { "stroke-opacity": 0.5, transform: "translate(-1 0)" };
  return { back: stroke(d, "#c9bda6", 4.6) + stroke(d, "#fff", 1.3, light) };
};

const GREENS = ["#3f7a3d", "#5c9a4a", "#78b35c", "#4b8a44", "#68a552"];
const BASIL = ["#2f6d2f", "#478a3c", "#5fa04a", "#3a7a36", "#54954a"];

/** @type {Draw} */
const sprig = ({ rim, mound }, { words, side }) => {
  const x = CX + side * 0.28 * rim.r, y = rim.y + (mound ? -3 : 4), tones = /basil/.test(words) ? BASIL : GREENS;
  const leaves = [[-62, 0.78], [56, 0.82], [-30, 1.02], [27, 1.05], [-2, 1.22]];
  return {
    back: stroke(path`M${x} ${y - 4}L${x - 3} ${y + (mound ? 4 : 22)}`, tones[0], 1.6)
      + leaves.map(([turn, size], i) => leaf(x + turn / 14, y, turn, size, tones[i])).join(""),
  };
};

/** @type {Draw} */
const fronds = ({ rim }, { side }) => ({
  back: [[-22, 0.85], [-6, 1.1], [12, 1.15], [30, 0.9]].map(([turn, s], i) =>
    at(CX + side * rim.r * 0.66, rim.y - 6, side * turn,
      area("M-4 0C-3.5 -18 -1 -30 0 -38C1 -30 3.5 -18 4 0Z", i % 2 ? "#79a85a" : "#5f8f45"), s)).join(""),
});

/** @type {Draw} */
const ribbon = ({ rim, top, floor, mound }) => {
  const y = (mound ? rim.y : top.y) - 6, low = Math.min(floor - 12, y + 84);
  const d = path`M${CX + rim.r * 0.5} ${y}C${CX - rim.r * 1.1} ${lerp(y, low, 0.3)} ${CX + rim.r * 1.2} `
    + path`${lerp(y, low, 0.6)} ${CX - rim.r * 0.3} ${low}`;
  return { inside: stroke(d, "#5d8f3c", 11, { "stroke-opacity": 0.7, ...BUTT })
    + stroke(d, "#d8e8b4", 9, { "stroke-opacity": 0.75, ...BUTT }) };
};

/**
 * In a glass on a narrow stem it lies at the bottom, with its own stem over the rim.
 * @type {Draw}
 */
const cherry = (place, wish) => {
  const { rim, top, floor, bowl } = place;
  if (!place.narrow || place.mound) return onPick(() => ball(0, 0, 6.4, "#8f1128"))(place, wish);
  let y = lerp(top.y, floor, 0.5);
  while (y > top.y + 8 && halfWidth(bowl, y + 6) < 7) y -= 2;
  const stem = path`M${CX + 3} ${y - 6}C${CX + 8} ${rim.y + 6} ${CX + 14} ${rim.y - 8} ${CX + 24} ${rim.y - 15}`;
  return { front: stroke(stem, "#7d5a3a", 1.2) + ball(CX + 1, y, 6.6, "#7c0d22") };
};

/** @type {Draw} */
const berries = (place, wish) => {
  const { top, rim, mound, deep } = place, body = berry(wish.words);
  if (mound) return { front: at(CX - rim.r * 0.3, rim.y - 8, -10, body)
    + (wish.many > 1 ? at(CX, rim.y - 7, 14, body) : "") };
  if (deep) return onPick(() => body)(place, wish);
  return { front: rim.r < 24 ? at(CX, top.y, 12, body, 0.9) : at(CX + top.r * 0.2, top.y - 2, 12, body) };
};

/** @type {Draw} */
const peel = (place, wish) => {
  const { rim, top, deep } = place;
  if (!deep) return twist(place, wish);
  const x = CX + wish.side * rim.r * 0.5, y = Math.min(rim.y + 16, top.y + 4);
  return { taken: true, back: at(x, y, wish.side * 18, swath(fruitIn(wish.words))) };
};
const twist = onRim((words) => at(2, -1, 26, curl(fruitIn(words))), 0.9);

/**
 * In a wide glass it is slid into the drink, on a narrow one it sits on the rim.
 * @type {Draw}
 */
const slice = (place, wish) => {
  const { rim, top, deep, mound, solid } = place, fruit = fruitIn(wish.words);
  if (!deep || solid) return onRim(() => at(0, 1, 100, disc(13.5, fruit, true)))(place, wish);
  const y = mound ? rim.y + 3 : Math.max(rim.y + 8, top.y + 3);
  const half = disc(Math.min(20, rim.r * 0.5), fruit, true);
  return { taken: true, back: at(CX + wish.side * rim.r * 0.46, y, wish.side * 26, half) };
};

/**
 * The first that fits is drawn.
 * @type {[RegExp, Draw][]}
 */
const GARNISHES = [
  [/straw\b/, straw],
  [/bitters|drop/, onDrink(drops)],
  [/bean/, onDrink(beans)],
  [/anise/, onDrink(anise)],
  [/cinnamon(?!.*(dust|ground|grated|powder))/, inGlass(cinnamon, 0.4, 40)],
  [/nutmeg|cocoa|cacao|chocolate|pepper(?!.*chil)|dust|grated|ground|matcha|coffee|espresso|cinnamon/, onDrink(dust)],
  [/flower|viola|violet|pansy|petal|blossom|orchid|lavender|rose(?!mary)/, onDrink(flower)],
  [/rosemary|thyme|dill|fennel/, inGlass(needles, 0.45, 8)],
  [/celery/, inGlass(celery, 0.32, 56)],
  [/pineapple.*(leaf|frond)|frond|palm/, fronds],
  [/\bleaf\b/, onDrink(lying)],
  [/mint|basil|sage|verbena|cilantro|sprig|parsley|shiso|herb/, sprig],
  [/pineapple/, (place, wish) => ({ ...fronds(place, wish), ...onRim(pineapple, 0.78)(place, wish) })],
  [/cucumber.*(ribbon|strip|peel|spiral)|cucumber$/, ribbon],
  [/chil|jalap/, onRim(chili, 0.9)],
  [/ginger/, onPick(ginger)],
  [/apple|pear|peach|mango/, onRim(fan, 0.8)],
  [/olive|gherkin|pickle/, onPick(olive)],
  [/onion/, onPick(onion)],
  [/grape(?!fruit)/, onPick(grape, 3)],
  [/cherry/, cherry],
  [/berr|currant/, berries],
  [/(lemon|lime|orange|grapefruit).*(twist|spiral|curl|zest)/, twist],
  [/(lemon|lime|orange|grapefruit).*(peel|coin|rind|skin)/, peel],
  [/(lemon|lime|orange|grapefruit).*wedge|^lime$/, onRim((words) => wedge(fruitIn(words)), 0.88)],
  [/(lemon|lime|orange|grapefruit).*(slice|half|moon)/, slice],
  [/lemon|lime|orange|grapefruit|cucumber|kiwi|citrus/, onRim(wheel)],
];

/**
 * What a host wrote, as single wishes in plain English; of alternatives the first.
 * @param {unknown} text
 */
export function wishes(text) {
  const one = (/** @type {unknown} */ part) => fold(part).slice(0, 300)
    .replace(/ (or|o) .*?(?=,|;| and | y | with |$)/g, "").split(/[,;+&/\n.]| and | y | with | con /);
  return (Array.isArray(text) ? text.slice(0, 8).flatMap(one) : one(text)).slice(0, 8)
    .map((part) => ({ words: plain(part), many: howMany(part) })).filter(({ words }) => words);
}

/** @param {unknown} text  @param {Place} place  @returns {{back: string, inside: string, front: string}} */
export function drawGarnish(text, place) {
  const out = { back: "", inside: "", front: "" }, used = new Set();
  let side = /** @type {1 | -1} */ (1);
  for (const { words, many } of wishes(text)) {
    if (/\brim\b|^na?$|none|without|^no /.test(words)) continue;
    const found = GARNISHES.find(([name]) => name.test(words));
    if (!found || used.has(found) || used.size > 2) continue;
    used.add(found);
    const drawn = found[1](place, { words, side, many });
    out.back += drawn.back ?? "";
    out.inside += drawn.inside ?? "";
    out.front += drawn.front ?? "";
    if (drawn.front || drawn.taken) side = -1;
  }
  return out;
}

const howMany = (/** @type {string} */ words) => /three|tres|\b3\b/.test(words) ? 3
  : /two|\bdos\b|\b2\b|ies\b|olives|onions|leaves|hojas|moras\b|s\b(?=.*pick)/.test(words) ? 2 : 1;
