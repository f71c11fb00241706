// Compares the allocators at the built-in workloads: builds, measures, and collects a report.

import { availableParallelism } from "node:os";
import { version as nodeVersion } from "node:process";
import { MiniAllocError } from "../errors.js";
import { ALLOCATORS, availableOf } from "./allocators.js";
import { buildEdgeCases, buildWorkloads } from "./build.js";
import { canFill, measureEdgeCases } from "./edge-cases.js";
import { measureInk, measureTimes, subject } from "./measure.js";
import { steps } from "./progress.js";
import { carried, workloadReport } from "./report.js";
import { compareSqlite } from "./sqlite.js";
import { conclusions } from "./words.js";

/** @typedef {import("./allocators.js").Allocator} Allocator */
/** @typedef {import("./build.js").Workshop} Workshop */
/** @typedef {import("./measure.js").Subject} Subject */
/** @typedef {import("./progress.js").Steps} Steps */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./workloads.js").Workload} Workload */

/**
 * @typedef {object} Plan
 * @property {readonly Allocator[]} allocators
 * @property {import("./workloads.js").Choice} choice
 * @property {number} rounds
 */

const isOurs = (/** @type {{name: string}} */ { name }) => name.startsWith("mini-alloc");
const isStub = (/** @type {{name: string}} */ { name }) => name === "stub";

/**
 * @param {Workshop} workshop
 * @param {Plan} plan
 * @param {Pick<import("../cli.js").Context, "env" | "terminal">} context
 * @returns {Promise<Report>}
 */
export async function compare(workshop, { allocators: chosen, choice, rounds }, context) {
  const { emscripten, level } = workshop;
  const { allocators, missing } = availableOf(chosen, emscripten);
  // edge_cases goes on until memory has grown, which the stub never does.
  const edges = choice.special.has("edge_cases") ? allocators.filter((one) => !isStub(one)) : [];

  const perWorkload = allocators.length * (1 + measureTimes.turns(rounds));
  const builds = choice.workloads.length > 0 ? allocators.length : 0;
  const total = builds + choice.workloads.length * perWorkload + 2 * edges.length;
  const step = steps(context.terminal, total);
  const measured = await compareWorkloads(workshop, { allocators, choice, rounds }, step);
  const { edgeCases, warnings } = await compareEdgeCases(workshop, edges, step);
  const programs = allocators.filter(({ comparedOnly }) => !comparedOnly);
  const sqlite = choice.special.has("sqlite")
    ? await compareSqlite(workshop, programs, context)
    : undefined;
  const date = new Date().toISOString().slice(0, 10);
  return {
    conditions: { emcc: emscripten.version, node: nodeVersion.slice(1), level, date, rounds },
    ...measured,
    edgeCases,
    sqlite,
    warnings: [...missing, ...measured.warnings, ...warnings],
    conclusions: conclusions(measured.workloads),
  };
}

/**
 * @param {Workshop} workshop
 * @param {Plan} plan
 * @param {Steps} step
 * @returns {Promise<Pick<Report, "allocators" | "workloads" | "warnings">>}
 */
async function compareWorkloads(workshop, { allocators, choice, rounds }, step) {
  const { workloads } = choice;
  if (workloads.length === 0) return { allocators: [], workloads: [], warnings: [] };
  const subjects = await onAllCores(allocators, async (allocator) => {
    step(`building ${allocator.name}`);
    return subject(allocator, await buildWorkloads(workshop, allocator));
  });
  const floor = await floorBytes(workshop);
  const { interrupted } = workshop;
  const reports = [];
  const warnings = [];
  for (const workload of workloads) {
    const inks = await measureInks(subjects, workload, interrupted, step);
    const able = subjects.filter((_, i) => inks[i] !== undefined);
    const turn = () => step(`time of ${workload.name}`);
    const measured = await measureTimes(able, workload, { rounds, turn, interrupted });
    const times = subjects.map((one) => measured[able.indexOf(one)]);
    reports.push(workloadReport(workload, allocators, inks, times));
    warnings.push(...tooShort(workload, subjects, times));
  }
  return {
    workloads: reports,
    warnings,
    allocators: subjects.map(({ allocator: { name, about }, bytes }) => {
      const added = { js: bytes.js - floor.js, wasm: bytes.wasm - floor.wasm };
      return { name, about, bytes, added };
    }),
  };
}

/** What the program takes without an allocator, whoever takes part. @param {Workshop} workshop */
async function floorBytes(workshop) {
  const stub = ALLOCATORS.find(isStub);
  return stub ? (await buildWorkloads(workshop, stub)).bytes : { js: 0, wasm: 0 };
}

/**
 * @param {readonly Subject[]} subjects
 * @param {Workload} workload
 * @param {AbortSignal} interrupted
 * @param {Steps} step
 */
async function measureInks(subjects, workload, interrupted, step) {
  const inks = [];
  for (const one of subjects) {
    await step(`ink of ${workload.name} with ${one.allocator.name}`);
    interrupted.throwIfAborted();
    inks.push(await measureInk(one, workload));
  }
  return inks;
}

/**
 * @param {Workload} workload
 * @param {readonly Subject[]} subjects
 * @param {readonly (import("./measure.js").TimeResult | undefined)[]} times
 */
function tooShort({ name }, subjects, times) {
  const short = subjects.filter(({ allocator }, i) => {
    const time = times[i];
    return !isStub(allocator) && time !== undefined && !carried(time);
  });
  if (short.length === 0) return [];
  const names = short.map(({ allocator }) => allocator.name).join(" and ");
  return [`${name} with ${names} takes less time than the clock can carry`];
}

/**
 * @param {Workshop} workshop
 * @param {readonly Allocator[]} allocators
 * @param {Steps} step
 */
async function compareEdgeCases(workshop, allocators, step) {
  const built = await onAllCores(allocators, async (allocator) => {
    step(`building edge_cases with ${allocator.name}`);
    return { allocator: allocator.name, built: await buildEdgeCases(workshop, allocator) };
  });
  const edgeCases = [];
  const warnings = [];
  const fill = canFill();
  if (!fill && allocators.some((one) => !isOurs(one))) {
    warnings.push("alloc_zeroed of edge_cases is left out: 4 GiB of memory are not free");
  }
  for (const { allocator, built: module } of built) {
    await step(`edge_cases with ${allocator}`);
    workshop.interrupted.throwIfAborted();
    const zeroed = fill || isOurs({ name: allocator }); // ours writes nothing
    try {
      edgeCases.push({ allocator, ...measureEdgeCases(module, { zeroed }) });
    } catch (error) {
      if (!(error instanceof MiniAllocError)) throw error;
      warnings.push(`edge_cases with ${allocator}: ${error.message}`);
    }
  }
  return { edgeCases, warnings };
}

/**
 * Does something for every item, on all cores, and waits for all even if one fails.
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
async function onAllCores(items, work) {
  /** @type {R[]} */
  const results = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [i, item] = next;
      results[i] = await work(item);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: availableParallelism() }, worker));
  for (const end of ended) if (end.status === "rejected") throw end.reason;
  return results;
}
