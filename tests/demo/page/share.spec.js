// A link brings whoever opens it to the same calls, the same step, and the same look.

import { expect, test } from "./fixtures.js";
import { download, expectSteps, importText, logOf, make, randomNumbers, type } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

/** @param {Page} page */
const dialogOf = (page) => page.getByRole("dialog", { name: "Share this step" });

/** Opens the dialog, and returns the link once it is there. @param {Page} page */
async function linkOf(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const field = dialogOf(page).getByLabel("Link");
  await expect(field).toHaveValue(/#v=1&/);
  return field.inputValue();
}

/** As on another machine: nothing of this one is kept. @param {Page} page */
const forget = (page) => page.evaluate(() => localStorage.clear());

/**
 * Opens a link as somebody else would.
 * @param {Page} page
 * @param {{link: string, address: string, open: (hash?: string) => Promise<void>}} where
 */
async function openElsewhere(page, { link, address, open }) {
  expect(link.startsWith(address), "the link leads to this page").toBe(true);
  await forget(page);
  await open(new URL(link).hash);
}

const SCRIPTS = {
  "named blocks": "a = malloc(24); b = malloc(3); free(a); c = realloc(b, 700); realloc(NULL, 9)",
  loops: "loop 40 malloc(64); loop 30 { p = calloc(3, 20); free(p) }; malloc(1)",
  "marks and resets":
    "m = mark(); malloc(100); n = mark(); mini_alloc(7, 1); reset(n); malloc(8); reset(m); malloc(5)",
  "what is refused": "malloc(0xFFFFFFFF); aligned_alloc(24, 1); malloc(3000000000); p = malloc(16)",
  "zeros and the largest numbers": "mini_alloc(0, 1); malloc(0); calloc(0xFFFFFFFF, 0xFFFFFFFF)",
};

for (const [what, script] of Object.entries(SCRIPTS)) {
  test(`a link carries ${what} to whoever opens it`, async ({ page, open, address }) => {
    await open();
    await page.getByRole("button", { name: "Empty the heap" }).click();
    await type(page, script);
    await expect.poll(async () => (await logOf(page)).steps).toBeGreaterThan(2);
    await page.getByRole("button", { name: "Previous step" }).click();
    const before = await logOf(page);
    expect(before.step).toBe(before.steps - 1);

    await openElsewhere(page, { link: await linkOf(page), address, open });
    expect(await logOf(page)).toEqual(before);
    await expect(page.locator("html")).toHaveAttribute("data-step", String(before.step));
  });
}

test("a link of ten thousand calls in a loop is short, and brings all of them", async ({
  page,
  open,
  address,
}) => {
  await open();
  await make(page, "loop 5000 { p = malloc(256); free(p) }", 10_004);
  const link = await linkOf(page);
  expect(link.length - address.length).toBeLessThan(300);
  await openElsewhere(page, { link, address, open });
  await expectSteps(page, 10_004);
  const { rows, step } = await logOf(page);
  expect(step).toBe(10_004);
  expect(rows.at(-1)).toMatchObject({ op: "free", args: [5004] });
  const blocks = rows.filter(({ op }) => op === "malloc");
  expect(new Set(blocks.map(({ result }) => result)).size).toBe(5004);
});

test("the link of a scenario names it, and opens at its step @file", async ({
  page,
  open,
  address,
}) => {
  await open("#v=1&s=realloc&n=5");
  const before = await logOf(page);
  expect(before.step).toBe(5);
  const link = await linkOf(page);
  expect(new URLSearchParams(new URL(link).hash.slice(1)).get("s")).toBe("realloc");
  await openElsewhere(page, { link, address, open });
  expect(await logOf(page)).toEqual(before);
  await expect(page.getByLabel("Scenario")).toHaveValue("realloc");
});

test("a link carries colors, motion, the format of addresses and the zoom", async ({
  page,
  open,
  address,
}) => {
  await open("#v=1&s=free&n=3&t=dark&m=off&d=1&z=4000-5000");
  const root = page.locator("html");
  const link = await linkOf(page);
  const parts = new URLSearchParams(new URL(link).hash.slice(1));
  expect(Object.fromEntries(parts)).toEqual({
    ...{ v: "1", s: "free", n: "3", t: "dark", m: "off", d: "1", z: "4000-5000" },
  });
  await openElsewhere(page, { link, address, open });
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(root).toHaveAttribute("data-motion", "off");
  await expect(root).toHaveAttribute("data-step", "3");
  await page.getByRole("button", { name: "Settings" }).click();
  const settings = page.getByRole("dialog", { name: "Settings" });
  await expect(settings.getByRole("radio", { name: "66,632" })).toBeChecked();
  await settings.getByRole("button", { name: "Close" }).click();
  // It is still in the address after the page has written that anew.
  expect(new URL(await linkOf(page)).hash).toContain("z=4000-5000");
});

test("a link without the look carries the calls and the step alone", async ({ page, open }) => {
  await open("#v=1&s=free&n=3&t=dark&d=1&z=4000-5000");
  await linkOf(page);
  await dialogOf(page)
    .getByRole("checkbox", { name: /with colors/ })
    .uncheck();
  await expect(dialogOf(page).getByLabel("Link")).toHaveValue(/#v=1&s=free&n=3$/);
});

test("the address of the page follows the playhead and the calls @file", async ({
  page,
  open,
  address,
}) => {
  await open();
  await page.getByRole("button", { name: "Previous step" }).click();
  await expect(page).toHaveURL(/#v=1&s=first&n=3/);
  await page.getByLabel("Scenario").selectOption("doubling");
  await expect(page).toHaveURL(/#v=1&s=doubling&n=0/);
  await page.getByRole("button", { name: "To the end" }).click();
  await expect(page).toHaveURL(/&n=22/);
  await make(page, "malloc(9)", 23);
  await expect(page).toHaveURL(/#v=1&log=[\w-]+&n=23/);
  const before = await logOf(page);
  // What stands in the address is a link, too.
  await openElsewhere(page, { link: page.url(), address, open });
  expect(await logOf(page)).toEqual(before);
});

test("another link in the same tab is opened, a wrong one is told of, a right one ends that", async ({
  page,
  open,
}) => {
  await open("#v=1&s=free&n=2");
  const go = (/** @type {string} */ hash) =>
    page.evaluate((to) => {
      location.hash = to;
    }, hash);
  const notice = page.getByRole("alert").filter({ hasText: "This link" });
  await go("#v=1&s=realloc&n=4");
  await expect(page.getByLabel("Scenario")).toHaveValue("realloc");
  await expect(page.locator("html")).toHaveAttribute("data-step", "4");
  await go("#v=1&s=nonsense");
  await expect(notice).toContainText("This link names a scenario that this page does not have.");
  await go("#v=1&s=churn&n=7");
  await expect(page.locator("html")).toHaveAttribute("data-step", "7");
  await expect(notice).toHaveCount(0);
  await expectSteps(page, 20_000);
});

test("the way to the memory is no link of ours, and changes no call", async ({ page, open }) => {
  await open("#v=1&s=free&n=2");
  const before = await logOf(page);
  const skip = page.getByRole("link", { name: "To the memory" });
  await skip.focus();
  await skip.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "This link" })).toHaveCount(0);
  expect(await logOf(page)).toEqual(before);
});

test("calls that fit into no link are offered as a file, which brings them back", async ({
  page,
  open,
}) => {
  await open();
  const random = randomNumbers(7);
  const calls = Array.from({ length: 1500 }, () => `malloc(${1 + random(60_000)})`);
  await make(page, calls.join(";"), 1504);
  const before = await logOf(page);
  await expect(page).toHaveURL(/^[^#]*$/); // an address that is cut off would bring something else
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(dialogOf(page)).toContainText(
    /a link of [\d,]+ characters, which some programs cut/,
  );
  await expect(dialogOf(page).getByLabel("Link")).toBeHidden();
  const save = dialogOf(page).getByRole("button", { name: "Save as a file" });
  const { name, text } = await download(page, save);
  expect(name).toMatch(/\.json$/);
  await open();
  await importText(page, name, text);
  await page.getByRole("button", { name: "Replay on mini-alloc" }).click();
  await expectSteps(page, 1504);
  expect(await logOf(page)).toEqual(before);
});

test("Copy puts the link into the clipboard, and says so", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#v=1&s=free&n=2");
  const link = await linkOf(page);
  await dialogOf(page).getByRole("button", { name: "Copy" }).click();
  await expect(dialogOf(page).getByText("Copied", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

test("where there is no clipboard, the link is selected, and Copy says what to do", async ({
  page,
  open,
}) => {
  // As in a page from a server without https.
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await open("#v=1&s=free&n=2");
  const link = await linkOf(page);
  await dialogOf(page).getByRole("button", { name: "Copy" }).click();
  await expect(dialogOf(page).getByText("Selected: copy it with Ctrl+C")).toBeVisible();
  const field = dialogOf(page).getByLabel("Link");
  const selected = await field.evaluate((element) => {
    const { selectionStart, selectionEnd, value } = /** @type {HTMLInputElement} */ (element);
    return value.slice(selectionStart ?? 0, selectionEnd ?? 0);
  });
  expect(selected).toBe(link);
});
