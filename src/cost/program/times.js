// Times of a program, and whether two of them differ. Pure.

import { quantile } from "../statistics.js";

/** @typedef {import("./rounds.js").Subject} Subject */

/**
 * @typedef {object} Time in milliseconds
 * @property {number} median
 * @property {number} low the first quartile
 * @property {number} high the third quartile
 * @property {number[]} runs
 */

/** @param {Subject} subject @returns {Time | undefined} */
export function timeOf({ runs }) {
  const timed = runs.length > 1 ? runs.slice(1) : runs;
  const times = timed.flatMap(({ report }) => (report ? [report.ms] : []));
  if (times.length === 0) return undefined;
  const [low = 0, median = 0, high = 0] = [0.25, 0.5, 0.75].map((q) => quantile(times, q));
  return { median, low, high, runs: times };
}

// Of the rank sum, in standard deviations: four runs that are all faster than four others.
const CERTAIN = 2.3;

/**
 * Whether two times differ by more than chance: the test of Mann and Whitney.
 * @param {Time | undefined} a
 * @param {Time | undefined} b
 */
export function apart(a, b) {
  if (!a || !b) return false;
  const [n, m] = [a.runs.length, b.runs.length];
  const wins = (/** @type {number} */ x) =>
    b.runs.filter((y) => x < y).length + b.runs.filter((y) => x === y).length / 2;
  const sum = a.runs.reduce((total, x) => total + wins(x), 0);
  return Math.abs(sum - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12) > CERTAIN;
}
