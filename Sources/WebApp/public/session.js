// @ts-check
// The guest who has come in with this phone. Tokens are kept and renewed by tokens.js, which says what else it does.
//
//   session.guest                     {user_key, name}, or null
//   session.code                      of the join link that led here, for the tab, until it let somebody in; or null
//   session.lastName                  to fill the field with
//   session.comeIn(name, code?)       -> Promise<Ending>; the same name and code is one guest, however often it is sent
//   session.leave()                   -> Promise<Ending>; "unreachable" means: still here
//   session.ask, .token, .refused     as of every Keeper
//   event "change"                    detail {why: "came in" | "left" | "over" | "elsewhere"}

import { ask, uuid } from "./api.js";
import { recall, recallHere, remember, rememberHere } from "./storage.js";
import { Keeper, tokensIn } from "./tokens.js";

/**
 * @typedef {import("./api.js").Ending} Ending
 */

class Session extends Keeper {
  constructor() { super("guest"); }

  get guest() { return /** @type {{user_key: string, name: string} | null} */ (this.kept); }

  get code() { return recallHere("code"); }

  /** @returns {string} */
  get lastName() { return recall("name", ""); }

  /**
   * @param {string} name as it was written
   * @param {string | null} code that of the link unless told
   * @returns {Promise<Ending>}
   */
  async comeIn(name, code = this.code) {
    const username = name.replace(/\p{Surrogate}/gu, "").trim();
    // A header takes ASCII only, and no code has anything else.
    const clean = (code ?? "").replace(/[^\x21-\x7e]/g, "");
    const asked = JSON.stringify([clean, username]);
    const [last, known] = (recallHere("asked") ?? "").split("\n");
    const key = last === asked && known ? known : uuid();
    rememberHere("asked", `${asked}\n${key}`);
    const ending = await ask("POST", "/register", { code: clean, key, body: { username } });
    if (ending.kind === "refused" && ending.code === "wrong_code") rememberHere("code", null);
    if (ending.kind === "answered") {
      rememberHere("code", null);
      rememberHere("asked", null);
      const { user_key, username } = ending.data;
      remember("name", String(username));
      this.keep({ user_key: String(user_key), name: String(username), ...tokensIn(ending.data) });
    }
    return ending;
  }

  leave() { return this.end(); }
}

export const session = new Session();
