// @ts-check
// The menu on paper, with the code that opens it on a phone: black lines on white, for any paper the printer has.

import { isUncertain } from "../api.js";
import { make, setText } from "../dom.js";
import { menu } from "../menu.js";
import { picture } from "../picture.js";
import { t } from "../words.js";
import { head } from "./head.js";
import { icon } from "./icons.js";
import { qr } from "./qr.js";

/** @typedef {import("../menu.js").Drink} Drink */

const RETRY_MILLISECONDS = 3000;

/** @param {any} context */
export function printView({ staff, signal }) {
  const button = make("button", { type: "button", class: "button primary small", onclick: () => window.print() },
    icon("print"), t("print.print"));
  const paper = make("article", { class: "paper", lang: document.documentElement.lang });
  const says = make("p", { class: "print-says", role: "status" }, t("print.says"));
  const element = make("div", { class: "view print" },
    head(t("print.title"),
      make("a", { class: "button small", href: "#/guests" }, icon("back"), t("print.back")), button),
    says, paper);
  /** @type {any} */
  let code = null;
  let made = "", timer = 0;

  /** A menu without its code is half a menu: it is asked for until it is there. */
  async function readCode() {
    const ending = await staff.ask("GET", "/admin/join-code");
    if (ending.kind === "answered") code = ending.data;
    else if (isUncertain(ending) && !signal.aborted) timer = window.setTimeout(readCode, RETRY_MILLISECONDS);
    show();
  }

  function show() {
    if (!menu.isHere) return;
    const now = JSON.stringify([code?.code, menu.bar?.name, [...menu.drinks.values()].map(({ original }) => original)]);
    if (now === made) return;
    made = now;
    paper.replaceChildren(top(code), ...menu.sections.filter(({ id }) => menu.drinksOf(id).length).map(section));
    setText(says, menu.drinks.size ? t("print.says") : t("menu.empty"));
  }

  menu.addEventListener("change", show, { signal });
  menu.load();
  readCode();
  return {
    element,
    title: t("print.title"),
    closed: () => clearTimeout(timer),
  };
}

function top(/** @type {any} */ code) {
  return make("header", { class: "paper-top" },
    make("h2", { class: "display-type" }, menu.bar?.name ?? ""),
    code?.qr && make("div", { class: "paper-code" },
      make("div", {}, make("p", { class: "display-type" }, t("print.scan")),
        make("p", {}, new URL(code.registration_url).host), make("p", {}, t("print.code", { code: code.code }))),
      qr(code.qr, t("people.qrLabel"))));
}

const section = (/** @type {import("../menu.js").Section} */ { id, name }) => make("section", {},
  make("h3", { class: "display-type" }, name), make("ul", {}, ...menu.drinksOf(id).map(line)));

/** The recipe as the host wrote it is drawn; what is read is in the reader's language. */
const line = (/** @type {Drink} */ drink) => make("li", { "data-drink": drink.id },
  make("div", { class: "stand" },
    picture({ ...drink.original, image_url: null }, { size: 60, fit: true, hidden: true })),
  make("div", {},
    make("h4", { class: "display-type" }, drink.name,
      drink.abv === 0 && make("small", {}, ` ${t("drink.alcoholFree")}`)),
    make("p", {}, drink.ingredients.map(({ shown }) => shown).join(", "))));
