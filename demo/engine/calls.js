// The calls that a heap understands, in one table. Pure.

/**
 * @typedef {"malloc" | "calloc" | "realloc" | "free" | "aligned_alloc" | "mini_alloc" | "mark"
 *   | "reset"} Op
 */

/**
 * One call. Its arguments are in the order that C has them; a block or a mark is given by its
 * number, 3 for p3 or m3, where 0 is NULL.
 * @typedef {{op: Op, args: readonly number[]}} Call
 */

/** @typedef {"size" | "count" | "align" | "block" | "mark"} Parameter */

/**
 * @typedef {object} Form
 * @property {Op} op
 * @property {string} symbol what the module exports it as
 * @property {readonly Parameter[]} parameters
 * @property {"block" | "mark" | "status" | "nothing"} returns
 */

/** The largest number that a call takes: 32 bits. */
export const LARGEST = 0xffff_ffff;

/** @type {readonly Form[]} their places are the numbers that the log keeps */
export const FORMS = [
  { op: "malloc", symbol: "malloc", parameters: ["size"], returns: "block" },
  { op: "calloc", symbol: "calloc", parameters: ["count", "size"], returns: "block" },
  { op: "realloc", symbol: "realloc", parameters: ["block", "size"], returns: "block" },
  { op: "free", symbol: "free", parameters: ["block"], returns: "nothing" },
  { op: "aligned_alloc", symbol: "aligned_alloc", parameters: ["align", "size"], returns: "block" },
  { op: "mini_alloc", symbol: "mini_alloc", parameters: ["size", "align"], returns: "block" },
  { op: "mark", symbol: "mini_alloc_mark", parameters: [], returns: "mark" },
  { op: "reset", symbol: "mini_alloc_reset", parameters: ["mark"], returns: "status" },
];

/** @param {string} op */
export const formOf = (op) => FORMS.find((form) => form.op === op);

/** What a call cannot be: a sentence for whoever asked for it. */
export class HeapError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "HeapError";
  }
}
