// @ts-check
// Live events: what `GET /events` sends for as long as somebody listens.
//
// Read by fetch, since EventSource sends no headers. A line is `name: value`; an empty line ends a block. A block
// with data is an event; one with an id alone says how far the bar has come.
// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

/**
 * @typedef {{id: string, type: string, data: string | null}} Block `id` is the last one so far, "" before the first
 *
 * A change, as the bar tells it.
 * @typedef {{type: string, position: number, data: any, previous_status?: string}} Change
 *
 * What a listener wants to know.
 * `headers` are asked for before each connection; `opened` and `lost` take turns; after `missed` everything up to that
 * position must be read anew, and positions seen before it may be those of a log that is gone; `refused` is told of an
 * answer that is no stream, before the next attempt.
 * @typedef {{headers: () => Promise<Headers>, opened: () => void, lost: () => void, heard: (change: Change) => void,
 *   missed: (position: number) => void, refused: (answer: Response) => Promise<void>}} Listener
 */

const FIRST_WAIT_MILLISECONDS = 1000;
const LONGEST_WAIT_MILLISECONDS = 30_000;
/** The bar says something every fifteen seconds: after so long without a byte nobody is there any more. */
const SILENCE_MILLISECONDS = 20_000;
/** After a change of the network only a connection that spoke within this time is believed to be there still. */
const FRESH_MILLISECONDS = 1000;

/** Takes the text of a stream apart, however it is cut into pieces. */
export class BlockReader {
  /** Of a line whose end has not come yet. */
  #rest = "";
  #id = "";
  #type = "";
  /** @type {string[]} */
  #data = [];
  #isEmpty = true;

  /**
   * @param {string} text the next piece
   * @returns {Block[]} the blocks that end in it
   */
  read(text) {
    // A carriage return at the end may be half of a line's end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    const blocks = [];
    for (const line of lines) {
      if (line !== "") this.#take(line);
      else if (!this.#isEmpty) blocks.push(this.#end());
    }
    return blocks;
  }

  #take(/** @type {string} */ line) {
    this.#isEmpty = false;
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
  }

  #end() {
    const block = { id: this.#id, type: this.#type || "message", data: this.#data.length ? this.#data.join("\n") : null };
    this.#type = "";
    this.#data = [];
    this.#isEmpty = true;
    return block;
  }
}

/**
 * Listens until it is stopped, over as many connections as that takes: each goes on where the one before ended.
 * @param {Listener} listener
 * @param {string} after the position up to which all is known already; "" where nothing is, which is `missed` then
 * @returns {{stop: () => string, hurry: () => void}} `stop` says how far it has heard; `hurry` ends a wait between two
 *   connections, and a connection that may be lost
 */
export function listen(listener, after = "") {
  let isStopped = false, isHurried = false, lastId = after, heardAt = 0, wait = FIRST_WAIT_MILLISECONDS;
  let connection = new AbortController();
  let wake = () => {};

  async function hear(/** @type {ReadableStream<Uint8Array>} */ body, /** @type {() => void} */ isThere) {
    const reader = body.getReader(), decoder = new TextDecoder(), blocks = new BlockReader();
    let isOpen = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        heardAt = Date.now();
        isThere();
        for (const { id, type, data } of blocks.read(decoder.decode(value, { stream: true }))) {
          if (isStopped) return;
          const isFirst = lastId === "";
          if (id) lastId = id; // Only now: what was cut off in the middle is sent again.
          if (!isOpen) {
            // Not before: where something on the way collects what is sent, the answer's head proves nothing.
            isOpen = true;
            wait = FIRST_WAIT_MILLISECONDS;
            listener.opened();
          }
          if (isFirst || type === "reset") listener.missed(Number(id));
          else if (data !== null) listener.heard(JSON.parse(data));
        }
      }
    } finally {
      if (isOpen) listener.lost();
    }
  }

  async function connect() {
    const own = connection = new AbortController();
    let timer = 0;
    const isThere = () => {
      clearTimeout(timer);
      timer = setTimeout(() => own.abort(), SILENCE_MILLISECONDS);
    };
    try {
      const headers = await listener.headers();
      if (isStopped) return;
      if (lastId) headers.set("Last-Event-ID", lastId);
      isThere();
      const answer = await fetch("/events", { headers, signal: own.signal, cache: "no-store" });
      const isStream = answer.headers.get("Content-Type")?.startsWith("text/event-stream");
      if (answer.ok && isStream && answer.body) await hear(answer.body, isThere);
      else if (!isStopped) await listener.refused(answer);
    } catch {
      // Unreachable, broken off, or silent for too long: the next connection goes on from here.
    } finally {
      clearTimeout(timer);
      own.abort(); // Whatever ended it, it takes no place at the bar any more.
    }
  }

  async function run() {
    while (!isStopped) {
      await connect();
      if (isStopped) return;
      // By chance a little earlier: all phones lose a bar that starts anew at once, and should not all be back at once.
      const pause = wait * (0.5 + Math.random() / 2);
      wait = Math.min(wait * 2, LONGEST_WAIT_MILLISECONDS);
      if (!isHurried) {
        await new Promise((resolve) => {
          wake = () => resolve(undefined);
          setTimeout(wake, pause);
        });
      }
      isHurried = false;
    }
  }
  run();

  return {
    stop() {
      isStopped = true;
      connection.abort();
      wake();
      return lastId;
    },
    hurry() {
      wait = FIRST_WAIT_MILLISECONDS;
      wake();
      if (Date.now() - heardAt < FRESH_MILLISECONDS) return;
      isHurried = true;
      connection.abort();
    },
  };
}
