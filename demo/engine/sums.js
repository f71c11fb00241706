// Sums over the log, for any step: kept every 64 calls and after each reset, and summed up from there.

import { FORMS } from "./calls.js";

const INTERVAL = 64;
const FIELDS = /** @type {const} */ ([
  ...["blocks", "live", "liveBytes", "abandoned", "padding", "failed"],
]);
const WIDTH = FIELDS.length + 1; // the step goes before them

/** @typedef {Record<(typeof FIELDS)[number], number>} Sum */

const code = (/** @type {string} */ name) => FORMS.findIndex(({ op }) => op === name);
const [CALLOC, REALLOC, FREE, MINI_ALLOC, RESET] = [
  ...["calloc", "realloc", "free", "mini_alloc", "reset"].map(code),
];
const RETURNS_BLOCK = FORMS.map(({ returns }) => returns === "block");

export class Sums {
  /** @type {number[]} rows of WIDTH numbers */
  #kept = [0, 0, 0, 0, 0, 0, 0];
  /** @type {number[]} steps of the resets that did something */
  #resets = [];
  /** @type {Sum} at the end of the log */
  #now = { blocks: 0, live: 0, liveBytes: 0, abandoned: 0, padding: 0, failed: 0 };

  /** @param {import("./log.js").Log} log @param {{base: number, isBump: boolean}} heap */
  constructor(log, { base, isBump }) {
    this.log = log;
    this.base = base;
    this.isBump = isBump;
  }

  /** Takes the last row of the log into account. */
  append() {
    const at = this.log.length - 1;
    const reset = this.isReset(at);
    if (reset) {
      this.#giveBack(at);
      this.#resets.push(at + 1);
    } else {
      this.#add(this.#now, at);
    }
    if (reset || (at + 1) % INTERVAL === 0) {
      this.#kept.push(at + 1, ...FIELDS.map((field) => this.#now[field]));
    }
  }

  /** @param {number} step */
  cut(step) {
    this.#kept.length = WIDTH * (this.#lastKept((row) => row <= step) + 1);
    this.#resets = this.#resets.filter((reset) => reset <= step);
    this.#now = this.#sumUp(step);
  }

  /** @param {number} step @returns {Sum} */
  at(step) {
    return step === this.log.length ? { ...this.#now } : this.#sumUp(step);
  }

  #sumUp(/** @type {number} */ step) {
    const { sum, from } = this.#from(this.#lastKept((row) => row <= step));
    for (let at = from; at < step; at++) this.#add(sum, at);
    return sum;
  }

  /** Blocks made until now. */
  get blocks() {
    return this.#now.blocks;
  }

  /** The step that made a block, or 0 if there is none of that number. @param {number} number */
  stepOf(number) {
    if (number < 1 || number > this.blocks) return 0;
    const row = WIDTH * this.#lastKept((_, blocks) => blocks < number);
    let [at = 0, made = 0] = [this.#kept[row], this.#kept[row + 1]];
    for (; made < number; at++) if (this.isBlock(at)) made++;
    return at;
  }

  /** The sum that is kept in a row of the table, and its step. @param {number} row */
  #from(row) {
    const value = (/** @type {number} */ column) => this.#kept[row * WIDTH + column] ?? 0;
    const sum = {
      ...{ blocks: value(1), live: value(2), liveBytes: value(3) },
      ...{ abandoned: value(4), padding: value(5), failed: value(6) },
    };
    return { sum, from: value(0) };
  }

  /** The last row that is still below. @param {(step: number, blocks: number) => boolean} isBelow */
  #lastKept(isBelow) {
    let [low, high] = [0, this.#kept.length / WIDTH];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const at = middle * WIDTH;
      if (isBelow(this.#kept[at] ?? 0, this.#kept[at + 1] ?? 0)) low = middle;
      else high = middle;
    }
    return low;
  }

  // ---- single rows -------------------------------------------------------------------------------

  /** @param {number} at row */
  isBlock(at) {
    const { op, result } = this.log.columns;
    return RETURNS_BLOCK[op[at] ?? 0] === true && result[at] !== 0;
  }

  /** @param {number} at row */
  isReset(at) {
    const { op, result } = this.log.columns;
    return op[at] === RESET && result[at] === 0;
  }

  /** Bytes asked for. @param {number} at row */
  asked(at) {
    const { op, size, align } = this.log.columns;
    const bytes = size[at] ?? 0;
    return op[at] === CALLOC ? bytes * (align[at] ?? 0) : bytes;
  }

  /** Bytes of the heap, where even nothing has an address of its own. @param {number} at row */
  taken(at) {
    if (!RETURNS_BLOCK[this.log.columns.op[at] ?? 0]) return 0;
    return this.log.columns.op[at] === MINI_ALLOC ? this.asked(at) : this.asked(at) || 1;
  }

  /** @param {number} at row */
  #isInPlace(at) {
    const { op, result, source } = this.log.columns;
    const from = source[at] ?? 0;
    return op[at] === REALLOC && from > 0 && result[at] === result[from - 1];
  }

