// Why a call did what it did: a sentence or more, with the numbers of this call. Pure.
//
// Each clause belongs to a place of the C source, by the name of a marker there; MARKERS has them
// all. Of other allocators, whose source we do not show, it says only what can be seen from outside.

import { formOf } from "./calls.js";
import { allocated, clause, fitted, MARKERS, placed, refused, zeroSize } from "./reasons.js";
import { address, bytes, count, grouped } from "./words.js";

/** @typedef {import("./history.js").Event} Event */
/** @typedef {import("./history.js").Block} Block */
/** @typedef {import("./reasons.js").Clause} Clause */
/** @typedef {import("./reasons.js").AddressText} AddressText */

/**
 * @typedef {object} Options
 * @property {AddressText} [address] how addresses are written
 * @property {boolean} [isBump] whether it was mini-alloc; true if not given
 */

export { MARKERS };

/**
 * Returns the reasons of a call, in the order in which they took effect.
 * @param {Event} event
 * @param {Options} [options]
 * @returns {Clause[]} each a whole sentence
 */
export function why(event, { address: at = address, isBump = true } = {}) {
  if (!isBump) return seen(event, at);
  switch (event.op) {
    case "free":
      return freed(event, at);
    case "mark":
      return [
        clause("mark", `Noted where the bump pointer is, ${at(event.result)}. Nothing moved.`),
      ];
    case "reset":
      return reset(event, at);
    case "realloc":
      return event.source ? resized(event, event.source, at) : allocated(event, at);
    case "calloc":
      return calloc(event, at);
    default:
      return allocated(event, at);
  }
}

/** The same as one text. @param {Event} event @param {Options} [options] */
export const whyText = (event, options) =>
  why(event, options)
    .map(({ text }) => text)
    .join(" ");

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
function calloc(event, at) {
  const { args, size: all, failed } = event;
  const [times = 0, size = 0] = args;
  const product = `${grouped(times)} times ${bytes(size)} is ${bytes(all)}`;
  if (all >= 2 ** 32) {
    const text = `${product}, more than 32 bits can count: it returned NULL. Nothing moved.`;
    return [clause("product", text)];
  }
  const zeroed = "There is nothing to clear: all bytes above the bump pointer are zero already.";
  return [
    ...(times === 1 ? [] : [clause("product", `${product}.`)]),
    ...allocated(event, at),
    ...(failed ? [] : [clause("zeroed", zeroed)]),
  ];
}

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
function freed({ source, after }, at) {
  if (!source) return [clause("free", "free(NULL) does nothing, as C demands.")];
  const stays = `the bump pointer stays at ${at(after.bump)}`;
  return [clause("free", `free does nothing: ${stays}, and ${stayTaken(source)}.`)];
}

/** @param {Block} block */
const stayTaken = ({ taken, number }) =>
  `the ${bytes(taken)} of p${number} ${taken === 1 ? "stays" : "stay"} taken`;

// ---- realloc -------------------------------------------------------------------------------------

/** @param {Event} event @param {Block} source @param {AddressText} at @returns {Clause[]} */
function resized(event, source, at) {
  const name = `p${source.number}`;
  if (event.failed) return [refused(event), clause("refuse", `${name} is as it was.`)];
  const zero = zeroSize(event);
  if (!event.inPlace) return [...zero, ...movedAway(event, source, at)];
  const last = `${name} is the last block, and realloc knows its size, so it stays in place`;
  const more = event.taken - source.taken;
  const end = at(event.after.bump);
  if (more === 0) return [...zero, clause("in-place", `${last}. Nothing moves.`)];
  if (more < 0) {
    const back = `the bump pointer goes back ${bytes(-more)}, to ${end}`;
    return [
      ...zero,
      clause("in-place", `${last}: ${back}, and what lies above it is set to zero.`),
    ];
  }
  const bumped = `Moved the bump pointer ${bytes(more)}, to ${end}.`;
  return [clause("in-place", `${last}.`), ...fitted(event, at, "in-place"), clause("bump", bumped)];
}

