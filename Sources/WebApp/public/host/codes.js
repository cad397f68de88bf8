// @ts-check
// Codes that let guests in: the one at the door, and those made for somebody.
//
//   codesPart({staff, toast}) -> {door, made, codes, read(after?) -> Promise<boolean>}
//     door, made     elements: the code at the door, large; all others with a way to make one
//     read           whether it could be read
//     codes          Map by id, of the last answer

import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { t } from "../words.js";
import { askFirst, sheetTop, wholeNumber } from "./ask-first.js";
import { copy } from "./copy.js";
import { icon } from "./icons.js";
import { moment } from "./measures.js";
import { partHead } from "./part.js";
import { qr } from "./qr.js";
import { Rows } from "./rows.js";

/**
 * @typedef {{id: string, code: string | null, registration_url: string | null, qr: import("./qr.js").Drawing | null,
 *   status: "active" | "used" | "expired" | "revoked", max_uses: number, used: number, notes: string,
 *   is_join_code?: boolean, created_at: string, expires_at: string, revoked_at: string | null}} Code
 * @typedef {import("../api.js").Ending} Ending
 */

const HOURS = [4, 12, 24, 72, 168];

/** What is left of it, in a sentence. */
export const left = (/** @type {Code} */ { max_uses, used, expires_at }) =>
  t(max_uses === 1 ? "people.leftOne" : "people.left",
    { count: max_uses - used, max: max_uses, until: moment(expires_at) });

function showLarge(/** @type {Code} */ code, /** @type {Element | (() => Element | null)} */ opener) {
  if (!code.qr || !code.registration_url) return;
  const link = code.registration_url, says = make("p", { class: "hint", role: "status" });
  const copyLink = async () => setText(says, t(await copy(link) ? "common.copied" : "common.copyByHand"));
  const { element } = openSheet(make("div", { class: "sheet-body large-code" },
    sheetTop(),
    qr(code.qr, t("people.qrLabel")),
    make("h1", { class: "display-type code", tabindex: "-1" }, code.code ?? ""),
    make("p", { class: "lede" }, code.notes || t("people.scan")),
    make("p", {}, left(code)),
    make("p", { class: "link-text" }, link),
    make("button", { type: "button", class: "button quiet wide", onclick: copyLink },
      icon("copy"), t("people.copyLink")),
    says), { label: t("people.qrLabel"), opener });
  element.classList.add("large");
}

const oldRow = (/** @type {Code} */ code) => make("li", {},
  make("div", { class: "words" },
    make("h3", { class: "display-type" }, code.notes || t("people.madeAt", { when: moment(code.created_at) })),
    make("p", {}, t(`people.was.${code.status}`, {
      used: code.used, max: code.max_uses, when: moment(code.revoked_at ?? code.expires_at),
    }))));

