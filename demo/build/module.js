// Builds the modules of one allocator: the one that the page runs, its metered copy, and the one
// for the clock.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOCATORS, allocatorFiles, miniAllocObject } from "../../src/cost/allocators.js";
import { cached } from "../../src/cost/cache.js";
import { compile } from "../../src/cost/emscripten.js";
import { instrument } from "../../src/meter/instrument.js";
import { MOST_PAGES, PAGE } from "../engine/log.js";

/** @typedef {import("../../src/cost/allocators.js").Allocator} Allocator */

/**
 * @typedef {object} Workshop
 * @property {import("../../src/cost/emscripten.js").Emscripten} emscripten
 * @property {string} root the folder that holds demo/, include/ and src/
 * @property {string} cache
 * @property {AbortSignal} interrupted
 */

/** What a reader of the page is told of them. @type {Readonly<Record<string, string>>} */
const ABOUT = {
  "mini-alloc": "moves one pointer; free does nothing",
  dlmalloc: "Emscripten's default; keeps lists of free blocks",
  emmalloc: "Emscripten's small one; keeps lists of free blocks",
  mimalloc: "made for speed and many threads; takes memory in large pieces",
};

/** Those that have a module, where Emscripten has them. */
export const DEMO_ALLOCATORS = ALLOCATORS.filter(({ comparedOnly }) => !comparedOnly).map(
  (allocator) => Object.assign({}, allocator, { about: ABOUT[allocator.name] ?? allocator.about }),
);

const FAMILY = ["malloc", "calloc", "realloc", "free", "aligned_alloc"];
const OWN = ["mini_alloc", "mini_alloc_mark", "mini_alloc_reset"];

// A small stack and two pages, so that memory grows before anybody's patience ends; and, like
// Stylus, two pages that are free. The maximum lets the crate's walk reach its 2 GiB, and still
// refuses something that a 32-bit number can ask for.
//
// mini-alloc grows as it does by default, since the demo shows what a user gets: by no page more
// than needed while memory has fewer than 16, by an eighth from there. The others are told not to
// grow by more than they need either (what mimalloc takes at once is its own affair).
const FLAGS = [
  ...["-O2", "-sSTANDALONE_WASM", "--no-entry", "-sTOTAL_STACK=16KB", "-sALLOW_MEMORY_GROWTH"],
  ...[`-sMAXIMUM_MEMORY=${MOST_PAGES * PAGE}`, "-sMEMORY_GROWTH_GEOMETRIC_STEP=0"],
];

const PAGES = 2;
// Beside the heap, the module for the clock has its script and its table: 512 KiB.
const TIMED_PAGES = PAGES + 8;

/**
 * Returns the bytes of an allocator's modules, built now or before.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @returns {Promise<{plain: Uint8Array, metered: Uint8Array}>}
 */
export async function buildModule(workshop, allocator) {
  const exported = [...FAMILY, ...(allocator.name === "mini-alloc" ? OWN : [])];
  const symbols = exported.map((symbol) => `_${symbol}`).join(",");
  const flags = [`-sINITIAL_MEMORY=${PAGES * PAGE}`, `-sEXPORTED_FUNCTIONS=${symbols}`];
  const plain = await link(workshop, allocator, { file: "demo/module.c", flags });
  return { plain, metered: instrument(plain).bytes };
}

/**
 * Returns the bytes of the module in which the clock replays scripts.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 */
export function buildTimed(workshop, allocator) {
  // No call may be left out because nobody uses what it returns.
  const flags = [`-sINITIAL_MEMORY=${TIMED_PAGES * PAGE}`, "-fno-builtin"];
  return link(workshop, allocator, { file: "demo/replay.c", flags });
}

/**
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {{file: string, flags: readonly string[]}} what
 * @returns {Promise<Uint8Array>}
 */
async function link(workshop, { name, malloc }, { file, flags }) {
  const { emscripten, root, cache, interrupted } = workshop;
  const source = join(root, file);
  const own =
    name === "mini-alloc"
      ? [
          await miniAllocObject(emscripten, { root, cache, interrupted }),
          ...["-DWITH_MINI_ALLOC", `-I${join(root, "include")}`],
        ]
      : [];
  const words = [source, ...own, ...FLAGS, ...flags, `-sMALLOC=${malloc}`];
  const inputs = {
    words: [emscripten.emcc, emscripten.version, ...words],
    files: [source, ...allocatorFiles(root)],
  };
  const folder = await cached(cache, inputs, (out) =>
    compile(emscripten, [...words, "-o", join(out, "module.wasm")], { cwd: out, interrupted }),
  );
  return readFileSync(join(folder, "module.wasm"));
}
