// What tests of the page do again and again: read its log, type calls, open a tab, save a file.

import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

/**
 * A call of the page's log, and where the heap stood after it.
 * @typedef {{op: string, args: number[], result: number, bump: number, limit: number,
 *   pages: number}} Row
 */

/**
 * All that the page says of its log, through its own window onto it.
 * @param {Page} page
 * @returns {Promise<{step: number, steps: number, rows: Row[]}>}
 */
export const logOf = (page) =>
  page.evaluate(() => {
    const { step, steps, event } = /** @type {any} */ (window).miniAllocDemo;
    const rows = Array.from({ length: steps }, (_, i) => {
      const { op, args, result, after } = event(i + 1);
      const { bump, limit, pages } = after;
      return { op, args, result, bump, limit, pages };
    });
    return { step, steps, rows };
  });

/** @param {Page} page @param {number} step */
export const stateAt = (page, step) =>
  page.evaluate(
    (at) => /** @type {any} */ (window).miniAllocDemo.at(at),
    /** @type {number} */ (step),
  );

/** @param {Page} page @returns {Promise<number>} */
export const stepsOf = (page) =>
  page.evaluate(() => /** @type {any} */ (window).miniAllocDemo.steps);

/** Waits until the log has so many calls. @param {Page} page @param {number} steps */
export async function expectSteps(page, steps, timeout = 10_000) {
  await expect.poll(() => stepsOf(page), { timeout }).toBe(steps);
}

/** Types a script and runs it, as a reader does. @param {Page} page @param {string} script */
export async function type(page, script) {
  await page.getByLabel("Or type").fill(script);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

/** Types a script, and waits until so many calls are there. @param {Page} page */
export async function make(page, /** @type {string} */ script, /** @type {number} */ steps) {
  await type(page, script);
  await expectSteps(page, steps);
}

/** @param {Page} page */
export async function emptyHeap(page) {
  await page.getByRole("button", { name: "Empty the heap", exact: true }).click();
  await expectSteps(page, 0);
}

/** Opens one of the tabs below, and returns its panel. @param {Page} page @param {string} name */
export async function openTab(page, name) {
  await page.getByRole("tab", { name, exact: true }).click();
  const panel = page.getByRole("tabpanel", { name, exact: true });
  await expect(panel).toBeVisible();
  return panel;
}

/** The field for files. @param {Page} page */
export const fileField = (page) => page.getByLabel("Choose a file, or drop it here");

/**
 * Gives the page a file that it has not seen.
 * @param {Page} page
 * @param {string} name
 * @param {string | Uint8Array} contents
 */
export async function importText(page, name, contents) {
  await openTab(page, "Import, export");
  await fileField(page).setInputFiles({
    ...{ name, mimeType: "text/plain" },
    buffer: Buffer.from(/** @type {Uint8Array} */ (contents)),
  });
}

/**
 * Presses what saves a file, and returns what it is called and holds.
 * @param {Page} page
 * @param {Locator} button
 */
export async function download(page, button) {
  const waiting = page.waitForEvent("download");
  await button.click();
  const saved = await waiting;
  const bytes = readFileSync(await saved.path());
  return { name: saved.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/** Numbers of which the next follows from the last, so that a test makes the same each time. */
export function randomNumbers(/** @type {number} */ seed) {
  let state = seed >>> 0;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
