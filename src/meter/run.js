// Runs calls of a module's exports, metered.

import { MiniAllocError } from "../errors.js";
import { fillImports } from "./host.js";
import { readCounters } from "./instrument.js";
import { pagesInk } from "./prices.js";
import { Exit } from "./services.js";

/** @typedef {import("./instrument.js").Counts} Counts */

/**
 * What something cost.
 * @typedef {object} Cost
 * @property {bigint} ink
 * @property {bigint} operators executed, those outside the schedule included
 * @property {bigint} outside executed operators that the schedule has no price for
 * @property {number} pagesBefore
 * @property {number} pagesAfter
 * @property {number | undefined} pagesInk what Stylus charges for the growth; undefined beyond the
 *   pages that a program may have there
 */

/**
 * @typedef {Cost & Ending & {name: string, args: (number | bigint)[]}} CallCost
 */

/**
 * @typedef {object} Ending
 * @property {unknown} [result] what the export returned, if anything
 * @property {string} [trap] why it did not return
 * @property {number} [exit] the code with which it ended the program
 */

/**
 * @typedef {object} Run
 * @property {import("./host.js").Filled[]} imports
 * @property {Cost & {functions: string[]}} setup the start function and `functions`
 * @property {CallCost[]} calls
 * @property {Map<string, number>} outside how often each operator without a price stands in the code
 */

const INITIALIZERS = ["_initialize", "__wasm_call_ctors"];

/** @param {WebAssembly.Memory | undefined} memory */
const pagesOf = (memory) => (memory?.buffer.byteLength ?? 0) / 65_536;

/**
 * Makes an instance, initializes it, and calls exports on it.
 * @param {import("./instrument.js").Metered} metered
 * @param {readonly import("./call.js").Call[]} calls
 * @param {import("./host.js").Surroundings} surroundings
 * @returns {Run}
 * @throws {MiniAllocError} if the module does not start
 */
export function runCalls(metered, calls, surroundings) {
  const { imports, filled, attach } = fillImports(metered.module, surroundings);
  const counted = counter();
  const compiled = compile(metered.bytes);
  const instance = started(() => new WebAssembly.Instance(compiled, imports), "its start function");
  const exports = /** @type {Record<string, any>} */ (instance.exports);
  const memory = memoryOf(metered.module, exports, imports);
  attach(memory);

  const functions = INITIALIZERS.filter((name) => name in exports).slice(0, 1);
  for (const name of functions) started(() => exports[name](), `'${name}'`);
  const initial = metered.module.memory?.limits.minimum ?? 0;
  const setup = { functions, ...counted(readCounters(exports), initial, pagesOf(memory)) };

  return {
    ...{ imports: filled, setup, outside: metered.outside },
    calls: calls.map(({ name, args }) => {
      const before = pagesOf(memory);
      const ending = ended(() => exports[name](...args));
      return { name, args, ...ending, ...counted(readCounters(exports), before, pagesOf(memory)) };
    }),
  };
}

/** @param {Uint8Array} bytes of an instrumented module @returns {WebAssembly.Module} */
function compile(bytes) {
  try {
    return new WebAssembly.Module(/** @type {BufferSource} */ (bytes));
  } catch (error) {
    throw new MiniAllocError(
      `the module with its counters is refused: ${reason(error)}`,
      "this is a fault of mini-alloc: report it, with the module",
    );
  }
}

/** Returns a function that tells what has come since it was called last. */
function counter() {
  let last = /** @type {Counts} */ ({ ink: 0n, operators: 0n, outside: 0n, refused: 0n });
  return (
    /** @type {Counts} */ now,
    /** @type {number} */ pagesBefore,
    /** @type {number} */ pagesAfter,
  ) => {
    const { ink, operators, outside } = last;
    last = now;
    return {
      ink: now.ink - ink,
      operators: now.operators - operators,
      outside: now.outside - outside,
      ...{ pagesBefore, pagesAfter, pagesInk: pagesInk(pagesBefore, pagesAfter) },
    };
  };
}

/**
 * @param {import("./module.js").Module} module
 * @param {Record<string, any>} exports
 * @param {Record<string, Record<string, any>>} imports
 * @returns {WebAssembly.Memory | undefined}
 */
function memoryOf(module, exports, imports) {
  const imported = module.imports.find(({ kind }) => kind === "memory");
  if (imported) return imports[imported.module]?.[imported.name];
  const exported = module.exports.find(({ kind }) => kind === "memory");
  return exports[exported?.name ?? "__memory"];
}

/** @template T @param {() => T} run @param {string} what @returns {T} */
function started(run, what) {
  try {
    return run();
  } catch (error) {
    if (error instanceof MiniAllocError) throw error;
    throw new MiniAllocError(
      `the module does not start: ${what} failed: ${reason(error)}`,
      "a module that needs no more than the command can fill in, such as one of -sSTANDALONE_WASM",
    );
  }
}

/** @param {unknown} error */
const reason = (error) => (error instanceof Error ? error.message : "uncaught exception");

/** @param {() => unknown} run @returns {Ending} */
function ended(run) {
  try {
    const result = run();
    return result === undefined ? {} : { result };
  } catch (error) {
    return error instanceof Exit ? { exit: error.code } : { trap: reason(error) };
  }
}
