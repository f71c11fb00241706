// The pure parts of the comparison: what is chosen, and what is made of the figures.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { terminal } from "../../src/terminal.js";
import { quantile } from "../../src/cost/statistics.js";
import { steps } from "../../src/cost/progress.js";
import { reportCsv, workloadReport } from "../../src/cost/report.js";
import { reportMarkdown, reportText } from "../../src/cost/tables.js";
import { between } from "../../src/update.js";
import { conclusions, times } from "../../src/cost/words.js";
import { FIRST_LOOK, WORKLOADS, chooseWorkloads } from "../../src/cost/workloads.js";

const ALLOCATORS = ["mini-alloc", "dlmalloc", "mimalloc", "stub"].map((name) => ({ name }));

const counts = { operations: 1000, timed: 40, before: 1 };

/**
 * The report of a workload with these figures, by allocator.
 * @param {string} name
 * @param {(number | undefined)[]} inks
 * @param {number[][]} samples of the time, in ns
 * @param {number[]} pages
 */
function reported(name, inks, samples, pages = [10, 10, 10, 10]) {
  const ink = inks.map((one, i) =>
    one === undefined ? undefined : { ink: one, pages: pages[i] ?? 0 },
  );
  const time = samples.map((sample) => {
    return { ns: quantile(sample, 0.5), spread: 1, samples: sample, least: 0.5 };
  });
  return workloadReport({ name, group: "", about: "what", ...counts }, ALLOCATORS, ink, time);
}

const wins = reported(
  "malloc_16",
  [100, 400, 200, 0],
  [[1, 1, 1, 1], [9, 9, 9, 9], [2, 2, 2, 2], [0]],
);
const loses = reported(
  "lifo_64_touched",
  [100, 50, 200, 0],
  [[60, 6, 60, 60], [10, 1, 10, 10], [59, 7, 61, 59], [0]],
  [500, 20, 30, 10],
);

/** @type {import("../../src/cost/report.js").Report} */
const REPORT = {
  conditions: { emcc: "6.0.5", node: "24.0.0", level: "-O2", date: "2026-11-22", rounds: 4 },
  allocators: ALLOCATORS.map(({ name }) => {
    return { name, about: "", bytes: { js: 5, wasm: 9 }, added: { js: 1, wasm: 1234 } };
  }),
  workloads: [wins, loses],
  edgeCases: [{ allocator: "mini-alloc", alloc: { gas: 296.9, pages: 9 }, allocZeroed: undefined }],
  sqlite: undefined,
  warnings: ["emcc 3.1.6 has no mimalloc"],
  conclusions: conclusions([wins, loses]),
};

describe("the conclusions", () => {
  test("say who wins by how much, and where mini-alloc loses", () => {
    assert.deepEqual(conclusions([wins, loses]), [
      "mini-alloc takes the least ink in 1 of 2 workloads, the least time in 1 of 2.",
      "mini-alloc takes less ink:",
      "  malloc_16: 4.0 times less than dlmalloc and 2.0 times less than mimalloc",
      "  lifo_64_touched: 2.0 times less than mimalloc",
      "mini-alloc takes less time:",
      "  malloc_16: 9.0 times faster than dlmalloc and 2.0 times faster than mimalloc",
      "mini-alloc loses in ink:",
      "  lifo_64_touched: 2.0 times more than dlmalloc",
      "mini-alloc loses in time, where freed memory would be warm and where realloc has to copy:",
      "  lifo_64_touched: 6.0 times slower than dlmalloc",
      "What that costs in memory, as it gives nothing back:",
      "  lifo_64_touched: 500 pages after 1,000 operations, dlmalloc 20",
    ]);
  });

  test("are silent of times on which the rounds do not agree", () => {
    const unsure = reported(
      "pair_16",
      [1, 2, 3, 0],
      [[5, 9, 5, 9], [6, 6, 6, 6], [7, 7, 7, 7], [0]],
    );
    assert.ok(!conclusions([unsure]).join().includes("faster"));
  });

  test("know at least how much faster something is that the clock cannot carry", () => {
    const short = reported("calloc_1mb", [1, 2, 3, 0], [[0, 0, 0], [50, 50, 50], [7, 7, 7], [0]]);
    const said = "  calloc_1mb: more than 100 times faster than dlmalloc";
    assert.ok(conclusions([short]).some((line) => line.startsWith(said)));
  });

  test("leave out who was refused memory", () => {
    const refused = reported("malloc_16", [1, undefined, 3, 0], [[1, 1], [1, 1], [3, 3], [0]]);
    assert.ok(!conclusions([refused]).join().includes("dlmalloc"));
    assert.equal(conclusions([reported("x", [undefined, 1, 1, 0], [[], [], [], []])]).length, 0);
  });

  test("name a factor by what counts in it", () => {
    assert.deepEqual([1.04, 3.58, 10_667.6].map(times), [
      "1.04 times",
      "3.6 times",
      "10,668 times",
    ]);
  });
});

