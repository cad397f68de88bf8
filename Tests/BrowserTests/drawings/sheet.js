// @ts-check
// ?size=112&fit&level=.5&empty&only=NAME;NAME&set=demo|iba|glasses|garnishes
import { picture } from "/public/picture.js";

const query = new URLSearchParams(location.search), size = Number(query.get("size") ?? 112);
const theme = query.get("theme");
if (theme) document.documentElement.dataset.theme = theme;
document.documentElement.style.setProperty("--size", `${size}px`);
document.documentElement.style.setProperty("--cell", `${Math.max(64, size * 0.86)}px`);
const drinks = await (await fetch(`/sets/${query.get("set") ?? "demo"}`)).json();
const only = (query.get("only") ?? "").split(";").filter(Boolean);

for (const drink of drinks) {
  if (only.length && !only.some((name) => drink.name.includes(name))) continue;
  const figure = document.createElement("figure"), stand = document.createElement("div");
  const caption = document.createElement("figcaption");
  stand.className = "stand";
  const level = query.has("level") ? { level: Number(query.get("level")) } : {};
  stand.append(picture(drink, { size, hidden: true, fit: query.has("fit"), empty: query.has("empty"), ...level }));
  caption.textContent = drink.name;
  if (query.has("plain")) caption.hidden = true;
  figure.append(stand, caption);
  document.querySelector("#sheet")?.append(figure);
}
document.body.dataset.ready = "";
