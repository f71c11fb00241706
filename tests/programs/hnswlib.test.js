// hnswlib and its exceptions do the same on our allocator as on dlmalloc, to the byte: exceptions
// that are JavaScript's, and those that are WebAssembly's.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { OPTIMIZED, assertBlocks, assertOurs, count, ran } from "./outcomes.js";
import { link } from "./programs.js";

/** @typedef {import("./outcomes.js").Outcome} Outcome */

/** @param {Outcome} outcome @param {string} what was thrown, to be caught so many times */
const caught = ({ stdout }, what) =>
  Number(new RegExp(`^caught (\\d+) x ${what}$`, "m").exec(stdout)?.[1]);

/** @type {Record<string, Outcome>} */
const outcomes = {};

for (const exceptions of ["-fexceptions", "-fwasm-exceptions"]) {
  describe(`hnswlib with ${exceptions}`, () => {
    /** @type {Outcome} */
    let outcome;

    before(async () => {
      const name = `mini_alloc${exceptions}`;
      const flags = [...OPTIMIZED, exceptions];
      outcome = await ran(await link("hnswlib", "mini_alloc", { name, flags }));
      outcomes[exceptions] = outcome;
    });

    test("prints the same bytes on our allocator and on dlmalloc", async () => {
      const name = `dlmalloc${exceptions}`;
      const flags = ["-O1", "-sALLOW_MEMORY_GROWTH", exceptions];
      const dlmalloc = await ran(await link("hnswlib", "dlmalloc", { name, flags }));
      assert.equal(outcome.stdout, dlmalloc.stdout);
    });

    test("has thrown through the library, and kept and nested what was thrown", () => {
      const cancelled = /^searches: (\d+) cancelled, \d+ finished/m.exec(outcome.stdout);
      assert.ok(Number(cancelled?.[1]) > 900, outcome.stdout);
      assert.equal(caught(outcome, "Label not found"), 900);
      assert.equal(count(outcome, "nested: 620"), 1);
    });

    test("has caught what is thrown where memory ends, and gone on", () => {
      assert.equal(caught(outcome, "std::bad_alloc"), 30);
      assert.equal(caught(outcome, "Not enough memory: .* failed to allocate data"), 10);
      assert.equal(caught(outcome, "Not enough memory: resizeIndex .* base layer"), 1);
    });

    test("finds the same in an index that was saved and loaded", () => {
      assert.match(outcome.stdout, /^hnswlib, 3000 vectors, room for \d+$/m);
      assert.equal(count(outcome, "nearly all are the nearest: ok"), 1);
      assert.equal(count(outcome, "loaded, the same is found: ok"), 1);
      assert.match(outcome.stdout, /^integrity ok, checked \d{5} connections$/m);
    });

    test("leaves alone the blocks allocated in between, and calloc's are zero", () => {
      assertBlocks(outcome, 100);
    });

    test("had all its memory from us", (t) => {
      assertOurs(outcome, 10_000_000);
      t.diagnostic(outcome.stderr.trim());
    });
  });
}

test("hnswlib prints the same bytes with both kinds of exceptions", () => {
  assert.equal(outcomes["-fexceptions"]?.stdout, outcomes["-fwasm-exceptions"]?.stdout);
});
