// What the tests of the page share: a page that may neither complain nor ask anybody for anything,
// a way to open it, and axe.

import { test as base, expect } from "@playwright/test";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** @typedef {import("@playwright/test").Page} Page */

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const single = pathToFileURL("build/demo.html").href;

/**
 * The address of the page, as the project opens it.
 * @param {import("@playwright/test").TestInfo} info
 * @returns {string}
 */
function pageAddress({ project }) {
  if (!project.metadata["served"]) return single;
  const served = process.env["MINI_ALLOC_PAGE"];
  if (!served) throw new Error("the server of the page has not said where it is");
  return served;
}

/** @param {string} url @param {string} address of the page */
const isOwn = (url, address) => {
  const { protocol, origin } = new URL(url);
  if (["data:", "blob:", "about:"].includes(protocol)) return true;
  return address.startsWith("file:") ? protocol === "file:" : origin === new URL(address).origin;
};

/**
 * Returns the list to which is added what a page must not do.
 * @param {Page} page
 * @param {string} address
 */
function watch(page, address) {
  /** @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      problems.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    if (!isOwn(request.url(), address)) problems.push(`request: ${request.url()}`);
  });
  return problems;
}

/**
 * `open(hash)` loads the page anew and waits until it is ready.
 * @typedef {(hash?: string) => Promise<void>} Open
 */

export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{address: string, open: Open}, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are named here
    address: async ({}, use, info) => {
      await use(pageAddress(info));
    },
    page: async ({ page, address }, use) => {
      const problems = watch(page, address);
      await use(page);
      expect(problems, "what the page must not do").toEqual([]);
    },
    open: async ({ page, address }, use) => {
      await use(async (hash = "") => {
        // Another hash alone would not load it again.
        if (page.url() !== "about:blank") await page.goto("about:blank");
        await page.goto(address + hash);
        await expect(page.locator("html[data-ready]")).toBeAttached();
      });
    },
  }),
);

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/**
 * Asserts that axe finds nothing in the page as it is now.
 * @param {Page} page
 */
export async function axe(page) {
  await page.evaluate(readFileSync(axeFile, "utf8"));
  const violations = await page.evaluate(async (tags) => {
    const { axe: own } = /** @type {typeof globalThis & {axe: typeof import("axe-core")}} */ (
      globalThis
    );
    const found = await own.run({ runOnly: { type: "tag", values: tags } });
    return found.violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map(({ html }) => html).join("\n  ")}`,
    );
  }, TAGS);
  expect(violations, "what axe finds").toEqual([]);
}

export { expect };
