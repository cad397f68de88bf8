// @ts-check
// Where the guest is, and what lies over the page. Back does what people expect, whatever was opened how.
//
//   openSheet(content, {label, opener, closed, isRoute}) -> {element, close(), finish()}
//       Shows content in a dialog over the page, which keeps its place and scroll. Escape, the button of `data-close`
//       inside it, and Back close it, and `closed` is called once; the focus goes back to `opener`: an element, or a
//       function that finds it, since lists are drawn anew.
//   route() -> {name, id}        of the address: {name: "drink", id: ID} of #/drink/ID; {name: "menu", id: ""} of none
//   whenMoved(tell)              another route
//   goTo("#/orders")             as a link would
//   goInstead("#/")              to where Back does not lead here again
//   goBack(otherwise = "#/")     to where the guest came from within the page; else there, without leaving the page
//   drawBelow(...elements)       the page anew; what lies over it stays
//   leaveSheets()                closes all there are
//   keepInReach(element)         stands in the body, or in the sheet that is open: what is below one is out of reach
//
// A sheet that is a route of its own (`isRoute`) is opened by whenMoved, and taken away by it with `finish`; when the
// guest closes it, that goes back, or calls `closed` where there is one. Any other takes an entry of the history while
// it is open.

/** Entries of the history carry how many of this page's lie below them: the history itself does not tell. */
let depth = Number(history.state?.depth) || 0;

export function route() {
  const [, name = "", id = ""] = location.hash.replace(/^#/, "").split("/");
  let plain = "";
  try { plain = decodeURIComponent(id); } catch { /* No id looks like this. */ }
  return { name: name || "menu", id: plain };
}

/** @type {Set<() => void>} */
const moved = new Set();
export const whenMoved = (/** @type {() => void} */ tell) => { moved.add(tell); };

function arrive() {
  if (typeof history.state?.depth === "number") depth = history.state.depth;
  else {
    depth += 1;
    history.replaceState({ ...history.state, depth }, "");
  }
}

let shownHash = location.hash;
window.addEventListener("popstate", () => {
  arrive();
  for (const sheet of [...sheets].reverse()) {
    if (sheet.depth > depth) sheet.finish();
    else sheet.isLeaving = false;
  }
  tellMoved();
});

function tellMoved() {
  if (location.hash === shownHash) return;
  shownHash = location.hash;
  for (const tell of moved) tell();
}
history.replaceState({ ...history.state, depth }, "");

/** By an entry of its own: while a page is still loading, a browser lets another hash replace the entry that is there. */
export function goTo(/** @type {string} */ hash) {
  if (hash === location.hash) return;
  depth += 1;
  history.pushState({ depth }, "", hash);
  tellMoved();
}

// Links are followed in the same way.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[href^='#/']");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  if (!link.closest("[data-close]")) goTo(link.getAttribute("href") ?? "#/");
});

export function goBack(otherwise = "#/") {
  if (depth > 0) history.back();
  else goInstead(otherwise);
}

export function goInstead(/** @type {string} */ hash) {
  if (hash === location.hash) return;
  history.replaceState({ depth }, "", hash);
  tellMoved();
}

/** @type {{depth: number, isLeaving: boolean, finish: () => void}[]} `depth` is 0 of one that took no entry */
const sheets = [];

/** @type {Set<Element>} */
const inReach = new Set();

export function keepInReach(/** @type {Element} */ element) {
  inReach.add(element);
  lift();
}

export function drawBelow(/** @type {Element[]} */ ...elements) {
  for (const child of [...document.body.children]) if (child.localName !== "dialog") child.remove();
  document.body.prepend(...elements);
  lift();
}

export function leaveSheets() {
  const entries = sheets.filter((sheet) => sheet.depth > 0).length;
  if (entries > 0) history.go(-entries);
}

function lift() {
  const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  for (const element of inReach) if (element.parentElement !== top) top.append(element);
}

/**
 * @param {HTMLElement} content
 * @param {{label?: string, opener?: Element | null | (() => Element | null), closed?: () => void,
 *   isRoute?: boolean}} more `isRoute`: the address says that it is open, so that it takes no entry of its own
 */
export function openSheet(content, { label, opener = document.activeElement, closed, isRoute = false } = {}) {
  const element = document.createElement("dialog");
  element.className = "sheet";
  if (label) element.setAttribute("aria-label", label);
  element.append(content);
  document.body.append(element);
  element.showModal();
  lift();
  let isOpen = true;

  /** Takes it away and gives the focus back. */
  function finish() {
    if (!isOpen) return;
    isOpen = false;
    element.removeEventListener("close", close);
    const place = sheets.indexOf(sheet);
    if (place >= 0) sheets.splice(place, 1);
    element.close();
    lift();
    element.remove();
    const target = typeof opener === "function" ? opener() : opener;
    if (target instanceof HTMLElement && target.isConnected) target.focus({ preventScroll: true });
  }
  const sheet = { depth: 0, isLeaving: false, finish: () => { if (isOpen) { finish(); closed?.(); } } };

  /** The guest closes it. */
  function close() {
    if (!isOpen || sheet.isLeaving) return; // A second tap would go back from the page, too.
    sheet.isLeaving = true;
    if (isRoute) return closed ? closed() : goBack();
    history.back(); // And popstate finishes it.
  }

  if (!isRoute) {
    depth += 1;
    sheet.depth = depth;
    history.pushState({ depth }, "");
  }
  sheets.push(sheet);
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  // Some browsers close it themselves at the second Escape.
  element.addEventListener("close", close);
  element.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === element || target.closest("[data-close]")) close();
  });
  return { element, close, finish };
}
