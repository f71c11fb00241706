// `mini-alloc meter`, run as a process.

import assert from "node:assert/strict";
import { join } from "node:path";
import { root, run } from "../helpers/toolchain.js";

const cli = join(root, "src/cli.js");

/**
 * @typedef {object} Cost what the command says of a call, or of what runs before the first
 * @property {number} ink
 * @property {number} operators
 * @property {number} outside
 * @property {number} pagesBefore
 * @property {number} pagesAfter
 * @property {number | null} pagesInk
 * @property {unknown} [result]
 * @property {string} [trap]
 */

/**
 * Meters calls of a module. Whole numbers that JavaScript would round become strings.
 * @param {string} file
 * @param {string[]} calls
 * @param {string[]} [options]
 * @returns {Promise<{imports: unknown[], outside: Record<string, number>, setup: Cost,
 *   calls: Cost[]}>} `outside` counts the operators in the code that Stylus refuses
 */
export async function meter(file, calls, options = []) {
  const args = ["meter", file, "--json", ...options, ...calls.flatMap((call) => ["--call", call])];
  const { code, stdout, stderr } = await run(process.execPath, [cli, ...args]);
  assert.deepEqual([code, stderr], [0, ""]);
  const cost = JSON.parse(stdout.replaceAll(/": (-?\d{16,})/g, '": "$1"'));
  assert.equal(cost.calls.length, calls.length);
  return cost;
}
