// Why a call did what it did: a sentence or more, with the numbers of this call. Pure.
//
// Each clause belongs to a place of the C source, by the name of a marker there; MARKERS has them
// all. It speaks of mini-alloc only.

import { allocated, clause, MARKERS, moved, refused, fitted, zeroSize } from "./reasons.js";
import { address, bytes, grouped } from "./words.js";

/** @typedef {import("./history.js").Event} Event */
/** @typedef {import("./reasons.js").Clause} Clause */

export { MARKERS };

/**
 * Returns the reasons of a call, in the order in which they took effect.
 * @param {Event} event
 * @returns {Clause[]} each a whole sentence
 */
export function why(event) {
  switch (event.op) {
    case "free":
      return freed(event);
    case "mark":
      return [clause("mark", `Noted the bump pointer, ${address(event.result)}: nothing moves.`)];
    case "reset":
      return reset(event);
    case "realloc":
      return event.source ? resized(event, event.source) : allocated(event);
    case "calloc":
      return calloc(event);
    default:
      return allocated(event);
  }
}

/** The same as one text. @param {Event} event */
export const whyText = (event) =>
  why(event)
    .map(({ text }) => text)
    .join(" ");

/** @param {Event} event @returns {Clause[]} */
function calloc(event) {
  const { args, size: all, failed } = event;
  const [times = 0, size = 0] = args;
  const product = `${grouped(times)} times ${bytes(size)} is ${bytes(all)}`;
  if (all >= 2 ** 32) {
    const text = `${product}, more than 32 bits can count: it returned NULL. Nothing moved.`;
    return [clause("product", text)];
  }
  const zeroed = clause("zeroed", "Nothing to clear: what lies above the pointer is zero.");
  return [
    ...(times === 1 ? [] : [clause("product", `${product}.`)]),
    ...allocated(event),
    ...(failed ? [] : [zeroed]),
  ];
}

/** @param {Event} event @returns {Clause[]} */
function freed({ source, after }) {
  if (!source) return [clause("free", "free(NULL) does nothing, as C demands.")];
  const stays = `the bump pointer stays at ${address(after.bump)}`;
  const lost = `the ${bytes(source.taken)} of p${source.number} are not used again`;
  return [clause("free", `free does nothing: ${stays}, and ${lost}.`)];
}

/** @param {Event} event @param {import("./history.js").Block} source @returns {Clause[]} */
function resized(event, source) {
  const { taken, failed, inPlace } = event;
  const name = `p${source.number}`;
  if (failed) return [refused(event), clause("move", `${name} is as it was.`)];
  const zero = zeroSize(event);
  if (!inPlace) return [...zero, ...movedAway(event, source)];
  const last = `${name} is the last block, and realloc knows its size: it stays in place`;
  const more = taken - source.taken;
  if (more < 0) {
    return [
      ...zero,
      clause("in-place", `${last}, and its last ${bytes(-more)} are cleared and free again.`),
    ];
  }
  if (more === 0) return [...zero, clause("in-place", `${last}, and nothing moves.`)];
  return [clause("in-place", `${last}, and grows by ${bytes(more)}.`), ...fitted(event)];
}

/** @param {Event} event @param {import("./history.js").Block} source @returns {Clause[]} */
function movedAway(event, source) {
  const name = `p${source.number}`;
  const rule = "only the block that realloc returned last stays, and only while nothing follows it";
  // Of a block whose size nobody noted, it copies what there can be of it.
  const copied = Math.min(event.taken, event.before.bump - source.address);
  const more = copied > source.taken ? `, for nobody noted that ${name} has fewer` : "";
  return [
    clause("move", `${name} moves: ${rule}.`),
    ...moved(event),
    clause(
      "move",
      `Copied ${bytes(copied)}${more}; the ${bytes(source.taken)} of ${name} are lost.`,
    ),
  ];
}

/** @param {Event} event @returns {Clause[]} */
function reset({ failed, args: [mark = 0], before, after }) {
  if (failed) {
    const text = `m${mark} is above the bump pointer or outside the heap, so it returned -1. Nothing moved.`;
    return [clause("reset", text)];
  }
  const back = before.bump - after.bump;
  const text = `Moved the bump pointer back by ${bytes(back)} to ${address(after.bump)}`;
  const cleared = back > 0 ? ", and cleared them" : "";
  return [clause("reset", `${text}${cleared}. The pages stay: memory never shrinks.`)];
}
