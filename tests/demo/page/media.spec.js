// What the reader has: a small screen, a large zoom or font, no motion, colors of the system,
// paper, numbers in tens. Nothing of the page is lost.

import { expect, test } from "./fixtures.js";
import { openTab } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

const PHONES = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
];
const TABS = ["Calls", "Bytes", "Quiz", "Challenges", "Import, export"];

// ---- nothing beyond the side ---------------------------------------------------------------------

/**
 * What is wider than the page: the page itself, or something to read or to press that is partly
 * beyond its side. What scrolls in a box of its own is well.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
const beyond = (page) =>
  page.evaluate(() => {
    const root = document.documentElement;
    const { clientWidth } = root;
    const found = [];
    if (root.scrollWidth > clientWidth) found.push(`the page: ${root.scrollWidth}`);
    const scrolls = (/** @type {Element | null} */ element) => {
      for (let box = element?.parentElement; box && box !== root; box = box.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return true;
      }
      return false;
    };
    const elements = document.querySelectorAll(
      "button, input, select, textarea, a, summary, label, p, li, h1, h2, h3, td, th, dd, canvas",
    );
    for (const element of elements) {
      if (!element.checkVisibility() || element.closest(".visually-hidden, .skip")) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width <= 1 || (left >= -1 && right <= clientWidth + 1) || scrolls(element)) continue;
      const text = element.getAttribute("aria-label") ?? element.textContent ?? "";
      found.push(`${element.tagName} '${text.slice(0, 40)}': ${left} to ${right}`);
    }
    return found;
  });

/** @param {Page} page @param {string} what */
async function expectNothingBeyond(page, what) {
  await expect
    .poll(() => beyond(page), { message: `beyond the side, ${what}`, timeout: 3000 })
    .toEqual([]);
}

/** Goes to another step by the address, without loading the page anew. @param {Page} page */
async function follow(page, /** @type {string} */ id, /** @type {number} */ step) {
  // Once more if the page has just written its own address over it.
  await expect(async () => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#v=1&s=${id}&n=${step}`);
    const scenario = page.getByRole("combobox", { name: "Scenario" });
    await expect(scenario).toHaveValue(id, { timeout: 4000 });
    await expect(page.locator("html")).toHaveAttribute("data-step", String(step), {
      timeout: 4000,
    });
  }).toPass({ timeout: 12_000 });
}

/** Steps where most is said: growth by many pages, refusals, padding, large numbers, long names. */
const STEPS = /** @type {const} */ ([
  ["first", 0],
  ["alignment", 7],
  ["free", 11],
  ["jump", 6],
  ["walk", 12],
  ["doubling", 22],
  ["failure", 1],
  ["failure", 2],
  ["realloc", 5],
  ["realloc", 9],
  ["calloc", 2],
  ["requests", 28],
  ["churn", 20_000],
]);

