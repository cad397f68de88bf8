// @ts-check
// What is settled for the whole bar. It is saved together, for the version that was seen.

import { make, setText } from "../dom.js";
import { refusal, t } from "../words.js";
import { choice, input, wholeNumber } from "./ask-first.js";
import { partHead } from "./part.js";

/** @param {any} context */
export function settingsPart({ staff, bar, toast }) {
  const fields = make("div", { class: "fields" });
  const wrong = make("p", { class: "problem", role: "alert" });
  const button = make("button", { class: "button primary" }, t("house.save"));
  const form = make("form", { novalidate: true, onsubmit: save, oninput: compare }, fields, wrong, button);
  const element = make("section", { class: "settings", "aria-labelledby": "settings-title" },
    partHead("settings-title", t("house.settings")), form);
  /** @type {any} */
  let known = null;
  let tag = "";
  /** @type {ReturnType<typeof fieldsOf> | null} */
  let shown = null;

  async function read(/** @type {number | null} */ after = null) {
    const [ending, inForce] = await Promise.all([
      staff.ask("GET", "/admin/settings", { after }), staff.ask("GET", "/admin/bar", { after })]);
    if (ending.kind !== "answered") return false;
    if (!shown || !isChanged()) take(ending, inForce.kind === "answered" ? inForce.data : {});
    return true;
  }

  function take(/** @type {import("../api.js").Answered} */ ending, /** @type {any} */ inForce) {
    tag = ending.etag ?? "";
    if (shown && JSON.stringify(known) === JSON.stringify(ending.data)) return;
    known = ending.data;
    shown = fieldsOf(known, inForce, compare);
    fields.replaceChildren(...[...shown.values()].map(({ element }) => element));
    compare();
  }

  const values = () => Object.fromEntries([...(shown ?? [])].map(([name, field]) => [name, field.read()]));
  const isChanged = () => Object.entries(values()).some(([name, value]) => value !== known[name]);

  function compare() {
    setText(wrong, "");
    button.setAttribute("aria-disabled", String(!isChanged()));
  }

  async function save(/** @type {Event} */ event) {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true" || !shown) return;
    const bad = [...shown.values()].find((field) => !field.isGood());
    if (bad) return bad.focus();
    const body = values();
    if (body.late_minutes <= body.wait_minutes) return setText(wrong, t("house.lateAfterWait"));
    button.setAttribute("aria-disabled", "true");
    const ending = await staff.ask("PUT", "/admin/settings", { body, match: tag });
    if (ending.kind === "answered") return saved(ending);
    if (ending.kind === "refused" && ending.status === 412) return changedMeanwhile();
    button.setAttribute("aria-disabled", "false");
    setText(wrong, refusal(ending));
  }

  async function saved(/** @type {import("../api.js").Answered} */ ending) {
    known = { ...known, ...values() };
    toast.say(t("house.saved"));
    await read(ending.position);
    bar.read(ending.position);
  }

  async function changedMeanwhile() {
    shown = null;
    await read();
    setText(wrong, t("house.changedMeanwhile"));
  }

  return { element, read };
}

/** Those that the bar has. */
function fieldsOf(/** @type {any} */ known, /** @type {any} */ inForce, /** @type {() => void} */ changed) {
  const digits = { inputmode: "numeric", maxlength: 4 };
  const number = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to) => {
    const field = input({ name, label: t(`house.${name}`), hint: t(`house.${name}Hint`), value: String(known[name]),
      attributes: digits, wrong: wholeNumber(from, to) });
    return { ...field, read: () => Number(field.value()) };
  };
  const name = input({ name: "name", label: t("house.name"), hint: t("house.nameHint"), value: known.name,
    attributes: { maxlength: 60 }, wrong: (value) => value ? "" : t("house.nameMissing") });
  const recipes = choice({
    name: "show_recipes", label: t("house.show_recipes"), value: String(known.show_recipes),
    options: [
      { value: "true", label: t("house.recipesShown"), hint: t("house.recipesShownHint") },
      { value: "false", label: t("house.recipesKept"), hint: t("house.recipesKeptHint") },
    ],
  }, changed);
  const fields = new Map([
    ["name", { ...name, read: /** @type {() => any} */ (() => name.value()) }],
    ["show_recipes", { ...recipes, read: () => recipes.value() === "true" }],
  ]);
  const most = input({ name: "most", label: t("house.max_active_orders"), hint: t("house.max_active_ordersHint"),
    value: String(known.max_active_orders ?? ""),
    attributes: { ...digits, placeholder: t("house.asStarted", { count: inForce.max_active_orders ?? 0 }) },
    wrong: (value) => value === "" ? "" : wholeNumber(0, 1000)(value) });
  fields.set("max_active_orders", { ...most, read: () => most.value() === "" ? null : Number(most.value()) });
  if ("wait_minutes" in known) fields.set("wait_minutes", number("wait_minutes", 1, 120));
  if ("late_minutes" in known) fields.set("late_minutes", number("late_minutes", 1, 120));
  return fields;
}
