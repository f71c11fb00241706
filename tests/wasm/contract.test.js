// The contract of the C family, line by line, in real WebAssembly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EINVAL, ENOMEM, PAGE, fixed, growing } from "./harness.js";

/** @typedef {import("./harness.js").Heap} Heap */

const HUGE = 0xffffffff;

/** What a failing call must leave alone. @param {Heap} heap */
function state(heap) {
  return { ...heap.info(), sbrk: heap.call.sbrk?.(0), pages: heap.pages() };
}

/**
 * Asserts that `request` fails as it should: NULL, the error, nothing changed, and that the next
 * small request succeeds.
 * @param {Heap} heap @param {string} what @param {number} error @param {() => number} request
 */
function refused(heap, what, error, request) {
  const { malloc, get_errno, set_errno } = /** @type {any} */ (heap.call);
  const before = state(heap);
  set_errno(0);
  assert.equal(request(), 0, what);
  assert.equal(get_errno(), error, `${what}: errno`);
  assert.deepEqual(state(heap), before, `${what}: changed something`);
  const next = malloc(1);
  assert.ok(next >= before.bump && next < before.bump + 8, `${what}: the next malloc`);
}

/** @param {number} count @param {(i: number) => number} request */
function distinct(count, request) {
  const seen = Array.from({ length: count }, (_, i) => request(i));
  assert.ok(!seen.includes(0));
  assert.equal(new Set(seen).size, count);
}

test("size 0 gets a unique pointer, as size 1 does", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  distinct(4, () => call.malloc(0));
  distinct(4, () => call.calloc(0, 7));
  distinct(4, () => call.calloc(7, 0));
  distinct(4, () => call.realloc(0, 0));
  distinct(4, () => call.memalign(64, 0));
  distinct(4, () => call.aligned_alloc(8, 0));
  const block = call.malloc(100);
  distinct(4, () => call.realloc(block, 0));
  const last = call.realloc(block, 0);
  assert.equal(call.realloc(last, 0), last, "of the last block, in place");
  assert.equal(heap.info().bump, last + 1);
  distinct(3, () => {
    assert.equal(call.posix(16, 0), 0);
    return call.get_posix_out();
  });
});

test("a size that can not fit is refused, whatever function is asked", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  const block = call.malloc(10);
  for (const size of [HUGE, HUGE - 7, HUGE - 8, HUGE - PAGE, 0x80000000, 0x7fffffff, 100 * PAGE]) {
    refused(heap, `malloc(${size})`, ENOMEM, () => call.malloc(size));
    refused(heap, `calloc(1, ${size})`, ENOMEM, () => call.calloc(1, size));
    refused(heap, `realloc(p, ${size})`, ENOMEM, () => call.realloc(block, size));
    refused(heap, `realloc(NULL, ${size})`, ENOMEM, () => call.realloc(0, size));
    refused(heap, `mini_alloc(${size}, 1)`, ENOMEM, () => call.mini_alloc(size, 1));
    refused(heap, `memalign(${PAGE * 2}, ${size})`, ENOMEM, () => call.memalign(PAGE * 2, size));
    refused(heap, `aligned_alloc(16, ${size})`, ENOMEM, () => call.aligned_alloc(16, size));
    refused(heap, `sbrk(${size})`, ENOMEM, () => (call.sbrk(size) === HUGE ? 0 : 1));
  }
});

test("a product that overflows is refused", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  for (const [count, size] of [
    [0x10000, 0x10000],
    [HUGE, HUGE],
    [0x80000000, 2],
    [3, 0x55555556],
    [HUGE, 2],
  ]) {
    refused(heap, `calloc(${count}, ${size})`, ENOMEM, () => call.calloc(count, size));
    refused(heap, `reallocarray`, ENOMEM, () => call.reallocarray(0, count, size));
  }
});

