// `mini-alloc trace` on programs that emcc made with the trace archive: what is written is what
// happened.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { readTrace } from "../../src/trace/format.js";
import {
  archive,
  buildFolder,
  emcc,
  include,
  node,
  root,
  source,
  tryEmcc,
} from "../helpers/toolchain.js";
import { link } from "../programs/programs.js";
import { PAGE, growing } from "../wasm/harness.js";
import { expectedCalls } from "./calls.js";

/** @typedef {import("../../src/trace/format.js").Trace} Trace */
/** @typedef {import("../../src/trace/format.js").Call} Call */

const cli = join(root, "src/cli.js");
const folder = buildFolder("trace");
const calls = join(root, "tests/trace/calls.c");
const TRACED = [`-I${include}`, archive("-trace"), "-sMALLOC=none"];
const GROWTH = ["-sALLOW_MEMORY_GROWTH", "-sINITIAL_MEMORY=16MB"];

/** Runs `mini-alloc trace`, which has to succeed. @param {string} program @param {string[]} args */
async function record(program, args = []) {
  const output = join(folder, "trace.jsonl");
  const outcome = await node(cli, ["trace", "-o", output, "--", program, ...args]);
  assert.equal(outcome.code, 0, outcome.stderr);
  const text = readFileSync(output, "utf8");
  return { ...outcome, text, trace: readTrace(text) };
}

/** @param {string} name @param {string[]} flags */
async function build(name, flags) {
  const out = join(folder, name);
  await emcc([calls, ...TRACED, ...GROWTH, "-w", ...flags, "-o", out]);
  return out;
}

/** Asserts that no block overlaps another, and that each is aligned. @param {Trace} trace */
function checkBlocks({ header, calls: all }) {
  /** @type {Map<number, number>} */
  const addresses = new Map();
  let top = header.base;
  for (const { op, id, from, n = 0, z = 1, a = header.alignment, p = 0 } of all) {
    if (op === "x" && p > 0) top = p;
    if (id <= 0 || !["m", "c", "a", "r"].includes(op)) continue;
    const inPlace = op === "r" && from !== undefined && from > 0 && addresses.get(from) === p;
    assert.ok(p >= top || inPlace, `block ${id} begins at ${p}, below ${top}`);
    assert.equal(p % a, 0, `block ${id} at ${p} is not at a multiple of ${a}`);
    addresses.set(id, p);
    top = p + n * z;
  }
}

/** @param {import("../wasm/harness.js").Heap["call"]} call @param {Map<number, number>} made @param {Call} line */
function repeat(call, made, { op, id, from = 0, n, z, a }) {
  const address = (/** @type {number} */ number) => made.get(number) ?? 0;
  if (op === "m") return call.malloc(n);
  if (op === "c") return call.calloc(n, z);
  if (op === "a") return call.mini_alloc(n, a);
  if (op === "r") return call.realloc(address(from), n);
  if (op === "k") return call.mini_alloc_mark();
  if (op === "f") return call.free(address(id));
  return call.mini_alloc_reset(address(id)) === 0 ? address(id) : 0;
}

/** Asserts that the plain allocator, asked the same, gives the same. @param {Trace} trace */
async function checkReplay({ header, calls: all }) {
  const heap = await growing(header.pages, 32_768);
  heap.call.mini_alloc(header.base - heap.info().base, 1); // so that the heap begins there
  const made = new Map();
  let { pages } = header;
  for (const [index, line] of all.entries()) {
    const got = repeat(heap.call, made, line);
    pages = line.g ?? pages;
    if (got !== line.p || heap.pages() !== pages) {
      assert.fail(`call ${index + 1}, ${JSON.stringify(line)}: ${got}, ${heap.pages()} pages`);
    }
    if (got !== undefined && "pmcark".includes(line.op)) made.set(line.id, got);
  }
}

