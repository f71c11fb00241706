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
import { quantile } from "./statistics.js";

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
//
// memory.grow is cheap by itself. But the engine counts memory as what its garbage collector has to
// think of, and from some 600 pages on collects inside of the call, for milliseconds: so instances
// that are timed stay below that, and garbage is collected before the clock starts.

/**
 * @typedef {object} TimeResult
 * @property {number} ns the median of an operation, without the empty loop
 * @property {number} spread half the distance of the quartiles, in ns
 * @property {number[]} samples of an operation in each round, in ns
 * @property {number} least ns that the clock can carry here; below, `ns` means nothing
 */

const WARM_UP = 2; // rounds
const SHORTEST = 0.02; // milliseconds that the clock carries: it steps by less than a hundredth of it
const EMPTY_TURNS = 500_000;

/** Frees what is no longer needed now, and not while something is measured. */
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

/** @param {() => void} work */
function milliseconds(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/**
 * Times a workload once, on an instance of its own.
 * @param {Subject} one
 * @param {Workload} workload
 * @returns {Promise<number>} milliseconds, less those of the empty loop and of the call
 */
async function timeOnce(one, { name, timed, before }) {
  const { run } = await one.instance();
  run(name, before);
  run("loop", 1);
  collectGarbage();
  const nothing = milliseconds(() => run(name, 0));
  const all = milliseconds(() => run(name, timed));
  const empty = milliseconds(() => run("loop", EMPTY_TURNS));
  return all - nothing - empty * (timed / EMPTY_TURNS);
}

/**
 * Times one workload on all subjects.
 * @param {readonly Subject[]} subjects
 * @param {Workload} workload
 * @param {{rounds: number, interrupted: AbortSignal, turn: () => Promise<void>}} how `turn` is
 *   called before each measurement
 * @returns {Promise<TimeResult[]>} in the order of the subjects
 */
export async function measureTimes(subjects, workload, { rounds, interrupted, turn }) {
  /** @type {number[][]} */
  const samples = subjects.map(() => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (let i = 0; i < subjects.length; i++) {
      const at = (i + round + WARM_UP) % subjects.length;
      const one = subjects[at];
      if (!one) continue;
      await turn();
      interrupted.throwIfAborted();
      const sample = await timeOnce(one, workload);
      if (round >= 0) samples[at]?.push((sample * 1e6) / workload.timed);
    }
  }
  return samples.map((sample) => ({
    ns: quantile(sample, 0.5),
    spread: (quantile(sample, 0.75) - quantile(sample, 0.25)) / 2,
    samples: sample,
    least: (SHORTEST * 1e6) / workload.timed,
  }));
}

/** How many turns that takes for each subject. @param {number} rounds */
measureTimes.turns = (rounds) => WARM_UP + rounds;
