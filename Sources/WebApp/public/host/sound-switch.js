// @ts-check
// The bell for a new order: whether it rings is the reader's choice, whether it can is the browser's.
//
//   soundSwitch(signal) -> {element, ring(), toggle(), closed()}     a button: on, off, or waiting for a tap

import { make } from "../dom.js";
import { prefs } from "../prefs.js";
import { canSound, ring, unlockSound } from "../sound.js";
import { t } from "../words.js";
import { icon } from "./icons.js";

/** Lower than what guests hear, and once more. */
const BELL = /** @type {import("../sound.js").Note[]} */ ([[0, 880], [.16, 1174.7], [.5, 880]]);
const LOOK_MILLISECONDS = 1000;

export function soundSwitch(/** @type {AbortSignal} */ signal) {
  const words = make("span", { class: "wide-only" });
  const element = make("button", { type: "button", class: "icon-button sound", onclick: press });
  let state = "";

  const now = () => !prefs.get("sound") ? "off" : canSound() ? "on" : "locked";

  function show() {
    if (now() === state) return;
    state = now();
    element.replaceChildren(icon(state === "on" ? "bell" : "quiet"), words);
    words.textContent = state === "locked" ? t("board.sound.tap") : "";
    element.classList.toggle("asks", state === "locked");
    element.setAttribute("aria-label", t(`board.sound.${state}`));
  }

  function press() {
    const wasLocked = state === "locked";
    unlockSound();
    if (!wasLocked) prefs.set({ sound: !prefs.get("sound") });
    if (prefs.get("sound")) ring(BELL);
    show();
  }

  function touched(/** @type {Event} */ event) {
    if (event.target instanceof Node && element.contains(event.target)) return; // It does so by itself.
    unlockSound();
    show();
  }
  for (const name of ["pointerup", "keydown"]) document.addEventListener(name, touched, { signal });
  prefs.addEventListener("change", show, { signal });
  // A browser says nothing of when it lets a page sound, and when no longer.
  const timer = setInterval(show, LOOK_MILLISECONDS);
  if (/** @type {any} */ (navigator).userActivation?.hasBeenActive) unlockSound();
  show();

  return {
    element,
    ring: () => { if (prefs.get("sound")) ring(BELL); },
    toggle: press,
    closed: () => clearInterval(timer),
  };
}
