// The geometry of the stage: what is in view, where it is drawn, which words find room. Pure; the
// heaps are real ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGE } from "../../demo/engine/log.js";
import { Heap } from "../../demo/engine/heap.js";
import { address as addressText } from "../../demo/engine/words.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { SCENARIOS, scenarioCalls } from "../../demo/engine/scenarios.js";
import { parseScript } from "../../demo/engine/script.js";
import { Blocks } from "../../demo/stage/blocks.js";
import {
  autoWindow,
  centered,
  panned,
  placeOfTile,
  scaleOf,
  ticks,
  tileAt,
  tileLayout,
  zoomed,
} from "../../demo/stage/geometry.js";
import { labelsOf, overlap, placeLabels, shortBytes } from "../../demo/stage/labels.js";
import { sceneOf } from "../../demo/stage/scene.js";
import { Tally } from "../../demo/stage/tally.js";
import { modulesOf } from "./modules.js";
import { randomCalls } from "./random.js";

const modules = await modulesOf("mini-alloc");

/** @param {string} id */
function played(id) {
  const scenario = SCENARIOS.find((one) => one.id === id);
  assert.ok(scenario);
  const heap = new Heap(modules);
  for (const _ of play(scenarioCalls(scenario, heap), heap));
  return heap;
}

/** @param {string} text */
function after(text) {
  const heap = new Heap(modules);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

const WIDTH = 1200;

/** The windows of all steps, one after another. @param {Heap} heap */
function windowsOf(heap) {
  /** @type {import("../../demo/stage/geometry.js").Range[]} */
  const windows = [];
  for (let step = 0; step <= heap.steps; step++) {
    windows.push(autoWindow(heap.history, step, { width: WIDTH, previous: windows.at(-1) }));
  }
  return windows;
}

test("an address and its pixel are the same place, at the end of 4 GiB too", () => {
  const scale = scaleOf({ from: 2 ** 32 - 4096, to: 2 ** 32 }, 1024);
  for (let address = 2 ** 32 - 4096; address < 2 ** 32; address += 7) {
    assert.equal(scale.addressAt(scale.at(address) + 0.01), address);
  }
});

test("every call of a scenario is in view with what it was about", () => {
  for (const { id } of SCENARIOS) {
    const heap = played(id);
    const last = Math.min(heap.steps, 300);
    for (const [step, { from, to }] of windowsOf(heap)
      .slice(0, last + 1)
      .entries()) {
      const { bump } = heap.at(step);
      assert.ok(from <= bump && bump <= to, `${id} ${step}: the bump pointer`);
      if (step === 0) continue;
      const { block, result, failed, after: now, padding } = heap.event(step);
      if (block > 0) assert.ok(from <= result - padding && bump <= to, `${id} ${step}: the block`);
      if (failed) assert.ok(now.limit < to, `${id} ${step}: the limit, and what is beyond`);
      if (now.pagesGrown > 0) assert.ok(from <= heap.at(step - 1).limit, `${id} ${step}: growth`);
    }
  }
});

test("the four first calls are seen in one window that does not move, at five bytes of padding", () => {
  const windows = windowsOf(played("first")).slice(1);
  assert.equal(new Set(windows.map(({ from, to }) => `${from} ${to}`)).size, 1);
  const [window] = windows;
  assert.ok(window);
  assert.ok(5 * scaleOf(window, WIDTH).perByte >= 12);
});

test("windows jump from one to the next, and do not follow each call", () => {
  const windows = windowsOf(after("loop 400 malloc(24)")).slice(1);
  const different = new Set(windows.map(({ from, to }) => `${from} ${to}`)).size;
  assert.ok(different < 80, `${different} windows for 400 calls`);
});

test("zooming keeps the place, and never leaves memory", () => {
  const end = 4 * PAGE;
  const window = { from: PAGE, to: 2 * PAGE };
  const closer = zoomed(window, 1 / 2, { around: PAGE + 1024, end });
  assert.equal(closer.to - closer.from, PAGE / 2);
  assert.equal((PAGE + 1024 - closer.from) / (PAGE / 2), 1024 / PAGE);
  assert.deepEqual(zoomed(window, 100, { around: 0, end }), { from: 0, to: end });
  assert.deepEqual(panned(window, -5, end), { from: 0, to: PAGE });
  assert.deepEqual(centered(window, end, end), { from: 3 * PAGE, to: end });
});

test("tiles fit their room, from two pages to 33,024", () => {
  for (const pages of [1, 2, 3, 7, 64, 65, 256, 1000, 4096, 33_024]) {
    for (const width of [288, 358, 1216]) {
      const tiles = tileLayout(pages, { width, height: 80 });
      assert.ok(tiles.pitch >= 8 && tiles.pitch <= 26);
      assert.ok(tiles.columns <= 64 && tiles.columns * tiles.pitch <= width);
      assert.ok(tiles.rows * tiles.pitch <= 80);
      assert.ok(tiles.count * tiles.pagesEach >= pages);
      const last = placeOfTile(tiles.count - 1, tiles);
      assert.equal(tileAt({ x: last.x + 3, y: last.y + 3 }, tiles), tiles.count - 1);
      assert.equal(tileAt({ x: last.x + tiles.pitch + 3, y: last.y + 3 }, tiles), -1);
    }
  }
  assert.equal(tileLayout(3, { width: 1216, height: 80 }).pagesEach, 1);
  assert.ok(tileLayout(33_024, { width: 1216, height: 80 }).pagesEach > 1);
});

test("the ruler has round addresses that are not too close", () => {
  const scale = scaleOf({ from: 1000, to: 1400 }, 1000);
  const found = ticks(scale, 180);
  assert.deepEqual(found, [1024, 1152, 1280]);
});

/** All blocks of a step, as the history tells it. @param {Heap} heap @param {number} step */
function told(heap, step) {
  /** @type {string[]} */
  const found = [];
  heap.history.eachBlock(step, (address, taken, status, number) => {
    found.push(`p${number} ${address} ${taken} ${status}`);
  });
  return found.toSorted();
}

/** The same as the stage draws it. @param {Heap} heap @param {number} step */
function drawn(heap, step) {
  const blocks = new Blocks(heap.history);
  const { pages } = heap.at(step);
  // Nothing is too narrow if a byte is 2 pixels.
  /** @type {import("../../demo/stage/blocks.js").Placed[]} */
  const found = [];
  for (let from = 0; from < pages * PAGE; from += PAGE) {
    const window = { from, to: from + PAGE };
    const scene = sceneOf(blocks, { step, selected: 0, window, length: 2 * PAGE });
    assert.equal(scene.stripes.count, 0);
    found.push(...scene.blocks);
  }
  const once = new Map(found.map((block) => [block.number, block]));
  return [...once.values()]
    .map(({ number, from, to, status }) => `p${number} ${from} ${to - from} ${status}`)
    .toSorted();
}

test("the stage draws the blocks that there are, at each step of each small scenario", () => {
  for (const id of ["first", "alignment", "free", "zero", "cross", "realloc", "requests"]) {
    const heap = played(id);
    for (let step = 0; step <= heap.steps; step++) {
      assert.deepEqual(drawn(heap, step), told(heap, step), `${id} ${step}`);
    }
  }
});

test("and of random calls, with resets among them", () => {
  for (const seed of [1, 2, 3]) {
    const heap = new Heap(modules);
    randomCalls(heap, { seed, length: 80 }, () => {});
    for (let step = 0; step <= heap.steps; step += 5) {
      assert.deepEqual(drawn(heap, step), told(heap, step), `seed ${seed}, step ${step}`);
    }
  }
});

test("blocks and gaps fill the heap up to the bump pointer", () => {
  const heap = after("malloc(24)\nmalloc(3)\naligned_alloc(64, 64)\nmalloc(1)\nmalloc(100)");
  const { bump } = heap.at();
  const base = heap.places.heapBase;
  const window = { from: base - 16, to: bump + 16 };
  const blocks = new Blocks(heap.history);
  const scene = sceneOf(blocks, { step: heap.steps, selected: 0, window, length: 3000 });
  const parts = [...scene.blocks, ...scene.gaps].toSorted((a, b) => a.from - b.from);
  assert.equal(parts[0]?.from, base);
  assert.equal(parts.at(-1)?.to, bump);
  for (const [at, { from }] of parts.entries()) if (at > 0) assert.equal(from, parts[at - 1]?.to);
});

/** @param {Float32Array} shares */
const sum = (shares) => shares.reduce((all, one) => all + one, 0);

test("what is too narrow is as dense as it is", () => {
  const heap = after("loop 4096 { p = malloc(8); q = malloc(8); free(p) }");
  const blocks = new Blocks(heap.history);
  const { bump } = heap.at();
  const from = heap.places.heapBase;
  const { live, dead, count } = blocks.scan(heap.steps, { from, to: bump }, { parts: 64 });
  assert.equal(count, 8192);
  assert.ok(
    Math.abs(sum(live) + sum(dead) - (64 * (heap.at().liveBytes * 2)) / (bump - from)) < 0.01,
  );
  assert.ok(live.every((share, at) => Math.abs(share - (dead[at] ?? 0)) < 0.01));
});

test("the density from step to step is that of all blocks anew", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 4, length: 300 }, () => {});
  for (const one of [played("realloc"), after("loop 500 { p = malloc(30); free(p) }"), heap]) {
    const blocks = new Blocks(one.history);
    const end = one.at().pages * PAGE;
    const tally = new Tally();
    for (const step of [one.steps, 3, one.steps - 1, 0, one.steps >> 1]) {
      const found = tally.at(blocks, { step, end, parts: 50 });
      const anew = blocks.scan(step, { from: 0, to: end }, { parts: 50 });
      for (const [part, share] of anew.live.entries()) {
        assert.ok(Math.abs(share - (found.live[part] ?? 0)) < 1e-4);
        assert.ok(Math.abs((anew.dead[part] ?? 0) - (found.dead[part] ?? 0)) < 1e-4);
      }
    }
  }
});

