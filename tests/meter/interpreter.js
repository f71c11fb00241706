// A second measure of ink, independent of src/: runs the module as it is, one operator after the
// other, adds the price of each as it is executed, and notices by itself where one basic block ends
// and the next begins. Nothing is instrumented, and nothing is known about a block before it runs;
// that both measures agree is evidence for both. They differ by design where a block traps in its
// middle: the meter has charged for all of it, the interpreter for what was executed.

import { I64, decode } from "./decoder.js";
import { Trap, computations } from "./operators.js";

/** @import { Constant, Func, Step } from "./decoder.js" */

const HEADER = 2450;
const PER_TARGET = 325;
const PER_PARAMETER = 650;
const PER_BYTE = 100;

/** @typedef {number | bigint} Value */

/**
 * @typedef {object} Label where a branch goes
 * @property {number} height of the stack without the values that the branch carries
 * @property {number} arity how many those are
 * @property {number} to
 * @property {boolean} loop
 */

/**
 * @typedef {object} Frame a function that is running
 * @property {Step[]} steps
 * @property {number} at the next step
 * @property {Value[]} locals
 * @property {Label[]} labels
 */

/** A zero of a type. @param {number} type */
const zero = (type) => (type === I64 ? 0n : 0);

/**
 * The element that has to be there.
 * @template T
 * @param {readonly T[]} list
 * @param {number} index
 */
function at(list, index) {
  const element = list[index];
  if (element === undefined) throw new Error(`nothing at ${index} of ${list.length}`);
  return element;
}

/** What a load or a store moves, by its name. @param {string} name */
function access(name) {
  const [, type = "", bits = "", sign] = /^i(32|64)\.(?:load|store)(\d*)(_u)?/.exec(name) ?? [];
  return { type: `i${type}`, width: Number(bits || type), unsigned: sign !== undefined };
}

/** A module that runs. Imported functions do nothing and return zeros. */
export class Interpreter {
  ink = 0;
  operators = 0;

