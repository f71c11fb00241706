// From a call to what the log keeps and what the module is given.

import { FORMS, HeapError, LARGEST } from "./calls.js";

/** @typedef {import("./calls.js").Call} Call */
/** @typedef {import("./history.js").History} History */

/** @typedef {Pick<import("./log.js").Row, "op" | "size" | "align" | "source">} Request */

/**
 * Returns the first columns of a call's row.
 * @param {Call} call
 * @param {History} history
 * @param {(op: Call["op"]) => boolean} can
 * @returns {Request}
 * @throws {HeapError} if it can not be made
 */
export function rowOf({ op, args }, history, can) {
  const code = FORMS.findIndex((form) => form.op === op);
  const form = FORMS[code];
  if (!form) throw new HeapError(`there is no function '${op}'`);
  if (!can(op)) throw new HeapError(`this allocator has no ${form.symbol}`);
  if (args.length !== form.parameters.length) {
    throw new HeapError(`${op} takes ${form.parameters.length} arguments, not ${args.length}`);
  }
  const row = { op: code, size: 0, align: 0, source: 0 };
  for (const [i, parameter] of form.parameters.entries()) {
    const value = args[i] ?? 0;
    if (!Number.isInteger(value) || value < 0 || value > LARGEST) {
      throw new HeapError(`${op}: ${value} is no number from 0 to 4,294,967,295`);
    }
    if (parameter === "block") row.source = stepOfBlock(value, history);
    else if (parameter === "mark") row.source = stepOfMark(value, history);
    else row[parameter === "size" ? "size" : "align"] = value;
  }
  return row;
}

/**
 * Returns the arguments of the function.
 * @param {Request} row
 * @param {History} history
 * @returns {[number, number]} 0 where it takes fewer
 */
export function wasmArguments(row, history) {
  const address = row.source === 0 ? 0 : (history.log.columns.result[row.source - 1] ?? 0);
  const values = { size: row.size, align: row.align, count: row.align, block: address };
  const [first, second] = FORMS[row.op]?.parameters ?? [];
  const value = (/** @type {import("./calls.js").Parameter | undefined} */ name) =>
    name === undefined ? 0 : name === "mark" ? address : values[name];
  return [value(first), value(second)];
}

// In C, to use a block that is no more is undefined: some allocators would break. So nobody is asked.
/** @param {number} number @param {History} history */
function stepOfBlock(number, { sums, log, steps }) {
  if (number === 0) return 0;
  const made = sums.stepOf(number);
  if (made === 0) {
    throw new HeapError(`there is no p${number}: the number of blocks is ${sums.at(steps).blocks}`);
  }
  const reset = sums.givenBack(made, steps);
  if (reset > 0) throw new HeapError(`p${number} was given back by the reset of step ${reset}`);
  const ended = log.columns.endedAt[made - 1] ?? 0;
  if (ended === 0) return made;
  const what = FORMS[log.columns.op[ended - 1] ?? 0]?.op;
  throw new HeapError(`p${number} is no more: ${what} ended it in step ${ended}`);
}

/** @param {number} number @param {History} history */
function stepOfMark(number, { marks }) {
  const step = marks[number - 1];
  if (step !== undefined) return step;
  throw new HeapError(`there is no m${number}: the number of marks is ${marks.length}`);
}
