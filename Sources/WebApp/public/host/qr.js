// @ts-check
// A code that a phone's camera reads, as the bar draws it: black on white in either room, or no phone finds it.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {{side: number, path: string}} Drawing */

/** @param {Drawing} drawing  @param {string} label  @returns {SVGSVGElement} */
export function qr({ side, path }, label) {
  const svg = /** @type {SVGSVGElement} */ (element("svg", {
    class: "qr", viewBox: `0 0 ${side} ${side}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges",
  }));
  svg.append(element("rect", { width: side, height: side, fill: "#fff" }), element("path", { d: path, fill: "#000" }));
  return svg;
}

function element(/** @type {string} */ name, /** @type {Record<string, string | number>} */ attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
