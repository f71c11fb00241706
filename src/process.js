// Runs other programs: without a shell, and so that none is left behind.

import { spawn } from "node:child_process";
import { kill } from "node:process";
import { MiniAllocError } from "./errors.js";

/**
 * @typedef {object} Outcome
 * @property {number | null} code exit code; null if a signal ended it
 * @property {NodeJS.Signals | null} signal that ended it
 * @property {string} stdout empty if it went to a file
 * @property {string} stderr
 */

/**
 * @typedef {object} Surroundings
 * @property {string} cwd
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {AbortSignal} [interrupted] ends the program, with all that it has started
 * @property {number} [seconds] after which it is ended; Infinity if not given
 * @property {{stdout: number, stderr: number}} [files] descriptors to print to
 */

const PATIENCE = 3000; // milliseconds for a program to tidy up

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Surroundings} surroundings
 * @returns {Promise<Outcome>}
 * @throws {MiniAllocError} if the command cannot be started
 * @throws what `interrupted` was aborted with, when the program has ended
 */
export function run(command, args, { cwd, env, interrupted, seconds, files }) {
  return new Promise((resolve, reject) => {
    interrupted?.throwIfAborted();
    // A group of its own, so that a compiler's children end with it.
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", files?.stdout ?? "pipe", files?.stderr ?? "pipe"],
    });
    /** @type {NodeJS.Timeout[]} */
    const timers = [];
    const stop = () => {
      signalGroup(child.pid, "SIGINT");
      timers.push(setTimeout(() => signalGroup(child.pid, "SIGKILL"), PATIENCE));
    };
    if (seconds !== undefined) timers.push(setTimeout(stop, seconds * 1000));
    interrupted?.addEventListener("abort", stop, { once: true });

    const texts = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text) => (texts.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text) => (texts.stderr += text));
    const settle = (/** @type {() => void} */ end) => {
      for (const timer of timers) clearTimeout(timer);
      interrupted?.removeEventListener("abort", stop);
      end();
    };
    child.on("error", (error) => settle(() => reject(notStarted(command, error))));
    child.on("close", (code, signal) =>
      settle(() => {
        if (interrupted?.aborted) reject(interrupted.reason);
        else resolve({ code, signal, ...texts });
      }),
    );
  });
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** @param {string} command @param {Error} error */
function notStarted(command, error) {
  const code = "code" in error ? error.code : undefined;
  const why = code === "ENOENT" ? "there is no such command" : error.message;
  return new MiniAllocError(`cannot run '${command}': ${why}`, "install it, or name another");
}
