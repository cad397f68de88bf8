// @ts-check
// The one stream that the host's page listens to while somebody is signed in; everything else listens to it.
//
//   feed.state          "live" | "asking" | "lost"    asking: no stream comes through, and it is asked again and again;
//                       lost: the bar does not answer; it is tried again by itself
//   feed.lostSince      Date, or null
//   event "heard"       detail {type, position, data, previous_status?}: a change, as the bar tells it
//   event "missed"      detail {position}: read everything anew. With a position the answers must have seen it, and
//                       what was read before may be of a log that is gone; without one (null) just look again
//   event "change"      of the state
//   event "back"        detail {lostSince}: the bar answers again after it was lost

import { fetchNewKey, headersOf } from "../api.js";
import { listen } from "../events.js";
import { staff } from "./staff.js";

/** Between two looks where nobody tells of changes. */
const ASK_MILLISECONDS = 3000;

class Feed extends EventTarget {
  /** @type {"live" | "asking" | "lost"} */
  state = "asking";
  /** @type {Date | null} */
  lostSince = null;
  /** @type {{stop: () => string, hurry: () => void} | null} */
  #listening = null;
  #isLooking = false;

  constructor() {
    super();
    staff.addEventListener("change", () => this.#attend());
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.hurry(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.hurry(); });
    setInterval(() => { if (this.state !== "live") this.#look(); }, ASK_MILLISECONDS);
    this.#attend();
  }

  /** The line may be back, or somebody looks at the page again. */
  hurry() {
    this.#listening?.hurry();
    if (this.state !== "live") this.#look();
  }

  #tell(/** @type {string} */ name, /** @type {any} */ detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #become(/** @type {"live" | "asking" | "lost"} */ state) {
    if (state === this.state) return;
    const { lostSince } = this;
    this.state = state;
    this.lostSince = state === "lost" ? new Date() : null;
    this.#tell("change", { state });
    if (lostSince) this.#tell("back", { lostSince });
  }

  async #look() {
    if (!this.#listening || this.#isLooking) return;
    this.#isLooking = true;
    const { kind } = await staff.ask("GET", "/admin/bar");
    this.#isLooking = false;
    if (this.state === "live" || !this.#listening) return;
    this.#become(kind === "unreachable" ? "lost" : "asking");
    if (kind === "answered") this.#tell("missed", { position: null });
  }

  #attend() {
    if (!staff.account) {
      this.#listening?.stop();
      this.#listening = null;
      this.#become("asking");
    } else this.#listening ??= this.#listen();
  }

  #listen() {
    let token = /** @type {string | undefined} */ (undefined);
    return listen({
      headers: async () => headersOf(token = await staff.token()),
      opened: () => this.#become("live"),
      lost: () => {
        if (!this.#listening) return;
        if (this.state === "live") this.#become("asking");
        this.#look(); // Says so where the bar is gone.
      },
      heard: (change) => this.#tell("heard", change),
      missed: (position) => this.#tell("missed", { position }),
      refused: async (answer) => {
        const { code } = await answer.json();
        if (code === "unknown_api_key") fetchNewKey();
        else if (code === "bad_token") await staff.refused(token);
      },
    });
  }
}

export const feed = new Feed();
