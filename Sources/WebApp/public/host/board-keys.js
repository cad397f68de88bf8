// @ts-check
// What the keys do on the board, and a switch: who steers by voice or with a trembling hand wants no single letters.

import { make } from "../dom.js";
import { openSheet } from "../sheet.js";
import { recall, remember } from "../storage.js";
import { t } from "../words.js";
import { closing } from "./board-sheets.js";

const KEYS = /** @type {[string, string][]} */ ([
  ["1", "start"], ["2", "finish"], ["3", "taken"], ["B", "batch"], ["U", "undo"], ["G", "guest"], ["P", "pause"],
  ["S", "sound"], ["?", "keys"],
]);
const ALWAYS = /** @type {[string, string][]} */ ([
  ["↑ ↓ ← →", "walk"], ["Enter", "enter"], ["Ctrl Z", "undo"], ["Esc", "close"],
]);

export function openKeys() {
  const table = (/** @type {[string, string][]} */ keys) => make("dl", { class: "keys" }, ...keys.map(([key, does]) => [
    make("dt", {}, ...key.split(" ").map((one) => make("kbd", {}, one))), make("dd", {}, t(`board.key.${does}`)),
  ]).flat());
  const chip = make("button", { type: "button", class: "chip", onclick: () => {
    remember("shortcuts", !recall("shortcuts", true));
    show();
  } });
  function show() {
    const isOn = recall("shortcuts", true);
    chip.setAttribute("aria-pressed", String(isOn));
    chip.textContent = t(isOn ? "settings.on" : "settings.off");
  }
  show();
  openSheet(make("div", { class: "sheet-body board-sheet" }, closing(),
    make("h1", { class: "display-type", tabindex: "-1" }, t("board.keys")),
    table(ALWAYS),
    make("fieldset", {}, make("legend", { class: "label" }, t("board.singleKeys")),
      make("div", { class: "chips" }, chip)),
    table(KEYS)), { label: t("board.keys") });
}
