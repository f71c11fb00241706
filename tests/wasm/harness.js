// Builds the harness module and instantiates it, a fresh one for every test.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { archive, buildFolder, emcc, include, root } from "../helpers/toolchain.js";

export const PAGE = 65536;
export const ENOMEM = 48; // WASI's numbers, which Emscripten uses
export const EINVAL = 28;

const EXPORTS = [
  ...["malloc", "calloc", "realloc", "free", "memalign", "aligned_alloc", "reallocarray"],
  ...["emscripten_builtin_malloc", "emscripten_builtin_calloc", "emscripten_builtin_realloc"],
  ...["emscripten_builtin_memalign", "emscripten_builtin_free"],
  ...["__libc_malloc", "__libc_calloc", "__libc_realloc", "__libc_free"],
  ...["mini_alloc", "mini_alloc_zeroed", "mini_alloc_mark", "mini_alloc_reset"],
  ...["sbrk", "brk", "emscripten_get_sbrk_ptr", "malloc_trim"],
];

/** A stack of 16 KiB, by the old name that every version knows. */
export const smallStack = "-sTOTAL_STACK=16384";

/** @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** @param {string} name @param {string[]} flags */
async function build(name, flags) {
  const out = join(buildFolder("harness"), `${name}.wasm`);
  const exported = EXPORTS.map((symbol) => `_${symbol}`).join(",");
  await emcc([
    join(root, "tests/wasm/harness.c"),
    ...[`-I${include}`, archive(), "-sMALLOC=none", "-sSTANDALONE_WASM", "--no-entry", "-O2"],
    ...[`-sEXPORTED_FUNCTIONS=${exported}`, smallStack, ...flags, "-o", out],
  ]);
  return new WebAssembly.Module(readFileSync(out));
}

const unsigned = (/** @type {unknown} */ value) =>
  typeof value === "number" ? value >>> 0 : value;

/**
 * @typedef {object} Heap
 * @property {any} call the exports, by their names; what they return is read as unsigned
 * @property {WebAssembly.Memory} memory
 * @property {() => Uint8Array} bytes a view that no growth has detached
 * @property {() => number} pages
 * @property {() => {base: number, bump: number, limit: number, pages: number}} info
 * @property {() => number} notified how often Emscripten's JavaScript was told of a growth
 */

/**
 * A fresh heap in a module that was linked with these flags.
 * @param {string} name names the build
 * @param {string[]} flags
 * @returns {Promise<Heap>}
 */
async function freshHeap(name, flags) {
  if (!modules.has(name)) modules.set(name, build(name, flags));
  const module = await /** @type {Promise<WebAssembly.Module>} */ (modules.get(name));
  let notified = 0;
  const instance = new WebAssembly.Instance(module, {
    env: { emscripten_notify_memory_growth: () => void notified++ },
    wasi_snapshot_preview1: { proc_exit: () => {} },
  });
  const exports = /** @type {Record<string, any>} */ (instance.exports);
  exports._initialize?.();
  const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  /** @type {Heap["call"]} */
  const call = {};
  for (const [symbol, value] of Object.entries(exports)) {
    if (typeof value === "function")
      call[symbol] = (/** @type {unknown[]} */ ...args) => unsigned(value(...args));
  }
  const field = (/** @type {number} */ index) => call.info?.(index);
  return {
    call,
    memory,
    bytes: () => new Uint8Array(memory.buffer),
    pages: () => memory.buffer.byteLength / PAGE,
    info: () => ({ base: field(0), bump: field(1), limit: field(2), pages: field(3) }),
    notified: () => notified,
  };
}

/** Memory of `initial` pages that may grow to `maximum`. @param {number} initial @param {number} maximum */
export const growing = (initial, maximum) =>
  freshHeap(`growing-${initial}-${maximum}`, [
    ...["-sALLOW_MEMORY_GROWTH", `-sINITIAL_MEMORY=${initial * PAGE}`],
    `-sMAXIMUM_MEMORY=${maximum * PAGE}`,
  ]);

/** Memory that may not grow. @param {number} pages */
export const fixed = (pages) => freshHeap(`fixed-${pages}`, [`-sINITIAL_MEMORY=${pages * PAGE}`]);
