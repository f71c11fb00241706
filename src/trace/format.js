// A trace: every call that a program made of its allocator, in order, as JSON Lines. Pure, for
// Node and for a page.
//
// The first line tells of the program:
//
//   format      "mini-alloc-trace"
//   version     1
//   allocator   "mini-alloc"
//   program     name of the file that was run
//   alignment   what malloc aligns to, in bytes
//   base        heap base: the first address after static data and stack
//   pages       64 KiB pages of memory when recording began
//
// Then comes a line for each call. `op` says which:
//
//   op    call                                                     fields after op
//   "m"   malloc                                                   id n p
//   "c"   calloc                                                   id n z p
//   "a"   aligned_alloc, memalign, posix_memalign, mini_alloc      id n a p
//   "r"   realloc, reallocarray                                    id from n p
//   "f"   free                                                     id
//   "k"   mini_alloc_mark                                          id p
//   "x"   mini_alloc_reset                                         id p
//
//   id     number of the block that the call made, 1, 2, 3, ... in one row with the marks;
//          0 if it was refused. For "f" the block that is freed, for "x" the mark it goes back to
//   from   the block that realloc was given
//   n      bytes asked for; for "c" the count of elements. aligned_alloc of 0 bytes asks for 1
//   z      bytes of each element
//   a      alignment
//   p      address of the block, 0 if the call was refused; for "k" and "x" the bump pointer
//   g      pages of memory after the call, where they are not what they were
//   t      microseconds since recording began, where times were wanted
//
// `id` of "f" and "x", and `from`: 0 for NULL, -1 for an address that no call on record gave.
//
// The last line is written when the program ends, and missing if it was killed, or its trace cut
// off: {"op":"end","calls":3,"unrecorded":0,"instances":1,"pages":256}
//
//   calls        lines of calls above
//   unrecorded   calls that came after, beyond a limit
//   instances    modules with a heap of their own; the calls are those of the first
//   pages        pages of memory at the last call

import { MiniAllocError } from "../errors.js";

export const FORMAT = "mini-alloc-trace";
export const VERSION = 1;

/**
 * @typedef {object} Header
 * @property {typeof FORMAT} format
 * @property {typeof VERSION} version
 * @property {string} allocator
 * @property {string} program
 * @property {number} alignment
 * @property {number} base
 * @property {number} pages
 */

/** @typedef {"m" | "c" | "a" | "r" | "f" | "k" | "x"} Op */

/**
 * @typedef {object} Call
 * @property {Op} op
 * @property {number} id
 * @property {number} [from]
 * @property {number} [n]
 * @property {number} [z]
 * @property {number} [a]
 * @property {number} [p]
 * @property {number} [g]
 * @property {number} [t]
 */

/** @typedef {{op: "end", calls: number, unrecorded: number, instances: number, pages: number}} End */

/**
 * @typedef {object} Trace
 * @property {Header} header
 * @property {Call[]} calls
 * @property {End} [end] missing if the trace is cut off
 */

/** @typedef {Record<string, unknown>} Fields */

const HEADER = ["format", "version", "allocator", "program", "alignment", "base", "pages"];
const END = ["op", "calls", "unrecorded", "instances", "pages"];
const MAY_HAVE = ["g", "t"];

/** @type {Readonly<Record<Op, readonly string[]>>} what a line has after its op */
export const CALLS = {
  m: ["id", "n", "p"],
  c: ["id", "n", "z", "p"],
  a: ["id", "n", "a", "p"],
  r: ["id", "from", "n", "p"],
  f: ["id"],
  k: ["id", "p"],
  x: ["id", "p"],
};

const MOST = 2 ** 32; // addresses and sizes are below

/** @type {Readonly<Record<string, [number, number]>>} both included */
const RANGES = {
  id: [-1, MOST - 1],
  from: [-1, MOST - 1],
  n: [0, MOST - 1],
  z: [0, MOST - 1],
  a: [0, MOST - 1],
  p: [0, MOST - 1],
  g: [0, MOST / 65_536],
  t: [0, Number.MAX_SAFE_INTEGER],
};

/** @param {number} line @param {string} what @returns {never} */
function refuse(line, what) {
  throw new MiniAllocError(
    `cannot read the trace: line ${line}: ${what}`,
    "record it again: mini-alloc trace -- node app.js",
  );
}

/** @param {string} text @param {number} line @returns {Fields} */
function readObject(text, line) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse(line, "it is no JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(line, "it is no JSON object");
  }
  return /** @type {Fields} */ (value);
}

/**
 * Asserts that these fields are there, and no others but those that may be.
 * @param {Fields} fields
 * @param {readonly string[]} needed
 * @param {readonly string[]} allowed
 * @param {number} line
 */
