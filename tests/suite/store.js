// The outcomes that are known already, a line of JSON each, in a file for each allocator: an
// interrupted run goes on where it was. Another archive or compiler makes another file.

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, results } from "./places.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */
/** @typedef {import("./places.js").Side} Side */

/**
 * @typedef {object} Store
 * @property {(test: string) => Outcome | undefined} get what became of the test the last time
 * @property {(outcome: Outcome) => void} put
 */

/**
 * @param {Side} side
 * @param {readonly string[]} forgotten tests whose outcomes shall not be known
 * @returns {Store}
 */
export function openStore(side, forgotten) {
  const file = join(results, `${fingerprint(side)}.jsonl`);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = text.split("\n").slice(0, -1);
  /** @type {Outcome[]} */
  const outcomes = lines.map((line) => JSON.parse(line));
  const known = new Map(outcomes.map((outcome) => [outcome.test, outcome]));
  for (const test of forgotten) known.delete(test);
  return {
    get: (test) => known.get(test),
    put(outcome) {
      known.set(outcome.test, outcome);
      appendFileSync(file, `${JSON.stringify(outcome)}\n`);
    },
  };
}
