// @ts-check
// One family of icons: a grid of 24, a line of 1.6 (base.css), round ends, nothing filled.
// icon("search") -> SVG element, hidden from screen readers: what holds it has the name. drawn(path) -> one of that path.

const SHAPES = {
  search: "M16.5 10.5a6 6 0 1 1-12 0a6 6 0 1 1 12 0M15 15l5 5",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  clock: "M20 12a8 8 0 1 1-16 0a8 8 0 1 1 16 0M12 7.5V12l3 2",
  back: "M14.5 5.5L8 12l6.5 6.5",
  next: "M9.5 5.5L16 12l-6.5 6.5",
  up: "M5.5 14.5L12 8l6.5 6.5",
  down: "M5.5 9.5L12 16l6.5-6.5",
  undo: "M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3",
  again: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4.5h-4.5",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5a2.2 2.2 0 0 0 4 0",
  quiet: "M6 16v-5a6 6 0 0 1 9-5.2M18 11v5l1.5 2h-15M10 20.5a2.2 2.2 0 0 0 4 0M4 4l16 16",
  note: "M5 5h14v10l-4 4H5zM15 19v-4h4M8.5 9.5h7M8.5 13h4",
  menu: "M5 7h14M5 12h14M5 17h9",
  settings: "M4 8h8.5M17.5 8H20M4 16h2.5M11.5 16H20M17.5 8a2.5 2.5 0 1 1-5 0a2.5 2.5 0 1 1 5 0"
    + "M11.5 16a2.5 2.5 0 1 1-5 0a2.5 2.5 0 1 1 5 0",
  heart: "M12 19.5C6.5 15.5 4 12.5 4 9.4A4.2 4.2 0 0 1 12 7.6A4.2 4.2 0 0 1 20 9.4"
    + "C20 12.5 17.5 15.5 12 19.5z",
  dice: "M6.5 4.5h11a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2z"
    + "M9 9v.01M15 15v.01M12 12v.01M15 9v.01M9 15v.01",
  offline: "M4 10a12 12 0 0 1 4-2.5M20 10a12 12 0 0 0-8-3M7.5 13.5a7 7 0 0 1 3-1.6"
    + "M16.5 13.5a7 7 0 0 0-1.5-1M12 17.5v.01M4 4l16 16",
  glass: "M5 6h14l-7 7.5zM12 13.5V20M8.5 20h7",
  person: "M15.5 8.5a3.5 3.5 0 1 1-7 0a3.5 3.5 0 1 1 7 0M5 20a7 7 0 0 1 14 0",
  people: "M12 9a3 3 0 1 1-6 0a3 3 0 1 1 6 0M3.5 19a5.5 5.5 0 0 1 11 0M15.5 6.4a3 3 0 0 1 0 5.2"
    + "M17 14a5.5 5.5 0 0 1 3.5 5",
  moon: "M19 14.5A8 8 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z",
  sun: "M16 12a4 4 0 1 1-8 0a4 4 0 1 1 8 0M12 3.5v1.5M12 19v1.5M3.5 12h1.5M19 12h1.5"
    + "M6 6l1 1M17 17l1 1M6 18l1-1M17 7l1-1",
  leaf: "M5 19C5 10 10 5 19.5 4.5C20 14 15 19 8.5 18M5 19c2-4 5-7 9-9",
  more: "M6 12v.01M12 12v.01M18 12v.01",
};

/** @typedef {keyof typeof SHAPES} IconName */

const SVG = "http://www.w3.org/2000/svg";

/** @param {IconName} name  @param {{small?: boolean}} options  @returns {SVGSVGElement} */
export const icon = (name, options = {}) => drawn(SHAPES[name] ?? "", options);

/** @param {string} shape  @param {{small?: boolean}} options  @returns {SVGSVGElement} */
export function drawn(shape, { small = false } = {}) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", small ? "icon small" : "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", shape);
  svg.append(path);
  return svg;
}
