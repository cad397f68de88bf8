// @ts-check
// Keys that programs come with. Each is shown once, when it is made.

import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { number, t } from "../words.js";
import { askFirst, sheetTop } from "./ask-first.js";
import { copy } from "./copy.js";
import { icon } from "./icons.js";
import { moment } from "./measures.js";
import { partHead } from "./part.js";
import { Rows } from "./rows.js";

/**
 * @typedef {{id: string, name: string, plan: "public" | "admin" | "unlimited", is_web_key: boolean, created_at: string,
 *   disabled_at: string | null, requests: number, last_used_at: string | null}} Key
 */

const PLANS = ["public", "admin", "unlimited"];
/** The bar counts anew so often. */
const LOOK_MILLISECONDS = 10_000;

/** @param {any} context */
export function keysPart({ staff, toast }) {
  const list = make("ul", { class: "plain-rows" }), rows = new Rows(list, row);
  const old = make("ul", { class: "plain-rows" }), oldRows = new Rows(old, row);
  const count = make("summary", { class: "link" }), older = make("details", { hidden: true }, count, old);
  const add = make("button", { type: "button", class: "button quiet small", onclick: makeOne },
    icon("plus"), t("house.makeKey"));
  const element = make("section", { "aria-labelledby": "keys-title" },
    partHead("keys-title", t("house.keys"), add),
    make("p", { class: "meta" }, t("house.keysSays")), list, older);

  async function read(/** @type {number | null} */ after = null) {
    const ending = await staff.ask("GET", "/admin/api-keys", { after });
    if (ending.kind !== "answered") return false;
    const off = ending.data.filter((/** @type {Key} */ key) => key.disabled_at);
    rows.show(ending.data.filter((/** @type {Key} */ key) => !key.disabled_at));
    oldRows.show(off);
    older.hidden = off.length === 0;
    setText(count, t("house.oldKeys", { count: off.length }));
    return true;
  }

  const nameOf = (/** @type {Key} */ key) => key.is_web_key ? t("house.webKey") : key.name;

  function about(/** @type {Key} */ { disabled_at, last_used_at, requests }) {
    if (disabled_at) return t("house.keyOff", { when: moment(disabled_at) });
    if (!last_used_at) return t("house.keyUnused");
    return t("house.keyUsed", { count: requests, requests: number(requests), when: moment(last_used_at) });
  }

  function row(/** @type {Key} */ key) {
    const name = nameOf(key);
    return make("li", {},
      make("div", { class: "words" }, make("h3", { class: "display-type" }, name),
        make("p", {}, `${t(`house.plan.${key.plan}`)}, `, about(key))),
      !key.disabled_at && make("div", { class: "does" },
        make("button", { type: "button", class: "button small", "data-does": "disable",
          "aria-label": t("house.disableNamed", { name }), onclick: () => disable(key) }, t("house.disable"))));
  }

  function makeOne() {
    askFirst({
      title: t("house.makeKeyTitle"), says: [t("house.makeKeySays")], label: t("house.makeKey"),
      fields: [
        { name: "name", label: t("house.keyName"), hint: t("house.keyNameHint"), attributes: { maxlength: 60 },
          wrong: (value) => value ? "" : t("house.keyNameMissing") },
        { name: "plan", label: t("house.plan"), kind: "choice", value: "public", options: PLANS.map((plan) => (
          { value: plan, label: t(`house.plan.${plan}`), hint: t(`house.plan.${plan}Hint`) })) },
      ],
      act: (body) => staff.ask("POST", "/admin/api-keys", { body }),
      async done(ending) {
        if (ending.kind !== "answered") return;
        showOnce(ending.data);
        await read(ending.position);
      },
      opener: add,
    });
  }

  function showOnce(/** @type {{name: string, key: string}} */ { name, key }) {
    const says = make("p", { class: "hint", role: "status" });
    const field = /** @type {HTMLInputElement} */ (make("input", {
      id: "key-once", readonly: true, class: "secret", value: key, onfocus: () => field.select(),
    }));
    const copyKey = async () => setText(says, t(await copy(key) ? "common.copied" : "common.copyByHand"));
    openSheet(make("div", { class: "sheet-body question" },
      sheetTop(),
      make("h1", { class: "display-type", tabindex: "-1" }, t("house.keyOnceTitle", { name })),
      make("p", {}, t("house.keyOnceSays")),
      make("label", { class: "label", for: "key-once" }, t("house.key")), make("div", { class: "field" }, field),
      make("button", { type: "button", class: "button primary wide", onclick: copyKey },
        icon("copy"), t("house.copyKey")),
      says), { label: t("house.keyOnceTitle", { name }), opener: add });
  }

  function disable(/** @type {Key} */ key) {
    const name = nameOf(key);
    askFirst({
      title: t("house.disableTitle", { name }),
      says: [t(key.is_web_key ? "house.disableWebSays" : "house.disableSays")], label: t("house.disable"),
      act: () => staff.ask("DELETE", `/admin/api-keys/${key.id}`),
      async done(ending) {
        await read("position" in ending ? ending.position : null);
        toast.say(t("house.disabled", { name }));
      },
      opener: () => list.querySelector(`[data-row="${key.id}"] [data-does="disable"]`) ?? add,
    });
  }

  const timer = setInterval(() => { if (!document.hidden) read(); }, LOOK_MILLISECONDS);
  return { element, read, closed: () => clearInterval(timer) };
}
