// Tells how far long work has come, and about how long it will take.

import { setImmediate } from "node:timers/promises";

/**
 * Says what begins; called `total` times in all. What it returns is done when the world has had its
 * turn: signals, too, wait for that.
 * @typedef {(what: string) => Promise<void>} Steps
 */

const TELLING = 2; // seconds after which the past says something about the future

/**
 * @param {import("../terminal.js").Terminal} terminal
 * @param {number} total
 * @param {() => number} [now] milliseconds
 * @returns {Steps}
 */
export function steps(terminal, total, now = () => performance.now()) {
  const start = now();
  let done = 0;
  return (what) => {
    const elapsed = (now() - start) / 1000;
    const seconds = Math.ceil((elapsed / done) * (total - done));
    const left = done > 0 && elapsed > TELLING ? `, about ${seconds} s left` : "";
    terminal.progress(`${what} (${Math.floor((100 * done) / total)} %${left})`);
    done++;
    return setImmediate();
  };
}
