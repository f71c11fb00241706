// Runs a program with the recorder in its process, on the terminal that we have.

import { spawn } from "node:child_process";
import { MiniAllocError } from "../errors.js";

/** @typedef {{code: number | null, signal: NodeJS.Signals | null}} Ending */

/**
 * @typedef {object} Setting
 * @property {string} cwd
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {string} output the file for the trace, which is there if anything was recorded
 * @property {number} limit calls to record
 * @property {boolean} times whether to record them too
 */

const HOOK = new URL("child/hook.js", import.meta.url).href;
const PATIENCE = 3000; // milliseconds for a program to tidy up

/**
 * @param {{command: string, args: string[]}} program a Node, and what it is to run
 * @param {Setting} setting
 * @param {AbortSignal} interrupted ends the program
 * @returns {Promise<Ending>}
 * @throws {MiniAllocError} if it cannot be started
 * @throws what `interrupted` was aborted with, when the program has ended
 */
export function runWatched({ command, args }, { cwd, env, output, limit, times }, interrupted) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["--import", HOOK, ...args], {
      cwd,
      env: {
        ...env,
        MINI_ALLOC_TRACE: output,
        MINI_ALLOC_TRACE_LIMIT: String(limit),
        MINI_ALLOC_TRACE_TIMES: times ? "1" : "0",
      },
      stdio: "inherit",
    });
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const stop = () => {
      child.kill("SIGINT");
      timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    };
    interrupted.addEventListener("abort", stop, { once: true });
    const settle = (/** @type {() => void} */ end) => {
      clearTimeout(timer);
      interrupted.removeEventListener("abort", stop);
      end();
    };
    child.on("error", ({ message }) =>
      settle(() =>
        reject(new MiniAllocError(`cannot run '${command}': ${message}`, "name another node")),
      ),
    );
    child.on("close", (code, signal) =>
      settle(() => {
        if (interrupted.aborted) reject(interrupted.reason);
        else resolve({ code, signal });
      }),
    );
  });
}