/** A terminal without color. @param {number} columns */
const screen = (columns) =>
  terminal({ isTTY: true, columns, write() {} }, { write() {} }, { NO_COLOR: "1" });

describe("the tables", () => {
  test("fit a narrow terminal", () => {
    const lines = reportText(REPORT, screen(80)).split("\n");
    const tables = lines.filter((line) => line.startsWith("|") && !line.includes("measured"));
    assert.ok(tables.length > 10);
    for (const line of tables.slice(0, 12)) assert.ok(line.length <= 80, line);
  });

  test("have the bytes beside the rest where there is room", () => {
    assert.match(reportText(REPORT, screen(120)), /^\| mini-alloc .*\| +1,234 \| +1 \|$/m);
    assert.match(reportText(REPORT, screen(120)), /^warning: emcc 3\.1\.6 has no mimalloc$/m);
  });

  test("say below what a time is that the clock cannot carry", () => {
    assert.match(
      reportText(REPORT, screen(120)),
      /^\| stub +\| +0 \| +0\.00 \| +< 0\.5 \| +- \| +- \|/m,
    );
  });

  test("put the published figures beside the measured ones", () => {
    const text = reportText(REPORT, screen(120));
    assert.match(
      text,
      /^\| mini-alloc +\| +296\.9 \| +- \| +9 \| measured; in C, -O2, without asserts/m,
    );
    assert.match(text, /^\| MiniAlloc +\| +333 \| +329 \| +- \| published/m);
    assert.match(text, /^\| Rust std +\| +516 \| +48,000,000 \| +- \| published/m);
  });

  test("are Markdown with one column for each allocator", () => {
    const text = reportMarkdown(REPORT);
    assert.match(text, /^emcc 6\.0\.5 -O2, Node 24\.0\.0, 2026-11-22; medians of 4 rounds\.$/m);
    assert.match(text, /^\| ink an operation +\| mini-alloc \| dlmalloc \| mimalloc \| stub \|$/m);
    assert.match(text, /^- lifo_64_touched: 6\.0 times slower than dlmalloc$/m);
  });

  test("are CSV with a line for each result", () => {
    const [header, first, ...rest] = reportCsv(REPORT).split("\n");
    assert.equal(
      header,
      "workload,allocator,operations,ink,ink_ratio,ns,ns_spread,ns_ratio,pages,wasm_added,js_added",
    );
    assert.equal(first, "malloc_16,mini-alloc,1000,100,0.25,1,1,0.111111,10,1234,1");
    assert.equal(rest.length, 7);
  });
});

describe("workloads", () => {
  test("are chosen by name and by group", () => {
    const { workloads, special } = chooseWorkloads("lifo, malloc_16,edge_cases");
    assert.deepEqual([...special], ["edge_cases"]);
    assert.equal(workloads.length, 7);
    assert.ok(workloads.every(({ name, group }) => group === "lifo" || name === "malloc_16"));
  });

  test("are all of them, or some of each", () => {
    assert.deepEqual(chooseWorkloads("all").workloads, WORKLOADS);
    assert.equal(chooseWorkloads("all").special.size, 2);
    const first = chooseWorkloads(undefined);
    assert.equal(first.workloads.length + first.special.size, FIRST_LOOK.length);
  });
});

describe("a report goes into a text", () => {
  test("between its markers", () => {
    const other = "<!-- size:begin -->\nold\n<!-- size:end -->\n";
    const text = `${other}<!-- cost:begin, by make cost -->\nold\n<!-- cost:end -->\nb\n`;
    const put = between(text, "cost", "new", "x.md");
    assert.equal(put, `${other}<!-- cost:begin, by make cost -->\n\nnew\n\n<!-- cost:end -->\nb\n`);
    assert.equal(between(put, "cost", "new", "x.md"), put);
    assert.throws(() => between(text, "modes", "new", "x.md"), {
      message: "'x.md' has no place for the report",
      remedy: "put two lines there: <!-- modes:begin --> and <!-- modes:end -->",
    });
  });
});

test("progress tells what is done and how long it will take", async () => {
  /** @type {string[]} */
  const written = [];
  const stderr = {
    isTTY: true,
    columns: 60,
    write: (/** @type {any} */ text) => written.push(text),
  };
  const clock = [0, 0, 4000, 8000];
  const step = steps(terminal({ write() {} }, stderr, {}), 4, () => clock.shift() ?? 0);
  for (const what of ["one", "two", "three"]) await step(what);
  assert.deepEqual(
    written.map((text) => text.replace("\r\u001B[K", "")),
    ["one (0 %)", "two (25 %, about 12 s left)", "three (50 %, about 8 s left)"],
  );
});
