// What was read from a file: the calls of a program, whoever's allocator answered them. Columns of
// numbers, which a worker can hand over without a copy. Pure.
//
// A block is given by the row of the call that made it. The file numbers its blocks by what its
// allocator refused, and ours may refuse other calls: replay.js numbers them as they come.

import { FORMS, LARGEST } from "../engine/calls.js";
import { MOST_CALLS } from "../engine/log.js";

/** @typedef {"trace" | "demo" | "rep" | "mtrace" | "ltrace" | "emscripten"} Format */

/** @typedef {{line: number, reason: string}} Remark */

/**
 * @typedef {object} Imported
 * @property {Format} format
 * @property {string} title
 * @property {number} length calls
 * @property {ReturnType<typeof columnsOf>} columns
 * @property {boolean} hasAddresses whether it can be viewed as it was recorded
 * @property {Start | undefined} start
 * @property {number | undefined} step that it was left at
 * @property {{count: number, first: Remark[]}} ignored
 */

/**
 * Of a recording on mini-alloc: where the heap began.
 * @typedef {{base: number, pages: number, alignment: number}} Start
 */

/** A file of which nothing can be read: a sentence, and what to do. */
export class ImportError extends Error {
  /** @param {string} message @param {string} remedy */
  constructor(message, remedy) {
    super(message);
    this.name = "ImportError";
    this.remedy = remedy;
  }
}

const MOST_REMARKS = 100;
const FIRST_CAPACITY = 1024;

/** @param {number} rows */
const columnsOf = (rows) => ({
  op: new Uint8Array(rows), // place in FORMS
  size: new Uint32Array(rows),
  align: new Uint32Array(rows), // of calloc the count
  source: new Uint32Array(rows), // row of the block's or the mark's call, from 1; 0 is NULL
  made: new Uint8Array(rows), // 1 where it was not refused
  address: new Float64Array(rows), // of the block; 0 if refused, or not in the file
  pages: new Uint32Array(rows), // after the call; 0 if not in the file
  line: new Uint32Array(rows),
  endedBy: new Uint32Array(rows), // row of the call that ended the block, from 1
});

const code = (/** @type {string} */ op) => FORMS.findIndex((form) => form.op === op);
const [REALLOC, FREE, MARK, RESET] = ["realloc", "free", "mark", "reset"].map(code);
const [CALLOC, MINI_ALLOC] = ["calloc", "mini_alloc"].map(code);

/**
 * Bytes that a block takes: one where it was asked for none, but not of mini_alloc.
 * @param {number} op place in FORMS
 * @param {number} size
 * @param {number} align of calloc the count
 */
export function takenBy(op, size, align) {
  const bytes = op === CALLOC ? size * align : size;
  return op === MINI_ALLOC ? bytes : bytes || 1;
}

/** @typedef {number | string} Key what the file calls a block: its address, or a number */

export class Builder {
  length = 0;
  columns = columnsOf(FIRST_CAPACITY);
  /** @type {{count: number, first: Remark[]}} */
  ignored = { count: 0, first: [] };
  hasAddresses = false;
  pages = 0;
  /** @type {Map<Key, number>} rows, from 1 */
  #blocks = new Map();
  /** @type {Map<Key, number>} */
  #marks = new Map();
  /** Rows of blocks in order, for resets. @type {number[]} */
  #order = [];

  /** @param {number} line @param {string} reason */
  ignore(line, reason) {
    this.ignored.count++;
    if (this.ignored.first.length < MOST_REMARKS) this.ignored.first.push({ line, reason });
  }