for (const size of PHONES) {
  const name = `${size.width} × ${size.height}`;

  test(`nothing is beyond the side at ${name}, at any kind of step`, async ({ page, open }) => {
    await page.setViewportSize(size);
    await open();
    for (const [id, step] of STEPS) {
      await follow(page, id, step);
      await expectNothingBeyond(page, `${id}, step ${step}`);
    }
  });

  test(`nothing is beyond the side at ${name}, in any tab or dialog`, async ({ page, open }) => {
    await page.setViewportSize(size);
    await open("#v=1&s=realloc&n=9");
    for (const tab of TABS) {
      await openTab(page, tab);
      await expectNothingBeyond(page, tab);
    }
    for (const dialog of ["Settings", "Share", "Help"]) {
      await page.getByRole("button", { name: dialog, exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectNothingBeyond(page, dialog);
      const box = await page.getByRole("dialog").boundingBox();
      expect(box?.height ?? Infinity, `height of ${dialog}`).toBeLessThanOrEqual(size.height);
      await page.keyboard.press("Escape");
    }
    await page.getByLabel("Or type").fill("malloc(99999999999999999999999999999999)");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Your turn" }).getByRole("alert")).toBeVisible();
    await expectNothingBeyond(page, "an error");
  });
}

// ---- larger --------------------------------------------------------------------------------------

/**
 * What can be pressed or filled in and does not show all of its words, and words of the memory
 * that lie over each other.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
const clipped = (page) =>
  page.evaluate(() => {
    const found = [];
    for (const element of document.querySelectorAll("button, summary, label, legend, th, dt")) {
      if (!element.checkVisibility() || element.closest(".visually-hidden")) continue;
      const box = element.getBoundingClientRect();
      // What is in a line has no box of its own that could be too small.
      if (box.width <= 1 || getComputedStyle(element).display === "inline") continue;
      const text = document.createRange();
      text.selectNodeContents(element);
      for (const { left, right, top, bottom, width } of text.getClientRects()) {
        if (width <= 1) continue;
        const isIn = left >= box.left - 2 && right <= box.right + 2;
        if (isIn && top >= box.top - 3 && bottom <= box.bottom + 3) continue;
        found.push(`${element.tagName} '${element.textContent?.slice(0, 40)}'`);
        break;
      }
    }
    const labels = Array.from(document.querySelectorAll(".stage-label"), (label) => {
      const text = document.createRange();
      text.selectNodeContents(label);
      return { text: label.textContent, box: text.getBoundingClientRect() };
    });
    for (const [at, one] of labels.entries()) {
      for (const other of labels.slice(at + 1)) {
        const across =
          Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down =
          Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (across > 2 && down > 6) found.push(`'${one.text}' over '${other.text}'`);
      }
    }
    return found;
  });

/** @param {Page} page @param {string} what */
async function expectNothingClipped(page, what) {
  await expect
    .poll(() => clipped(page), { message: `clipped, ${what}`, timeout: 3000 })
    .toEqual([]);
}

/** @param {Page} page @param {string} what */
async function expectAllThere(page, what) {
  await expectNothingBeyond(page, what);
  await expectNothingClipped(page, what);
}

/** The page at some steps, and with each tab open. @param {Page} page */
async function expectAllThereEverywhere(page) {
  for (const [id, step] of /** @type {const} */ ([
    ["first", 4],
    ["jump", 6],
    ["realloc", 5],
  ])) {
    await follow(page, id, step);
    await expectAllThere(page, `${id}, step ${step}`);
  }
  for (const tab of TABS) {
    await openTab(page, tab);
    await expectAllThere(page, tab);
  }
}

test("at 200 % zoom nothing is lost", async ({ page, open }) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await open();
  await expectAllThereEverywhere(page);
});

for (const width of [1280, 390]) {
  test(`with a font of twice the size nothing is lost, ${width} pixels wide`, async ({
    page,
    open,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    // As the browser's settings do it, so that what is said of widths in rem counts, too.
    const browser = await page.context().newCDPSession(page);
    await browser.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    await open();
    const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
    expect(size).toBe("32px");
    await expectAllThereEverywhere(page);
  });
}

for (const width of [1280, 320]) {
  test(`with more space in the text nothing is lost, ${width} pixels wide`, async ({
    page,
    open,
  }) => {
    await page.setViewportSize({ width, height: 800 });
    await open();
    // WCAG 1.4.12.
    await page.evaluate(
      async (rules) => {
        const sheet = new CSSStyleSheet(); // what the page allows nobody to write into it
        await sheet.replace(rules);
        document.adoptedStyleSheets.push(sheet);
      },
      `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`,
    );
    await expectAllThereEverywhere(page);
  });
}

test("on a phone held sideways the memory and the steps are seen at once", async ({
  page,
  open,
}) => {
  await page.setViewportSize({ width: 844, height: 390 });
  await open("#v=1&s=cross&n=4");
  await expectNothingBeyond(page, "sideways");
  await page.getByRole("group", { name: "Steps" }).evaluate((steps) => {
    steps.scrollIntoView({ block: "end", behavior: "instant" });
  });
  await expect(page.getByRole("button", { name: "Next step" })).toBeInViewport({ ratio: 1 });
  const memory = page.getByRole("group", { name: "Memory, address by address" });
  await expect(memory).toBeInViewport({ ratio: 1 });
});

test("on a phone the steps stay in reach, and cover nothing at the end of the page", async ({
  page,
  open,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 390, height: 844 });
  await open();
  const next = page.getByRole("button", { name: "Next step" });
  for (const name of ["malloc moves one pointer.", "What it costs"]) {
    await page.getByRole("heading", { name }).scrollIntoViewIfNeeded();
    await expect(next).toBeInViewport({ ratio: 1 });
  }
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const end = await page.getByText("Nothing you do here leaves this page.").boundingBox();
  const steps = await page.getByRole("slider", { name: "Step" }).boundingBox();
  expect((end?.y ?? Infinity) + (end?.height ?? 0)).toBeLessThanOrEqual(steps?.y ?? 0);
});

// ---- motion --------------------------------------------------------------------------------------

/**
 * Goes one step on, and returns the pictures of the memory at the frame after it and twelve later.
 * @param {Page} page
 */
const framesAfterStep = (page) =>
  page.evaluate(async () => {
    const taken = [];
    for (const frames of [1, 12, 0]) {
      const canvases = Array.from(document.querySelectorAll("canvas"));
      const ofMemory = canvases.filter((canvas) => canvas.closest("#stage") !== null);
      taken.push(ofMemory.map((canvas) => canvas.toDataURL()));
      if (taken.length === 1) document.getElementById("next-step")?.click();
      // What is asked for after the memory has asked comes after it.
      for (let waited = 0; waited < frames; waited++) {
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      }
    }
    const [before, first, later] = taken;
    return { before, first, later };
  });

test("without motion, two frames after a step are the same", async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open("#v=1&s=first&n=1");
  const reduced = await framesAfterStep(page);
  expect(reduced.first).not.toEqual(reduced.before);
  expect(reduced.later).toEqual(reduced.first);

  // What is asked for by the page's own setting is the same.
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.getByRole("button", { name: "Settings" }).click();
  const motion = page.getByRole("dialog").getByRole("group", { name: "Motion" });
  await motion.getByRole("radio", { name: "none" }).check();
  await page.keyboard.press("Escape");
  const off = await framesAfterStep(page);
  expect(off.first).not.toEqual(off.before);
  expect(off.later).toEqual(off.first);

  // And this is what would be seen if they were ignored.
  await page.getByRole("button", { name: "Settings" }).click();
  await motion.getByRole("radio", { name: "as the system" }).check();
  await page.keyboard.press("Escape");
  const moved = await framesAfterStep(page);
  expect(moved.later).not.toEqual(moved.first);
});

