// Reads a module of integers for the interpreter: its sections, and its functions one operator at a
// time. Written apart from the meter of src/, so that the two can be compared. Floats, vectors,
// atomics, tables and exceptions are not read; a function is decoded when it is first called, so
// that they may be in a module as long as nobody runs them.

import { operators } from "./operators.js";

/** @import { Operator } from "./operators.js" */

/** @typedef {{params: number[], results: number[]}} FunctionType value types, as their bytes */

/**
 * @typedef {object} Step one operator where it stands
 * @property {Operator} operator
 * @property {number[]} indices its immediates: indices, a depth, the targets of a table, an offset
 * @property {bigint} constant
 * @property {FunctionType} type of a block
 * @property {number} end of a block: where its end is
 * @property {number} otherwise of an if: where its else is, or -1
 */

/** @typedef {{locals: number[], steps: Step[]}} Body with the types of what is no parameter */
/** @typedef {{type: FunctionType, body?: () => Body}} Func without a body if it is imported */
/** @typedef {{min: number, max: number | undefined}} Limits */
/** @typedef {{global: number} | {value: bigint}} Constant an initial value */
/** @typedef {{start: Constant, functions: number[]}} Elements */
/** @typedef {{start: Constant, bytes: Uint8Array}} Data */

/**
 * @typedef {object} Module
 * @property {Func[]} functions
 * @property {FunctionType[]} types
 * @property {(Constant & {type: number})[]} globals imported ones are zero
 * @property {Limits | undefined} memory
 * @property {number} tableSize
 * @property {Elements[]} elements
 * @property {Data[]} data
 * @property {Map<string, number>} exports functions by their names
 * @property {number | undefined} start
 */

export const I64 = 0x7e;

/** A place in the bytes of a module, which moves as it is read. */
class Reader {
  /** @param {Uint8Array} bytes @param {number} [at] @param {number} [end] */
  constructor(bytes, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  byte() {
    const byte = this.bytes[this.at++];
    if (byte === undefined || this.at > this.end) throw new Error(`ends early at ${this.at}`);
    return byte;
  }

  /** LEB128. @param {boolean} signed */
  leb(signed) {
    let value = 0n;
    for (let shift = 0n; ;) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return signed ? BigInt.asIntN(Number(shift), value) : value;
    }
  }

  index() {
    return Number(this.leb(false));
  }

  /** @param {number} length */
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  name() {
    return new TextDecoder().decode(this.take(this.index()));
  }

  /** @template T @param {(nth: number) => T} read @returns {T[]} */
  list(read) {
    return Array.from({ length: this.index() }, (_, nth) => read(nth));
  }

  /** @returns {Limits} */
  limits() {
    const flags = this.byte();
    return { min: this.index(), max: flags & 1 ? this.index() : undefined };
  }

  globalType() {
    const type = this.byte();
    this.byte(); // whether it can change
    return type;
  }

  /** @returns {Constant} */
  constant() {
    const opcode = this.byte();
    /** @type {Constant} */
    const constant = opcode === 0x23 ? { global: this.index() } : { value: this.leb(true) };
    if (![0x23, 0x41, 0x42].includes(opcode) || this.byte() !== 0x0b) {
      throw new Error("an initial value that the interpreter does not know");
    }
    return constant;
  }
}

