// Marks and resets, in real WebAssembly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EINVAL, PAGE, growing } from "./harness.js";
import { HUGE, state } from "./refused.js";

test("a mark and a reset give back everything since, as zeros, and keep the pages", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
  call.malloc(50);
  let pages = 0;
  for (let request = 0; request < 100; request++) {
    const mark = call.mini_alloc_mark();
    for (let i = 0; i < 20; i++) {
      const block = call.calloc(1, 10 * 1024);
      assert.equal(call.find_other(block, 10 * 1024, 0), block + 10 * 1024);
      heap.bytes().fill(0xff, block, block + 10 * 1024);
    }
    assert.equal(call.mini_alloc_reset(mark), 0);
    assert.equal(heap.info().bump, mark);
    if (request === 0) pages = heap.pages();
  }
  assert.ok(pages > 2);
  assert.equal(heap.pages(), pages);
});

test("a mark that can not be one is refused with EINVAL", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
  /** @param {number} mark @param {string} what */
  const bad = (mark, what) => {
    const before = state(heap);
    call.set_errno(0);
    assert.equal(call.mini_alloc_reset(mark), HUGE, what);
    assert.equal(call.get_errno(), EINVAL, what);
    assert.deepEqual(state(heap), before, what);
  };
  const early = call.mini_alloc_mark();
  bad(0, "NULL, not started");
  bad(early - 1, "below the heap, not started");
  assert.equal(call.mini_alloc_reset(early), 0, "nothing given back, not started");
  const block = call.malloc(100);
  bad(0, "NULL");
  bad(early - 1, "below the heap");
  bad(block + 101, "above the bump pointer");
  bad(HUGE, "far above");
  call.sbrk(8);
  assert.equal(call.mini_alloc_reset(block), 0, "sbrk took nothing in between");
  call.malloc(100);
  call.malloc(2 * PAGE);
  bad(block, "below what sbrk took");
  const after = call.mini_alloc_mark();
  heap.memory.grow(1);
  call.malloc(20 * PAGE);
  bad(after, "below pages of others");
});

test("realloc's memory of its last block does not survive a reset", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
  const mark = call.mini_alloc_mark();
  const stale = call.realloc(0, 32);
  assert.equal(call.mini_alloc_reset(mark), 0);
  const small = call.malloc(8);
  const next = call.malloc(24);
  assert.deepEqual([small, heap.info().bump], [stale, stale + 32], "the same place and end");
  heap.bytes().fill(9, next, next + 24);
  assert.notEqual(call.realloc(small, 64), small, "it must not grow over its neighbor");
  assert.equal(call.find_other(next, 24, 9), next + 24);
});
