// One allocator at a program: what the calls cost it, and what memory it came to hold. Pure.
//
// Only the metered copy runs: it returns what the plain module does, and counts.

import { PAGE } from "../engine/log.js";
import { FORMS, HeapError } from "../engine/calls.js";
import { Machine } from "../engine/machine.js";
import { pagesInk } from "../../src/meter/prices.js";
import { OPS } from "./translate.js";

/** @typedef {import("./translate.js").Program} Program */

/**
 * @typedef {object} Result
 * @property {number} calls made, which differ where a reset becomes many frees
 * @property {number} resets
 * @property {number} refused requests that returned NULL
 * @property {number} ink of all calls, without the price of growth
 * @property {number | undefined} growthInk what Stylus charges for the pages; undefined beyond its
 *   128
 * @property {number} requested bytes asked for and given, in all
 * @property {number} liveBytes of those, what is not freed at the end
 * @property {number} highWater bytes from the heap base to the highest end of a block there ever was
 * @property {number} pages at the end
 * @property {number} pagesGrown
 */

const RETURNS_BLOCK = FORMS.map(({ returns }) => returns === "block");

export class Contender {
  /** @type {Map<number, {at: number, size: number}>} blocks and marks by name, while they live */
  #named = new Map();

  /** @param {WebAssembly.Module} metered @param {Program} program */
  constructor(metered, program) {
    this.program = program;
    this.machine = new Machine({ plain: metered });
    this.base = this.machine.places.heapBase;
    this.firstInk = this.#ink;
    this.firstPages = this.#pages;
    this.done = 0;
    this.resets = 0;
    this.refused = 0;
    this.requested = 0;
    this.liveBytes = 0;
    this.highest = this.base;
  }

  // Both are read from outside: a call would be counted.
  get #ink() {
    return Number(this.machine.exports["__ink"].value);
  }

  get #pages() {
    return this.machine.exports["memory"].buffer.byteLength / PAGE;
  }

  /** Calls left. */
  get left() {
    return this.program.op.length - this.done;
  }

  /**
   * Makes the next calls.
   * @param {number} most
   * @throws {HeapError} if the allocator breaks
   */
  advance(most) {
    const end = Math.min(this.done + most, this.program.op.length);
    for (; this.done < end; this.done++) this.#make(this.done);
  }

  #make(/** @type {number} */ i) {
    const { op, first, second, source, name, given: givenBack } = this.program;
    const kind = op[i] ?? 0;
    const sourceName = source[i] ?? 0;
    const size = sizeOf(kind, first[i] ?? 0, second[i] ?? 0);
    // A block that this allocator has refused, or has ended already, is NULL here: nothing undefined.
    const given = this.#named.get(sourceName);
    const takes = kind === OPS.FREE || kind === OPS.REALLOC || kind === OPS.RESET;
    const start = takes ? (given?.at ?? 0) : (first[i] ?? 0);
    const next = kind === OPS.REALLOC ? size : (second[i] ?? 0);
    const { result } = this.machine.call(kind, start, next);
    if (kind === OPS.RESET) this.resets++;
    if (kind === OPS.MARK) this.#named.set(name[i] ?? 0, { at: result, size: 0 });
    const ends = kind === OPS.FREE || (kind === OPS.REALLOC && (result !== 0 || size === 0));
    if (ends) this.#end(sourceName);
    for (const block of givenBack.get(i) ?? []) this.#end(block);
    if (!RETURNS_BLOCK[kind]) return;
    if (result !== 0) this.#keep(name[i] ?? 0, result, size);
    else if (size > 0) this.refused++;
    if (this.highest > this.#pages * PAGE) {
      throw new HeapError(`${FORMS[kind]?.op} returned a block that the memory has no room for`);
    }
  }

  /** @param {number} name @param {number} at @param {number} size */
  #keep(name, at, size) {
    this.#named.set(name, { at, size });
    this.requested += size;
    this.liveBytes += size;
    this.highest = Math.max(this.highest, at + size);
  }

  #end(/** @type {number} */ name) {
    this.liveBytes -= this.#named.get(name)?.size ?? 0;
    this.#named.delete(name);
  }

  /** @returns {Result} */
  get result() {
    const { done: calls, resets, refused, requested, liveBytes } = this;
    const pages = this.#pages;
    return {
      ...{ calls, resets, refused, requested, liveBytes, pages },
      ink: this.#ink - this.firstInk,
      growthInk: pagesInk(this.firstPages, pages),
      highWater: this.highest - this.base,
      pagesGrown: pages - this.firstPages,
    };
  }
}

/** @param {number} kind @param {number} first @param {number} second bytes asked for */
function sizeOf(kind, first, second) {
  if (kind === OPS.CALLOC) return first * second;
  return kind === OPS.ALIGNED_ALLOC ? second : first;
}
