// The log of all calls: columns of numbers, 39 bytes a call, which grow by doubling. A step is the
// number of calls made: step 0 is the beginning, and call n leads to step n, in row n - 1.

const FIRST_CAPACITY = 256;

/** Bytes of a page of WebAssembly memory. */
export const PAGE = 65_536;

/** The most pages that the modules may have: 2 GiB, and the last step of the crate's walk beyond. */
export const MOST_PAGES = 33_024;

/** The most calls a log may have. */
export const MOST_CALLS = 1_000_000;

/**
 * @typedef {object} Row
 * @property {number} op place in FORMS
 * @property {number} size
 * @property {number} align of aligned_alloc and mini_alloc; of calloc the count
 * @property {number} source the step that made the block or the mark which was given; 0 is NULL
 * @property {number} result
 * @property {number} bump after the call, as are limit and pages
 * @property {number} limit
 * @property {number} pages
 * @property {number} ink
 */

/** @param {number} rows */
const columnsOf = (rows) => ({
  op: new Uint8Array(rows),
  size: new Uint32Array(rows),
  align: new Uint32Array(rows),
  source: new Uint32Array(rows),
  result: new Uint32Array(rows),
  bump: new Uint32Array(rows),
  limit: new Uint32Array(rows),
  pages: new Uint16Array(rows), // up to MOST_PAGES
  // The step that ended the block which the row made: free or realloc; 0 if none has.
  endedAt: new Uint32Array(rows),
  ink: new Float64Array(rows),
});

export class Log {
  constructor() {
    this.columns = columnsOf(FIRST_CAPACITY);
    this.length = 0;
  }

  /** What it takes in memory. */
  get byteLength() {
    return Object.values(this.columns).reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** @param {Row} row */
  append(row) {
    const at = this.length;
    if (at === this.columns.op.length) this.#double();
    const { columns } = this;
    columns.op[at] = row.op;
    columns.size[at] = row.size;
    columns.align[at] = row.align;
    columns.source[at] = row.source;
    columns.result[at] = row.result;
    columns.bump[at] = row.bump;
    columns.limit[at] = row.limit;
    columns.pages[at] = row.pages;
    columns.endedAt[at] = 0;
    columns.ink[at] = row.ink;
    this.length++;
  }

  #double() {
    const larger = columnsOf(2 * this.length);
    for (const [name, column] of Object.entries(this.columns)) {
      larger[/** @type {keyof typeof larger} */ (name)].set(column);
    }
    this.columns = larger;
  }

  /** Forgets what came after a step. @param {number} step */
  cut(step) {
    this.length = step;
    const { endedAt } = this.columns;
    for (let at = 0; at < step; at++) {
      if ((endedAt[at] ?? 0) > step) endedAt[at] = 0;
    }
  }
}
