// The timeline: what it draws, what it says, and where a press on it leads.

import { expect, test } from "./fixtures.js";
import { emptyHeap, expectSteps, make, stateAt, type } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {number} address */
const hex = (address) => `0x${address.toString(16).padStart(8, "0")}`;

/** @param {string} text */
const withoutCommas = (text) => text.replaceAll(",", "");

/** @param {Page} page */
const timelineOf = (page) => {
  const region = page.getByRole("region", { name: "Over time" });
  return {
    region,
    canvas: region.getByRole("img"),
    // Both are for the eye alone, so they have no role.
    playhead: region.locator(".timeline-playhead"),
    tooltip: region.locator(".timeline-tooltip"),
  };
};

/** @param {Page} page */
async function seen(page) {
  const timeline = timelineOf(page);
  await timeline.region.scrollIntoViewIfNeeded();
  await expect(timeline.canvas).toHaveAttribute("aria-label", /^Timeline/);
  return timeline;
}

/** Colors of the canvas, and how many of its pixels each has. @param {Page} page */
const colorsOf = (page) =>
  timelineOf(page).canvas.evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    // A copy, for who reads pixels of a canvas more than once is warned of it.
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      copy.getContext("2d", { willReadFrequently: true })
    );
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    /** @type {Record<string, number>} */
    const colors = {};
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] !== 255) continue; // what lies between
      const color = `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`;
      colors[color] = (colors[color] ?? 0) + 1;
    }
    return colors;
  });

/** What a variable of the style sheets is, as the browser writes it. @param {Page} page */
const colorOf = (page, /** @type {string} */ name) =>
  page.evaluate((variable) => {
    const probe = document.createElement("i");
    probe.style.color = `var(${variable})`;
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, name);

/** Where the playhead is, from the left of the viewport. @param {Page} page */
async function playheadAt(page) {
  const box = await timelineOf(page).playhead.boundingBox();
  return box ? box.x + box.width / 2 : -1;
}

/** Puts the playhead to a step, and returns where it is then. @param {Page} page */
async function playheadOf(page, /** @type {number} */ step) {
  await page.getByRole("slider", { name: "Step" }).fill(String(step));
  await expect(page.locator("html")).toHaveAttribute("data-step", String(step));
  await seen(page);
  // It follows in the next frame.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  return playheadAt(page);
}

test("both lines are drawn in their colors, in light and in dark", async ({ page, open }) => {
  for (const theme of ["light", "dark"]) {
    await open(`#v=1&s=doubling&n=22&t=${theme}`);
    const { canvas } = await seen(page);
    await expect(canvas).toHaveAttribute("aria-label", /^Timeline of 22 steps/);
    const [bump, limit] = [await colorOf(page, "--bump"), await colorOf(page, "--text")];
    await expect.poll(async () => (await colorsOf(page))[bump] ?? 0).toBeGreaterThan(100);
    expect((await colorsOf(page))[limit] ?? 0).toBeGreaterThan(100);
  }
});

/** The rows of the canvas that have a color, at a place from the left of the viewport. */
const rowsOf = (/** @type {Page} */ page, /** @type {{color: string, left: number}} */ wanted) =>
  timelineOf(page).canvas.evaluate((element, { color, left }) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext("2d"));
    context.drawImage(canvas, 0, 0);
    const box = canvas.getBoundingClientRect();
    const at = Math.round(((left - box.left) / box.width) * canvas.width);
    const { data } = context.getImageData(at, 0, 1, canvas.height);
    return Array.from({ length: canvas.height }, (_, row) => row).filter(
      (row) => `rgb(${[...data.subarray(4 * row, 4 * row + 3)].join(", ")})` === color,
    );
  }, wanted);

test("what a call has led to holds until the next one", async ({ page, open }) => {
  await open("#v=1&s=realloc&n=0");
  const color = await colorOf(page, "--bump");
  const begin = await playheadOf(page, 0);
  const width = (await playheadOf(page, 1)) - begin;
  // Behind the last step stands the name of the line.
  for (let step = 1; step < 8; step++) {
    const before = await rowsOf(page, { color, left: begin + (step - 0.5) * width });
    const after = await rowsOf(page, { color, left: begin + (step + 0.5) * width });
    const [from, to] = [(await stateAt(page, step - 1)).bump, (await stateAt(page, step)).bump];
    const [was, is] = [before[0] ?? NaN, after[0] ?? NaN];
    expect(Math.sign(was - is), `step ${step}: ${was} to ${is}`).toBe(Math.sign(to - from));
  }
});

test("its label says where the lines go, and how often memory grew", async ({ page, open }) => {
  await open("#v=1&s=jump&n=6");
  const { canvas } = await seen(page);
  const at = async (/** @type {number} */ step) => stateAt(page, step);
  const [first, last] = [await at(0), await at(6)];
  let grew = 0;
  for (let step = 1; step <= 6; step++) {
    if ((await at(step)).pages > (await at(step - 1)).pages) grew++;
  }
  expect(grew).toBe(2);
  await expect(canvas).toHaveAttribute(
    "aria-label",
    `Timeline of 6 steps: the bump pointer goes from ${hex(first.bump)} to ${hex(last.bump)}, the ` +
      `limit from ${hex(first.limit)} to ${hex(last.limit)}. Memory grew ${grew} times, to ` +
      `${last.pages} pages.`,
  );
  await emptyHeap(page);
  await expect(page.getByText("Make a call, and its line begins here.")).toBeVisible();
  await make(page, "malloc(200000)", 1);
  await expect(canvas).toHaveAttribute("aria-label", /^Timeline of 1 step: .* Memory grew once/);
});

