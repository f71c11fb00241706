// The code of one function, with counters added. Pure.
//
// Each basic block is preceded by the additions for all of its operators, so that a block that is
// entered is paid for. What depends on run time is added before the operator itself: the bytes of
// memory.copy and memory.fill.

import { Writer, readUnsigned } from "./binary.js";
import { endsBlock } from "./prices.js";

/** The counters, in the order of their globals. */
export const COUNTERS = /** @type {const} */ (["ink", "operators", "outside", "refused"]);

/** The operators that are added, as the binary format numbers them. */
export const OP = {
  ...{ end: 0x0b, localGet: 0x20, localTee: 0x22, globalGet: 0x23, globalSet: 0x24 },
  ...{ i32Const: 0x41, i64Const: 0x42, i32Eq: 0x46, i64Eq: 0x51, i64Add: 0x7c, i64Mul: 0x7e },
  i64ExtendI32U: 0xad,
};

/** Value types, as the binary format numbers them. */
export const TYPE = { i32: 0x7f, i64: 0x7e };

const MINUS_ONE = 0x7f; // as signed LEB128

/** One body after the other, without new buffers for each. */
export class Body {
  /** How often each operator without a price stands in the code. @type {Map<string, number>} */
  outside = new Map();
  /** Whether the last operator has been the last of the body. */
  ended = false;

  #original;
  #schedule;
  #is64;
  #globals;
  #body = { locals: 0, code: 0, end: 0, declared: 0 };
  #parameters = 0;
  #usesScratch = false;
  #code = new Writer();
  #block = new Writer(); // the operators since the last charge, but for those from #copied on
  #copied = 0;
  #cost = { ink: 0, operators: 0, outside: 0 };

  /**
   * @param {Uint8Array} original the module
   * @param {import("./module.js").Module} module
   * @param {import("./prices.js").Schedule} schedule
   */
  constructor(original, module, schedule) {
    this.#original = original;
    this.#schedule = schedule;
    this.#is64 = module.memory?.is64 ?? false;
    this.#globals = module.globals;
  }

  /** @param {import("./code.js").Body} body @param {number} parameters of the function */
  begin(body, parameters) {
    this.#body = body;
    this.#parameters = parameters;
    this.#usesScratch = false;
    this.#code.clear();
    this.#copied = body.code;
    this.ended = false;
    this.#beginBlock();
  }

  /** @param {import("./code.js").Operator} operator the next one */
  operator(operator) {
    const price = this.#schedule.price(operator);
    const { name, start, end } = operator;
    this.#cost.operators++;
    if (price === undefined) {
      this.#cost.outside++;
      this.outside.set(name, (this.outside.get(name) ?? 0) + 1);
    } else {
      this.#cost.ink += price;
    }
    if (name === "memory.copy" || name === "memory.fill") this.#chargeBytes(start);
    if (name === "memory.grow") this.#countRefusal(end);
    if (endsBlock(name)) this.#endBlock(end);
    this.ended = end === this.#body.end;
  }

  /** The whole body, without its size. */
  finish() {
    const { locals, code } = this.#body;
    const groups = readUnsigned(this.#original, locals);
    const out = new Writer().unsigned(groups.value + (this.#usesScratch ? 1 : 0));
    out.bytes(this.#original.subarray(groups.end, code));
    if (this.#usesScratch) out.byte(1, this.#is64 ? TYPE.i64 : TYPE.i32);
    return out.bytes(this.#code.written).written;
  }

  #beginBlock() {
    this.#block.clear();
    this.#cost = { ink: this.#schedule.header, operators: 0, outside: 0 };
  }

  /** @param {number} end */
  #endBlock(end) {
    this.#copy(end);
    this.#add(this.#code, "ink", this.#cost.ink);
    this.#add(this.#code, "operators", this.#cost.operators);
    this.#add(this.#code, "outside", this.#cost.outside);
    this.#code.bytes(this.#block.written);
    this.#beginBlock();
  }

  /** Copies the original up to there. @param {number} end */
  #copy(end) {
    this.#block.bytes(this.#original.subarray(this.#copied, end));
    this.#copied = end;
  }

  /** @param {Writer} out @param {(typeof COUNTERS)[number]} counter @param {number} amount */
  #add(out, counter, amount) {
    if (amount === 0) return;
    out.byte(OP.i64Const).signed(amount);
    this.#addTop(out, counter);
  }

  /** Adds the i64 on the stack. @param {Writer} out @param {(typeof COUNTERS)[number]} counter */
  #addTop(out, counter) {
    const index = this.#globals + COUNTERS.indexOf(counter);
    out.byte(OP.globalGet).unsigned(index).byte(OP.i64Add, OP.globalSet).unsigned(index);
  }

  /** A local of the type of addresses, behind all others. @param {number} operator on it */
  #scratch(operator) {
    this.#usesScratch = true;
    const index = this.#parameters + this.#body.declared;
    return this.#block.byte(operator).unsigned(index);
  }

  /** The number of bytes is on top of the stack, and stays there. @param {number} start */
  #chargeBytes(start) {
    if (this.#schedule.byte === 0) return;
    this.#copy(start);
    this.#scratch(OP.localTee);
    this.#scratch(OP.localGet);
    if (!this.#is64) this.#block.byte(OP.i64ExtendI32U);
    this.#block.byte(OP.i64Const).signed(this.#schedule.byte).byte(OP.i64Mul);
    this.#addTop(this.#block, "ink");
  }

  /** What memory.grow returned is on top of the stack, and stays there. @param {number} end */
  #countRefusal(end) {
    this.#copy(end);
    this.#scratch(OP.localTee);
    this.#scratch(OP.localGet);
    const [constant, equal] = this.#is64 ? [OP.i64Const, OP.i64Eq] : [OP.i32Const, OP.i32Eq];
    this.#block.byte(constant, MINUS_ONE, equal, OP.i64ExtendI32U);
    this.#addTop(this.#block, "refused");
  }
}
