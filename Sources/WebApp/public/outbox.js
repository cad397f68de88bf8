// @ts-check
// Orders that the bar has not answered for yet. They outlive the page, in IndexedDB, each with the Idempotency-Key that
// makes it one order however often it is sent; where there is no IndexedDB they live as long as the page.
//
//   outbox.put(item)      -> Promise; known to all() at once, in the database when it resolves
//   outbox.all()          -> Promise<Item[]>, oldest first, other tabs' too
//   outbox.remove(key)    -> Promise
//   outbox.deliver(send)  one tab at a time, oldest first: send(item) -> Promise<boolean>, false where it is no use to
//                         go on. -> Promise<boolean>: whether all was sent
//   event "change"        another tab put or removed something

import { oneTabAtATime, remember, whenOthersRemember } from "./storage.js";

/**
 * `tried`: it may have reached the bar. `withdrawn`: the guest does not want it any more, and the bar has to be told if
 * it has it. `refusal`: the bar said no, and the guest has not seen that yet.
 * @typedef {{key: string, guest: string, drink: {id: string, name: string, image_url: string | null}, quantity: number,
 *   note: string, at: number, tried: boolean, withdrawn: boolean,
 *   refusal?: {status: number, code: string, detail: string} | null}} Item
 */

/** A database that does not open so soon may never: private windows of some browsers hang. */
const OPENING_MILLISECONDS = 2000;

const done = (/** @type {IDBRequest} */ request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @returns {Promise<IDBDatabase | null>} */
function open() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), OPENING_MILLISECONDS);
    try {
      const request = indexedDB.open("barback", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "key" });
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        resolve(request.result);
      };
      request.onerror = request.onblocked = () => resolve(null);
    } catch { resolve(null); }
  });
}

class Outbox extends EventTarget {
  /** @type {Promise<IDBDatabase | null>} */
  #database = open();
  /** @type {Map<string, Item>} what the database does not hold, or not yet */
  #memory = new Map();

  constructor() {
    super();
    whenOthersRemember("outbox", () => this.dispatchEvent(new Event("change")));
  }

  /**
   * Some phones close the database behind the back of a page that was put away: then it is opened anew.
   * @param {"readonly" | "readwrite"} mode
   * @param {(store: IDBObjectStore) => IDBRequest} work the same when it is done twice
   */
  async #within(mode, work) {
    try { return await this.#withinOpen(mode, work); } catch {
      this.#database = open();
      return this.#withinOpen(mode, work);
    }
  }

  /** @param {"readonly" | "readwrite"} mode @param {(store: IDBObjectStore) => IDBRequest} work */
  async #withinOpen(mode, work) {
    const database = await this.#database;
    if (!database) return null;
    const transaction = database.transaction("outbox", mode);
    const result = await done(work(transaction.objectStore("outbox")));
    if (mode === "readwrite") {
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
    }
    return { result };
  }

  async put(/** @type {Item} */ item) {
    this.#memory.set(item.key, item);
    try {
      if (await this.#within("readwrite", (store) => store.put(item))) this.#memory.delete(item.key);
    } catch { /* Kept in memory only. */ }
    remember("outbox", Date.now());
  }

  /** @returns {Promise<Item[]>} */
  async all() {
    let stored = [];
    try { stored = (await this.#within("readonly", (store) => store.getAll()))?.result ?? []; } catch { /* As put. */ }
    const items = new Map([...stored.map((/** @type {Item} */ item) => [item.key, item]), ...this.#memory]);
    return [...items.values()].sort((one, other) => one.at - other.at);
  }

  async remove(/** @type {string} */ key) {
    this.#memory.delete(key);
    try { await this.#within("readwrite", (store) => store.delete(key)); } catch { /* It was in memory only. */ }
    remember("outbox", Date.now());
  }

  deliver(/** @type {(item: Item) => Promise<boolean>} */ send) {
    return oneTabAtATime("outbox", async () => {
      for (const item of await this.all()) if (!item.refusal && !await send(item)) return false;
      return true;
    });
  }
}

export const outbox = new Outbox();
