// @ts-check
// The house: what holds for the whole bar, who works here, and the keys that programs come with.

import { make } from "../dom.js";
import { t } from "../words.js";
import { accountsPart } from "./accounts.js";
import { head } from "./head.js";
import { keysPart } from "./keys.js";
import { settingsPart } from "./settings.js";

const RETRY_MILLISECONDS = 3000;

/** @param {any} context */
export function houseView(context) {
  /** @type {{element: HTMLElement, read: () => Promise<boolean>, closed?: () => void}[]} */
  const parts = [settingsPart(context), accountsPart(context), keysPart(context)];
  const [settings, accounts, keys] = parts.map(({ element }) => element);
  /** What could not be read is asked for again: nothing else says that it can be by now. */
  async function readPart(/** @type {typeof parts[number]} */ part) {
    if (!await part.read()) setTimeout(() => { if (!context.signal.aborted) readPart(part); }, RETRY_MILLISECONDS);
  }
  const read = () => { for (const part of parts) readPart(part); };
  context.feed.addEventListener("missed", read, { signal: context.signal });
  read();
  return {
    element: make("div", { class: "view house" },
      head(t("house.title"), make("a", { class: "button small", href: "/board", target: "_blank" }, t("house.display"))),
      make("div", { class: "two-parts" }, settings, make("div", { class: "parts" }, accounts, keys))),
    title: t("house.title"),
    closed() { for (const part of parts) part.closed?.(); },
  };
}
