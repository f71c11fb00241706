// The C source beside the reasons: that every reason has its place there, and that the lines said to
// have run are those that a compiler counts.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { readSources, sourcesOf } from "../../demo/build/sources.js";
import { FORMS } from "../../demo/engine/calls.js";
import { Heap } from "../../demo/engine/heap.js";
import { History } from "../../demo/engine/history.js";
import { linesOf, markersOf } from "../../demo/engine/lines.js";
import { play } from "../../demo/engine/play.js";
import { SCENARIOS, scenarioCalls } from "../../demo/engine/scenarios.js";
import { MARKERS, why } from "../../demo/engine/why.js";
import { buildFolder, cc, include, root, run, succeed } from "../helpers/toolchain.js";
import { modulesOf } from "./modules.js";
import { randomCalls, randomNumbers } from "./random.js";

const sources = readSources(root);

// ---- the source --------------------------------------------------------------------------------

test("every marker names lines of functions that the demo's module has", () => {
  for (const marker of MARKERS) assert.ok(sources.markers[marker].length > 0, marker);
  const { lines } = sources.files.find(({ name }) => name === "src/heap.h") ?? { lines: [] };
  const [grow] = sources.markers.grow;
  assert.match(
    lines[(grow?.lines[0] ?? 0) - 1] ?? "",
    /^ {2}return need > pages \/ 8 .*: pages \/ 8;$/,
  );
});

