// tree-sitter does the same on our allocator as on dlmalloc, to the byte.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { before, describe, test } from "node:test";
import { LARGE_SOURCE } from "./libraries.js";
import { OPTIMIZED, assertBlocks, assertOurs, count, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

describe("tree-sitter", () => {
  /** @type {Outcome} */
  let outcome;

  before(async () => {
    outcome = await ran(await link("tree_sitter", "mini_alloc", { flags: OPTIMIZED }), [
      LARGE_SOURCE,
    ]);
  });

  test("prints the same bytes on our allocator and on dlmalloc", async () => {
    const dlmalloc = await ran(await link("tree_sitter", "dlmalloc"), [LARGE_SOURCE]);
    assert.equal(outcome.stdout, dlmalloc.stdout);
  });

  test("has parsed a large source without an error, and found what it was asked for", () => {
    const { size } = statSync(LARGE_SOURCE);
    assert.ok(size > 1_000_000);
    assert.ok(outcome.stdout.startsWith(`javascript, ${size} bytes\nparsed: `), outcome.stdout);
    assert.match(outcome.stdout, /^parsed: \d{6,} nodes, .* of \d{7,} bytes, .* no errors$/m);
    assert.match(outcome.stdout, /^ {2}@function \d{3,}$/m);
  });

  test("patches its tree to the one a new parser makes, and keeps copies as they were", () => {
    assert.equal(count(outcome, "edited and taken back, it is the same: ok"), 1);
    assert.equal(count(outcome, "patched, it is what a new parser makes: ok"), 1);
    assert.equal(count(outcome, "the copy is as before: ok"), 1);
    assert.equal([...outcome.stdout.matchAll(/^-?\d+ bytes at \d+: \d+ ranges/gm)].length, 24);
  });

  test("leaves alone the blocks allocated in between, and calloc's are zero", () => {
    assertBlocks(outcome, 50);
  });

  test("had all its memory from us", (t) => {
    assertOurs(outcome, 100_000_000);
    t.diagnostic(outcome.stderr.trim());
  });
});
