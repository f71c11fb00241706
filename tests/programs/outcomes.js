// Runs the real programs, and reads what they say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runProgram } from "../../src/cost/program/run.js";
import { buildFolder, node } from "../helpers/toolchain.js";

/** @typedef {import("../helpers/toolchain.js").Outcome} Outcome */

/** Runs a program that has to succeed. @param {string} program @param {string[]} [args] */
export async function ran(program, args) {
  const outcome = await node(program, args);
  assert.equal(outcome.code, 0, outcome.stdout.slice(-1000) + outcome.stderr.slice(-1000));
  return outcome;
}

/**
 * What the program says of our allocator, in bytes and pages.
 * @param {Outcome} outcome
 */
export function footprint({ stderr }) {
  const line = /^mini_alloc: (\d+) bytes given out, (\d+) free, (\d+) pages$/m.exec(stderr);
  assert.ok(line, stderr);
  return { used: Number(line[1]), free: Number(line[2]), pages: Number(line[3]) };
}

/**
 * Asserts that it was our allocator that gave out so many bytes.
 * @param {Outcome} outcome
 * @param {number} least bytes
 */
export function assertOurs(outcome, least) {
  const { used, free, pages } = footprint(outcome);
  assert.ok(used > least && used + free < pages * 65536, outcome.stderr);
}

/**
 * Asserts that the blocks allocated in between were as they have to be.
 * @param {Outcome} outcome
 * @param {number} least blocks
 */
export function assertBlocks({ stdout }, least) {
  const line = /^blocks: (\d+) made, 0 not zero, 0 damaged, 0 refused$/m.exec(stdout);
  assert.ok(Number(line?.[1]) >= least, stdout.slice(-300));
}

/** How often a line occurs. @param {Outcome} outcome @param {string} line */
export const count = ({ stdout }, line) =>
  stdout.split("\n").filter((other) => other === line).length;

/**
 * What a program prints when it is instrumented, and how much ink it takes.
 * @param {string} program
 * @param {string[]} args
 */
export async function metered(program, args) {
  const into = join(buildFolder("programs/metered"), basename(program));
  const surroundings = { cwd: dirname(into), env: process.env, seconds: 300 };
  const setting = { args, ...surroundings, interrupted: new AbortController().signal };
  const { end, how, stdout, report } = await runProgram(program, setting, { metered: true, into });
  assert.deepEqual([end, how], ["exit", "0"]);
  return { stdout: readFileSync(stdout, "utf8"), ink: Number(report?.counts.ink) };
}

export const OPTIMIZED = ["-O2", "-sALLOW_MEMORY_GROWTH"]; // there wasm-opt inlines our malloc
