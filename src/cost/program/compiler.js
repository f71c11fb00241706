// Command lines of emcc and em++: what such a command makes, and how it makes that with another
// allocator, elsewhere. Pure.

import { basename, extname } from "node:path";
import { MiniAllocError } from "../../errors.js";

const COMPILER = /^(?:emcc|em\+\+)(?:\.py|\.bat|\.exe)?$/;

/** Whether a command is Emscripten's compiler itself. @param {string} command @param {string} [emcc] */
export const isCompiler = (command, emcc) => command === emcc || COMPILER.test(basename(command));

/** The C compiler beside a compiler. @param {string} command */
export const cCompiler = (command) => command.replace(/em\+\+(?=[^/\\]*$)/, "emcc");

// Options with their value in a word of its own: it is no option, whatever it looks like.
const TAKES_VALUE = new Set(
  (
    "-o -I -L -D -U -x -l -A -B -z -u -include -imacros -isystem -iquote -idirafter -iprefix " +
    "-isysroot -MF -MT -MQ -MJ -Xlinker -Xclang -Xpreprocessor -mllvm -target --pre-js --post-js " +
    "--extern-pre-js --extern-post-js --js-library --preload-file --embed-file --exclude-file " +
    "--shell-file --source-map-base --closure-args --proxy-to-worker --valid-abspath --js-transform"
  ).split(" "),
);

const SETTING = /^[A-Z][A-Z0-9_]*(?:=|$)/;

/**
 * Puts options and their values together.
 * @param {readonly string[]} words
 * @returns {string[][]}
 */
function grouped(words) {
  /** @type {string[][]} */
  const groups = [];
  for (let i = 0; i < words.length; i++) {
    const [word = "", next] = words.slice(i, i + 2);
    const taken =
      next !== undefined && (TAKES_VALUE.has(word) || (word === "-s" && SETTING.test(next)));
    groups.push(taken ? [word, next] : [word]);
    if (taken) i++;
  }
  return groups;
}

/** @param {readonly string[]} group */
const isOutput = ([word = "", value]) => (word === "-o" ? value !== undefined : /^-o./.test(word));

/** @param {readonly string[]} group */
const isMalloc = (group) => group.join("").startsWith("-sMALLOC=");

/** mini-alloc's own sources and archives. @param {readonly string[]} group */
const isMiniAlloc = (group) =>
  /(?:^|[\\/])(?:lib)?mini_alloc[\w-]*\.(?:c|o|a)$|^-l:?mini_alloc/.test(group.join("")) &&
  !/^-[^l]/.test(group[0] ?? "");

const STOPS = new Set(["-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-r"]);
const PROGRAMS = new Set(["", ".js", ".mjs", ".cjs", ".html", ".wasm"]);
const USUAL_OUTPUT = "a.out.js";

/**
 * Returns the file that a command of the compiler makes.
 * @param {readonly string[]} words
 * @returns {string}
 * @throws {MiniAllocError} if that is no program
 */
export function outputOf(words) {
  const groups = grouped(words);
  const remedy = "the command that links, such as emcc app.o -o app.js";
  const stop = groups.find(([word = "", value]) => value === undefined && STOPS.has(word))?.[0];
  if (stop !== undefined) {
    throw new MiniAllocError(
      `the build command makes no program: '${stop}' ends it before`,
      remedy,
    );
  }
  const last = groups.findLast(isOutput);
  const output = last ? (last[1] ?? (last[0] ?? "").slice(2)) : USUAL_OUTPUT;
  if (!PROGRAMS.has(extname(output))) {
    throw new MiniAllocError(`the build command makes '${output}', which is no program`, remedy);
  }
  return output;
}

/** Whether a command line has mini-alloc in it already. @param {readonly string[]} words */
export const hasMiniAlloc = (words) => grouped(words).some(isMiniAlloc);

/**
 * Returns a command line without its choice of an allocator and without its output.
 * @param {readonly string[]} words
 */
export const withoutAllocator = (words) =>
  grouped(words)
    .filter((group) => !isOutput(group) && !isMalloc(group) && !isMiniAlloc(group))
    .flat();

/** Returns a command line without its output. @param {readonly string[]} words */
export const withoutOutput = (words) =>
  grouped(words)
    .filter((group) => !isOutput(group))
    .flat();

/** EMCC_CFLAGS without its choice of an allocator. @param {string} flags */
export const flagsWithoutMalloc = (flags) =>
  flags.replaceAll(/(?<=^|\s)-s\s*MALLOC=\S+/g, "").trim();

/** One word of EMCC_CFLAGS, which emcc takes apart as a shell would. @param {string} word */
export const quoted = (word) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/**
 * Returns the files from which a linker took malloc, as it tells them for --trace-symbol=malloc.
 * @param {string} printed
 */
export const mallocSources = (printed) =>
  [...printed.matchAll(/^(.+): definition of malloc$/gm)].map(([, file = ""]) => file);
