// @ts-check
// The display on the wall: signed in once, it needs no touch for a night. What there is to do hides behind Escape and
// behind the upper right corner.

import { add, make } from "../dom.js";
import { followTheme } from "../prefs.js";
import { drawBelow, leaveSheets, openSheet } from "../sheet.js";
import { stayAwake } from "../ready.js";
import { Toast } from "../views/toast.js";
import { focusLanguage, languageChoice, themeChoice } from "../views/choices.js";
import { refusal, t, words } from "../words.js";
import { sheetTop } from "./ask-first.js";
import { bar } from "./bar.js";
import { display } from "./display.js";
import { feed } from "./feed.js";
import { icon } from "./icons.js";
import { queue } from "./queue.js";
import { signIn } from "./sign-in.js";
import { staff } from "./staff.js";

const AWAKE_MILLISECONDS = 30_000;
const POINTER_MILLISECONDS = 3000;

const toast = new Toast();
/** @type {{element: HTMLElement, closed: () => void} | null} */
let shown = null;

function show(why = "") {
  shown?.closed();
  shown = null;
  document.title = t("display.title");
  const isIn = staff.account !== null;
  document.documentElement.classList.toggle("is-wall", isIn);
  if (isIn) shown = display({ staff, feed, queue, bar });
  drawBelow(...(shown ? [shown.element, corner()] : [signIn(why)]), toast.element);
}

const corner = () => make("button", {
  type: "button", class: "corner icon-button", "aria-label": t("display.menu"), onclick: openMenu,
}, icon("more"));

function openMenu() {
  const body = make("div", { class: "sheet-body display-menu" });
  function draw() {
    body.replaceChildren();
    add(body,
      sheetTop(),
      make("h1", { class: "display-type", tabindex: "-1" }, t("display.title")),
      make("p", {}, t("display.by", { name: staff.account?.name ?? "" })),
      document.fullscreenEnabled && make("button", { type: "button", class: "button quiet wide", onclick: fill },
        t(document.fullscreenElement ? "display.window" : "display.fill")),
      themeChoice(), languageChoice(),
      make("a", { class: "link", href: "/host" }, t("display.toHost")),
      make("button", { type: "button", class: "button quiet wide", onclick: leave }, icon("out"), t("own.signOut")));
  }
  function drawAgain() {
    draw();
    sheet.element.setAttribute("aria-label", t("display.title"));
    focusLanguage(body);
  }
  draw();
  const sheet = openSheet(body, {
    label: t("display.title"), opener: () => document.querySelector(".corner"),
    closed: () => words.removeEventListener("change", drawAgain),
  });
  words.addEventListener("change", drawAgain);
  document.documentElement.classList.add("has-pointer");

  async function fill() {
    const page = document.documentElement;
    try { await (document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen()); } catch {
      // The browser keeps its bars.
    }
    sheet.close();
  }
  async function leave() {
    const ending = await staff.signOut();
    if (ending.kind === "unreachable") toast.say(refusal(ending));
  }
}

let pointerTimer = 0;
function pointerMoved() {
  document.documentElement.classList.add("has-pointer");
  clearTimeout(pointerTimer);
  pointerTimer = window.setTimeout(() => {
    if (!document.querySelector("dialog[open]")) document.documentElement.classList.remove("has-pointer");
  }, POINTER_MILLISECONDS);
}

await words.ready;
followTheme();
show();
words.addEventListener("change", () => show());
staff.addEventListener("change", (event) => {
  const { why } = /** @type {CustomEvent<{why: string}>} */ (event).detail;
  leaveSheets();
  show(why === "over" ? t("signIn.over") : "");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !staff.account || document.querySelector("dialog[open]")) return;
  event.preventDefault(); // Or it closes at once what it has opened.
  openMenu();
});
for (const moved of ["pointermove", "pointerdown"]) document.addEventListener(moved, pointerMoved);
// A lock ends whenever something else is in front; it is asked for again for as long as the display is on.
const keepAwake = () => { if (!document.hidden) stayAwake(staff.account !== null); };
setInterval(keepAwake, AWAKE_MILLISECONDS);
document.addEventListener("visibilitychange", keepAwake);
keepAwake();
