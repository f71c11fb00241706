// Builds one module of the demo, and its metered copy.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALLOCATORS, allocatorFiles, miniAllocObject } from "../../src/cost/allocators.js";
import { cached } from "../../src/cost/cache.js";
import { compile } from "../../src/cost/emscripten.js";
import { instrument } from "../../src/meter/instrument.js";
import { MOST_PAGES } from "../engine/log.js";

/** @typedef {import("../../src/cost/allocators.js").Allocator} Allocator */

/**
 * @typedef {object} Workshop
 * @property {import("../../src/cost/emscripten.js").Emscripten} emscripten
 * @property {string} root the folder that holds demo/, include/ and src/
 * @property {string} cache
 * @property {AbortSignal} interrupted
 */

/** Those that have a module, where Emscripten has them. */
export const DEMO_ALLOCATORS = ALLOCATORS.filter(({ comparedOnly }) => !comparedOnly);

const PAGE = 65_536;
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
  ...[`-sINITIAL_MEMORY=${2 * PAGE}`, `-sMAXIMUM_MEMORY=${MOST_PAGES * PAGE}`],
  "-sMEMORY_GROWTH_GEOMETRIC_STEP=0",
];

/**
 * Returns the bytes of an allocator's module and of its metered copy, built now or before.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @returns {Promise<{plain: Uint8Array, metered: Uint8Array}>}
 */
export async function buildModule({ emscripten, root, cache, interrupted }, { name, malloc }) {
  const isOurs = name === "mini-alloc";
  const file = join(root, "demo/module.c");
  const exported = [...FAMILY, ...(isOurs ? OWN : [])].map((symbol) => `_${symbol}`).join(",");
  const own = isOurs
    ? [
        await miniAllocObject(emscripten, { root, cache, interrupted }),
        ...["-DWITH_MINI_ALLOC", `-I${join(root, "include")}`],
      ]
    : [];
  const words = [file, ...own, ...FLAGS, `-sMALLOC=${malloc}`, `-sEXPORTED_FUNCTIONS=${exported}`];
  const inputs = {
    words: [emscripten.emcc, emscripten.version, ...words],
    files: [file, ...allocatorFiles(root)],
  };
  const folder = await cached(cache, inputs, (out) =>
    compile(emscripten, [...words, "-o", join(out, "module.wasm")], { cwd: out, interrupted }),
  );
  const plain = readFileSync(join(folder, "module.wasm"));
  return { plain, metered: instrument(plain).bytes };
}
