// @ts-check
// The moment a drink is ready: nobody may miss it, whatever the phone is doing, as far as the browser lets us.

import { prefs } from "./prefs.js";
import { t } from "./words.js";

/** @type {AudioContext | null} */
let sound = null;
/** @type {{release: () => Promise<void>} | null} */
let awake = null;
let isWantedAwake = false;
let turn = Promise.resolve();

/** Browsers let a page sound only after somebody has touched it: called at a tap, while a drink is on its way. */
export function unlock() {
  try {
    sound ??= new AudioContext();
    if (sound.state !== "running") sound.resume().catch(() => {});
  } catch { /* A phone without sound has a screen. */ }
}

/** Called at the tap that orders. */
export function prepare() {
  unlock();
  if (window.isSecureContext && "Notification" in window && Notification.permission === "default") {
    // Older browsers give no promise.
    Promise.resolve(Notification.requestPermission()).catch(() => {});
  }
}

/** Two soft notes, like a spoon on a glass. */
function chime() {
  if (!sound || !prefs.get("sound")) return;
  unlock(); // Phones put it to sleep.
  for (const [at, pitch] of [[0, 1318.5], [.18, 1760]]) {
    const start = sound.currentTime + at, tone = sound.createOscillator(), volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(.0001, start);
    volume.gain.exponentialRampToValueAtTime(.25, start + .01);
    volume.gain.exponentialRampToValueAtTime(.0001, start + 1.2);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 1.3);
  }
}

/** Tells by sound, by hand, in the tab and past the tab. */
export function announce(/** @type {string} */ drink, /** @type {string} */ orderId) {
  chime();
  // A page that nobody has touched may not vibrate, and browsers complain of one that tries.
  if (prefs.get("sound") && navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.(200);
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