  #append(/** @type {number} */ line, /** @type {Partial<Record<string, number>>} */ values) {
    if (this.length === this.columns.op.length) this.#double();
    const at = this.length++;
    for (const [name, column] of Object.entries(this.columns)) column[at] = values[name] ?? 0;
    this.columns.line[at] = line;
    this.columns.pages[at] = this.pages;
    if (values["address"]) this.hasAddresses = true;
    return this.length;
  }

  #double() {
    const larger = columnsOf(Math.min(2 * this.length, MOST_CALLS));
    for (const [name, column] of Object.entries(this.columns)) {
      larger[/** @type {keyof typeof larger} */ (name)].set(column);
    }
    this.columns = larger;
  }

  /** Whether a call fits into the log and into 32 bits. @param {number} line @param {...number} numbers */
  #accepts(line, ...numbers) {
    if (this.length === MOST_CALLS) {
      this.ignore(line, "it comes after the first 1,000,000 calls");
    } else if (!numbers.every((n) => Number.isInteger(n) && n >= 0 && n <= LARGEST)) {
      this.ignore(line, "a number in it does not fit into 32 bits");
    } else return true;
    return false;
  }

  #know(/** @type {Key} */ key, /** @type {number} */ row) {
    this.#blocks.set(key, row);
    this.#order.push(row);
  }

  /**
   * A call that makes a block.
   * @param {number} line
   * @param {{op: "malloc" | "calloc" | "aligned_alloc" | "mini_alloc", size: number, align?: number,
   *   key: Key, address?: number, made: boolean}} call
   */
  make(line, { op, size, align = 0, key, address = 0, made }) {
    if (!this.#accepts(line, size, align)) return;
    const row = this.#append(line, { op: code(op), size, align, address, made: made ? 1 : 0 });
    if (made) this.#know(key, row);
  }

  /** The row of a live block, or 0 and a remark. @param {number} line @param {Key} key */
  #live(line, key, /** @type {string} */ what) {
    const row = this.#blocks.get(key) ?? 0;
    const ended = row === 0 ? 0 : (this.columns.endedBy[row - 1] ?? 0);
    if (row > 0 && ended === 0) return row;
    const by = this.columns.line[ended - 1];
    const why = row === 0 ? "no line above has made" : `line ${by} has ended`;
    this.ignore(line, `${what} a block that ${why}`);
    return 0;
  }

  /**
   * @param {number} line
   * @param {{from: Key | undefined, size: number, key: Key, address?: number, made: boolean}} call
   *   `from` undefined for NULL
   */
  realloc(line, { from, size, key, address = 0, made }) {
    // To nothing, and NULL came back: glibc has freed it.
    if (from !== undefined && size === 0 && !made) return this.free(line, from);
    if (!this.#accepts(line, size)) return;
    const source = from === undefined ? 0 : this.#live(line, from, "as if given NULL: realloc of");
    const values = { op: REALLOC ?? 0, size, source, address, made: made ? 1 : 0 };
    const row = this.#append(line, values);
    if (!made) return;
    if (source > 0) this.columns.endedBy[source - 1] = row;
    this.#know(key, row);
  }

  /** @param {number} line @param {Key | undefined} key undefined for NULL */
  free(line, key) {
    if (!this.#accepts(line)) return;
    const source = key === undefined ? 0 : this.#live(line, key, "free of");
    if (key !== undefined && source === 0) return;
    const row = this.#append(line, { op: FREE ?? 0, source });
    if (source > 0) this.columns.endedBy[source - 1] = row;
  }

  /** @param {number} line @param {Key} key @param {number} address */
  mark(line, key, address) {
    if (!this.#accepts(line)) return;
    this.#marks.set(key, this.#append(line, { op: MARK ?? 0, address, made: 1 }));
  }

  /**
   * One that was refused is left out, unless it is sure to be refused again.
   * @param {number} line
   * @param {Key} key
   * @param {{done: boolean, isExact?: boolean}} outcome
   */
  reset(line, key, { done, isExact = false }) {
    const source = this.#marks.get(key) ?? 0;
    if (source === 0) return this.ignore(line, "reset to a mark that no line above has made");
    if (!done && !isExact) return this.ignore(line, "a reset that was refused");
    if (!this.#accepts(line)) return;
    const row = this.#append(line, { op: RESET ?? 0, source, made: done ? 1 : 0 });
    if (done) this.#giveBack(source, row);
  }

  // What lies above the mark; what was made since may lie below, if a reset went further meanwhile.
  #giveBack(/** @type {number} */ mark, /** @type {number} */ row) {
    const { address, endedBy } = this.columns;
    const kept = [];
    for (let made = 0; (made = this.#order.at(-1) ?? 0) > mark;) {
      this.#order.pop();
      const isBelow = (address[made - 1] ?? 0) + this.#taken(made - 1) <= (address[mark - 1] ?? 0);
      if (isBelow) kept.push(made);
      else endedBy[made - 1] ||= row;
    }
    this.#order.push(...kept.toReversed());
  }

  #taken(/** @type {number} */ at) {
    const { op, size, align } = this.columns;
    return takenBy(op[at] ?? 0, size[at] ?? 0, align[at] ?? 0);
  }

  /**
   * @param {{format: Format, title: string, start?: Start | undefined,
   *   step?: number | undefined}} about
   * @returns {Imported}
   * @throws {ImportError} if there is no call
   */
  finish({ format, title, start, step }) {
    const { length, hasAddresses, ignored } = this;
    if (length === 0) {
      const why = ignored.first[0]
        ? `: line ${ignored.first[0].line}, ${ignored.first[0].reason}`
        : "";
      throw new ImportError(`There is no call in this file${why}.`, "Record it again.");
    }
    /** @type {any} */
    const columns = {};
    for (const [name, column] of Object.entries(this.columns))
      columns[name] = column.slice(0, length);
    return { format, title, length, columns, hasAddresses, start, step, ignored };
  }
}
