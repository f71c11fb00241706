// A heap that can go back: calls run on the real module, and a log of what they returned tells what
// every step was. Memory of WebAssembly cannot shrink, so going back means another instance, for
// which the calls before are made again; and each address must be the same again.

import { FORMS, HeapError } from "./calls.js";
import { History } from "./history.js";
import { MOST_CALLS } from "./log.js";
import { Machine } from "./machine.js";
import { rowOf, wasmArguments } from "./request.js";

/** @typedef {import("./calls.js").Call} Call */

/**
 * @typedef {object} Replay
 * @property {number} replayed calls made again, up to the one that differed
 * @property {boolean} identical
 * @property {{step: number, what: "result" | "bump" | "limit" | "pages", expected: number,
 *   found: number} | undefined} firstDifference
 */

const CALLOC = FORMS.findIndex(({ op }) => op === "calloc");

/** The most bytes that are written to a block. */
const WRITTEN = 64;

export class Heap {
  /** @type {Call[]} what redo would do, the next one last */
  #undone = [];
  /** @type {{step: number, machine: Machine} | undefined} the last that was asked for */
  #replica;

  /** @param {import("./machine.js").Modules} modules compiled */
  constructor(modules) {
    this.modules = modules;
    this.machine = new Machine(modules);
    const { bump, limit, pages, places } = this.machine;
    const isBump = this.can("mini_alloc");
    /** What the log says of any step. */
    this.history = new History({ bump, limit, pages }, { places, isBump });
  }

  /** Calls made, which is the present step. */
  get steps() {
    return this.history.steps;
  }

  /** Where data, stack and heap lie. */
  get places() {
    return this.history.places;
  }

  /** @param {number} [step] the present one if not given */
  at(step = this.steps) {
    if (Number.isInteger(step) && step >= 0 && step <= this.steps) return this.history.at(step);
    throw new HeapError(`there is no step ${step}: the last one is ${this.steps}`);
  }

  /** The call that led to a step, with all that is known of it. @param {number} step */
  event(step) {
    if (step !== 0) return this.history.event(this.at(step).step);
    throw new HeapError("no call led to step 0");
  }

  /** Whether the module has a function for it. @param {Call["op"]} op */
  can(op) {
    return this.machine.functions[FORMS.findIndex((form) => form.op === op)] !== undefined;
  }

  /**
   * Makes a call, and logs it. What was undone before is forgotten.
   * @param {Call} call
   * @returns {{step: number, result: number, number: number}} `number` of the block or the mark that
   *   it made; 0 if none, as for NULL
   * @throws {HeapError} and nothing is done
   */
  perform(call) {
    const done = this.#perform(call);
    this.#undone = [];
    return done;
  }

