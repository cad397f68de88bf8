// @ts-check
// Who has come in. Tokens are kept by the page itself (docs/decisions/0037) and renewed before they end.
//
//   session.guest                     {user_key, name}, or null
//   session.code                      of the join link that led here, for the tab, until it let somebody in; or null
//   session.lastName                  to fill the field with
//   session.comeIn(name, code?)       -> Promise<Ending>; the same name and code is one guest, however often it is sent
//   session.ask(method, path, more)   -> Promise<Ending>, as the guest
//   session.token()                   -> Promise<string | undefined>, one that is good for a while
//   session.refused(token)            the stream was refused: get another token, or find out that the time is over
//   session.leave()                   -> Promise<Ending>; "unreachable" means: still here
//   event "change"                    detail {why: "came in" | "left" | "over" | "elsewhere"}; "over" is the bar's
//                                     doing, "elsewhere" another tab's

import { ask, uuid } from "./api.js";
import { oneTabAtATime, recall, recallHere, remember, rememberHere, whenOthersRemember } from "./storage.js";

/**
 * The access token is good until `ends`, milliseconds since 1970 by this clock.
 * @typedef {{user_key: string, name: string, access: string, refresh: string, ends: number}} Guest
 * @typedef {import("./api.js").Ending} Ending
 * @typedef {import("./api.js").More} More
 */

/** An access token is exchanged so long before its end. */
const EARLY_MILLISECONDS = 60_000;

const tokensIn = (/** @type {any} */ data) => ({
  access: String(data.access_token),
  refresh: String(data.refresh_token),
  ends: Date.now() + Number(data.expires_in) * 1000,
});

/** The code of the link at the bar is taken out of the address, where others would see it. */
function takeCode() {
  const code = /^\/join\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  if (!code) return;
  history.replaceState(null, "", `/${location.hash}`);
  try { rememberHere("code", decodeURIComponent(code)); } catch { /* No code looks like this. */ }
}

class Session extends EventTarget {
  /** @type {Guest | null} */
  #guest = recall("guest");
  /** @type {Promise<void> | null} */
  #renewing = null;

  constructor() {
    super();
    takeCode();
    whenOthersRemember("guest", () => this.#set(recall("guest"), "elsewhere"));
  }

  /** @returns {{user_key: string, name: string} | null} */
  get guest() { return this.#guest; }

  get code() { return recallHere("code"); }

  /** @returns {string} */
  get lastName() { return recall("name", ""); }

  #set(/** @type {Guest | null} */ guest, /** @type {string} */ why) {
    const isSame = guest?.user_key === this.#guest?.user_key;
    this.#guest = guest;
    if (!isSame) this.dispatchEvent(new CustomEvent("change", { detail: { why } }));
  }

  #keep(/** @type {Guest | null} */ guest, why = "came in") {
    remember("guest", guest);
    if (guest) remember("name", guest.name);
    this.#set(guest, why);
  }

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
      this.#keep({ user_key: String(user_key), name: String(username), ...tokensIn(ending.data) });
    }
    return ending;
  }

  /**
   * @param {"GET" | "POST" | "PUT" | "DELETE"} method
   * @param {string} path
   * @param {More} more
   * @returns {Promise<Ending>}
   */
  async ask(method, path, more = {}) {
    const token = await this.token();
    const ending = await ask(method, path, { ...more, token });
    if (ending.kind !== "refused" || ending.code !== "bad_token") return ending;
    const next = await this.refused(token);
    return next && next !== token ? ask(method, path, { ...more, token: next }) : ending;
  }

  async token() {
    if (this.#guest && this.#guest.ends - Date.now() < EARLY_MILLISECONDS) await this.#renew(this.#guest);
    return this.#guest?.access;
  }

  async refused(/** @type {string | undefined} */ token) {
    if (this.#guest && this.#guest.access === token) await this.#renew(this.#guest);
    return this.#guest?.access;
  }

  /** One request at a time, however many ask for it, and over all tabs. */
  #renew(/** @type {Guest} */ stale) {
    this.#renewing ??= oneTabAtATime("renew", () => this.#renewAlone(stale)).finally(() => { this.#renewing = null; });
    return this.#renewing;
  }

  async #renewAlone(/** @type {Guest} */ stale) {
    const now = /** @type {Guest | null} */ (recall("guest"));
    if (now?.user_key !== stale.user_key || now.access !== stale.access) return this.#set(now, "elsewhere");
    const ending = await ask("POST", "/auth/refresh", { body: { refresh_token: stale.refresh } });
    if (ending.kind === "answered") this.#keep({ ...stale, ...tokensIn(ending.data) });
    else if (ending.kind === "refused" && ending.status === 401 && ending.code !== "unknown_api_key") {
      this.#keep(null, "over");
    }
  }

  /** @returns {Promise<Ending>} */
  async leave() {
    if (!this.#guest) return { kind: "unchanged", position: null };
    const ending = await ask("POST", "/auth/logout", { body: { refresh_token: this.#guest.refresh } });
    if (ending.kind !== "unreachable") this.#keep(null, "left");
    return ending;
  }
}

export const session = new Session();
