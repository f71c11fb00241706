// The numbers of the timeline.

import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, growths, stepsShown } from "../../demo/page/timeline-data.js";
import { randomNumbers } from "./random.js";

const PAGE = 65_536;

test("the axis has few ticks, and room for the highest address", () => {
  const random = randomNumbers(3);
  for (let i = 0; i < 500; i++) {
    const limit = PAGE * (1 + random(2 ** (1 + random(15))));
    const base = 8 * random(PAGE / 8);
    const bump = base + random(limit - base + 1);
    const { min, max, step } = axisOf({ base, bump, limit });
    const isAll = bump - base > (limit - base) / 8;
    assert.ok(Number.isInteger(Math.log2(step / (isAll ? PAGE : 1))), `${step}`);
    assert.ok(min <= (isAll ? 0 : base) && max >= (isAll ? limit : bump), `${min} to ${max}`);
    assert.ok(min % step === 0 && max % step === 0 && (max - min) / step <= 7, `${min} to ${max}`);
  }
});

test("the axis of memory that is used ends where it ends", () => {
  const of = (/** @type {number} */ pages) =>
    axisOf({ base: 0x4410, bump: pages * PAGE, limit: pages * PAGE });
  assert.deepEqual(of(2), { min: 0, max: 2 * PAGE, step: PAGE });
  assert.deepEqual(of(7), { min: 0, max: 8 * PAGE, step: 2 * PAGE });
});

test("where the pointer never comes far, the axis shows where it goes", () => {
  const axis = axisOf({ base: 0x4410, bump: 0x44fc, limit: 2 * PAGE });
  assert.deepEqual(axis, { min: 0x4400, max: 0x4500, step: 64 });
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