  #module;
  /** Whether the next operator begins a basic block. */
  #begins = true;
  /** @type {Value[]} */
  #stack = [];
  /** @type {Value[]} */
  #globals = [];
  /** @type {(Func | undefined)[]} */
  #table;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const module = decode(bytes);
    this.#module = module;
    const { min, max } = module.memory ?? { min: 0, max: 0 };
    this.memory = new WebAssembly.Memory({ initial: min, maximum: max ?? 65536 });
    for (const { type, ...constant } of module.globals) {
      const value = this.#value(constant);
      this.#globals.push(type === I64 ? value : Number(value));
    }
    this.#table = Array(module.tableSize).fill(undefined);
    for (const { start, functions } of module.elements) {
      for (const [i, index] of functions.entries()) {
        this.#table[Number(this.#value(start)) + i] = at(module.functions, index);
      }
    }
    for (const { start, bytes: data } of module.data) {
      new Uint8Array(this.memory.buffer).set(data, Number(this.#value(start)));
    }
    if (module.start !== undefined) this.#call(at(module.functions, module.start));
    if (module.exports.has("_initialize")) this.call("_initialize");
  }

  get pages() {
    return this.memory.buffer.byteLength / 65536;
  }

  /**
   * Calls an export, and returns its results.
   * @param {string} name
   * @param {...bigint} args
   */
  call(name, ...args) {
    const func = at(this.#module.functions, this.#module.exports.get(name) ?? -1);
    const values = func.type.params.map((type, i) =>
      type === I64 ? at(args, i) : Number(BigInt.asIntN(32, at(args, i))),
    );
    this.#stack = values;
    this.#call(func);
    return this.#stack;
  }

  /** An initial value. @param {Constant} constant */
  #value(constant) {
    return "value" in constant ? constant.value : BigInt(at(this.#globals, constant.global));
  }

  /** @param {Func} func */
  #call({ type, body }) {
    const args = this.#pops(type.params.length);
    if (!body) {
      this.#stack.push(...type.results.map(zero));
      return;
    }
    const { steps, locals } = body();
    const outermost = { height: this.#stack.length, arity: type.results.length, loop: false };
    /** @type {Frame} */
    const frame = {
      steps,
      at: 0,
      locals: [...args, ...locals.map(zero)],
      labels: [{ ...outermost, to: steps.length }],
    };
    this.#begins = true;
    while (frame.at < steps.length) this.#execute(frame, at(steps, frame.at++));
  }

  /** @param {Frame} frame @param {Step} step */
  #execute(frame, step) {
    const { operator } = step;
    this.ink += operator.ink + (this.#begins ? HEADER : 0);
    this.operators += 1;
    this.#begins = operator.ends;
    const computation = computations.get(operator.name);
    if (computation) {
      this.#stack.push(computation.apply(...this.#pops(computation.operands)));
    } else if (operator.name.includes(".load")) this.#load(step);
    else if (operator.name.includes(".store")) this.#store(step);
    else this.#control(frame, step);
  }

  /** @param {Frame} frame @param {Step} step */
  #control(frame, step) {
    const stack = this.#stack;
    const [index = 0] = step.indices;
    switch (step.operator.name) {
      case "nop":
        break;
      case "unreachable":
        throw new Trap("unreachable");
      case "block":
      case "loop":
        this.#enter(frame, step);
        break;
      case "if":
        if (this.#pop() !== 0) this.#enter(frame, step);
        else if (step.otherwise >= 0) {
          this.#enter(frame, step);
          frame.at = step.otherwise + 1;
        } else frame.at = step.end + 1;
        break;
      case "else":
        frame.labels.pop();
        frame.at = step.end + 1;
        break;
      case "end":
        frame.labels.pop();
        break;
      case "br":
        this.#branch(frame, index);
        break;
      case "br_if":
        if (this.#pop() !== 0) this.#branch(frame, index);
        break;
      case "br_table": {
        const targets = step.indices.length - 1;
        this.ink += PER_TARGET * targets;
        this.#branch(frame, at(step.indices, Math.min(this.#address(), targets)));
        break;
      }
      case "return":
        this.#branch(frame, frame.labels.length - 1);
        break;
      case "call":
        this.#call(at(this.#module.functions, index));
        this.#begins = true;
        break;
      case "call_indirect":
        this.#callIndirect(index);
        break;
      case "drop":
        stack.pop();
        break;
      case "select": {
        const chosen = this.#pop() !== 0 ? 0 : 1;
        stack.push(at(this.#pops(2), chosen));
        break;
      }
      case "local.get":
        stack.push(at(frame.locals, index));
        break;
      case "local.set":
        frame.locals[index] = this.#pop();
        break;
      case "local.tee":
        frame.locals[index] = at(stack, stack.length - 1);
        break;
      case "global.get":
        stack.push(at(this.#globals, index));
        break;
      case "global.set":
        this.#globals[index] = this.#pop();
        break;
      case "i32.const":
        stack.push(Number(step.constant));
        break;
      case "i64.const":
        stack.push(step.constant);
        break;
      case "memory.size":
        stack.push(this.pages);
        break;
      case "memory.grow":
        stack.push(this.#grow());
        break;
      case "memory.fill": {
        const [length, byte, start] = [this.#address(), this.#address(), this.#address()];
        this.ink += PER_BYTE * length;
        this.#bytes(start, length).fill(byte);
        break;
      }
      case "memory.copy": {
        const [length, from, to] = [this.#address(), this.#address(), this.#address()];
        this.ink += PER_BYTE * length;
        this.#bytes(to, length).set(this.#bytes(from, length));
        break;
      }
      default:
        throw new Error(`the interpreter cannot run ${step.operator.name}`);
    }
  }

  /**
   * Enters a block, which may take values from the stack.
   * @param {Frame} frame @param {Step} step
   */
  #enter(frame, { operator, type, end }) {
    const loop = operator.name === "loop";
    frame.labels.push({
      height: this.#stack.length - type.params.length,
      arity: (loop ? type.params : type.results).length,
      to: loop ? frame.at : end + 1,
      loop,
    });
  }

  /** @param {Frame} frame @param {number} depth */
  #branch(frame, depth) {
    const label = at(frame.labels, frame.labels.length - 1 - depth);
    const carried = this.#pops(label.arity);
    this.#stack.length = label.height;
    this.#stack.push(...carried);
    frame.labels.length -= label.loop ? depth : depth + 1;
    frame.at = label.to;
  }

  /** @param {number} typeIndex */
  #callIndirect(typeIndex) {
    const { params, results } = at(this.#module.types, typeIndex);
    this.ink += PER_PARAMETER * params.length;
    const func = this.#table[this.#address()];
    const same =
      func?.type.params.join() === params.join() && func.type.results.join() === results.join();
    if (!func || !same) throw new Trap("indirect call of nothing, or of another type");
    this.#call(func);
    this.#begins = true;
  }

  #grow() {
    try {
      return this.memory.grow(this.#address());
    } catch {
      return -1;
    }
  }

  /** @param {Step} step */
  #load({ operator, indices }) {
    const { type, width, unsigned } = access(operator.name);
    const bytes = this.#bytes(this.#address() + at(indices, 1), width / 8);
    const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const extended = unsigned ? value : BigInt.asIntN(width, value);
    this.#stack.push(type === "i64" ? extended : Number(extended));
  }

  /** @param {Step} step */
  #store({ operator, indices }) {
    const { width } = access(operator.name);
    const value = BigInt(this.#pop());
    const bytes = this.#bytes(this.#address() + at(indices, 1), width / 8);
    for (const i of bytes.keys()) bytes[i] = Number((value >> BigInt(8 * i)) & 255n);
  }

  /** @param {number} start @param {number} length */
  #bytes(start, length) {
    const { buffer } = this.memory;
    if (start + length > buffer.byteLength) throw new Trap("out of bounds");
    return new Uint8Array(buffer, start, length);
  }

  /** An i32 off the stack, unsigned. */
  #address() {
    return Number(this.#pop()) >>> 0;
  }

  #pop() {
    return at(this.#pops(1), 0);
  }

  /** @param {number} count */
  #pops(count) {
    return this.#stack.splice(this.#stack.length - count, count);
  }
}
