// How dense all of memory is, from one step to the next: only what the calls between have changed is
// summed up again, so that a heap of a hundred thousand blocks is no slower to step through.

import { FORMS } from "../engine/calls.js";
import { emptyDensity } from "./blocks.js";

const FREE = FORMS.findIndex(({ op }) => op === "free");

/** Beyond so many calls it is quicker to look at all blocks. */
const MOST_CALLS = 2000;

export class Tally {
  /** @type {import("./blocks.js").Blocks | undefined} */
  #blocks;
  #step = 0;
  #end = 0;
  #parts = 0;
  #sum = emptyDensity({ from: 0, to: 1 }, 1);

  /**
   * @param {import("./blocks.js").Blocks} blocks
   * @param {{step: number, end: number, parts: number}} view
   * @returns {import("./blocks.js").Density}
   */
  at(blocks, { step, end, parts }) {
    const isSame = this.#blocks === blocks && this.#end === end && this.#parts === parts;
    const isNear = blocks.isSorted && Math.abs(step - this.#step) <= MOST_CALLS;
    if (isSame && isNear) {
      for (; this.#step < step; this.#step++) this.#apply(blocks.history, this.#step, 1);
      for (; this.#step > step; this.#step--) this.#apply(blocks.history, this.#step - 1, -1);
      return this.#sum.density;
    }
    [this.#blocks, this.#step, this.#end, this.#parts] = [blocks, step, end, parts];
    this.#sum = emptyDensity({ from: 0, to: end }, parts);
    blocks.scan(step, { from: 0, to: end }, { parts, sum: this.#sum });
    return this.#sum.density;
  }

  /**
   * @param {import("../engine/history.js").History} history
   * @param {number} row of the log
   * @param {1 | -1} sign -1 takes the call back
   */
  #apply({ log, sums }, row, sign) {
    const { op, result, source } = log.columns;
    const { add } = this.#sum;
    const to = result[row] ?? 0;
    if (sums.isBlock(row)) add(to, to + sums.taken(row), true, sign);
    if (!sums.ends(row)) return;
    const made = (source[row] ?? 0) - 1;
    const from = result[made] ?? 0;
    const end = from + sums.taken(made);
    add(from, end, true, /** @type {1 | -1} */ (-sign));
    if (op[row] === FREE || to !== from) add(from, end, false, sign);
  }
}
