// Builds what is measured, an allocator each, or finds it built.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { allocatorFiles, miniAllocObject } from "./allocators.js";
import { cached } from "./cache.js";
import { compile } from "./emscripten.js";

/** @typedef {import("./allocators.js").Allocator} Allocator */

/**
 * @typedef {object} Workshop
 * @property {import("./emscripten.js").Emscripten} emscripten
 * @property {string} level of optimization, such as "-O2"
 * @property {string} root
 * @property {string} cache
 * @property {AbortSignal} interrupted
 */

/**
 * @typedef {object} Built
 * @property {string} js path of the JavaScript; of no file if there is none
 * @property {string} wasm path of the module
 * @property {{js: number, wasm: number}} bytes
 */

/**
 * What the linker is given for an allocator.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {readonly string[]} flags for mini-alloc
 * @returns {Promise<string[]>}
 */
async function allocatorArguments(workshop, { name, malloc }, flags) {
  const { emscripten, root, cache, interrupted } = workshop;
  const include = `-I${join(root, "include")}`;
  const own = {
    "mini-alloc": async () => [
      await miniAllocObject(emscripten, { root, cache, flags, interrupted }),
      ...["-DWITH_MINI_ALLOC", include],
    ],
    "mini-alloc-inlined": () => ["-DMINI_ALLOC_INLINED", "-DWITH_MINI_ALLOC", include, ...flags],
    stub: () => [join(root, "src/cost/stub.c")],
  };
  const words = await own[/** @type {keyof typeof own} */ (name)]?.();
  return [`-sMALLOC=${malloc}`, ...(words ?? [])];
}

/**
 * Compiles a file of this folder with an allocator.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {{source: string, output: string, flags: string[], own?: string[]}} what `own` are flags
 *   for mini-alloc
 * @returns {Promise<Built>}
 */
async function build(workshop, allocator, { source, output, flags, own = [] }) {
  const { emscripten, level, root, cache, interrupted } = workshop;
  const file = join(root, "src/cost", source);
  const words = [file, level, ...flags, ...(await allocatorArguments(workshop, allocator, own))];
  const files = [file, join(root, "src/cost/stub.c"), ...allocatorFiles(root)];
  const inputs = { words: [emscripten.emcc, emscripten.version, ...words], files };
  const folder = await cached(cache, inputs, (out) =>
    compile(emscripten, [...words, "-o", join(out, output)], { cwd: out, interrupted }),
  );
  const js = join(folder, output);
  const wasm = js.replace(/\.js$/, ".wasm");
  const jsBytes = js === wasm ? 0 : statSync(js).size;
  return { js, wasm, bytes: { js: jsBytes, wasm: statSync(wasm).size } };
}

const GROWING = ["--no-entry", "-sALLOW_MEMORY_GROWTH", "-sMAXIMUM_MEMORY=4GB"];

/**
 * The built-in workloads, with Emscripten's JavaScript.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 */
export const buildWorkloads = (workshop, allocator) =>
  build(workshop, allocator, {
    source: "workloads.c",
    output: "workloads.js",
    // One process has many instances of it, and they all would listen for its end.
    flags: [
      ...[...GROWING, "-sMODULARIZE", "-sENVIRONMENT=node"],
      ...["-sNODEJS_CATCH_EXIT=0", "-sNODEJS_CATCH_REJECTION=0"],
    ],
  });

/**
 * edge_cases as a module alone, in a memory that starts as small as it can; and mini-alloc grows as
 * the crate does, by no page more than needed.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 */
export const buildEdgeCases = (workshop, allocator) =>
  build(workshop, allocator, {
    source: "edge_cases.c",
    output: "edge_cases.wasm",
    flags: [...[...GROWING, "-sSTANDALONE_WASM", SMALL_STACK], `-sINITIAL_MEMORY=${PAGE}`],
    own: ["-DMINI_ALLOC_GROW_EXACT"],
  });

const SMALL_STACK = "-sTOTAL_STACK=4KB"; // which leaves mimalloc room for its static data in a page
const PAGE = 65_536;

/** @param {Built} built */
export const moduleOf = ({ wasm }) => readFileSync(wasm);
