// What it costs: the numbers of the table against the metered modules, driven here without the page.

import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.js";
import { emptyHeap, expectSteps, make, type } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

const manifest = JSON.parse(readFileSync("build/demo/modules/manifest.json", "utf8"));

/** @type {string[]} */
const names = manifest.modules.map((/** @type {{name: string}} */ { name }) => name);

const PAGE = 65_536;

/** An allocator's metered copy, and what its calls came to. */
class Metered {
  ink = 0;
  highest = 0;
  requested = 0;

  /** @param {string} name */
  constructor(name) {
    const module = new WebAssembly.Module(readFileSync(`build/demo/modules/${name}.ink.wasm`));
    /** @type {Record<string, Record<string, () => number>>} */
    const imports = {};
    for (const { module: from, name: entry } of WebAssembly.Module.imports(module)) {
      (imports[from] ??= {})[entry] = () => 0;
    }
    const { exports } = new WebAssembly.Instance(module, imports);
    this.exports = /** @type {Record<string, any>} */ (exports);
    this.exports["_initialize"]?.();
    this.base = this.exports["heap_base"]() >>> 0;
    this.firstPages = this.pages;
  }

  get pages() {
    return this.exports["memory"].buffer.byteLength / PAGE;
  }

  /** @param {string} name @param {...number} args @returns {number} */
  #call(name, ...args) {
    const before = this.exports["__ink"].value;
    const result = (this.exports[name](...args) ?? 0) >>> 0;
    this.ink += Number(this.exports["__ink"].value - before);
    return result;
  }

  /** @param {string} name @param {number} size @param {...number} args */
  take(name, size, ...args) {
    const at = this.#call(name, ...args);
    if (at === 0) throw new Error(`${name} of ${size} was refused`);
    this.highest = Math.max(this.highest, at + size - this.base);
    this.requested += size;
    return at;
  }

  /** @param {number} size */
  malloc(size) {
    return this.take("malloc", size, size);
  }

  /** @param {number} count @param {number} size */
  calloc(count, size) {
    return this.take("calloc", count * size, count, size);
  }

  /** @param {number} block */
  free(block) {
    this.#call("free", block);
  }
}

/** The scenarios as programs. @type {Record<string, {calls: number, run: (on: Metered) => void}>} */
const PROGRAMS = {
  first: {
    calls: 4,
    run: (on) => {
      for (const size of [24, 100, 3, 100]) on.malloc(size);
    },
  },
  calloc: {
    calls: 4,
    run: (on) => {
      on.malloc(8);
      on.calloc(1, 65_536);
      on.malloc(65_536);
      on.calloc(1024, 64);
    },
  },
  churn: {
    calls: 20_000,
    run: (on) => {
      for (let i = 0; i < 10_000; i++) on.free(on.malloc(256));
    },
  },
};

/** @param {Page} page */
const costOf = (page) => page.getByRole("region", { name: "What it costs" });

/** Waits until all calls were run on all allocators. @param {Page} page @param {number} calls */
async function compared(page, calls) {
  const cost = costOf(page);
  await cost.scrollIntoViewIfNeeded();
  const text = calls === 1 ? "All 1 call " : `All ${calls.toLocaleString("en-US")} calls `;
  await expect(cost.getByText(text)).toBeVisible({ timeout: 30_000 });
  return cost;
}

/**
 * A row of the table, by allocator, as it is written but for the notes beside the number.
 * @param {Page} page
 * @param {string} name
 * @returns {Promise<Record<string, string>>}
 */
async function rowOf(page, name) {
  const table = costOf(page).getByRole("table", { name: "All numbers of all allocators" });
  const heads = (await table.getByRole("columnheader").allTextContents()).map((text) =>
    text.trim(),
  );
  const row = table.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  const cells = await row
    .getByRole("cell")
    .evaluateAll((all) => all.map(({ firstChild }) => firstChild?.textContent ?? ""));
  expect(cells).toHaveLength(heads.length);
  return Object.fromEntries(heads.map((head, i) => [head, cells[i] ?? ""]));
}

/** @param {number} n */
const grouped = (n) => n.toLocaleString("en-US");

/** What the table has to say, from modules that this test drives. @param {string} id */
function expectedOf(id) {
  const all = names.map((name) => {
    const metered = new Metered(name);
    PROGRAMS[id]?.run(metered);
    return /** @type {const} */ ([name, metered]);
  });
  const column = (/** @type {(metered: Metered) => number} */ value) =>
    Object.fromEntries(all.map(([name, metered]) => [name, grouped(value(metered))]));
  return {
    of: Object.fromEntries(all),
    rows: {
      "Ink of all calls": column(({ ink }) => ink),
      "Heap at its highest, bytes": column(({ highest }) => highest),
      "Asked for in all, bytes": column(({ requested }) => requested),
      "Pages at the end": column(({ pages }) => pages),
      "Pages added": column(({ pages, firstPages }) => pages - firstPages),
    },
  };
}

