// @ts-check
// Keeps menu and orders as they are at the bar: by the stream of events, or by asking again and again where none comes
// through.
//
//   startLive()         reads everything, and listens from now on
//   live.state          "live" | "asking" | "lost"      lost: the bar does not answer; it is tried again by itself
//   live.lostSince      Date, or null
//   event "change"
//
// One stream a window: a visible tab always listens, since a browser may put any other to sleep. A hidden one goes on
// only where somebody waits for a drink and no other tab of the browser was looked at since; a browser has six
// connections to a bar for all its tabs.

import { fetchNewKey, headersOf, whenRead } from "./api.js";
import { menu } from "./menu.js";
import { orders } from "./orders.js";
import { session } from "./session.js";
import { recall, remember, whenOthersRemember } from "./storage.js";

/** Between two looks at the open orders, where nobody tells of changes. */
const ASK_MILLISECONDS = 2000;
/** And where somebody does: guests are told nothing of others' orders, so their place changes without a word. */
const PLACE_MILLISECONDS = 4000;
/** Between two looks at the menu of somebody who has not come in. */
const MENU_MILLISECONDS = 20_000;
const LOST_MENU_MILLISECONDS = 3000;
/** Phones read a menu that has changed within this time, each at its own moment: one address has one rate. */
const SPREAD_MILLISECONDS = 1000;

/**
 * Listens as soon as it is known how: who only reads the menu need not.
 * @param {Parameters<typeof import("./events.js").listen>[0]} hooks
 * @param {string} from
 */
function listen(hooks, from) {
  /** @type {ReturnType<typeof import("./events.js").listen> | null} */
  let listening = null;
  let isOver = false;
  whenRead(() => import("./events.js")).then((events) => { if (!isOver) listening = events.listen(hooks, from); });
  return {
    stop: () => {
      isOver = true;
      return listening?.stop() ?? from;
    },
    hurry: () => listening?.hurry(),
  };
}

class Live extends EventTarget {
  /** @type {"live" | "asking" | "lost"} */
  state = "asking";
  /** @type {Date | null} */
  lostSince = null;
  #own = Math.random();
  /** @type {{of: string, stop: () => string, hurry: () => void} | null} by the guest who listens */
  #listening = null;
  /** @type {{of: string, id: string} | null} how far that guest has heard, while nobody listens */
  #heard = null;
  #isLive = false;
  #menuTimer = 0;
  #menuAfter = 0;

  #become(/** @type {"live" | "asking" | "lost"} */ state) {
    if (state === this.state) return;
    this.state = state;
    this.lostSince = state === "lost" ? this.lostSince ?? new Date() : null;
    this.dispatchEvent(new Event("change"));
  }

  #note(/** @type {boolean} */ isLost) { this.#become(isLost ? "lost" : this.#isLive ? "live" : "asking"); }

  start() {
    session.addEventListener("change", () => this.#attend());
    orders.addEventListener("change", () => {
      if (document.hidden) this.#attend();
      // One that could not be sent: is the line gone? A stream may not have noticed yet.
      if (this.state !== "lost" && orders.open.some(({ state }) => state === "notSent")) this.#readOrders();
    });
    window.addEventListener("offline", () => this.look());
    whenOthersRemember("listener", () => this.#attend());
    document.addEventListener("visibilitychange", () => {
      this.#attend();
      if (!document.hidden) this.look();
    });
    window.addEventListener("online", () => {
      this.#listening?.hurry();
      this.look();
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.look(); });
    setInterval(() => {
      if (!this.#isLive && this.#isWanted && orders.open.length) this.#readOrders();
    }, ASK_MILLISECONDS);
    setInterval(() => {
      const isSeen = this.#isLive && !document.hidden;
      if (isSeen && orders.open.some(({ state }) => state === "pending")) this.#readOrders(() => orders.readPlaces());
    }, PLACE_MILLISECONDS);
    setInterval(() => { if (!this.#isLive && this.state !== "lost") this.#readMenu(); }, MENU_MILLISECONDS);
    setInterval(() => { if (this.state === "lost" || menu.trouble) this.#readMenu(); }, LOST_MENU_MILLISECONDS);
    this.#attend();
    menu.settled.then(() => this.#note(menu.trouble?.kind === "unreachable"));
    orders.start();
  }

  /** Somebody looks at the page again, or the line may be back. */
  look() {
    this.#readMenu();
    this.#readOrders();
    orders.flush();
  }

  async #readMenu(/** @type {number | null} */ after = null) {
    if (document.hidden && menu.isHere && after === null) return;
    await menu.load(after);
    this.#note(menu.trouble?.kind === "unreachable");
  }

  async #readOrders(reading = () => orders.read()) {
    if (!session.guest) return;
    const { kind } = await reading();
    this.#note(kind === "unreachable");
  }

  /** However often the menu changes meanwhile, it is read once, and by then. */
  #readMenuSoon(/** @type {number} */ after) {
    this.#menuAfter = Math.max(this.#menuAfter, after);
    this.#menuTimer ||= window.setTimeout(() => {
      const wanted = this.#menuAfter;
      this.#menuTimer = this.#menuAfter = 0;
      this.#readMenu(wanted);
    }, Math.random() * SPREAD_MILLISECONDS);
  }

  get #isWanted() {
    if (!document.hidden) return true;
    return orders.open.length > 0 && recall("listener", this.#own) === this.#own;
  }

  #attend() {
    if (!document.hidden && recall("listener") !== this.#own) remember("listener", this.#own);
    const who = this.#isWanted ? session.guest?.user_key : undefined;
    if (this.#listening && this.#listening.of !== who) this.#hangUp();
    if (who !== undefined && !this.#listening) this.#listen(who);
  }

  #hangUp() {
    if (this.#listening) this.#heard = { of: this.#listening.of, id: this.#listening.stop() };
    this.#listening = null;
    this.#isLive = false;
    if (this.state === "live") this.#become("asking");
  }

  #listen(/** @type {string} */ who) {
    let token = /** @type {string | undefined} */ (undefined);
    this.#listening = { of: who, ...listen({
      headers: async () => headersOf(token = await session.token()),
      opened: () => {
        this.#isLive = true;
        this.#become("live");
        orders.flush();
      },
      lost: () => {
        this.#isLive = false;
        this.#note(this.state === "lost");
        if (session.guest) this.look(); // Says so where the bar is gone.
      },
      missed: (position) => {
        this.#readMenuSoon(position);
        this.#readOrders(() => orders.readAnew(position));
      },
      heard: (change) => {
        if (change.type.startsWith("order_")) orders.hear(change);
        else this.#readMenuSoon(change.position);
      },
      refused: async (answer) => {
        const { code } = await answer.json();
        if (code === "unknown_api_key") fetchNewKey();
        else if (code === "bad_token") await session.refused(token);
      },
    }, this.#heard?.of === who ? this.#heard.id : "") };
  }
}

export const live = new Live();
export const startLive = () => live.start();
