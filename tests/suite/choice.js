// Which tests of the suite are run: at -O0 all, and what has to do with memory in further modes,
// which are Emscripten's names.

import { MiniAllocError, nearest } from "../../src/errors.js";

const MEMORY = /alloc|mem|brk|dlfcn|dylink|dlopen|dynamicLibraries|main_module|thread|heap|_new_/;

/** @type {Readonly<Record<string, RegExp>>} */
const CHOICES = {
  core0: /./, // -O0
  core2: MEMORY, // -O2
  corez: MEMORY, // -Oz
  asan: MEMORY, // -fsanitize=address
  lto2: MEMORY, // -O2 -flto
  wasm2js1: MEMORY, // -O1 -sWASM=0
  core2s: MEMORY, // -O2 -sSAFE_HEAP
  lsan: MEMORY, // -fsanitize=leak
  bulkmem2: MEMORY, // -O2 -mbulk-memory
};

export const MODES = Object.keys(CHOICES);

/** @param {string} word @param {readonly string[]} names */
function matching(word, names) {
  const choice = CHOICES[word];
  if (choice) {
    const start = `${word}.`; // no part of what is looked at: 'bulkmem2' has a 'mem'
    return names.filter((name) => name.startsWith(start) && choice.test(name.slice(start.length)));
  }
  const pattern = word.replaceAll(/[^\w*]/g, "\\$&").replaceAll("*", ".*");
  const found = names.filter((name) => new RegExp(`^${pattern}$`).test(name));
  if (found.length > 0) return found;
  const remedy =
    nearest(word, [...MODES, ...names]) ?? "a mode as 'core0', or a test as 'core0.*sbrk*'";
  throw new MiniAllocError(`no test '${word}' in the suite`, remedy);
}

/**
 * Returns the tests that words name: modes, tests, or patterns of tests with `*`. No words: all.
 * @param {readonly string[]} words
 * @param {readonly string[]} names of all tests there are
 * @throws {MiniAllocError}
 */
export function choose(words, names) {
  const chosen = (words.length > 0 ? words : MODES).flatMap((word) => matching(word, names));
  return [...new Set(chosen)];
}