/** What each section adds to a module. @type {Record<number, (r: Reader, m: Module) => void>} */
const sections = {
  1(r, m) {
    m.types = r.list(() => {
      if (r.byte() !== 0x60) throw new Error("a type that is not a function's");
      return { params: r.list(() => r.byte()), results: r.list(() => r.byte()) };
    });
  },
  2(r, m) {
    r.list(() => {
      r.name();
      r.name();
      const kind = r.byte();
      if (kind === 0) m.functions.push({ type: typeAt(m, r.index()) });
      else if (kind === 2) m.memory = r.limits();
      else if (kind === 3) m.globals.push({ type: r.globalType(), value: 0n });
      else throw new Error("an import that the interpreter does not know");
    });
  },
  3(r, m) {
    m.functions.push(...r.list(() => ({ type: typeAt(m, r.index()) })));
  },
  4(r, m) {
    r.list(() => {
      r.byte();
      m.tableSize = r.limits().min;
    });
  },
  5(r, m) {
    r.list(() => {
      m.memory = r.limits();
    });
  },
  6(r, m) {
    m.globals.push(
      ...r.list(() => {
        const type = r.globalType();
        return { type, ...r.constant() };
      }),
    );
  },
  7(r, m) {
    r.list(() => {
      const name = r.name();
      const kind = r.byte();
      const index = r.index();
      if (kind === 0) m.exports.set(name, index);
    });
  },
  8(r, m) {
    m.start = r.index();
  },
  9(r, m) {
    m.elements = r.list(() => {
      if (r.index() !== 0) throw new Error("elements that the interpreter does not know");
      return { start: r.constant(), functions: r.list(() => r.index()) };
    });
  },
  10(r, m) {
    const imported = m.functions.length - r.index();
    for (const func of m.functions.slice(imported)) {
      const size = r.index();
      const at = r.at;
      r.take(size);
      /** @type {Body | undefined} */
      let body;
      func.body = () => (body ??= readBody(new Reader(r.bytes, at, at + size), m));
    }
  },
  11(r, m) {
    r.list(() => {
      const flags = r.index();
      if (flags === 1) r.name();
      else m.data.push({ start: r.constant(), bytes: r.take(r.index()) });
    });
  },
};

/** @param {Module} module @param {number} index */
function typeAt(module, index) {
  const type = module.types[index];
  if (!type) throw new Error(`no type ${index}`);
  return type;
}

/** @param {Reader} r @param {Module} module @returns {FunctionType} */
function blockType(r, module) {
  const code = Number(r.leb(true));
  if (code >= 0) return typeAt(module, code);
  return { params: [], results: code === -64 ? [] : [code & 0x7f] };
}

/**
 * Reads a function: its locals, its operators, and where its blocks end.
 * @param {Reader} r @param {Module} module
 * @returns {Body}
 */
function readBody(r, module) {
  const locals = r.list(() => {
    const count = r.index();
    return Array(count).fill(r.byte());
  });
  /** @type {Step[]} */
  const steps = [];
  /** @type {Step[]} */
  const open = [];
  while (r.at < r.end) {
    const step = readStep(r, module);
    const { name } = step.operator;
    if (name === "else") /** @type {Step} */ (open.at(-1)).otherwise = steps.length;
    if (name === "end") {
      const block = open.pop();
      if (block) block.end = steps.length;
    }
    if (name === "block" || name === "loop" || name === "if") open.push(step);
    steps.push(step);
  }
  // An else has to know its end too.
  for (const { otherwise, end } of steps) {
    const step = steps[otherwise];
    if (step) step.end = end;
  }
  return { locals: locals.flat(), steps };
}

const NO_TYPE = { params: [], results: [] };

/** @param {Reader} r @param {Module} module @returns {Step} */
function readStep(r, module) {
  const byte = r.byte();
  const opcode = byte === 0xfc ? 0xfc00 + r.index() : byte;
  const operator = operators.get(opcode);
  if (!operator) throw new Error(`the interpreter does not know opcode 0x${opcode.toString(16)}`);
  /** @type {Step} */
  const step = { operator, indices: [], constant: 0n, type: NO_TYPE, end: -1, otherwise: -1 };
  for (const immediate of operator.immediates) {
    if (immediate === "block") step.type = blockType(r, module);
    else if (immediate === "constant") step.constant = r.leb(true);
    else if (immediate === "targets") step.indices = [...r.list(() => r.index()), r.index()];
    else step.indices.push(r.index());
  }
  return step;
}

/**
 * Returns what is in a module.
 * @param {Uint8Array} bytes
 * @returns {Module}
 */
export function decode(bytes) {
  /** @type {Module} */
  const module = {
    ...{ functions: [], types: [], globals: [], memory: undefined, tableSize: 0 },
    ...{ elements: [], data: [], exports: new Map(), start: undefined },
  };
  for (let at = 8; at < bytes.length;) {
    const r = new Reader(bytes, at);
    const id = r.byte();
    const end = r.index() + r.at;
    sections[id]?.(new Reader(bytes, r.at, end), module);
    at = end;
  }
  return module;
}
