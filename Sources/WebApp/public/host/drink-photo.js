// @ts-check
// The photo of a drink: chosen, taken, dropped or pasted; made smaller here, and sent to the bar.
//
//   drinkPhoto({nameOf, changed}) -> {element, show(url), settled(), busy(), closed()}
//
// changed   (url | null): the photo is at the bar, or was taken off; guests see it once the drink is saved
// settled   -> Promise<boolean>: nothing is under way any more; false where it went wrong

import { make, setText } from "../dom.js";
import { icon } from "./icons.js";
import { percent, refusal, t } from "../words.js";
import { staff } from "./staff.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.86;
/** A photo of a phone is a few MB; what takes longer than this is not on its way any more. */
const DEADLINE_MILLISECONDS = 120_000;
const MOST_BYTES = 60_000_000;

/**
 * As a JPEG whose longest side fits, upright as it was taken.
 * @param {Blob} file
 * @returns {Promise<HTMLCanvasElement>}
 */
async function smaller(file) {
  const image = await createImageBitmap(file, /** @type {any} */ ({ imageOrientation: "from-image" }));
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const paint = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paint.imageSmoothingQuality = "high";
  paint.fillStyle = "#fff"; // A JPEG has no holes.
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
}

/** @returns {Promise<Blob>} */
const jpegOf = (/** @type {HTMLCanvasElement} */ canvas) => new Promise((resolve, reject) => {
  canvas.toBlob((blob) => { if (blob) resolve(blob); else reject(new Error("no JPEG")); }, "image/jpeg", QUALITY);
});

/**
 * By XMLHttpRequest, since fetch does not tell how much has gone.
 * @param {string} url @param {Blob} blob @param {(share: number) => void} tell @param {AbortSignal} signal
 * @returns {Promise<number>} the status; 0 where nobody answered
 */
function put(url, blob, tell, signal) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.timeout = DEADLINE_MILLISECONDS;
    request.setRequestHeader("Content-Type", blob.type);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) tell(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => resolve(request.status));
    signal.addEventListener("abort", () => request.abort());
    request.send(blob);
  });
}

const REFUSED = /** @type {Record<number, string>} */ ({ 413: "large", 415: "type", 422: "type", 507: "room" });

