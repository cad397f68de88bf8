// @ts-check
// Puts the rows of a list in another order: by dragging their handle with mouse, pen or finger, or by arrow keys while
// the handle has the focus. Nothing flows about meanwhile: a line shows where the row would go.
//
//   sortable(root, {row, handle, end, dropped, stepped})
//
// row       selector of what may be moved; rows may stand in several lists below root
// handle    selector, within a row
// end       selector of what takes a row behind all others of its list: a heading of an empty list
// dropped   (row, target, isAfter): to before or after a row, or to an `end`
// stepped   (row, by): an arrow key, by -1 or 1

import { make } from "../dom.js";

/** A finger that only rests on a handle drags nothing. */
const SLACK = 5;
const EDGE = 72;

/**
 * @param {HTMLElement} root
 * @param {{row: string, handle: string, end?: string, dropped: (row: HTMLElement, target: HTMLElement,
 *   isAfter: boolean) => void, stepped: (row: HTMLElement, by: -1 | 1) => void}} how
 */
export function sortable(root, { row, handle, end, dropped, stepped }) {
  const line = make("div", { class: "drop-line", hidden: true });
  /** @type {(() => void) | null} */
  let stop = null;

  /** @param {HTMLElement} moving @param {number} x @param {number} y */
  function placeAt(moving, x, y) {
    const box = moving.getBoundingClientRect();
    const under = document.elementFromPoint(Math.min(Math.max(x, box.left + 8), box.right - 8), y);
    const target = under instanceof Element && root.contains(under)
      ? /** @type {HTMLElement | null} */ (under.closest(end ? `${row}, ${end}` : row)) : null;
    if (!target || target === moving) return null;
    const there = target.getBoundingClientRect();
    return { target, there, isAfter: !target.matches(row) || y > there.top + there.height / 2 };
  }

  function begin(/** @type {PointerEvent} */ event) {
    const grip = event.target instanceof Element
      ? /** @type {HTMLElement | null} */ (event.target.closest(handle)) : null;
    const moving = /** @type {HTMLElement | null | undefined} */ (grip?.closest(row));
    if (!grip || !moving || event.button !== 0 || !event.isPrimary || stop) return;
    const scroller = scrollerOf(root);
    const from = event.clientY + scroller.scrollTop;
    let isMoving = false, x = event.clientX, y = event.clientY, frame = 0;
    /** @type {ReturnType<typeof placeAt>} */
    let place = null;

    function show() {
      moving?.style.setProperty("translate", `0 ${y + scroller.scrollTop - from}px`);
      place = placeAt(/** @type {HTMLElement} */ (moving), x, y);
      line.hidden = !place;
      if (!place) return;
      line.style.left = `${place.there.left}px`;
      line.style.width = `${place.there.width}px`;
      line.style.top = `${(place.isAfter ? place.there.bottom : place.there.top) - 1}px`;
    }

    /** Near an edge the list goes on by itself. */
    function scroll() {
      const { top, bottom } = scroller === document.documentElement
        ? { top: 0, bottom: innerHeight } : scroller.getBoundingClientRect();
      const by = y < top + EDGE ? y - top - EDGE : y > bottom - EDGE ? y - bottom + EDGE : 0;
      if (by) {
        scroller.scrollTop += by / 5;
        show();
      }
      frame = requestAnimationFrame(scroll);
    }

    function move(/** @type {PointerEvent} */ { clientX, clientY }) {
      if (!isMoving && Math.abs(clientY - y) < SLACK) return;
      [x, y] = [clientX, clientY];
      if (!isMoving) {
        isMoving = true;
        moving?.classList.add("is-moving");
        document.body.append(line);
        frame = requestAnimationFrame(scroll);
      }
      show();
    }

    function finish(/** @type {boolean} */ isMeant) {
      stop = null;
      cancelAnimationFrame(frame);
      line.remove();
      moving?.classList.remove("is-moving");
      moving?.style.removeProperty("translate");
      off.abort();
      if (isMeant && isMoving && place && moving) dropped(moving, place.target, place.isAfter);
    }

    const off = new AbortController(), { signal } = off;
    stop = () => finish(false);
    grip.setPointerCapture(event.pointerId);
    grip.addEventListener("pointermove", move, { signal });
    grip.addEventListener("pointerup", () => finish(true), { signal });
    grip.addEventListener("pointercancel", () => finish(false), { signal });
    grip.addEventListener("lostpointercapture", () => finish(false), { signal });
  }

  function press(/** @type {KeyboardEvent} */ event) {
    if (event.key === "Escape" && stop) {
      stop();
      return event.preventDefault();
    }
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    const target = /** @type {Element} */ (event.target);
    const moving = by && target.matches(handle) ? /** @type {HTMLElement | null} */ (target.closest(row)) : null;
    if (!moving) return;
    event.preventDefault();
    stepped(moving, by === -1 ? -1 : 1);
  }

  root.addEventListener("pointerdown", begin);
  root.addEventListener("keydown", press);
}

/** What scrolls when a list is longer than the screen. */
function scrollerOf(/** @type {HTMLElement} */ element) {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (above.scrollHeight > above.clientHeight && /auto|scroll/.test(getComputedStyle(above).overflowY)) return above;
  }
  return document.documentElement;
}
