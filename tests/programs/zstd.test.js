// zstd, with its threads and with ours, does the same on our allocator as on dlmalloc, to the byte.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OPTIMIZED, assertBlocks, assertOurs, count, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

describe("zstd with threads", () => {
  let ours = "";
  /** @type {Outcome} */
  let outcome;

  before(async () => {
    ours = await link("zstd", "mini_alloc", { flags: OPTIMIZED });
    outcome = await ran(ours);
  });

  test("prints the same bytes on our allocator and on dlmalloc", async () => {
    assert.equal(outcome.stdout, (await ran(await link("zstd", "dlmalloc"))).stdout);
  });

  test("prints the same bytes again, however its threads take turns", async () => {
    const { stdout } = await ran(ours, ["2"]);
    for (let i = 0; i < 2; i++) assert.equal((await ran(ours, ["2"])).stdout, stdout);
  });

  test("makes the same frame with any number of workers, and another one without", () => {
    assert.equal(count(outcome, "the number of workers makes no difference: ok"), 4);
    const frames = outcome.stdout.matchAll(/^level 3, (.*): (\d{6,} bytes, .*), read back$/gm);
    const found = [...frames].map(([, how, frame]) => `${how}: ${frame}`);
    assert.equal(found.length, 8);
    assert.equal(new Set(found).size, 2);
  });

  test("reads in one thread what another one has packed, and frees it there", () => {
    const well = "its neighbor's packets read back, its blocks as it left them: ok";
    assert.equal(count(outcome, well), 4);
  });

  test("finds what was damaged", () => {
    const found = [...outcome.stdout.matchAll(/^byte \d+ damaged: (?!No error)/gm)];
    assert.ok(found.length >= 18, outcome.stdout.slice(-1500));
  });

  test("leaves alone the blocks allocated in between, and calloc's are zero", () => {
    assertBlocks(outcome, 20);
  });

  test("had all its memory from us", (t) => {
    assertOurs(outcome, 10_000_000);
    t.diagnostic(outcome.stderr.trim());
  });
});