/** @param {{nameOf: () => string, changed: (url: string | null) => void}} how */
export function drinkPhoto({ nameOf, changed }) {
  const stand = make("div", { class: "photo-stand" });
  const says = make("p", { class: "meta", role: "status" });
  const problem = make("p", { class: "problem", role: "alert" });
  const bar = /** @type {HTMLProgressElement} */ (make("progress", {
    max: 100, hidden: true, "aria-label": t("menu.photo.progress"),
  }));
  const chooser = fileInput({}), camera = fileInput({ capture: "environment" });
  const stop = button("close", t("menu.photo.stop"), () => abort.abort());
  const off = button("close", t("menu.photo.remove"), () => {
    show(null);
    changed(null);
    choose.focus();
  });
  const choose = button("photo", t("menu.photo.choose"), () => chooser.click());
  const take = button("photo", t("menu.photo.take"), () => camera.click());
  const element = make("div", { class: "photo-box" }, stand, chooser, camera,
    make("div", { class: "photo-acts" }, make("div", { class: "chips" }, choose, take, off, stop),
      bar, says, problem, make("p", { class: "hint" }, t("menu.photo.hint"))));
  let abort = new AbortController(), shown = /** @type {string | null} */ (null);
  /** @type {Promise<boolean>} */
  let work = Promise.resolve(true);
  let isBusy = false;

  function fileInput(/** @type {Record<string, any>} */ more) {
    const input = /** @type {HTMLInputElement} */ (make("input", {
      type: "file", accept: "image/*", hidden: true, tabindex: -1, ...more,
    }));
    input.addEventListener("change", () => {
      if (input.files?.[0]) begin(input.files[0]);
      input.value = "";
    });
    return input;
  }

  function show(/** @type {string | null} */ url) {
    shown = url;
    setText(problem, "");
    stand.replaceChildren(...(url ? [make("img", { src: url, alt: t("menu.photo.alt", { name: nameOf() }) })] : []));
    element.classList.toggle("is-empty", !url);
    off.hidden = !url;
    stop.hidden = true;
    // A mouse has no camera behind it.
    take.hidden = !matchMedia("(pointer: coarse)").matches;
    setText(says, url ? "" : t("menu.photo.none"));
  }

  function begin(/** @type {Blob} */ file) {
    abort.abort();
    abort = new AbortController();
    const own = abort.signal;
    work = upload(file, own).then((sentence) => {
      if (own !== abort.signal) return false; // Another is under way by now.
      isBusy = false;
      bar.hidden = stop.hidden = true;
      if (sentence === "") return true;
      show(shown);
      setText(problem, sentence === "stopped" ? "" : sentence);
      return false;
    });
    return work;
  }

  /** @param {Blob} file @param {AbortSignal} own @returns {Promise<string>} what went wrong */
  async function upload(file, own) {
    isBusy = true;
    setText(problem, "");
    setText(says, t("menu.photo.reading"));
    if (file.size > MOST_BYTES) return t("menu.photo.large");
    let blob;
    try {
      const canvas = await smaller(file);
      blob = await jpegOf(canvas);
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", t("menu.photo.alt", { name: nameOf() }));
      if (own.aborted) return "stopped";
      stand.replaceChildren(canvas);
      element.classList.remove("is-empty");
    } catch {
      return t("menu.photo.type");
    }
    bar.value = 0;
    bar.hidden = stop.hidden = false;
    off.hidden = true;
    const grant = await staff.ask("POST", "/admin/images/upload-url",
      { body: { content_type: blob.type, filename: nameOf(), size: blob.size } });
    if (own.aborted) return "stopped";
    if (grant.kind !== "answered") return refusal(grant);
    const status = await put(grant.data.upload_url, blob, tell, own);
    if (own.aborted) return "stopped";
    if (status !== 201) return status ? t(`menu.photo.${REFUSED[status] ?? "refused"}`) : t("menu.photo.lost");
    show(grant.data.image_url);
    setText(says, t("menu.photo.there"));
    changed(grant.data.image_url);
    return "";
  }

  function tell(/** @type {number} */ share) {
    bar.value = share * 100;
    const tenths = percent(Math.floor(share * 10) * 10); // Read out ten times, not a hundred.
    setText(says, share < 1 ? t("menu.photo.sending", { share: tenths }) : t("menu.photo.storing"));
  }

  /** @param {any} name @param {string} label @param {() => void} pressed */
  function button(name, label, pressed) {
    return make("button", { type: "button", class: "chip", onclick: pressed }, icon(name, { small: true }), label);
  }

  const pictureIn = (/** @type {DataTransfer | null} */ data) =>
    [...data?.files ?? []].find(({ type }) => type.startsWith("image/"));

  function paste(/** @type {ClipboardEvent} */ event) {
    const file = pictureIn(event.clipboardData);
    // Word processors put a picture of the text beside it.
    const isText = event.target instanceof Element && event.target.matches("input, textarea")
      && event.clipboardData?.types.includes("text/plain");
    if (!file || isText || !element.isConnected) return;
    event.preventDefault();
    begin(file);
  }

  // Anywhere on the page: whoever misses the box by a little would be shown the picture instead of the drink.
  function drag(/** @type {DragEvent} */ event) {
    if (!element.isConnected || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    element.classList.toggle("is-over", event.type === "dragover");
    const file = event.type === "drop" ? pictureIn(event.dataTransfer) : undefined;
    if (event.type === "drop") file ? begin(file) : setText(problem, t("menu.photo.type"));
  }

  const listening = new AbortController(), { signal } = listening;
  document.addEventListener("paste", paste, { signal });
  for (const name of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
    document.addEventListener(name, drag, { signal });
  }
  show(null);
  return {
    element,
    show,
    busy: () => isBusy,
    settled: () => work,
    closed() {
      listening.abort();
      abort.abort();
    },
  };
}
