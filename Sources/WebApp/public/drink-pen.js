// @ts-check
// The pen of the drawings: SVG as text, of numbers and known words only. The sheet is 160 x 200, and every glass stands
// on y = 198, so that a drawing can stand on any line. No style attributes, for a strict Content-Security-Policy.

export const CX = 80, WIDTH = 160, HEIGHT = 200, TABLE = 198;
/** How far one looks down on a circle: its height by its width. */
export const TILT = 0.115;

/** @typedef {[number, number]} Point */
/** @typedef {Record<string, string | number | undefined>} Attributes */

/** A number in a drawing. */
export const f = (/** @type {number} */ value) => Math.round(value * 10) / 10;
/**
 * path`M${x} ${y}`, its numbers made short.
 * @param {TemplateStringsArray} text  @param {(number | string)[]} parts
 */
export function path(text, ...parts) {
  let d = text[0];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    d += (typeof part === "number" ? f(part) : part) + text[i + 1];
  }
  return d;
}
export const lerp = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ t) => a + (b - a) * t;
export const clamp = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
  Math.min(most, Math.max(least, value));

/** @param {string} name  @param {Attributes} attributes  @param {string} [body] */
export function el(name, attributes, body) {
  let text = "<" + name;
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined || value === "") continue;
    text += ` ${key}="${typeof value === "number" ? Math.round(value * 100) / 100 : value}"`;
  }
  return text + (body === undefined ? "/>" : `>${body}</${name}>`);
}

/** @param {string} d  @param {string} fill  @param {Attributes} [more] */
export const area = (d, fill, more) => el("path", { d, fill, ...more });
/** @param {string} d  @param {string} stroke  @param {number} width  @param {Attributes} [more] */
export const stroke = (d, stroke, width, more) =>
  el("path", { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", ...more });
/** @param {Attributes} attributes  @param {string} body */
export const group = (attributes, body) => (body ? el("g", attributes, body) : "");
/** @param {number} x  @param {number} y  @param {number} turn  @param {string} body  @param {number} [scale] */
export function at(x, y, turn, body, scale = 1) {
  const turned = turn ? path` rotate(${turn})` : "", scaled = scale === 1 ? "" : ` scale(${+scale.toFixed(2)})`;
  return group({ transform: path`translate(${x} ${y})${turned}${scaled}` }, body);
}
/** @param {number} cx  @param {number} cy  @param {number} rx  @param {number} ry  @param {Attributes} [more] */
export const ellipse = (cx, cy, rx, ry, more) =>
  el("ellipse", { cx, cy, rx: Math.max(0, rx), ry: Math.max(0, ry), ...more });

/**
 * The outline of a glass: equally fine at any size.
 * @param {string} d  @param {number} [opacity]
 */
export const outline = (d, opacity = 0.72) => stroke(d, "var(--dd-line,currentColor)", 1.25, {
  "stroke-opacity": opacity, "stroke-linejoin": "round", "vector-effect": "non-scaling-stroke",
});

/**
 * Circles as one path: one node for a hundred bubbles.
 * @param {[number, number, number][]} list
 */
export const dots = (list) => list.map(([x, y, r]) => {
  const d = f(2 * r);
  return path`M${x - r} ${y}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 ${-d} 0`;
}).join("");

/**
 * A smooth line through points.
 * @param {Point[]} points
 */
export function spline(points) {
  let d = path`M${points[0][0]} ${points[0][1]}`;
  for (let i = 0; i < points.length - 1; i++) {
    const [a, b, c, e] = [points[i - 1] ?? points[i], points[i], points[i + 1], points[i + 2] ?? points[i + 1]];
    d += path`C${b[0] + (c[0] - a[0]) / 6} ${b[1] + (c[1] - a[1]) / 6} `
      + path`${c[0] - (e[0] - b[0]) / 6} ${c[1] - (e[1] - b[1]) / 6} ${c[0]} ${c[1]}`;
  }
  return d;
}

/**
 * Always the same chance for the same seed.
 * @param {number} seed
 */
export function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number[]} a  @param {number[]} b  @param {number} t */
export const blend = (a, b, t) => a.map((value, i) => lerp(value, b[i], t));
