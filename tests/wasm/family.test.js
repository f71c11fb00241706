// The C family, line by line, in real WebAssembly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EINVAL, ENOMEM, PAGE, growing } from "./harness.js";
import { HUGE, distinct, refused, state } from "./refused.js";

test("size 0 gets a unique pointer, as size 1 does", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
  assert.equal(call.mini_alloc(0, 4 * PAGE), 4 * PAGE);
});

test("posix_memalign returns its error, and leaves errno and *out alone", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
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
  const { call } = heap;
  const block = call.malloc(100);
  heap.bytes().fill(3, block, block + 100);
  heap.memory.grow(2);
  const moved = call.realloc(block, 3 * PAGE);
  assert.ok(moved >= 4 * PAGE);
  assert.equal(call.find_other(moved, 100, 3), moved + 100);
});

test("all the names of malloc are one allocator", async () => {
  const heap = await growing(2, 100);
  const { call } = heap;
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
