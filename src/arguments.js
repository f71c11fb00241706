// Takes a command line apart, strictly. Pure. parseArgs tells what is what; its own errors lack a
// remedy.

import { parseArgs } from "node:util";
import { MiniAllocError, nearest } from "./errors.js";

/** @typedef {import("./cli.js").Option} Option */

/**
 * @typedef {object} Accepted what a command takes
 * @property {Readonly<Record<string, Option>>} options by their names
 * @property {string} [operand] the one argument beside options, which must then be there
 * @property {string} [rest] what may follow `--`
 */

/**
 * Returns the values by the names of the options, and `operand` and `rest` where they are accepted.
 * @param {readonly string[]} args
 * @param {Accepted} accepted
 * @param {string} usage the command that shows what is accepted
 * @returns {Record<string, unknown>}
 * @throws {MiniAllocError}
 */
export function parse(args, { options, operand, rest }, usage) {
  const end = rest === undefined ? -1 : args.indexOf("--");
  const own = end < 0 ? [...args] : args.slice(0, end);
  const { values, tokens } = parseArgs({ args: own, options, strict: false, tokens: true });
  const operands = [];
  for (const token of tokens) {
    if (token.kind === "option") checkOption(token, options, usage);
    if (token.kind === "positional") operands.push(token.value);
  }
  const unexpected = operands[operand === undefined ? 0 : 1];
  if (unexpected !== undefined) {
    throw new MiniAllocError(`unexpected argument '${unexpected}'`, usage);
  }
  if (operand !== undefined && operands.length === 0 && !values.help) {
    throw new MiniAllocError(`no ${operand} is named`, usage);
  }
  return { ...values, operand: operands[0], ...(end < 0 ? {} : { rest: args.slice(end + 1) }) };
}

/**
 * @param {{name: string, rawName: string, value?: string | undefined}} token
 * @param {Readonly<Record<string, Option>>} options
 * @param {string} usage
 */
function checkOption({ name, rawName, value }, options, usage) {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) {
    const meant = nearest(name, Object.keys(options));
    throw new MiniAllocError(`unknown option '${rawName}'`, meant ? `--${meant}` : usage);
  }
  if (option.type === "boolean" && value !== undefined) {
    throw new MiniAllocError(`'${rawName}' takes no value, but was given '${value}'`, rawName);
  }
  const missing = value === undefined || value === "" || value.startsWith("--");
  if (option.type === "string" && missing) {
    throw new MiniAllocError(`'${rawName}' needs a value`, `${rawName} ${option.value}`);
  }
}
