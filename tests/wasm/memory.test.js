// How memory is had in real WebAssembly: growth, its limits, and others who want some too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENOMEM, PAGE, fixed, growing } from "./harness.js";
import { HUGE, refused } from "./refused.js";

test("fixed memory: the last byte can be had, and then nothing", async () => {
  const heap = await fixed(2);
  const { call } = heap;
  const start = call.mini_alloc(0, 1);
  assert.equal(call.mini_alloc(2 * PAGE - start, 1), start);
  assert.equal(heap.info().bump, 2 * PAGE);
  call.set_errno(0);
  for (const request of [() => call.malloc(1), () => call.malloc(0), () => call.calloc(1, 1)]) {
    assert.equal(request(), 0);
  }
  assert.equal(call.get_errno(), ENOMEM);
  assert.equal(call.mini_alloc(0, 1), 2 * PAGE, "size 0 still has an address");
  assert.equal(heap.pages(), 2);
});

test("limited memory: the last page can be used", async () => {
  const heap = await growing(2, 37);
  const { call } = heap;
  const got = call.malloc_many(1e6, 1000);
  assert.equal(heap.pages(), 37);
  assert.ok(got * 1000 > 37 * PAGE - heap.info().base - 1000);
  assert.equal(call.get_errno(), ENOMEM);
  assert.notEqual(call.malloc(8), 0, "there is room for something smaller");
});

test("a growth by an eighth falls back to what is needed", async () => {
  const heap = await growing(64, 70);
  const { call } = heap;
  call.mini_alloc(64 * PAGE - call.mini_alloc(0, 1), 1);
  assert.equal(call.malloc(PAGE), 64 * PAGE);
  assert.equal(heap.pages(), 65, "an eighth would have been 72");
});

test("pages: exact while memory is small, by an eighth when it is not", async () => {
  const heap = await growing(2, 32768);
  const { call } = heap;
  const start = call.mini_alloc(0, 1);
  call.mini_alloc(2 * PAGE - start, 1);
  assert.equal(heap.pages(), 2);
  assert.equal(call.malloc(1), 2 * PAGE);
  assert.equal(heap.pages(), 3);
  assert.equal(call.malloc(4 * PAGE), 2 * PAGE + 8);
  assert.equal(heap.pages(), 7);
  assert.equal(heap.notified(), 2);
  while (heap.pages() < 16384) assert.equal(call.malloc_many(64, 4096), 64);
  assert.ok(heap.notified() < 100, `${heap.notified()} growths to 1 GiB`);
});

test("the end of 4 GiB: the last byte can be had, and then nothing", async () => {
  const heap = await growing(2, 65536);
  const { call } = heap;
  const start = call.mini_alloc(0, 1);
  const most = 0x100000000 - start;
  refused(heap, "one byte more than there can be", ENOMEM, () => call.mini_alloc(most + 1, 1));
  const bump = heap.info().bump;
  const block = call.mini_alloc(0x100000000 - bump - 64, 1);
  assert.equal(block, bump);
  assert.equal(heap.pages(), 65536);
  assert.equal(heap.info().limit, 0, "2^32 is written 0");
  assert.equal(call.sbrk(0), 0);
  refused(heap, "a block that would wrap", ENOMEM, () => call.malloc(100));
  assert.equal(call.mini_alloc(62, 1), 0x100000000 - 63, "after the byte just taken");
  assert.equal(call.mini_alloc(1, 1), 0xffffffff, "the last byte");
  heap.bytes()[0xffffffff] = 1;
  for (const request of [() => call.malloc(1), () => call.malloc(0), () => call.mini_alloc(1, 1)]) {
    call.set_errno(0);
    assert.equal(request(), 0);
    assert.equal(call.get_errno(), ENOMEM);
  }
  assert.equal(call.mini_alloc(0, 1), 0, "2^32 is no address, not even for size 0");
  assert.equal(call.realloc(block, 1), 0);
  assert.equal(call.sbrk(8), HUGE);
  assert.equal(call.sbrk(0), 0);
  assert.equal(call.mini_alloc_mark(), 0);
  assert.equal(call.mini_alloc_reset(0xfffffff8), 0, "and a mark brings room back");
  assert.equal(heap.bytes()[0xffffffff], 0);
  assert.equal(call.malloc(8), 0xfffffff8);
});