  /** Whether realloc for no bytes was free: C leaves that open, and emmalloc does it. @param {number} at */
  isFreeing(at) {
    const { op, result, size, source } = this.log.columns;
    const isOfNothing = op[at] === REALLOC && source[at] !== 0 && size[at] === 0;
    return !this.isBump && isOfNothing && result[at] === 0;
  }

  /** Whether the row ends the block that it was given. @param {number} at row */
  ends(at) {
    const { op, source } = this.log.columns;
    if (source[at] === 0) return false;
    return op[at] === FREE || (op[at] === REALLOC && (this.isBlock(at) || this.isFreeing(at)));
  }

  /** @param {number} at row */
  padding(at) {
    if (!this.isBump || !this.isBlock(at) || this.#isInPlace(at)) return 0;
    const { bump, result } = this.log.columns;
    return (result[at] ?? 0) - (at === 0 ? this.base : (bump[at - 1] ?? 0));
  }

  /** The step of the reset that gave a block back, or 0. @param {number} made @param {number} until */
  givenBack(made, until) {
    const { bump, result } = this.log.columns;
    const end = (result[made - 1] ?? 0) + this.taken(made - 1);
    let found = 0;
    for (let i = this.#resets.length - 1; (this.#resets[i] ?? 0) > made; i--) {
      const reset = this.#resets[i] ?? 0;
      if (reset <= until && (bump[reset - 1] ?? 0) < end) found = reset;
    }
    return found;
  }

  // ---- summing up --------------------------------------------------------------------------------

  /** @param {Sum} sum @param {number} at a row that is no reset, or one that failed */
  #add(sum, at) {
    const { op, result, source } = this.log.columns;
    const isBlock = this.isBlock(at);
    const isNull = RETURNS_BLOCK[op[at] ?? 0] && !isBlock && !this.isFreeing(at);
    if (op[at] === RESET ? result[at] !== 0 : isNull) sum.failed++;
    if (isBlock) {
      sum.blocks++;
      sum.live++;
      sum.liveBytes += this.taken(at);
      sum.padding += this.padding(at);
    }
    if (!this.ends(at)) return;
    const old = this.taken((source[at] ?? 0) - 1);
    sum.live--;
    sum.liveBytes -= old;
    if (this.isBump && !this.#isInPlace(at)) sum.abandoned += old;
  }

  /**
   * Takes away the blocks above the mark: from the last row back to where the bump pointer was no
   * higher.
   * @param {number} reset its row
   */
  #giveBack(reset) {
    const { bump, result, endedAt } = this.log.columns;
    const mark = bump[reset] ?? 0;
    let lowest = Infinity; // mark of the resets since
    for (let at = reset - 1; at >= 0 && (bump[at] ?? 0) > mark; at--) {
      if (this.isReset(at)) lowest = Math.min(lowest, bump[at] ?? 0);
      if (!this.isBlock(at)) continue;
      const end = (result[at] ?? 0) + this.taken(at);
      const ended = endedAt[at] ?? 0;
      if (end <= mark || end > lowest || (ended > 0 && this.#isInPlace(ended - 1))) continue;
      if (ended > 0) this.#now.abandoned -= this.taken(at);
      else this.#now.live--;
      if (ended === 0) this.#now.liveBytes -= this.taken(at);
    }
    // A mark of long ago may lie within what has come since: what is left below it is nobody's.
    this.#now.padding = mark - this.base - this.#now.liveBytes - this.#now.abandoned;
  }
}
