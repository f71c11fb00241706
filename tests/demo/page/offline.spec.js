// The page asks nobody for anything: it works from the disk, and when the network has gone.

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "./fixtures.js";
import { download, expectSteps, importText, logOf, make, openTab, stateAt } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

/**
 * Uses all that could need something from elsewhere: workers, modules, pictures, links.
 * @param {Page} page
 */
async function useAll(page) {
  await page.getByLabel("Scenario").selectOption("jump");
  await expectSteps(page, 6);
  await page.getByRole("button", { name: "To the end" }).click();
  await make(page, "loop 20 malloc(100)", 26);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/Replayed 25 calls .*identical/)).toBeVisible();

  // A worker reads the file.
  const started = page.waitForEvent("worker");
  await importText(page, "a.rep", "20000\n2\n3\n1\na 0 24\na 1 70000\nf 0\n");
  expect((await started).url()).toMatch(/^(blob|data):/);
  const report = page.getByRole("region", { name: "a.rep" });
  await expect(report.getByRole("status")).toContainText("3 calls, 0 lines ignored");
  await report.getByRole("button", { name: "Replay on mini-alloc" }).click();
  await expectSteps(page, 3);

  // Others run the calls, and another worker takes the time.
  const cost = page.getByRole("region", { name: "What it costs" });
  await cost.scrollIntoViewIfNeeded();
  await expect(cost.getByRole("table")).toContainText("dlmalloc");
  await cost.getByText("Time", { exact: true }).click();
  await cost.getByRole("button", { name: "Measure time" }).click();
  const times = cost.getByRole("row", { name: /^Time of a call/ });
  await expect(times.getByRole("cell").first()).toHaveText(/\d/, { timeout: 30_000 });

  // The charts and the quiz need nothing either.
  const over = page.getByRole("region", { name: "Over time" });
  await over.scrollIntoViewIfNeeded();
  await expect(over.getByRole("img")).toHaveAttribute("aria-label", /^Timeline of 3 steps/);
  const quiz = await openTab(page, "Quiz");
  await expect(quiz.getByRole("button", { name: "Check" })).toBeVisible();

  const files = await openTab(page, "Import, export");
  const png = await download(page, files.getByRole("button", { name: "PNG of the memory" }));
  expect(png.bytes.length).toBeGreaterThan(1000);
  const json = await download(page, files.getByRole("button", { name: "JSON", exact: true }));
  expect(JSON.parse(json.text).log).toHaveLength(3);

  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share this step" });
  await expect(dialog.getByLabel("Link")).toHaveValue(/#v=1&log=/);
  const link = await dialog.getByLabel("Link").inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();
  return link;
}

test("everything works without a network @file", async ({ page, open, context, address }) => {
  test.slow(); // the clock is asked, too
  await open();
  await context.setOffline(true);
  const link = await useAll(page);
  const before = await logOf(page);
  await context.setOffline(false);
  expect(link.startsWith(address)).toBe(true);
  await open(new URL(link).hash);
  expect(await logOf(page)).toEqual(before);
});

test("the page asks for its own files once, and for nothing else @file", async ({
  page,
  open,
  address,
}) => {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await open();
  await page.getByLabel("Scenario").selectOption("free");
  await expectSteps(page, 11);
  const outside = asked.filter((url) => !/^(data|blob):/.test(url));
  const isFile = address.startsWith("file:");
  const files = isFile ? [] : readdirSync("build/demo/dist/assets");
  const own = files.map((name) => new URL(`assets/${name}`, address).href);
  expect(outside).toContain(address);
  for (const url of outside) expect([address, ...own]).toContain(url);
  expect(new Set(outside).size, "each once").toBe(outside.length);
  // The two scripts and style sheets that there are were needed; of the fonts those that are seen.
  const needed = own.filter((url) => /\.(js|css)$/.test(url));
  for (const url of needed) expect(outside).toContain(url);
});

test("the browser itself refuses what the page never does @file", async ({ context, address }) => {
  // Another page than that which may not complain: here it must.
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.locator("html[data-ready]")).toBeAttached();
  const outcome = await page.evaluate(async (own) => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- it runs in the page
    const refused = async (/** @type {() => Promise<unknown>} */ act) => {
      try {
        await act();
        return false;
      } catch {
        return true;
      }
    };
    /** @type {string[]} */
    const directives = [];
    Object.assign(window, { directives });
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
      directives.push(effectiveDirective);
    });
    const image = new Image();
    image.src = "https://example.invalid/a.png";
    const script = document.createElement("script");
    script.textContent = "window.pwned = 1";
    document.head.append(script);
    // A text in place of a function; in time, for whoever sends code here may evaluate what he likes.
    setTimeout(/** @type {any} */ ("window.pwned = 2"));
    const style = document.createElement("style");
    style.textContent = "html { display: none }";
    document.head.append(style);
    return [
      await refused(() => fetch("https://example.invalid/")),
      await refused(() => fetch(own)),
      await refused(() => fetch("data:text/plain,1")),
    ];
  }, address);
  expect(outcome).toEqual([true, true, true]);
  await expect
    .poll(() =>
      page.evaluate(() => {
        const { directives } = /** @type {any} */ (window);
        return [...new Set(directives)].toSorted();
      }),
    )
    .toEqual(["connect-src", "img-src", "script-src", "script-src-elem", "style-src-elem"]);
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.close();
});

test("nothing is kept but what the reader has set @file", async ({ page, open, context }) => {
  await open();
  await make(page, "malloc(100)", 5);
  const kept = () =>
    page.evaluate(async () => ({
      local: Object.entries(localStorage),
      session: Object.entries(sessionStorage),
      caches: "caches" in window ? await caches.keys().catch(() => []) : [],
    }));
  const empty = await kept();
  expect(empty.session).toEqual([]);
  expect(empty.caches).toEqual([]);
  expect(JSON.stringify(empty.local)).not.toContain("malloc(");
  expect(await context.cookies()).toEqual([]);
});

test("the one file has all in it, and the served one nothing of elsewhere", async () => {
  const single = readFileSync("build/demo.html", "utf8");
  expect(single).not.toMatch(/<script[^>]+src=|<link[^>]+rel="(stylesheet|modulepreload)"/);
  for (const file of ["build/demo.html", "build/demo/dist/index.html"]) {
    const html = readFileSync(file, "utf8");
    const [, policy = ""] =
      /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
    const early = html.indexOf("Content-Security-Policy");
    expect(html.slice(0, early)).not.toMatch(/<script|<style|<link/);
  }
});

test("from the disk the page has all scenarios @file", async ({ page, open }) => {
  await open();
  const ids = await page
    .getByLabel("Scenario")
    .getByRole("option")
    .evaluateAll((options) => options.map((option) => option.getAttribute("value")));
  expect(ids.length).toBeGreaterThanOrEqual(16);
  await page.getByLabel("Scenario").selectOption("walk");
  await expect.poll(async () => (await stateAt(page, 1)).pages).toBe(2);
  await page.getByRole("button", { name: "To the end" }).click();
  await expect
    .poll(async () => Number(await page.locator("html").getAttribute("data-pages")))
    .toBeGreaterThanOrEqual(256);
});
