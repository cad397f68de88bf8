// @ts-check
// Draws any recipe as an SVG: on cards, sheets and tickets alike. The same recipe gives the same drawing, it never
// throws, and nothing a host wrote gets into it but the name, escaped. docs/DESIGN-SYSTEM.md has its rules.
//
// The theme comes in through four custom properties:
//   --dd-line  outline of the glass     --dd-glass  faint body of the glass
//   --dd-clear tint of clear liquid, so that gin is seen on paper and at night
//   --dd-ice   outline of ice

import { hash, hex } from "./drink-facts.js";
import { drawGarnish } from "./drink-garnish.js";
import { halfWidth } from "./drink-glasses.js";
import { CX, HEIGHT, TABLE, TILT, WIDTH, area, at, blend, chance, clamp, dots, el, ellipse, f, group, lerp, outline,
  path,
  spline, stroke } from "./drink-pen.js";
import { read } from "./drink-recipe.js";

export { ingredientColour } from "./drink-facts.js";

/**
 * @typedef {import("./drink-recipe.js").Recipe} Recipe
 * @typedef {{size?: number, fit?: boolean, empty?: boolean, level?: number, title?: string, uid?: string}} Options
 *   `size` in px of height, small ones have less detail; `fit` trims the air over short glasses; `level` 0 to 1 of
 *   what is poured, below .95 without garnish; `title` for screen readers, which are told nothing without it; `uid`
 *   where the same drink stands on a page more than once
 */

/**
 * Well-formed XML without style attributes. Its parts are data-part="liquid", "ice" and "garnish".
 *
 * @param {Recipe} drink  @param {Options} [options]  @returns {string}
 */
export function drawDrink(drink, options = {}) {
  const recipe = read(drink ?? {}), level = clamp(Number(options.level ?? 1) || 0, 0, 1);
  const wet = !options.empty && level > 0.03, done = level > 0.95;
  const ctx = context(recipe, options, level);
  const { body, lid, glow } = wet ? drawLiquid(ctx) : DRY;
  const ice = wet ? drawIce(ctx, done) : { inside: "", above: "" };
  const garnish = wet && done ? drawGarnish(recipe.garnish, { ...ctx, top: ctx.mound ? crown(ctx) : ctx.top })
    : { back: "", inside: "", front: "" };
  const onTop = ctx.mound || ctx.solid;
  const inner = group({ "data-part": "liquid" }, body + group({ "data-part": "ice" }, ice.inside) + lid)
    + leaves(ctx, wet)
    + (onTop ? "" : garnish.inside);
  const parts = drawShadow(ctx, glow) + drawBack(ctx, wet) + group({ "data-part": "garnish" }, garnish.back)
    + (ctx.solid ? "" : group({ "clip-path": `url(#${ctx.id}c)` }, inner)) + ice.above + (onTop ? garnish.inside : "")
    + drawFront(ctx) + (wet && recipe.rim ? drawRim(ctx) : "") + group({ "data-part": "garnish" }, garnish.front);
  return `<svg xmlns="http://www.w3.org/2000/svg" class="dd" ${named(options.title)} `
    + `viewBox="${box(ctx, options.fit)}" `
    + `preserveAspectRatio="xMidYMax meet" overflow="visible"><defs>${ctx.defs.join("")}</defs>${parts}</svg>`;
}
const DRY = { body: "", lid: "", glow: "" };

