// `mini-alloc trace`: runs a program and writes down what it asks of its allocator.

import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { execPath, pid } from "node:process";
import { MiniAllocError } from "../errors.js";
import { writing } from "../files.js";
import { counted } from "../table.js";
import { isHeader } from "./format.js";
import { runWatched } from "./run.js";

/** @typedef {import("./format.js").End} End */
/** @typedef {import("./run.js").Ending} Ending */

/**
 * @typedef {object} Values
 * @property {string} [output]
 * @property {string} [limit]
 * @property {boolean} [times]
 * @property {string[]} [rest]
 */

const USAGE = "mini-alloc trace -- node app.js";
const ANOTHER = "-o with another name";
const MOST = 16_000_000; // entries that a Map can hold
const LIMIT = 10_000_000;

/** @param {string} text */
function readLimit(text) {
  const limit = /^[\d,]+$/.test(text) ? Number(text.replaceAll(",", "")) : 0;
  if (limit >= 1 && limit <= MOST) return limit;
  throw new MiniAllocError(
    `cannot record '${text}' calls: a number from 1 to 16,000,000`,
    "--limit 1,000,000",
  );
}

/**
 * Returns the Node to start, and its arguments.
 * @param {readonly string[]} words
 * @param {string} cwd
 */
function readProgram(words, cwd) {
  const [first, ...rest] = words;
  if (first === undefined) throw new MiniAllocError("no program is named", USAGE);
  if (/^node(js)?(\.exe)?$/.test(basename(first))) {
    if (rest.length === 0) throw new MiniAllocError("no program is named", USAGE);
    return { command: first, args: rest };
  }
  if (extname(first) === ".wasm") {
    throw new MiniAllocError(
      `cannot record '${first}': a module alone has no JavaScript to report to`,
      "emcc ... -o app.js",
    );
  }
  if (!/^\.[cm]?js$/.test(extname(first))) {
    throw new MiniAllocError(`'${first}' is neither node nor a .js file`, USAGE);
  }
  if (!existsSync(resolve(cwd, first))) {
    throw new MiniAllocError(
      `cannot run '${first}': there is no such file`,
      "name the .js file that emcc made",
    );
  }
  return { command: execPath, args: [first, ...rest] };
}

/**
 * Asserts that a trace may be written there, and takes the place of nothing else.
 * @param {string} path
 * @param {string} name
 */
function checkOutput(path, name) {
  const taken = writing(
    () => {
      accessSync(dirname(path), constants.W_OK);
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return false;
      accessSync(path, constants.W_OK);
      return !(stat.isFile() && (stat.size === 0 || isHeader(firstLine(path))));
    },
    name,
    ANOTHER,
  );
  if (taken) throw new MiniAllocError(`'${name}' exists, and is no trace`, ANOTHER);
}

const PIECE = 4096; // bytes that hold any first line, and any last

/** @param {string} path @param {(size: number) => number} start of the piece in a file of this size */
function readPiece(path, start) {
  const descriptor = openSync(path, "r");
  const bytes = new Uint8Array(PIECE);
  const read = readSync(descriptor, bytes, 0, PIECE, start(fstatSync(descriptor).size));
  closeSync(descriptor);
  return new TextDecoder().decode(bytes.subarray(0, read));
}

/** @param {string} path */
const firstLine = (path) => readPiece(path, () => 0).split("\n", 1)[0] ?? "";

/** The end of a trace, if it has one. @param {string} path @returns {End | undefined} */
function readEnd(path) {
  const line = readPiece(path, (size) => Math.max(0, size - PIECE))
    .trimEnd()
    .split("\n")
    .at(-1);
  return line?.startsWith('{"op":"end"') ? JSON.parse(line) : undefined;
}

/** @param {Ending} ending */
const words = ({ code, signal }) =>
  code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;

/** @param {Ending} ending */
function nothingRecorded(ending) {
  const library = "emcc app.c build/libmini_alloc-trace.a -sMALLOC=none -o app.js";
  if (ending.code === 0) {
    return new MiniAllocError(
      "no call was recorded: the program is not linked with libmini_alloc-trace.a",
      library,
    );
  }
  return new MiniAllocError(`no call was recorded: the program ${words(ending)}`, library);
}

/**
 * @param {string} name
 * @param {End | undefined} end
 * @param {Ending} ending
 */
function report(name, end, ending) {
  const lines = [];
  if (end) {
    lines.push(`${name}: ${counted(end.calls, "call")}, ${counted(end.pages, "page")} of memory`);
    if (end.unrecorded > 0) {
      lines.push(`It holds the first; ${counted(end.unrecorded, "call")} came after: --limit.`);
    }
    if (end.instances > 1) {
      lines.push(`The program has ${end.instances} heaps; the calls are those of the first.`);
    }
  } else {
    lines.push(`${name} is cut off.`);
  }
  if (ending.code !== 0) lines.push(`The program ${words(ending)}.`);
  return lines.join("\n");
}

/** The command, for the table in cli.js. @type {import("../cli.js").Command} */
export const traceCommand = {
  summary: "what a program asks of its allocator, call by call, into a file",
  rest: "[node] app.js ARGS",
  options: {
    output: { type: "string", short: "o", value: "FILE", help: "trace.jsonl if not given" },
    limit: {
      type: "string",
      value: "N",
      help: "record the first N calls; 10,000,000 if not given",
    },
    times: { type: "boolean", help: "with microseconds, so that no two traces are the same" },
  },
  notes: `The program must be linked with the archive that reports its calls:
  emcc app.c build/libmini_alloc-trace.a -sMALLOC=none -o app.js
It reports to JavaScript. Not to be had therefore: threads, which that archive
refuses to be linked with, and a .wasm file alone, whose import nobody provides.

FILE holds a line of JSON for the program and one for each call; the README has
all fields. Ctrl-C leaves what was recorded up to then, in whole lines.
Exit code 0; 1 if the program did not end with 0; 2 if nothing was recorded.`,
  /** @param {Values} values @param {import("../cli.js").Context} context */
  async run(values, { cwd, env, terminal, interruption }) {
    const name = values.output ?? "trace.jsonl";
    const path = resolve(cwd, name);
    const limit = values.limit === undefined ? LIMIT : readLimit(values.limit);
    const program = readProgram(values.rest ?? [], cwd);
    checkOutput(path, name);

    // In place of an older trace only when there is a new one.
    const part = `${path}.${pid}.part`;
    const setting = { cwd, env, output: part, limit, times: values.times === true };
    try {
      const ending = await runWatched(program, setting, interruption());
      if (!existsSync(part)) throw nothingRecorded(ending);
      // Beside what the program prints.
      terminal.note(report(name, readEnd(part), ending));
      return { text: "", code: ending.code === 0 ? 0 : 1 };
    } finally {
      if (existsSync(part)) renameSync(part, path);
    }
  },
};