test("an alignment that is no power of two is refused with EINVAL", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  call.malloc(1);
  for (const align of [0, 3, 6, 12, 100, 0xffff, 0x18000, 0x80000001, HUGE]) {
    for (const size of [0, 1, 100, HUGE]) {
      const asked = `(${size}, ${align})`;
      refused(heap, `mini_alloc${asked}`, EINVAL, () => call.mini_alloc(size, align));
      refused(heap, `mini_alloc_zeroed${asked}`, EINVAL, () => call.mini_alloc_zeroed(size, align));
      refused(heap, `memalign${asked}`, EINVAL, () => call.memalign(align, size));
      refused(heap, `aligned_alloc${asked}`, EINVAL, () => call.aligned_alloc(align, size));
    }
  }
});

test("every alignment is honored, and every block is zero", async () => {
  const heap = await growing(2, 32768);
  const { call } = /** @type {any} */ (heap);
  let end = 0;
  for (let align = 1; align <= 0x10000000; align *= 2) {
    for (const size of [1, 13, 100]) {
      const block = call.mini_alloc(size, align);
      assert.notEqual(block, 0);
      assert.equal(block % align, 0);
      assert.ok(block >= end);
      assert.equal(call.find_other(block, size, 0), block + size);
      heap.bytes().fill(0xee, block, block + size);
      end = block + size;
    }
  }
});

test("mini_alloc rounds nothing, and size 0 does not move the bump pointer", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  const first = call.mini_alloc(0, 1);
  assert.equal(first, heap.info().base, "before anything else, too");
  assert.equal(call.mini_alloc(0, 1), first);
  assert.equal(call.mini_alloc(3, 1), first);
  assert.equal(call.mini_alloc(5, 1), first + 3);
  assert.equal(call.mini_alloc(0, 4), first + 8);
  assert.equal(call.mini_alloc(1, 1), first + 8);
  assert.equal(call.mini_alloc(2, 2), first + 10);
  assert.equal(heap.info().bump, first + 12);
  assert.equal(call.malloc(1), first + 16);
  assert.equal(call.mini_alloc(0, 0x100000) % 0x100000, 0);
});

test("size 0 as the very first request, at an alignment larger than a page", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  assert.equal(call.mini_alloc(0, 4 * PAGE), 4 * PAGE);
});

test("posix_memalign returns its error, and leaves errno and *out alone", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  call.malloc(1);
  call.set_errno(7);
  call.set_posix_out(77);
  const before = state(heap);
  for (const align of [0, 1, 2, 3, 6, 12, 0x18000]) {
    assert.equal(call.posix(align, 8), EINVAL, `alignment ${align}`);
  }
  assert.equal(call.posix(16, HUGE), ENOMEM);
  assert.equal(call.posix(0x80000000, 0x80000000), ENOMEM);
  assert.equal(call.get_posix_out(), 77);
  assert.equal(call.get_errno(), 7);
  assert.deepEqual(state(heap), before);
  for (const align of [4, 8, 64, 4096, 4 * PAGE]) {
    assert.equal(call.posix(align, 100), 0);
    assert.equal(call.get_posix_out() % align, 0);
  }
  assert.equal(call.get_errno(), 7);
});

test("free does nothing: not for NULL, not for a block, not twice", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  const block = call.malloc(40);
  heap.bytes().fill(0x5a, block, block + 40);
  const before = state(heap);
  for (const pointer of [0, block, block]) call.free(pointer);
  assert.deepEqual(state(heap), before);
  assert.equal(call.find_other(block, 40, 0x5a), block + 40);
  assert.equal(call.malloc(1), block + 40);
});

