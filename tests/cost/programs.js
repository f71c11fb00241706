// Runs `mini-alloc cost -- BUILD COMMAND` on the programs in programs/.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { EMCC, buildFolder, root, run } from "../helpers/toolchain.js";

export const cli = join(root, "src/cli.js");

/** @param {string} name */
export const source = (name) => join(root, "tests/cost/programs", name);

/** A folder to start from, with nothing in it. @param {string} name */
export function emptyFolder(name) {
  rmSync(join(root, "build/tests/cost-program", name), { recursive: true, force: true });
  return buildFolder(join("cost-program", name));
}

/**
 * @typedef {object} Request
 * @property {string} folder where the user is
 * @property {string[]} build the build command
 * @property {string[]} [options]
 * @property {string[]} [args] of the program
 * @property {Record<string, string>} [env]
 */

/** The words of a command line. @param {Request} request */
export const words = ({ build, options = [], args = [] }) => [
  ...[cli, "cost", ...options, "--", ...build],
  ...(args.length > 0 ? ["--run", ...args] : []),
];

/** @param {Request} request */
export const cost = (request) =>
  run(process.execPath, words(request), { cwd: request.folder, env: { EMCC, ...request.env } });

/** @typedef {Record<string, any>} Row */

/**
 * @typedef {object} Report
 * @property {Row[]} allocators
 * @property {boolean | null} sameOutput
 * @property {Record<string, any>[]} differences
 * @property {string[]} warnings
 * @property {string[]} notes
 * @property {Record<string, any>[]} limits
 * @property {string[]} conclusions
 */

/** What --json tells, of a comparison that succeeds. @param {Request} request @returns {Promise<Report>} */
export async function reportOf(request) {
  const options = [...(request.options ?? []), "--json"];
  const { code, stdout, stderr } = await cost({ ...request, options });
  assert.deepEqual([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

/** @param {Report} report @param {string} allocator @returns {Row} */
export function rowOf({ allocators }, allocator) {
  const row = allocators.find((one) => one.allocator === allocator);
  assert.ok(row, allocator);
  return row;
}
