// @ts-check
// The guests' page: the menu, as soon as it is there. Orders, sheets and notices (guest-acts.js) follow once it is
// seen; who taps before that is served then.

import { whenRead } from "./api.js";
import { afterPaint, make } from "./dom.js";
import { menu } from "./menu.js";
import { findPlace, keepPlace } from "./place.js";
import { followTheme } from "./prefs.js";
import { rememberHere } from "./storage.js";
import { words } from "./words.js";
import { MenuView } from "./views/menu.js";

/** The code of the link at the bar is taken out of the address, where others would see it. */
function takeCode() {
  const code = /^\/join\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  if (!code) return;
  history.replaceState(null, "", `/${location.hash}`);
  try { rememberHere("code", decodeURIComponent(code)); } catch { /* No code looks like this. */ }
}

/** Who has to wait longer than this for the menu can do all the rest before it comes. */
const PATIENCE_MILLISECONDS = 1000;

/** @type {Promise<typeof import("./guest-acts.js")>} */
const acts = seen().then(() => whenRead(() => import("./guest-acts.js")));

/** Files cost a slow phone more time than their bytes: those that are not wanted yet would keep the menu waiting. */
function fetchFiles(/** @type {string} */ id) {
  const files = document.getElementById(id);
  if (files instanceof HTMLTemplateElement) document.head.append(files.content);
}

async function seen() {
  await words.ready;
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MILLISECONDS); });
  if (!menu.isHere) await Promise.race([menu.settled, patience]);
  await new Promise(afterPaint);
  await import("./picture.js").catch(() => {}); // Which draws what is on the screen.
  await new Promise(afterPaint);
  fetchFiles("acts");
}

let built = new AbortController();

/** Builds the page, in the language of the moment; `notice` is for what stays true in it. */
function build() {
  built.abort(); // What stood here before listens no more.
  built = new AbortController();
  const { signal } = built, notice = make("p", { class: "strip", hidden: true });
  const view = new MenuView({ order: async (drink) => (await acts).order(drink), notice, signal });
  document.querySelectorAll("body > main, body > noscript, body > .phone, body > aside").forEach((old) => old.remove());
  document.body.prepend(view.element);
  return { notice, signal };
}

takeCode();
fetchFiles("drawings");
await words.ready;
keepPlace();
followTheme();
const page = build();
findPlace();
menu.addEventListener("change", findPlace);
words.addEventListener("change", async () => (await acts).rebuild());
acts.then(({ start }) => start(page, build));
if (window.isSecureContext) navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
