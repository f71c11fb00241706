// The clauses that tell how a block came to be where it is, or was refused. Pure.

import { address, bytes, count, grouped } from "./words.js";

/** @typedef {import("./history.js").Event} Event */

/** The places of the C source that clauses belong to. */
export const MARKERS = /** @type {const} */ ([
  "align", // a start is rounded up
  "bump", // the pointer moves
  "check", // does it fit?
  "first", // the first request takes all memory there is
  "grow", // memory grows
  "refuse", // memory does not grow: NULL
  "zero-size", // 0 becomes 1, or not
  "odd-alignment", // no power of two: NULL
  "product", // of calloc, and whether it fits
  "zeroed", // calloc has nothing to clear
  "free",
  "in-place", // realloc of the last block
  "move", // realloc of any other
  "mark",
  "reset",
]);

/** @typedef {{text: string, marker: (typeof MARKERS)[number]}} Clause */

const PAGE = 65_536;

/** @param {Clause["marker"]} marker @param {string} text @returns {Clause} */
export const clause = (marker, text) => ({ marker, text });

const isPowerOfTwo = (/** @type {number} */ n) => n > 0 && Number.isInteger(Math.log2(n));

/** @param {Event} event @returns {Clause[]} */
export function allocated(event) {
  if (event.failed) return [refused(event)];
  return [...zeroSize(event), ...first(event), ...moved(event)];
}

/** @param {Event} event @returns {Clause} */
export function refused({ op, size, align, before }) {
  if ((op === "aligned_alloc" || op === "mini_alloc") && !isPowerOfTwo(align)) {
    const text = `${grouped(align)} is no power of two, so it returned NULL. Nothing moved.`;
    return clause("odd-alignment", text);
  }
  const end = Math.ceil(before.bump / align) * align + size;
  const more = count(Math.ceil(end / PAGE) - before.pages, "more page");
  const text = `${bytes(size)} need ${more}, which were refused: it returned NULL. Nothing moved.`;
  return clause("refuse", text);
}

/** @param {Event} event @returns {Clause[]} */
export function zeroSize({ op, size, taken }) {
  if (size > 0) return [];
  const text =
    taken > 0
      ? `For 0 bytes ${op} takes 1, so that the address is nobody else's.`
      : "For 0 bytes mini_alloc takes none: it returned the bump pointer.";
  return [clause("zero-size", text)];
}

/** @param {Event} event @returns {Clause[]} */
function padded({ padding, before, result }) {
  if (padding === 0) return [];
  const from = `Rounded up ${address(before.bump)} to ${address(result)}`;
  return [clause("align", `${from}: ${bytes(padding)} of padding.`)];
}

/** @param {Event} event @returns {Clause[]} */
const bumped = ({ taken }) =>
  taken === 0 ? [] : [clause("bump", `Moved the bump pointer by ${bytes(taken)}.`)];

/** @param {Event} event @returns {Clause[]} */
export const moved = (event) => [...padded(event), ...bumped(event), ...fitted(event)];

/** Before the first request nothing is ours, and the limit is where the heap begins. */
const isFirst = (/** @type {Event["before"]} */ { used, slack }) => used === 0 && slack === 0;

/** @param {Event} event @returns {Clause[]} */
function first({ before }) {
  if (!isFirst(before)) return [];
  const all = count(before.pages, "page");
  return [clause("first", `The first request takes all memory there is, ${all}.`)];
}

/** Whether it fitted, and what was done if not. @param {Event} event @returns {Clause[]} */
export function fitted(event) {
  const { before, after, taken } = event;
  if (after.pagesGrown > 0) {
    return [grown(event, isFirst(before) ? before.pages * PAGE : before.limit)];
  }
  if (taken === 0) return [];
  const still = isFirst(before) ? "It fits" : "It still fits";
  const exactly = after.bump === after.limit ? "It fits to the last byte" : still;
  return [clause("check", `${exactly}, so no page was added.`)];
}

/** @param {Event} event @param {number} owned the limit before */
function grown({ taken, after: { bump, pagesGrown, limit } }, owned) {
  const end = `the limit is ${address(limit)} now.`;
  const missing = bump - owned;
  // A block of no bytes has the address of one that must be there.
  const needed = Math.ceil((taken === 0 ? missing + 1 : missing) / PAGE);
  const lacked = missing === 0 ? "Memory was full" : `${bytes(missing)} did not fit`;
  if (pagesGrown === needed) {
    return clause("grow", `${lacked}: added ${count(needed, "page")}, ${end}`);
  }
  const added = `${count(needed, "page")} would do, but it grows by an eighth at least`;
  return clause("grow", `${lacked}: ${added}: added ${count(pagesGrown, "page")}, ${end}`);
}
