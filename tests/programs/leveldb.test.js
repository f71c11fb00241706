// leveldb does the same on our allocator as on dlmalloc, to the byte.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OPTIMIZED, assertBlocks, assertOurs, count, metered, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

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
    assert.match(outcome.stdout, /^destroyed: ok$/m);
    const work = Number(/^work done in the background: (\d+)$/m.exec(outcome.stdout)?.[1]);
    assert.ok(work > 10, "hardly any compaction");
  });

  test("leaves alone the blocks allocated in between, and calloc's are zero", () => {
    assertBlocks(outcome, 150);
  });

  test("had all its memory from us", (t) => {
    assertOurs(outcome, 10_000_000);
    t.diagnostic(outcome.stderr.trim());
  });
});