test("pages that others grew are skipped, before they are enough and when they are not", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
  call.malloc(1);
  const theirs = heap.memory.grow(3) * PAGE;
  heap.bytes().fill(0xee, theirs, theirs + 3 * PAGE);
  const room = heap.info().limit - heap.info().bump;
  assert.ok(call.mini_alloc(room, 1) < theirs, "what is ours is used up first");
  assert.equal(call.malloc(10), theirs + 3 * PAGE);
  assert.equal(heap.pages(), 6);
  heap.memory.grow(1);
  heap.bytes().fill(0xee, 6 * PAGE, 7 * PAGE);
  assert.equal(call.calloc(1, 5 * PAGE), 7 * PAGE);
  assert.equal(call.find_other(7 * PAGE, 5 * PAGE, 0), 12 * PAGE);
  assert.equal(heap.pages(), 12, "exactly what was needed");
  assert.equal(call.find_other(theirs, 3 * PAGE, 0xee), theirs + 3 * PAGE);
  assert.equal(call.find_other(6 * PAGE, PAGE, 0xee), 7 * PAGE);
});

test("pages of others at the maximum: what is ours still serves", async () => {
  const heap = await growing(2, 5);
  const { call } = heap;
  call.malloc(1);
  heap.memory.grow(3);
  refused(heap, "more than our page has", ENOMEM, () => call.malloc(2 * PAGE));
  assert.ok(call.malloc_many(1e6, 100) > 500);
  assert.ok(heap.info().bump <= 2 * PAGE);
});

test("sbrk and malloc take turns, and never the same memory", async () => {
  const heap = await growing(2, 1000);
  const { call } = heap;
  /** @type {[number, number, number][]} */
  const taken = [];
  let seed = 1;
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let i = 0; i < 400; i++) {
    const size = 1 + random(i % 7 === 0 ? 3 * PAGE : 900);
    const kind = random(4);
    const block =
      kind === 0
        ? call.sbrk(size)
        : kind === 1
          ? call.calloc(1, size)
          : kind === 2
            ? call.mini_alloc(size, 1)
            : call.malloc(size);
    assert.notEqual(block, HUGE);
    assert.notEqual(block, 0);
    assert.equal(call.find_other(block, size, 0), block + size, "fresh memory is zero");
    heap.bytes().fill((i % 255) + 1, block, block + size);
    taken.push([block, size, (i % 255) + 1]);
    if (i % 50 === 49) heap.memory.grow(1);
  }
  for (const [block, size, value] of taken) {
    assert.equal(call.find_other(block, size, value), block + size);
  }
});

test("sbrk before the first malloc, and what it refuses", async () => {
  const heap = await growing(2, 10);
  const { call } = heap;
  const base = heap.info().base;
  assert.equal(call.sbrk(0), base);
  assert.equal(call.sbrk(100), base);
  assert.equal(call.sbrk(0), base + 104, "rounded up to the alignment of malloc");
  assert.equal(call.malloc(4), base + 104);
  const end = call.sbrk(0);
  assert.equal(end, 2 * PAGE, "malloc takes the rest");
  for (const increment of [-1, -8, -104, -PAGE]) {
    call.set_errno(0);
    assert.equal(call.sbrk(increment), HUGE, `sbrk(${increment})`);
    assert.equal(call.get_errno(), ENOMEM);
  }
  assert.equal(call.sbrk(9 * PAGE), HUGE);
  assert.equal(call.sbrk(0), end);
  assert.equal(call.brk(end), 0);
  assert.equal(call.brk(end - 8), HUGE);
  assert.equal(call.brk(end + 3 * PAGE), 0);
  assert.equal(call.sbrk(0), end + 3 * PAGE);
  const view = new Uint32Array(heap.memory.buffer);
  assert.equal(view[call.emscripten_get_sbrk_ptr() / 4], end + 3 * PAGE);
});
