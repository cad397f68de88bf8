// @ts-check
// Elements, made without markup: what is text stays text.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` is a listener; false and null leave an
 *   attribute out and true leaves it empty, but of `aria-…` they are the values
 * @param {...(Node | string | number | null | undefined | false | (Node | string)[])} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-") && typeof value === "boolean") element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  add(element, ...children);
  return element;
}

/** Appends what there is; nothing of null and false. */
export function add(/** @type {Element} */ element, /** @type {any[]} */ ...children) {
  element.append(...children.flat().filter((child) => child != null && child !== false).map((child) =>
    typeof child === "number" ? String(child) : child));
}

/** Changes a text only where it is another, so that a live region is read out once. */
export function setText(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Draws rows anew; the focus goes to the same place of the row whose attribute `name` is the same.
 * @param {Element} list
 * @param {string} name
 * @param {() => void} work
 */
export function keepFocus(list, name, work) {
  const focused = document.activeElement, row = focused?.closest(`[${name}]`);
  const controls = (/** @type {Element | null | undefined} */ of) =>
    /** @type {HTMLElement[]} */ ([...of?.querySelectorAll("a, button") ?? []]);
  const place = list.contains(focused) ? controls(row).findIndex((control) => control === focused) : -1;
  work();
  if (place < 0 || document.activeElement === focused) return;
  const now = controls(list.querySelector(`[${name}="${CSS.escape(row?.getAttribute(name) ?? "")}"]`));
  (now[place] ?? now[0])?.focus({ preventScroll: true });
}

/** Does something once what is there now has been painted; at once where nobody looks. */
export function afterPaint(/** @type {(_?: any) => void} */ does) {
  if (document.hidden) setTimeout(does);
  else requestAnimationFrame(() => setTimeout(does));
}

/** Does something when there is nothing else to do. */
export const whenIdle = (/** @type {() => void} */ does) =>
  void (window.requestIdleCallback?.(() => does()) ?? setTimeout(does, 200));

/** Milliseconds that work of many steps may take before the screen and a finger have their turn. */
const SLICE_MILLISECONDS = 16;

/**
 * Takes one step after the other while there is one, a few in a row.
 * @param {() => boolean} step whether there was something to do
 * @returns {() => void} goes on where it had come to an end
 */
export function inSlices(step) {
  let isAtWork = false;
  const work = () => {
    const end = performance.now() + SLICE_MILLISECONDS;
    while (performance.now() < end) if (!step()) return void (isAtWork = false);
    setTimeout(work);
  };
  return () => {
    if (isAtWork) return;
    isAtWork = true;
    afterPaint(work);
  };
}

/** Puts children in this order with as few moves as it takes: what stays is not touched, and keeps its focus. */
export function arrange(/** @type {Element} */ parent, /** @type {Element[]} */ wanted) {
  const staying = new Set(wanted);
  for (const child of [...parent.children]) if (!staying.has(child)) child.remove();
  let place = parent.firstElementChild;
  for (const child of wanted) {
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
}
