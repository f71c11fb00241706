// What leaves the page, because its reader asks for it: files to the disk, text to the clipboard.

import { fill, h } from "./dom.js";

/**
 * Saves a file where the browser keeps what is downloaded.
 * @param {string} name
 * @param {Blob} blob
 */
export function save(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then, and holds on to what it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {string} text @param {string} type */
export const textFile = (text, type) => new Blob([text], { type: `${type};charset=utf-8` });

/** A name that any disk takes. @param {string} title */
export const fileName = (title) =>
  title
    .replaceAll(/[^\w.-]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "")
    .toLowerCase()
    .slice(0, 60) || "calls";

/** @param {string} text @returns {Promise<boolean>} whether it is in the clipboard */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not allowed, or not there, as in pages without https
  }
}

/**
 * A button that copies what is in a field or an element, and says that it did.
 * @param {string} label
 * @param {() => {text: string, select: () => void}} source `select` for who has to copy by hand
 * @returns {[button: HTMLButtonElement, status: HTMLOutputElement]}
 */
export function copyButton(label, source) {
  const status = h("output", { className: "copy-status" });
  const copy = async () => {
    const { text, select } = source();
    fill(status, "");
    const done = await toClipboard(text);
    if (!done) select();
    fill(status, done ? "Copied" : "Selected: copy it with Ctrl+C");
  };
  return [h("button", { type: "button", onclick: copy }, label), status];
}
