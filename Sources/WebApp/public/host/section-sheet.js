// @ts-check
// A section of the menu while it is written: its name, what is said of it, and both in other languages.
//
//   openSection(section | null, {toast, opener})     null makes a new one

import { uuid } from "../api.js";
import { make, setText } from "../dom.js";
import { openSheet } from "../sheet.js";
import { languages, refusal, t } from "../words.js";
import { clearErrors, labelled, showErrors, textArea, textField } from "./form.js";
import { menu } from "./menu.js";
import { top } from "./sheet-top.js";

/** @typedef {import("./menu.js").Section} Section */

/** @param {Section | null} section @param {{toast: any, opener: () => Element | null}} more */
export function openSection(section, { toast, opener }) {
  const fields = {
    name: section?.name ?? "", description: section?.description ?? "",
    translations: structuredClone(section?.translations ?? {}),
  };
  // Sent again, it is the same section; with other words it is another.
  let key = uuid(), sent = "";
  const order = Math.min(1_000_000, (menu.sections.at(-1)?.display_order ?? 0) + 16);
  const problem = make("p", { class: "problem", "data-others": true, tabindex: -1, role: "alert" });
  const form = make("form", { class: "section-form", novalidate: true },
    labelled(t("menu.section.name"), textField(fields.name, (value) => { fields.name = value; }, {
      maxlength: 100, placeholder: t("menu.section.namePlaceholder"),
    }), { field: "name" }),
    labelled(t("menu.section.description"), textArea(fields.description, (value) => { fields.description = value; }, {
      maxlength: 2000,
    }), { field: "description" }),
    ...languages().map(({ code, name }) => language(code, name, fields.translations)), problem,
    make("div", { class: "sheet-acts" },
      make("button", { type: "submit", class: "button primary" },
        t(section ? "menu.section.save" : "menu.section.create")),
      make("button", { type: "button", class: "button", "data-close": true }, t("common.leaveIt"))));
  const title = section ? t("menu.section.edit", { name: section.name }) : t("menu.section.new");
  let done = "";
  // Not before it is gone: what is said over a sheet goes with it.
  const closed = () => { if (done) toast.say(done); };
  const sheet = openSheet(make("div", {}, top(title), form), { label: title, opener, closed });
  form.querySelector("input")?.focus();

  let isSending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const now = JSON.stringify(fields);
    if (sent && sent !== now) key = uuid();
    sent = now;
    clearErrors(form);
    const ending = section
      ? await menu.change("sections", section.id, fields, section.version)
      : await menu.add("sections", { ...fields, display_order: order }, key);
    isSending = false;
    if (ending.kind === "answered") {
      done = t(section ? "menu.section.saved" : "menu.section.created", { name: fields.name });
      return sheet.close();
    }
    if (ending.kind === "refused" && ending.errors) return showErrors(form, ending.errors);
    const changed = ending.kind === "refused" && ending.status === 412;
    setText(problem, changed ? t("menu.section.changed") : refusal(ending));
    if (changed) await menu.read();
  });
}

/** @param {string} code @param {string} name @param {Record<string, import("./menu.js").Texts>} translations */
function language(code, name, translations) {
  const set = (/** @type {import("./menu.js").Texts} */ next) => {
    translations[code] = { ...translations[code], ...next };
    if (!translations[code].name && !translations[code].description) delete translations[code];
  };
  const { name: own = "", description = "" } = translations[code] ?? {};
  return make("details", { class: "language" }, make("summary", {}, make("span", { lang: code }, name)),
    labelled(t("menu.section.name"), textField(own, (value) => set({ name: value }), { lang: code, maxlength: 100 }),
      { field: `translations.${code}.name` }),
    labelled(t("menu.section.description"), textArea(description, (value) => set({ description: value }), {
      lang: code, maxlength: 2000,
    }), { field: `translations.${code}.description` }));
}
