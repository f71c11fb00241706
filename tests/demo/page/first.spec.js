// What somebody sees who opens the page without a link.

import { expect, test } from "./fixtures.js";

test("the page shows the fourth step without a click @file", async ({ page, open }) => {
  await open();
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-step", "4");
  const bump = Number(await root.getAttribute("data-bump"));
  const limit = Number(await root.getAttribute("data-limit"));
  const pages = Number(await root.getAttribute("data-pages"));
  expect(bump).toBeGreaterThan(0);
  expect(bump).toBeLessThanOrEqual(limit);
  expect(limit).toBe(pages * 65_536);
});
