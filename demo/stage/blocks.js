// Which blocks are where at a step, quickly: a copy of the log's blocks in the order of their
// addresses, which for a bump heap is the order of the calls. Pure.

import { FORMS } from "../engine/calls.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Status} Status */

const FREE = FORMS.findIndex(({ op }) => op === "free");

/**
 * Blocks by address. `made` are the steps that made them.
 * @typedef {object} Sorted
 * @property {number} length
 * @property {Uint32Array} start
 * @property {Uint32Array} taken
 * @property {Uint32Array} made
 * @property {Uint32Array | undefined} number undefined where it is the place and one
 */

/** @typedef {{number: number, from: number, to: number, status: Status}} Placed */

/** @typedef {{from: number, to: number}} Range addresses */

/** @typedef {{step: number, from: number, to: number}} Growth pages, the last not included */

/** @param {number} room @returns {Sorted} */
const sortedOf = (room) => ({
  ...{ length: 0, start: new Uint32Array(room), taken: new Uint32Array(room) },
  ...{ made: new Uint32Array(room), number: undefined },
});

/** @param {Sorted} sorted */
function doubled(sorted) {
  const larger = sortedOf(2 * sorted.length);
  for (const name of /** @type {const} */ (["start", "taken", "made"])) {
    larger[name].set(sorted[name]);
  }
  larger.length = sorted.length;
  return larger;
}

export class Blocks {
  /** @type {Growth[]} */
  growths = [];

  /** @type {{step: number, sorted: Sorted} | undefined} */
  #snapshot;

  /** Rows of the log that are known. */
  #rows = 0;

  /** @type {Sorted} */
  all = sortedOf(256);
  isSorted = true;

  /** @param {History} history from which nothing may be cut later: then make another */
  constructor(history) {
    this.history = history;
    this.extend();
  }

  /** Takes the calls into account that were made since. */
  extend() {
    const { log, sums, start } = this.history;
    this.#snapshot = undefined;
    for (; this.#rows < log.length; this.#rows++) {
      const at = this.#rows;
      const before = at === 0 ? start.pages : (log.columns.pages[at - 1] ?? 0);
      const pages = log.columns.pages[at] ?? 0;
      if (pages > before) this.growths.push({ step: at + 1, from: before, to: pages });
      if (sums.isBlock(at)) this.#add(log.columns.result[at] ?? 0, sums.taken(at), at + 1);
      else if (sums.isReset(at)) this.isSorted = false;
    }
  }

