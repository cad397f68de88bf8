// @ts-check
// Where the guest was in the menu, over a reload: a browser finds it again only in a page that is as long at once.
// keepPlace() from the start on; findPlace() scrolls to it, once, as soon as the list is there.

import { recallHere, rememberHere } from "./storage.js";

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main [data-drink]")]);
const topOf = (/** @type {Element} */ row) => row.getBoundingClientRect().top;

/** @type {{drink: string, top: number, y: number} | null} */
let place = null;

export function keepPlace() {
  const [arrival] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  try { if (arrival?.type !== "navigate") place = JSON.parse(recallHere("place") ?? "null"); } catch { /* At the top. */ }
  window.addEventListener("pagehide", () => {
    const row = window.scrollY > 0 && rows().find((one) => topOf(one) >= 0);
    const seen = row && { drink: row.dataset.drink, top: topOf(row), y: window.scrollY };
    rememberHere("place", seen ? JSON.stringify(seen) : null);
  });
}

export function findPlace() {
  if (!place || rows().length === 0) return;
  const { drink, top, y } = place;
  place = null;
  window.scrollTo(0, y);
  const settle = () => {
    const row = rows().find((one) => one.dataset.drink === drink);
    if (row) window.scrollBy(0, topOf(row) - top);
  };
  settle();
  // Rows above have their real height only once they were near.
  requestAnimationFrame(() => requestAnimationFrame(settle));
}
