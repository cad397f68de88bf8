// @ts-check
// The host's page: the door, the rail, and the view that the address names. A view is loaded when it is first shown.
//
// A view is a function of the context that gives what is shown:
//   export function xView({staff, feed, queue, bar, toast, goTo, route, signal}) -> {element, title, closed?()}
//     element   the view, with a head (head.js) whose <h1> takes the focus when the view comes by a link
//     title     of the page
//     route     {name, id} of the address: #/drink/ID is {name: "drink", id: ID}
//     signal    aborted once it is shown no longer: what it listens to ends by itself
//     closed    called then, where there is more to end

import { whenRead } from "../api.js";
import { make, setText } from "../dom.js";
import { followTheme } from "../prefs.js";
import { drawBelow, goInstead, goTo, leaveSheets, route, whenMoved } from "../sheet.js";
import { Toast } from "../views/toast.js";
import { refusal, t, time, words } from "../words.js";
import { bar } from "./bar.js";
import { feed } from "./feed.js";
import { icon } from "./icons.js";
import { openOwnMenu } from "./own-menu.js";
import { queue } from "./queue.js";
import { signIn } from "./sign-in.js";
import { staff } from "./staff.js";

/**
 * @typedef {{staff: typeof staff, feed: typeof feed, queue: typeof queue, bar: typeof bar, toast: Toast,
 *   goTo: (hash: string) => void, route: {name: string, id: string}, signal: AbortSignal}} Context
 * @typedef {{element: HTMLElement, title: string, closed?: () => void}} View
 * @typedef {{route: string, roles: string[], load: () => Promise<(context: Context) => View>,
 *   rail?: {icon: Parameters<typeof icon>[0]}, under?: string}} Place `under`: whose mark in the rail it has
 */

const EVERYBODY = ["admin", "bartender"];
const HOST = ["admin"];

/** @type {Place[]} */
const places = [
  {
    route: "board", roles: EVERYBODY, rail: { icon: "board" },
    load: async () => (await import("./board-view.js")).boardView,
  },
  {
    route: "menu", roles: HOST, rail: { icon: "menu" },
    load: async () => (await import("./menu-view.js")).menuView,
  },
  { route: "drink", roles: HOST, under: "menu", load: async () => (await import("./drink-editor.js")).drinkView },
  {
    route: "shelf", roles: EVERYBODY, rail: { icon: "shelf" },
    load: async () => (await import("./shelf-view.js")).shelfView,
  },
  {
    route: "guests", roles: HOST, rail: { icon: "people" },
    load: async () => (await import("./guests-view.js")).guestsView,
  },
  { route: "print", roles: HOST, under: "guests", load: async () => (await import("./print-view.js")).printView },
  {
    route: "house", roles: HOST, rail: { icon: "house" },
    load: async () => (await import("./house-view.js")).houseView,
  },
  {
    route: "system", roles: HOST, rail: { icon: "system" },
    load: async () => (await import("./system-view.js")).systemView,
  },
];

const toast = new Toast();
const stage = make("main", { class: "host-main" });
const rail = make("nav", { class: "rail" });
const lost = make("p", { class: "strip", role: "status", hidden: true });
/** @type {{view: View, key: string, left: AbortController} | null} */
let shown = null;

const isAllowed = (/** @type {Place} */ { roles }) => roles.includes(staff.account?.role ?? "");

/** The address; `#/` is the board. */
function here() {
  const { name, id } = route();
  return /^#?\/?$/.test(location.hash) ? { name: "board", id: "" } : { name, id };
}

function showRail() {
  const { name } = here(), under = places.find((place) => place.route === name)?.under ?? name;
  const own = make("button", { type: "button", class: "own", onclick: () => openOwnMenu(toast) },
    icon("person"), make("span", {}, t("rail.own")));
  rail.setAttribute("aria-label", t("rail.label"));
  rail.replaceChildren(
    ...places.filter((place) => place.rail && isAllowed(place)).map((place) => make("a", {
      href: place.route === "board" ? "#/" : `#/${place.route}`, "aria-current": place.route === under ? "page" : null,
    }, icon(place.rail?.icon ?? "menu"), make("span", {}, t(`rail.${place.route}`)))),
    own);
}

function leaveView() {
  shown?.left.abort();
  shown?.view.closed?.();
  shown = null;
}

/** Only what the address names last is shown, however long what it named before takes to load. */
async function show({ isNew = false, focus = true } = {}) {
  const where = here(), key = JSON.stringify(where);
  if (!staff.account) return showDoor("");
  if (shown?.key === key && !isNew) return;
  const place = places.find((one) => one.route === where.name);
  if (!place || !isAllowed(place)) return goInstead("#/");
  showRail();
  const make = await place.load().catch(() => {
    toast.say(refusal({ kind: "unreachable" }));
    return whenRead(place.load);
  });
  if (!staff.account || JSON.stringify(here()) !== key || (shown?.key === key && !isNew)) return;
  leaveView();
  const left = new AbortController();
  const view = make({ staff, feed, queue, bar, toast, goTo, route: where, signal: left.signal });
  shown = { view, key, left };
  document.title = view.title;
  stage.replaceChildren(view.element);
  stage.scrollTop = 0;
  if (focus) /** @type {HTMLElement | null} */ (stage.querySelector("h1"))?.focus({ preventScroll: true });
}

function showDoor(/** @type {string} */ why) {
  leaveView();
  toast.hush();
  document.title = t("signIn.title");
  document.body.replaceChildren(signIn(why), toast.element);
  const name = /** @type {HTMLInputElement} */ (document.getElementById("username"));
  const empty = name.value ? document.getElementById("password") : name;
  empty?.focus();
}

function showBar() {
  drawBelow(make("div", { class: "host" }, rail, make("div", { class: "host-side" }, lost, stage)), toast.element);
  showLost();
}

function showLost() {
  lost.hidden = feed.state !== "lost";
  setText(lost, feed.lostSince ? t("common.lost", { time: time(feed.lostSince) }) : "");
}

function enter() {
  showBar();
  show({ isNew: true });
}

await words.ready;
followTheme();
if (staff.account) enter();
else showDoor("");
words.addEventListener("change", () => {
  if (!staff.account) return showDoor("");
  showBar();
  show({ isNew: true, focus: false });
});
whenMoved(() => show());
feed.addEventListener("change", showLost);
staff.addEventListener("change", (event) => {
  const { why } = /** @type {CustomEvent<{why: string}>} */ (event).detail;
  leaveSheets();
  if (staff.account) return enter();
  showDoor(why === "over" ? t("signIn.over") : "");
});
