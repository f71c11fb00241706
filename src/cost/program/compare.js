// Checks that a program did the same with every allocator, metered or not.

import { readFileSync } from "node:fs";
import { ended } from "./rounds.js";

/** @typedef {import("./rounds.js").Subject} Subject */
/** @typedef {import("./run.js").Run} Run */

/**
 * @typedef {object} Difference
 * @property {[string, string]} who two runs, by their allocators
 * @property {number} [line] of what they printed, from 1
 * @property {[string, string]} what each has there
 */

const SHOWN = 100; // characters of a line

/** Whether all runs did the same. @param {Subject} subject */
export const steady = ({ runs }) => new Set(runs.map(({ digest }) => digest)).size <= 1;

/**
 * @param {readonly Subject[]} subjects those whose output counts, the one to compare with first
 * @returns {Difference[]}
 */
export function differences(subjects) {
  const [reference, ...others] = subjects.filter(({ runs }) => ended(runs[0]));
  if (!reference) return [];
  const meterings = [reference, ...others].flatMap(({ name, runs, metered }) =>
    ended(metered) ? difference([name, `${name}, metered`], runs[0], metered) : [],
  );
  const own = others.flatMap(({ name, runs }) =>
    difference([reference.name, name], reference.runs[0], runs[0]),
  );
  return [...own, ...meterings];
}

/**
 * @param {[string, string]} who
 * @param {Run | undefined} a
 * @param {Run | undefined} b
 * @returns {Difference[]}
 */
function difference(who, a, b) {
  if (!a || !b || a.digest === b.digest) return [];
  const [left, right] = [readFileSync(a.stdout), readFileSync(b.stdout)];
  if (left.equals(right)) return [{ who, what: [ending(a), ending(b)] }];
  const at = firstDifference(left, right);
  return [{ who, line: lineNumber(left, at), what: [lineAt(left, at), lineAt(right, at)] }];
}

/** How a run ended, in words. @param {Run} run */
export const ending = ({ end, how }) => (end === "signal" ? `killed by ${how}` : `exit ${how}`);

/** @param {Uint8Array} a @param {Uint8Array} b */
function firstDifference(a, b) {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  return at;
}

const NEWLINE = 10;

/** @param {Uint8Array} bytes @param {number} at */
function lineNumber(bytes, at) {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === NEWLINE) line++;
  return line;
}

/** The line around an offset, on a terminal harmless. @param {Uint8Array} bytes @param {number} at */
function lineAt(bytes, at) {
  if (at >= bytes.length) return "(nothing: it ends before)";
  const start = at === 0 ? 0 : bytes.lastIndexOf(NEWLINE, at - 1) + 1;
  const newline = bytes.indexOf(NEWLINE, at);
  const end = newline < 0 ? bytes.length : newline;
  const from = at - start > SHOWN / 2 ? at - SHOWN / 2 : start;
  const text = new TextDecoder().decode(bytes.subarray(from, Math.min(end, from + SHOWN)));
  const safe = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => escaped(character));
  return `${from > start ? "..." : ""}${safe}${end > from + SHOWN ? "..." : ""}`;
}

/** @param {string} character */
const escaped = (character) =>
  `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, "0")}`;
