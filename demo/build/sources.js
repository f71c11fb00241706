// Reads the C source for the page: its lines, its functions, and the places that the reasons of a
// call refer to. A reason without a place, or a place without a reason, ends the build.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MiniAllocError } from "../../src/errors.js";
import { MARKERS } from "../engine/reasons.js";

/** @typedef {import("../engine/lines.js").Sources} Sources */
/** @typedef {import("../engine/lines.js").SourceFunction} SourceFunction */

const FILES = ["src/mini_alloc.c", "src/heap.h"];

/** What is false in the demo's module; any other condition of the preprocessor is true there. */
const FALSE = new Set([
  "THREADS",
  "LIBC_HAS_SBRK",
  "defined MINI_ALLOC_GROW_EXACT || defined MINI_ALLOC_RESIZE_HEAP",
]);

// Our style, which clang-format keeps: a function begins at the left margin in one line, which ends
// in a brace, and ends with a brace of its own at the left margin.
const FUNCTION = /^\w.*?\b(\w+)\([^()]*\) \{$/;
const MARKED = /^(.*?\/\/.*?)((?: @[a-z][a-z-]*)+)$/;

/**
 * Returns the markers of a line, and the line without them.
 * @param {string} line
 */
function unmarked(line) {
  const [, rest, words] = MARKED.exec(line) ?? [];
  if (rest === undefined || words === undefined) return { text: line, names: [] };
  const names = words
    .trim()
    .split(" ")
    .map((word) => word.slice(1));
  return { text: rest.replace(/\s*\/\/$/, ""), names };
}

/** Lines that the preprocessor takes away. @param {readonly string[]} lines @returns {number[]} */
function omittedLines(lines) {
  /** @type {boolean[]} */
  const kept = [];
  /** @type {number[]} */
  const omitted = [];
  for (const [i, line] of lines.entries()) {
    const [, word, condition = ""] = /^#\s*(if|ifdef|ifndef|else|endif)\b\s*(.*)$/.exec(line) ?? [];
    if (word === "endif") kept.pop();
    else if (word === "else") kept.push(!kept.pop());
    else if (word !== undefined) kept.push(!FALSE.has(condition));
    if (kept.includes(false)) omitted.push(i + 1);
  }
  return omitted;
}

/**
 * @param {string} file
 * @param {readonly string[]} lines
 * @returns {SourceFunction[]} those that the demo's module has
 */
function functionsOf(file, lines) {
  const omitted = omittedLines(lines);
  /** @type {SourceFunction[]} */
  const functions = [];
  for (const [i, line] of lines.entries()) {
    const name = FUNCTION.exec(line)?.[1];
    if (name === undefined || omitted.includes(i + 1)) continue;
    const end = lines.indexOf("}", i) + 1;
    if (end === 0) throw fault(file, `the function ${name} has no end`, "run clang-format on it");
    const within = omitted.filter((number) => number > i && number < end);
    functions.push({ name, file, from: i + 1, to: end, omitted: within });
  }
  return functions;
}

/** @param {string} file @param {string} what @param {string} remedy */
const fault = (file, what, remedy) => new MiniAllocError(`${file}: ${what}`, remedy);

/**
 * @param {string} file
 * @param {readonly {names: string[]}[]} lines
 * @param {readonly SourceFunction[]} functions
 * @param {Sources["markers"]} markers added to
 */
function collectMarkers(file, lines, functions, markers) {
  const list = "MARKERS in demo/engine/reasons.js";
  for (const [i, { names }] of lines.entries()) {
    const line = i + 1;
    const isIn = functions.some(
      ({ from, to, omitted }) => from < line && line < to && !omitted.includes(line),
    );
    for (const [place, name] of names.entries()) {
      const where = `line ${line}: the marker @${name}`;
      const places = /** @type {Record<string, Sources["markers"]["align"]>} */ (markers)[name];
      if (!places) throw fault(file, `${where} is not known`, `add it to ${list}, or remove it`);
      if (names.indexOf(name) !== place) throw fault(file, `${where} is there twice`, "remove one");
      if (!isIn) {
        const remedy = "move it to a line that the demo's module runs";
        throw fault(file, `${where} is in no function of the demo's module`, remedy);
      }
      const of = places.find((one) => one.file === file);
      if (of) of.lines.push(line);
      else places.push({ file, lines: [line] });
    }
  }
}

function emptyMarkers() {
  const empty = MARKERS.map((name) => /** @type {const} */ ([name, []]));
  return /** @type {Sources["markers"]} */ (/** @type {unknown} */ (Object.fromEntries(empty)));
}

/**
 * @param {readonly {name: string, text: string}[]} texts
 * @returns {Sources}
 * @throws {MiniAllocError} if the markers are not those of the reasons
 */
export function sourcesOf(texts) {
  /** @type {Sources} */
  const sources = { files: [], functions: [], markers: emptyMarkers() };
  for (const { name, text } of texts) {
    const lines = text.trimEnd().split("\n").map(unmarked);
    const plain = lines.map((line) => line.text);
    const functions = functionsOf(name, plain);
    collectMarkers(name, lines, functions, sources.markers);
    sources.files.push({ name, lines: plain });
    sources.functions.push(...functions);
  }
  for (const name of MARKERS) {
    if (sources.markers[name].length > 0) continue;
    const files = texts.map((text) => text.name).join(", ");
    const remedy = `put // @${name} at the end of the line that does it, or remove it from MARKERS in demo/engine/reasons.js`;
    throw fault(files, `the marker @${name} is nowhere`, remedy);
  }
  return sources;
}

/**
 * Returns the source as the page shows it.
 * @param {string} root the folder that holds src/
 * @returns {Sources}
 */
export const readSources = (root) =>
  sourcesOf(FILES.map((name) => ({ name, text: readFileSync(join(root, name), "utf8") })));
