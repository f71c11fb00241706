// What a user asks for: a build command, the program's arguments, limits. Pure.

import { MiniAllocError } from "../../errors.js";

/**
 * @typedef {object} Request
 * @property {string} command
 * @property {string[]} words behind it
 * @property {string[]} programArguments
 */

const RUN = "--run";

/**
 * Takes the words behind `--` apart.
 * @param {readonly string[]} rest
 * @returns {Request}
 * @throws {MiniAllocError}
 */
export function readRequest(rest) {
  const at = rest.indexOf(RUN);
  const [command, ...words] = at < 0 ? rest : rest.slice(0, at);
  if (command === undefined || command === "") {
    throw new MiniAllocError(
      "no build command is named after '--'",
      "mini-alloc cost -- emcc app.c -O2 -o app.js",
    );
  }
  return { command, words, programArguments: at < 0 ? [] : rest.slice(at + 1) };
}

// ---- numbers -------------------------------------------------------------------------------------

/** Digits, in groups of three if they are in groups. */
const COUNT = /^(?:\d+|\d{1,3}(?:_\d{3})+|\d{1,3}(?:,\d{3})+)$/;

/**
 * @param {string} option
 * @param {string} text
 * @returns {bigint}
 * @throws {MiniAllocError}
 */
function readCount(option, text) {
  if (COUNT.test(text)) return BigInt(text.replaceAll(/[_,]/g, ""));
  throw new MiniAllocError(
    `'--${option}' cannot be '${text}': a whole number`,
    `--${option} 1000000`,
  );
}

/**
 * @param {string} option
 * @param {string | undefined} text
 * @param {{least: number, most: number, usual: number}} range
 * @returns {number}
 * @throws {MiniAllocError}
 */
export function readNumber(option, text, { least, most, usual }) {
  if (text === undefined) return usual;
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw new MiniAllocError(
    `'--${option}' cannot be '${text}': a number from ${least} to ${most}`,
    `--${option} ${usual}`,
  );
}

/** What a limit may be set for. */
export const LIMITED = /** @type {const} */ (["ink", "pages", "bytes"]);

/** @typedef {Partial<Record<(typeof LIMITED)[number], bigint>>} Limits */

/**
 * @param {Readonly<Record<string, unknown>>} values of the options
 * @returns {Limits}
 * @throws {MiniAllocError}
 */
export function readLimits(values) {
  const given = LIMITED.flatMap((what) => {
    const text = values[`max-${what}`];
    return typeof text === "string" ? [[what, readCount(`max-${what}`, text)]] : [];
  });
  return Object.fromEntries(given);
}
