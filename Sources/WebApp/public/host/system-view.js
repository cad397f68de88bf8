// @ts-check
// How the bar itself is: what runs, how far each part has read, how large the log is, and what happens, as it happens.

import { make, setText } from "../dom.js";
import { has, number, refusal, t, time } from "../words.js";
import { happened } from "./happened.js";
import { head } from "./head.js";
import { icon } from "./icons.js";
import { bytes, duration, moment } from "./measures.js";
import { partHead } from "./part.js";
import { Rows } from "./rows.js";

/**
 * @typedef {{id: string, name: string, state: string, restarts: number, since: string}} Process
 * @typedef {{id: string, name: string, position: number | null, lag_events: number | null, lag_seconds: number | null,
 *   problem: string | null}} Model
 */

const LOOK_MILLISECONDS = 3000;
/** So long a read model may take to follow. */
const LATE_SECONDS = 5;

/** @param {any} context */
export function systemView({ staff, feed, signal }) {
  const says = make("p", { class: "state", role: "status" });
  const figures = make("dl", { class: "figures" });
  const processes = make("ul", { class: "plain-rows" }), models = make("ul", { class: "plain-rows" });
  const events = make("ul", { class: "happened" }), none = make("p", { class: "meta" }, t("system.nothingYet"));
  const processRows = new Rows(processes, processRow), modelRows = new Rows(models, modelRow);
  const eventRows = new Rows(events, eventRow);

  const part = (/** @type {string} */ id, /** @type {string} */ title, /** @type {Node[]} */ ...children) =>
    make("section", { "aria-labelledby": id }, partHead(id, title), ...children);

  async function read() {
    const ending = await staff.ask("GET", "/admin/status");
    if (ending.kind === "answered") show(ending.data);
    else say([refusal(ending)]);
  }

  function say(/** @type {string[]} */ troubles) {
    says.classList.toggle("bad", troubles.length > 0);
    const sentence = troubles.length ? troubles.join(" ") : t("system.well");
    if (says.textContent !== sentence) says.replaceChildren(icon(troubles.length ? "bell" : "check"), sentence);
  }

  function show(/** @type {any} */ status) {
    say(troublesOf(status));
    showFigures(figures, status);
    processRows.show(status.processes.map((/** @type {Process} */ process) => ({ ...process, id: process.name })));
    modelRows.show(status.models.map((/** @type {Model} */ model) => ({ ...model, id: model.name })));
  }

  function showEvents() {
    eventRows.show(happened.events);
    none.hidden = happened.events.length > 0;
  }

  const look = () => { if (!document.hidden) read(); };
  const timer = setInterval(look, LOOK_MILLISECONDS);
  happened.addEventListener("change", showEvents, { signal });
  feed.addEventListener("missed", look, { signal });
  read();
  showEvents();

  return {
    // Nothing in it takes the focus: it does itself, to be scrolled by keys.
    element: make("div", { class: "view system", role: "region", "aria-label": t("system.title"), tabindex: "0" },
      head(t("system.title"), says),
      make("div", { class: "two-parts" },
        make("div", { class: "parts" }, part("log-title", t("system.log"), figures),
          part("models-title", t("system.models"), models), part("processes-title", t("system.processes"), processes)),
        part("events-title", t("system.events"), none, events))),
    title: t("system.title"),
    closed: () => clearInterval(timer),
  };
}

const isBehind = (/** @type {Model} */ { problem, lag_seconds }) =>
  problem !== null || (lag_seconds ?? 0) > LATE_SECONDS;

/** @returns {string[]} */
function troublesOf(/** @type {any} */ { processes, models, log }) {
  const down = processes.filter((/** @type {Process} */ { state }) => state !== "ready").map(nameOfProcess);
  const behind = models.filter(isBehind).map(nameOfModel);
  const troubles = [];
  if (log.damaged_at !== null) troubles.push(t("system.logDamaged", { position: log.damaged_at }));
  else if (log.writer !== "writing") troubles.push(t(`system.writer.${log.writer}`));
  if (log.problem !== null) troubles.push(t("system.logProblem"));
  if (down.length) troubles.push(t("system.down", { names: down }));
  if (behind.length) troubles.push(t("system.behind", { names: behind }));
  return troubles;
}

/** What nobody can say is left out. */
function showFigures(/** @type {HTMLElement} */ list, /** @type {any} */ status) {
  const { version, uptime_seconds, log, event_streams, connections } = status;
  const facts = /** @type {[string, any, (value: any) => string][]} */ ([
    ["position", log.position, number], ["size", log.bytes, bytes], ["wal", log.wal_bytes, bytes],
    ["streams", event_streams, number], ["connections", connections, number], ["uptime", uptime_seconds, duration],
    ["version", version, String],
  ]).filter(([, value]) => value != null);
  for (const [name, value, words] of facts) {
    const shown = list.querySelector(`[data-fact="${name}"]`) ?? make("dd", { "data-fact": name });
    setText(shown, words(value));
    if (!shown.isConnected) list.append(make("div", {}, make("dt", {}, t(`system.${name}`)), shown));
  }
}

const named = (/** @type {string} */ kind, /** @type {string} */ name) => {
  const key = `system.${kind}.${name.replaceAll(" ", "_")}`;
  return has(key) ? t(key) : name;
};
const nameOfProcess = (/** @type {Process} */ { name }) => named("process", name);
const nameOfModel = (/** @type {Model} */ { name }) => named("model", name);

function processRow(/** @type {Process} */ process) {
  const isWell = process.state === "ready", state = named("state", process.state);
  return make("li", {},
    make("div", { class: "words" }, make("h3", { class: "display-type" }, nameOfProcess(process)),
      make("p", {}, [process.name, t("system.since", { when: moment(process.since) }),
        process.restarts > 0 && t("system.restarts", { count: process.restarts })].filter(Boolean).join(", "))),
    make("span", { class: isWell ? "state" : "state bad" }, icon(isWell ? "check" : "bell"), state));
}

function modelRow(/** @type {Model} */ model) {
  const isWell = !isBehind(model);
  const lag = model.problem !== null ? t("system.unread") : t("system.lag", { count: model.lag_events ?? 0 });
  return make("li", {},
    make("div", { class: "words" }, make("h3", { class: "display-type" }, nameOfModel(model)),
      make("p", {}, model.position !== null && t("system.hasRead", { position: model.position }))),
    make("span", { class: isWell ? "state" : "state bad" }, icon(isWell ? "check" : "bell"), lag));
}

/** @param {{id: string, at: Date, position: number, sentence: string}} event */
const eventRow = ({ at, position, sentence }) => make("li", {},
  make("time", {}, time(at)), make("span", {}, sentence), make("span", { class: "at" }, number(position)));
