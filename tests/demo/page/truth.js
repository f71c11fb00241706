// What the page says of each step, against the model on paper and a bare instance of its module.

import assert from "node:assert/strict";
import { MOST_PAGES } from "../../../demo/engine/log.js";
import { Bare, Model } from "../model.js";
import { expect } from "./fixtures.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("../../../demo/engine/calls.js").Call} Call */
/** @typedef {import("../model.js").Answer} Answer */

/**
 * What the page tells tests.
 * @typedef {object} Demo
 * @property {number} step
 * @property {number} steps
 * @property {(step: number) => import("../../../demo/engine/history.js").Event} event
 * @property {(step: number) => import("../../../demo/engine/history.js").State} at
 * @property {import("../../../demo/engine/machine.js").Places} places
 * @property {(address: number) => {x: number, y: number}} stageAt in pixels of the viewport
 */

/** @typedef {Window & typeof globalThis & {miniAllocDemo: Demo}} DemoWindow */

/** @typedef {{step: number, bump: number, limit: number, pages: number}} Place */

/**
 * @typedef {object} Told what the page says of a step
 * @property {Call} call
 * @property {Answer} answer
 * @property {number} padding
 * @property {number} grown
 * @property {boolean} failed
 * @property {Answer} at the same answer, from the sums
 * @property {number} used
 * @property {number} known bytes of which the page says what they are
 */

// The module that the page is about: what demo.md says of it, not what it says of itself.
const START = { pages: 2, alignment: 8, maximum: MOST_PAGES };

const ALLOCATING = new Set(["malloc", "calloc", "realloc", "aligned_alloc", "mini_alloc"]);

/** An address as the page writes it. @param {number} at */
export const hex = (at) => `0x${at.toString(16).padStart(8, "0")}`;

/** All steps at once. @param {Page} page @returns {Promise<Told[]>} */
export const logOf = (page) =>
  page.evaluate(() => {
    const { miniAllocDemo: demo } = /** @type {DemoWindow} */ (window);
    return Array.from({ length: demo.steps }, (_, i) => {
      const { op, args, result, failed, padding, after } = demo.event(i + 1);
      const { bump, limit, pages, used, ...sums } = demo.at(i + 1);
      return {
        ...{ call: { op, args: [...args] }, failed, padding, grown: after.pagesGrown, used },
        answer: { result, bump: after.bump, limit: after.limit, pages: after.pages },
        at: { result, bump, limit, pages },
        known: sums.liveBytes + sums.abandoned + sums.padding,
      };
    });
  });

/**
 * @param {readonly Call[]} calls
 * @param {WebAssembly.Module} module
 * @yields what must have been answered to each
 */
function* expected(calls, module) {
  const bare = new Bare(module);
  const { base } = bare.words;
  const model = new Model({ base, ...START });
  let before = { bump: base, pages: START.pages };
  for (const call of calls) {
    const answer = model.perform(call);
    const { result, bump, pages } = answer;
    const isNew = ALLOCATING.has(call.op) && result !== 0 && result >= before.bump;
    yield {
      ...{ bare: bare.perform(call), model: answer, used: bump - base },
      padding: isNew ? result - before.bump : 0,
      grown: pages - before.pages,
      failed: ALLOCATING.has(call.op) ? result === 0 : result === 0xffff_ffff,
    };
    before = { bump, pages };
  }
}

/**
 * Compares all that the page says of its log with the two others.
 * @param {Page} page
 * @param {WebAssembly.Module} module
 * @returns {Promise<Told[]>} what it says
 */
export async function checkLog(page, module) {
  const told = await logOf(page);
  const others = expected(
    told.map(({ call }) => call),
    module,
  );
  for (const [i, { call, answer, padding, grown, failed, at, used, known }] of told.entries()) {
    const step = `step ${i + 1}, ${call.op}(${call.args.join(", ")}):`;
    const other = others.next().value;
    assert.ok(other);
    assert.deepEqual(answer, other.bare, `${step} the page and a bare instance`);
    assert.deepEqual(
      { ...answer, padding, grown, failed, used },
      {
        ...{ ...other.model, padding: other.padding, grown: other.grown },
        ...{ failed: other.failed, used: other.used },
      },
      `${step} the page and the model`,
    );
    assert.deepEqual(at, answer, `${step} the page and its sums`);
    assert.equal(known, used, `${step} every byte of the heap is something`);
  }
  return told;
}

/** Where the heap is before the first call. @param {WebAssembly.Module} module @returns {Place} */
export function startOf(module) {
  const { base } = new Bare(module).words;
  return { step: 0, bump: base, limit: base, pages: START.pages };
}

/** Where it is at a step. @param {readonly Told[]} told @param {number} step from 1 @returns {Place} */
export function placeAt(told, step) {
  const { bump, limit, pages } = told[step - 1]?.answer ?? { bump: -1, limit: -1, pages: -1 };
  return { step, bump, limit, pages };
}

/** Waits until the page's attributes and its picture say so. @param {Page} page @param {Place} place */
export async function expectPlace(page, place) {
  const root = page.locator("html");
  const shown = () =>
    root.evaluate(({ dataset }) => ({
      step: Number(dataset["step"]),
      bump: Number(dataset["bump"]),
      limit: Number(dataset["limit"]),
      pages: Number(dataset["pages"]),
    }));
  await expect.poll(shown).toEqual(place);
  const words = `Bump pointer at ${hex(place.bump)}, limit at ${hex(place.limit)}.`;
  await expect(page.getByRole("img", { name: words })).toBeVisible();
}

/** More steps than these are not pressed one by one. */
const MOST_PRESSED = 60;
const SPREAD = 40;

/**
 * Loads a scenario and compares its log, and what is shown at its steps.
 * @param {Page} page
 * @param {import("./fixtures.js").Open} open
 * @param {{id: string, module: WebAssembly.Module}} what
 */
export async function checkScenario(page, open, { id, module }) {
  await open(`#v=1&s=${id}&n=0&m=off`);
  await expectPlace(page, startOf(module));
  const told = await checkLog(page, module);
  if (told.length <= MOST_PRESSED) {
    const next = page.getByRole("button", { name: "Next step" });
    for (let step = 1; step <= told.length; step++) {
      await next.click();
      await expectPlace(page, placeAt(told, step));
    }
    return told;
  }
  const slider = page.getByRole("slider", { name: "Step" });
  for (let i = SPREAD; i >= 1; i--) {
    const step = Math.ceil((told.length * i) / SPREAD);
    await slider.fill(String(step));
    await expectPlace(page, placeAt(told, step));
  }
  return told;
}