test("keys go from block to block, and over what was resized", () => {
  const heap = after("a = malloc(8)\nb = realloc(NULL, 8)\nrealloc(b, 16)\nmalloc(8)");
  const blocks = new Blocks(heap.history);
  assert.equal(blocks.neighbor(heap.steps, 0, 1), 1);
  assert.equal(blocks.neighbor(heap.steps, 1, 1), 3);
  assert.equal(blocks.neighbor(heap.steps, 3, -1), 1);
  assert.equal(blocks.neighbor(heap.steps, 0, -1), 4);
  assert.equal(blocks.neighbor(heap.steps, 4, 1), 4);
});

const ROWS = { flag: 0, callout: 22, pointer: 140, note: 165 };
const WIDE = /** @type {const} */ ({ vertical: false, breadth: 190, band: [54, 126], line: 22 });
const TALL = /** @type {const} */ ({ vertical: true, breadth: 340, band: [6, 120], line: 22 });
const COLUMN = { flag: 140, callout: 140, pointer: 140, note: 140 };

/** @param {Heap} heap @param {number} step @param {boolean} vertical */
function labelsAt(heap, step, vertical) {
  const layout = vertical
    ? { ...TALL, length: 380, rows: COLUMN }
    : { ...WIDE, length: WIDTH, rows: ROWS };
  const window = autoWindow(heap.history, step, { width: layout.length });
  const view = { step, selected: 0, window, length: layout.length };
  const scene = sceneOf(new Blocks(heap.history), view);
  const labels = labelsOf(scene, { vertical, addressText });
  return placeLabels(labels, layout, (text) => text.length * 8);
}

