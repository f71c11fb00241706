// The byte view: what is in the module's memory at the step that is looked at.

import { expect, test } from "./fixtures.js";
import { emptyHeap, logOf, make, openTab, stateAt } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {number} address */
const hex = (address) => `0x${address.toString(16).padStart(8, "0")}`;

/** @param {number} byte */
const pair = (byte) => byte.toString(16).padStart(2, "0");

/** An empty heap, calls, and the panel. @param {Page} page */
async function bytesAfter(page, /** @type {string} */ script, /** @type {number} */ steps) {
  await emptyHeap(page);
  await make(page, script, steps);
  return openTab(page, "Bytes");
}

/** Goes to what a text names. @param {Page} page @param {string} text */
async function goTo(page, text) {
  const panel = page.getByRole("tabpanel", { name: "Bytes" });
  await panel.getByLabel("Address or block").fill(text);
  await panel.getByRole("button", { name: "Go", exact: true }).click();
}

/**
 * Waits until memory has these bytes from an address on.
 * @param {Page} page
 * @param {number} from
 * @param {number[]} bytes
 */
async function expectBytes(page, from, bytes) {
  await goTo(page, hex(from));
  const grid = page.getByRole("grid", { name: "Bytes of the memory" });
  const shown = () =>
    grid.evaluate(
      (element, { first, length }) =>
        Array.from(
          { length },
          (_, i) => element.querySelector(`[data-at="${first + i}"]`)?.textContent ?? "none",
        ),
      { first: from, length: bytes.length },
    );
  await expect.poll(shown).toEqual(bytes.map(pair));
}

/** @param {number} value @param {number} length @returns {number[]} */
const times = (value, length) => Array.from({ length }, () => value);

/** What each step returned. @param {Page} page */
const resultsOf = async (page) => (await logOf(page)).rows.map(({ result }) => result);

test("a block holds its number in its first 64 bytes, and nothing beyond", async ({
  page,
  open,
}) => {
  await open();
  await bytesAfter(page, "malloc(24); malloc(3); malloc(100)", 3);
  const [first = 0, second = 0, third = 0] = await resultsOf(page);
  await expectBytes(page, first, times(1, 24));
  await expectBytes(page, second, [2, 2, 2, 0, 0, 0, 0, 0]);
  await expectBytes(page, third, [...times(3, 64), ...times(0, 16)]);
});

test("realloc copies what was there, and what comes with it has the new number", async ({
  page,
  open,
}) => {
  await open();
  await bytesAfter(page, "a = malloc(16); malloc(8); b = realloc(a, 40)", 3);
  const [old = 0, , moved = 0] = await resultsOf(page);
  expect(moved).not.toBe(old);
  await expectBytes(page, moved, [...times(1, 16), ...times(3, 24)]);
  await expectBytes(page, old, times(1, 16)); // left behind, as it was
  await goTo(page, hex(old));
  const line = page.getByRole("tabpanel").getByRole("status");
  await expect(line).toHaveText(`${hex(old)}: 01, byte 0 of p1, left behind by realloc`);
});

test("reset clears what lay above the mark, and calloc finds zeros there", async ({
  page,
  open,
}) => {
  await open();
  await bytesAfter(page, "malloc(8); m = mark(); malloc(32); reset(m); calloc(4, 8)", 5);
  const [first = 0, , dirty = 0, , zeros = 0] = await resultsOf(page);
  expect(zeros).toBe(dirty);
  await expectBytes(page, first, times(1, 8));
  await expectBytes(page, zeros, times(0, 32));
  // Before the reset the bytes were there: the page makes the calls until then again.
  await page.getByRole("slider", { name: "Step" }).fill("3");
  await expectBytes(page, dirty, times(2, 32));
  await page.getByRole("slider", { name: "Step" }).fill("4");
  await expectBytes(page, dirty, times(0, 32));
  await page.getByRole("slider", { name: "Step" }).fill("0");
  await expectBytes(page, first, times(0, 48));
});

test("the field goes to addresses, blocks and places, and says what they are", async ({
  page,
  open,
}) => {
  await open();
  const panel = await bytesAfter(page, "a = malloc(24); malloc(3); free(a); malloc(8)", 4);
  const [first = 0, second = 0, , third = 0] = await resultsOf(page);
  const { bump, limit } = await stateAt(page, 4);
  const line = panel.getByRole("status");
  const CASES = /** @type {[string, string][]} */ ([
    ["p1", `${hex(first)}: 01, byte 0 of p1, freed, and not used again`],
    ["P2", `${hex(second)}: 02, byte 0 of p2, live`],
    [hex(second + 3), `${hex(second + 3)}: 00, padding`],
    [String(third + 7), `${hex(third + 7)}: 03, byte 7 of p3, live`],
    ["bump", `${hex(bump)}: 00, slack: ours, not used yet`],
    ["limit", `${hex(limit - 1)}: 00, slack: ours, not used yet`],
    ["base", `${hex(first)}: 01, byte 0 of p1, freed, and not used again`],
  ]);
  for (const [text, says] of CASES) {
    await goTo(page, text);
    await expect(line).toHaveText(says);
    await expect(panel.getByRole("alert")).toHaveCount(0);
  }
  const before = await line.textContent();
  for (const [text, says] of /** @type {[string, RegExp][]} */ ([
    ["p9", /there is no p9 at this step/],
    ["somewhere", /expected an address such as/],
    ["0xFFFFFFFF", /memory ends at [\d,]+ bytes/],
    ["-1", /expected an address such as/],
    ["", /expected an address such as/],
  ])) {
    await goTo(page, text);
    await expect(panel.getByRole("alert")).toHaveText(says);
    await expect(panel.getByLabel("Address or block")).toHaveAttribute("aria-invalid", "true");
    await expect(line).toHaveText(before ?? "");
  }
  await panel.getByRole("button", { name: "Bump pointer" }).click();
  await expect(line).toHaveText(`${hex(bump)}: 00, slack: ours, not used yet`);
});
