// Branch coverage of the allocator, from the programs that `clang -fcoverage-mapping` built. Each
// variant compiles another part of the source, so a branch counts if any of them took it.

import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { root, succeed } from "../helpers/toolchain.js";

const { LLVM_COV = "llvm-cov", LLVM_PROFDATA = "llvm-profdata" } = process.env;

/**
 * Where a condition stands, and how often it was true and false.
 * @typedef {{line: number, text: string, taken: number, passed: number}} Branch
 *
 * What there is of one file: each condition has two ways.
 * @typedef {{file: string, ways: number, covered: number, missing: string[]}} Coverage
 *
 * @typedef {[number, number, number, number, number, number, ...number[]]} Region as llvm-cov has it
 * @typedef {{data: {files: {filename: string, branches: Region[]}[]}[]}} Export
 */

// These are constants of a variant, and no branches in any of them.
const CONSTANT = /^(THREADS|!THREADS)$/;

/**
 * @param {string} program
 * @param {string} profile what its run left behind
 * @returns {Promise<Export>}
 */
async function exportCoverage(program, profile) {
  const merged = `${profile}.merged`;
  await succeed(LLVM_PROFDATA, ["merge", "-sparse", profile, "-o", merged]);
  const args = ["export", "-format=text", `-instr-profile=${merged}`, program];
  return JSON.parse((await succeed(LLVM_COV, args)).stdout);
}

/**
 * @param {Map<string, Branch>} branches by place; counts what `region` has at its own
 * @param {Region} region
 * @param {string[]} lines of the source
 */
function countBranch(branches, [line, column, lastLine, end, taken, passed], lines) {
  const place = `${line}:${column}`;
  const text = (lines[line - 1] ?? "").slice(column - 1, lastLine === line ? end - 1 : undefined);
  const { taken: before = 0, passed: around = 0 } = branches.get(place) ?? {};
  branches.set(place, { line, text, taken: before + taken, passed: around + passed });
}

/**
 * The branches of all `programs` in the sources of the allocator, by file and place.
 * @param {{program: string, profile: string}[]} programs
 */
async function collectBranches(programs) {
  /** @type {Map<string, Map<string, Branch>>} */
  const files = new Map();
  const exports = await Promise.all(programs.map((p) => exportCoverage(p.program, p.profile)));
  for (const file of exports.flatMap((one) => one.data.flatMap((data) => data.files))) {
    const path = resolve(file.filename);
    if (!path.startsWith(join(root, "src/"))) continue;
    const lines = readFileSync(path, "utf8").split("\n");
    const branches = files.get(path) ?? new Map();
    files.set(path, branches);
    for (const region of file.branches) countBranch(branches, region, lines);
  }
  return files;
}

/** @param {Branch} branch */
const missingWay = ({ line, text, taken, passed }) =>
  `${line}: '${text}' never ${[taken ? [] : "true", passed ? [] : "false"].flat().join(" nor ")}`;

/**
 * The coverage of every source file that has branches.
 * @param {{program: string, profile: string}[]} programs
 * @returns {Promise<Coverage[]>}
 */
export async function branchCoverage(programs) {
  const files = await collectBranches(programs);
  const found = [...files].map(([path, all]) => {
    const branches = [...all.values()].filter(({ text }) => !CONSTANT.test(text));
    const missing = branches.filter(({ taken, passed }) => !taken || !passed);
    const covered = branches.reduce((sum, b) => sum + (b.taken ? 1 : 0) + (b.passed ? 1 : 0), 0);
    return {
      file: basename(path),
      ways: branches.length * 2,
      covered,
      missing: missing.map(missingWay),
    };
  });
  return found.filter(({ ways }) => ways > 0);
}

/** @param {Coverage[]} table @returns {string[]} */
export const coverageLines = (table) =>
  table.flatMap(({ file, ways, covered, missing }) => [
    `${file.padEnd(14)} ${String(covered).padStart(4)} of ${String(ways).padStart(4)} branches`,
    ...missing.map((place) => `  not covered: ${file}:${place}`),
  ]);
