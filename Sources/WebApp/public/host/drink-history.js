// @ts-check
// What a drink was, version by version: two of them side by side, and an old one brought back as a new change.
//
//   openHistory(drink, {restored, toast, opener})

import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { top } from "./sheet-top.js";
import { has, refusal, t, words } from "../words.js";
import { bodyOf, differing, fieldsOf } from "./drink-draft.js";
import { fieldName, saying } from "./drink-saying.js";
import { picker } from "./form.js";
import { menu } from "./menu.js";
import { staff } from "./staff.js";

/**
 * @typedef {import("./menu.js").Drink} Drink
 * @typedef {{version: number, position: number, at: string, by: string, by_name: string | null,
 *   type: string, drink: Drink | null}} Version
 */

const PAGE = 100;

const moment = (/** @type {string} */ at) =>
  new Intl.DateTimeFormat(words.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

function called(/** @type {Version} */ { version, at, by_name, type }) {
  const what = has(`menu.history.${type}`) ? t(`menu.history.${type}`) : t("menu.history.DrinkUpdated");
  return t("menu.history.version", { version, at: moment(at), by: by_name || t("menu.history.somebody"), what });
}

/**
 * @param {Drink} drink
 * @param {{restored: () => void, toast: any, opener: HTMLElement}} does
 */
export function openHistory(drink, { restored, toast, opener }) {
  const says = make("p", { class: "meta", role: "status" }, t("menu.history.loading"));
  const problem = make("p", { class: "problem", role: "alert" });
  const compared = make("div", { class: "compared" });
  const title = t("menu.history.of", { name: drink.name });
  let done = "";
  const sheet = openSheet(make("div", { class: "history-sheet" }, top(title), says, compared, problem), {
    label: title, opener, closed: () => {
      if (!done) return;
      toast.say(done);
      restored();
    },
  });
  sheet.element.classList.add("wide-sheet");
  read();

  async function read() {
    /** @type {Version[]} */
    const all = [];
    for (let cursor = ""; ;) {
      const more = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/admin/drinks/${drink.id}/history?limit=${PAGE}${more}`;
      const ending = await staff.ask("GET", path, { after: menu.after });
      if (ending.kind !== "answered") return setText(says, refusal(ending));
      all.push(...ending.data);
      cursor = ending.metadata?.next_cursor ?? "";
      if (!cursor) break;
    }
    setText(says, all.length > 1 ? t("menu.history.count", { count: all.length }) : t("menu.history.one"));
    show(all.filter((version) => version.drink));
  }

  function show(/** @type {Version[]} */ all) {
    const table = make("div");
    let left = Math.min(1, all.length - 1), right = 0;
    const versions = make("ol", { class: "versions", "aria-label": t("menu.history.left") }, ...all.map((version, at) =>
      make("li", {}, make("button", { type: "button", "aria-pressed": at === left, onclick: () => {
        left = at;
        compare();
      } }, called(version)))));
    const against = picker(String(right), all.map((version, at) => [String(at), called(version)]), (value) => {
      right = Number(value);
      compare();
    }, { id: "history-against" });
    function compare() {
      [...versions.children].forEach(({ firstElementChild: one }, at) =>
        one?.setAttribute("aria-pressed", String(at === left)));
      table.replaceChildren(comparison(all, left, right));
    }
    compared.replaceChildren(versions,
      make("div", {}, make("label", { class: "label", for: "history-against" }, t("menu.history.right")),
        make("div", { class: "field" }, against)), table);
    compare();
  }

  /** @param {Version[]} all @param {number} left @param {number} right */
  function comparison(all, left, right) {
    const one = fieldsOf(all[left].drink), other = fieldsOf(all[right].drink), fields = differing(one, other);
    const head = (/** @type {number} */ at) => make("th", { scope: "col" },
      make("span", {}, t("menu.history.short", { version: all[at].version })),
      at > 0 && make("button", { type: "button", class: "chip", onclick: () => restore(all[at]) },
        t("menu.history.restore", { version: all[at].version })));
    const says = left === right ? "same" : fields.length ? "differ" : "order";
    const caption = make("caption", { class: "meta" }, t(`menu.history.${says}`, { count: fields.length }));
    return make("table", {}, caption,
      make("thead", {}, make("tr", {}, make("td"), head(left), head(right))),
      make("tbody", {}, ...fields.map((field) => make("tr", {},
        make("th", { scope: "row" }, fieldName(field)), make("td", {}, saying(field, one)),
        make("td", {}, saying(field, other))))));
  }

  async function restore(/** @type {Version} */ version) {
    const now = menu.drinks.get(drink.id);
    if (!now) return setText(problem, t("menu.drink.gone"));
    const fields = fieldsOf(version.drink);
    // A section that is gone cannot take it back.
    if (!menu.sections.some(({ id }) => id === fields.section_id)) fields.section_id = now.section_id;
    const body = bodyOf(fieldsOf(now), fields);
    const ending = await menu.change("drinks", drink.id, body, now.version);
    if (ending.kind === "answered") {
      done = t("menu.history.restored", { version: version.version });
      return sheet.close();
    }
    setText(problem, ending.kind === "refused" && ending.status === 412 ? t("menu.clash.notSaved") : refusal(ending));
    await menu.read();
    read();
  }
}