describe("a program with every call", () => {
  /** @type {Awaited<ReturnType<typeof record>>} */
  let recorded;

  before(async () => {
    recorded = await record(await build("calls.js", ["-O0"]));
  });

  test("has a line for the program, for each call and for the end", () => {
    const [header = "", ...lines] = recorded.text.trimEnd().split("\n");
    const { base } = recorded.trace.header;
    assert.equal(
      header,
      '{"format":"mini-alloc-trace","version":1,"allocator":"mini-alloc",' +
        `"program":"calls.js","alignment":8,"base":${base},"pages":256}`,
    );
    const expected = expectedCalls(recorded.trace.header);
    const pages = expected.find(({ g }) => g)?.g;
    const end = { op: "end", calls: expected.length, unrecorded: 0, instances: 1, pages };
    assert.deepEqual(
      lines,
      [...expected, end].map((line) => JSON.stringify(line)),
    );
  });

  test("prints what it prints, and then how much was recorded", () => {
    const { stdout, stderr, trace } = recorded;
    const line = `trace.jsonl: ${trace.calls.length} calls, ${trace.end?.pages} pages of memory`;
    assert.equal(stdout, "done\n");
    assert.equal(stderr, `${join(folder, line)}\n`);
  });

  test("has blocks that do not overlap, at multiples of their alignment", () => {
    checkBlocks(recorded.trace);
  });

  test("is answered the same by the plain archive", async () => {
    const { header, calls: all } = recorded.trace;
    await checkReplay({ header, calls: all.filter(({ op, id }) => op !== "x" || id > 0) });
  });

  test("runs without the recorder as ever", async () => {
    const outcome = await node(join(folder, "calls.js"));
    assert.deepEqual(outcome, { code: 0, stdout: "done\n", stderr: "" });
  });

  test("is recorded when it is compiled with the source file", async () => {
    const out = join(folder, "source.js");
    const allocator = [source, `-I${include}`, "-DMINI_ALLOC_TRACE", "-sMALLOC=none"];
    await emcc([calls, ...allocator, ...GROWTH, "-w", "-o", out]);
    const { trace } = await record(out);
    assert.deepEqual(trace.calls, expectedCalls(trace.header));
  });

  test("is recorded when it is optimized, too", async () => {
    const { trace } = await record(await build("optimized.js", ["-O2", "-fno-builtin"]));
    assert.deepEqual(trace.calls, expectedCalls(trace.header));
  });

  test("is recorded when it is a function that wants to be called, in an ES module", async () => {
    const { trace } = await record(await build("factory.mjs", ["-O1", "-fno-builtin"]));
    assert.deepEqual(trace.calls, expectedCalls(trace.header));
  });
});

test("a program with threads cannot be linked with the archive", async () => {
  const out = join(folder, "threads.js");
  const { code, stderr } = await tryEmcc([calls, ...TRACED, "-w", "-pthread", "-o", out]);
  assert.notEqual(code, 0);
  assert.match(stderr, /--shared-memory is disallowed by/);
});

describe("SQLite", () => {
  const FLAGS = ["-O1", "-sALLOW_MEMORY_GROWTH"];
  const ARGS = ["300"];

  test("prints the same and makes a trace that is answered the same", async (t) => {
    const ours = ["-DWITH_MINI_ALLOC", `-I${include}`, archive("-trace")];
    const program = await link("sqlite", "none", { name: "trace", flags: [...ours, ...FLAGS] });
    const { stdout, stderr, text, trace } = await record(program, ARGS);
    assert.equal((await record(program, ARGS)).text, text, "twice the same");
    const plain = await node(program, ARGS);
    assert.equal(stdout, plain.stdout);
    assert.equal(stderr.replace(/[^\n]*\n$/, ""), plain.stderr);

    const count = (/** @type {string} */ ops) =>
      trace.calls.filter(({ op, p }) => ops.includes(op) && p !== 0).length;
    t.diagnostic(`${trace.calls.length} calls, ${text.length} bytes`);
    const blocks = Math.max(...trace.calls.map(({ id }) => id));
    assert.equal(count("mcar"), blocks);
    assert.ok(count("m") > 5000 && count("r") > 100, `${count("m")} m, ${count("r")} r`);
    assert.ok(count("f") > 1000 && count("f") <= blocks, `${count("f")} f`);
    assert.ok(trace.calls.every(({ id, from, p }) => id !== -1 && from !== -1 && p !== 0));
    const pages = Number(/(\d+) pages/.exec(stderr)?.[1]);
    assert.equal(trace.end?.pages, pages);
    assert.ok(trace.calls.every(({ p = 0 }) => p < pages * PAGE));
    checkBlocks(trace);
    await checkReplay(trace);
  });
});
