// @ts-check
// Where the guest was in the menu, over a reload: browsers find it again only where a page is as long at once as it was.
//
//   keepPlace()      from now on; call it before the list is there
//   findPlace()      scrolls to it, once, when the list is there

import { recallHere, rememberHere } from "./storage.js";

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main [data-drink]")]);

/** @type {{drink: string, top: number, y: number} | null} */
let place = null;

export function keepPlace() {
  const [arrival] = performance.getEntriesByType("navigation");
  const isBack = ["reload", "back_forward"].includes(/** @type {PerformanceNavigationTiming} */ (arrival)?.type);
  try { if (isBack) place = JSON.parse(recallHere("place") ?? "null"); } catch { /* Not ours. */ }
  window.addEventListener("pagehide", () => {
    const seen = rows().map((row) => ({ row, top: row.getBoundingClientRect().top })).find(({ top }) => top >= 0);
    rememberHere("place", seen && window.scrollY > 0
      ? JSON.stringify({ drink: seen.row.dataset.drink, top: seen.top, y: window.scrollY }) : null);
  });
}

export function findPlace() {
  if (!place || rows().length === 0) return;
  const { drink, top, y } = place;
  place = null;
  window.scrollTo(0, y);
  const settle = () => {
    const row = rows().find((other) => other.dataset.drink === drink);
    if (row) window.scrollBy(0, row.getBoundingClientRect().top - top);
  };
  // Rows above have their real height only once they were near.
  settle();
  requestAnimationFrame(() => requestAnimationFrame(settle));
}
