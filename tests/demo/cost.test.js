// The cost panel's numbers: every one against modules that the test drives itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { buildTimed, DEMO_ALLOCATORS } from "../../demo/build/module.js";
import { compare, programFor } from "../../demo/cost/compare.js";
import { ratioText, verdict } from "../../demo/cost/measures.js";
import { SlicedRun } from "../../demo/cost/run.js";
import { SAMPLES, SLOTS, TooManyBlocks, encode, timing } from "../../demo/cost/timing.js";
import { OPS } from "../../demo/cost/translate.js";
import { Heap } from "../../demo/engine/heap.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { SCENARIOS, scenarioCalls } from "../../demo/engine/scenarios.js";
import { parseScript } from "../../demo/engine/script.js";
import { cacheFolder } from "../../src/cost/cache.js";
import { emccNumbers, root } from "../helpers/toolchain.js";
import { allocators, emscripten, modulesOf } from "./modules.js";
import { randomCalls } from "./random.js";

/** @typedef {import("../../demo/cost/compare.js").Entry} Entry */
/** @typedef {import("../../demo/cost/compare.js").Compared} Compared */
/** @typedef {Record<string, any>} Exports */

const PAGE = 65_536;

/** @type {Entry[]} */
const entries = await Promise.all(
  allocators.map(async (name) => ({ name, bytes: 1, modules: await modulesOf(name) })),
);
const entryOf = (/** @type {string} */ name) =>
  /** @type {Entry} */ (entries.find((entry) => entry.name === name));
const ours = entryOf("mini-alloc");

/** @param {Entry} entry */
const meteredOf = ({ modules }) => /** @type {WebAssembly.Module} */ (modules.metered);

/** @param {string} id @returns {Heap} */
function scenario(id) {
  const found = SCENARIOS.find((one) => one.id === id);
  assert.ok(found);
  const heap = new Heap(ours.modules);
  for (const _ of play(scenarioCalls(found, heap), heap));
  return heap;
}

/** @param {string} text @returns {Heap} */
function after(text) {
  const heap = new Heap(ours.modules);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

/** @param {number} seed @returns {Heap} */
function random(seed) {
  const heap = new Heap(ours.modules);
  randomCalls(heap, { seed, length: 800 }, () => {});
  return heap;
}

/** @template Outcome @param {Generator<unknown, Outcome, void>} work @returns {Outcome} */
function finished(work) {
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
}

/** @param {Heap} heap @returns {Compared[]} */
const compared = (heap) => finished(compare(heap.history, entries));

/** @param {WebAssembly.Module} module @returns {Exports} */
function instance(module) {
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => 0;
  }
  const exports = /** @type {Exports} */ (new WebAssembly.Instance(module, imports).exports);
  exports["_initialize"]?.();
  return exports;
}

/** @param {number} n */
const isPowerOfTwo = (n) => n > 0 && (n & (n - 1)) === 0;

/**
 * The calls of a log as functions of C, for an allocator with or without marks: [function, first,
 * second, number of the block it makes]. A block is given as {p: number}, a mark as {m: number}.
 * @param {Heap} heap
 * @param {boolean} marks
 */
function* callsInC(heap, marks) {
  /** @type {{number: number, end: number}[]} by the addresses that mini-alloc returned */
  let live = [];
  for (let step = 1; step <= heap.steps; step++) {
    const { op, args, block: made, result, taken, source, after: then } = heap.event(step);
    const [a = 0, b = 0] = args;
    const gone = op === "reset" && result === 0 ? live.filter(({ end }) => end > then.bump) : [];
    live = live.filter((one) => !gone.includes(one));
    if (source && (op === "free" || made > 0)) {
      live = live.filter(({ number }) => number !== source.number);
    }
    if (made > 0) live.push({ number: made, end: result + taken });
    if (op === "free") yield /** @type {const} */ (["free", { p: a }, 0, 0]);
    else if (op === "realloc") yield /** @type {const} */ (["realloc", { p: a }, b, made]);
    else if (op === "malloc" || op === "calloc") yield /** @type {const} */ ([op, a, b, made]);
    else if (marks && op === "mark") yield /** @type {const} */ (["mini_alloc_mark", 0, 0, made]);
    else if (marks && op === "reset") {
      yield /** @type {const} */ (["mini_alloc_reset", { m: a }, 0, 0]);
    } else if (marks) yield /** @type {const} */ ([op, a, b, made]);
    else if (op === "reset") {
      for (const { number } of gone.toReversed()) {
        yield /** @type {const} */ (["free", { p: number }, 0, 0]);
      }
    } else if (op === "aligned_alloc") {
      if (isPowerOfTwo(a)) yield /** @type {const} */ (["aligned_alloc", a, b, made]);
    } else if (op === "mini_alloc" && isPowerOfTwo(b)) {
      const whole = Math.min(Math.ceil(a / b) * b, 2 ** 32 - b);
      if (b > heap.places.alignment)
        yield /** @type {const} */ (["aligned_alloc", b, whole, made]);
      else yield /** @type {const} */ (["malloc", a, 0, made]);
    }
  }
}

/** What the calls return. @param {WebAssembly.Module} module @param {Heap} heap */
function driven(module, heap) {
  const exports = instance(module);
  const { memory, __ink } = exports;
  const marks = "mini_alloc_mark" in exports;
  const base = exports["heap_base"]();
  const before = { ink: __ink && Number(__ink.value), pages: memory.buffer.byteLength / PAGE };
  const blocks = new Map([[0, { at: 0, size: 0 }]]);
  const marked = [0];
  /** @type {number[]} */
  const results = [];
  let [highest, requested, refused] = [base, 0, 0];
  for (const [name, first, second, made] of callsInC(heap, marks)) {
    const given = typeof first === "object" && "p" in first ? blocks.get(first.p) : undefined;
    const start =
      typeof first === "number" ? first : "m" in first ? marked[first.m] : (given?.at ?? 0);
    const result = (exports[name](start, second) ?? 0) >>> 0;
    results.push(result);
    if (name === "mini_alloc_mark") marked.push(result);
    if (name.startsWith("mini_alloc_") || (name === "free" && !given)) continue;
    const size =
      name === "calloc"
        ? Number(first) * second
        : name === "realloc" || name === "aligned_alloc"
          ? second
          : Number(first);
    const ended = name === "free" || (name === "realloc" && (result > 0 || size === 0));
    if (ended && typeof first === "object" && "p" in first) blocks.delete(first.p);
    if (name === "free") continue;
    if (result === 0 && size > 0) refused++;
    if (result === 0) continue;
    // What mini-alloc refused and others did not has no number, and is never asked for again.
    blocks.set(made || Symbol(), { at: result, size });
    requested += size;
    highest = Math.max(highest, result + size);
  }
  return {
    results,
    counted: {
      ink: __ink && Number(__ink.value) - before.ink,
      pages: memory.buffer.byteLength / PAGE,
      pagesGrown: memory.buffer.byteLength / PAGE - before.pages,
      highWater: highest - base,
      ...{ requested, refused },
    },
  };
}
