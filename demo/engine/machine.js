// A running allocator: an instance of its module, and one of its metered copy beside it, which are
// asked for the same. What the first returns is the truth; the second tells the price.

import { FORMS, HeapError } from "./calls.js";

/**
 * @typedef {object} Modules
 * @property {WebAssembly.Module} plain
 * @property {WebAssembly.Module} [metered]
 */

/**
 * Where things lie, which differs by version of Emscripten.
 * @typedef {object} Places
 * @property {number} dataBegin
 * @property {number} dataEnd
 * @property {number} stackTop it grows down from here
 * @property {number} stackBottom
 * @property {number} heapBase
 * @property {number} alignment that malloc promises
 */

/** @param {string} name */
const hostFunction = (name) => () => {
  if (name === "proc_exit") throw new Error("it ended itself");
  return 0; // what WASI calls success; nothing is written, so that every instance does the same
};

/** @param {WebAssembly.Module} module @returns {Record<string, any>} */
function instantiate(module) {
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const part = (imports[from] ??= {});
    part[name] = hostFunction(name);
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const own = /** @type {Record<string, any>} */ (exports);
  own._initialize?.();
  return own;
}

export class Machine {
  /** @param {Modules} modules */
  constructor({ plain, metered }) {
    this.exports = instantiate(plain);
    this.twin = metered && instantiate(metered);
    /** @type {((...args: number[]) => number)[]} by the numbers of FORMS; undefined if absent */
    this.functions = FORMS.map(({ symbol }) => this.exports[symbol]);
    /** @type {((...args: number[]) => number)[]} */
    this.twinFunctions = FORMS.map(({ symbol }) => this.twin?.[symbol]);
    this.ink = this.#readInk();
  }

  #readInk() {
    return this.twin ? Number(this.twin.__ink.value) : 0;
  }

  get bump() {
    return this.exports.bump() >>> 0;
  }

  get limit() {
    return this.exports.limit() >>> 0;
  }

  get pages() {
    return this.exports.pages() >>> 0;
  }

  /** @returns {Places} */
  get places() {
    const at = (/** @type {string} */ name) => this.exports[name]() >>> 0;
    return {
      ...{ dataBegin: at("data_begin"), dataEnd: at("data_end") },
      ...{ stackTop: at("stack_top"), stackBottom: at("stack_bottom") },
      ...{ heapBase: at("heap_base"), alignment: at("alignment") },
    };
  }

  /** A view that no growth has detached: not to be kept. */
  get bytes() {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /**
   * Writes the same byte to each address, in both copies: as the program would that owns them.
   * @param {number} from
   * @param {number} to not included
   * @param {number} value
   */
  write(from, to, value) {
    this.bytes.fill(value, from, to);
    if (this.twin) new Uint8Array(this.twin.memory.buffer).fill(value, from, to);
  }

  /**
   * Calls the function, and returns what it returns and its ink (0 without a metered copy; without
   * the price of memory's growth).
   * @param {number} code place in FORMS
   * @param {number} first
   * @param {number} second
   * @throws {HeapError} if the module does not return, or the copies disagree
   */
  call(code, first, second) {
    const name = FORMS[code]?.op;
    try {
      const result = (this.functions[code]?.(first, second) ?? 0) >>> 0;
      const twin = this.twinFunctions[code];
      if (!twin) return { result, ink: 0 };
      const before = this.ink;
      const same = (twin(first, second) ?? 0) >>> 0;
      this.ink = this.#readInk();
      if (same === result) return { result, ink: this.ink - before };
    } catch (error) {
      throw new HeapError(`${name} did not return: ${error instanceof Error ? error.message : ""}`);
    }
    throw new HeapError(`${name} and its metered copy do not return the same`);
  }
}
