// Calls as few bytes, for links and examples, and back. Pure.
//
// First the number of calls, then each: its place in FORMS and its arguments, all as numbers of
// seven bits a byte, the lowest first; then two bytes to check the rest by. A block is given by how
// many calls that return blocks lie between it and now: so a loop repeats itself byte by byte, which
// a compressor likes. A mark likewise.

import { FORMS, LARGEST } from "../engine/calls.js";
import { MOST_CALLS } from "../engine/log.js";

/** @typedef {import("../engine/calls.js").Call} Call */

/** What cannot be calls: the rest of a sentence that begins with what was read. */
export class CodecError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "CodecError";
  }
}

const CHECK = 2; // bytes

/** The most bytes that any log takes: each call an op and two numbers of at most five bytes. */
export const MOST_BYTES = 3 + 11 * MOST_CALLS + CHECK;

/** Counts what calls have returned, whether or not they got it. */
class Counts {
  block = 0;
  mark = 0;

  /** @param {import("../engine/calls.js").Form} form */
  add({ returns }) {
    if (returns === "block" || returns === "mark") this[returns]++;
  }
}

/** Two sums, the second of which knows the order. @param {Uint8Array} bytes */
function checkOf(bytes) {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 251;
    high = (high + low) % 251;
  }
  return [low, high];
}

/**
 * @param {Iterable<Call>} calls that a heap has made, or would make
 * @param {number} length how many
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function encodeCalls(calls, length) {
  const bytes = new Uint8Array(3 + 11 * length + CHECK);
  const counts = new Counts();
  let at = 0;
  const write = (/** @type {number} */ value) => {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes[at++] = (rest % 128) | 0x80;
    bytes[at++] = rest;
  };
  write(length);
  for (const { op, args } of calls) {
    const code = FORMS.findIndex((form) => form.op === op);
    const form = /** @type {import("../engine/calls.js").Form} */ (FORMS[code]);
    write(code);
    for (const [i, parameter] of form.parameters.entries()) {
      const value = args[i] ?? 0;
      const isReference = parameter === "block" || parameter === "mark";
      write(isReference && value > 0 ? 1 + counts[parameter] - value : value);
    }
    counts.add(form);
  }
  bytes.set(checkOf(bytes.subarray(0, at)), at);
  return bytes.slice(0, at + CHECK);
}

class Reader {
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const end = bytes.length - CHECK;
    if (end < 1) throw new CodecError("is cut off");
    this.bytes = bytes.subarray(0, end);
    const [low, high] = checkOf(this.bytes);
    if (bytes[end] !== low || bytes[end + 1] !== high)
      throw new CodecError("is cut off or changed");
  }

  get isAtEnd() {
    return this.#at === this.bytes.length;
  }

  /** @param {number} [most] */
  number(most = LARGEST) {
    let value = 0;
    for (let weight = 1; weight <= 2 ** 28; weight *= 128) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) throw new CodecError("is cut off");
      value += (byte & 0x7f) * weight;
      if (byte > 0x7f) continue;
      if (value <= most) return value;
      break;
    }
    throw new CodecError("has a number that is too large");
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {Call[]}
 * @throws {CodecError}
 */
export function decodeCalls(bytes) {
  const reader = new Reader(bytes);
  const length = reader.number(MOST_CALLS);
  const counts = new Counts();
  /** @type {Call[]} */
  const calls = [];
  while (calls.length < length) {
    const form = FORMS[reader.number()];
    if (!form) throw new CodecError("has a call that there is not");
    const args = form.parameters.map((parameter) => {
      if (parameter !== "block" && parameter !== "mark") return reader.number();
      const back = reader.number();
      if (back > counts[parameter]) throw new CodecError(`uses a ${parameter} that there is not`);
      return back === 0 ? 0 : 1 + counts[parameter] - back;
    });
    counts.add(form);
    calls.push({ op: form.op, args });
  }
  if (!reader.isAtEnd) throw new CodecError("goes on after its last call");
  return calls;
}