for (const [id, { calls }] of Object.entries(PROGRAMS)) {
  test(`ink, bytes and pages of ${id} are those of the modules themselves`, async ({
    page,
    open,
  }) => {
    await open(`#v=1&s=${id}&n=1`);
    await compared(page, calls);
    for (const [name, expected] of Object.entries(expectedOf(id).rows)) {
      expect(await rowOf(page, name), name).toEqual(expected);
    }
  });
}

test("in the bad case the page says that mini-alloc loses, and by how much", async ({
  page,
  open,
}) => {
  await open("#v=1&s=churn&n=1");
  const cost = await compared(page, 20_000);
  const { of } = expectedOf("churn");
  const [ours, theirs] = [of["mini-alloc"]?.pages ?? 0, of["dlmalloc"]?.pages ?? 0];
  expect(theirs).toBeLessThan(ours);
  const uses = `dlmalloc uses ${theirs} pages`;
  await expect(cost.getByText(uses)).toContainText(`mini-alloc ${ours}`);
  await expect(cost.getByText(uses)).toContainText("freed memory is never used again");
  const row = cost.getByRole("row").filter({ hasText: /^Pages at the end/ });
  const cells = row.getByRole("cell");
  await expect(cells.nth(names.indexOf("mini-alloc"))).not.toContainText("least");
  await expect(cells.nth(names.indexOf("dlmalloc"))).toContainText("least");
});

test("where mini-alloc needs the least ink the page says that too", async ({ page, open }) => {
  await open("#v=1&s=first&n=1");
  const cost = await compared(page, 4);
  const { of } = expectedOf("first");
  const inks = Object.entries(of).toSorted(([, a], [, b]) => a.ink - b.ink);
  expect(inks[0]?.[0]).toBe("mini-alloc");
  await expect(cost.getByText(/mini-alloc needs the least ink/)).toBeVisible();
});

test("the numbers follow the calls: one more, one less, none, an empty heap", async ({
  page,
  open,
}) => {
  await open();
  await compared(page, 4);
  const ink = async () => (await rowOf(page, "Ink of all calls"))["mini-alloc"];
  const four = await ink();
  await make(page, "malloc(100)", 5);
  await compared(page, 5);
  expect(await ink()).not.toBe(four);
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await compared(page, 4);
  expect(await ink()).toBe(four);
  // To look back changes nothing: it is the log that is run.
  await page.getByRole("button", { name: "To the beginning" }).click();
  expect(await ink()).toBe(four);
  await page.getByRole("button", { name: "To the end" }).click();
  await emptyHeap(page);
  await expect(costOf(page)).toContainText("Make a call, and what it costs each allocator");
  await expect(costOf(page).getByRole("table")).toBeHidden();
});

test("each measure has its chart, and only that of ink has a log scale, and says so", async ({
  page,
  open,
}) => {
  await open("#v=1&s=churn&n=1");
  const cost = await compared(page, 20_000);
  const chart = cost.getByRole("img");
  const { rows } = expectedOf("churn");
  const MEASURES = /** @type {const} */ ([
    ["Pages", "Pages at the end", /^Bar chart, pages of 64 KiB:/],
    ["Bytes", "Heap at its highest, bytes", /^Bar chart, bytes:/],
    ["Ink · gas", "Ink of all calls", /^Bar chart, ink, log scale:/],
  ]);
  /** @type {Set<string>} */
  const pictures = new Set();
  for (const [name, row, label] of MEASURES) {
    await cost.getByRole("radio", { name }).check({ force: true });
    await expect(chart).toHaveAttribute("aria-label", label);
    const told = (await chart.getAttribute("aria-label")) ?? "";
    for (const [allocator, value] of Object.entries(rows[row])) {
      expect(told).toContain(`${allocator} ${value} `);
    }
    if (name !== "Ink · gas") expect(told).not.toMatch(/log/i);
    pictures.add(
      await chart.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL()),
    );
  }
  expect(pictures.size, "three pictures").toBe(3);
});

