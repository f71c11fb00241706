// Imports for a module that is run without its own JavaScript: those that a plain program needs
// really work, all others do nothing and return 0. What was filled in, and with what, is told.

import { counted } from "../table.js";

/** @typedef {import("./module.js").Module} Module */
/** @typedef {import("./module.js").Import} Import */

/** Ends a program that asked for its end. */
export class Exit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/**
 * @typedef {object} Surroundings
 * @property {(fd: number, bytes: Uint8Array) => void} write takes what the program prints
 * @property {readonly string[]} [args] of the program, its name first
 */

/**
 * @typedef {object} Filled
 * @property {string} module
 * @property {string} name
 * @property {string} kind
 * @property {string} filled what it does
 */

/** @typedef {{does: string, call: (...args: any[]) => any}} Service */

const ESPIPE = 70; // as WASI numbers errors
const PAGE = 65_536;

/**
 * Returns what a module imports.
 * @param {Module} module
 * @param {Surroundings} surroundings
 * @returns {{imports: Record<string, Record<string, any>>, filled: Filled[],
 *   attach: (memory: WebAssembly.Memory | undefined) => void}} `attach` wants the memory before the
 *   module calls anything
 */
export function fillImports(module, surroundings) {
  /** @type {{memory: WebAssembly.Memory | undefined}} */
  const seen = { memory: undefined };
  const known = services(() => seen.memory, module, surroundings);
  /** @type {Record<string, Record<string, any>>} */
  const imports = {};
  const filled = module.imports.map((entry) => {
    const { does, value } = fill(entry, known);
    if (entry.kind === "memory") seen.memory = value;
    const names = (imports[entry.module] ??= {});
    names[entry.name] = value;
    return { module: entry.module, name: entry.name, kind: entry.kind, filled: does };
  });
  const attach = (/** @type {WebAssembly.Memory | undefined} */ memory) => {
    seen.memory ??= memory;
  };
  return { imports, filled, attach };
}

/**
 * @param {Import} entry
 * @param {Readonly<Record<string, Service>>} known
 * @returns {{does: string, value: any}}
 */
function fill(entry, known) {
  switch (entry.kind) {
    case "function": {
      const service = Object.hasOwn(known, entry.name) ? known[entry.name] : undefined;
      if (service) return { does: service.does, value: service.call };
      const zeros = entry.type.results.map(zero);
      const value = () => (zeros.length > 1 ? zeros : zeros[0]);
      return { does: zeros.length > 0 ? "returns 0" : "does nothing", value };
    }
    case "memory": {
      const { limits, shared, is64 } = entry.memory;
      const value = new WebAssembly.Memory(memoryDescriptor(limits, shared, is64));
      return { does: `a memory of ${counted(limits.minimum, "page")}`, value };
    }
    case "table": {
      const { minimum, maximum } = entry.limits;
      const sizes = maximum === undefined ? { initial: minimum } : { initial: minimum, maximum };
      const value = new WebAssembly.Table({ element: entry.element, ...sizes });
      return { does: `a table of ${counted(minimum, "element")}`, value };
    }
    case "global": {
      const type = entry.type === "reference" ? "externref" : entry.type;
      const value = new WebAssembly.Global(
        { value: type, mutable: entry.mutable },
        zero(entry.type),
      );
      return { does: "0", value };
    }
    default:
      return { does: "a tag of its own", value: tag(entry.type.parameters) };
  }
}

/** @param {import("./module.js").ValueType} type */
const zero = (type) => (type === "i64" ? 0n : type === "reference" ? null : 0);

/** @param {string[]} parameters */
function tag(parameters) {
  const { Tag } = /** @type {any} */ (WebAssembly);
  return new Tag({ parameters });
}

/**
 * The page counts of a 64-bit memory are BigInt in new engines, under `address`; old ones, behind
 * a flag, want numbers and `index`.
 * @param {import("./module.js").Limits} limits
 * @param {boolean} shared
 * @param {boolean} is64
 * @returns {any}
 */
function memoryDescriptor({ minimum, maximum }, shared, is64) {
  const numbers = { initial: minimum, ...(maximum === undefined ? {} : { maximum }), shared };
  if (!is64) return numbers;
  const big = Object.fromEntries(
    Object.entries(numbers).map(([key, n]) => [key, typeof n === "number" ? BigInt(n) : n]),
  );
  try {
    const descriptor = /** @type {any} */ ({ ...big, address: "i64" });
    void new WebAssembly.Memory({ ...descriptor, initial: 0n });
    return descriptor;
  } catch {
    return { ...numbers, index: "i64" };
  }
}