test("without motion, nothing of the page is animated", async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open("#v=1&s=jump&n=4");
  await page.getByRole("button", { name: "Next step" }).click();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  const scrolling = await page.evaluate(
    () => getComputedStyle(document.documentElement).scrollBehavior,
  );
  expect(scrolling).toBe("auto");
});

// ---- colors --------------------------------------------------------------------------------------

/**
 * The color of the memory in the middle of a block, as the page has drawn it.
 * @param {Page} page
 * @param {number} step of the malloc that made the block
 */
const blockColor = (page, step) =>
  page.evaluate((made) => {
    const { event, stageAt } = /** @type {any} */ (window).miniAllocDemo;
    const { result, args } = event(made);
    const { x, y } = stageAt(result + Math.floor(args[0] / 2));
    const canvas = /** @type {HTMLCanvasElement} */ (
      document.querySelector(".stage-detail canvas")
    );
    const { left, top } = canvas.getBoundingClientRect();
    // A copy of one pixel: who reads the memory's own canvas makes it slow, and is warned.
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
      new OffscreenCanvas(1, 1).getContext("2d")
    );
    context.drawImage(canvas, -Math.round(x - left), -Math.round(y - top));
    return Array.from(context.getImageData(0, 0, 1, 1).data)
      .slice(0, 3)
      .join(" ");
  }, step);

/** A color by any name, as its numbers. @param {Page} page @param {string} name */
const colorNumbers = (page, name) =>
  page.evaluate((color) => {
    const probe = document.createElement("span");
    probe.style.setProperty("forced-color-adjust", "none");
    probe.style.color = color;
    document.body.append(probe);
    const [r, g, b] = getComputedStyle(probe).color.match(/\d+/g) ?? [];
    probe.remove();
    return `${r} ${g} ${b}`;
  }, name);

/** @param {Page} page */
const paperColor = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const WHITE = "rgb(255, 255, 255)";

test("with the system's colors forced, the memory has them, at once", async ({ page, open }) => {
  await open();
  const own = await blockColor(page, 2);
  expect(own).not.toBe("0 0 0");
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await page.emulateMedia({ forcedColors: "active", colorScheme });
    const forced = await colorNumbers(page, "LinkText");
    expect(forced).not.toBe(own);
    expect(forced).not.toBe(await colorNumbers(page, "Canvas"));
    await expect.poll(() => blockColor(page, 2)).toBe(forced);
  }
  // Patterns and lines are there, too.
  const colors = await page
    .locator(".stage-detail canvas")
    .first()
    .evaluate((element) => {
      const canvas = /** @type {HTMLCanvasElement} */ (element);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
        new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")
      );
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  expect(colors).toBeGreaterThan(3);
  await page.emulateMedia({ forcedColors: "none", colorScheme: "light" });
  await expect.poll(() => blockColor(page, 2)).toBe(own);
});

