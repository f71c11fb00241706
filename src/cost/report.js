// What a comparison has found, as data. Pure.

import { csv, json } from "../table.js";
import { plainReport } from "./program/report.js";
import { pairedRatio } from "./statistics.js";

/** @typedef {import("./measure.js").InkResult} InkResult */
/** @typedef {import("./measure.js").TimeResult} TimeResult */

/**
 * One allocator at one workload. What could not be measured is missing.
 * @typedef {object} Result
 * @property {string} allocator
 * @property {number} [ink] an operation
 * @property {number} [inkRatio] to dlmalloc's
 * @property {number} [ns] an operation, the median
 * @property {number} [nsBelow] in its place, where it is less than the clock can carry
 * @property {number} [nsSpread] half the distance of the quartiles
 * @property {number} [nsRatio] to dlmalloc's
 * @property {number[]} [nsSamples] of each round
 * @property {number} [pages] at the end
 */

/**
 * @typedef {object} WorkloadReport
 * @property {string} name
 * @property {string} about
 * @property {number} operations
 * @property {Result[]} results
 */

/**
 * @typedef {object} AllocatorReport
 * @property {string} name
 * @property {string} about
 * @property {{js: number, wasm: number}} bytes of the program with all workloads
 * @property {{js: number, wasm: number} | undefined} added to that with the stub, if it was there
 */

/**
 * @typedef {object} EdgeCases
 * @property {string} allocator
 * @property {EdgeCost | undefined} alloc
 * @property {EdgeCost | undefined} allocZeroed
 */

/** @typedef {{gas: number, pages: number}} EdgeCost */

/**
 * @typedef {object} Report
 * @property {{emcc: string, node: string, level: string, date: string, rounds: number}} conditions
 * @property {AllocatorReport[]} allocators
 * @property {WorkloadReport[]} workloads
 * @property {EdgeCases[]} edgeCases
 * @property {import("./program/report.js").Report | undefined} sqlite
 * @property {string[]} warnings
 * @property {string[]} conclusions
 */

const BASE = "dlmalloc";

/**
 * @param {import("./workloads.js").Workload} workload
 * @param {readonly {name: string}[]} allocators
 * @param {readonly (InkResult | undefined)[]} inks
 * @param {readonly (TimeResult | undefined)[]} times
 * @returns {WorkloadReport}
 */
export function workloadReport({ name, about, operations }, allocators, inks, times) {
  const at = allocators.findIndex((allocator) => allocator.name === BASE);
  const base = times[at];
  const results = allocators.map((allocator, i) => {
    const [ink, time] = [inks[i], times[i]];
    return {
      allocator: allocator.name,
      ...(ink ? { ...ink, ...ratio("inkRatio", ink.ink, inks[at]?.ink) } : {}),
      ...(time && ink ? timeFigures(time, base) : {}),
    };
  });
  return { name, about, operations, results };
}

/** Whether the clock can carry it. @param {TimeResult} time */
export const carried = ({ ns, least }) => ns >= least;

/** @param {TimeResult} time @param {TimeResult | undefined} base */
function timeFigures(time, base) {
  if (!carried(time)) return { nsBelow: time.least };
  const nsRatio = base && carried(base) ? { nsRatio: pairedRatio(time.samples, base.samples) } : {};
  return { ns: time.ns, nsSpread: time.spread, ...nsRatio, nsSamples: time.samples };
}

/**
 * @param {string} key
 * @param {number} value
 * @param {number | undefined} base
 */
const ratio = (key, value, base) => (base ? { [key]: value / base } : {});

/** @param {Report} report */
export const reportJson = (report) =>
  json({ ...report, sqlite: report.sqlite && plainReport(report.sqlite) });

/** @param {number | undefined} value */
const sixDigits = (value) => value && Number(value.toPrecision(6));

/** @param {Report} report */
export function reportCsv({ workloads, allocators }) {
  const header = ["workload", "allocator", "operations", "ink", "ink_ratio", "ns", "ns_spread"];
  const rows = workloads.flatMap(({ name, operations, results }) =>
    results.map(({ allocator, ink, inkRatio, ns, nsSpread, nsRatio, pages }) => {
      const added = allocators.find((one) => one.name === allocator)?.added;
      const figures = [ink, inkRatio, ns, nsSpread, nsRatio].map(sixDigits);
      return [name, allocator, operations, ...figures, pages, added?.wasm, added?.js];
    }),
  );
  return csv([...header, "ns_ratio", "pages", "wasm_added", "js_added"], rows);
}