test("realloc keeps what fits, grows and shrinks its last block in place, and clears", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  const first = call.realloc(0, 10);
  heap.bytes().fill(1, first, first + 10);
  assert.equal(call.realloc(first, 1000), first, "the last block grows in place");
  assert.equal(call.find_other(first, 10, 1), first + 10);
  assert.equal(call.find_other(first + 10, 990, 0), first + 1000);
  heap.bytes().fill(1, first, first + 1000);
  assert.equal(call.realloc(first, 100), first, "and shrinks in place");
  assert.equal(heap.info().bump, first + 100);
  assert.equal(call.find_other(first + 100, 900, 0), first + 1000, "what it gave back is zero");
  assert.equal(call.realloc(first, 100), first, "and stays");
  const second = call.malloc(16);
  heap.bytes().fill(2, second, second + 16);
  const third = call.realloc(first, 200);
  assert.ok(third > second, "any other block moves");
  assert.equal(call.find_other(third, 100, 1), third + 100);
  assert.equal(call.find_other(second, 16, 2), second + 16);
  const fourth = call.realloc(second, 5);
  assert.ok(fourth > third, "and moves to shrink");
  assert.equal(call.find_other(fourth, 5, 2), fourth + 5);
});

test("realloc grows its last block in place across new pages", async () => {
  const heap = await growing(2, 1000);
  const { call } = /** @type {any} */ (heap);
  let block = call.realloc(0, 16);
  const first = block;
  for (let size = 32; size < 20 * PAGE; size += 4000) {
    block = call.realloc(block, size);
    assert.equal(block, first);
  }
  assert.ok(heap.pages() <= 24, `${heap.pages()} pages for 20`);
});

test("realloc of a block below pages of others reads nothing outside memory", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  const block = call.malloc(100);
  heap.bytes().fill(3, block, block + 100);
  heap.memory.grow(2);
  const moved = call.realloc(block, 3 * PAGE);
  assert.ok(moved >= 4 * PAGE);
  assert.equal(call.find_other(moved, 100, 3), moved + 100);
});

test("all the names of malloc are one allocator", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
  let last = call.malloc(8);
  for (const prefix of ["emscripten_builtin_", "__libc_", ""]) {
    for (const request of [
      () => call[`${prefix}malloc`](8),
      () => call[`${prefix}calloc`](2, 4),
      () => call[`${prefix}realloc`](0, 8),
    ]) {
      const block = request();
      assert.equal(block, last + 8);
      last = block;
    }
    call[`${prefix}free`](last);
  }
  assert.equal(call.emscripten_builtin_memalign(8, 8), last + 8);
  assert.equal(call.malloc_trim(0), 0);
});

test("fixed memory: the last byte can be had, and then nothing", async () => {
  const heap = await fixed(2);
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
  const got = call.malloc_many(1e6, 1000);
  assert.equal(heap.pages(), 37);
  assert.ok(got * 1000 > 37 * PAGE - heap.info().base - 1000);
  assert.equal(call.get_errno(), ENOMEM);
  assert.notEqual(call.malloc(8), 0, "there is room for something smaller");
});

test("a growth by an eighth falls back to what is needed", async () => {
  const heap = await growing(64, 70);
  const { call } = /** @type {any} */ (heap);
  call.mini_alloc(64 * PAGE - call.mini_alloc(0, 1), 1);
  assert.equal(call.malloc(PAGE), 64 * PAGE);
  assert.equal(heap.pages(), 65, "an eighth would have been 72");
});

test("pages: exact while memory is small, by an eighth when it is not", async () => {
  const heap = await growing(2, 32768);
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
  call.malloc(1);
  heap.memory.grow(3);
  refused(heap, "more than our page has", ENOMEM, () => call.malloc(2 * PAGE));
  assert.ok(call.malloc_many(1e6, 100) > 500);
  assert.ok(heap.info().bump <= 2 * PAGE);
});

test("sbrk and malloc take turns, and never the same memory", async () => {
  const heap = await growing(2, 1000);
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
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

test("a mark and a reset give back everything since, as zeros, and keep the pages", async () => {
  const heap = await growing(2, 100);
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
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
  const { call } = /** @type {any} */ (heap);
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
