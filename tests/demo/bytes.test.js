// The memory at any step is what the calls up to it have left there, and each byte has one owner.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap, writtenTo } from "../../demo/engine/heap.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { parseScript } from "../../demo/engine/script.js";
import { stepsOf } from "../../demo/page/calls.js";
import { addressOf, ownerName, Owners, ownerText } from "../../demo/page/owners.js";
import { modulesOf } from "./modules.js";
import { randomCalls } from "./random.js";

const modules = await modulesOf("mini-alloc");

/** A heap after a script. @param {string} text */
function after(text) {
  const heap = new Heap(modules);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

/** Bytes of a block at a step. @param {Heap} heap @param {number} number @param {number} length */
function bytesOf(heap, number, length, step = heap.steps) {
  const { result } = heap.event(heap.history.sums.stepOf(number));
  return [...heap.replica(step).bytes.subarray(result, result + length)];
}

/** @param {number} length @param {number} value */
const run = (length, value) => Array(length).fill(value);

test("the page writes a block's number to its first 64 bytes, and to no other", () => {
  const heap = after("malloc(3); malloc(100); aligned_alloc(64, 8); mini_alloc(0, 1)");
  assert.deepEqual(bytesOf(heap, 1, 8), [...run(3, 1), ...run(5, 0)]);
  assert.deepEqual(bytesOf(heap, 2, 100), [...run(64, 2), ...run(36, 0)]);
  assert.deepEqual(bytesOf(heap, 3, 16), [...run(8, 3), ...run(8, 0)]);
});

test("what is written is never 0", () => {
  assert.deepEqual([1, 2, 255, 256, 511].map(writtenTo), [1, 2, 255, 1, 1]);
});

test("calloc's block is zero, in memory that was written before too", () => {
  const heap = after("m = mark(); malloc(40); reset(m); calloc(4, 10)");
  assert.deepEqual(bytesOf(heap, 2, 40), run(40, 0));
  assert.deepEqual(bytesOf(heap, 1, 40, 2), run(40, 1));
});

test("realloc copies what was there, and the page writes beyond it", () => {
  const heap = after("p = malloc(10); malloc(1); realloc(p, 100)");
  assert.deepEqual(bytesOf(heap, 3, 100), [...run(10, 1), ...run(64, 3), ...run(26, 0)]);
  assert.deepEqual(bytesOf(heap, 1, 10), run(10, 1));
});

test("a block that shrinks keeps its first bytes, and the rest is cleared", () => {
  const heap = after("p = realloc(NULL, 60); realloc(p, 20)");
  assert.deepEqual(bytesOf(heap, 2, 64), [...run(20, 1), ...run(44, 0)]);
});

test("both copies of the module have the same bytes", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 3, length: 400 }, () => undefined);
  const { bytes, twin } = heap.machine;
  const base = heap.places.heapBase;
  const end = heap.at().bump;
  const other = new Uint8Array(twin?.["memory"].buffer).subarray(base, end);
  assert.equal(Buffer.compare(bytes.subarray(base, end), other), 0);
});

test("the memory at an earlier step is what it was then", () => {
  const heap = new Heap(modules);
  /** @type {Uint8Array[]} */
  const was = [];
  const look = () => was.push(heap.machine.bytes.slice(0, Math.min(heap.at().bump, 200_000)));
  randomCalls(heap, { seed: 11, length: 60 }, look);
  const order = [60, 3, 4, 59, 20, 20, 1, 33];
  for (const step of order) {
    const expected = was[step - 1] ?? new Uint8Array();
    const found = heap.replica(step).bytes.subarray(0, expected.length);
    assert.equal(Buffer.compare(found, expected), 0, `step ${step}`);
  }
});

test("a replica of a step that was undone is not used again", () => {
  const heap = after("malloc(8); malloc(8); malloc(8)");
  heap.replica(2);
  heap.truncate(1);
  for (const size of [100, 8]) heap.perform({ op: "malloc", args: [size] });
  assert.deepEqual(bytesOf(heap, 2, 64, 2), run(64, 2));
  assert.throws(() => heap.replica(9), { name: "HeapError" });
});

test("every byte of the heap has one owner, and the sums agree", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 8, length: 120 }, (_, step) => {
    const { bump, padding, liveBytes, abandoned } = heap.at(step);
    if (bump - heap.places.heapBase > 150_000 || step % 10 !== 0) return;
    const owners = new Owners(heap.history, step);
    const counts = { live: 0, lost: 0, padding: 0 };
    for (let at = heap.places.heapBase; at < bump; at++) {
      const { kind, status } = owners.of(at);
      if (kind === "padding") counts.padding++;
      else if (status === "live") counts.live++;
      else counts.lost++;
    }
    assert.deepEqual(counts, { live: liveBytes, lost: abandoned, padding }, `step ${step}`);
  });
});

test("a byte is named by what it belongs to", () => {
  const heap = after("malloc(3); malloc(100); free(p1)");
  const owners = new Owners(heap.history, 3);
  const { heapBase: base, dataBegin, stackTop } = heap.places;
  const { bump, limit } = heap.at();
  const text = (/** @type {number} */ at) => ownerText(owners.of(at));
  assert.equal(text(base + 2), "byte 2 of p1, freed, and not used again");
  assert.equal(text(base + 3), "padding");
  assert.equal(text(base + 8 + 99), "byte 99 of p2, live");
  assert.equal(text(bump), "slack: ours, not used yet");
  assert.equal(text(limit), "nobody's");
  assert.equal(text(dataBegin), "static data");
  assert.equal(text(stackTop - 1), "stack");
  assert.equal(ownerName(owners.of(base)), "p1 freed");
});

test("a place is an address, a block, or a name; anything else is refused in words", () => {
  const { history, steps } = after("malloc(3); malloc(100)");
  const at = { history, step: steps, end: 131_072 };
  const base = history.start.bump;
  assert.equal(addressOf("p2", at), base + 8);
  assert.equal(addressOf("0x4411", at), 0x4411);
  assert.equal(addressOf("17,425", at), 17_425);
  assert.equal(addressOf("bump", at), base + 108);
  assert.equal(addressOf("limit", at), 131_071);
  assert.equal(addressOf("p2", { ...at, step: 1 }), "there is no p2 at this step");
  assert.match(String(addressOf("131072", at)), /^memory ends at 131,072 bytes$/);
  assert.match(String(addressOf("q", at)), /^expected an address/);
});

test("the filters of the calls show what the events say", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 21, length: 500 }, () => undefined);
  /** @type {Record<string, (event: import("../../demo/engine/history.js").Event) => boolean>} */
  const filters = {
    all: () => true,
    growth: ({ after: { pagesGrown } }) => pagesGrown > 0,
    failed: ({ failed }) => failed,
    moved: ({ op, source, inPlace, failed }) =>
      op === "realloc" && source !== undefined && !inPlace && !failed,
    padding: ({ padding }) => padding > 0,
  };
  for (const [name, is] of Object.entries(filters)) {
    const expected = [];
    for (let step = 1; step <= heap.steps; step++) if (is(heap.event(step))) expected.push(step);
    assert.deepEqual([...stepsOf(heap.history, name)], expected, name);
    assert.ok(expected.length > 3, name);
  }
});
