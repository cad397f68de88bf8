// @ts-check
// An order for somebody without a phone: a name, a drink that is found as one types, how many, a note.

import { arrange, make, setText } from "../dom.js";
import { menu } from "../menu.js";
import { picture } from "../picture.js";
import { find } from "../search.js";
import { openSheet } from "../sheet.js";
import { stepper } from "../views/drink.js";
import { refusal, t } from "../words.js";
import { closing } from "./board-sheets.js";
import { field } from "./sign-in.js";

/**
 * @typedef {import("./host.js").Context} Context
 * @typedef {import("../menu.js").Drink} Drink
 */

const NOTE_LENGTH = 200;
const MOST_FOUND = 12;

/**
 * The drinks that fit what is typed, of which one is chosen.
 * @param {(drink: Drink) => void} chose
 */
function drinkSearch(chose) {
  /** @type {Drink | null} */
  let chosen = null;
  const { input, element } = field("drink-search", "board.whichDrink",
    { type: "search", autocomplete: "off", spellcheck: "false" });
  const list = make("ul", { class: "found", "aria-label": t("board.drinks") });
  const count = make("p", { class: "visually-hidden", role: "status" });
  const found = () => find(menu.drinks.values(), { text: input.value }).map(({ drink }) => drink);

  const row = (/** @type {Drink} */ drink) => make("li", {}, make("button", {
    type: "button", class: "pick-drink", "aria-pressed": drink.id === chosen?.id, disabled: !drink.available,
    onclick: () => choose(drink),
  }, make("span", { class: "stand" },
    picture(drink.original, { size: 52, fit: true, hidden: true, empty: !drink.available })),
  make("span", {}, drink.name,
    !drink.available && make("small", {}, ` ${t("board.out", { list: drink.missing })}`))));

  function show() {
    const drinks = found();
    arrange(list, drinks.slice(0, MOST_FOUND).map(row));
    setText(count, t("menu.count", { count: drinks.length }));
  }
  function choose(/** @type {Drink} */ drink) {
    chosen = drink;
    show();
    /** @type {HTMLElement | null} */ (list.querySelector("[aria-pressed='true']"))?.focus();
    chose(drink);
  }
  input.addEventListener("input", () => {
    // Nobody orders what is not seen any more.
    if (chosen && !found().slice(0, MOST_FOUND).includes(chosen)) chosen = null;
    show();
  });
  show();
  return {
    input, show, parts: [element, count, list],
    /** Enter in the search means the first that is found. */
    chosen() {
      if (!chosen && input.value.trim()) chosen = found().find(({ available }) => available) ?? null;
      return chosen;
    },
  };
}

/** @param {Context} context  @param {Element | null} opener */
export function openForGuest({ queue, toast }, opener) {
  const name = field("guest-name", "board.guestName", { maxlength: "100", autocomplete: "off" });
  const wrong = make("p", { class: "problem", role: "alert" });
  const search = drinkSearch(() => setText(wrong, ""));
  const quantity = stepper(1, () => {});
  const note = /** @type {HTMLTextAreaElement} */ (
    make("textarea", { id: "guest-note", rows: 2, maxlength: NOTE_LENGTH }));

  const put = make("button", { class: "button primary" }, t("board.place"));

  async function submit(/** @type {Event} */ event) {
    event.preventDefault();
    if (put.getAttribute("aria-disabled")) return;
    const guest_name = name.input.value.trim(), drink = guest_name ? search.chosen() : null;
    if (!drink) {
      setText(wrong, t(guest_name ? "board.drinkMissing" : "board.nameMissing"));
      return (guest_name ? search : name).input.focus();
    }
    put.setAttribute("aria-disabled", "true");
    const ending = await queue.place(
      { guest_name, drink_id: drink.id, quantity: quantity.count(), note: note.value.trim() });
    put.removeAttribute("aria-disabled");
    if (ending.kind !== "answered") return setText(wrong, refusal(ending));
    sheet.close();
    toast.say(t("board.said.placed", { drink: drink.name, name: guest_name }));
  }
  const sheet = openSheet(make("form", { class: "sheet-body board-sheet", novalidate: true, onsubmit: submit },
    closing(), make("h1", { class: "display-type", tabindex: "-1" }, t("board.forGuestTitle")),
    name.element, ...search.parts,
    make("div", {}, make("label", { class: "label", for: "guest-note" }, t("drink.note")), note),
    wrong,
    make("div", { class: "sheet-act" }, quantity.element, put)),
  { label: t("board.forGuestTitle"), opener, closed: () => menu.removeEventListener("change", search.show) });
  menu.addEventListener("change", search.show);
  menu.load();
  name.input.focus();
}
