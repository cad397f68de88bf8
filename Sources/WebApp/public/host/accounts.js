// @ts-check
// Who works here. A password is typed or made up once, and nobody reads it again.

import { make } from "../dom.js";
import { t } from "../words.js";
import { askFirst } from "./ask-first.js";
import { icon } from "./icons.js";
import { moment } from "./measures.js";
import { partHead } from "./part.js";
import { Rows } from "./rows.js";

/**
 * @typedef {{id: string, username: string, role: "admin" | "bartender" | "auditor",
 *   last_signed_in_at: string | null}} Account
 */

const ROLES = ["bartender", "admin", "auditor"];
const LEAST = 10;
/** Without those that are taken for others. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** Sixteen of thirty-one: nobody guesses it, and it can be read out. */
function madeUp() {
  const letters = [];
  while (letters.length < 16) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < LETTERS.length * 8) letters.push(LETTERS[byte % LETTERS.length]);
  }
  return letters.join("").replace(/(.{4})(?!$)/g, "$1-");
}

const passwordField = () => ({
  name: "password", label: t("house.password"), hint: t("house.passwordHint"), value: madeUp(),
  attributes: { maxlength: 200, autocapitalize: "none", spellcheck: "false", autocomplete: "new-password" },
  wrong: (/** @type {string} */ value) => value.length >= LEAST ? "" : t("house.passwordShort", { count: LEAST }),
});

/** @param {any} context */
export function accountsPart({ staff, toast }) {
  const list = make("ul", { class: "plain-rows" }), rows = new Rows(list, row);
  const add = make("button", { type: "button", class: "button quiet small", onclick: addOne },
    icon("plus"), t("house.addAccount"));
  const element = make("section", { "aria-labelledby": "accounts-title" },
    partHead("accounts-title", t("house.accounts"), add), list);

  async function read(/** @type {number | null} */ after = null) {
    const ending = await staff.ask("GET", "/admin/accounts", { after });
    if (ending.kind === "answered") rows.show(ending.data);
    return ending.kind === "answered";
  }

  const isSelf = (/** @type {Account} */ { username }) => username === staff.account?.name;
  const find = (/** @type {Account} */ { id }, /** @type {string} */ does) =>
    list.querySelector(`[data-row="${id}"] [data-does="${does}"]`);

  function row(/** @type {Account} */ account) {
    const name = account.username, seen = account.last_signed_in_at;
    return make("li", {},
      make("div", { class: "words" },
        make("h3", { class: "display-type" }, name),
        make("p", {}, t(`house.role.${account.role}`), ", ",
          isSelf(account) ? t("house.yourself")
            : seen ? t("house.seen", { when: moment(seen) }) : t("house.neverSeen"))),
      make("div", { class: "does" },
        make("button", { type: "button", class: "button small", "data-does": "password",
          "aria-label": t("house.newPasswordNamed", { name }), onclick: () => newPassword(account) },
        t("house.newPassword")),
        !isSelf(account) && make("button", { type: "button", class: "button small", "data-does": "remove",
          "aria-label": t("house.removeNamed", { name }), onclick: () => remove(account) }, t("house.remove"))));
  }

  const done = (/** @type {string} */ sentence) => async (/** @type {import("../api.js").Ending} */ ending) => {
    await read("position" in ending ? ending.position : null);
    toast.say(sentence);
  };

  function addOne() {
    let name = "";
    askFirst({
      title: t("house.addTitle"), label: t("house.addAccount"),
      fields: [
        { name: "username", label: t("house.username"), hint: t("house.usernameHint"),
          attributes: { maxlength: 60, autocapitalize: "none", spellcheck: "false" },
          wrong: (value) => value ? "" : t("house.usernameMissing"), refused: t("house.usernameTaken") },
        { name: "role", label: t("house.role"), kind: "choice", value: "bartender", options: ROLES.map((role) => (
          { value: role, label: t(`house.role.${role}`), hint: t(`house.role.${role}Hint`) })) },
        passwordField(),
      ],
      act(values) {
        name = values.username;
        return staff.ask("POST", "/admin/accounts", { body: values });
      },
      done: (ending) => done(t("house.added", { name }))(ending),
      opener: add,
    });
  }

  function newPassword(/** @type {Account} */ account) {
    const name = account.username;
    askFirst({
      title: t("house.newPasswordTitle", { name }),
      says: [t(isSelf(account) ? "house.newPasswordSaysSelf" : "house.newPasswordSays", { name })],
      fields: [passwordField()], label: t("house.setPassword"),
      act: (body) => staff.ask("PUT", `/admin/accounts/${account.id}/password`, { body }),
      done: done(t("house.passwordSet", { name })),
      opener: () => find(account, "password"),
    });
  }

  function remove(/** @type {Account} */ account) {
    const name = account.username;
    askFirst({
      title: t("house.removeTitle", { name }), says: [t("house.removeSays", { name })], label: t("house.remove"),
      act: () => staff.ask("DELETE", `/admin/accounts/${account.id}`),
      done: done(t("house.removed", { name })),
      opener: () => find(account, "remove") ?? add,
    });
  }

  return { element, read };
}
