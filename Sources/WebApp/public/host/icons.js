// @ts-check
// The icons that only the host's pages have, beside those of icons.js.

import { drawn, icon as common } from "../icons.js";

const SHAPES = {
  board: "M4.5 4.5h4v15h-4zM10 4.5h4v10h-4zM15.5 4.5h4v6h-4z",
  shelf: "M4 19.5h16M6 19.5v-9l1.5-2V5h2v3.5l1.5 2v9M14 19.5v-7h4v7",
  house: "M4.5 11L12 4.5l7.5 6.5M6.5 9.5v10h11v-10M10 19.5v-5h4v5",
  system: "M3.5 12.5H8l2.5-6 3.5 11 2.5-5h4",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.5v13l10-6.5z",
  keys: "M3.5 6.5h17v11h-17zM7 10v.01M10.3 10v.01M13.7 10v.01M17 10v.01M8 14h8",
  out: "M13 4.5H5.5v15H13M10.5 12h9.5M16.5 8.5L20 12l-3.5 3.5",
  drag: "M9 7v.01M15 7v.01M9 12v.01M15 12v.01M9 17v.01M15 17v.01",
  print: "M7 9V4.5h10V9M7 16H4.5V9h15v7H17M7 13.5h10v6H7z",
  copy: "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
  photo: "M4 7.5h4l1.5-2.5h5L16 7.5h4v11H4zM15 12.7a3 3 0 1 1-6 0a3 3 0 1 1 6 0",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  bin: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  history: "M4.5 12a7.5 7.5 0 1 0 2.3-5.4M4.5 3.5V8H9M12 8v4.3l3 1.7",
};

/**
 * @param {keyof typeof SHAPES | import("../icons.js").IconName} name
 * @param {{small?: boolean}} options
 * @returns {SVGSVGElement}
 */
export function icon(name, options = {}) {
  if (Object.hasOwn(SHAPES, name)) return drawn(SHAPES[/** @type {keyof typeof SHAPES} */ (name)], options);
  return common(/** @type {import("../icons.js").IconName} */ (name), options);
}