  /** @param {number} start @param {number} taken @param {number} made */
  #add(start, taken, made) {
    if (this.all.length === this.all.start.length) this.all = doubled(this.all);
    const { all } = this;
    const at = all.length++;
    if (at > 0 && start < (all.start[at - 1] ?? 0)) this.isSorted = false;
    all.start[at] = start;
    all.taken[at] = taken;
    all.made[at] = made;
  }

  /** @param {number} step @returns {Sorted} */
  at(step) {
    if (this.isSorted) return { ...this.all, length: this.history.sums.at(step).blocks };
    if (this.#snapshot?.step !== step) this.#snapshot = { step, sorted: this.#sortedAt(step) };
    return this.#snapshot.sorted;
  }

  /** Where blocks were given back, or lie in any order, the history tells what there is. */
  #sortedAt(/** @type {number} */ step) {
    /** @type {number[]} */
    const numbers = [];
    const { start, taken, made } = this.all;
    const startOf = (/** @type {number} */ number) => start[number - 1] ?? 0;
    let isDescending = true;
    this.history.eachBlock(step, (address, _taken, _status, number) => {
      isDescending &&= address <= startOf(numbers.at(-1) ?? number);
      numbers.push(number);
    });
    numbers.reverse();
    if (!isDescending) numbers.sort((a, b) => startOf(a) - startOf(b) || a - b);
    return {
      length: numbers.length,
      start: Uint32Array.from(numbers, startOf),
      taken: Uint32Array.from(numbers, (number) => taken[number - 1] ?? 0),
      made: Uint32Array.from(numbers, (number) => made[number - 1] ?? 0),
      number: Uint32Array.from(numbers),
    };
  }

  /**
   * What has become of a block that was not given back.
   * @param {number} made
   * @param {number} step
   * @returns {Status}
   */
  status(made, step) {
    const { op, result, endedAt } = this.history.log.columns;
    const ended = endedAt[made - 1] ?? 0;
    if (ended === 0 || ended > step) return "live";
    if (op[ended - 1] === FREE || this.history.sums.isFreeing(ended - 1)) return "freed";
    return result[ended - 1] === result[made - 1] ? "resized" : "moved";
  }

  /**
   * Calls `visit` for each block that has bytes in a range, by address; for one without bytes if
   * that is where it is.
   * @param {number} step
   * @param {{from: number, to: number}} range
   * @param {(from: number, to: number, status: Status, number: number) => void} visit
   */
  eachIn(step, { from, to }, visit) {
    const { start, taken, made, number, length } = this.at(step);
    for (let at = this.#first(step, from); at < length; at++) {
      const begin = start[at] ?? 0;
      if (begin > to) return;
      const end = begin + (taken[at] ?? 0);
      if (end < from || (end === from && begin < end)) continue;
      const status = this.status(made[at] ?? 0, step);
      if (status !== "resized") visit(begin, end, status, number ? (number[at] ?? 0) : at + 1);
    }
  }

  /**
   * Looks at all blocks of a range in one pass: of a hundred thousand, too, between two frames.
   * @param {number} step
   * @param {Range} range
   * @param {object} how
   * @param {number} how.parts of the range, into which the narrow ones are summed up
   * @param {number} [how.narrow] blocks and gaps of fewer bytes are; all if not given
   * @param {(begin: number, end: number, at: number) => void} [how.block] told of the others
   * @param {(begin: number, end: number) => void} [how.gap]
   * @param {ReturnType<typeof emptyDensity>} [how.sum] to be added to
   * @returns {Density}
   */
  scan(step, range, { parts, narrow = Infinity, block, gap, sum = emptyDensity(range, parts) }) {
    const { start, taken, made, length } = this.at(step);
    const { op, result, endedAt } = this.history.log.columns;
    const { density, add } = sum;
    let filled = Math.max(this.history.start.bump, this.endBefore(step, range.from));
    [density.first, density.last] = [-1, -1];
    for (let at = this.#first(step, range.from); at < length; at++) {
      const begin = start[at] ?? 0;
      const end = begin + (taken[at] ?? 0);
      if (begin > range.to) break;
      if (end < range.from || (end === range.from && begin < end)) continue;
      const ended = endedAt[(made[at] ?? 0) - 1] ?? 0;
      const isLive = ended === 0 || ended > step;
      if (!isLive && op[ended - 1] !== FREE && result[ended - 1] === begin) continue; // resized
      if (begin - filled >= narrow && begin > range.from) gap?.(filled, begin);
      filled = Math.max(filled, end);
      if (begin === end || end - begin >= narrow) block?.(begin, end, at);
      else {
        add(begin, end, isLive);
        if (density.first < 0) density.first = at;
        density.last = at;
      }
    }
    return density;
  }

  /** The first place from which a block may reach into what begins at an address. */
  #first(/** @type {number} */ step, /** @type {number} */ from) {
    const { start, taken, made, length } = this.at(step);
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((start[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    // Before it come its own earlier sizes, which are skipped, and then one that may reach in.
    for (low--; low > 0; low--) {
      const isThere = this.status(made[low] ?? 0, step) !== "resized";
      if (isThere && (taken[low] ?? 0) > 0) break;
    }
    return Math.max(low, 0);
  }

  /** The end of the block before an address, or 0. @param {number} step @param {number} address */
  endBefore(step, address) {
    const { start, taken, length } = this.at(step);
    const at = this.#first(step, address);
    const begin = start[at] ?? 0;
    return at < length && begin < address ? begin + (taken[at] ?? 0) : 0;
  }

  /** The block that holds an address. @param {number} step @param {number} address */
  holding(step, address) {
    /** @type {Placed | undefined} */
    let found;
    this.eachIn(step, { from: address, to: address }, (from, to, status, number) => {
      if (from <= address && address < Math.max(to, from + 1)) found = { number, from, to, status };
    });
    return found;
  }

  /** A block by its number, if it is there at a step. @param {number} step @param {number} number */
  byNumber(step, number) {
    const made = this.all.made[number - 1] ?? 0;
    if (made === 0 || made > step) return undefined;
    const block = this.history.blockOf(made, step);
    return block.status === "given back" || block.status === "resized" ? undefined : block;
  }

  /**
   * The next block after one, in the order of addresses; the first or the last if there is none.
   * @param {number} step
   * @param {number} number
   * @param {1 | -1} direction
   */
  neighbor(step, number, direction) {
    const sorted = this.at(step);
    const numberAt = (/** @type {number} */ at) =>
      sorted.number ? (sorted.number[at] ?? 0) : at + 1;
    let at = direction === 1 ? -1 : sorted.length;
    if (number > 0) at = sorted.number ? sorted.number.indexOf(number) : number - 1;
    for (at += direction; at >= 0 && at < sorted.length; at += direction) {
      if (this.status(sorted.made[at] ?? 0, step) !== "resized") return numberAt(at);
    }
    return number;
  }
}

/**
 * How much of each of some equal parts of a range is live and how much is not, as shares of 1.
 * @typedef {object} Density
 * @property {Float32Array} live
 * @property {Float32Array} dead
 * @property {number} count of blocks
 * @property {number} first place of a block in the order of addresses, as a scan has found it, or -1
 * @property {number} last
 */

/** @param {Range} range @param {number} parts */
export function emptyDensity({ from, to }, parts) {
  const [live, dead] = [new Float32Array(parts), new Float32Array(parts)];
  const density = { live, dead, count: 0, first: -1, last: -1 };
  const perByte = parts / (to - from);
  /** @param {number} begin @param {number} end @param {boolean} isLive @param {1 | -1} [sign] */
  const add = (begin, end, isLive, sign = 1) => {
    const shares = isLive ? density.live : density.dead;
    const first = Math.max((begin - from) * perByte, 0);
    const last = Math.min((end - from) * perByte, parts);
    density.count += sign;
    const stop = Math.min(Math.floor(last), parts - 1);
    for (let part = Math.floor(first); part <= stop; part++) {
      const share = Math.min(last, part + 1) - Math.max(first, part);
      shares[part] = (shares[part] ?? 0) + sign * share;
    }
  };
  return { density, add };
}
