// Calls of exports, as the command line has them. Pure.

import { MiniAllocError, nearest } from "../errors.js";

/** @typedef {import("./module.js").FunctionType} FunctionType */
/** @typedef {import("./module.js").ValueType} ValueType */

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
