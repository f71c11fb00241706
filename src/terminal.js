// Where text goes: how wide it may be, whether it may have color, and the one line on stderr that
// tells how far long work has come.

import { styleText } from "node:util";

/**
 * @typedef {object} Stream the part of a process's stdout or stderr that is used
 * @property {boolean} [isTTY]
 * @property {number} [columns]
 * @property {(text: string | Uint8Array) => unknown} write
 */

/**
 * @typedef {object} Terminal
 * @property {number} columns that a line of output may have; Infinity if it goes to no terminal
 * @property {(format: Format, text: string) => string} style colors the text if it may be colored
 * @property {(text: string) => void} progress shows what is being done, in place of what it showed
 *   before, if somebody watches
 * @property {() => void} clear takes the progress away
 * @property {(text: string) => void} note prints a line to stderr, for whoever reads
 * @property {(bytes: Uint8Array) => void} write passes on what a program printed, to stderr
 */

/** @typedef {Parameters<typeof styleText>[0]} Format */

/**
 * Returns the terminal of two streams. NO_COLOR and FORCE_COLOR say what no-color.org and Node
 * say they do; TERM=dumb has neither color nor progress.
 * @param {Stream} stdout
 * @param {Stream} stderr
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Terminal}
 */
export function terminal(stdout, stderr, env) {
  const dumb = env.TERM === "dumb";
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const colored = !env.NO_COLOR && (forced || (stdout.isTTY === true && !dumb));
  const live = stderr.isTTY === true && !dumb;
  let shown = false;

  const clear = () => {
    if (shown) stderr.write("\r\u001B[K");
    shown = false;
  };
  return {
    columns: stdout.isTTY ? (stdout.columns ?? 80) : Infinity,
    style: (format, text) => (colored ? styleText(format, text, { validateStream: false }) : text),
    progress(text) {
      if (!live) return;
      stderr.write(`\r\u001B[K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
      shown = true;
    },
    clear,
    note(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    write(bytes) {
      clear();
      stderr.write(bytes);
    },
  };
}
