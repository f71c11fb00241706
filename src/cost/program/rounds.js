// Runs all the programs: once for their output, once metered, and again and again for the time,
// one after the other, so that whatever else the machine does meets them all.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./run.js";

/** @typedef {import("./build.js").Build} Build */
/** @typedef {import("./build.js").Product} Product */
/** @typedef {import("./run.js").Run} Run */

/**
 * @typedef {object} Subject
 * @property {string} name of the allocator
 * @property {Product} product
 * @property {Run[]} runs unmetered; the first one warms up
 * @property {Run} [metered]
 */

/**
 * How many rounds there shall be.
 * @typedef {object} Rounds
 * @property {number} least
 * @property {number} most if the program is so short that they take little time
 */

// Seconds in all. A verdict needs four rounds: those may take longer than more of them.
const ENOUGH = 5;
const MOST = 20;
const MOST_OF_FOUR = 60;

/** @param {number} done rounds @param {number} seconds that they took @param {Rounds} wanted */
function oneMore(done, seconds, { least, most }) {
  if (done >= most || (done >= least && seconds > ENOUGH)) return false;
  const after = (seconds * (done + 1)) / Math.max(done, 1);
  return after < (done < 4 ? MOST_OF_FOUR : MOST);
}

/** Whether a program came to an end by itself. @param {Run | undefined} run */
export const ended = (run) => run?.end === "exit" || run?.end === "signal";

/**
 * @param {readonly Build[]} builds
 * @param {import("./run.js").Setting} setting
 * @param {{rounds: Rounds, folder: string, step: (what: string) => void}} how
 * @returns {Promise<{subjects: Subject[], rounds: number | undefined}>} how many rounds there was
 *   time for; undefined if nothing could be timed
 */
export async function runAll(builds, setting, { rounds, folder, step }) {
  const runOnce = (/** @type {Subject} */ { name, product }, /** @type {string} */ what) => {
    const metered = what === "metered";
    return runProgram(product.file, setting, { metered, into: join(folder, `${name}.${what}`) });
  };
  /** @type {Subject[]} */
  const subjects = [];
  for (const { allocator, product } of builds) {
    if (!product) continue;
    const one = /** @type {Subject} */ ({ name: allocator.name, product, runs: [] });
    step(`running with ${one.name}`);
    one.runs.push(await runOnce(one, "first"));
    step(`metering ${one.name}`);
    if (ended(one.runs[0])) one.metered = await runOnce(one, "metered");
    subjects.push(one);
  }

  const able = subjects.filter(({ runs }) => ended(runs[0]));
  const start = performance.now();
  let done = 0;
  while (able.length > 0 && oneMore(done, (performance.now() - start) / 1000, rounds)) {
    for (let i = 0; i < able.length; i++) {
      const one = able[(i + done) % able.length];
      if (!one) continue;
      step(`timing ${one.name}`);
      const next = await runOnce(one, `round-${done}`);
      one.runs.push(next);
      if (next.digest === one.runs[0]?.digest) rmSync(next.stdout);
    }
    done++;
  }
  return { subjects, rounds: able.length > 0 ? done : undefined };
}
