// The engine tells the truth: every step against a model on paper and against the module itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap } from "../../demo/engine/heap.js";
import { MOST_PAGES } from "../../demo/engine/log.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { SCENARIOS, scenarioCalls } from "../../demo/engine/scenarios.js";
import { parseScript } from "../../demo/engine/script.js";
import { Bare, Model } from "./model.js";
import { allocators, modulesOf, mutant } from "./modules.js";
import { randomCalls, randomNumbers } from "./random.js";

/** @typedef {import("../../demo/engine/machine.js").Modules} Modules */

const PAGE = 65_536;

const modules = await modulesOf("mini-alloc");

/** Plays a scenario on a new heap. @param {string} id @param {Modules} [on] */
function played(id, on = modules) {
  const scenario = SCENARIOS.find((one) => one.id === id);
  assert.ok(scenario);
  const heap = new Heap(on);
  const steps = [...play(scenarioCalls(scenario, heap), heap)].length;
  assert.equal(steps, heap.steps);
  return heap;
}

/** A heap after a script. @param {string} text @param {Modules} [on] */
function after(text, on = modules) {
  const heap = new Heap(on);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

/** Compares each step of the log with the two others. @param {Heap} heap @param {Modules} [on] */
function compare(heap, on = modules) {
  const bare = new Bare(on.plain);
  const { base, pages, alignment } = bare.words;
  const model = new Model({ base, pages, alignment, maximum: MOST_PAGES });
  for (let step = 1; step <= heap.steps; step++) {
    const call = heap.history.call(step);
    const { result, after: state } = heap.event(step);
    const { bump, limit, pages: now } = state;
    const logged = { result, bump, limit, pages: now };
    assert.deepEqual(logged, bare.perform(call), `step ${step} of the log and the module`);
    assert.deepEqual(logged, model.perform(call), `step ${step} of the log and the model`);
    assert.equal(state.used, state.liveBytes + state.abandoned + state.padding, `step ${step}`);
  }
}

test("every step of every scenario is what a model and the module say", async (t) => {
  assert.equal(SCENARIOS.length, 16);
  for (const { id, name } of SCENARIOS) {
    await t.test(name, () => compare(played(id)));
  }
});

test("each scenario shows what it is for", () => {
  const results = (/** @type {string} */ id) => {
    const heap = played(id);
    return Array.from({ length: heap.steps }, (_, i) => heap.event(i + 1));
  };
  const [a, b, c, d] = results("zero").map(({ result }) => result);
  assert.ok(a === b && c === b && d !== c);
  for (const id of ["fill", "refill"]) {
    const last = results(id).at(-1)?.after;
    assert.deepEqual([last?.slack, last?.pagesGrown], [0, 0]);
  }
  const cross = results("cross").at(-1);
  assert.deepEqual([cross?.after.pagesGrown, cross?.result], [1, 2 * PAGE]);
  assert.equal(results("jump").at(-1)?.after.pagesGrown, 4);
  assert.ok((results("walk").at(-1)?.after.pages ?? 0) >= 256);
  assert.deepEqual(
    results("failure").map(({ failed }) => failed),
    [false, true, true, false],
  );
  assert.equal(results("free").at(-1)?.before.bump, results("free")[4]?.after.bump);
  assert.deepEqual(
    results("realloc").map(({ inPlace }) => inPlace),
    [false, false, true, false, false, true, false, false, true],
  );
  assert.equal(results("requests").at(-1)?.after.used, 4096);
  assert.ok(played("churn").at().pages > 40);
});

test("the full walk reaches 2 GiB", () => {
  const scenario = SCENARIOS.find(({ id }) => id === "walk");
  assert.ok(scenario);
  const heap = new Heap({ plain: modules.plain });
  for (const _ of play(scenarioCalls(scenario, heap, { pages: 32_768 }), heap));
  assert.ok(heap.at().pages >= 32_768);
  assert.equal(heap.at().failed, 0);
});

// ---- back and forth ------------------------------------------------------------------------------

/** All that the log says, as text. @param {Heap} heap */
const told = (heap) =>
  JSON.stringify(Array.from({ length: heap.steps }, (_, i) => heap.event(i + 1)));

test("undo, redo and truncate replay to the same, whatever the allocator", async (t) => {
  for (const name of allocators) {
    await t.test(name, async () => {
      const churn =
        "loop 1000 { p = malloc(256); q = calloc(3, 9); free(p); q = realloc(q, 99); free(q) }";
      const heap = after(churn, await modulesOf(name));
      const whole = heap.steps;
      const before = told(heap);
      assert.deepEqual(heap.undo(), {
        replayed: whole - 1,
        identical: true,
        firstDifference: undefined,
      });
      assert.equal(heap.truncate(100).replayed, 100);
      assert.equal(heap.steps, 100);
      while (heap.canRedo) heap.redo();
      assert.equal(heap.steps, whole);
      assert.equal(told(heap), before);
      assert.ok(heap.verify().identical);
    });
  }
});

test("what was undone is undone in every respect", () => {
  const heap = after("a = malloc(100)\nm = mark()\nmalloc(50)\nfree(a)\nreset(m)");
  assert.equal(heap.event(4).before.live, 2);
  heap.undo();
  assert.deepEqual([heap.at().live, heap.at().abandoned], [1, 100]);
  heap.undo();
  assert.deepEqual([heap.at().live, heap.at().abandoned], [2, 0]);
  heap.truncate(1);
  assert.throws(() => heap.perform({ op: "reset", args: [1] }), {
    message: "there is no m1: the number of marks is 0",
  });
  assert.ok(heap.canRedo);
  heap.perform({ op: "free", args: [1] });
  assert.ok(!heap.canRedo);
  assert.throws(() => heap.redo(), { message: "there is nothing to redo" });
});

test("a log that lies is found out, and nothing is undone", async (t) => {
  const lies = /** @type {const} */ ({ result: 3, bump: 4, pages: 4, limit: 4 });
  for (const [what, step] of Object.entries(lies)) {
    await t.test(what, () => {
      const heap = played("first");
      const column = heap.history.log.columns[/** @type {keyof typeof lies} */ (what)];
      const found = column[step - 1] ?? 0;
      column[step - 1] = found + 8;
      const difference = { step, what, expected: found + 8, found };
      const outcome = { replayed: step, identical: false, firstDifference: difference };
      assert.deepEqual(heap.verify(), outcome);
      assert.deepEqual(heap.truncate(step), outcome);
      assert.equal(heap.steps, 4);
    });
  }
});

test("a call that cannot be made says why, and is not made", () => {
  const heap = after(
    "malloc(1)\nmalloc(2)\nfree(p1)\nrealloc(p2, 9)\nm = mark()\nmalloc(3)\nreset(m)",
  );
  const cases = {
    "p1 is no more: free ended it in step 3": { op: "free", args: [1] },
    "p2 is no more: realloc ended it in step 4": { op: "realloc", args: [2, 5] },
    "p4 was given back by the reset of step 7": { op: "free", args: [4] },
    "there is no p5: the number of blocks is 4": { op: "free", args: [5] },
    "there is no m2: the number of marks is 1": { op: "reset", args: [2] },
    "malloc: -1 is no number from 0 to 4,294,967,295": { op: "malloc", args: [-1] },
    "malloc takes 1 arguments, not 2": { op: "malloc", args: [1, 2] },
    "there is no function 'sbrk'": { op: "sbrk", args: [1] },
  };
  for (const [message, call] of Object.entries(cases)) {
    assert.throws(() => heap.perform(/** @type {any} */ (call)), { name: "HeapError", message });
  }
  assert.throws(() => heap.event(0), { message: "no call led to step 0" });
  assert.throws(() => heap.at(8), { message: "there is no step 8: the last one is 7" });
  assert.equal(heap.steps, 7);
});

test("the bytes of the memory can be seen after it has grown", () => {
  const heap = after("calloc(1, 300000)");
  const { bytes } = heap.machine;
  assert.equal(bytes.length, heap.at().pages * PAGE);
  assert.ok(bytes.subarray(heap.places.heapBase).every((byte) => byte === 0));
});

test("another allocator has no mini_alloc, and says so", async () => {
  const heap = new Heap(await modulesOf("dlmalloc"));
  assert.ok(!heap.can("mini_alloc") && heap.can("malloc"));
  assert.throws(() => heap.perform({ op: "mini_alloc", args: [1, 1] }), {
    message: "this allocator has no mini_alloc",
  });
});

test("where realloc for no bytes is free, the block is no more", async () => {
  const heap = after("malloc(8)\nrealloc(p1, 0)", await modulesOf("emmalloc"));
  assert.deepEqual([heap.event(2).result, heap.at().failed, heap.at().live], [0, 0, 0]);
  assert.equal(heap.history.blockOf(1, 2).status, "freed");
  assert.throws(() => heap.perform({ op: "free", args: [1] }), {
    message: "p1 is no more: realloc ended it in step 2",
  });
});

// ---- random scripts ------------------------------------------------------------------------------

/** No two blocks share a byte, and each is within the heap. @param {Heap} heap */
function assertDisjoint(heap) {
  /** @type {[number, number][]} */
  const spans = [];
  heap.history.eachBlock(heap.steps, (address, taken) => spans.push([address, address + taken]));
  let end = heap.places.heapBase;
  for (const [from, to] of spans.filter(([a, b]) => b > a).toSorted(([a], [b]) => a - b)) {
    assert.ok(from >= end, `0x${from.toString(16)} is another's`);
    end = to;
  }
  assert.ok(end <= heap.at().bump);
}

/** The blocks there are at a step add up to what the sums say. @param {Heap} heap @param {number} step */
function assertBlocks(heap, step) {
  const { live, liveBytes, abandoned } = heap.at(step);
  const found = { live: 0, liveBytes: 0, abandoned: 0 };
  heap.history.eachBlock(step, (_, taken, status) => {
    if (status !== "live") found.abandoned += taken;
    else [found.live, found.liveBytes] = [found.live + 1, found.liveBytes + taken];
  });
  assert.deepEqual(found, { live, liveBytes, abandoned }, `step ${step}`);
}

/** What must be true of each step. @param {Heap} heap @param {number} step */
function assertStep(heap, step) {
  const { op, align, result, failed, inPlace, before, after: now } = heap.event(step);
  const at = `step ${step}, ${op}`;
  if (failed) {
    const same = { ...before, step, pagesGrown: 0, failed: before.failed + 1 };
    assert.deepEqual(now, same, `${at}: a failed call moves nothing`);
  } else if (["malloc", "calloc", "aligned_alloc", "mini_alloc"].includes(op)) {
    assert.equal(result % align, 0, `${at}: aligned`);
  }
  if (op !== "reset" && !inPlace) assert.ok(now.bump >= before.bump, `${at}: never down`);
  if (now.blocks > 0) assert.equal(now.pages, Math.ceil(now.limit / PAGE), at);
}

test("random calls keep what is promised", async (t) => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    await t.test(`seed ${seed}`, () => {
      const heap = new Heap(modules);
      const random = randomNumbers(seed);
      const states = [heap.at()];
      randomCalls(heap, { seed, length: 600 }, (_, step) => {
        assertStep(heap, step);
        states.push(heap.at());
        if (random(50) === 0) {
          assertDisjoint(heap);
          const before = told(heap);
          assert.ok(heap.undo().identical);
          heap.redo();
          assert.equal(told(heap), before);
        }
      });
      compare(heap);
      assert.ok(heap.verify().identical);
      for (const [step, state] of states.entries()) {
        assert.deepEqual(heap.at(step), state, "what was true then is told now");
        assertBlocks(heap, step);
      }
    });
  }
});