test("the colors that one has chosen are there instead of the system's, and stay @file", async ({
  page,
  open,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open();
  const dark = { paper: await paperColor(page), block: await blockColor(page, 2) };
  expect(dark.paper).not.toBe(WHITE);
  const choose = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name: "Settings" }).click();
    const colors = page.getByRole("dialog").getByRole("group", { name: "Colors" });
    await colors.getByRole("radio", { name }).check();
    await page.keyboard.press("Escape");
  };
  await choose("light");
  await expect.poll(() => paperColor(page)).toBe(WHITE);
  await expect.poll(() => blockColor(page, 2)).not.toBe(dark.block);
  const light = await blockColor(page, 2);

  await open();
  expect(await paperColor(page)).toBe(WHITE);
  expect(await blockColor(page, 2)).toBe(light);

  await choose("as the system");
  await expect.poll(() => paperColor(page)).toBe(dark.paper);
  await page.emulateMedia({ colorScheme: "light" });
  await expect.poll(() => paperColor(page)).toBe(WHITE);
  await expect.poll(() => blockColor(page, 2)).toBe(light);
});

test("the colors of a link are not kept @file", async ({ page, open }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await open("#v=1&s=first&n=4&t=dark&d=1&m=off");
  expect(await paperColor(page)).not.toBe(WHITE);
  // Nor with another setting that one makes while it is open.
  await page.getByLabel("Ask me first").check();
  await open("#v=1&s=first&n=4");
  expect(await paperColor(page)).toBe(WHITE);
  await expect(page.getByLabel("Ask me first")).toBeChecked();
  await expect(page.locator("html")).toHaveAttribute("data-motion", "auto");
  await expect(page.getByRole("region", { name: "Why", exact: true })).toContainText("0x0000");
});

// ---- numbers -------------------------------------------------------------------------------------

const HEX_ADDRESS = /0x[\da-f]{8}/;

/** Everything that is read, by eye or ear, outside of the source. @param {Page} page */
const words = (page) =>
  page.evaluate(() => {
    const main = /** @type {HTMLElement} */ (document.querySelector("main"));
    const said = Array.from(main.querySelectorAll("[aria-label], [aria-valuetext], [title]"))
      .filter((element) => element.checkVisibility())
      .flatMap((element) =>
        ["aria-label", "aria-valuetext", "title"].map((name) => element.getAttribute(name) ?? ""),
      );
    return [main.innerText, ...said].join("\n");
  });

test("addresses are in tens everywhere if one wants that, and in sixteens again", async ({
  page,
  open,
}) => {
  await open("#v=1&s=realloc&n=5");
  const group = page.getByRole("group", { name: "Memory, address by address" });
  await group.press("Home");
  const choose = async (/** @type {RegExp} */ name) => {
    await page.getByRole("button", { name: "Settings" }).click();
    const addresses = page.getByRole("dialog").getByRole("group", { name: "Addresses" });
    await addresses.getByRole("radio", { name }).check();
    await page.keyboard.press("Escape");
  };
  const bump = Number(await page.locator("html").getAttribute("data-bump"));
  const tens = bump.toLocaleString("en-US");
  /** @type {Map<string, number>} */
  const before = new Map();
  const count = async () => (await words(page)).match(new RegExp(HEX_ADDRESS, "g"))?.length ?? 0;
  for (const tab of TABS) {
    await openTab(page, tab);
    before.set(tab, await count());
  }
  expect(Math.min(...before.values())).toBeGreaterThan(10);
  await choose(/^[\d,]+$/);
  for (const tab of TABS) {
    await openTab(page, tab);
    if (tab === "Quiz") await page.getByRole("button", { name: "Another question" }).click();
    await expect.poll(() => words(page), { message: tab }).not.toMatch(HEX_ADDRESS);
    expect(await words(page)).toContain(tens);
  }
  await choose(/^0x/);
  await openTab(page, "Calls");
  await expect.poll(count).toBe(before.get("Calls"));
});

// ---- paper ---------------------------------------------------------------------------------------

test("on paper there are the memory and the reasons, and nothing to press", async ({
  page,
  open,
}) => {
  await page.setViewportSize({ width: 794, height: 1123 }); // A4
  await open("#v=1&s=first&n=4");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".stage-detail canvas").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "Why", exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "What it costs" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Steps" })).toBeHidden();
  await expect(page.getByRole("region", { name: "Your turn" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Settings" })).toBeHidden();
  await expect(page.getByRole("tablist")).toBeHidden();
  const color = await blockColor(page, 1);
  expect(color).toBe(await colorNumbers(page, "var(--block)"));
  await expectNothingBeyond(page, "on paper");
});