/** The name is the only text of a host in a drawing. */
function named(/** @type {unknown} */ title) {
  if (title === undefined || title === null || title === "") return 'aria-hidden="true"';
  const text = (typeof title === "string" ? title : "").slice(0, 300).replace(
    /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[<>&"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `role="img" aria-label="${text}"`;
}

/** `fit` trims the air above short glasses; the base line stays. */
function box(/** @type {Drawing} */ { rim }, /** @type {boolean | undefined} */ fit) {
  const cut = fit ? Math.min(rim.y - 36, 62) : 0;
  return cut > 0 ? path`${cut * 0.4} ${cut} ${WIDTH - cut * 0.8} ${HEIGHT - cut}` : `0 0 ${WIDTH} ${HEIGHT}`;
}

function context(/** @type {import("./drink-recipe.js").Reading} */ recipe, /** @type {Options} */ options,
  /** @type {number} */ level) {
  const { glass, key, parts, ice } = recipe, { bowl } = glass;
  const rim = { y: bowl[0][0], r: bowl[0][1], ry: bowl[0][1] * TILT }, floor = bowl[bowl.length - 1][0];
  const height = Math.max(recipe.height * level, 0.08), y = floor - height * (floor - rim.y);
  const r = Math.max(1, halfWidth(bowl, y) - 0.6);
  const seed = hash(`${key} ${ice} ${parts.map(({ words, ml }) => words + ml.toFixed(1)).join()}`);
  const small = (Number(options.size) || 200) < 88;
  const id = `dd${seed.toString(36)}${hash(`${options.uid} ${options.empty} ${level} ${small}`).toString(36)}`;
  const inside = spline([...bowl.map(([at, half]) => /** @type {[number, number]} */ ([CX - half, at])),
    ...bowl.slice(0, -1).reverse().map(([at, half]) => /** @type {[number, number]} */ ([CX + half, at]))]);
  const mound = (ice === "crushed" || ice === "frozen") && level > 0.95;
  const solid = glass.skin !== undefined;
  const top = solid ? { y: rim.y + 2, r: rim.r - 5, ry: rim.ry - 1.4 } : { y, r, ry: r * TILT };
  const deep = rim.r > 30 && !/coupe|martini|margarita|nicknora|punch/.test(key);
  const narrow = glass.foot !== undefined && !deep;
  const clip = el("clipPath", { id: id + "c" }, el("path",
    { d: path`${inside}A${rim.r} ${rim.ry} 0 0 0 ${CX - rim.r} ${rim.y}Z` }));
  return { recipe, glass, key, bowl, rim, top, floor, small, id, inside, mound, solid, deep, narrow, rnd: chance(seed),
    defs: [clip], face: "" };
}
/** @typedef {ReturnType<typeof context>} Drawing */

/** @param {Drawing} ctx  @param {string} suffix  @param {[number, string, number?][]} stops */
function gradient(ctx, suffix, stops, upright = false) {
  const id = ctx.id + suffix;
  ctx.defs.push(el("linearGradient", { id, x1: 0, y1: 0, x2: upright ? 0 : 1, y2: upright ? 1 : 0 }, stops
    .map(([offset, colour, opacity = 1]) => el("stop", { offset, "stop-color": colour, "stop-opacity": opacity })).join(
      "")));
  return `url(#${id})`;
}

function drawShadow(/** @type {Drawing} */ { glass, bowl, floor }, /** @type {string} */ glow) {
  const r = glass.foot ?? halfWidth(bowl, floor - 12);
  return ellipse(CX, TABLE + 0.6, r * 1.12, 2.6, { fill: "#000", "fill-opacity": 0.22 })
    + (glow ? ellipse(CX + 3, TABLE + 1.6, r * 0.92, 2.2, { fill: glow, "fill-opacity": 0.32 }) : "");
}

// What is poured.

function drawLiquid(/** @type {Drawing} */ ctx) {
  const { top, floor, bowl, recipe, solid } = ctx, { layers } = recipe;
  const last = layers[layers.length - 1].colour, first = layers[0].colour;
  if (solid) return DRY;
  const wide = Math.max(...bowl.map(([, r]) => r)) + 2;
  const frame = { x: CX - wide, y: top.y, width: 2 * wide, height: floor - top.y + 2 };
  let body = el("rect", { ...frame, fill: "var(--dd-clear,rgba(150,180,175,.14))" })
    + el("rect", { ...frame, fill: gradient(ctx, "l", layers.length > 1 ? bands(layers) : depth(last), true) })
      + edges(ctx);
  // Roundness: darker towards both walls, a soft light on the left.
  const luma = last.rgb[0] * 0.0012 + last.rgb[1] * 0.0024, dark = 0.05
    + 0.2 * Math.max(last.alpha, first.alpha) * (1.3 - luma);
  body += el("rect", { ...frame, fill: gradient(ctx, "e",
    [[0, "#0a0604", dark + 0.12], [0.16, "#0a0604", 0], [0.3, "#fff8ea", 0.2],
    [0.42, "#fff8ea", 0], [0.76, "#0a0604", 0], [1, "#0a0604", dark + 0.08]]) });
  if (recipe.fizz) body += drawBubbles(ctx);
  const surface = recipe.foam ? drawFoam(ctx, recipe.foam, wide) : drawSurface(ctx, last);
  return { body: recipe.foam ? body : body + surface, lid: recipe.foam ? surface : "", glow: first.alpha > 0.15
    ? hex(first.rgb) : "" };
}

/**
 * One liquid: lighter at the top, deeper below.
 * @returns {[number, string, number][]}
 */
const depth = (/** @type {import("./drink-recipe.js").Colour} */ { rgb, alpha }) => [
  [0, hex(blend(rgb, [255, 244, 222], 0.13)), alpha * 0.92], [0.55, hex(rgb), alpha],
  [1, hex(rgb.map((value) => value * 0.8)), Math.min(1, alpha * 1.06)],
];

/** Several liquids, from the top down. */
function bands(/** @type {import("./drink-recipe.js").Layer[]} */ layers) {
  /** @type {[number, string, number][]} */
  const stops = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const { from, to, colour, soft } = layers[i], over = layers[i + 1], tone = hex(colour.rgb);
    // Half of a blur lies in each of the two that meet.
    const blur = (/** @type {boolean | undefined} */ run, /** @type {number} */ size) => run
      ? Math.min(size * 0.45, 0.16) : 0.004;
    stops.push([i === layers.length - 1 ? 0 : 1 - to + blur(over.soft, to - from), tone, colour.alpha],
      [i === 0 ? 1 : 1 - from - blur(soft, to - from), tone, colour.alpha]);
  }
  return stops;
}

/** Where two liquids meet sharply one looks down on a disc. */
function edges(/** @type {Drawing} */ { recipe: { layers }, bowl, top, floor }) {
  return layers.map(({ from, soft, colour }, i) => {
    if (i === 0 || soft) return "";
    const y = lerp(floor, top.y, from), r = halfWidth(bowl, y) + 1;
    return area(path`M${CX - r} ${y - 0.8}V${y}A${r} ${r * TILT} 0 0 0 ${CX + r} ${y}v-.8Z`, hex(colour.rgb),
      { "fill-opacity": colour.alpha });
  }).join("");
}

function drawSurface(/** @type {Drawing} */ { top }, /** @type {import("./drink-recipe.js").Colour} */ { rgb, alpha }) {
  return ellipse(CX, top.y, top.r, top.ry, { fill: hex(blend(rgb, [255, 248, 232], 0.3)),
    "fill-opacity": Math.min(1, alpha * 0.7 + 0.16) })
    + gleam(top);
}
const gleam = (/** @type {{y: number, r: number, ry: number}} */ { y, r, ry }) =>
  stroke(path`M${CX - r} ${y}A${r} ${ry} 0 0 0 ${CX + r} ${y}`, "#fffaf0", 0.9, { "stroke-opacity": 0.5 });

function drawFoam(/** @type {Drawing} */ ctx, /** @type {string} */ kind, /** @type {number} */ wide) {
  const { top, floor, bowl, recipe } = ctx, { rgb } = recipe.layers[recipe.layers.length - 1].colour;
  const tone = kind === "cream" ? [250, 241, 226] : kind === "crema" ? blend([206, 160, 108], rgb, 0.1)
    : blend([252, 247, 236], rgb, kind === "head" ? 0.08 : 0.16);
  const h = Math.min(13, (floor - top.y) * 0.24) * (kind === "head" ? 1.25 : 1), y = top.y + h;
  const r = halfWidth(bowl, y) + 2, dip = f(y + top.ry * 0.9 + 1);
  const band = path`M${CX - wide} ${top.y}H${CX + wide}V${y}Q${CX + r * 0.5} ${dip} ${CX} ${dip}T${CX - wide} ${y}Z`;
  return area(band, gradient(ctx, "f", [[0, hex(tone)], [1, hex(blend(tone, rgb, 0.3))]], true))
    + el("rect", { x: CX - wide, y: top.y, width: wide * 2, height: h + top.ry + 1, fill: gradient(ctx, "g",
      [[0, "#20140a", 0.26], [0.2, "#20140a", 0], [0.8, "#20140a", 0], [1, "#20140a", 0.24]]) })
    + ellipse(CX, top.y, top.r, top.ry, { fill: hex(blend(tone, [255, 255, 255], 0.3)) }) + gleam(top);
}

/** Beads that rise in threads in a narrow glass, and everywhere in a wide one. */
function drawBubbles(/** @type {Drawing} */ { rnd, top, floor, bowl, small, key }) {
  /** @type {[number, number, number][][]} */
  const sets = [[], []];
  const thread = key === "flute", from = top.y + top.ry + 3, r = small ? 1.4 : 0.6;
  for (let i = 0; i < (small ? 8 : thread ? 30 : 26); i++) {
    const t = rnd(), y = lerp(from, floor - 4, t), half = halfWidth(bowl, y) - 4;
    const x = thread ? ((i % 3) - 1) * half * 0.5 * (1 - t * 0.7) + (rnd() - 0.5) * 1.6 : (rnd() * 2 - 1) * half;
    if (half > 1) sets[i % 2].push([CX + x, y, r + rnd() * 0.7]);
  }
  const rings = Array.from({ length: small ? 0 : 9 }, (_, i) => /** @type {[number, number, number]} */ (
    [CX + Math.cos(i * 0.7 + rnd()) * top.r * 0.9, top.y + Math.sin(i * 0.7 + rnd()) * top.ry * 0.8, 0.6
      + rnd() * 0.6]));
  return area(dots(sets[0]), "#fffdf4", { "fill-opacity": 0.36 }) + area(dots([...sets[1], ...rings]), "#fffdf4",
    { "fill-opacity": 0.66 });
}

/** Mint and basil that were pressed in the glass. */
function leaves(/** @type {Drawing} */ { recipe, top, floor, bowl, rnd, solid }, /** @type {boolean} */ wet) {
  if (!wet || solid || !recipe.parts.some(({ words, ml }) => /\b(mint|basil)\b/.test(words) && ml > 0
    && ml < 5)) return "";
  let out = "";
  for (let i = 0; i < 5; i++) {
    const y = lerp(top.y + 26, floor - 8, (i + rnd()) / 5), half = Math.max(0, halfWidth(bowl, y) - 10);
    out += at(CX + (rnd() * 2 - 1) * half, y, rnd() * 300, area("M0 0C7 -4 9 -14 0 -23C-9 -14 -7 -4 0 0Z", i % 2
      ? "#4f8a44" : "#6aa653")
      + stroke("M0 -1V-20", "#e9f5cf", 0.8, { "stroke-opacity": 0.4 }), 0.66);
  }
  return group({ opacity: 0.72 }, out);
}

// Ice.

function drawIce(/** @type {Drawing} */ ctx, /** @type {boolean} */ done) {
  const none = { inside: "", above: "" }, { ice } = ctx.recipe;
  if (ice === "none" || (ctx.solid && !done)) return none;
  if (ctx.solid && ice !== "crushed" && ice !== "frozen") return { inside: "", above: poking(ctx) };
  if (ice === "large") return { inside: rock(ctx), above: "" };
  if (ice === "cubes") return { inside: cubes(ctx), above: "" };
  if (ice === "frozen") return { inside: "", above: done ? swirl(ctx) : "" };
  return { inside: ctx.solid ? "" : pebbles(ctx, done), above: done ? heap(ctx) : "" };
}

const EDGE = { stroke: "var(--dd-ice,#fff)", "stroke-width": 0.8, "stroke-linejoin": "round" };

function block(/** @type {Drawing} */ ctx, /** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ s,
  /** @type {number} */ turn) {
  ctx.face ||= gradient(ctx, "i", [[0, "#fff", 0.58], [0.3, "#fff", 0.22], [0.62, "#fff", 0.08], [1, "#fff", 0.3]],
    true);
  const light = path`M${-s * 0.32} ${s * 0.2}V${-s * 0.2}Q${-s * 0.32} ${-s * 0.33} ${-s * 0.18} ${-s * 0.33}`
    + path`H${s * 0.12}`;
  return at(x, y, turn, el("rect",
    { x: -s / 2, y: -s / 2, width: s, height: s, rx: s * 0.16, fill: ctx.face, "stroke-opacity": 0.5, ...EDGE })
    + (ctx.small ? "" : stroke(light, "#fff", 1.1, { "stroke-opacity": 0.6 })
      + stroke(path`M${s * 0.34} ${-s * 0.1}L${s * 0.1} ${s * 0.34}`, "#fff", 0.8, { "stroke-opacity": 0.16 })));
}

function rock(/** @type {Drawing} */ ctx) {
  const { top, floor, rim, bowl } = ctx, s = Math.min(halfWidth(bowl, floor - 20) * 1.24, 54);
  // It floats where there is depth enough, and stands on the floor where there is not.
  const x = CX - 4, y = Math.max(rim.y + s * 0.36, Math.min(top.y + s * 0.3, floor - s * 0.55));
  const lid = path`M${-s * 0.5} ${-s * 0.46}L${-s * 0.34} ${-s * 0.64}H${s * 0.46}L${s * 0.5} ${-s * 0.46}Z`;
  return at(x, y, -5, area(lid, "#fff", { "fill-opacity": 0.3, "stroke-opacity": 0.45, ...EDGE }))
    + block(ctx, x, y, s, -5);
}

function cubes(/** @type {Drawing} */ ctx) {
  const { top, floor, bowl, rnd } = ctx, s = Math.min(25, top.r * 0.86);
  let out = "", row = 0;
  for (let y = top.y + s * 0.24; (y < floor - s * 0.6 || row === 0) && row < 4; y += s * 0.98, row++) {
    const r = halfWidth(bowl, y), count = clamp(Math.floor((1.86 * r) / s), 1, 3);
    const pitch = count > 1 ? Math.min(s * 1.14, (2 * r - s * 1.06) / (count - 1)) : 0;
    const shift = (row % 2 ? 0.07 : -0.07) * s + (count === 1 ? (row % 2 ? 3 : -3) : 0);
    for (let k = 0; k < count; k++) {
      const x = CX + (k - (count - 1) / 2) * pitch + shift, low = y + ((k + row) % 2) * s * 0.2 + (rnd() - 0.5) * 3;
      out += block(ctx, x, low, s * (0.94 + rnd() * 0.1), -16 + rnd() * 32);
    }
  }
  return out;
}

/** Cubes that stand out of a mug nobody looks into. */
function poking(/** @type {Drawing} */ ctx) {
  const { rim } = ctx, s = Math.min(22, rim.r * 0.56);
  const body = [[-0.5, -1, -14], [0.52, -0.5, 12], [0.02, -4, 4]].map(
    ([x, y, turn]) => block(ctx, CX + x * rim.r, rim.y + y, s, turn)).join("");
  return group({ "data-part": "ice" }, el("g", {}, body));
}

/** A splinter of crushed ice. */
function chip(/** @type {() => number} */ rnd, /** @type {number} */ x, /** @type {number} */ y,
  /** @type {number} */ s) {
  const a = rnd() * 6.28;
  return "M" + [0, 1.57, 3.14, 4.71].map((turn) =>
    path`${x + Math.cos(a + turn) * s * (0.7 + rnd() * 0.5)} ${y + Math.sin(a + turn) * s * (0.6 + rnd() * 0.4)}`).join(
      "L") + "Z";
}

/** Crushed ice in the glass: four paths, from the brightest at the top to the faintest below. */
function pebbles(/** @type {Drawing} */ { rnd, top, rim, floor, bowl, small }, /** @type {boolean} */ done) {
  const shades = ["", "", "", ""], high = done ? rim.y + 3 : top.y;
  for (let i = 0; i < (small ? 30 : 104); i++) {
    const t = rnd(), y = lerp(high, floor - 6, t * 0.94), r = halfWidth(bowl, y) - 3;
    const dry = y < top.y ? 0 : 1 + Math.floor(((y - top.y) / (floor - top.y)) * 2.9);
    shades[clamp(dry, 0, 3)] += chip(rnd, CX + (rnd() * 2 - 1) * r, y, (small ? 5 : 3.4) + rnd() * 2);
  }
  const dryIce = done ? el("rect",
    { x: CX - 60, y: rim.y, width: 120, height: Math.max(0, top.y - rim.y), fill: "#e9f0ee", "fill-opacity": 0.34 })
    : "";
  return dryIce + shades.map((d, i) => d && area(
    d, "#fff", { "fill-opacity": [0.46, 0.36, 0.24, 0.14][i], "stroke-opacity": 0.28, ...EDGE, "stroke-width": 0.6 }))
    .join("");
}

const dome = (/** @type {Drawing} */ { rim }, /** @type {number} */ h) =>
  path`M${CX - rim.r + 2} ${rim.y + 0.5}C${CX - rim.r * 0.8} ${rim.y - h} ${CX + rim.r * 0.8} ${rim.y - h} `
  + path`${CX + rim.r - 2} ${rim.y + 0.5}A${rim.r - 2} ${rim.ry} 0 0 1 ${CX - rim.r + 2} ${rim.y + 0.5}Z`;

/** Where things lie on a mound. */
const crown = (/** @type {Drawing} */ { rim }) => ({ y: rim.y - 6, r: rim.r * 0.7, ry: rim.ry });

function heap(/** @type {Drawing} */ ctx) {
  const { rim, rnd, small } = ctx, h = Math.min(13, rim.r * 0.36), shades = ["", "", ""];
  for (let i = 0; i < (small ? 12 : 42); i++) {
    const a = rnd() * Math.PI, k = Math.sqrt(rnd()) * 0.92;
    shades[i % 3] += chip(rnd, CX + Math.cos(a) * rim.r * k * 0.92, rim.y + 1 - Math.sin(a) * h * k * 0.9,
      (small ? 4.6 : 3.2) + rnd() * 1.8);
  }
  const fill = gradient(ctx, "m", [[0, "#fbfdfb", 0.95], [1, "#cfd9d6", 0.8]], true);
  return group({ "data-part": "ice" }, area(dome(ctx, h * 1.25), fill, { "stroke-opacity": 0.45, ...EDGE })
    + shades.map((d, i) => area(d, i === 1 ? "#b9c7c4" : "#fff",
      { "fill-opacity": [0.75, 0.5, 0.5][i], "stroke-opacity": 0.4, ...EDGE, "stroke-width": 0.6 }))
      .join(""));
}

/** What comes out of a blender stands over the rim. */
function swirl(/** @type {Drawing} */ ctx) {
  const { rim, recipe } = ctx, { rgb } = recipe.layers[recipe.layers.length - 1].colour, h = Math.min(15, rim.r * 0.46);
  const light = hex(blend(rgb, [255, 255, 250], 0.5));
  const line = (/** @type {number} */ k) =>
    path`M${CX - rim.r * k} ${rim.y - h * (0.98 - k)}Q${CX} ${rim.y - h * (1.5 - k)} `
      + path`${CX + rim.r * k * 0.9} ${rim.y - h * (1.06 - k)}`;
  return area(dome(ctx, h * 1.25), gradient(ctx, "m", [[0, light], [1, hex(rgb)]], true))
    + stroke(line(0.72) + line(0.44), hex(rgb.map((value) => value * 0.86)), 1.1, { "stroke-opacity": 0.55 });
}

// Glass, metal and clay.

const SKINS = {
  copper: { stops: ["#5f2c17", "#c5764c", "#efb48c", "#b9683f", "#7a3a20", "#4b2111"], lip: "#f3c6a4",
    inside: "#5d2c18" },
  silver: { stops: ["#6d736f", "#c6cbc6", "#f4f5f1", "#b3b9b4", "#7d8480", "#565c59"], lip: "#ffffff",
    inside: "#6f7572" },
  clay: { stops: ["#5a3c20", "#a97d47", "#d9b47a", "#a77a44", "#744f29", "#4a2f17"], lip: "#f0d7a8",
    inside: "#3a2514" },
};

const arc = (/** @type {{y: number, r: number, ry: number}} */ { y, r, ry }, /** @type {0 | 1} */ back) =>
  path`M${CX - r} ${y}A${r} ${ry} 0 0 ${back} ${CX + r} ${y}`;

function drawBack(/** @type {Drawing} */ { rim, glass, inside, top, recipe }, /** @type {boolean} */ wet) {
  if (glass.skin) {
    const { rgb } = recipe.layers[recipe.layers.length - 1].colour;
    return ellipse(CX, rim.y, rim.r, rim.ry, { fill: SKINS[glass.skin].inside })
      + (wet ? ellipse(CX, top.y, top.r, top.ry, { fill: hex(blend(rgb, [90, 60, 40], 0.3)) }) : "");
  }
  return area(path`${inside}A${rim.r} ${rim.ry} 0 0 0 ${CX - rim.r} ${rim.y}Z`, "var(--dd-glass,rgba(160,185,180,.1))")
    + outline(arc(rim, 1), 0.42);
}

function drawFront(/** @type {Drawing} */ ctx) {
  const { glass, bowl, rim, floor } = ctx;
  if (glass.skin) return drawSkin(ctx, SKINS[glass.skin]);
  const shine = (/** @type {number} */ side, /** @type {number} */ inset, /** @type {number} */ from,
    /** @type {number} */ to) =>
    spline([0, 0.25, 0.5, 0.75, 1].map((t) => {
      const y = lerp(rim.y, floor, lerp(from, to, t));
      return [CX + side * Math.max(0, halfWidth(bowl, y) - inset), y];
    }));
  return (glass.foot ? drawStem(ctx, glass.foot) : drawWalls(ctx)) + (glass.handle ? drawHandle(ctx, glass.handle) : "")
    + outline(arc(rim, 0), 0.8)
    + stroke(shine(-1, Math.max(3.4, rim.r * 0.14), 0.1, 0.66), "#fff", 2, { "stroke-opacity": 0.42 })
    + stroke(shine(1, Math.max(2.8, rim.r * 0.1), 0.16, 0.5), "#fff", 1.2, { "stroke-opacity": 0.2 });
}

function drawStem(/** @type {Drawing} */ { bowl, floor }, /** @type {number} */ F) {
  const s = 2.1, y0 = floor - 1.2, y1 = TABLE - 2.4, mid = f(lerp(y0, y1, 0.6));
  const half = (/** @type {number} */ k) =>
    path`C${CX + k * s} ${y0 + 4} ${CX + k * s} ${y0 + 8} ${CX + k * (s - 0.2)} ${mid}`
    + path`C${CX + k * s} ${y1 - 7} ${CX + k * 6} ${y1 - 3.4} ${CX + k * F} ${y1}`;
  const back = path`C${CX + 6} ${y1 - 3.4} ${CX + s} ${y1 - 7} ${CX + s - 0.2} ${mid}`
    + path`C${CX + s} ${y0 + 8} ${CX + s} ${y0 + 4} ${CX + s + 2.4} ${y0 - 1}`;
  const stem = path`M${CX - s - 2.4} ${y0 - 1}${half(-1)}A${F} 3 0 0 0 ${CX + F} ${y1}${back}`;
  return area(stem + "Z", "var(--dd-glass,rgba(160,185,180,.1))") + outline(stem, 0.62)
    + outline(spline(mirrored(bowl, 0)))
    + (y1 - y0 > 26 ? stroke(path`M${CX - 0.7} ${y0 + 6}V${y1 - 9}`, "#fff", 1, { "stroke-opacity": 0.3 }) : "");
}

/**
 * Down the left wall, up the right one.
 * @returns {[number, number][]}
 */
const mirrored = (/** @type {[number, number][]} */ bowl, /** @type {number} */ wall) => [
  ...bowl.map(([y, r]) => /** @type {[number, number]} */ ([CX - r - wall, y])),
  ...bowl.slice(0, -1).reverse().map(([y, r]) => /** @type {[number, number]} */ ([CX + r + wall, y])),
];

function drawWalls(/** @type {Drawing} */ { bowl, rim }) {
  const wall = 1.8, b = Math.max(10, bowl[bowl.length - 4][1] + 1.6), y = TABLE - 2.2;
  /** @type {[number, number][]} */
  const left = [...bowl.slice(0, -3).map(([at, r]) => /** @type {[number, number]} */ ([CX - r - wall, at])),
    [CX - b + 0.4, y - 4]];
  const right = [...left].reverse().map(([x, at]) => /** @type {[number, number]} */ ([2 * CX - x, at]));
  const bottom = path`Q${CX - b} ${y} ${CX - b + 5} ${y + 0.9}Q${CX} ${y + 3.4} ${CX + b - 5} ${y + 0.9}`
    + path`Q${CX + b} ${y} ${CX + b - 0.4} ${y - 4}`;
  return outline(spline(left) + bottom + spline(right).replace("M", "L"), 0.78)
    + outline(spline(mirrored(bowl.slice(-4), 0)), 0.3)
    + outline(arc({ y: rim.y, r: rim.r + wall, ry: rim.ry + 0.4 }, 1), 0.26)
    + stroke(path`M${CX - b + 9} ${y - 0.6}Q${CX - b * 0.4} ${y + 1.4} ${CX} ${y + 1.2}`, "#fff", 1.1,
      { "stroke-opacity": 0.4 });
}

function drawHandle(/** @type {Drawing} */ { bowl }, /** @type {[number, number]} */ [y0, y1], metal = "") {
  const x0 = CX + halfWidth(bowl, y0) + 0.6, x1 = CX + halfWidth(bowl, y1) + 0.6, out = Math.max(x0, x1) + 21;
  const d = path`M${x0} ${y0}C${out} ${y0 - 4} ${out + 1} ${y1 + 2} ${x1} ${y1}`;
  if (metal) return stroke(d, metal, 6) + stroke(d, "#fff", 1.4,
    { "stroke-opacity": 0.3, transform: "translate(-1.2 -1)" });
  return outline(d, 0.66) + outline(path`M${x0} ${y0 + 6}C${out - 6} ${y0 + 3} ${out - 6} ${y1 - 5} ${x1} ${y1 - 6}`,
    0.5);
}

function drawSkin(/** @type {Drawing} */ ctx, /** @type {typeof SKINS.copper} */ { stops, lip }) {
  const { rim, glass, floor, bowl } = ctx;
  const body = path`${ctx.inside}A${rim.r} ${rim.ry} 0 0 1 ${CX - rim.r} ${rim.y}Z`;
  const band = (/** @type {number} */ y, opacity = 0.3, width = 1) => {
    const r = halfWidth(bowl, y) - 0.4;
    return stroke(arc({ y, r, ry: r * TILT }, 0), lip, width, { "stroke-opacity": opacity, "stroke-linecap": "butt" });
  };
  let out = (glass.handle ? drawHandle(ctx, glass.handle, stops[3]) : "")
    + area(body, gradient(ctx, "s", stops.map((colour, i) => [[0, 0.16, 0.3, 0.52, 0.8, 1][i], colour])))
    + area(body, gradient(ctx, "t", [[0, "#fff", 0.1], [0.5, "#000", 0], [1, "#000", 0.28]], true));
  if (glass.skin === "silver") out += band(rim.y + 7, 0.5) + band(rim.y + 10, 0.25) + band(floor - 14, 0.4);
  if (glass.skin === "copper") out += band(rim.y + 4.5);
  if (glass.skin === "clay") for (const y of [112, 154]) out += band(y - 4, 0.2) + band(y, 0.55, 1.3)
    + band(y + 4, 0.2);
  if (glass.skin === "clay") out += stroke(carved(bowl), lip, 1.5, { "stroke-opacity": 0.4 });
  return out + stroke(arc(rim, 0), lip, 1.4, { "stroke-opacity": 0.9 });
}

/** Bamboo is cut between its knots. */
const carved = (/** @type {[number, number][]} */ bowl) => [84, 124, 166].flatMap((y) =>
  [-0.62, -0.36, 0, 0.36, 0.62].map((x, i) => {
  const r = halfWidth(bowl, y);
  return path`M${CX + x * r} ${y + Math.sqrt(1 - x * x) * r * TILT}v${i % 2 ? 10 : 16}`;
})).join("");

const RIMS = { salt: ["#ffffff", "#dfe6e4"], sugar: ["#fffaf0", "#efe2c4"], cocoa: ["#6b4024", "#4c2a16"],
  chili: ["#d9502c", "#b33a1c"] };

function drawRim(/** @type {Drawing} */ { recipe, rim, rnd, small }) {
  const [light, dark] = RIMS[recipe.rim || "salt"], sets = /** @type {[number, number, number][][]} */ ([[], []]);
  for (let i = 0; i < (small ? 24 : 80); i++) {
    const a = Math.PI * rnd(), y = rim.y + Math.sin(a) * rim.ry + (rnd() - 0.4) * 3.6;
    sets[i % 2].push([CX + Math.cos(a) * (rim.r + 1), y, (small ? 1.1 : 0.6) + rnd() * 0.7]);
  }
  const ring = arc({ y: rim.y, r: rim.r + 1, ry: rim.ry }, 0);
  // White on paper is seen by its edge.
  return stroke(ring, "var(--dd-ice,#fff)", 4.4, { "stroke-opacity": 0.4 }) + stroke(ring, dark, 3.4)
    + area(dots(sets[1]), dark, { "stroke-opacity": 0.5, ...EDGE, "stroke-width": 0.4 })
    + area(dots(sets[0]), light, { "stroke-opacity": 0.5, ...EDGE, "stroke-width": 0.4 });
}
