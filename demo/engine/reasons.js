// The clauses that tell how a block came to be where it is, or was refused. Pure.

import { PAGE } from "./log.js";
import { bytes, count, grouped } from "./words.js";

/** @typedef {import("./history.js").Event} Event */
/** @typedef {(at: number) => string} AddressText */

/** The places of the C source that clauses belong to: words such as @bump at the ends of lines. */
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

/** @typedef {(typeof MARKERS)[number]} Marker */

/** A whole sentence; without a marker where there is no source to show. @typedef {{text: string, marker?: Marker}} Clause */

/** @param {Marker} marker @param {string} text @returns {Clause} */
export const clause = (marker, text) => ({ marker, text });

export const isPowerOfTwo = (/** @type {number} */ n) => n > 0 && Number.isInteger(Math.log2(n));

/** Before the first request nothing is ours, and the limit is where the heap begins. */
export const isFirst = (/** @type {Event["before"]} */ { used, slack }) =>
  used === 0 && slack === 0;

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
export function allocated(event, at) {
  if (event.failed) return [refused(event)];
  return [...zeroSize(event), ...first(event), ...placed(event, at)];
}

/** @param {Event} event @returns {Clause} */
export function refused({ op, size, align, before }) {
  const isAligned = op === "aligned_alloc" || op === "mini_alloc";
  if (isAligned && !isPowerOfTwo(align)) {
    const text = `An alignment has to be a power of two, and ${grouped(align)} is none: it returned NULL. Nothing moved.`;
    return clause("odd-alignment", text);
  }
  if (isAligned && align > PAGE && size + Number(size === 0) > 2 ** 32 - align) {
    const text = `${bytes(size)} at a multiple of ${grouped(align)} would end beyond the last address there is: it returned NULL. Nothing moved.`;
    return clause("refuse", text);
  }
  const end = Math.ceil(before.bump / align) * align + size;
  const more = count(Math.ceil(end / PAGE) - before.pages, "more page");
  const text = `${bytes(size)} need ${more}, and memory may not grow that far: it returned NULL. Nothing moved.`;
  return clause("refuse", text);
}

/** @param {Event} event @returns {Clause[]} */
export function zeroSize({ op, size, taken }) {
  if (size > 0) return [];
  const text =
    taken > 0
      ? `For 0 bytes ${op} takes 1, so that no other block has the same address.`
      : "For 0 bytes mini_alloc takes none, and returns the bump pointer.";
  return [clause("zero-size", text)];
}

/** @param {Event} event @returns {Clause[]} */
function first({ before }) {
  if (!isFirst(before)) return [];
  const all = count(before.pages, "page");
  return [clause("first", `The first request takes all memory there is, ${all}.`)];
}

/** Where it is: rounded up, tested, moved. @param {Event} event @param {AddressText} at */
export const placed = (event, at) => [
  ...padded(event, at),
  ...fitted(event, at),
  ...bumped(event, at),
];

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
function padded({ padding, align, before, result }, at) {
  if (padding === 0) return [];
  const rounded = `Rounded ${at(before.bump)} up to ${at(result)}, a multiple of ${grouped(align)}`;
  return [clause("align", `${rounded}: ${bytes(padding)} of padding.`)];
}

/**
 * Whether it fitted, and what was done if not.
 * @param {Event} event
 * @param {AddressText} at
 * @param {Marker} [marker] where that was tested
 * @returns {Clause[]}
 */
export function fitted(event, at, marker = "check") {
  const { before, after, taken } = event;
  if (after.pagesGrown > 0) {
    return grown(event, isFirst(before) ? before.pages * PAGE : before.limit, at);
  }
  if (taken === 0) return [];
  const still = isFirst(before) ? "It fits" : "It still fits";
  const exactly = after.bump === after.limit ? "It fits to the last byte" : still;
  return [clause(marker, `${exactly}, so no page was added.`)];
}

/**
 * @param {Event} event
 * @param {number} owned the limit before
 * @param {AddressText} at
 * @returns {Clause[]}
 */
function grown({ taken, after: { bump, pagesGrown, limit } }, owned, at) {
  const missing = bump - owned;
  // A block of no bytes has the address of one that must be there.
  const needed = Math.ceil((taken === 0 ? missing + 1 : missing) / PAGE);
  const isFull = missing === 0;
  const lacked = isFull
    ? `Memory is full up to the limit, ${at(owned)}.`
    : `The block would end ${bytes(missing)} past the limit, ${at(owned)}.`;
  const enough = `${count(needed, "page")} would do, but memory grows by an eighth at least: `;
  const added = `${count(pagesGrown, "page")} ${pagesGrown === 1 ? "was" : "were"} added`;
  const text = `${pagesGrown === needed ? "" : enough}${added}, and the limit is ${at(limit)} now.`;
  return [clause("check", lacked), clause("grow", text)];
}

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
function bumped({ taken, after }, at) {
  if (taken === 0) return [];
  return [clause("bump", `Moved the bump pointer ${bytes(taken)}, to ${at(after.bump)}.`)];
}
