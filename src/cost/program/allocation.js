// How an allocator gets into a build.

import { miniAllocObject } from "../allocators.js";

/** @typedef {import("../allocators.js").Allocator} Allocator */
/** @typedef {import("./build.js").Workshop} Workshop */
/** @typedef {import("../../process.js").Outcome} Outcome */
/** @typedef {(words: string[]) => Promise<Outcome>} Make runs the command with more words */

/** Has the linker tell where malloc came from, so that nobody has to believe it. */
export const TRACE = "-Wl,--trace-symbol=malloc";

/**
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {(object: string) => string} asWord how an object file is named
 * @param {readonly string[]} flags for mini-alloc
 */
async function allocatorWords(workshop, { name, malloc }, asWord, flags) {
  const words = [`-sMALLOC=${malloc}`, TRACE];
  if (name !== "mini-alloc") return words;
  const { emscripten, root, cache, interrupted } = workshop;
  const object = await miniAllocObject(emscripten, { root, cache, flags, interrupted });
  return [...words, asWord(object)];
}

// What a linker says of an object that was compiled in another way than the program, and that way.
// The linker knows best: no command line tells what makefiles and settings add to it.
/** @type {readonly [RegExp, string][]} */
const OTHER_WAYS = [
  [/--shared-memory is disallowed by \S*mini_alloc/, "-pthread"],
  [/wasm32 object file can't be linked in wasm64 mode/, "-sMEMORY64"],
  [/undefined symbol: emscripten_notify_memory_growth/, "-DMINI_ALLOC_RESIZE_HEAP"],
];

// What it says if the program has brought mini-alloc itself.
const TWICE = /duplicate symbol: (?:mini_alloc_|emscripten_builtin_malloc)/;

/**
 * Builds, and again if the linker wants mini-alloc in another way.
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {(object: string) => string} asWord
 * @param {Make} make
 */
export async function makeWith(workshop, allocator, asWord, make) {
  /** @type {string[]} */
  const flags = [];
  for (;;) {
    const outcome = await make(await allocatorWords(workshop, allocator, asWord, flags));
    if (outcome.code === 0 || allocator.name !== "mini-alloc") return outcome;
    const said = printed(outcome);
    if (TWICE.test(said)) return make([`-sMALLOC=${allocator.malloc}`, TRACE]);
    const [, flag] = OTHER_WAYS.find(([pattern]) => pattern.test(said)) ?? [];
    if (flag === undefined || flags.includes(flag)) return outcome;
    flags.push(flag);
  }
}

/** All that a command said. @param {Outcome} outcome */
export const printed = ({ stdout, stderr }) => `${stdout}\n${stderr}`;
