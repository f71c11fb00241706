// Makes the lines of a trace from what the trace archive reports. Pure.
//
// Each report is seven numbers: which instance, which call, and what it was given and gave. They
// come from src/trace.h as they are, without a sign or with one.

import { CALLS, FORMAT, VERSION } from "./format.js";

/** @typedef {import("./format.js").Op} Op */

/**
 * @typedef {object} Setting
 * @property {string} program its name
 * @property {number} limit calls to record
 * @property {(line: string) => void} write takes each line, without its end
 * @property {() => number} [clock] in microseconds, if times are wanted
 */

const OPS = new Map(Object.keys(CALLS).map((op) => [op.charCodeAt(0), /** @type {Op} */ (op)]));
const BEGIN = "h".charCodeAt(0);

/** @param {Map<number, number>} given @param {number} address */
const number = (given, address) => (address === 0 ? 0 : (given.get(address) ?? -1));

/**
 * Returns the function that the trace archive calls, and one for the last line.
 * @param {Setting} setting
 */
export function newRecorder({ program, limit, write, clock }) {
  /** @type {Map<number, number>} the latest block at each address */
  const blocks = new Map();
  /** @type {Map<number, number>} the latest mark of each address */
  const marks = new Map();
  let begun = 0;
  const counts = { made: 0, calls: 0, unrecorded: 0, instances: 0, pages: 0 };

  /** @param {number} base @param {number} alignment @param {number} pages */
  function begin(base, alignment, pages) {
    counts.instances++;
    if (counts.instances > 1) return counts.instances;
    counts.pages = pages;
    begun = clock?.() ?? 0;
    const head = { format: FORMAT, version: VERSION, allocator: "mini-alloc", program };
    write(JSON.stringify({ ...head, alignment, base, pages }));
    return 1;
  }

  /** @param {Map<number, number>} given @param {number} address */
  function next(given, address) {
    counts.made++;
    given.set(address, counts.made);
    return counts.made;
  }

  /** @param {Op} op @param {number} p @param {number} n @param {number} z @param {number} from */
  function fields(op, p, n, z, from) {
    if (op === "f") return `"id":${number(blocks, from)}`;
    if (op === "x") return `"id":${number(marks, p)},"p":${n === 0 ? p : 0}`;
    if (op === "k") return `"id":${next(marks, p)},"p":${p}`;
    const given = op === "r" ? `"from":${number(blocks, from)},` : "";
    const id = p === 0 ? 0 : next(blocks, p);
    const more = op === "c" ? `"z":${z},` : op === "a" ? `"a":${z},` : "";
    return `"id":${id},${given}"n":${n},${more}"p":${p}`;
  }

  return {
    /** @type {(...report: number[]) => number} */
    record(recording = 0, code = 0, block = 0, n = 0, z = 0, from = 0, pages = 0) {
      if (code === BEGIN) return begin(block >>> 0, n >>> 0, pages);
      const op = OPS.get(code);
      if (recording !== 1 || op === undefined) return recording;
      if (counts.calls === limit) {
        counts.unrecorded++;
        return recording;
      }
      counts.calls++;
      const given = fields(op, block >>> 0, n >>> 0, z >>> 0, from >>> 0);
      const grown = pages === counts.pages ? "" : `,"g":${pages}`;
      counts.pages = pages;
      write(`{"op":"${op}",${given}${grown}${clock ? `,"t":${Math.round(clock() - begun)}` : ""}}`);
      return recording;
    },

    /** The last line, if there was a first. */
    end() {
      const { calls, unrecorded, instances, pages } = counts;
      if (instances === 0) return undefined;
      return JSON.stringify({ op: "end", calls, unrecorded, instances, pages });
    },
  };
}