  #perform(/** @type {Call} */ call) {
    if (this.steps === MOST_CALLS) throw new HeapError("the log is full: 1,000,000 calls");
    const row = rowOf(call, this.history, (op) => this.can(op));
    const [first, second] = wasmArguments(row, this.history);
    const { result, ink } = this.#call(row.op, first, second);
    const { bump, limit, pages } = this.machine;
    this.history.append({ ...row, result, bump, limit, pages, ink });
    this.#write(this.machine, this.steps, this.history.sums.blocks);
    const { returns } = FORMS[row.op] ?? {};
    const made = returns === "mark" ? this.history.marks.length : this.history.sums.blocks;
    const isNew = returns === "mark" || (returns === "block" && result !== 0);
    return { step: this.steps, result, number: isNew ? made : 0 };
  }

  /** @param {number} op @param {number} first @param {number} second */
  #call(op, first, second) {
    try {
      return this.machine.call(op, first, second);
    } catch (error) {
      // Whatever the call has done is not in the log: a machine that has not done it.
      this.machine = this.#replay(this.steps).machine;
      throw error;
    }
  }

  /**
   * Writes the block's number to the bytes that a call has brought, as a program writes what it has
   * asked for: so that a copy, and memory that was cleared, can be seen. Of realloc those beyond the
   * old size; nothing after calloc, which is for who wants zeros.
   * @param {Machine} machine
   * @param {number} step
   * @param {number} number of the block, if the step made one
   */
  #write(machine, step, number) {
    const { sums, log } = this.history;
    const { op, result, source } = log.columns;
    const at = step - 1;
    if (!sums.isBlock(at) || op[at] === CALLOC) return;
    const from = source[at] ?? 0;
    const old = from > 0 ? sums.asked(from - 1) : 0;
    const [begin, end] = [result[at] ?? 0, Math.min(sums.asked(at), old + WRITTEN)];
    if (end > old) machine.write(begin + old, begin + end, writtenTo(number));
  }

  // ---- back and forth ----------------------------------------------------------------------------

  get canUndo() {
    return this.steps > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Takes the last call back. @returns {Replay} */
  undo() {
    if (!this.canUndo) throw new HeapError("there is nothing to undo");
    return this.truncate(this.steps - 1);
  }

  /** Makes the call again that was undone last. */
  redo() {
    const call = this.#undone.at(-1);
    if (!call) throw new HeapError("there is nothing to redo");
    const done = this.#perform(call);
    this.#undone.pop();
    return done;
  }

  /**
   * Goes back to a step: the calls after it are undone. If the replay is not identical, nothing is.
   * @param {number} step
   * @returns {Replay}
   */
  truncate(step) {
    this.at(step);
    const { machine, ...outcome } = this.#replay(step);
    if (!outcome.identical) return outcome;
    if (this.#replica && this.#replica.step > step) this.#replica = undefined;
    for (let last = this.steps; last > step; last--) this.#undone.push(this.history.call(last));
    this.history.cut(step);
    this.machine = machine;
    return outcome;
  }

  /** Makes all calls again in another instance, and compares; changes nothing. @returns {Replay} */
  verify() {
    const { machine: _, ...outcome } = this.#replay(this.steps);
    return outcome;
  }

  /**
   * An instance on which only the calls up to a step were made: for its memory, not to be called.
   * @param {number} step
   * @returns {Machine}
   * @throws {HeapError} if it does not return the same again
   */
  replica(step) {
    if (this.at(step).step === this.steps) return this.machine;
    const near = this.#replica;
    const { machine, identical } = this.#replay(step, near && near.step <= step ? near : undefined);
    this.#replica = identical ? { step, machine } : undefined;
    if (identical) return machine;
    throw new HeapError(`the calls up to step ${step} do not return the same again`);
  }

  /** @param {number} step @param {{step: number, machine: Machine}} [from] a machine that is there */
  #replay(step, from = { step: 0, machine: new Machine(this.modules) }) {
    const { machine } = from;
    const { sums, log } = this.history;
    const { columns } = log;
    let { blocks } = sums.at(from.step);
    /** @type {Replay["firstDifference"]} */
    let firstDifference;
    let replayed = from.step;
    for (; replayed < step && !firstDifference; replayed++) {
      const at = replayed;
      const row = {
        ...{ op: columns.op[at] ?? 0, size: columns.size[at] ?? 0 },
        ...{ align: columns.align[at] ?? 0, source: columns.source[at] ?? 0 },
      };
      const [first, second] = wasmArguments(row, this.history);
      const { result: found } = machine.call(row.op, first, second);
      const expected = columns.result[at] ?? 0;
      if (found !== expected) firstDifference = { step: at + 1, what: "result", expected, found };
      else if (sums.isBlock(at)) this.#write(machine, at + 1, ++blocks);
    }
    const last = this.history.at(step);
    for (const what of /** @type {const} */ (["bump", "limit", "pages"])) {
      const [expected, found] = [last[what], machine[what]];
      if (found !== expected) firstDifference ??= { step, what, expected, found };
    }
    return { machine, replayed, identical: firstDifference === undefined, firstDifference };
  }
}

/** What is written to a block: its number as a byte, never 0. @param {number} number */
export const writtenTo = (number) => ((number - 1) % 255) + 1;
