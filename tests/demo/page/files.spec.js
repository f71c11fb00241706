// Files: calls of other programs come in, and what the page shows goes out.

import { existsSync, readFileSync } from "node:fs";
import { decodeCalls } from "../../../demo/formats/codec.js";
import { inflate } from "../../../demo/formats/deflate.js";
import { Bare } from "../model.js";
import { expect, test } from "./fixtures.js";
import {
  download,
  emptyHeap,
  expectSteps,
  importText,
  logOf,
  make,
  openTab,
  stateAt,
  stepsOf,
} from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

/** A trace that `mini-alloc trace` has recorded; files/README.md tells how. */
const recorded = readFileSync(new URL("files/words.jsonl", import.meta.url), "utf8");

/** Its lines without the first and the last. */
const calls = recorded
  .trim()
  .split("\n")
  .slice(1, -1)
  .map((line) => JSON.parse(line));

/** The report of a file. @param {Page} page @param {string} name */
const reportOf = (page, name) => page.getByRole("region", { name, exact: true });

/** @param {Page} page @param {string} name */
async function replay(page, name) {
  await reportOf(page, name).getByRole("button", { name: "Replay on mini-alloc" }).click();
}

/** @param {Page} page @param {string} name */
async function view(page, name) {
  await reportOf(page, name).getByRole("button", { name: "View as recorded" }).click();
}

/** @param {import("./helpers.js").Row[]} rows */
const resultsOf = (rows) => rows.map(({ result }) => result);

/** @param {Page} page */
const shown = (page) => page.getByText(/^Shown now/);

// ---- in ------------------------------------------------------------------------------------------

test("a recorded trace is replayed: its sizes, our addresses", async ({ page, open }) => {
  await open();
  await importText(page, "words.jsonl", recorded);
  await expect(reportOf(page, "words.jsonl").getByRole("status")).toHaveText(
    `Read as a trace of mini-alloc: ${calls.length} calls, 0 lines ignored.`,
  );
  await replay(page, "words.jsonl");
  await expectSteps(page, calls.length);
  await expect(shown(page)).toHaveText(
    `Shown now (on mini-alloc): words.jsonl, ${calls.length} calls.`,
  );
  const { rows } = await logOf(page);
  const letters = { malloc: "m", calloc: "c", realloc: "r", free: "f", aligned_alloc: "a" };
  expect(rows.map(({ op }) => letters[/** @type {keyof typeof letters} */ (op)])).toEqual(
    calls.map(({ op }) => op),
  );
  // The same allocator with the same calls: the blocks lie as far apart as they did.
  const { base } = JSON.parse(recorded.slice(0, recorded.indexOf("\n")));
  const heap = rows[0]?.result ?? 0;
  const until = calls.findIndex(({ op }) => op === "a"); // where it is rounded up to 4096 depends
  for (const [i, { p = 0 }] of calls.slice(0, until).entries()) {
    if (p !== 0) expect((rows[i]?.result ?? 0) - heap).toBe(p - base);
  }
});

test("a recorded trace is viewed: its addresses, and no call can be made", async ({
  page,
  open,
}) => {
  await open();
  await importText(page, "words.jsonl", recorded);
  await view(page, "words.jsonl");
  await expectSteps(page, calls.length);
  await expect(shown(page)).toContainText("View, read-only");
  const { rows } = await logOf(page);
  expect(rows.map(({ result }) => result)).toEqual(calls.map(({ p = 0 }) => p));
  const grown = calls.reduce((pages, { g = pages }) => g, 2);
  await expect(page.locator("html")).toHaveAttribute("data-pages", String(grown));
  await page.getByLabel("Or type").fill("malloc(8)");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const turn = page.getByRole("region", { name: "Your turn" });
  await expect(turn.getByRole("alert")).toContainText("This is a recording");
  expect(await stepsOf(page)).toBe(calls.length);
  await expect(turn.getByRole("button", { name: "Undo" })).toHaveAttribute("aria-disabled", "true");
  // No memory, no link, no costs: all say why.
  const bytes = await openTab(page, "Bytes");
  await expect(bytes.getByText(/There is no memory to look at/)).toBeVisible();
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("A recording fits into no link");
});

