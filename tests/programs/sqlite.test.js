// SQLite does the same on our allocator as on Emscripten's, to the byte.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { node } from "../helpers/toolchain.js";
import { OPTIMIZED, assertBlocks, count, footprint, metered, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

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
    assertBlocks(among, 100);
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
