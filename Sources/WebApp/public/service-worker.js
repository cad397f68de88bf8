// @ts-check
// Keeps the page, its files and photos on the phone, where https is on; without it browsers do not run this.
//
// Never what the bar answers: orders, tokens and the menu are the page's own to keep. Everything is asked of the bar
// first, so that page and files are of one version; what is kept serves where no answer comes soon enough.

/** @typedef {Event & {request: Request, respondWith: (answer: Promise<Response>) => void,
 *   waitUntil: (work: Promise<unknown>) => void, notification: Notification}} WorkerEvent */

const KEPT = "barback";
const PHOTOS = "barback-photos";
const MOST_PHOTOS = 200;
const SOON_MILLISECONDS = 3000;
const FILES = ["/", ..."{{assets}}".split(" ")];

const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {WorkerEvent} */ event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {WorkerEvent} */ event) => {
  event.waitUntil(worker.clients.claim());
});

/** Under what a request is kept; null for what is none of ours. A join link is the page, and its code is not kept. */
function nameOf(/** @type {Request} */ request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (request.mode === "navigate") return pathname === "/" || pathname.startsWith("/join/") ? "/" : null;
  return pathname.startsWith("/assets/") || pathname === "/manifest.webmanifest" ? pathname : null;
}

/** The bar's answer, or what is kept of it where none comes soon. */
async function barFirst(/** @type {Request} */ request, /** @type {string} */ name) {
  const kept = await caches.open(KEPT);
  const old = await kept.match(name);
  const asked = fetch(request).then((answer) => {
    if (answer.ok) kept.put(name, answer.clone());
    return answer;
  });
  if (!old) return asked;
  const soon = new Promise((resolve) => { setTimeout(resolve, SOON_MILLISECONDS, old); });
  return Promise.race([asked.then((answer) => answer.status < 500 ? answer : old, () => old), soon]);
}

/** A photo never changes. */
async function photo(/** @type {Request} */ request) {
  const photos = await caches.open(PHOTOS);
  const old = await photos.match(request);
  if (old) return old;
  const answer = await fetch(request);
  if (answer.status === 200) {
    await photos.put(request, answer.clone());
    const keys = await photos.keys();
    for (const key of keys.slice(0, Math.max(0, keys.length - MOST_PHOTOS))) await photos.delete(key);
  }
  return answer;
}

worker.addEventListener("fetch", (/** @type {WorkerEvent} */ event) => {
  const name = nameOf(event.request);
  if (name) event.respondWith(barFirst(event.request, name));
  else if (event.request.method === "GET" && new URL(event.request.url).pathname.startsWith("/images/")) {
    event.respondWith(photo(event.request));
  }
});

/** A notice that a drink is ready leads to it. */
worker.addEventListener("notificationclick", (/** @type {WorkerEvent} */ event) => {
  event.notification.close();
  event.waitUntil(worker.clients.matchAll({ type: "window" }).then((/** @type {any[]} */ [page]) =>
    page ? page.focus() : worker.clients.openWindow(event.notification.data ?? "/#/orders")));
});
