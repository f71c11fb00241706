// The numbers of the timeline.

import assert from "node:assert/strict";
import { test } from "node:test";
import { growths, stepsShown, ticksOf } from "../../demo/page/timeline-data.js";
import { randomNumbers } from "./random.js";

const PAGE = 65_536;

test("the axis has whole pages, few of them, and room for the highest address", () => {
  const random = randomNumbers(3);
  for (let i = 0; i < 500; i++) {
    const highest = 1 + random(2 ** (1 + random(31)));
    const { step, most } = ticksOf(highest);
    assert.ok(Number.isInteger(Math.log2(step / PAGE)), `${step}`);
    assert.ok(most >= highest && most - highest < step && most % step === 0, `${most}`);
    assert.ok(most / step <= 6, `${most / step} ticks`);
  }
});

test("the axis of two pages ends where they end", () => {
  assert.deepEqual(ticksOf(2 * PAGE), { step: PAGE, most: 2 * PAGE });
  assert.deepEqual(ticksOf(7 * PAGE), { step: 2 * PAGE, most: 8 * PAGE });
});

test("memory grew where there are more pages than before, and never elsewhere", () => {
  assert.deepEqual(growths([2, 3, 3, 7, 7], 2, 5), [
    { step: 2, pages: 1 },
    { step: 4, pages: 4 },
  ]);
  assert.deepEqual(growths([3, 3], 2, 1), [{ step: 1, pages: 1 }]);
  assert.deepEqual(growths([], 2, 0), []);
});

test("what is logged beyond the steps does not count", () => {
  assert.deepEqual(growths([2, 9, 9], 2, 1), []);
});

test("zooming in halves what is shown, around the playhead", () => {
  const shown = { from: 0, to: 1001 };
  assert.deepEqual(stepsShown({ step: 500, steps: 1000, shown, factor: 1 / 2 }), {
    from: 250,
    to: 751,
  });
});

test("zoomed in, the steps shown are within the log, with the playhead among them", () => {
  const random = randomNumbers(7);
  for (let i = 0; i < 500; i++) {
    const steps = 200 + random(100_000);
    const step = random(steps + 1);
    /** @type {ReturnType<typeof stepsShown>} */
    let shown = { from: 0, to: steps + 1 };
    for (let times = random(12); times >= 0 && shown; times--) {
      shown = stepsShown({ step, steps, shown, factor: random(4) === 0 ? 2 : 1 / 2 });
    }
    if (!shown) continue;
    const { from, to } = shown;
    assert.ok(Number.isInteger(from) && from >= 0 && to <= steps + 1, `${from} to ${to}`);
    assert.ok(from <= step && step < to && to - from >= 20, `${step} in ${from} to ${to}`);
  }
});

test("zooming out far enough shows all again", () => {
  const shown = { from: 400, to: 600 };
  assert.equal(stepsShown({ step: 0, steps: 1000, shown, factor: Infinity }), undefined);
  assert.equal(stepsShown({ step: 450, steps: 1000, shown, factor: 8 }), undefined);
});

test("where the playhead is out of sight, the middle stays", () => {
  const shown = { from: 400, to: 600 };
  assert.deepEqual(stepsShown({ step: 5, steps: 1000, shown, factor: 1 / 2 }), {
    from: 450,
    to: 550,
  });
});