/** The other formats: what they hold, and what the page makes of it. */
const FORMATS = {
  "lab.rep": {
    text: "20000\n3\n6\n1\na 0 512\na 1 128\nr 0 640\nx 9 9\na 2 16\nf 1\nf 1\nf 0\n",
    read: "a malloc lab trace (.rep): 6 calls, 2 lines ignored.",
    reasons: [
      "Line 8: it is no call of an allocator.",
      "Line 11: free of a block that line 10 has ended.",
    ],
    ops: ["malloc 512", "malloc 128", "realloc 1 640", "malloc 16", "free 2", "free 3"],
    addresses: undefined,
  },
  "glibc.mtrace": {
    text: [
      "= Start",
      "@ ./a.out:(main+0x1d)[0x5581] + 0x55d0e2a0 0x64",
      "@ ./a.out:(main+0x2b)[0x5582] + 0x55d0e310 0xc8",
      "@ ./a.out:(main+0x39)[0x5583] < 0x55d0e2a0",
      "@ ./a.out:(main+0x39)[0x5583] > 0x55d0e3e0 0x12c",
      "what is this",
      "@ ./a.out:(main+0x47)[0x5584] - 0x55d0e310",
      "@ ./a.out:(main+0x47)[0x5584] - 0x1234",
      "= End",
    ].join("\n"),
    read: "glibc's mtrace: 4 calls, 2 lines ignored.",
    reasons: [
      "Line 6: it is no call of an allocator.",
      "Line 8: free of a block that no line above has made.",
    ],
    ops: ["malloc 100", "malloc 200", "realloc 1 300", "free 2"],
    addresses: [0x55d0e2a0, 0x55d0e310, 0x55d0e3e0, 0],
  },
  "app.ltrace": {
    text: [
      'puts("hello") = 6',
      "malloc(100) = 0x5a10",
      "calloc(10, 16) = 0x5a80",
      "realloc(0x5a10, 200) = 0x5b30",
      "malloc(7 <unfinished ...>",
      "free(0x5a80) = <void>",
      "realloc(nil, 50) = 0x5c00",
      "malloc(4294967295) = nil",
      "+++ exited (status 0) +++",
    ].join("\n"),
    read: "ltrace: 6 calls, 3 lines ignored.",
    reasons: [
      "Line 1: it is no call of an allocator.",
      "Line 5: half a call: another thread's came between.",
      "Line 9: it is no call of an allocator.",
    ],
    ops: [
      ...["malloc 100", "calloc 10 16", "realloc 1 200", "free 2", "realloc 0 50"],
      "malloc 4294967295",
    ],
    addresses: [0x5a10, 0x5a80, 0x5b30, 0, 0x5c00, 0],
  },
  "dump.log": {
    text: [
      "onMalloc(0x5010, 100)",
      "onMalloc(0x5080, 24)",
      "onRealloc(0x5010, 0x50a0, 300)",
      "onFree(0x5080)",
      "onFree(0x5080)",
      '["onMalloc", 24576, 48],',
      "and then it stopped",
    ].join("\n"),
    read: "Emscripten's memory profiler: 5 calls, 2 lines ignored.",
    reasons: [
      "Line 5: free of a block that line 4 has ended.",
      "Line 7: it is no call of an allocator.",
    ],
    ops: ["malloc 100", "malloc 24", "realloc 1 300", "free 2", "malloc 48"],
    addresses: [0x5010, 0x5080, 0x50a0, 0, 0x6000],
  },
};

for (const [name, { text, read, reasons, ops, addresses }] of Object.entries(FORMATS)) {
  test(`${name} is read, with the reasons of what is ignored, replayed and viewed`, async ({
    page,
    open,
  }) => {
    await open();
    await importText(page, name, text);
    const report = reportOf(page, name);
    await expect(report.getByRole("status")).toHaveText(`Read as ${read}`);
    await report.getByText(/^Why \d+ lines were ignored/).click();
    await expect(report.getByRole("listitem")).toHaveText(reasons);
    await replay(page, name);
    await expectSteps(page, ops.length);
    const { rows } = await logOf(page);
    expect(rows.map(({ op, args }) => [op, ...args].join(" "))).toEqual(ops);
    const button = report.getByRole("button", { name: "View as recorded" });
    if (!addresses) {
      await expect(button).toBeDisabled();
      await expect(report).toContainText("this format has no addresses");
      return;
    }
    await button.click();
    await expect(shown(page)).toContainText("View, read-only");
    const viewed = (await logOf(page)).rows.map(({ result }) => result);
    const title = (await shown(page).textContent()) ?? "";
    const less = Number(/less (0x[\da-f]+)/.exec(title)?.[1] ?? 0);
    expect(viewed.map((at) => (at === 0 ? 0 : at + less))).toEqual(addresses);
  });
}

