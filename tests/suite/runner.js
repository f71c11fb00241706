// Runs tests of the suite with Emscripten's own runner, some at a time, and tells the outcome of
// each as it comes. A test that hangs is ended, and fails.

import { spawn } from "node:child_process";
import { readOutcomes } from "./outcomes.js";
import { PYTHON, environment, tree } from "./places.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */
/** @typedef {import("./places.js").Side} Side */

const PATIENCE = 300; // seconds for one test; those that end take less than 60

/** Ends a process and all that it has started. @param {import("node:child_process").ChildProcess} child */
function endGroup({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // they have ended by themselves
  }
}

/**
 * Runs the runner once. It ends before its end if a test takes too long.
 * @param {Side} side
 * @param {readonly string[]} tests
 * @param {(text: string) => number} read takes what the runner has printed so far, and returns how
 *   many tests have ended
 * @param {AbortSignal} stop
 * @returns {Promise<{text: string, hung: boolean}>}
 */
function runOnce(side, tests, read, stop) {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, ["tests/runner.py", ...tests], {
      cwd: tree,
      env: { ...process.env, ...environment(side) },
      stdio: ["ignore", "ignore", "pipe"],
      detached: true, // a group of its own
    });
    let text = "";
    let ended = 0;
    let hung = false;
    const end = () => endGroup(child);
    const timer = setTimeout(() => {
      hung = true;
      end();
    }, PATIENCE * 1000);
    stop.addEventListener("abort", end, { once: true });
    child.stderr.setEncoding("utf8").on("data", (part) => {
      text += part;
      const now = read(text);
      if (now > ended) timer.refresh();
      ended = now;
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      end(); // what it has left behind
      resolve({ text, hung });
    });
  });
}

/**
 * Runs tests to the last, whatever becomes of the runner on the way.
 * @param {Side} side
 * @param {readonly string[]} tests
 * @param {(outcome: Outcome) => void} tell
 * @param {AbortSignal} stop
 */
export async function runTests(side, tests, tell, stop) {
  const left = new Set(tests);
  /** @param {Outcome} outcome */
  const tellOnce = (outcome) => {
    if (left.delete(outcome.test)) tell(outcome);
  };
  while (left.size > 0 && !stop.aborted) {
    const before = left.size;
    const [first = ""] = left;
    // Why a test has failed comes at the end, for all; and the last verdict may still be one that
    // the compiler's words look like, until the next test begins.
    const read = (/** @type {string} */ text) => {
      const { outcomes, running } = readOutcomes(text);
      for (const outcome of running === undefined ? outcomes.slice(0, -1) : outcomes) {
        if (outcome.verdict !== "failed") tellOnce(outcome);
      }
      return outcomes.length;
    };
    const { text, hung } = await runOnce(side, [...left], read, stop);
    if (stop.aborted) return;
    const { outcomes, running } = readOutcomes(text);
    for (const outcome of outcomes) tellOnce(outcome);
    const lost = running ?? (left.size === before ? first : undefined);
    if (lost !== undefined) {
      const why = hung ? `no end after ${PATIENCE} s` : `the runner ended: ${text.slice(-2000)}`;
      tellOnce({ test: lost, verdict: "failed", why });
    }
  }
}