/**
 * The imports that do something, by their names, which Emscripten and WASI do not share.
 * @param {() => WebAssembly.Memory | undefined} memory
 * @param {Module} module
 * @param {Surroundings} surroundings
 * @returns {Readonly<Record<string, Service>>}
 */
function services(memory, module, surroundings) {
  return {
    ...emscriptenServices(memory, module),
    ...wasiServices(memory, surroundings),
    ...endings(),
  };
}

/** @returns {Record<string, Service>} */
function endings() {
  const exit = {
    does: "ends the program",
    call: (/** @type {number} */ code = 0) => {
      throw new Exit(code);
    },
  };
  const abort = {
    does: "ends the program as a trap does",
    call: () => {
      throw new WebAssembly.RuntimeError("aborted");
    },
  };
  return {
    ...{ proc_exit: exit, exit, _exit: exit, emscripten_force_exit: exit },
    ...{ abort, _abort_js: abort, __assert_fail: abort },
  };
}

/**
 * @param {() => WebAssembly.Memory | undefined} memory
 * @param {Module} module
 * @returns {Record<string, Service>}
 */
function emscriptenServices(memory, module) {
  const grow = (/** @type {number | bigint} */ size) => {
    const at = memory();
    if (!at) return 0;
    const missing = Math.ceil(Number(size) / PAGE) - at.buffer.byteLength / PAGE;
    try {
      if (missing > 0)
        at.grow(/** @type {any} */ (module.memory?.is64 ? BigInt(missing) : missing));
      return 1;
    } catch {
      return 0;
    }
  };
  const copy = {
    does: "copies memory",
    call: (/** @type {any} */ to, /** @type {any} */ from, /** @type {any} */ length) => {
      const start = Number(from);
      const at = memory();
      if (at) new Uint8Array(at.buffer).copyWithin(Number(to), start, start + Number(length));
    },
  };
  return {
    emscripten_notify_memory_growth: { does: "does nothing", call() {} },
    emscripten_resize_heap: { does: "grows memory to what is asked for", call: grow },
    ...{ emscripten_memcpy_big: copy, emscripten_memcpy_js: copy, _emscripten_memcpy_js: copy },
  };
}

/**
 * Of WASI what printing and starting need. Time stands still and chance is 0, so that every run
 * costs the same.
 * @param {() => WebAssembly.Memory | undefined} memory
 * @param {Surroundings} surroundings
 * @returns {Record<string, Service>}
 */
function wasiServices(memory, { write, args = ["program"] }) {
  const bytes = () => new Uint8Array(memory()?.buffer ?? new ArrayBuffer(0));
  const view = () => new DataView(memory()?.buffer ?? new ArrayBuffer(0));
  const set32 = (/** @type {any} */ at, /** @type {number} */ value) =>
    view().setUint32(Number(at), value, true);
  const encoded = args.map((arg) => new TextEncoder().encode(`${arg}\0`));

  const fdWrite = (
    /** @type {number} */ fd,
    /** @type {any} */ iovs,
    /** @type {any} */ count,
    /** @type {any} */ out,
  ) => {
    let written = 0;
    for (let i = 0; i < Number(count); i++) {
      const entry = Number(iovs) + 8 * i;
      const start = view().getUint32(entry, true);
      const length = view().getUint32(entry + 4, true);
      write(fd, bytes().slice(start, start + length));
      written += length;
    }
    set32(out, written);
    return 0;
  };
  const putStrings = (/** @type {any} */ table, /** @type {any} */ buffer) => {
    let at = Number(buffer);
    for (const [i, text] of encoded.entries()) {
      set32(Number(table) + 4 * i, at);
      bytes().set(text, at);
      at += text.length;
    }
    return 0;
  };
  const sizes =
    (/** @type {Uint8Array[]} */ texts) => (/** @type {any} */ count, /** @type {any} */ size) => {
      set32(count, texts.length);
      set32(
        size,
        texts.reduce((sum, { length }) => sum + length, 0),
      );
      return 0;
    };
  return {
    fd_write: { does: "prints to stderr", call: fdWrite },
    fd_read: {
      does: "reads nothing",
      call: (_fd, _iovs, _count, out) => (set32(out, 0), 0),
    },
    fd_seek: { does: "refuses", call: () => ESPIPE },
    fd_close: { does: "returns 0", call: () => 0 },
    args_sizes_get: { does: "tells of the arguments", call: sizes(encoded) },
    args_get: { does: "tells of the arguments", call: putStrings },
    environ_sizes_get: { does: "tells of no variable", call: sizes([]) },
    environ_get: { does: "tells of no variable", call: () => 0 },
    clock_time_get: {
      does: "tells the time as 0",
      call: (_id, _precision, out) => (view().setBigUint64(Number(out), 0n, true), 0),
    },
  };
}
