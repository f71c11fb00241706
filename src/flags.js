// `mini-alloc flags`: what to put on emcc's command line. Pure.

import { MiniAllocError } from "./errors.js";

/**
 * @typedef {object} FlagsOptions
 * @property {boolean} [pthread] the program has threads
 * @property {boolean} [resize] grow memory through emscripten_resize_heap
 * @property {boolean} [exact] grow memory by no page more than needed
 * @property {string} [alignment] what malloc aligns to, in bytes
 */

/**
 * Returns the flags for emcc: `cflags` for a step that compiles, `libs` for the one that links.
 * The allocator is linked as source, so that it is compiled the way the program is.
 * @param {string} root the folder that holds include/ and src/
 * @param {FlagsOptions} [options]
 * @returns {{cflags: string[], libs: string[]}}
 * @throws {MiniAllocError}
 */
export function flags(root, { pthread, resize, exact, alignment } = {}) {
  if (pthread && resize) {
    throw new MiniAllocError(
      "--pthread excludes --resize: emscripten_resize_heap serves one thread",
      "leave one of them out",
    );
  }
  const cflags = [`-I${root}/include`];
  if (pthread) cflags.push("-pthread");

  const libs = ["-sMALLOC=none", ...cflags];
  if (resize) libs.push("-DMINI_ALLOC_RESIZE_HEAP");
  if (exact) libs.push("-DMINI_ALLOC_GROW_EXACT");
  if (alignment !== undefined) libs.push(`-DMINI_ALLOC_ALIGNMENT=${checkedAlignment(alignment)}`);
  libs.push(`${root}/src/mini_alloc.c`);
  return { cflags, libs };
}

/**
 * Returns an alignment that malloc can have: not below what C demands, not above a page.
 * @param {string} text
 * @throws {MiniAllocError}
 */
function checkedAlignment(text) {
  const bytes = Number(text);
  if (/^\d+$/.test(text) && bytes >= 8 && bytes <= 65536 && (bytes & (bytes - 1)) === 0) {
    return bytes;
  }
  throw new MiniAllocError(
    `cannot align to '${text}': not a power of two from 8 to 65536`,
    "--alignment 16",
  );
}

/**
 * Returns the flags as one line for a shell's $(...).
 * @param {readonly string[]} words
 * @throws {MiniAllocError} if the shell would take them apart in the wrong places
 */
export function shellLine(words) {
  const broken = words.find((word) => /\s/.test(word));
  if (broken !== undefined) {
    throw new MiniAllocError(
      `cannot print '${broken}': a shell's $(...) splits it at its whitespace`,
      "install mini-alloc in a folder without whitespace, or use --json",
    );
  }
  return words.join(" ");
}

/** The command, for the table in cli.js. */
export const flagsCommand = /** @type {const} */ ({
  summary: "flags for the compiler: emcc $(npx mini-alloc flags) app.c",
  options: {
    pthread: { type: "boolean", help: "for a program with threads; adds -pthread" },
    resize: { type: "boolean", help: "grow through emscripten_resize_heap, with its settings" },
    exact: { type: "boolean", help: "grow by no page more than needed" },
    alignment: { type: "string", value: "N", help: "what malloc aligns to; 8 if not given" },
    cflags: { type: "boolean", help: "only what a compile step needs" },
    libs: { type: "boolean", help: "only what the link step needs" },
    json: { type: "boolean", help: "a JSON array of strings instead of a line" },
  },
  /**
   * @param {FlagsOptions & {cflags?: boolean, libs?: boolean, json?: boolean}} values
   * @param {{root: string}} context
   */
  run({ cflags, libs, json, ...options }, { root }) {
    const all = flags(root, options);
    const words = cflags && !libs ? all.cflags : all.libs;
    return json ? JSON.stringify(words) : shellLine(words);
  },
});
