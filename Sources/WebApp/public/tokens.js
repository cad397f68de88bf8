// @ts-check
// Tokens of whoever has come in, guest or staff: kept by the page itself (docs/decisions/0037), over all its tabs, and
// renewed before they end.
//
//   tokensIn(data)                    of an answer that lets somebody in
//   new Keeper(name)                  under which they are kept in this browser
//   keeper.kept                       who has come in, with their tokens; or null
//   keeper.keep(kept, why)            null forgets
//   keeper.ask(method, path, more)    -> Promise<Ending>, as who has come in
//   keeper.token()                    -> Promise<string | undefined>, one that is good for a while
//   keeper.refused(token)             -> Promise<string | undefined>; the stream was refused: get another token, or
//                                     find out that the time is over
//   keeper.end()                      -> Promise<Ending>; "unreachable" means: still here
//   event "change"                    somebody else, or nobody: detail {why: what `keep` was told, or "over" | "left" |
//                                     "elsewhere"}; "over" is the bar's doing, "elsewhere" another tab's

import { ask } from "./api.js";
import { oneTabAtATime, recall, remember, whenOthersRemember } from "./storage.js";

/**
 * The access token is good until `ends`, milliseconds since 1970 by this clock.
 * @typedef {{access: string, refresh: string, ends: number}} Tokens
 * @typedef {Tokens & {user_key?: string, name: string, role?: string}} Kept
 * @typedef {import("./api.js").Ending} Ending
 * @typedef {import("./api.js").More} More
 */

/** An access token is exchanged so long before its end. */
const EARLY_MILLISECONDS = 60_000;

/** @returns {Tokens} */
export const tokensIn = (/** @type {any} */ data) => ({
  access: String(data.access_token),
  refresh: String(data.refresh_token),
  ends: Date.now() + Number(data.expires_in) * 1000,
});

const whoIs = (/** @type {Kept | null} */ kept) => kept && (kept.user_key ?? kept.name);

export class Keeper extends EventTarget {
  #name;
  /** @type {Kept | null} */
  #kept;
  /** @type {Promise<void> | null} */
  #renewing = null;

  constructor(/** @type {string} */ name) {
    super();
    this.#name = name;
    this.#kept = recall(name);
    whenOthersRemember(name, () => this.#set(recall(name), "elsewhere"));
  }

  /** @returns {Kept | null} */
  get kept() { return this.#kept; }

  #set(/** @type {Kept | null} */ kept, /** @type {string} */ why) {
    const isSame = whoIs(kept) === whoIs(this.#kept);
    this.#kept = kept;
    if (!isSame) this.dispatchEvent(new CustomEvent("change", { detail: { why } }));
  }

  keep(/** @type {Kept | null} */ kept, why = "came in") {
    remember(this.#name, kept);
    this.#set(kept, why);
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
    if (this.#kept && this.#kept.ends - Date.now() < EARLY_MILLISECONDS) await this.#renew(this.#kept);
    return this.#kept?.access;
  }

  async refused(/** @type {string | undefined} */ token) {
    if (this.#kept && this.#kept.access === token) await this.#renew(this.#kept);
    return this.#kept?.access;
  }

  /** One request at a time, however many ask for it, and over all tabs. */
  #renew(/** @type {Kept} */ stale) {
    this.#renewing ??= oneTabAtATime(`renew.${this.#name}`, () => this.#renewAlone(stale))
      .finally(() => { this.#renewing = null; });
    return this.#renewing;
  }

  async #renewAlone(/** @type {Kept} */ stale) {
    const now = /** @type {Kept | null} */ (recall(this.#name));
    if (whoIs(now) !== whoIs(stale) || now?.access !== stale.access) return this.#set(now, "elsewhere");
    const ending = await ask("POST", "/auth/refresh", { body: { refresh_token: stale.refresh } });
    if (ending.kind === "answered") this.keep({ ...stale, ...tokensIn(ending.data) });
    else if (ending.kind === "refused" && ending.status === 401 && ending.code !== "unknown_api_key") {
      this.keep(null, "over");
    }
  }

  /** @returns {Promise<Ending>} */
  async end() {
    if (!this.#kept) return { kind: "unchanged", position: null };
    const ending = await ask("POST", "/auth/logout", { body: { refresh_token: this.#kept.refresh } });
    if (ending.kind !== "unreachable") this.keep(null, "left");
    return ending;
  }
}
