// What a call that fails must do, and what it must leave alone.

import assert from "node:assert/strict";

/** @typedef {import("./harness.js").Heap} Heap */

export const HUGE = 0xffffffff;

/** What a failing call must leave alone. @param {Heap} heap */
export function state(heap) {
  return { ...heap.info(), sbrk: heap.call.sbrk?.(0), pages: heap.pages() };
}

/**
 * Asserts that `request` fails as it should: NULL, the error, nothing changed, and that the next
 * small request succeeds.
 * @param {Heap} heap @param {string} what @param {number} error @param {() => number} request
 */
export function refused(heap, what, error, request) {
  const { malloc, get_errno, set_errno } = heap.call;
  const before = state(heap);
  set_errno(0);
  assert.equal(request(), 0, what);
  assert.equal(get_errno(), error, `${what}: errno`);
  assert.deepEqual(state(heap), before, `${what}: changed something`);
  const next = malloc(1);
  assert.ok(next >= before.bump && next < before.bump + 8, `${what}: the next malloc`);
}

/** @param {number} count @param {(i: number) => number} request */
export function distinct(count, request) {
  const seen = Array.from({ length: count }, (_, i) => request(i));
  assert.ok(!seen.includes(0));
  assert.equal(new Set(seen).size, count);
}