/** @param {Event} event @param {Block} source @param {AddressText} at @returns {Clause[]} */
function movedAway(event, source, at) {
  const name = `p${source.number}`;
  const rule = "only the block that realloc returned last can stay, as long as nothing follows it";
  // Of a block whose size nobody noted, it copies what there can be of it.
  const copied = Math.min(event.taken, event.before.bump - source.address);
  const more =
    copied > source.taken ? ", all up to the bump pointer, since mini-alloc keeps no sizes" : "";
  return [
    clause("move", `${name} moves: ${rule}.`),
    ...placed(event, at),
    clause("move", `Copied ${bytes(copied)}${more}; ${stayTaken(source)}.`),
  ];
}

// ---- marks ---------------------------------------------------------------------------------------

/** @param {Event} event @param {AddressText} at @returns {Clause[]} */
function reset({ failed, args: [mark = 0], before, after }, at) {
  if (failed) {
    const text = `m${mark} is above the bump pointer or outside the heap, so it returned -1. Nothing moved.`;
    return [clause("reset", text)];
  }
  const back = before.bump - after.bump;
  const cleared = back > 0 ? ", and set what lies above it to zero" : "";
  return [
    clause("reset", `Moved the bump pointer back ${bytes(back)}, to ${at(after.bump)}${cleared}.`),
    clause("reset", "The pages stay: memory never shrinks."),
  ];
}

// ---- other allocators ----------------------------------------------------------------------------

/** What can be seen from outside. @param {Event} event @param {AddressText} at @returns {Clause[]} */
function seen(event, at) {
  const { failed, after } = event;
  const memory =
    after.pagesGrown > 0
      ? `Memory grew by ${count(after.pagesGrown, "page")}.`
      : "Memory did not grow.";
  return [...(failed ? ["It returned NULL."] : outcome(event, at)), memory].map((text) => ({
    text,
  }));
}

/** @param {Event} event @param {AddressText} at @returns {string[]} */
function outcome({ op, source, result, inPlace, block, after }, at) {
  const name = source ? `p${source.number}` : "NULL";
  if (op === "free") return [`${name} was freed.`];
  if (op === "mark") return [`Noted ${at(result)}.`];
  if (op === "reset") return [`Went back to ${at(after.bump)}.`];
  if (block === 0) return [`${name} was freed, and it returned NULL.`];
  if (!source) return [`It returned ${at(result)}.`];
  const place = inPlace ? "stays at" : `moves from ${at(source.address)} to`;
  return [`${name} ${place} ${at(result)}.`];
}

// ---- calls ---------------------------------------------------------------------------------------

/**
 * A call as C has it, with the name of what it made: p3 = malloc(100).
 * @param {{op: Event["op"], args: readonly number[], block?: number}} call
 * @param {number} [mark] number of the mark it made
 */
export function callText({ op, args, block = 0 }, mark = 0) {
  const name = block > 0 ? `p${block} = ` : mark > 0 ? `m${mark} = ` : "";
  const parameters = formOf(op)?.parameters ?? [];
  const words = args.map((value, i) => {
    if (parameters[i] === "mark") return `m${value}`;
    if (parameters[i] !== "block") return String(value);
    return value === 0 ? "NULL" : `p${value}`;
  });
  return `${name}${op}(${words.join(", ")})`;
}

/**
 * A call and what it returned: malloc(100) → 0x00010450.
 * @param {Event} event
 * @param {Options} [options]
 */
export function headline({ op, args, result, block, failed }, { address: at = address } = {}) {
  const call = callText({ op, args });
  if (op === "free") return call;
  if (op === "reset") return `${call} → ${failed ? "-1" : "0"}`;
  return `${call} → ${block === 0 && op !== "mark" ? "NULL" : at(result)}`;
}
