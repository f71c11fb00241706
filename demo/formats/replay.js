// What can be done with the calls of a file: make them again on our allocator, or look at them as
// they were recorded. Pure.

import { FORMS } from "../engine/calls.js";
import { History } from "../engine/history.js";
import { MOST_PAGES, PAGE } from "../engine/log.js";
import { count } from "../engine/words.js";
import { takenBy } from "./imported.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("./imported.js").Imported} Imported */

const MOST_BYTES = MOST_PAGES * PAGE;

// ---- replay --------------------------------------------------------------------------------------

/**
 * Returns the calls as ours is to make them, one at a time: after each, the number of the block or
 * the mark that it made must be passed to `next`, 0 for NULL.
 *
 * Ours may refuse what the other gave, and give what it refused. Then the program goes on with what
 * it has: what was refused is NULL, which is not freed; and a realloc that failed leaves the old
 * block.
 * @param {Imported} imported
 * @yields {Call}
 * @returns {Generator<Call, void, number>}
 */
export function* replayOf({ columns, length }) {
  const numbers = new Uint32Array(length + 1); // of the rows, from 1
  /** @type {[source: number, row: number][]} blocks that only ours has given anew */
  const anew = [];
  for (let row = 1; row <= length; row++) {
    const form = /** @type {import("../engine/calls.js").Form} */ (FORMS[columns.op[row - 1] ?? 0]);
    const source = columns.source[row - 1] ?? 0;
    const given = numbers[source] ?? 0;
    if (form.op === "free" && source > 0 && given === 0) continue;
    const [size = 0, align = 0] = [columns.size[row - 1], columns.align[row - 1]];
    const values = { size, align, count: align, block: given, mark: given };
    const number = yield { op: form.op, args: form.parameters.map((name) => values[name]) };
    numbers[row] = number;
    // A reset gives back what took the place of an older block.
    if (form.op === "reset") for (const [old, by] of anew) if (by > source) numbers[old] = 0;
    if (form.op !== "realloc" || source === 0) continue;
    if (number === 0) numbers[row] = given;
    else if (columns.made[row - 1] === 0) {
      numbers[source] = number;
      anew.push([source, row]);
    }
  }
}

// ---- view ----------------------------------------------------------------------------------------

/** Where the picture begins: a page is left before the first block. @param {Imported} imported */
function shiftOf({ columns: { address }, start }) {
  if (start) return 0;
  let lowest = Infinity;
  for (const at of address) if (at > 0 && at < lowest) lowest = at;
  return lowest + 1 < MOST_BYTES ? 0 : Math.floor(lowest / PAGE) * PAGE - PAGE;
}

/** @param {Imported} imported @param {number} shift */
function baseOf({ columns: { address }, start }, shift) {
  if (start) return start.base;
  let lowest = Infinity;
  for (const at of address) if (at > 0 && at < lowest) lowest = at;
  return Math.min(lowest - shift, MOST_BYTES - PAGE);
}

/** Whether a row can be drawn: a block of glibc's mmap may lie terabytes away. */
class Rows {
  leftOut = 0;

  /** @param {Imported} imported @param {number} shift */
  constructor({ columns, length }, shift) {
    this.columns = columns;
    this.shift = shift;
    this.steps = new Uint32Array(length + 1); // of the rows, from 1; 0 if left out
  }

  /** Bytes it takes. @param {number} at */
  taken(at) {
    const { op, size, align } = this.columns;
    return takenBy(op[at] ?? 0, size[at] ?? 0, align[at] ?? 0);
  }

  /** The address to draw, 0 for NULL; undefined if it is out of reach. @param {number} at */
  result(at) {
    const address = this.columns.address[at] ?? 0;
    if (address === 0) return this.columns.made[at] === 1 ? undefined : 0;
    const drawn = address - this.shift;
    return drawn + this.taken(at) <= MOST_BYTES ? drawn : undefined;
  }
}

/**
 * Returns the calls as they were recorded, to be looked at only.
 * @param {Imported} imported with addresses
 * @returns {{history: History, title: string, leftOut: number}}
 */
export function viewOf(imported) {
  const { columns, length, start } = imported;
  const shift = shiftOf(imported);
  const rows = new Rows(imported, shift);
  const base = baseOf(imported, shift);
  const first = { bump: base, limit: base, pages: start?.pages ?? Math.ceil(base / PAGE) };
  const history = new History(first, { places: placesOf(base, imported), isBump: !!start });
  let { bump, limit, pages } = first;
  for (let at = 0; at < length; at++) {
    const form = /** @type {import("../engine/calls.js").Form} */ (FORMS[columns.op[at] ?? 0]);
    const from = columns.source[at] ?? 0;
    const source = rows.steps[from] ?? 0;
    const isBlock = form.returns === "block";
    const result = isBlock || form.returns === "mark" ? rows.result(at) : refusal(columns, at);
    if (result === undefined || (from > 0 && source === 0)) {
      rows.leftOut++;
      continue;
    }
    if (isBlock && result > 0) {
      const end = result + rows.taken(at);
      bump = start ? end : Math.max(bump, end);
    } else if (form.op === "reset" && result === 0) bump = columns.address[from - 1] ?? bump;
    pages = Math.max(pages, columns.pages[at] ?? 0, Math.ceil(bump / PAGE));
    limit = isBlock && result > 0 ? pages * PAGE : limit;
    const { size, align, op } = columns;
    const request = { op: op[at] ?? 0, size: size[at] ?? 0, align: align[at] ?? 0, source };
    history.append({ ...request, result, bump, limit, pages, ink: 0 });
    rows.steps[at + 1] = history.steps;
  }
  return { history, title: titleOf(imported, shift, rows.leftOut), leftOut: rows.leftOut };
}

/** What a call without a block returned: 0, or of a refused reset -1. @param {Imported["columns"]} columns */
const refusal = ({ op, made }, /** @type {number} */ at) =>
  FORMS[op[at] ?? 0]?.op === "reset" && made[at] === 0 ? 0xffff_ffff : 0;

/** Nobody knows of data and stack, so there are none. @param {number} base @param {Imported} imported */
function placesOf(base, { start, format }) {
  const alignment = start?.alignment ?? (format === "mtrace" || format === "ltrace" ? 16 : 8);
  return { dataBegin: 0, dataEnd: 0, stackTop: 0, stackBottom: 0, heapBase: base, alignment };
}

/** @param {Imported} imported @param {number} shift @param {number} leftOut */
function titleOf({ title }, shift, leftOut) {
  const moved = shift === 0 ? "" : `, less 0x${shift.toString(16)}`;
  const far = leftOut === 0 ? "" : `; ${count(leftOut, "call")} of blocks far away left out`;
  return `${title}: recorded addresses${moved}${far}`;
}