/** @param {{staff: any, toast: {say: (sentence: string) => void}}} context */
export function codesPart({ staff, toast }) {
  const door = make("section", { class: "door-code", "aria-labelledby": "door-title" });
  const list = make("ul", { class: "plain-rows" }), old = make("ul", { class: "plain-rows" });
  const oldCount = make("summary", { class: "link" });
  const older = make("details", { hidden: true }, oldCount, old);
  const none = make("p", { class: "meta" });
  const rows = new Rows(list, openRow), oldRows = new Rows(old, oldRow);
  /** @type {Map<string, Code>} */
  const codes = new Map();
  let doorMade = "";

  const made = make("section", { "aria-labelledby": "codes-title" },
    partHead("codes-title", t("people.codes"),
      make("button", { type: "button", class: "button quiet small", "data-does": "make", onclick: makeOne },
        icon("plus"), t("people.makeCode"))),
    none, list, older);

  async function read(/** @type {number | null} */ after = null) {
    // The next one for the door is made by asking for it.
    const first = await staff.ask("GET", "/admin/join-code", { after });
    const all = await staff.ask("GET", "/admin/registration-codes", { after });
    if (all.kind !== "answered") return false;
    codes.clear();
    for (const code of all.data) codes.set(code.id, code);
    show(first.kind === "answered" ? first.data : [...codes.values()].find((code) =>
      code.is_join_code && code.status === "active") ?? null);
    return first.kind === "answered";
  }

  function show(/** @type {Code | null} */ joinCode) {
    const others = [...codes.values()].filter(({ id }) => id !== joinCode?.id);
    const open = others.filter(({ status }) => status === "active");
    const past = others.filter(({ status }) => status !== "active");
    showDoor(joinCode);
    rows.show(open);
    oldRows.show(past);
    setText(none, open.length ? "" : t("people.noCodes"));
    none.hidden = open.length > 0;
    older.hidden = past.length === 0;
    setText(oldCount, t("people.oldCodes", { count: past.length }));
  }

  function showDoor(/** @type {Code | null} */ code) {
    const now = JSON.stringify(code);
    if (now === doorMade || !code?.qr) return;
    doorMade = now;
    const focused = door.contains(document.activeElement) ? document.activeElement?.getAttribute("data-does") : null;
    door.replaceChildren(
      make("button", {
        type: "button", class: "show-large", "data-does": "large", "aria-label": t("people.showLarge"),
        onclick: () => showLarge(code, () => door.querySelector('[data-does="large"]')),
      }, qr(code.qr, t("people.qrLabel"))),
      make("div", { class: "words" },
        make("h2", { class: "display-type", id: "door-title" }, t("people.door")),
        make("p", { class: "display-type code" }, code.code ?? ""),
        make("p", { class: "link-text" }, code.registration_url ?? ""),
        make("p", { class: "meta" }, left(code)),
        make("div", { class: "does" },
          make("a", { class: "button primary small", href: "#/print" }, icon("print"), t("people.print")),
          make("button", {
            type: "button", class: "button quiet small", "data-does": "renew", onclick: () => renew(code),
          }, t("people.renew")))));
    if (focused) /** @type {HTMLElement | null} */ (door.querySelector(`[data-does="${focused}"]`))?.focus();
  }

  function openRow(/** @type {Code} */ code) {
    const name = code.notes || code.code || "";
    return make("li", {},
      make("div", { class: "words" },
        make("h3", { class: "display-type" }, name),
        make("p", {}, code.notes && `${code.code} · `, left(code))),
      make("div", { class: "does" },
        code.qr && make("button", { type: "button", class: "button small", "data-does": "show",
          "aria-label": t("people.showNamed", { name }),
          onclick: () => showLarge(code, () => list.querySelector(`[data-row="${code.id}"] [data-does="show"]`)) },
        t("people.show")),
        make("button", { type: "button", class: "button small", "data-does": "revoke",
          "aria-label": t("people.revokeNamed", { name }), onclick: () => revoke(code) }, t("people.revoke"))));
  }

  function makeOne() {
    askFirst({
      title: t("people.makeTitle"), says: [t("people.makeSays")], label: t("people.makeCode"),
      fields: [
        { name: "notes", label: t("people.notes"), hint: t("people.notesHint"), attributes: { maxlength: 200 } },
        { name: "uses", label: t("people.uses"), value: "1", wrong: wholeNumber(1, 25), hint: t("people.usesHint"),
          attributes: { inputmode: "numeric" } },
        { name: "hours", label: t("people.hours"), kind: "choice", value: "24",
          options: HOURS.map((hours) => ({ value: String(hours), label: hours < 48
            ? t("people.inHours", { count: hours }) : t("people.inDays", { count: hours / 24 }) })) },
      ],
      act: ({ notes, uses, hours }) => staff.ask("POST", "/admin/registration-codes",
        { body: { notes, max_uses: Number(uses), expires_in_hours: Number(hours) } }),
      async done(ending) {
        if (ending.kind !== "answered") return;
        await read(ending.position);
        showLarge(ending.data, () => list.querySelector(`[data-row="${ending.data.id}"] [data-does="show"]`));
      },
      opener: () => made.querySelector('[data-does="make"]'),
    });
  }

  function revoke(/** @type {Code} */ code) {
    const name = code.notes || code.code || "";
    askFirst({
      title: t("people.revokeTitle", { name }), says: [t("people.revokeSays")], label: t("people.revoke"),
      act: () => takeBack(code),
      async done(ending) {
        await read("position" in ending ? ending.position : null);
        toast.say(t("people.revoked", { name }));
      },
      opener: () => list.querySelector(`[data-row="${code.id}"] [data-does="revoke"]`)
        ?? made.querySelector('[data-does="make"]'),
    });
  }

  function renew(/** @type {Code} */ code) {
    askFirst({
      title: t("people.renewTitle"), says: [t("people.renewSays")], label: t("people.renew"),
      act: () => takeBack(code),
      async done(ending) {
        await read("position" in ending ? ending.position : null);
        toast.say(t("people.renewed"));
      },
      opener: () => door.querySelector('[data-does="renew"]'),
    });
  }

  const takeBack = (/** @type {Code} */ { id }) => staff.ask("DELETE", `/admin/registration-codes/${id}`);

  return { door, made, codes, read };
}
