// The allocators that are compared, and how each gets into a program.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { MiniAllocError, nearest } from "../errors.js";
import { cached } from "./cache.js";
import { compile } from "./emscripten.js";

/** @typedef {import("./emscripten.js").Emscripten} Emscripten */

/**
 * @typedef {object} Allocator
 * @property {string} name as options and tables have it
 * @property {string} malloc what -sMALLOC= is told
 * @property {string} about one line for people
 * @property {boolean} [comparedOnly] serves the built-in workloads only, no program
 * @property {(emscripten: Emscripten) => boolean} [available]
 */

/** @type {readonly Allocator[]} */
export const ALLOCATORS = [
  { name: "mini-alloc", malloc: "none", about: "the archive, called" },
  {
    ...{ name: "mini-alloc-inlined", malloc: "none", comparedOnly: true },
    about: "compiled as one unit with the program, so that the compiler can inline it",
  },
  { name: "dlmalloc", malloc: "dlmalloc", about: "Emscripten's default" },
  { name: "emmalloc", malloc: "emmalloc", about: "Emscripten's small one" },
  {
    ...{ name: "mimalloc", malloc: "mimalloc", about: "for many threads" },
    available: ({ version }) => atLeast(version, [3, 1, 50]),
  },
  {
    ...{ name: "stub", malloc: "none", comparedOnly: true },
    about: "does nothing: the floor, which no allocator can reach",
  },
];

/** @param {string} version @param {readonly number[]} wanted */
function atLeast(version, wanted) {
  const parts = version.split(".").map(Number);
  const differs = wanted.findIndex((part, i) => parts[i] !== part);
  return differs < 0 || (parts[differs] ?? 0) > (wanted[differs] ?? 0);
}

/**
 * Returns those allocators that an Emscripten has, and says which it has not.
 * @param {readonly Allocator[]} chosen
 * @param {Emscripten} emscripten
 * @returns {{allocators: Allocator[], missing: string[]}}
 */
export function availableOf(chosen, emscripten) {
  const isThere = (/** @type {Allocator} */ { available }) => available?.(emscripten) ?? true;
  const missing = chosen
    .filter((allocator) => !isThere(allocator))
    .map(({ name }) => `emcc ${emscripten.version} has no ${name}`);
  return { allocators: chosen.filter(isThere), missing };
}

/**
 * Returns the allocators of a list of names, in its order.
 * @param {string | undefined} list names between commas; all if not given
 * @param {readonly Allocator[]} choices
 * @throws {MiniAllocError}
 */
export function chooseAllocators(list, choices) {
  if (list === undefined) return [...choices];
  const names = choices.map(({ name }) => name);
  return [...new Set(list.split(",").map((name) => name.trim()))].map((name) => {
    const found = choices.find((choice) => choice.name === name);
    if (found) return found;
    throw new MiniAllocError(
      `unknown allocator '${name}'`,
      `--allocators ${nearest(name, names) ?? names.join(",")}`,
    );
  });
}

/**
 * Returns the object of mini-alloc, compiled as the Makefile compiles its archives.
 * @param {Emscripten} emscripten
 * @param {{root: string, cache: string, flags?: readonly string[], interrupted: AbortSignal}}
 *   surroundings `flags` beside those of the Makefile, such as -pthread
 * @returns {Promise<string>} its path
 */
export async function miniAllocObject(emscripten, { root, cache, flags: more = [], interrupted }) {
  const source = join(root, "src", "mini_alloc.c");
  const flags = ["-std=c11", "-O2", "-fPIC", "-fno-builtin", "-fno-lto", ...more];
  const inputs = {
    words: [emscripten.version, emscripten.emcc, ...flags],
    files: allocatorFiles(root),
  };
  const folder = await cached(cache, inputs, (out) =>
    compile(
      emscripten,
      [...flags, `-I${join(root, "include")}`, "-c", source, "-o", join(out, "mini_alloc.o")],
      { cwd: dirname(source), interrupted },
    ),
  );
  return join(folder, "mini_alloc.o");
}

/** All files that the allocator is made of. @param {string} root */
export function allocatorFiles(root) {
  const source = join(root, "src");
  const inSource = readdirSync(source)
    .filter((name) => /\.[ch]$/.test(name))
    .toSorted();
  return [...inSource.map((name) => join(source, name)), join(root, "include", "mini_alloc.h")];
}
