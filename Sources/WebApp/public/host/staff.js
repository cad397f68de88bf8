// @ts-check
// Who stands behind the bar. Tokens are kept and renewed by tokens.js, which says what else it does.
//
//   staff.account                     {name, role: "admin" | "bartender"}, or null
//   staff.signIn(name, password)      -> Promise<Ending>; an auditor is refused with the code "auditor"
//   staff.signOut()                   -> Promise<Ending>; "unreachable" means: still here
//   staff.changePassword(old, new)    -> Promise<Ending>; this session goes on, all others of the account end
//   staff.ask, .token, .refused       as of every Keeper
//   event "change"                    detail {why: "came in" | "left" | "over" | "elsewhere"}

import { ask } from "../api.js";
import { remember } from "../storage.js";
import { Keeper, tokensIn } from "../tokens.js";

/**
 * @typedef {import("../api.js").Ending} Ending
 * @typedef {{name: string, role: "admin" | "bartender"}} Account
 */

const BEHIND_THE_BAR = new Set(["admin", "bartender"]);

class Staff extends Keeper {
  constructor() { super("staff"); }

  get account() { return /** @type {Account | null} */ (this.kept); }

  /**
   * @param {string} username
   * @param {string} password
   * @returns {Promise<Ending>}
   */
  async signIn(username, password) {
    const ending = await ask("POST", "/auth/login", { body: { username: username.trim(), password } });
    if (ending.kind !== "answered") return ending;
    const { username: name, role, refresh_token } = ending.data;
    if (!BEHIND_THE_BAR.has(role)) {
      ask("POST", "/auth/logout", { body: { refresh_token } });
      return { kind: "refused", status: 403, code: "auditor", detail: "", wait: 0 };
    }
    remember("staffName", String(name));
    this.keep({ name: String(name), role, ...tokensIn(ending.data) });
    return ending;
  }

  signOut() { return this.end(); }

  /**
   * @param {string} old
   * @param {string} next
   * @returns {Promise<Ending>}
   */
  changePassword(old, next) {
    return this.ask("POST", "/auth/password", { body: { current_password: old, new_password: next } });
  }
}

export const staff = new Staff();