test("a file can be dropped anywhere, and several at once", async ({ page, open }) => {
  await open();
  const rep = FORMATS["lab.rep"].text;
  const files = await page.evaluateHandle(
    ([a, b]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([a ?? ""], "dropped.rep"));
      transfer.items.add(new File([b ?? ""], "second.rep"));
      return transfer;
    },
    [rep, rep],
  );
  const heading = page.getByRole("heading", { level: 1 });
  await heading.dispatchEvent("dragover", { dataTransfer: files });
  await heading.dispatchEvent("drop", { dataTransfer: files });
  await expect(page.getByRole("tab", { name: "Import, export" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  for (const name of ["dropped.rep", "second.rep"]) {
    await expect(reportOf(page, name).getByRole("status")).toContainText("6 calls");
  }
  const area = page.getByText("Choose a file, or drop it here");
  const one = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "third.rep"));
    return transfer;
  }, rep);
  await area.dispatchEvent("drop", { dataTransfer: one });
  await expect(reportOf(page, "third.rep")).toHaveCount(1);
});

test("the SQLite example replays here as it does in a bare module", async ({ page, open }) => {
  test.skip(!existsSync("build/demo/examples/sqlite.json"), "this build has no example");
  const about = JSON.parse(readFileSync("build/demo/examples/sqlite.json", "utf8"));
  const data = Uint8Array.from(readFileSync("build/demo/examples/sqlite.bin"));
  const program = decodeCalls(await inflate(data, 100_000_000));
  const module = new WebAssembly.Module(readFileSync("build/demo/modules/mini-alloc.wasm"));
  const bare = new Bare(module);
  let last = { result: 0, bump: 0, limit: 0, pages: 0 };
  for (const call of program) last = bare.perform(call);

  await open();
  const panel = await openTab(page, "Import, export");
  await panel.getByRole("button", { name: "Replay SQLite" }).click();
  await expectSteps(page, about.calls, 30_000);
  expect(program).toHaveLength(about.calls);
  const { bump, limit, pages } = await stateAt(page, about.calls);
  expect({ bump, limit, pages }).toEqual({
    ...{ bump: last.bump, limit: last.limit, pages: last.pages },
  });
  await expect(shown(page)).toContainText("SQLite, 53,170 calls");
});

// ---- out -----------------------------------------------------------------------------------------

const SCRIPT =
  "a = malloc(24); b = calloc(3, 20); m = mark(); c = realloc(a, 70000); free(b); malloc(0xFFFFFFFF); aligned_alloc(64, 10); mini_alloc(7, 1); reset(m); realloc(NULL, 5)";

/** @param {Page} page */
async function ownCalls(page) {
  await emptyHeap(page);
  await make(page, SCRIPT, 10);
  await page.getByRole("button", { name: "Previous step" }).click();
  return openTab(page, "Import, export");
}

test("an export as JSON brings back the same calls at the same step", async ({ page, open }) => {
  await open();
  const panel = await ownCalls(page);
  const before = await logOf(page);
  const button = panel.getByRole("button", { name: "JSON", exact: true });
  const { name, text } = await download(page, button);
  expect(name).toBe("your-calls.json");
  const { format, version, log } = JSON.parse(text);
  expect({ format, version }).toEqual({ format: "mini-alloc-demo", version: 1 });
  expect(log).toHaveLength(10);
  await open();
  await importText(page, name, text);
  await replay(page, "Your calls");
  await expectSteps(page, 10);
  expect(await logOf(page)).toEqual(before);
  await view(page, "Your calls");
  await expect(shown(page)).toContainText("View, read-only");
  expect(resultsOf((await logOf(page)).rows)).toEqual(resultsOf(before.rows));
});

test("an export as a trace is one that the page reads: made by us, and replayed", async ({
  page,
  open,
}) => {
  await open();
  const panel = await ownCalls(page);
  const before = await logOf(page);
  const button = panel.getByRole("button", { name: "Trace", exact: true });
  const { name, text } = await download(page, button);
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ format: "mini-alloc-trace", version: 1, pages: 2 });
  expect(lines.at(-1)).toMatchObject({ op: "end", calls: 10 });
  expect(
    lines
      .slice(1, -1)
      .map(({ op }) => op)
      .join(""),
  ).toBe("mckrfmaaxr");
  await importText(page, name, text);
  await expect(reportOf(page, name).getByRole("status")).toContainText("10 calls, 0 lines ignored");
  await replay(page, name);
  await expect(shown(page)).toContainText(name);
  const { rows } = await logOf(page);
  expect(resultsOf(rows)).toEqual(resultsOf(before.rows));
});

