// @ts-check
// What this browser remembers, and what its tabs agree on. Storage may be switched off or full: everything then works
// until the page is closed.
//
//   recall(name, otherwise), remember(name, value)      this browser's; null forgets
//   recallHere(name), rememberHere(name, text)          this tab's: what a reload must not lose and no other tab see
//   whenOthersRemember(name, tell)                      another tab has written it
//   oneTabAtATime(name, work) -> what work returns      for as long as the other tabs are given to finish

/** How long a tab without locks may hold on to something; longer than a request can last. */
const LEASE_MILLISECONDS = 12_000;

/** @type {Map<string, any>} where nothing can be stored */
const memory = new Map();

export function remember(/** @type {string} */ name, /** @type {unknown} */ value) {
  memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(`barback.${name}`);
    else localStorage.setItem(`barback.${name}`, JSON.stringify(value));
    memory.delete(name);
  } catch { /* Kept in memory only. */ }
}

/** @returns {any} */
export function recall(/** @type {string} */ name, /** @type {any} */ otherwise = null) {
  if (memory.has(name)) return memory.get(name) ?? otherwise;
  try { return JSON.parse(localStorage.getItem(`barback.${name}`) ?? "null") ?? otherwise; } catch { return otherwise; }
}

export function rememberHere(/** @type {string} */ name, /** @type {string | null} */ text) {
  try {
    if (text === null) sessionStorage.removeItem(`barback.${name}`);
    else sessionStorage.setItem(`barback.${name}`, text);
  } catch { /* Lost with the page. */ }
}

export function recallHere(/** @type {string} */ name) {
  try { return sessionStorage.getItem(`barback.${name}`); } catch { return null; }
}

export function whenOthersRemember(/** @type {string} */ name, /** @type {() => void} */ tell) {
  window.addEventListener("storage", (event) => { if (event.key === `barback.${name}` || event.key === null) tell(); });
}

const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/**
 * A tab that its phone has put to sleep keeps its lock: after a while nobody waits for it any more.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withLock(name, work) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LEASE_MILLISECONDS);
  let isOurs = false;
  const begin = () => {
    isOurs = true;
    clearTimeout(timer);
    return work();
  };
  try { return await navigator.locks.request(name, { signal: patience.signal }, begin); } catch (error) {
    if (isOurs || !patience.signal.aborted) throw error;
    return navigator.locks.request(name, { steal: true }, begin);
  }
}

/**
 * Browsers have locks on https and localhost only. Elsewhere a note in the storage does, which is good for a while: two
 * tabs that write theirs at the same moment see, a little later, whose has stayed.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneTabAtATime(name, work) {
  if (navigator.locks) return withLock(`barback.${name}`, work);
  const note = `lease.${name}`, own = Math.random();
  for (;;) {
    const held = recall(note);
    if (!isLeaving && (!held || Math.abs(Date.now() - held.at) > LEASE_MILLISECONDS)) {
      leases.set(note, own);
      remember(note, { own, at: Date.now() });
      await pause(30);
      if ((recall(note)?.own ?? own) === own) break;
    }
    await pause(100);
  }
  const renewal = setInterval(() => remember(note, { own, at: Date.now() }), LEASE_MILLISECONDS / 3);
  try { return await work(); } finally {
    clearInterval(renewal);
    giveBack(note);
  }
}

/** What this page holds of them. @type {Map<string, number>} */
const leases = new Map();

function giveBack(/** @type {string} */ note) {
  if (recall(note)?.own === leases.get(note)) remember(note, null);
  leases.delete(note);
}

// A page that is reloaded does not finish its work, nor what it begins as its requests are cut off: the next would wait
// for the lease to end.
let isLeaving = false;
window.addEventListener("pagehide", () => {
  isLeaving = true;
  for (const note of [...leases.keys()]) giveBack(note);
});
window.addEventListener("pageshow", () => { isLeaving = false; });
