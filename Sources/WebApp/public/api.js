// @ts-check
// Asks the bar. A request ends in one of four ways; each has a sentence on the screen, and none is an exception.
//
//   ask(method, path, {token, code, after, key, body, etag, match, deadline}) -> Promise<Ending>
//     token      who asks: an access token             code   a registration code
//     after      a log position the answer must have seen
//     key        Idempotency-Key: the same key with the same body is done once, however often it is sent
//     etag       of what is known already: the ending may then be "unchanged"
//     match      the etag of what is to be changed: refused where it is another by now
//     deadline   milliseconds, 8000 unless told
//   headersOf(token) -> Headers      for the stream, which is no request with an end
//   uuid() -> string                 a fresh Idempotency-Key
//   isUncertain(ending) -> boolean   whether it may or may not have been done: ask again with the same key
//   new Reading(once)                something of the bar's that is read whenever it may have changed
//   whenRead(() => import(file))     what a file of the page exports that is not wanted at once; tried until it comes

import { recallHere, rememberHere } from "./storage.js";

/**
 * `position` is that of the log which the answer has seen; `wait` the seconds after which to ask again.
 * @typedef {{kind: "answered", data: any, metadata: any, position: number | null, etag: string | null}} Answered
 * @typedef {{kind: "unchanged", position: number | null}} Unchanged
 * @typedef {{kind: "refused", status: number, code: string, detail: string, wait: number,
 *   errors?: {field: string, message: string}[]}} Refused
 * @typedef {{kind: "unreachable"}} Unreachable
 * @typedef {Answered | Unchanged | Refused | Unreachable} Ending
 *
 * @typedef {{token?: string, code?: string, after?: number | null, key?: string, body?: unknown, etag?: string | null,
 *   match?: string | null, deadline?: number}} More
 */

const DEADLINE_MILLISECONDS = 8000;
const RETRY_MILLISECONDS = 2000;

const apiKey = document.querySelector('meta[name="barback-api-key"]')?.getAttribute("content") ?? "";

/** The page brings its key along; the bar has made another one since. Once is enough: a page may come from a cache. */
export function fetchNewKey() {
  if (recallHere("reloaded") === apiKey) return;
  rememberHere("reloaded", apiKey);
  if (recallHere("reloaded") === apiKey) location.reload();
}

export function headersOf(/** @type {string | undefined} */ token) {
  const headers = new Headers({ "X-Api-Key": apiKey });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return headers;
}

function headersFor(/** @type {More} */ { token, code, after, key, body, etag, match }) {
  const headers = headersOf(token);
  headers.set("Accept", "application/json");
  if (code) headers.set("X-Registration-Code", code);
  if (after != null) headers.set("Barback-After", String(after));
  if (key) headers.set("Idempotency-Key", key);
  if (etag) headers.set("If-None-Match", etag);
  if (match) headers.set("If-Match", match);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  return headers;
}

function positionOf(/** @type {Response} */ answer) {
  const position = Number.parseInt(answer.headers.get("Barback-Position") ?? "", 10);
  return Number.isSafeInteger(position) ? position : null;
}

/** @returns {Promise<Ending>} */
async function endingOf(/** @type {Response} */ answer) {
  const position = positionOf(answer);
  if (answer.status === 304) return { kind: "unchanged", position };
  const json = await answer.json();
  if (answer.ok) {
    return {
      kind: "answered", data: json.data, metadata: json.metadata ?? null, position, etag: answer.headers.get("ETag"),
    };
  }
  // Anything else than a problem of ours comes from something between us and the bar.
  if (!answer.headers.get("Content-Type")?.startsWith("application/problem+json")) return { kind: "unreachable" };
  if (json.code === "unknown_api_key") fetchNewKey();
  return {
    kind: "refused", status: answer.status, code: String(json.code ?? ""),
    detail: String(json.detail || json.title || ""),
    wait: Number(answer.headers.get("Retry-After")) || 0,
    errors: json.errors ?? [],
  };
}

/**
 * @param {"GET" | "POST" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {More} more
 * @returns {Promise<Ending>}
 */
export async function ask(method, path, more = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), more.deadline ?? DEADLINE_MILLISECONDS);
  try {
    const body = more.body === undefined ? undefined : JSON.stringify(more.body);
    // The page keeps what it wants to keep; a 304 must reach it.
    return await endingOf(await fetch(path, {
      method, headers: headersFor(more), body, signal: stop.signal, cache: "no-store", credentials: "omit",
    }));
  } catch {
    return { kind: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

export const isUncertain = (/** @type {Ending} */ ending) =>
  ending.kind === "unreachable" || (ending.kind === "refused" && (ending.status >= 500 || ending.status === 429));

/** A version 4 UUID. `crypto.randomUUID` is missing on plain http, which is how phones reach a bar at home. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * @template T
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
export async function whenRead(read) {
  for (let last; ;) {
    try { return await read(); } catch (error) {
      // Of bad Wi-Fi each failure is its own; what is wrong in a file is the same thing again.
      if (error === last) throw error;
      last = error;
    }
    await new Promise((resolve) => { setTimeout(resolve, RETRY_MILLISECONDS); });
  }
}

/**
 * One reading at a time, and one more where it was asked for meanwhile: what is being read may be older than what made
 * us ask.
 * @template T what a reading gives
 */
export class Reading {
  /** @type {number | null} a log position that the next answer must have seen */
  after = null;
  /** @type {Promise<T> | null} */
  underWay = null;
  #isAskedAgain = false;
  #once;

  constructor(/** @type {() => Promise<T>} */ once) { this.#once = once; }

  /** @param {number | null} after a log position that the answer must have seen */
  begin(after = null) {
    if (after !== null) this.mustSee(after);
    if (this.underWay) this.again();
    this.underWay ??= this.#all().finally(() => { this.underWay = null; });
    return this.underWay;
  }

  /** The one that is under way is not enough. */
  again() { this.#isAskedAgain = true; }

  mustSee(/** @type {number} */ position) { this.after = Math.max(position, this.after ?? 0); }

  /** An answer has come that was asked for with this. */
  seen(/** @type {number | null} */ after) { if (this.after === after) this.after = null; }

  async #all() {
    for (;;) {
      this.#isAskedAgain = false;
      const found = await this.#once();
      if (!this.#isAskedAgain) return found;
    }
  }
}