test("the playhead follows the steps, forth and back", async ({ page, open }) => {
  await open("#v=1&s=free&n=0");
  const { playhead } = await seen(page);
  await expect(playhead).toBeVisible();
  let last = await playheadAt(page);
  for (let step = 1; step <= 3; step++) {
    await page.getByRole("button", { name: "Next step" }).click();
    const before = last;
    await expect.poll(() => playheadAt(page)).toBeGreaterThan(before + 5);
    last = await playheadAt(page);
  }
  await page.getByRole("button", { name: "Previous step" }).click();
  await expect.poll(() => playheadAt(page)).toBeLessThan(last - 5);
});

test("a press on it goes to the step that is drawn there, and a drag through them", async ({
  page,
  open,
}) => {
  await open("#v=1&s=doubling&n=0");
  const root = page.locator("html");
  const [from, to] = [await playheadOf(page, 0), await playheadOf(page, 22)];
  const width = (to - from) / 22;
  expect(width).toBeGreaterThan(5);
  const { canvas } = await seen(page);
  const box = await canvas.boundingBox();
  const middle = (box?.y ?? 0) + (box?.height ?? 0) / 2;
  for (const step of [3, 17, 9, 22, 0]) {
    await page.mouse.click(from + (step + 0.5) * width, middle);
    await expect(root).toHaveAttribute("data-step", String(step));
    await expect.poll(() => playheadAt(page)).toBeCloseTo(from + step * width, 0);
  }
  await page.mouse.move(from + 2.5 * width, middle);
  await page.mouse.down();
  await page.mouse.move(from + 12.5 * width, middle, { steps: 4 });
  await expect(root).toHaveAttribute("data-step", "12");
  await page.mouse.move(from + 6.5 * width, middle, { steps: 4 });
  await expect(root).toHaveAttribute("data-step", "6");
  await page.mouse.up();
  await page.mouse.move(from + 15.5 * width, middle);
  await expect(root).toHaveAttribute("data-step", "6");
});

test("of a hundred thousand steps the tooltip tells those of the one, not of a neighbor", async ({
  page,
  open,
}) => {
  test.slow();
  await open();
  await emptyHeap(page);
  const steps = 100_000;
  // Sizes that tell the steps apart: no two of them have the same pointer.
  await type(page, `loop ${steps / 4} { malloc(24); malloc(3); malloc(1000); malloc(60) }`);
  await expectSteps(page, steps, 30_000);
  const [from, to] = [await playheadOf(page, 0), await playheadOf(page, steps)];
  const { canvas, tooltip } = await seen(page);
  const box = await canvas.boundingBox();
  const middle = (box?.y ?? 0) + (box?.height ?? 0) / 2;
  for (let part = 0.013; part < 1; part += 0.097) {
    const x = Math.round(from + part * (to - from));
    await page.mouse.move(x, middle);
    await expect(tooltip).toBeVisible();
    const title = (await tooltip.locator("strong").textContent()) ?? "";
    const step = Number(withoutCommas(title.replace("Step ", "")));
    // The pixel, not a point of the thinned line: within what rounding of pixels can do.
    expect(Math.abs(step - ((x - from) / (to - from)) * steps)).toBeLessThan(steps / (to - from));
    const { bump, limit, slack, pages } = await stateAt(page, step);
    const values = await tooltip.locator("dd").allTextContents();
    const [told = "", ...others] = values;
    expect(Number(told)).toBe(bump);
    expect(others.map(withoutCommas)).toEqual([hex(limit), `${slack} bytes`, `${pages} pages`]);
  }
  // And both lines are still there, thinned out as they are.
  const [bump, limit] = [await colorOf(page, "--bump"), await colorOf(page, "--text")];
  const colors = await colorsOf(page);
  expect(colors[bump] ?? 0).toBeGreaterThan(100);
  expect(colors[limit] ?? 0).toBeGreaterThan(100);
  await page.mouse.move(0, 0);
  await expect(tooltip).toBeHidden();
});

test("it can be zoomed around the playhead, and shows which steps", async ({ page, open }) => {
  await open("#v=1&s=churn&n=12345");
  const { region } = await seen(page);
  const range = region.getByRole("status").filter({ hasText: /^Steps/ });
  await expect(range).toHaveText("Steps 0 to 20,000");
  for (let i = 0; i < 5; i++)
    await region.getByRole("button", { name: "Show fewer steps" }).click();
  const text = async () => (await range.textContent()) ?? "";
  await expect(range).not.toHaveText("Steps 0 to 20,000");
  const [low = 0, high = 0] =
    (await text()).match(/[\d,]+/g)?.map((n) => Number(n.replaceAll(",", ""))) ?? [];
  expect(high - low).toBeLessThan(20_000 / 16);
  expect(low).toBeLessThan(12_345);
  expect(high).toBeGreaterThan(12_345);
  await expect(timelineOf(page).playhead).toBeVisible();
  await page.getByRole("button", { name: "To the beginning" }).click();
  await expect(timelineOf(page).playhead).toBeHidden();
  await region.getByRole("button", { name: "All" }).click();
  await expect(range).toHaveText("Steps 0 to 20,000");
  await expect(timelineOf(page).playhead).toBeVisible();
});
