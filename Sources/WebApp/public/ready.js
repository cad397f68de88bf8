// @ts-check
// The moment a drink is ready: nobody may miss it, whatever the phone is doing, as far as the browser lets us.

import { prefs } from "./prefs.js";
import { ring, unlockSound } from "./sound.js";
import { t } from "./words.js";

/** @type {{release: () => Promise<void>} | null} */
let awake = null;
let isWantedAwake = false;
let turn = Promise.resolve();

/** Called at the tap that orders. */
export function prepare() {
  unlockSound();
  if (window.isSecureContext && "Notification" in window && Notification.permission === "default") {
    // Older browsers give no promise.
    Promise.resolve(Notification.requestPermission()).catch(() => {});
  }
}

/** Two soft notes, like a spoon on a glass. */
const CHIME = /** @type {import("./sound.js").Note[]} */ ([[0, 1318.5], [.18, 1760]]);

/** Tells by sound, by hand, in the tab and past the tab. */
export function announce(/** @type {string} */ drink, /** @type {string} */ orderId) {
  if (prefs.get("sound")) {
    ring(CHIME);
    // A page that nobody has touched may not vibrate, and browsers complain of one that tries.
    if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(200);
  }
  if (!document.hidden) return;
  isCalling = true;
  document.title = t("ready.title", { drink });
  document.addEventListener("visibilitychange", backToTitle, { once: true });
  if (window.isSecureContext && "Notification" in window && Notification.permission === "granted") {
    const body = t("ready.notice", { drink });
    const look = { body, tag: orderId, data: `/#/order/${encodeURIComponent(orderId)}` };
    const show = (/** @type {ServiceWorkerRegistration | undefined} */ worker) =>
      // On phones only a service worker may show one.
      worker ? worker.showNotification(t("ready.now"), look) : void new Notification(t("ready.now"), look);
    Promise.resolve(navigator.serviceWorker?.getRegistration()).then(show).catch(() => {});
  }
}

let title = document.title, isCalling = false;

export function setTitle(/** @type {string} */ name) {
  title = name;
  if (!isCalling) document.title = title;
}

function backToTitle() {
  isCalling = false;
  document.title = title;
}

/** Keeps the screen on while a drink is on its way, where the browser can. */
export function stayAwake(/** @type {boolean} */ wanted) {
  isWantedAwake = wanted;
  turn = turn.then(stay);
}

async function stay() {
  try {
    if (isWantedAwake && !awake && !document.hidden) {
      const lock = await /** @type {any} */ (navigator).wakeLock?.request("screen") ?? null;
      lock?.addEventListener("release", () => { if (awake === lock) awake = null; });
      awake = lock;
    } else if (!isWantedAwake && awake) {
      const lock = awake;
      awake = null;
      await lock.release();
    }
  } catch { /* The screen goes dark as it always does. */ }
}
// A browser lets go of the screen when the page is put away.
document.addEventListener("visibilitychange", () => { turn = turn.then(stay); });
