// Runs tests with both allocators, as far as their outcomes are not known yet, and compares.

import { compare, kindOf } from "./compare.js";
import { runTests } from "./runner.js";
import { openStore } from "./store.js";

/** @typedef {import("./compare.js").Compared} Compared */
/** @typedef {import("./outcomes.js").Outcome} Outcome */
/** @typedef {import("./places.js").Side} Side */
/** @typedef {{side: Side, tests: string[], again?: boolean}} Job */

const AT_ONCE = 20; // tests that one process of the runner is given: it takes a second to start

/** @typedef {Record<Side, import("./store.js").Store>} Stores */

/**
 * @typedef {object} Options
 * @property {boolean} again runs what is known, too
 * @property {number} width how many processes at once
 * @property {AbortSignal} stop
 * @property {(total: number) => (text: string) => unknown} counting is told how many runs there
 *   will be, and returns who is told of each
 */

/** @param {Side} side @param {readonly string[]} tests @param {number} size @returns {Job[]} */
const jobsOf = (side, tests, size) =>
  Array.from({ length: Math.ceil(tests.length / size) }, (_, i) => ({
    side,
    tests: tests.slice(i * size, (i + 1) * size),
  }));

/** So that an interrupted run has something to compare. @param {Job[]} ours @param {Job[]} theirs */
const byTurns = (ours, theirs) =>
  Array.from({ length: Math.max(ours.length, theirs.length) }, (_, i) => [
    ...theirs.slice(i, i + 1),
    ...ours.slice(i, i + 1),
  ]).flat();

/** @param {readonly Job[]} jobs @param {Stores} stores @param {Options} options */
async function runJobs(jobs, stores, { width, stop, counting }) {
  const tell = counting(jobs.reduce((sum, { tests }) => sum + tests.length, 0));
  const queue = [...jobs];
  const worker = async () => {
    for (let job = queue.shift(); job && !stop.aborted; job = queue.shift()) {
      const { side, tests, again } = job;
      const put = (/** @type {Outcome} */ outcome) => {
        stores[side].put(again ? { ...outcome, again } : outcome);
        tell(`${outcome.test} with ${side}: ${outcome.verdict}`);
      };
      await runTests(side, tests, put, stop);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  stop.throwIfAborted();
}

/**
 * @param {readonly string[]} tests
 * @param {Options} options
 * @returns {Promise<Compared[]>}
 */
export async function runSuite(tests, options) {
  const forgotten = options.again ? tests : [];
  /** @type {Stores} */
  const stores = {
    dlmalloc: openStore("dlmalloc", forgotten),
    "mini-alloc": openStore("mini-alloc", forgotten),
    "mini-alloc-resize": openStore("mini-alloc-resize", forgotten),
  };
  /** @param {Side} side @param {string} test */
  const outcome = (side, test) => {
    const known = stores[side].get(test);
    if (!known) throw new Error(`${test} has no outcome with ${side}`);
    return known;
  };
  /** @param {Side} side @param {readonly string[]} some @param {number} size */
  const missing = (side, some, size) =>
    jobsOf(
      side,
      some.filter((test) => !stores[side].get(test)),
      size,
    );
  /** @param {import("./compare.js").Kind} kind */
  const ofKind = (kind) =>
    tests.filter((test) => kindOf(outcome("dlmalloc", test), outcome("mini-alloc", test)) === kind);
  /** @param {Side} side @param {readonly string[]} some @returns {Job[]} */
  const secondTries = (side, some) =>
    some
      .filter((test) => !outcome(side, test).again)
      .map((test) => ({ side, tests: [test], again: true }));

  const theirs = missing("dlmalloc", tests, AT_ONCE);
  await runJobs(byTurns(missing("mini-alloc", tests, AT_ONCE), theirs), stores, options);
  // What differs is tried once more, alone: some tests look at the clock.
  const differing = [
    ...secondTries("mini-alloc", ofKind("lost")),
    ...secondTries("dlmalloc", ofKind("only ours")),
  ];
  await runJobs(differing, stores, options);
  await runJobs(missing("mini-alloc-resize", ofKind("lost"), 1), stores, options);

  return tests.map((test) => {
    const resized = stores["mini-alloc-resize"].get(test);
    return compare(outcome("dlmalloc", test), outcome("mini-alloc", test), resized);
  });
}