test("allocators that this build has not are named, with the reason", async ({ page, open }) => {
  await open();
  const cost = await compared(page, 4);
  const table = cost.getByRole("table", { name: "All numbers of all allocators" });
  await expect(table.getByRole("columnheader")).toHaveText(names);
  for (const name of ["mini-alloc", "dlmalloc", "emmalloc", "mimalloc"]) {
    const note = cost.getByText(`${name} is not here`);
    if (names.includes(name)) await expect(note).toHaveCount(0);
    else await expect(note).toContainText(`Emscripten ${manifest.emcc}`);
  }
});

// ---- time ----------------------------------------------------------------------------------------

/** That there is no time in the table, whatever stands there instead. @param {Page} page */
async function expectNoTimes(page) {
  const row = costOf(page)
    .getByRole("row")
    .filter({ hasText: /^Time of a call/ });
  await expect(row.getByRole("cell").filter({ hasText: /\d/ })).toHaveCount(0);
}

test("time is measured when it is asked for, and forgotten with the calls", async ({
  page,
  open,
}) => {
  test.slow(); // the clock takes what it takes
  await open("#v=1&s=requests&n=1");
  const cost = costOf(page);
  await cost.scrollIntoViewIfNeeded();
  await expect(cost.getByRole("table")).toBeVisible();
  await expectNoTimes(page);
  await cost.getByRole("radio", { name: "Time" }).check({ force: true });
  await cost.getByRole("button", { name: "Measure time" }).click();
  await expect(cost.getByRole("progressbar", { name: "Samples taken" })).toBeVisible();
  await expect(cost.getByRole("button", { name: "Measure time" })).toBeVisible({ timeout: 45_000 });
  await expect(cost.getByText(/The clock ticks every [\d.,]+ µs/)).toBeVisible();
  const times = await rowOf(page, "Time of a call, ns");
  for (const name of names) {
    const text = times[name] ?? "";
    expect(text).toMatch(/^(?:< )?[\d,.]+$/);
    const ns = Number(text.replaceAll(/[<, ]/g, ""));
    expect(ns).toBeGreaterThan(0);
    expect(ns).toBeLessThan(1e9);
  }
  const ranges = await rowOf(page, "Range of 15 samples, ns");
  for (const name of names) {
    const [least = -1, most = -1] = (ranges[name] ?? "")
      .split(" to ")
      .map((n) => Number(n.replaceAll(",", "")));
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeGreaterThanOrEqual(least);
  }
  const chart = cost.getByRole("img");
  await expect(chart).toHaveAttribute("aria-label", /^Bar chart, nanoseconds a call: .* ns/);
  // Another log has other times.
  await page.getByRole("button", { name: "To the end" }).click();
  await type(page, "malloc(8)");
  await expectNoTimes(page);
});

test("measuring can be stopped, and leaves no numbers", async ({ page, open }) => {
  await open();
  await emptyHeap(page);
  await make(page, "loop 3000 { p = malloc(64); free(p) }", 6000);
  const cost = await compared(page, 6000);
  await cost.getByRole("radio", { name: "Time" }).check({ force: true });
  // Both in one go: a fast machine would be done before the second.
  await cost.getByRole("button", { name: "Measure time" }).evaluate((button) => {
    const start = /** @type {HTMLElement} */ (button);
    start.focus();
    start.click();
    const stop = /** @type {HTMLElement} */ (document.activeElement);
    if (stop.textContent !== "Stop") throw new Error("the focus is not at Stop");
    stop.click();
  });
  await expect(cost.getByRole("progressbar")).toBeHidden();
  await expect(cost.getByRole("button", { name: "Measure time" })).toBeFocused();
  await expectNoTimes(page);
});

test("calls that take gigabytes are not made again and again for the clock", async ({
  page,
  open,
}) => {
  await open();
  await emptyHeap(page);
  await make(page, "loop 3 malloc(60000000)", 3);
  const cost = await compared(page, 3);
  await cost.getByRole("radio", { name: "Time" }).check({ force: true });
  await cost.getByRole("button", { name: "Measure time" }).click();
  await expect(cost.getByText(/more than 2,048 pages: too many/)).toBeVisible();
});

test("a recording is not run: the page says what would have to be done", async ({ page, open }) => {
  await open();
  await page.getByRole("tab", { name: "Import, export" }).click();
  await page.getByLabel("Choose a file, or drop it here").setInputFiles({
    ...{ name: "a.mtrace", mimeType: "text/plain" },
    buffer: Buffer.from("@ a:[0x1] + 0x5010 0x64\n@ a:[0x2] - 0x5010\n"),
  });
  await page.getByRole("button", { name: "View as recorded" }).click();
  await expectSteps(page, 2);
  await costOf(page).scrollIntoViewIfNeeded();
  await expect(costOf(page)).toContainText("This is a recording");
  await expect(costOf(page).getByRole("table")).toBeHidden();
});
