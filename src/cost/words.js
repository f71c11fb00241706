// Says in words who wins, by how much, and where mini-alloc loses. Pure.

import { grouped } from "../table.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").WorkloadReport} WorkloadReport */
/** @typedef {import("./report.js").Result} Result */

const OURS = "mini-alloc";
const AGREEING = 0.75; // of all rounds, for a verdict on time
const NO_RIVALS = new Set([OURS, "mini-alloc-inlined", "stub"]);

/** "3.6 times", "10,668 times". @param {number} factor */
export const times = (factor) => `${grouped(factor, factor < 100 ? 1 : 0)} times`;

/** @param {readonly string[]} names */
function list(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names.join("");
}

/**
 * How often each rival's figure is ours, in one workload.
 * @param {WorkloadReport} workload
 * @param {(result: Result) => number | undefined} figure
 */
function factors({ results }, figure) {
  const ours = results.find(({ allocator }) => allocator === OURS);
  const own = ours && figure(ours);
  if (!ours || !own) return [];
  return results.flatMap((rival) => {
    const theirs = NO_RIVALS.has(rival.allocator) ? undefined : figure(rival);
    return theirs === undefined
      ? []
      : [{ name: rival.allocator, factor: theirs / own, ours, rival }];
  });
}

/**
 * Whether the rounds agree on who is faster. Allocators take turns, so what slows the machine down
 * slows both, and a round is to be compared with itself.
 * @param {Result} ours
 * @param {Result} rival
 * @param {boolean} wins
 */
function agreed({ nsSamples: ours = [] }, { nsSamples: rival = [] }, wins) {
  const rounds = ours.map((ns, i) => ns < (rival[i] ?? 0));
  const agreeing = rounds.filter((faster) => faster === wins).length;
  return agreeing >= AGREEING * rounds.length;
}

/** @param {Result} result */
const inkOf = ({ ink }) => ink;
/** @param {Result} result */
const nsOf = ({ ns }) => ns;

/** @param {WorkloadReport} workload */
function inkLine(workload) {
  const all = factors(workload, inkOf);
  const better = all.filter(({ factor }) => factor >= 1);
  const words = better.map(({ name, factor }) => `${times(factor)} less than ${name}`);
  return better.length > 0 ? [`  ${workload.name}: ${list(words)}`] : [];
}

/** @param {WorkloadReport} workload */
function inkLosses(workload) {
  const worse = factors(workload, inkOf).filter(({ factor }) => factor < 1);
  const words = worse.map(({ name, factor }) => `${times(1 / factor)} more than ${name}`);
  return worse.length > 0 ? [`  ${workload.name}: ${list(words)}`] : [];
}

/** @param {WorkloadReport} workload @param {boolean} wins */
function timeLine(workload, wins) {
  const some = factors(workload, nsOf).filter(
    ({ factor, ours, rival }) => factor > 1 === wins && agreed(ours, rival, wins),
  );
  const words = some.map(({ name, factor }) =>
    wins ? `${times(factor)} faster than ${name}` : `${times(1 / factor)} slower than ${name}`,
  );
  return some.length > 0 ? [`  ${workload.name}: ${list(words)}`] : [];
}

/** Where it holds more memory than a rival that uses freed memory again. @param {WorkloadReport} workload */
function memoryLine(workload) {
  const most = factors(workload, ({ pages }) => pages).filter(({ factor }) => factor < 1);
  const [least] = most.toSorted((a, b) => a.factor - b.factor);
  if (!least) return [];
  const { ours, rival, name } = least;
  return [
    `  ${workload.name}: ${grouped(ours.pages ?? 0)} pages after ` +
      `${grouped(workload.operations)} operations, ${name} ${grouped(rival.pages ?? 0)}`,
  ];
}

/** @param {string} title @param {string[]} lines */
const section = (title, lines) => (lines.length > 0 ? [title, ...lines] : []);

/**
 * In how many workloads no rival does better.
 * @param {readonly WorkloadReport[]} workloads
 * @param {(result: Result) => number | undefined} figure
 */
function leads(workloads, figure) {
  const compared = workloads
    .map((workload) => factors(workload, figure))
    .filter((all) => all.length > 0);
  const led = compared.filter((all) => all.every(({ factor }) => factor >= 1));
  return { led: led.length, of: compared.length };
}

/** @param {readonly WorkloadReport[]} workloads */
function summary(workloads) {
  const [ink, ns] = [leads(workloads, inkOf), leads(workloads, nsOf)];
  if (ink.of === 0) return [];
  const time = ns.of > 0 ? `, the least time in ${ns.led} of ${ns.of}` : "";
  return [`mini-alloc takes the least ink in ${ink.led} of ${ink.of} workloads${time}.`];
}

/**
 * Returns the lines that end a report.
 * @param {readonly WorkloadReport[]} workloads
 */
export function conclusions(workloads) {
  const some = (/** @type {(workload: WorkloadReport) => string[]} */ line) =>
    workloads.flatMap(line);
  return [
    ...summary(workloads),
    ...section("mini-alloc takes less ink:", some(inkLine)),
    ...section(
      "mini-alloc takes less time:",
      some((workload) => timeLine(workload, true)),
    ),
    ...section("mini-alloc loses in ink:", some(inkLosses)),
    ...section(
      "mini-alloc loses in time, where freed memory is warm and it takes fresh memory:",
      some((workload) => timeLine(workload, false)),
    ),
    ...section("What that costs in memory, as it gives nothing back:", some(memoryLine)),
  ];
}
