// Real programs do the same on our allocator as on Emscripten's, to the byte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { runProgram } from "../../src/cost/program/run.js";
import { buildFolder, node } from "../helpers/toolchain.js";
import { link } from "./programs.js";

/** @typedef {import("../helpers/toolchain.js").Outcome} Outcome */

/** @param {string} program @param {string[]} [args] */
async function ran(program, args) {
  const outcome = await node(program, args);
  assert.equal(outcome.code, 0, outcome.stdout.slice(-1000) + outcome.stderr.slice(-1000));
  return outcome;
}

/**
 * What the program says of our allocator, in bytes and pages.
 * @param {Outcome} outcome
 */
function footprint({ stderr }) {
  const line = /^mini_alloc: (\d+) bytes given out, (\d+) free, (\d+) pages$/m.exec(stderr);
  assert.ok(line, stderr);
  return { used: Number(line[1]), free: Number(line[2]), pages: Number(line[3]) };
}

/**
 * What a program prints when it is instrumented, and how much ink it takes.
 * @param {string} program
 * @param {string[]} args
 */
async function metered(program, args) {
  const into = join(buildFolder("programs/metered"), basename(program));
  const surroundings = { cwd: dirname(into), env: process.env, seconds: 300 };
  const setting = { args, ...surroundings, interrupted: new AbortController().signal };
  const { end, how, stdout, report } = await runProgram(program, setting, { metered: true, into });
  assert.deepEqual([end, how], ["exit", "0"]);
  return { stdout: readFileSync(stdout, "utf8"), ink: Number(report?.counts.ink) };
}

/** How often a line occurs. @param {Outcome} outcome @param {string} line */
const count = ({ stdout }, line) => stdout.split("\n").filter((other) => other === line).length;

const OPTIMIZED = ["-O2", "-sALLOW_MEMORY_GROWTH"]; // there wasm-opt inlines our malloc
const FIXED = ["-O1", "-sALLOW_MEMORY_GROWTH=0", "-sINITIAL_MEMORY=20MB"];
const FIXED_PAGES = 320;

describe("SQLite", () => {
  let ours = "";
  let dlmalloc = "";
  let fixed = "";
  /** @type {Outcome} */
  let outcome;

  before(async () => {
    ours = await link("sqlite", "mini_alloc", { flags: OPTIMIZED });
    dlmalloc = await link("sqlite", "dlmalloc");
    fixed = await link("sqlite", "mini_alloc", { name: "fixed", flags: FIXED });
    outcome = await ran(ours);
  });

  test("prints the same bytes on our allocator, dlmalloc and emmalloc", async () => {
    assert.equal(outcome.stdout, (await ran(dlmalloc)).stdout);
    assert.equal(outcome.stdout, (await ran(await link("sqlite", "emmalloc"))).stdout);
  });

  test("has done what it was to do, in memory and in a file", () => {
    assert.match(outcome.stdout, /^SQLite 3\.\d+\.\d+, 10000 sales$/m);
    assert.equal(count(outcome, "  40 | 500 | 10000 | 3333 | 1898393"), 2);
    assert.equal(count(outcome, "a part without a maker: constraint failed"), 2);
    assert.equal(count(outcome, "rolled back without a trace: yes"), 2);
    assert.equal(count(outcome, "integrity_check"), 3);
    assert.equal(count(outcome, "  ok"), 3);
    assert.match(outcome.stdout, /^file: \d{7} bytes, digest [0-9a-f]{16}\n$/m);
  });

  test("had all its memory from us", (t) => {
    const { used, free, pages } = footprint(outcome);
    const atOnce = Number(/^SQLite: at most (\d+) bytes at once$/m.exec(outcome.stderr)?.[1]);
    assert.ok(atOnce > 5_000_000 && used > atOnce, outcome.stderr);
    assert.ok(used + free < pages * 65536, outcome.stderr);
    t.diagnostic(outcome.stderr.trim());
  });

  test("prints the same bytes when it is metered", async () => {
    const { stdout, ink } = await metered(ours, ["2500"]);
    assert.equal(stdout, (await ran(dlmalloc, ["2500"])).stdout);
    assert.ok(ink > 1e10);
  });

  test("leaves alone the blocks allocated in between, and calloc's are zero", async () => {
    const among = await ran(ours, ["10000", "blocks"]);
    assert.match(among.stdout, /^blocks: [1-9]\d{2} made, 0 not zero, 0 damaged, 0 refused\n$/m);
    assert.equal(among.stdout, (await ran(dlmalloc, ["10000", "blocks"])).stdout);
  });

  test("runs in a fixed memory that suffices", async () => {
    const small = await ran(fixed, ["500"]);
    assert.equal(small.stdout, (await ran(dlmalloc, ["500"])).stdout);
    assert.equal(footprint(small).pages, FIXED_PAGES);
  });

  for (const sales of [2500, 5000, 10000]) {
    test(`reports a fixed memory too small for ${sales} sales, and closes`, async () => {
      const full = await node(fixed, [String(sales)]);
      assert.match(full.stdout.slice(-200), /\nfailed: out of memory\nclosed: not an error\n$/);
      assert.equal(full.code, 1);
      const { used, free, pages } = footprint(full);
      assert.equal(pages, FIXED_PAGES);
      assert.ok(free < used / 8, "memory was left");
    });
  }
});

describe("leveldb", () => {
  let ours = "";
  /** @type {Outcome} */
  let outcome;

  before(async () => {
    ours = await link("leveldb", "mini_alloc", { flags: OPTIMIZED });
    outcome = await ran(ours);
  });

  test("prints the same bytes on our allocator and on dlmalloc", async () => {
    assert.equal(outcome.stdout, (await ran(await link("leveldb", "dlmalloc"))).stdout);
  });

  test("prints the same bytes when it is metered", async () => {
    const { stdout, ink } = await metered(ours, []);
    assert.equal(stdout, outcome.stdout);
    assert.ok(ink > 1e10);
  });

  test("agrees with a std::map in all states", () => {
    assert.match(outcome.stdout, /^leveldb 1\.20, 6000 keys\nwritten: 6000 keys, digest /);
    assert.equal(count(outcome, "  as the model has it: ok"), 5);
    assert.equal(count(outcome, "keys looked up: ok"), 2);
    assert.match(outcome.stdout, /\ndestroyed: ok\n$/);
    const work = Number(/^work done in the background: (\d+)$/m.exec(outcome.stdout)?.[1]);
    assert.ok(work > 10, "hardly any compaction");
  });

  test("had all its memory from us", (t) => {
    const { used, free, pages } = footprint(outcome);
    assert.ok(used > 10_000_000 && used + free < pages * 65536, outcome.stderr);
    t.diagnostic(outcome.stderr.trim());
  });
});