test("labels never cover each other, and never leave the stage", () => {
  for (const { id } of SCENARIOS) {
    const heap = played(id);
    for (const vertical of [false, true]) {
      for (let step = 0; step <= Math.min(heap.steps, 40); step++) {
        const placed = labelsAt(heap, step, vertical);
        const [right, bottom] = vertical ? [340, 380] : [WIDTH, 190];
        for (const [at, { box, text }] of placed.entries()) {
          assert.ok(box.x >= 0 && box.x + box.width <= right + 1, `${id} ${step}: ${text}`);
          assert.ok(box.y >= 0 && box.y + box.height <= bottom + 1, `${id} ${step}: ${text}`);
          const other = placed.slice(at + 1).find((one) => overlap(box, one.box));
          assert.equal(other, undefined, `${id} ${step}: ${text}`);
        }
      }
    }
  }
});

test("the bump pointer is always named, and the padding of this step", () => {
  for (const vertical of [false, true]) {
    const texts = labelsAt(played("first"), 4, vertical).map(({ text }) => text);
    assert.ok(texts.some((text) => text.startsWith("bump 0x")));
    assert.ok(texts.includes("pad 5 B"));
    assert.ok(texts.includes("p3 3 B"));
    assert.ok(texts.some((text) => text.startsWith("heap base 0x")));
  }
});

/** @param {string} id @param {number} step */
const noteOf = (id, step) =>
  labelsAt(played(id), step, false).find(({ key }) => key === "note")?.text;

test("what a call did not do is said as well", () => {
  assert.equal(noteOf("free", 6), "free: nothing moves");
  assert.equal(noteOf("requests", 10), "memory never shrinks");
  assert.match(noteOf("failure", 2) ?? "", /^needs [\d,]+ more pages: refused$/);
  assert.match(noteOf("realloc", 2) ?? "", /^copied, 100 B lost$/);
  assert.equal(noteOf("realloc", 3), "extended in place");
});

test("blocks that cannot be seen are named, in a row and in a column", () => {
  for (const vertical of [false, true]) {
    const several = labelsAt(played("alignment"), 7, vertical).map(({ text }) => text);
    assert.ok(several.includes("p1–p6, 6 blocks"), several.join());
    const one = labelsAt(played("failure"), 3, vertical).map(({ text }) => text);
    assert.ok(one.includes("p1 100 B (not to scale)"), one.join());
  }
});

test("a refused block is not called slack, and says what it needs in little room", () => {
  const labels = labelsAt(played("failure"), 3, true);
  assert.ok(!labels.some(({ text }) => /slack|not taken/.test(text)));
  assert.equal(labels.find(({ key }) => key === "note")?.text, "refused: 45,775 pages");
});

test("bytes are short, and exact where they are few", () => {
  const texts = [0, 1, 100, 9999, 10_240, 42_000, 65_535, 65_536, 2 ** 20, 2 ** 31].map((n) =>
    shortBytes(n),
  );
  assert.deepEqual(texts, [
    ...["0 B", "1 B", "100 B", "9,999 B", "10 KiB", "41 KiB", "64 KiB", "64 KiB"],
    ...["1 MiB", "2 GiB"],
  ]);
  assert.equal(shortBytes(65_535, 100_000), "65,535 B");
});
