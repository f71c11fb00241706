// What the log says of any step, without the module: sums, single calls, blocks.

import { FORMS } from "./calls.js";
import { Log } from "./log.js";
import { Sums } from "./sums.js";

/** @typedef {import("./calls.js").Call} Call */
/** @typedef {import("./machine.js").Places} Places */

/**
 * @typedef {"live" | "freed" | "moved" | "resized" | "given back"} Status `moved` and `resized` are
 *   what realloc has made of it: elsewhere, or at the same place
 */

/**
 * @typedef {object} Block
 * @property {number} number 3 for p3
 * @property {number} step that made it
 * @property {number} address
 * @property {number} size as asked for
 * @property {number} taken bytes of the heap: 1 where malloc was asked for none
 * @property {Status} status
 */

/**
 * @typedef {object} State
 * @property {number} step
 * @property {number} bump
 * @property {number} limit
 * @property {number} pages
 * @property {number} pagesGrown by this step
 * @property {number} slack from the bump pointer to the limit
 * @property {number} used from the heap base to the bump pointer: of mini-alloc always
 *   liveBytes + abandoned + padding
 * @property {number} blocks made until then, whatever became of them
 * @property {number} live blocks
 * @property {number} liveBytes
 * @property {number} abandoned bytes of freed and of moved blocks. 0 for other allocators, which use
 *   them again; padding likewise, since it is theirs to know
 * @property {number} padding bytes
 * @property {number} failed calls
 */

/**
 * @typedef {object} Event
 * @property {number} step
 * @property {Call["op"]} op
 * @property {readonly number[]} args
 * @property {number} size asked for; of calloc the product
 * @property {number} taken bytes of the heap if it has not failed
 * @property {number} align that was asked for, or that malloc promises
 * @property {number} result address, or 0; of reset 0 or 4,294,967,295, which is -1
 * @property {boolean} failed
 * @property {number} block number of the block it made, or 0
 * @property {Block | undefined} source the block that was given, as it was before
 * @property {boolean} inPlace
 * @property {number} padding bytes
 * @property {number} ink
 * @property {State} before
 * @property {State} after
 */

const FREE = FORMS.findIndex(({ op }) => op === "free");

export class History {
  /** @type {number[]} steps of the marks */
  marks = [];

  /**
   * @param {{bump: number, limit: number, pages: number}} start
   * @param {{places: Places, isBump: boolean}} module
   */
  constructor(start, { places, isBump }) {
    this.log = new Log();
    this.start = start;
    this.places = places;
    this.sums = new Sums(this.log, { base: start.bump, isBump });
  }

  get steps() {
    return this.log.length;
  }

  /** @param {import("./log.js").Row} row */
  append(row) {
    this.log.append(row);
    const step = this.log.length;
    if (this.sums.ends(step - 1)) this.log.columns.endedAt[row.source - 1] = step;
    if (FORMS[row.op]?.returns === "mark") this.marks.push(step);
    this.sums.append();
  }

  /** Forgets what came after a step. @param {number} step */
  cut(step) {
    this.log.cut(step);
    this.sums.cut(step);
    this.marks = this.marks.filter((mark) => mark <= step);
  }

  /** @param {number} step @returns {State} */
  at(step) {
    const { bump, limit, pages } = this.#words(step);
    return {
      ...{ step, bump, limit, pages },
      pagesGrown: pages - this.#words(Math.max(step - 1, 0)).pages,
      slack: limit - bump,
      used: bump - this.start.bump,
      ...this.sums.at(step),
    };
  }

  #words(/** @type {number} */ step) {
    if (step === 0) return this.start;
    const { bump, limit, pages } = this.log.columns;
    return { bump: bump[step - 1] ?? 0, limit: limit[step - 1] ?? 0, pages: pages[step - 1] ?? 0 };
  }

  /** The call that led to a step. @param {number} step @returns {Call} */
  call(step) {
    const { op, size, align, source } = this.log.columns;
    const at = step - 1;
    const form = /** @type {import("./calls.js").Form} */ (FORMS[op[at] ?? 0]);
    const from = source[at] ?? 0;
    const argument = (/** @type {import("./calls.js").Parameter} */ name) => {
      if (name === "size") return size[at] ?? 0;
      if (name === "mark") return this.#markOf(from);
      if (name === "block") return from === 0 ? 0 : this.sums.at(from).blocks;
      return align[at] ?? 0; // the count of calloc is kept there too
    };
    return { op: form.op, args: form.parameters.map(argument) };
  }

  /** Number of the mark that a step made, by halves: there may be many. @param {number} step */
  #markOf(step) {
    let [low, high] = [0, this.marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.marks[middle] ?? 0) < step) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  /** All that is known of a call. @param {number} step @returns {Event} */
  event(step) {
    const call = this.call(step);
    const { columns } = this.log;
    const at = step - 1;
    const [before, after] = [this.at(at), this.at(step)];
    const result = columns.result[at] ?? 0;
    const from = columns.source[at] ?? 0;
    const takesBlock = from > 0 && call.op !== "reset";
    const source = takesBlock ? this.blockOf(from, at) : undefined;
    const own = call.op === "aligned_alloc" || call.op === "mini_alloc";
    return {
      ...{ step, ...call, result, before, after, source },
      size: this.sums.asked(at),
      taken: this.sums.taken(at),
      align: own ? (columns.align[at] ?? 0) : this.places.alignment,
      failed: after.failed > before.failed,
      block: after.blocks > before.blocks ? after.blocks : 0,
      inPlace: source !== undefined && result === source.address,
      padding: this.sums.padding(at),
      ink: columns.ink[at] ?? 0,
    };
  }

  /** The block that a step made, as it is at another. @param {number} made @param {number} step */
  blockOf(made, step) {
    return {
      ...{ number: this.sums.at(made).blocks, step: made },
      address: this.log.columns.result[made - 1] ?? 0,
      size: this.sums.asked(made - 1),
      taken: this.sums.taken(made - 1),
      status: this.sums.givenBack(made, step) > 0 ? "given back" : this.#status(made, step),
    };
  }

  /** @param {number} made @param {number} step @returns {Status} */
  #status(made, step) {
    const { op, result, endedAt } = this.log.columns;
    const ended = endedAt[made - 1] ?? 0;
    if (ended === 0 || ended > step) return "live";
    if (op[ended - 1] === FREE || this.sums.isFreeing(ended - 1)) return "freed";
    return result[ended - 1] === result[made - 1] ? "resized" : "moved";
  }

  /**
   * Calls `visit` for each block there is at a step, the newest first: not for those that were
   * resized or given back, whose bytes are another's.
   * @param {number} step
   * @param {(address: number, taken: number, status: Status, number: number) => void} visit
   */
  eachBlock(step, visit) {
    const { columns } = this.log;
    let number = this.sums.at(step).blocks;
    let lowest = Infinity; // mark of the resets since
    for (let at = step - 1; at >= 0; at--) {
      if (this.sums.isReset(at)) lowest = Math.min(lowest, columns.bump[at] ?? 0);
      if (!this.sums.isBlock(at)) continue;
      const [address, taken] = [columns.result[at] ?? 0, this.sums.taken(at)];
      const status = this.#status(at + 1, step);
      if (address + taken <= lowest && status !== "resized") visit(address, taken, status, number);
      number--;
    }
  }
}
