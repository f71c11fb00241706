// The same script for every allocator: as it was called where there are marks, and for the others
// as a program without marks would do it. Pure.
//
// A reset becomes the free of each block that it gave back, mini_alloc becomes malloc, or
// aligned_alloc where more is asked than malloc promises. What C leaves undefined, an alignment that
// is none, only mini-alloc is asked: others divide by zero.

import { FORMS } from "../engine/calls.js";

/** @typedef {import("../engine/history.js").History} History */

/**
 * Calls, as columns. Blocks and marks have the step of the log that made them as their name.
 * @typedef {object} Program
 * @property {number[]} op places in FORMS
 * @property {number[]} first what C gets, where it is no block and no mark
 * @property {number[]} second
 * @property {number[]} source name of the block or mark that is given; 0 is NULL
 * @property {number[]} name of the block or mark it makes; 0 if none
 * @property {Map<number, number[]>} given names of the blocks that a reset gave back, by its place
 */

const code = (/** @type {string} */ name) => FORMS.findIndex(({ op }) => op === name);
const [MALLOC, CALLOC, REALLOC, FREE, ALIGNED_ALLOC, MINI_ALLOC, MARK, RESET] =
  /** @type {[number, number, number, number, number, number, number, number]} */ (
    "malloc calloc realloc free aligned_alloc mini_alloc mark reset".split(" ").map(code)
  );

/** Places in FORMS, by name. */
export const OPS = { MALLOC, CALLOC, REALLOC, FREE, ALIGNED_ALLOC, MINI_ALLOC, MARK, RESET };

/** @returns {Program} */
const emptyProgram = () => ({
  op: [],
  first: [],
  second: [],
  source: [],
  name: [],
  given: new Map(),
});

/** @typedef {{op: number, first?: number, second?: number, source?: number, name?: number}} Call */

/** @param {Program} program @param {Call} call */
function add(program, { op, first = 0, second = 0, source = 0, name = 0 }) {
  program.op.push(op);
  program.first.push(first);
  program.second.push(second);
  program.source.push(source);
  program.name.push(name);
}

/**
 * Returns all calls of a log.
 * @param {History} history
 * @param {{marks: boolean}} allocator whether it has mini_alloc, marks and resets
 * @returns {Program}
 */
export function translate(history, { marks }) {
  const program = emptyProgram();
  const live = new Live(history);
  const promised = history.places.alignment;
  for (let at = 0; at < history.steps; at++) {
    const call = callAt(history, at);
    const given = live.append(at);
    if (marks) {
      if (given.length > 0) program.given.set(program.op.length, given);
      add(program, call);
      continue;
    }
    for (const one of forOthers(call, { given, promised })) add(program, one);
  }
  return program;
}

/** @param {History} history @param {number} at row */
function callAt({ log: { columns } }, at) {
  const op = columns.op[at] ?? 0;
  const [size, align] = [columns.size[at] ?? 0, columns.align[at] ?? 0];
  const isFirst = op === CALLOC || op === ALIGNED_ALLOC; // count and alignment go before the size
  const [first, second] = isFirst ? [align, size] : [size, align];
  const returns = FORMS[op]?.returns;
  const name = returns === "block" || returns === "mark" ? at + 1 : 0;
  return { op, first, second, source: columns.source[at] ?? 0, name };
}

const isPowerOfTwo = (/** @type {number} */ n) => Number.isInteger(Math.log2(n));

/**
 * Returns what allocators get that have nothing but the family of malloc.
 * @param {ReturnType<typeof callAt>} call
 * @param {{given: number[], promised: number}} log `given` are the blocks that a reset gave back,
 *   `promised` is the alignment of malloc
 * @returns {Call[]}
 */
function forOthers(call, { given, promised }) {
  const { op, first, second } = call;
  if (op === MARK) return [];
  if (op === RESET) return given.map((source) => ({ op: FREE, source }));
  if (op === MINI_ALLOC) return isPowerOfTwo(second) ? [withoutMini(call, promised)] : [];
  if (op === ALIGNED_ALLOC) return isPowerOfTwo(first) ? [call] : [];
  return [call];
}

/**
 * @param {{first: number, second: number, name: number}} call of mini_alloc
 * @param {number} promised alignment of malloc
 */
function withoutMini({ first: size, second: align, name }, promised) {
  if (align <= promised) return { op: MALLOC, first: size, name };
  // As C wants it, a multiple of the alignment: some refuse anything else.
  const whole = Math.min(Math.ceil(size / align) * align, 2 ** 32 - align);
  return { op: ALIGNED_ALLOC, first: align, second: whole, name };
}

/** The blocks that are live, the lowest first, as those of a bump allocator are in order. */
class Live {
  /** @type {number[]} rows, some of them ended since */
  #rows = [];
  #ended = new Set();

  /** @param {History} history */
  constructor({ log, sums }) {
    this.log = log;
    this.sums = sums;
  }

  /**
   * Takes a row into account.
   * @param {number} at
   * @returns {number[]} names of the blocks that it gave back, if it is a reset
   */
  append(at) {
    if (this.sums.ends(at)) this.#ended.add((this.log.columns.source[at] ?? 0) - 1);
    if (this.sums.isBlock(at)) this.#rows.push(at);
    return this.sums.isReset(at) ? this.#giveBack(this.log.columns.bump[at] ?? 0) : [];
  }

  /** @param {number} mark */
  #giveBack(mark) {
    const given = [];
    for (let row = this.#rows.at(-1); row !== undefined; row = this.#rows.at(-1)) {
      const isEnded = this.#ended.has(row);
      const end = (this.log.columns.result[row] ?? 0) + this.sums.taken(row);
      if (!isEnded && end <= mark) break;
      this.#rows.pop();
      if (!isEnded) given.push(row + 1);
    }
    return given;
  }
}
