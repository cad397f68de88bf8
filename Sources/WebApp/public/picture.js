// @ts-check
// A picture of a drink, always: its photo, or the glass drawn from the recipe, which stands there until the photo has
// come, and stays where it does not come.
//
//   picture(drink, {size, level, empty, fit, hidden, lazy}) -> Element, as large as the .stand it is put into
//
// size    px of height it is shown at; small ones have less detail
// level   0 to 1: how full; below .95 without garnish (being mixed)
// empty   the glass alone (in line, or sold out). With `level` or `empty` the glass says how things are, and it is
//         drawn even where there is a photo
// fit     trims the air over short glasses (lists, tickets)
// hidden  for where the name stands beside it: screen readers are not told
// lazy    draws when it is nearly in view, for long menus; until then the place is empty

import { drawDrink } from "./drink-drawing.js";

/**
 * @typedef {import("./drink-drawing.js").Recipe & {image_url?: string | null}} Pictured
 * @typedef {{size?: number, level?: number, empty?: boolean, fit?: boolean, hidden?: boolean, lazy?: boolean}} Options
 */

/** @param {Pictured | null | undefined} drink  @param {Options} [options]  @returns {HTMLElement} */
export function picture(drink, options = {}) {
  const box = document.createElement("span");
  box.className = "picture";
  box.dataset.shows = "drawing";
  if (options.hidden) box.setAttribute("aria-hidden", "true");
  const fill = () => show(box, drink ?? { name: "" }, options);
  if (options.lazy && typeof IntersectionObserver === "function") whenNear(box, fill);
  else fill();
  return box;
}

function show(/** @type {HTMLElement} */ box, /** @type {Pictured} */ drink, /** @type {Options} */ options) {
  const { level = 1, empty = false } = options, title = options.hidden ? undefined : drink.name;
  box.replaceChildren(drawing(drink, { ...options, title }));
  if (drink.image_url && !empty && level >= 1) box.append(photo(box, drink.image_url, title ?? ""));
}

/**
 * What was drawn already without a name, to be copied when a list is shown anew.
 * @type {WeakMap<object, Map<string, Element>>}
 */
const drawn = new WeakMap();
let pictures = 0;

/** A gradient of a picture that is hidden serves no other: each has its own, though the same drink is there twice. */
const nextId = () => String(pictures++);

function drawing(/** @type {Pictured} */ drink, /** @type {import("./drink-drawing.js").Options} */ options) {
  const { size = 200, level = 1, empty, fit, title } = options;
  if (title) return draw(drink, options);
  const copies = drawn.get(drink) ?? new Map(), key = [size < 88, level, empty, fit].join();
  const copy = copies.get(key)?.cloneNode(true);
  if (copy) return withOwnIds(copy);
  const first = draw(drink, options);
  drawn.set(drink, copies.set(key, first));
  return first;
}

function draw(/** @type {Pictured} */ drink, /** @type {import("./drink-drawing.js").Options} */ options) {
  const template = document.createElement("template"); // Several times as fast as a parser of XML.
  template.innerHTML = drawDrink(drink, { ...options, uid: nextId() });
  return /** @type {Element} */ (template.content.firstElementChild);
}

function withOwnIds(/** @type {Element} */ svg) {
  const own = `-${nextId()}`;
  for (const part of svg.querySelectorAll("[id], [fill^='url('], [clip-path]")) {
    if (part.id) part.id += own;
    for (const name of ["fill", "clip-path"]) {
      const value = part.getAttribute(name);
      if (value?.startsWith("url(")) part.setAttribute(name, value.replace(")", `${own})`));
    }
  }
  return svg;
}

/** Seen once it is whole, so that it never leaves a hole. */
function photo(/** @type {HTMLElement} */ box, /** @type {string} */ source, /** @type {string} */ name) {
  const image = document.createElement("img");
  image.className = "photo";
  image.decoding = "async";
  image.addEventListener("load", () => {
    image.alt = name;
    box.dataset.shows = "photo";
    box.querySelector("svg")?.setAttribute("aria-hidden", "true");
  });
  image.addEventListener("error", () => image.remove());
  image.alt = "";
  image.src = source;
  return image;
}

/** @type {IntersectionObserver | undefined} */
let eye;
/** @type {Map<Element, () => void>} */
const waiting = new Map();
/** @type {Element[]} */
const near = [];

function whenNear(/** @type {Element} */ box, /** @type {() => void} */ fill) {
  eye ??= new IntersectionObserver((entries) => {
    const idle = near.length === 0;
    for (const { isIntersecting, target } of entries) if (isIntersecting) near.push(target);
    if (idle && near.length) requestAnimationFrame(drawSome);
  }, { rootMargin: "600px 0px" });
  waiting.set(box, fill);
  eye.observe(box);
}

/** As many as fit in a frame, so that a finger never waits for pictures. */
function drawSome() {
  const end = performance.now() + 8;
  while (near.length && performance.now() < end) {
    const box = /** @type {Element} */ (near.shift());
    eye?.unobserve(box);
    waiting.get(box)?.();
    waiting.delete(box);
  }
  if (near.length) requestAnimationFrame(drawSome);
}
