// Reads a file of calls, whichever of the formats it has: told by its content, read in pieces. Pure.

import { FORMAT as TRACE_FORMAT } from "../../src/trace/format.js";
import { MOST_CALLS } from "../engine/log.js";
import * as lines from "./import-lines.js";
import { DEMO_FORMAT, importDemo, importTrace } from "./import-trace.js";
import { Builder, ImportError } from "./imported.js";

/** @typedef {import("./imported.js").Imported} Imported */
/** @typedef {import("./imported.js").Format} Format */

/** @type {Readonly<Record<Format, string>>} for people */
export const FORMAT_NAMES = {
  trace: "a trace of mini-alloc",
  demo: "an export of this page",
  rep: "a malloc lab trace (.rep)",
  mtrace: "glibc's mtrace",
  ltrace: "ltrace",
  emscripten: "Emscripten's memory profiler",
};

const HEAD = 65_536; // bytes that tell the format
const LONGEST_LINE = 10_000; // characters
const LARGEST_EXPORT = 256 * 1024 * 1024; // bytes: an export is read in one piece

/**
 * Tells the format by the beginning of a file.
 * @param {string} head
 * @returns {Format | undefined}
 */
function formatOf(head) {
  const first = head.trimStart().slice(0, 200);
  if (new RegExp(`^\\{\\s*"format"\\s*:\\s*"${TRACE_FORMAT}"`).test(first)) return "trace";
  if (new RegExp(`^\\{\\s*"format"\\s*:\\s*"${DEMO_FORMAT}"`).test(first)) return "demo";
  const rows = head.split("\n", 400).map((line) => line.trimEnd());
  if (rows.slice(0, lines.REP_HEADER).every((row) => /^\s*\d+\s*$/.test(row))) {
    if (/^\s*[arf]\s+-?\d+/.test(rows[lines.REP_HEADER] ?? "")) return "rep";
  }
  const counts = /** @type {const} */ ([
    ["mtrace", rows.filter(lines.isMtrace).length],
    ["ltrace", rows.filter(lines.isLtrace).length],
    ["emscripten", rows.filter(lines.isEmscripten).length],
  ]).toSorted(([, a], [, b]) => b - a);
  const [format, hits] = counts[0] ?? ["mtrace", 0];
  return hits > 0 ? format : undefined;
}

/**
 * Calls `take` with each line and its number from 1, as the file is read.
 * @param {Blob} file
 * @param {{progress?: (read: number, total: number) => void, signal?: AbortSignal}} how
 * @param {(line: string, number: number, isCut: boolean) => void} take
 */
async function eachLine(file, { progress, signal }, take) {
  const reader = file.stream().getReader();
  const decoder = new TextDecoder();
  let [rest, number, read, isCut] = ["", 0, 0, false];
  const end = (/** @type {string} */ line) => {
    take(line.replace(/\r$/, ""), ++number, isCut || line.length > LONGEST_LINE);
    isCut = false;
  };
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await reader.read();
    const pieces = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) end(piece);
    if (rest.length > LONGEST_LINE) [rest, isCut] = [rest.slice(0, LONGEST_LINE), true];
    if (done) break;
    read += value.length;
    progress?.(read, file.size);
  }
  if (rest !== "") end(rest);
}

/** @param {"rep" | "mtrace" | "ltrace" | "emscripten"} format @returns {lines.LineReader} */
function readerOf(format) {
  if (format === "mtrace") return lines.mtraceReader();
  if (format === "rep") return lines.readRep;
  return format === "ltrace" ? lines.readLtrace : lines.readEmscripten;
}

/**
 * Reads a file.
 * @param {Blob} file
 * @param {{name: string, progress?: (read: number, total: number) => void, signal?: AbortSignal}} how
 * @returns {Promise<Imported>}
 * @throws {ImportError} if nothing of it can be read
 */
export async function importFile(file, { name, ...how }) {
  const format = formatOf(await file.slice(0, HEAD).text());
  if (format === undefined) {
    throw new ImportError(
      "This is no trace: none of its first lines is a call of an allocator.",
      "Try one that mini-alloc trace, mtrace or ltrace has written, a .rep file, or an export.",
    );
  }
  if (format === "demo") {
    if (file.size > LARGEST_EXPORT) throw new ImportError("This export is too large.", "Cut it.");
    return importDemo(await file.text(), name);
  }
  if (format === "trace") return importTrace(await traceLines(file, how), name);
  const builder = new Builder();
  const read = readerOf(format);
  await eachLine(file, how, (line, number, isCut) => {
    if (isCut) builder.ignore(number, "it is longer than 10,000 characters");
    else if (line.trim() !== "") read(line, number, builder);
  });
  return builder.finish({ format, title: name });
}

/** As many lines of a trace as a log can hold. @param {Blob} file @param {Parameters<typeof eachLine>[1]} how */
async function traceLines(file, how) {
  /** @type {string[]} */
  const all = [];
  await eachLine(file, how, (line) => {
    if (all.length < MOST_CALLS + 2) all.push(line);
  });
  return all;
}
