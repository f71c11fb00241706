// expat does the same on our allocator as on dlmalloc, to the byte.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OPTIMIZED, assertBlocks, assertOurs, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

describe("expat", () => {
  /** @type {Outcome} */
  let outcome;

  before(async () => {
    outcome = await ran(await link("expat", "mini_alloc", { flags: OPTIMIZED }));
  });

  test("prints the same bytes on our allocator and on dlmalloc", async () => {
    assert.equal(outcome.stdout, (await ran(await link("expat", "dlmalloc"))).stdout);
  });

  test("reports the same events of 2 MB, in whatever pieces and encoding they come", () => {
    assert.match(outcome.stdout, /^expat_2\.\d+\.\d+, 2\d{6} bytes\nwhole: 36\d{3} elements, /);
    const digests = outcome.stdout.matchAll(
      /^(whole|pieces|buffer|halting|UTF-16): .* depth 3002, digest ([0-9a-f]{16}): ok$/gm,
    );
    const found = [...digests].map(([, , digest]) => digest);
    assert.equal(found.length, 5);
    assert.equal(new Set(found).size, 1);
  });

  test("finds every mistake, and most of what was damaged", () => {
    assert.match(outcome.stdout, /^mistake 1: mismatched tag, line 1, column 8$/m);
    assert.match(outcome.stdout, /^mistake 4: recursive entity reference, /m);
    assert.equal([...outcome.stdout.matchAll(/^mistake \d+: (?!no error)\w/gm)].length, 16);
    const kinds = [...outcome.stdout.matchAll(/^damaged: (\d+) x (?!no error)/gm)];
    const refused = kinds.reduce((sum, [, times]) => sum + Number(times), 0);
    assert.ok(kinds.length > 5 && refused > 300, outcome.stdout);
  });

  test("leaves alone the blocks allocated in between, and calloc's are zero", () => {
    assertBlocks(outcome, 500);
  });

  test("had all its memory from us", (t) => {
    assertOurs(outcome, 100_000_000);
    t.diagnostic(outcome.stderr.trim());
  });
});
