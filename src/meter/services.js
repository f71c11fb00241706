// What a program wants of its surroundings, as far as a plain one needs it: of Emscripten's
// JavaScript, and of WASI.

/** @typedef {import("./module.js").Module} Module */

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

/** @typedef {{does: string, call: (...args: any[]) => any}} Service `does` is said of it */

const EBADF = 8; // as WASI numbers errors
const ESPIPE = 70;
const PAGE = 65_536;

/**
 * The imports that do something, by their names, which Emscripten and WASI do not share.
 * @param {() => WebAssembly.Memory | undefined} memory
 * @param {Module} module
 * @param {Surroundings} surroundings
 * @returns {Readonly<Record<string, Service>>}
 */
export function services(memory, module, surroundings) {
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
    // wasi-libc asks for one folder after the other, until there is none.
    fd_prestat_get: { does: "tells of no folder", call: () => EBADF },
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