// ---- ink and memory ------------------------------------------------------------------------------

test("the metered copy answers what the plain module answers, and only it has ink", () => {
  for (const { id } of SCENARIOS) {
    const heaps = [played(id), played(id, { plain: modules.plain })];
    const [a, b] = heaps.map(({ history }) => history.log.columns);
    for (const column of /** @type {const} */ (["result", "bump", "limit", "pages"])) {
      assert.deepEqual(a?.[column], b?.[column], id);
    }
    assert.ok(heaps[0] && heaps[0].event(1).ink > 0);
    assert.equal(heaps[1]?.event(1).ink, 0);
  }
});

test("100,000 calls take 39 bytes each, and room to grow", () => {
  const heap = after("loop 50000 { p = malloc(64); free(p) }");
  const { log } = heap.history;
  assert.equal(heap.steps, 100_000);
  assert.equal(log.byteLength / log.columns.op.length, 39);
  assert.ok(log.columns.op.length < 2 * heap.steps);
  assert.equal(heap.at(77_777).blocks, 38_889);
  assert.ok(heap.verify().identical);
});

// ---- the tests notice ----------------------------------------------------------------------------

const MUTANTS = {
  "half the alignment": {
    file: "src/mini_alloc.c",
    is: "word left = room & -ALIGNMENT;",
    becomes: "word left = room & -(ALIGNMENT / 2);",
  },
  "a page too many": {
    file: "src/arithmetic.h",
    is: "return ((bytes - 1) >> PAGE_BITS) + 1;",
    becomes: "return (bytes >> PAGE_BITS) + 1;",
  },
  "growth by a quarter": {
    file: "src/heap.h",
    is: "return need > pages / 8 ? need : pages / 8;",
    becomes: "return need > pages / 4 ? need : pages / 4;",
  },
  "nothing for nothing": {
    file: "src/mini_alloc.c",
    is: "if (size - 1 >= left) return refill(size, 0, ALIGNMENT);",
    becomes: "if (size > left) return refill(size, 0, ALIGNMENT);",
  },
};

test("a metered copy that answers otherwise is noticed", async () => {
  const { metered } = await mutant("other-copy", MUTANTS["half the alignment"]);
  const heap = new Heap({ plain: modules.plain, metered });
  heap.perform({ op: "malloc", args: [1] });
  assert.throws(() => heap.perform({ op: "malloc", args: [1] }), {
    name: "HeapError",
    message: "malloc and its metered copy do not return the same",
  });
  assert.deepEqual([heap.steps, heap.machine.bump], [1, heap.at().bump], "as if never called");
});

test("a fault in the C files is noticed", async (t) => {
  for (const [name, change] of Object.entries(MUTANTS)) {
    await t.test(name, async () => {
      const faulty = await mutant(name.replaceAll(" ", "-"), change);
      const noticed = SCENARIOS.filter(({ id }) => {
        try {
          compare(played(id, faulty), faulty);
          return false;
        } catch (error) {
          assert.match(error instanceof Error ? error.message : "", /of the log and the model/);
          return true;
        }
      });
      assert.ok(noticed.length > 0, "no scenario noticed");
    });
  }
});
