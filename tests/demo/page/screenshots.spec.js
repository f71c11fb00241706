// Pictures of the panels, compared with those that somebody has looked at. Every browser draws words
// a little differently, and other compilers make other addresses: there is a folder of pictures for
// each pair, and where there is none, nothing is compared. `make screenshots` writes them.

import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import { expect, test } from "./fixtures.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

const WRITE = "make screenshots";

/** A step with a copy, a lost block, padding, and a block in use before and after it. */
const STEP = "#v=1&s=realloc&n=5";

/**
 * The folder of the pictures for this browser and this page.
 * @param {Page} page that is open
 */
async function folderOf(page) {
  const { emcc } = await page.evaluate(() => /** @type {any} */ (window).miniAllocDemo.manifest);
  const browser = page.context().browser();
  const [major] = (browser?.version() ?? "").split(".");
  const folder = `emcc-${emcc}-${browser?.browserType().name()}-${major}-${process.platform}`;
  const isWriting = ["all", "changed"].includes(test.info().config.updateSnapshots);
  // Its types know of the kind only with a name that is no list.
  const info = /** @type {any} */ (test.info());
  const path = dirname(info.snapshotPath(folder, "any.png", { kind: "screenshot" }));
  test.skip(
    !isWriting && !existsSync(path),
    `there are no pictures in ${relative(process.cwd(), path)}: \`${WRITE}\` writes them`,
  );
  return folder;
}

/**
 * Compares an element, and goes on to the next one even if it differs.
 * @param {Locator} element
 * @param {string} folder
 * @param {string} name
 */
async function compare(element, folder, name) {
  await expect.soft(element).toHaveScreenshot([folder, `${name}.png`], {
    animations: "disabled",
    maxDiffPixelRatio: 0.002,
    timeout: 15_000,
  });
}

/** A phone's steps lie over what is below them. The lines of the source change with the source. */
const RULES = `
  html { scroll-padding: 0 !important; }
  .transport-main { position: static !important; }
  [aria-label="Source lines that this call ran"] { display: none; }`;

/** Nothing moves any more, and the words have their fonts. @param {Page} page */
async function settle(page) {
  await page.evaluate(async (rules) => {
    await document.fonts.ready;
    const sheet = new CSSStyleSheet();
    await sheet.replace(rules);
    document.adoptedStyleSheets.push(sheet);
  }, RULES);
  const cost = page.getByRole("region", { name: "What it costs", exact: true });
  await expect(cost.getByRole("row").nth(5)).toBeVisible();
}

/** @param {Page} page @param {string} name */
const region = (page, name) => page.getByRole("region", { name, exact: true });

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const width of [1280, 390]) {
    test(`the panels look as they did, ${colorScheme}, ${width} pixels wide`, async ({
      page,
      open,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 1300 });
      await open(STEP);
      const folder = await folderOf(page);
      await settle(page);
      const panels = {
        ...{ stage: region(page, "Memory"), why: region(page, "Why") },
        ...{ do: region(page, "Your turn"), timeline: region(page, "Over time") },
        cost: region(page, "What it costs"),
      };
      for (const [name, panel] of Object.entries(panels)) {
        await compare(panel, folder, `${name}-${colorScheme}-${width}`);
      }
    });
  }
}

test("the memory looks as it did with the system's colors forced", async ({ page, open }) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await open(STEP);
  const folder = await folderOf(page);
  await settle(page);
  await compare(region(page, "Memory"), folder, "stage-forced-1280");
});