test("an export as CSV has a line for each step, with what the module returned", async ({
  page,
  open,
}) => {
  await open();
  const panel = await ownCalls(page);
  const { rows } = await logOf(page);
  const button = panel.getByRole("button", { name: "CSV", exact: true });
  const { name, text } = await download(page, button);
  expect(name).toBe("your-calls.csv");
  const [head = [], ...lines] = text
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
  expect(lines).toHaveLength(rows.length);
  for (const [i, line] of lines.entries()) {
    expect(line).toHaveLength(head.length);
    const cell = (/** @type {string} */ column) => line[head.indexOf(column)];
    const { op, result, bump, limit, pages } = /** @type {typeof rows[0]} */ (rows[i]);
    const expected = { step: i + 1, call: op, result, bump, limit, pages };
    for (const [column, value] of Object.entries(expected))
      expect(cell(column)).toBe(String(value));
  }
  const columns = (/** @type {string} */ of) => lines.map((line) => line[head.indexOf(of)]);
  expect(columns("failed")).toEqual(["0", "0", "0", "0", "0", "1", "0", "0", "0", "0"]);
  expect(columns("given")).toEqual(["", "", "", "p1", "p2", "", "", "", "m1", "NULL"]);
  expect(columns("size")[3]).toBe("70000");
});

test("the calls until this step can be copied as a C program", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open();
  const panel = await ownCalls(page);
  await panel.getByText("As a C program").click();
  const code = panel.getByLabel("C program");
  await expect(code).toContainText("int main(void) {");
  const text = (await code.textContent()) ?? "";
  const statements = text.split("\n").filter((line) => /^ {2}\S/.test(line));
  expect(statements.map((line) => line.trim().replace(/ *\/\/.*/, ""))).toEqual([
    "p[1] = malloc(24);",
    "p[2] = calloc(3, 20);",
    "m[1] = mini_alloc_mark();",
    "p[3] = realloc(p[1], 70000);",
    "free(p[2]);",
    "p[0] = malloc(4294967295u);",
    "p[4] = aligned_alloc(64, 10);",
    "p[5] = mini_alloc(7, 1);",
    "mini_alloc_reset(m[1]);",
  ]);
  await panel.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(panel.getByText("Copied", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await page.getByRole("button", { name: "To the beginning" }).click();
  await expect(code).not.toContainText("malloc(24)");
});

/**
 * What is in a PNG, as the browser decodes it.
 * @param {Page} page
 * @param {Buffer} png
 */
const decoded = (page, png) =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const pixels = new Uint32Array(data.buffer);
    /** @type {Map<number, number>} */
    const colors = new Map();
    for (const pixel of pixels) colors.set(pixel, (colors.get(pixel) ?? 0) + 1);
    const most = Math.max(...colors.values());
    const { width, height } = picture;
    return { width, height, colors: colors.size, paper: most / pixels.length };
  }, png.toString("base64"));

const PICTURES = [
  ["PNG of the memory", "first-calls-memory.png"],
  ["PNG of the timeline chart", "first-calls-timeline-chart.png"],
  ["PNG of the cost chart", "first-calls-cost-chart.png"],
];

for (const [label = "", file = ""] of PICTURES) {
  test(`${label} is a picture of the right size, once and twice as large`, async ({
    page,
    open,
  }) => {
    await open();
    // A chart is drawn when it is seen.
    for (const name of ["What it costs", "Over time"]) {
      const section = page.getByRole("region", { name, exact: true });
      await section.scrollIntoViewIfNeeded();
      await expect(section.getByRole("img")).toBeVisible();
    }
    const panel = await openTab(page, "Import, export");
    const button = panel.getByRole("button", { name: label });
    const once = await download(page, button);
    expect(once.name).toBe(file);
    expect(once.bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    await panel.getByRole("checkbox", { name: "twice as large" }).check();
    const twice = await download(page, button);
    const [small, large] = [await decoded(page, once.bytes), await decoded(page, twice.bytes)];
    expect(small.width).toBeGreaterThan(300);
    expect(small.height).toBeGreaterThan(100);
    expect(large.width).toBe(2 * small.width);
    expect(large.height).toBe(2 * small.height);
    expect(small.colors).toBeGreaterThan(20);
    expect(large.colors).toBeGreaterThan(20);
    expect(small.paper).toBeLessThan(0.98);
    await expect(panel.getByText(/^Saved the .* as PNG\.$/)).toBeVisible();
  });
}