function checkNames(fields, needed, allowed, line) {
  const missing = needed.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) refuse(line, `'${missing}' is missing`);
  const alien = Object.keys(fields).find(
    (name) => !needed.includes(name) && !allowed.includes(name),
  );
  if (alien !== undefined) refuse(line, `'${alien}' does not belong there`);
}

/**
 * @param {Fields} fields
 * @param {string} name
 * @param {[number, number]} range both included
 * @param {number} line
 */
function checkNumber(fields, name, [least, most], line) {
  const value = fields[name];
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
  refuse(line, `'${name}' cannot be ${JSON.stringify(value)}`);
}

/** @param {Fields} fields @param {number} line @returns {Header} */
function readHeader(fields, line) {
  if (fields.format !== FORMAT) refuse(line, `'format' is not "${FORMAT}"`);
  if (fields.version !== VERSION) {
    refuse(line, `version ${JSON.stringify(fields.version)} is not ${VERSION}`);
  }
  checkNames(fields, HEADER, [], line);
  for (const name of ["allocator", "program"]) {
    if (typeof fields[name] !== "string") refuse(line, `'${name}' is no string`);
  }
  checkNumber(fields, "alignment", [1, MOST - 1], line);
  checkNumber(fields, "base", [0, MOST - 1], line);
  checkNumber(fields, "pages", [0, MOST / 65_536], line);
  return /** @type {any} */ (fields);
}

/** @param {Fields} fields @param {Trace} trace @param {number} line @returns {End} */
function readEnd(fields, trace, line) {
  checkNames(fields, END, [], line);
  for (const name of END.slice(1)) checkNumber(fields, name, [0, Number.MAX_SAFE_INTEGER], line);
  if (fields.calls !== trace.calls.length) {
    refuse(line, `'calls' is ${fields.calls}, but ${trace.calls.length} are above`);
  }
  return /** @type {any} */ (fields);
}

/**
 * @param {Fields} fields
 * @param {Op[]} made what each number stands for: the op of its call
 * @param {number} line
 * @returns {Call}
 */
function readCall(fields, made, line) {
  const op = /** @type {Op} */ (fields.op);
  checkNames(fields, ["op", ...CALLS[op]], MAY_HAVE, line);
  for (const name of Object.keys(fields)) {
    const range = RANGES[name];
    if (range) checkNumber(fields, name, range, line);
  }
  const call = /** @type {Call} */ (/** @type {unknown} */ (fields));
  const given = op === "r" ? "from" : op === "f" || op === "x" ? "id" : undefined;
  if (given !== undefined) checkGiven(call, given, made, line);
  if (given !== "id") {
    const id = call.p === 0 && op !== "k" ? 0 : made.length + 1;
    if (call.id !== id) refuse(line, `'id' is ${call.id}, not ${id}`);
    if (id > 0) made.push(op);
  }
  return call;
}

/** @param {Call} call @param {"id" | "from"} name @param {Op[]} made @param {number} line */
function checkGiven(call, name, made, line) {
  const number = call[name] ?? 0;
  if (number <= 0) return;
  const maker = made[number - 1];
  if (maker === undefined) refuse(line, `'${name}' is ${number}, which is not made yet`);
  if ((maker === "k") !== (call.op === "x")) {
    refuse(line, `'${name}' is ${number}, which is ${maker === "k" ? "a mark" : "no mark"}`);
  }
}

/**
 * Reads a trace, and is strict: what it returns keeps what is promised above.
 * @param {string | Iterable<string>} source the text, or its lines
 * @returns {Trace}
 * @throws {MiniAllocError} that names the line
 */
export function readTrace(source) {
  const lines = typeof source === "string" ? source.replace(/\n$/, "").split("\n") : source;
  /** @type {Trace | undefined} */
  let trace;
  /** @type {Op[]} */
  const made = [];
  let number = 0;
  for (const text of lines) {
    number++;
    const fields = readObject(text, number);
    if (!trace) trace = { header: readHeader(fields, number), calls: [] };
    else if (trace.end) refuse(number, "it comes after the end");
    else if (fields.op === "end") trace.end = readEnd(fields, trace, number);
    else if (Object.hasOwn(CALLS, String(fields.op))) {
      trace.calls.push(readCall(fields, made, number));
    } else refuse(number, `there is no op ${JSON.stringify(fields.op)}`);
  }
  return trace ?? refuse(1, "there is nothing");
}

/** Tells whether a file that begins with this line is a trace. @param {string} line */
export function isHeader(line) {
  try {
    return readHeader(readObject(line, 1), 1) !== undefined;
  } catch (error) {
    if (error instanceof MiniAllocError) return false;
    throw error;
  }
}
