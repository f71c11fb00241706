// Runs calls of a module's exports, metered.

import { MiniAllocError, nearest } from "../errors.js";
import { Exit, fillImports } from "./host.js";
import { readCounters } from "./instrument.js";
import { pagesInk } from "./prices.js";

/** @typedef {import("./instrument.js").Counts} Counts */
/** @typedef {import("./module.js").FunctionType} FunctionType */
/** @typedef {import("./module.js").ValueType} ValueType */

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
 * @param {readonly Call[]} calls
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

// ---- what to call --------------------------------------------------------------------------------

/** @typedef {{name: string, args: (number | bigint)[]}} Call */

/**
 * Reads a call as the command line has it, NAME[:ARG,...].
 * @param {string} text
 * @param {import("./module.js").Module} module
 * @returns {Call}
 * @throws {MiniAllocError}
 */
export function readCall(text, module) {
  const functions = module.exports.filter(({ kind }) => kind === "function");
  const whole = functions.find(({ name }) => name === text);
  const colon = whole ? -1 : text.lastIndexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const words = colon < 0 || colon === text.length - 1 ? [] : text.slice(colon + 1).split(",");
  const exported = functions.find((entry) => entry.name === name);
  const type = exported && module.functions[exported.index];
  if (!type) throw unknownExport(name, functions);
  return { name, args: readArguments(name, words, type) };
}

/** @param {string} name @param {readonly {name: string}[]} functions */
function unknownExport(name, functions) {
  const names = functions.map((entry) => entry.name);
  const meant = names.length > 0 ? nearest(name, names) : undefined;
  const some = names.slice(0, 8).join(", ") + (names.length > 8 ? ", ..." : "");
  const renamed = names.length > 0 && names.every((one) => one.length < 3);
  const hint = renamed ? " (emcc has renamed them: --profiling-funcs keeps the names)" : "";
  return new MiniAllocError(
    `the module exports no function '${name}'`,
    meant ? `--call ${meant}` : names.length > 0 ? `one of: ${some}${hint}` : "export one",
  );
}

/** @param {string} name @param {string[]} words @param {FunctionType} type */
function readArguments(name, words, { parameters, results }) {
  const strange = [...parameters, ...results].find((t) => t === "v128" || t === "reference");
  if (strange) {
    throw new MiniAllocError(
      `cannot call '${name}': it takes or returns a ${strange}`,
      "call it from an export that takes and returns numbers",
    );
  }
  if (words.length !== parameters.length) {
    const takes = parameters.length > 0 ? `(${parameters.join(", ")})` : "no arguments";
    throw new MiniAllocError(
      `'${name}' takes ${takes}, but was given ${words.length}`,
      example(name, parameters),
    );
  }
  return words.map((word, i) => {
    const value = readArgument(word, parameters[i] ?? "i32");
    if (value !== undefined) return value;
    throw new MiniAllocError(
      `'${word}' is no argument for '${name}': it takes an integer that fits ${parameters[i]}`,
      example(name, parameters),
    );
  });
}

/** A call that could be. @param {string} name @param {readonly ValueType[]} parameters */
const example = (name, parameters) =>
  `--call ${name}${parameters.length > 0 ? `:${parameters.map(() => 0).join(",")}` : ""}`;

const BITS = { i32: 32n, i64: 64n };

/**
 * Returns undefined for what is no integer, or not of this type.
 * @param {string} word
 * @param {ValueType} type
 * @returns {number | bigint | undefined}
 */
function readArgument(word, type) {
  const [, sign, digits] = /^([-+]?)(0x[\da-f]+|\d+)$/i.exec(word.trim()) ?? [];
  if (digits === undefined) return undefined;
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  if (type !== "i32" && type !== "i64") return Number(value);
  const bits = BITS[type];
  if (value < -(1n << (bits - 1n)) || value >= 1n << bits) return undefined;
  return type === "i64" ? value : Number(value);
}
