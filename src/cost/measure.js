// Runs the built-in workloads: once metered, for ink and pages, and many times unmetered, for time.
//
// What makes the times comparable: the loop is inside the module; every measurement has an instance
// of its own; allocators take turns in one process, each round beginning with another; rounds
// before the first that counts let the engine compile what it finds hot.

import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { instrument, readCounters } from "../meter/instrument.js";
import { moduleOf } from "./build.js";

/** @typedef {import("./allocators.js").Allocator} Allocator */
/** @typedef {import("./workloads.js").Workload} Workload */

/**
 * An allocator with all workloads, ready to be run.
 * @typedef {object} Subject
 * @property {Allocator} allocator
 * @property {{js: number, wasm: number}} bytes
 * @property {(options?: {metered?: boolean}) => Promise<Instance>} instance a new one
 */

/**
 * @typedef {object} Instance
 * @property {(workload: string, operations: number) => boolean} run false if memory was refused
 * @property {Record<string, any>} exports of the module itself
 * @property {WebAssembly.Memory} memory
 */

const require = createRequire(import.meta.url);

/**
 * @param {Allocator} allocator
 * @param {import("./build.js").Built} built
 * @returns {Subject}
 */
export function subject(allocator, built) {
  const factory = require(built.js);
  const bytes = moduleOf(built);
  const plain = new WebAssembly.Module(bytes);
  /** @type {WebAssembly.Module | undefined} */
  let instrumented;
  return {
    ...{ allocator, bytes: built.bytes },
    async instance({ metered = false } = {}) {
      if (metered)
        instrumented ??= new WebAssembly.Module(/** @type {any} */ (instrument(bytes).bytes));
      return instantiate(factory, metered && instrumented ? instrumented : plain);
    },
  };
}

/**
 * Has Emscripten's JavaScript run a module of our choice.
 * @param {(options: object) => Promise<Record<string, any>>} factory
 * @param {WebAssembly.Module} module
 * @returns {Promise<Instance>}
 */
async function instantiate(factory, module) {
  /** @type {Record<string, any>} */
  let exports = {};
  const program = await factory({
    instantiateWasm(/** @type {any} */ imports, /** @type {any} */ receive) {
      const instance = new WebAssembly.Instance(module, imports);
      exports = instance.exports;
      receive(instance, module);
      return exports;
    },
  });
  const exported = Object.values(exports);
  const memory = exported.find((value) => value instanceof WebAssembly.Memory) ?? exports.__memory;
  return {
    ...{ exports, memory },
    run: (workload, operations) => program[`_${workload}`](operations) === 0,
  };
}

// ---- ink -----------------------------------------------------------------------------------------

/**
 * @typedef {object} InkResult
 * @property {number} ink an operation, without the empty loop
 * @property {number} pages at the end
 */

/**
 * Measures one workload exactly.
 * @param {Subject} one
 * @param {Workload} workload
 * @returns {Promise<InkResult | undefined>} nothing if memory was refused
 */
export async function measureInk(one, { name, operations }) {
  const { run, exports, memory } = await one.instance({ metered: true });
  const spent = (/** @type {string} */ what, /** @type {number} */ times) => {
    const before = readCounters(exports).ink;
    const done = run(what, times);
    return done ? Number(readCounters(exports).ink - before) : undefined;
  };
  const empty = spent("loop", operations);
  if (spent(name, 0) === undefined || empty === undefined) return undefined; // makes a live set
  const whole = spent(name, operations);
  if (whole === undefined) return undefined;
  return { ink: (whole - empty) / operations, pages: memory.buffer.byteLength / 65_536 };
}

// ---- time ----------------------------------------------------------------------------------------

/**
 * @typedef {object} TimeResult
 * @property {number} ns the median of an operation, without the empty loop
 * @property {number} spread half the distance of the quartiles, in ns
 * @property {number[]} samples of an operation in each round, in ns, the empty loop included
 * @property {boolean} carried whether the clock can carry the number
 */

const WARM_UP = 2;
const SHORTEST = 0.2; // milliseconds: below, the clock and the call are too much of it

/** Frees what is no longer needed now, and not while something else is measured. */
const collectGarbage = (() => {
  /** @type {(() => void) | undefined} */
  let collect;
  return () => {
    if (!collect) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc");
    }
    collect?.();
  };
})();

/** @param {Subject} one @param {string} name @param {number} operations @returns {Promise<number>} */
async function milliseconds(one, name, operations) {
  const { run } = await one.instance();
  run(name, 0);
  const start = performance.now();
  run(name, operations);
  return performance.now() - start;
}

/**
 * Times one workload on all subjects.
 * @param {readonly Subject[]} subjects
 * @param {Workload} workload
 * @param {{rounds: number, interrupted: AbortSignal, turn: () => Promise<void>}} how `turn` is
 *   called before each measurement
 * @returns {Promise<TimeResult[]>} in the order of the subjects
 */
export async function measureTimes(subjects, { name, operations }, { rounds, interrupted, turn }) {
  /** @type {{whole: number[], empty: number[]}[]} */
  const samples = subjects.map(() => ({ whole: [], empty: [] }));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (let i = 0; i < subjects.length; i++) {
      const at = (i + round + WARM_UP) % subjects.length;
      const [one, sample] = [subjects[at], samples[at]];
      if (!one || !sample) continue;
      await turn();
      interrupted.throwIfAborted();
      const whole = await milliseconds(one, name, operations);
      const empty = await milliseconds(one, "loop", operations);
      collectGarbage();
      if (round < 0) continue;
      sample.whole.push(whole);
      sample.empty.push(empty);
    }
  }
  return samples.map(({ whole, empty }) => summary(whole, empty, operations));
}

/** How many turns that takes for each subject. @param {number} rounds */
measureTimes.turns = (rounds) => WARM_UP + rounds;

/** @param {number[]} whole @param {number[]} empty @param {number} operations @returns {TimeResult} */
function summary(whole, empty, operations) {
  const perOperation = 1e6 / operations;
  const [low, middle, high] = [0.25, 0.5, 0.75].map((q) => quantile(whole, q));
  const net = (middle ?? 0) - quantile(empty, 0.5);
  return {
    ns: Math.max(0, net) * perOperation,
    spread: (((high ?? 0) - (low ?? 0)) / 2) * perOperation,
    samples: whole.map((sample) => sample * perOperation),
    carried: (middle ?? 0) >= SHORTEST,
  };
}

/** @param {readonly number[]} values @param {number} q */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}
