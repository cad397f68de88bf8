// @ts-check
// The bar itself, as it is run: whether it takes orders, what guests are told, when a ticket is late.
//
//   bar.name, bar.accepting, bar.message     message: what guests read, or null
//   bar.usualWaitSeconds                     number, or null
//   bar.settings                             {wait_minutes, late_minutes, show_recipes, max_active_orders, ...}
//   bar.isHere                               whether anything is known yet
//   bar.now()                                milliseconds since 1970 by the bar's clock: a tablet's may be anything
//   bar.pause(message), bar.open(message?)   -> Promise<Ending>; "" is no message
//   bar.read(after?)                         -> Promise<void>
//   event "change"

import { feed } from "./feed.js";
import { staff } from "./staff.js";

const USUAL = { wait_minutes: 5, late_minutes: 8 };
/** How often the usual wait is asked for, of which nobody tells. */
const LOOK_MILLISECONDS = 60_000;

class Bar extends EventTarget {
  name = "";
  accepting = true;
  /** @type {string | null} */
  message = null;
  /** @type {number | null} */
  usualWaitSeconds = null;
  /** @type {{wait_minutes: number, late_minutes: number} & Record<string, any>} */
  settings = { ...USUAL };
  isHere = false;
  #shown = "";
  /** By how much the bar's clock is ahead of this one. */
  #ahead = 0;

  constructor() {
    super();
    feed.addEventListener("missed", (event) => this.read(/** @type {CustomEvent} */ (event).detail.position));
    feed.addEventListener("heard", (event) => {
      const { type, data, position } = /** @type {CustomEvent} */ (event).detail;
      if (type !== "bar_changed") return;
      this.#take(data);
      this.read(position);
    });
    // Where this clock was set anew meanwhile, by how much is seen again.
    feed.addEventListener("change", () => { if (feed.state === "live") this.read(); });
    setInterval(() => { if (feed.state === "live" && !document.hidden) this.read(); }, LOOK_MILLISECONDS);
  }

  /** The settings are the admin's to read; what everybody at the bar needs of them stands in the bar itself, too. */
  async read(/** @type {number | null} */ after = null) {
    if (!staff.account) return;
    const [bar, settings] = await Promise.all([
      staff.ask("GET", "/admin/bar", { after }),
      staff.account.role === "admin" ? staff.ask("GET", "/admin/settings", { after }) : null,
    ]);
    // Whoever it was, they are none of the staff.
    if (bar.kind === "refused" && bar.code === "not_allowed") return staff.keep(null, "over");
    if (bar.kind !== "answered") return;
    this.#take(bar.data, settings?.kind === "answered" ? settings.data : {});
  }

  #take(/** @type {any} */ bar, /** @type {any} */ settings = {}) {
    const { name, accepting_orders, message, usual_wait_seconds, server_time, ...rest } = bar;
    if (server_time) this.#ahead = Date.parse(server_time) - Date.now();
    this.name = name ?? this.name;
    this.accepting = accepting_orders ?? this.accepting;
    this.message = message || null;
    if (usual_wait_seconds !== undefined) this.usualWaitSeconds = usual_wait_seconds;
    this.settings = { ...this.settings, ...rest, ...settings };
    const { accepting, isHere, usualWaitSeconds } = this;
    const shows = JSON.stringify([this.name, accepting, this.message, usualWaitSeconds, this.settings]);
    this.isHere = true;
    if (isHere && shows === this.#shown) return;
    this.#shown = shows;
    this.dispatchEvent(new Event("change"));
  }

  now() { return Date.now() + this.#ahead; }

  async #accept(/** @type {boolean} */ accepting_orders, /** @type {string} */ message) {
    const ending = await staff.ask("PUT", "/admin/bar", { body: { accepting_orders, message: message.trim() } });
    if (ending.kind === "answered") this.#take(ending.data);
    return ending;
  }

  pause(/** @type {string} */ message) { return this.#accept(false, message); }

  open(message = "") { return this.#accept(true, message); }
}

export const bar = new Bar();
