// Adds counters to a module, and changes nothing else that it does. Pure.
//
// A basic block adds what it costs to the counters when it is entered. The counters are mutable
// i64 globals behind the module's own, so that no index changes, and exported:
//
//   __ink         what the schedule prices
//   __operators   operators, one each
//   __outside     those of them that the schedule has no price for
//   __refused     memory.grow that returned -1
//
// A memory that is neither imported nor exported is exported as __memory.
//
// Operators are copied as they stand. Only custom sections that speak of places in the code go:
// debugging information, branch hints, source maps, relocations.
//
// A block that traps half-way has been counted whole, as in Stylus. Growth of memory is not in
// __ink: its price depends on pages only (pagesInk in prices.js).

import { MiniAllocError } from "../errors.js";
import { Writer, readUnsigned } from "./binary.js";
import { Body, COUNTERS, OP, TYPE } from "./body.js";
import { walkCode } from "./code.js";
import { readModule } from "./module.js";
import { schedules } from "./prices.js";

/** @typedef {import("./module.js").Module} Module */
/** @typedef {import("./prices.js").Schedule} Schedule */

/** @typedef {Record<(typeof COUNTERS)[number], bigint>} Counts */

/**
 * @typedef {object} Metered
 * @property {Uint8Array} bytes the module with its counters
 * @property {Module} module what the original is made of
 * @property {Map<string, number>} outside how often each operator without a price stands in the code
 */

const SECTION = { global: 6, export: 7, code: 10 };
const MUTABLE = 1;
const KIND_MEMORY = 2;
const KIND_GLOBAL = 3;

/**
 * Returns a module that counts what it costs.
 * @param {Uint8Array} bytes a valid module
 * @param {Schedule} [schedule]
 * @returns {Metered}
 * @throws {MiniAllocError} if it has what cannot be metered
 */
export function instrument(bytes, schedule = schedules.stylus) {
  const module = readModule(bytes);
  const taken = module.exports.find(({ name }) =>
    COUNTERS.some((counter) => name === `__${counter}`),
  );
  if (taken) {
    throw new MiniAllocError(
      `the module exports '${taken.name}': it was instrumented before`,
      "name the module as the compiler wrote it",
    );
  }
  const code = instrumentCode(bytes, module, schedule);
  return { bytes: assemble(bytes, module, code.section), module, outside: code.outside };
}

/**
 * Reads the counters of an instance.
 * @param {Record<string, any>} exports of an instrumented module
 * @returns {Counts}
 */
export function readCounters(exports) {
  const values = COUNTERS.map((name) => [name, exports[`__${name}`].value]);
  return /** @type {Counts} */ (Object.fromEntries(values));
}

// ---- sections ------------------------------------------------------------------------------------

// The order that the specification demands of sections is not that of their numbers: tags (13)
// come before globals (6), the data count (12) before code (10).
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

const SPEAKS_OF_CODE = /^(\.debug_|reloc\.|metadata\.code\.)|^(sourceMappingURL|linking)$/;

/** @param {Uint8Array} bytes @param {Module} module @param {Uint8Array} code */
function assemble(bytes, module, code) {
  const HEADER = 8;
  const out = new Writer().bytes(bytes.subarray(0, HEADER));
  /** @type {Readonly<Record<number, (old: Uint8Array | undefined) => Uint8Array>>} */
  const changed = {
    [SECTION.global]: (old) => extended(old, COUNTERS.map(counterGlobal)),
    [SECTION.export]: (old) =>
      extended(old, [...COUNTERS.map(counterExport(module)), ...memoryExport(module)]),
  };
  const missing = new Set(Object.keys(changed).map(Number));
  const addMissingBefore = (/** @type {number} */ place) => {
    for (const id of [...missing]) {
      if (ORDER.indexOf(id) >= place) continue;
      missing.delete(id);
      out.byte(id).sized(changed[id]?.(undefined) ?? new Uint8Array());
    }
  };
  for (const { id, name, start, end } of module.sections) {
    if (id === 0 && SPEAKS_OF_CODE.test(name)) continue;
    if (id !== 0) addMissingBefore(ORDER.indexOf(id));
    missing.delete(id);
    const old = bytes.subarray(start, end);
    out.byte(id).sized(id === SECTION.code ? code : (changed[id]?.(old) ?? old));
  }
  addMissingBefore(ORDER.length);
  return out.written;
}

/** A section with more entries at its end. */
function extended(/** @type {Uint8Array | undefined} */ old, /** @type {Uint8Array[]} */ entries) {
  const count = old ? readUnsigned(old, 0) : { value: 0, end: 0 };
  const out = new Writer().unsigned(count.value + entries.length);
  if (old) out.bytes(old.subarray(count.end));
  for (const entry of entries) out.bytes(entry);
  return out.written;
}

const counterGlobal = () => new Writer().byte(TYPE.i64, MUTABLE, OP.i64Const, 0, OP.end).written;

/** @param {Module} module @returns {(counter: string, i: number) => Uint8Array} */
const counterExport = (module) => (counter, i) =>
  new Writer()
    .name(`__${counter}`)
    .byte(KIND_GLOBAL)
    .unsigned(module.globals + i).written;

/** A memory that nobody could look at is exported too. @param {Module} module */
function memoryExport({ memory, imports, exports }) {
  const seen = [...imports, ...exports].some(({ kind }) => kind === "memory");
  return memory && !seen ? [new Writer().name("__memory").byte(KIND_MEMORY, 0).written] : [];
}

// ---- code ----------------------------------------------------------------------------------------

/** @param {Uint8Array} bytes @param {Module} module @param {Schedule} schedule */
function instrumentCode(bytes, module, schedule) {
  const section = new Writer().unsigned(module.functions.length - module.importedFunctions);
  const metered = new Body(bytes, module, schedule);
  let index = module.importedFunctions;
  walkCode(bytes, module, {
    begin: (body) => metered.begin(body, module.functions[index++]?.parameters.length ?? 0),
    operator(operator) {
      metered.operator(operator);
      if (metered.ended) section.sized(metered.finish());
    },
  });
  return { section: section.written, outside: metered.outside };
}
