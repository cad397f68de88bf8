// @ts-check
// Who is here, and what lets others in. Nobody tells of guests who come in: while the page is seen it asks.

import { make, setText } from "../dom.js";
import { t, time } from "../words.js";
import { askFirst } from "./ask-first.js";
import { codesPart } from "./codes.js";
import { fact, head } from "./head.js";
import { moment } from "./measures.js";
import { partHead } from "./part.js";
import { Rows } from "./rows.js";

/**
 * @typedef {{id: string, username: string, status: "here" | "gone" | "disabled", code_id: string,
 *   registered_at: string, expires_at: string, ended_at: string | null}} Guest
 */

const LOOK_MILLISECONDS = 5000;
/** A code is over without anybody coming in. */
const CODES_MILLISECONDS = 60_000;
/** Fewer are seen at a glance. */
const SEARCHED_FROM = 12;

/** @param {any} context */
export function guestsView({ staff, feed, queue, toast, signal }) {
  const codes = codesPart({ staff, toast });
  const count = make("b", {}), none = make("p", { class: "meta" });
  const here = make("ul", { class: "plain-rows" }), gone = make("ul", { class: "plain-rows" });
  const goneCount = make("summary", { class: "link" });
  const earlier = make("details", { hidden: true }, goneCount, gone);
  const hereRows = new Rows(here, row), goneRows = new Rows(gone, row);
  /** @type {Guest[]} */
  let guests = [];
  let seen = "", codesReadAt = -Infinity;

  const search = /** @type {HTMLInputElement} */ (make("input", {
    type: "search", id: "find-guest", autocomplete: "off", spellcheck: "false", oninput: () => show(),
  }));
  const finder = make("div", { hidden: true }, make("label", { class: "label", for: "find-guest" }, t("people.find")),
    make("div", { class: "field" }, search));

  const element = make("div", { class: "view people" },
    head(t("people.title"), fact(count, t("people.hereNow"))),
    make("div", { class: "two-parts" },
      make("div", { class: "parts" }, codes.door, codes.made),
      make("section", { "aria-labelledby": "guests-title" },
        partHead("guests-title", t("people.guests")), finder, none, here, earlier)));

  async function read(/** @type {number | null} */ after = null) {
    const ending = await staff.ask("GET", "/admin/guests", { after });
    if (ending.kind !== "answered") return;
    const now = JSON.stringify(ending.data), isSame = now === seen && after === null;
    guests = ending.data;
    seen = now;
    // A code changes as guests come in by it.
    const isOld = performance.now() - codesReadAt > CODES_MILLISECONDS;
    if (!isSame || isOld) codesReadAt = await codes.read(after) ? performance.now() : -Infinity;
    show();
  }

  const ordersOf = (/** @type {string} */ name) =>
    name ? [...queue.orders.values()].filter(({ username }) => username === name).length : 0;

  const codeOf = (/** @type {Guest} */ { code_id }) => {
    const code = codes.codes.get(code_id);
    return code?.is_join_code ? t("people.byDoor") : code?.notes ? t("people.byCode", { notes: code.notes }) : "";
  };

  function show() {
    const wanted = search.value.trim().toLocaleLowerCase();
    const found = guests.filter(({ username }) => username.toLocaleLowerCase().includes(wanted));
    const isHere = found.filter(({ status }) => status === "here");
    const isGone = found.filter(({ status }) => status !== "here");
    setText(count, String(guests.filter(({ status }) => status === "here").length));
    finder.hidden = guests.length < SEARCHED_FROM;
    hereRows.show(isHere, [isHere.map((guest) => [ordersOf(guest.username), codeOf(guest)])]);
    goneRows.show(isGone, "");
    setText(none, wanted ? t("people.nobodyFound") : t("people.nobodyHere"));
    none.hidden = isHere.length > 0;
    earlier.hidden = isGone.length === 0;
    setText(goneCount, t("people.earlier", { count: isGone.length }));
  }

  /** What is known of somebody, in a line. */
  function about(/** @type {Guest} */ guest) {
    if (guest.status === "disabled") return t("people.putOutAt", { when: moment(guest.ended_at ?? guest.expires_at) });
    if (guest.status === "gone") return t("people.leftAt", { when: moment(guest.ended_at ?? guest.expires_at) });
    const orders = ordersOf(guest.username);
    return [t("people.since", { when: time(guest.registered_at) }), codeOf(guest),
      orders > 0 && t("people.orders", { count: orders })].filter(Boolean).join(", ");
  }

  function row(/** @type {Guest} */ guest) {
    const name = guest.username || t("people.forgotten");
    return make("li", {},
      make("div", { class: "words" }, make("h3", { class: "display-type" }, name), make("p", {}, about(guest))),
      guest.username && make("div", { class: "does" },
        guest.status === "here" && button(guest, "putOut", putOut),
        guest.status !== "here" && button(guest, "forget", forget)));
  }

  /** @param {Guest} guest  @param {"putOut" | "forget"} does  @param {(guest: Guest) => void} act */
  const button = (guest, does, act) => make("button", {
    type: "button", class: "button small", "data-does": does,
    "aria-label": t(`people.${does}Named`, { name: guest.username }), onclick: () => act(guest),
  }, t(`people.${does}`));

  function ask(/** @type {Guest} */ guest, /** @type {"putOut" | "forget"} */ does, /** @type {() => any} */ act) {
    const name = guest.username, orders = ordersOf(name);
    askFirst({
      title: t(`people.${does}Title`, { name }),
      says: [t(`people.${does}Says`, { name }), ...(orders > 0 ? [t("people.ordersStay", { count: orders })] : [])],
      label: t(`people.${does}`), act,
      async done(ending) {
        await read("position" in ending ? ending.position : null);
        toast.say(t(`people.${does}Done`, { name }));
      },
      opener: () => element.querySelector(`[data-row="${guest.id}"] button`) ?? element.querySelector("h1"),
    });
  }

  const putOut = (/** @type {Guest} */ guest) =>
    ask(guest, "putOut", () => staff.ask("POST", `/admin/guests/${guest.id}/disable`));
  const forget = (/** @type {Guest} */ guest) =>
    ask(guest, "forget", () => staff.ask("DELETE", `/admin/guests/${guest.id}`));

  const look = () => { if (!document.hidden) read(); };
  const timer = setInterval(look, LOOK_MILLISECONDS);
  queue.addEventListener("change", () => show(), { signal });
  feed.addEventListener("missed", look, { signal });
  document.addEventListener("visibilitychange", look, { signal });
  read();

  return {
    element,
    title: t("people.title"),
    closed: () => clearInterval(timer),
  };
}