test("the text that is shown has no markers, and keeps its other comments", () => {
  for (const { lines } of sources.files) {
    for (const line of lines) assert.doesNotMatch(line, /\/\/.* @[a-z-]+$|\S\s*\/\/$|\s$/);
  }
  const text = sources.files.flatMap(({ lines }) => lines).join("\n");
  assert.match(text, /if \(!full\) { {2}\/\/ not started, or sbrk was here: .* the break\n/);
});

test("the functions are those of the demo's module, from their first line to their last", () => {
  for (const { name, file, from, to } of sources.functions) {
    const { lines } = sources.files.find((one) => one.name === file) ?? { lines: [] };
    assert.ok(lines[from - 1]?.includes(`${name}(`), name);
    assert.equal(lines[to - 1], "}", name);
  }
  const names = sources.functions.map(({ name }) => name);
  assert.equal(names.filter((name) => name === "refill").length, 1);
  assert.ok(names.includes("mini_alloc_reset") && !names.includes("lock_break"));
});

const WHOLE = `void *all(word size) {\n${MARKERS.map((name) => `  one();  // @${name}\n`).join("")}}\n`;

/** @type {Readonly<Record<string, [string, string, RegExp, RegExp]>>} */
const FAULTS = {
  "is nowhere": [
    "// @bump",
    "",
    /^a\.c: the marker @bump is nowhere$/,
    /^put \/\/ @bump at the end/,
  ],
  "is not known": ["@bump", "@bumb", /^a\.c: line 3: the marker @bumb is not known$/, /MARKERS/],
  "is there twice": ["@bump", "@bump @bump", /^a\.c: line 3: .* is there twice$/, /^remove one$/],
  "is in no function": ["}\n", "}\n// @free\n", /^a\.c: line 18: .* is in no function/, /^move it/],
  "is in a part for threads": [
    "  one();  // @bump\n",
    "#if THREADS\n  one();  // @bump\n#endif\n",
    /^a\.c: line 4: .* is in no function/,
    /^move it/,
  ],
};

test("a marker that cannot be right ends the build, with what to do about it", async (t) => {
  assert.doesNotThrow(() => sourcesOf([{ name: "a.c", text: WHOLE }]));
  for (const [name, [is, becomes, message, remedy]] of Object.entries(FAULTS)) {
    await t.test(`a marker ${name}`, () => {
      const text = WHOLE.replace(is, becomes);
      const expected = { name: "MiniAllocError", message, remedy };
      assert.throws(() => sourcesOf([{ name: "a.c", text }]), expected);
    });
  }
});

// ---- the lines ---------------------------------------------------------------------------------

/** A call as the log keeps it; `source` is the step that made the block or the mark. */
const row = (/** @type {string} */ op, { size = 0, align = 0, source = 0 } = {}) => ({
  ...{ op: FORMS.findIndex((form) => form.op === op), size, align, source },
});

const PAGE = 65_536;
const ALL = 2 ** 32 - 1;

/** Every path that one thread can take without others who grow memory. */
const PATHS = {
  "requests of every kind": [
    row("malloc", { size: 100 }),
    row("malloc", { size: 3 }),
    row("malloc", { size: 100 }),
    row("malloc"),
    row("calloc", { size: 16, align: 10 }),
    row("calloc"),
    row("calloc", { size: PAGE, align: PAGE }),
    row("mini_alloc", { size: 5, align: 1 }),
    row("mini_alloc", { size: 5, align: 64 }),
    row("mini_alloc", { size: 0, align: 1 }),
    row("mini_alloc", { size: 8, align: 12 }),
    row("mini_alloc", { size: 8, align: 0 }),
    row("mini_alloc", { size: 8, align: 2 * PAGE }),
    row("mini_alloc", { size: 0, align: 4 * PAGE }),
    row("mini_alloc", { size: ALL - 100, align: 2 ** 31 }),
    row("mini_alloc", { size: 2 ** 30, align: 2 * PAGE }),
    row("aligned_alloc", { size: 24, align: 24 }),
    row("aligned_alloc", { size: 0, align: 32 }),
    row("malloc", { size: 70_000 }),
    row("malloc", { size: 4 * PAGE }),
    row("malloc", { size: ALL }),
    row("free", { source: 1 }),
    row("free"),
  ],
  "growth that is refused, and then less of it": [
    row("malloc", { size: 950 * PAGE }),
    row("malloc", { size: PAGE }),
    row("malloc", { size: 45 * PAGE }),
    row("malloc", { size: PAGE }),
    row("malloc", { size: PAGE }),
    row("malloc", { size: PAGE }),
    row("malloc", { size: 4 * PAGE }),
  ],
  "realloc in place, away, and refused": [
    row("realloc", { size: 100 }),
    row("realloc", { size: 200, source: 1 }),
    row("realloc", { size: 200, source: 2 }),
    row("realloc", { size: 50, source: 3 }),
    row("realloc", { size: 0, source: 4 }),
    row("realloc", { size: 5 * PAGE, source: 5 }),
    row("realloc", { size: ALL, source: 6 }),
    row("malloc", { size: 40 }),
    row("realloc", { size: ALL, source: 6 }),
    row("realloc", { size: 300, source: 8 }),
    row("realloc", { size: 400, source: 6 }),
    row("mark"),
    row("realloc", { size: ALL, source: 11 }),
    row("reset", { source: 12 }),
    row("realloc", { size: ALL, source: 11 }),
    row("realloc", { size: 500, source: 11 }),
    row("realloc", { size: 0 }),
  ],
  "marks, and resets": [
    row("mark"),
    row("malloc", { size: 100 }),
    row("mark"),
    row("reset", { source: 1 }),
    row("reset", { source: 3 }),
    row("reset", { source: 1 }),
  ],
  "a first request of nothing": [row("mini_alloc", { align: 1 }), row("mini_alloc", { align: 8 })],
  "a first malloc of nothing": [row("malloc"), row("malloc", { size: 2 * PAGE })],
  "a first request beyond what is there": [row("malloc", { size: 9 * PAGE })],
  "a first request that is refused": [
    row("malloc", { size: ALL }),
    row("mini_alloc", { size: 8, align: 3 }),
    row("realloc", { size: ALL }),
    row("malloc", { size: 8 }),
  ],
  "a first request of a large alignment": [
    row("mini_alloc", { size: 0, align: 2 * PAGE }),
    row("mini_alloc", { size: 1, align: 2 ** 20 }),
  ],
  "a first request of a large alignment, refused": [
    row("mini_alloc", { size: ALL / 3, align: 2 * PAGE }),
  ],
  "a memory filled to the last byte": [
    row("mini_alloc", { size: 3 * PAGE - 0x1_4410, align: 1 }),
    row("mini_alloc", { size: 0, align: 1 }),
    row("mini_alloc", { size: 0, align: 2 * PAGE }),
    row("malloc", { size: 1 }),
  ],
  "calls at random": randomRows(60),
};

/** @param {number} length */
function randomRows(length) {
  const random = randomNumbers(5);
  const rows = [row("malloc", { size: 20 })];
  let [live, marks] = [[1], /** @type {number[]} */ ([])];
  while (rows.length < length) {
    const size = random(4) ? 1 + random(3000) : 1 + random(100_000);
    const source = live.at(-1) ?? 0;
    const step = rows.length + 1;
    const kind = random(9);
    if (kind < 2) rows.push(row("malloc", { size }));
    else if (kind === 2) rows.push(row("mini_alloc", { size, align: 2 ** random(8) }));
    else if (kind === 3) rows.push(row("calloc", { size, align: 1 + random(3) }));
    else if (kind === 4) rows.push(row("mark"));
    else if (kind === 5 && marks.length > 0) rows.push(row("reset", { source: marks.at(-1) ?? 0 }));
    else rows.push(row("realloc", { size, source }));
    if (kind === 4) marks.push(step);
    else if (kind === 5 && marks.length > 0) live = [];
    else live = [...live.filter((one) => one !== source || kind < 5), step];
  }
  return rows;
}

const tools = { LLVM_COV: "llvm-cov", LLVM_PROFDATA: "llvm-profdata", ...process.env };
const program = join(buildFolder("demo"), "paths");
/** @type {string | undefined} why the lines cannot be counted here */
let reason;

before(async () => {
  for (const tool of [tools.LLVM_COV, tools.LLVM_PROFDATA, process.env.CC_NATIVE ?? "clang"]) {
    await run(tool, ["--version"]).catch(() => (reason ??= `there is no ${tool}`));
  }
  if (reason) return;
  await cc([
    ...["-std=c11", "-D_GNU_SOURCE", "-g", "-O0", `-I${include}`, "-mlong-double-64"],
    ...["-DMINI_ALLOC_WORD=uint32_t", "-fprofile-instr-generate", "-fcoverage-mapping"],
    ...["memory.c", "../demo/paths.c"].map((file) => join(root, "tests/native", file)),
    ...["-o", program],
  ]);
});

/**
 * Which lines a step ran, and which functions.
 * @param {string} profile
 * @returns {Promise<{lines: Map<string, Map<number, number>>, functions: Set<string>}>}
 */
async function counted(profile) {
  await succeed(tools.LLVM_PROFDATA, ["merge", "-sparse", profile, "-o", `${profile}.merged`]);
  const from = `-instr-profile=${profile}.merged`;
  const args = ["export", "-format=lcov", from, program, join(root, "src")];
  const { stdout } = await succeed(tools.LLVM_COV, args);
  /** @type {Map<string, Map<number, number>>} */
  const lines = new Map();
  /** @type {Set<string>} */
  const functions = new Set();
  let file = "";
  for (const line of stdout.split("\n")) {
    const [key, value = ""] = line.split(/:(.*)/);
    const [first = "", second = ""] = value.split(",");
    if (key === "SF") lines.set((file = value.slice(root.length + 1)), new Map());
    if (key === "DA") lines.get(file)?.set(Number(first), Number(second));
    if (key === "FNDA" && first !== "0") functions.add(second.split(":").at(-1) ?? "");
  }
  return { lines, functions };
}

/** Statements of a function: what is neither empty, nor a comment, nor a brace alone. */
function statements(/** @type {import("../../demo/engine/lines.js").SourceFunction} */ of) {
  const { lines } = sources.files.find(({ name }) => name === of.file) ?? { lines: [] };
  const found = [];
  for (let number = of.from + 1; number < of.to; number++) {
    const text = (lines[number - 1] ?? "").replace(/\/\/.*/, "").trim();
    if (text !== "" && text !== "}" && text[0] !== "#" && !of.omitted.includes(number)) {
      found.push(number);
    }
  }
  return found;
}

/** @param {ReturnType<typeof row>[]} rows */
async function playNatively(rows) {
  const folder = mkdtempSync(join(buildFolder("demo"), "paths-"));
  const input = rows.map(({ op, size, align, source }) => [op, size, align, source].join(" "));
  const { stdout } = await succeed(program, [folder], {
    input: input.join("\n"),
    env: { LLVM_PROFILE_FILE: join(folder, "rest.profraw") },
  });
  const places = { dataBegin: 0, dataEnd: 0, stackTop: 0, stackBottom: 0 };
  const start = { bump: 0x1_4410, limit: 0x1_4410, pages: 3 };
  const history = new History(start, {
    places: { ...places, heapBase: start.bump, alignment: 8 },
    isBump: true,
  });
  for (const [i, line] of stdout.trim().split("\n").entries()) {
    const [result = 0, bump = 0, limit = 0, pages = 0] = line.split(" ").map(Number);
    history.append({ .../** @type {any} */ (rows[i]), result, bump, limit, pages, ink: 0 });
  }
  assert.equal(history.steps, rows.length);
  return { folder, history };
}

/**
 * Compares one step; returns the markers of the lines that ran.
 * @param {History} history
 * @param {number} step
 * @param {Awaited<ReturnType<typeof counted>>} real
 */
function compareStep(history, step, real) {
  const event = history.event(step);
  const runs = linesOf(event, sources, history);
  const name = `step ${step}: ${event.op}(${event.args})`;
  for (const { executed, ...of } of runs) {
    const lines = real.lines.get(of.file);
    const expected = statements(of).filter((number) => (lines?.get(number) ?? 0) > 0);
    assert.deepEqual(
      executed.toSorted((a, b) => a - b),
      expected,
      `${name}, ${of.name}`,
    );
  }
  // What is not shown is a helper of one statement.
  const shown = new Set(runs.map((one) => one.name));
  for (const of of sources.functions) {
    if (shown.has(of.name)) assert.ok(real.functions.has(of.name), `${name}: ${of.name} ran not`);
    else if (real.functions.has(of.name) && statements(of).length > 1) {
      assert.fail(`${name}: ${of.name} ran`);
    }
  }
  return { event, runs };
}

const reached = new Set();

test("the lines said to have run are those that ran", { concurrency: 2 }, async (t) => {
  if (reason) return t.skip(reason);
  const all = Object.entries(PATHS).map(([name, rows]) =>
    t.test(name, async () => {
      const { folder, history } = await playNatively(rows);
      for (let step = 1; step <= rows.length; step++) {
        const real = await counted(join(folder, `${step}.profraw`));
        const { runs } = compareStep(history, step, real);
        for (const { file, executed } of runs) {
          for (const line of executed) reached.add(`${file}:${line}`);
        }
      }
    }),
  );
  await Promise.all(all);
});

test("these calls reach every place that a reason can have", (t) => {
  if (reason) return t.skip(reason);
  for (const [marker, places] of Object.entries(sources.markers)) {
    for (const { file, lines } of places) {
      for (const line of lines)
        assert.ok(reached.has(`${file}:${line}`), `@${marker}, ${file}:${line}`);
    }
  }
});

/** Each reason of a step has a line that the step ran. @param {Heap} heap @param {number} step */
function assertLinked(heap, step) {
  const event = heap.event(step);
  const markers = linesOf(event, sources, heap.history).flatMap(({ file, executed }) => {
    const all = markersOf(sources, file);
    return executed.flatMap((line) => all.get(line) ?? []);
  });
  const ran = new Set(markers);
  for (const { marker, text } of why(event)) {
    assert.ok(marker && ran.has(marker), `step ${step}, ${event.op}(${event.args}): ${text}`);
  }
}

test("every reason has a line among those that its call ran", async (t) => {
  const modules = await modulesOf("mini-alloc");
  await t.test("of random calls", () => {
    const heap = new Heap(modules);
    randomCalls(heap, { seed: 3, length: 1200 }, (_, step) => assertLinked(heap, step));
  });
  for (const scenario of SCENARIOS) {
    await t.test(`of the scenario '${scenario.name}'`, () => {
      const heap = new Heap(modules);
      for (const step of play(scenarioCalls(scenario, heap), heap)) {
        if (step <= 1000) assertLinked(heap, step);
      }
    });
  }
});
