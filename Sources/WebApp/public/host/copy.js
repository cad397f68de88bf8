// @ts-check
// Puts a text on the clipboard, also on plain http, where browsers have no navigator.clipboard.
//
//   await copy(text) -> boolean

import { make } from "../dom.js";

export async function copy(/** @type {string} */ text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { return copyBySelection(text); }
}

/** A dialog keeps the focus within itself: the selection is made there. */
function copyBySelection(/** @type {string} */ text) {
  const focused = document.activeElement;
  const area = /** @type {HTMLTextAreaElement} */ (make("textarea", {
    class: "visually-hidden", readonly: true, "aria-hidden": "true", tabindex: "-1",
  }));
  area.value = text;
  ([...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body).append(area);
  area.select();
  let isDone = false;
  try { isDone = document.execCommand("copy"); } catch { /* Then by hand. */ }
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isDone;
}
