// Says in words who wins, by how much, and where mini-alloc loses. Pure.

import { grouped } from "../table.js";
import { pairedRatio } from "./statistics.js";

/** @typedef {import("./report.js").WorkloadReport} WorkloadReport */
/** @typedef {import("./report.js").Result} Result */

/**
 * A rival at a workload.
 * @typedef {object} Rival
 * @property {string} name
 * @property {number} factor its figure by ours: above 1 we win
 * @property {string} bound "more than " where the factor is one that we exceed
 */

const OURS = "mini-alloc";
const MUCH_LESS = 0.8; // pages: below that it is not how memory happens to grow
const AGREEING = 0.75; // of all rounds, for a verdict on time
const NO_RIVALS = new Set([OURS, "mini-alloc-inlined", "stub"]);

/** "1.04 times", "3.6 times", "10,668 times". @param {number} factor */
export const times = (factor) =>
  `${grouped(factor, factor < 1.1 ? 2 : factor < 100 ? 1 : 0)} times`;

/** "a, b and c". @param {readonly string[]} names */
export const list = (names) =>
  names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join("");

/**
 * @param {WorkloadReport} workload
 * @param {(ours: Result, theirs: Result) => Omit<Rival, "name"> | undefined} versus
 * @returns {Rival[]}
 */
function rivals({ results }, versus) {
  const ours = results.find(({ allocator }) => allocator === OURS);
  return results.flatMap((theirs) => {
    const verdict = NO_RIVALS.has(theirs.allocator) || !ours ? undefined : versus(ours, theirs);
    return verdict ? [{ name: theirs.allocator, ...verdict }] : [];
  });
}

/** @param {WorkloadReport} workload */
const inInk = (workload) =>
  rivals(workload, ({ ink: ours }, { ink: theirs }) =>
    ours && theirs !== undefined ? { factor: theirs / ours, bound: "" } : undefined,
  );

/** Those on which the rounds agree, since everything varies. @param {WorkloadReport} workload */
const inTime = (workload) =>
  rivals(workload, (ours, theirs) => {
    if (ours.nsBelow !== undefined) {
      const factor = (theirs.ns ?? 0) / ours.nsBelow;
      return factor > 1 ? { factor, bound: "more than " } : undefined;
    }
    if (!ours.nsSamples || !theirs.nsSamples) return undefined;
    const factor = pairedRatio(theirs.nsSamples, ours.nsSamples);
    return agreed(ours.nsSamples, theirs.nsSamples) ? { factor, bound: "" } : undefined;
  });

/** @param {readonly number[]} ours @param {readonly number[]} theirs */
function agreed(ours, theirs) {
  const faster = ours.filter((ns, i) => ns < (theirs[i] ?? 0)).length;
  return Math.max(faster, ours.length - faster) >= AGREEING * ours.length;
}

/**
 * The line of a workload, of those rivals over whom we win, or of the others.
 * @param {(workload: WorkloadReport) => Rival[]} figure
 * @param {boolean} wins
 * @param {string} word what follows the factor
 * @returns {(workload: WorkloadReport) => string[]} none if there is no such rival
 */
const line = (figure, wins, word) => (workload) => {
  const words = figure(workload)
    .filter(({ factor }) => factor >= 1 === wins)
    .map((rival) => {
      const factor = wins ? rival.factor : 1 / rival.factor;
      return `${rival.bound}${times(factor)} ${word} ${rival.name}`;
    });
  return words.length > 0 ? [`  ${workload.name}: ${list(words)}`] : [];
};

/** Where it holds more memory than a rival that uses freed memory again. @param {WorkloadReport} workload */
function memoryLine({ name, operations, results }) {
  const ours = results.find(({ allocator }) => allocator === OURS)?.pages ?? 0;
  const [least] = results
    .filter(({ allocator, pages }) => !NO_RIVALS.has(allocator) && pages !== undefined)
    .toSorted((a, b) => (a.pages ?? 0) - (b.pages ?? 0));
  if (!least || (least.pages ?? 0) > MUCH_LESS * ours) return [];
  return [
    `  ${name}: ${grouped(ours)} pages after ${grouped(operations)} operations, ` +
      `${least.allocator} ${grouped(least.pages ?? 0)}`,
  ];
}

/** In how many workloads no rival does better. @param {Rival[][]} all */
function leads(all) {
  const compared = all.filter((some) => some.length > 0);
  const led = compared.filter((some) => some.every(({ factor }) => factor >= 1));
  return { led: led.length, of: compared.length };
}

/** @param {readonly WorkloadReport[]} workloads */
function summary(workloads) {
  const [ink, ns] = [leads(workloads.map(inInk)), leads(workloads.map(inTime))];
  if (ink.of === 0) return [];
  const time = ns.of > 0 ? `, the least time in ${ns.led} of ${ns.of}` : "";
  return [`mini-alloc takes the least ink in ${ink.led} of ${ink.of} workloads${time}.`];
}

/** @typedef {readonly [title: string, line: (workload: WorkloadReport) => string[]]} Section */

/** @type {readonly Section[]} */
const WINS = [
  ["mini-alloc takes less ink:", line(inInk, true, "less than")],
  ["mini-alloc takes less time:", line(inTime, true, "faster than")],
];

/** @type {readonly Section[]} */
const LOSSES = [
  ["mini-alloc loses in ink:", line(inInk, false, "more than")],
  [
    "mini-alloc loses in time, where freed memory would be warm and where realloc has to copy:",
    line(inTime, false, "slower than"),
  ],
  ["What that costs in memory, as it gives nothing back:", memoryLine],
];

/**
 * Returns the lines that end a report.
 * @param {readonly WorkloadReport[]} workloads
 * @param {{brief?: boolean}} [options] `brief` leaves to the tables what mini-alloc wins
 */
export function conclusions(workloads, { brief = false } = {}) {
  const all = summary(workloads);
  for (const [title, lineOf] of brief ? LOSSES : [...WINS, ...LOSSES]) {
    const lines = workloads.flatMap((workload) => lineOf(workload));
    if (lines.length > 0) all.push(title, ...lines);
  }
  return all;
}
