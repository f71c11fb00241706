// Links, imports and exports of the demo: what goes out comes back, and hostile input is refused
// with a sentence.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { SCENARIOS, scenarioCalls } from "../../demo/engine/scenarios.js";
import { Heap } from "../../demo/engine/heap.js";
import { MOST_CALLS } from "../../demo/engine/log.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { parseScript } from "../../demo/engine/script.js";
import {
  AddressError,
  LONGEST_LINK,
  checkStep,
  packCalls,
  readAddress,
  writeAddress,
} from "../../demo/formats/address.js";
import { CodecError, decodeCalls, encodeCalls } from "../../demo/formats/codec.js";
import { deflate, inflate } from "../../demo/formats/deflate.js";
import { toC, toCsv, toJson, toTrace } from "../../demo/formats/export.js";
import { importFile } from "../../demo/formats/import.js";
import { ImportError } from "../../demo/formats/imported.js";
import { replayOf, viewOf } from "../../demo/formats/replay.js";
import { readTrace } from "../../src/trace/format.js";
import { run } from "../../src/process.js";
import { buildFolder, include } from "../helpers/toolchain.js";
import { modulesOf } from "./modules.js";
import { randomCalls, randomNumbers } from "./random.js";

/** @typedef {import("../../demo/engine/calls.js").Call} Call */

const modules = await modulesOf("mini-alloc");

/** @param {Heap} heap @returns {Call[]} */
const made = ({ steps, history }) => Array.from({ length: steps }, (_, i) => history.call(i + 1));

/** @param {Generator<Call, void, number>} calls */
function heapAfter(calls) {
  const heap = new Heap(modules);
  for (const _ of play(calls, heap));
  return heap;
}

/** @param {string} text */
const after = (text) => heapAfter(callsOf(parseScript(text).statements));

/** @param {number} seed @param {number} length */
function random(seed, length) {
  const heap = new Heap(modules);
  randomCalls(heap, { seed, length }, () => {});
  return heap;
}

/** What a heap has done, to be compared. @param {Heap} heap */
const done = ({ history, steps }) =>
  Array.from({ length: steps }, (_, i) => {
    const { op, args, result, after: state } = history.event(i + 1);
    return { op, args, result, bump: state.bump, limit: state.limit, pages: state.pages };
  });

/** @param {string | Uint8Array<ArrayBuffer>} text */
const imported = (text) => importFile(new Blob([text]), { name: "file" });

const rejects = (/** @type {Promise<unknown>} */ promise, /** @type {RegExp} */ message) =>
  assert.rejects(promise, (error) => error instanceof ImportError && message.test(error.message));

describe("a link", () => {
  test("brings back random calls with every op, their step and how they are looked at", async () => {
    for (const [seed, length] of /** @type {const} */ ([
      [1, 0],
      [2, 1],
      [3, 50],
      [4, 3000],
    ])) {
      const calls = made(random(seed, length));
      const log = await packCalls(calls, calls.length);
      const window = { from: 0x1_0000, to: 2 ** 32 };
      const view = { theme: /** @type {const} */ ("dark"), still: true, decimal: true, window };
      const hash = writeAddress({ log, step: length, ...view });
      assert.deepEqual(await readAddress(hash), { calls, step: length, ...view });
      assert.deepEqual(done(heapAfter(callsIn(calls))), done(random(seed, length)));
    }
  });

  test("names a scenario in a few characters", async () => {
    for (const { id } of SCENARIOS) {
      const hash = writeAddress({ scenario: id, step: 3 });
      assert.ok(hash.length < 30, hash);
      assert.deepEqual(await readAddress(hash), { scenario: id, step: 3 });
    }
    const full = writeAddress({ scenario: "walk", full: true, step: 0 });
    assert.deepEqual(await readAddress(full), { scenario: "walk", full: true, step: 0 });
  });

  test("is short for a loop and too long for what is random", async (t) => {
    const loop = made(after("loop 2500 { p = malloc(64); free(p) }"));
    assert.ok((await packCalls(loop, loop.length)).length < 80);
    for (const length of [50, 200, 1000, 5000]) {
      const calls = made(random(1, length));
      const log = await packCalls(calls, length);
      t.diagnostic(`${length} random calls: ${log.length} characters`);
      assert.ok(log.length < 4.5 * length + 20);
      assert.equal(log.length > LONGEST_LINK, length >= 1000);
    }
  });

  test("is none of ours without a version, as the link to a part of the page", async () => {
    for (const hash of ["", "#", "#stage", "#s=first"]) {
      assert.equal(await readAddress(hash), undefined);
    }
  });

  test("is refused with a sentence if it is hostile", async () => {
    const good = await packCalls(made(random(5, 100)), 100);
    const bomb = await packed(new Uint8Array(50_000_000));
    const hostile = /** @type {[string, RegExp][]} */ ([
      ["#v=2&s=first", /another version/],
      ["#v=&s=first", /another version/],
      ["#v=1&s=nothing", /scenario/],
      ["#v=1&s=<img src=x onerror=alert(1)>", /scenario/],
      ["#v=1&s=__proto__", /scenario/],
      ["#v=1&s=first&n=-1", /step/],
      ["#v=1&s=first&n=1e3", /step/],
      [`#v=1&log=${good}&n=99999999`, /step 99,999,999, but the last one is 100/],
      [`#v=1&log=${good}&n=101`, /step 101, but the last one is 100/],
      ["#v=1&log=", /cut off/],
      ["#v=1&log=<script>", /cut off/],
      ["#v=1&log=A", /cut off/],
      ["#v=1&log=AAAA", /cut off/],
      [`#v=1&log=${"A".repeat(4_000_001)}`, /too long/],
      [`#v=1&log=${bomb}`, /more calls/],
      [`#v=1&log=${await packed(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 1))}`, /cut off/],
    ]);
    for (const [hash, message] of hostile) {
      await assert.rejects(readAddress(hash), (error) => {
        assert.ok(error instanceof AddressError, `${hash.slice(0, 80)}: ${error}`);
        assert.match(error.message, message);
        assert.match(error.message, /^This link .*\.$/);
        return true;
      });
    }
    for (let length = 0; length < good.length; length += 7) {
      const cut = readAddress(`#v=1&log=${good.slice(0, length)}`);
      await assert.rejects(cut, AddressError, `cut to ${length}`);
    }
  });

  test("shows what it can where only the view is wrong", async () => {
    const hash = "#v=1&s=first&n=1&t=blue&m=on&d=2&z=20000-10000";
    assert.deepEqual(await readAddress(hash), { scenario: "first", step: 1 });
    assert.deepEqual(await readAddress("#v=1&s=first&z=0-100000001"), { scenario: "first" });
  });

  test("may name no step beyond the last one", () => {
    checkStep(undefined, 0);
    checkStep(4, 4);
    assert.throws(() => checkStep(5, 4), AddressError);
  });
});

/**
 * @param {readonly Call[]} calls
 * @yields {Call}
 * @returns {Generator<Call, void, number>}
 */
function* callsIn(calls) {
  yield* calls;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
const packed = async (bytes) => Buffer.from(await deflate(bytes)).toString("base64url");

/** @param {Uint8Array} bytes */
const wrong = (bytes) => assert.throws(() => decodeCalls(bytes), CodecError);

describe("calls as bytes", () => {
  test("are refused with any byte changed, left out or added", () => {
    const calls = made(random(6, 60));
    const bytes = encodeCalls(calls, calls.length);
    for (let at = 0; at < bytes.length; at++) {
      wrong(bytes.map((byte, i) => (i === at ? byte ^ 0x41 : byte)));
      wrong(bytes.filter((_, i) => i !== at));
    }
    wrong(Uint8Array.of(...bytes, 0));
    wrong(new Uint8Array(0));
  });

  test("are refused with calls that cannot be, though the check fits", () => {
    const no = (/** @type {number[]} */ body, /** @type {RegExp} */ message) =>
      assert.throws(() => decodeCalls(checked(body)), message);
    assert.deepEqual(decodeCalls(checked([1, 0, 100])), [{ op: "malloc", args: [100] }]);
    no([1, 8], /a call that there is not/);
    no([1, 0, 0xff, 0xff, 0xff, 0xff, 0x10], /too large/);
    no([1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 1], /too large/);
    no([1, 3, 1], /a block that there is not/);
    no([2, 0, 8, 7, 1], /a mark that there is not/);
    no([2, 0, 8], /cut off/);
    no([1, 0, 8, 0, 8], /goes on/);
    no([0xc1, 0x84, 0x3d], /too large/); // 1,000,001 calls
  });

  test("are inflated no further than allowed", async () => {
    const zeros = await deflate(new Uint8Array(1000));
    assert.equal((await inflate(zeros, 1000)).length, 1000);
    await assert.rejects(inflate(zeros, 999), CodecError);
  });
});

/** Bytes with their check, worked out as codec.js tells it. @param {number[]} body */
function checked(body) {
  let [low, high] = [1, 0];
  for (const byte of body) {
    low = (low + byte) % 251;
    high = (high + low) % 251;
  }
  return Uint8Array.of(...body, low, high);
}

describe("an export", () => {
  test("as JSON is read again, and replayed is identical", async () => {
    for (const { id } of SCENARIOS.filter((one) => one.id !== "churn")) {
      const scenario = /** @type {import("../../demo/engine/scenarios.js").Scenario} */ (
        SCENARIOS.find((one) => one.id === id)
      );
      const first = new Heap(modules);
      for (const _ of play(scenarioCalls(scenario, first), first));
      const back = await imported(toJson(first.history, { title: scenario.name, step: 2 }));
      assert.deepEqual([back.title, back.step, back.format], [scenario.name, 2, "demo"]);
      assert.deepEqual(back.ignored, { count: 0, first: [] });
      assert.deepEqual(done(heapAfter(replayOf(back))), done(first), id);
    }
    const first = random(7, 3000);
    const back = await imported(toJson(first.history, { title: "", step: 0 }));
    assert.deepEqual(done(heapAfter(replayOf(back))), done(first));
  });

  test("is viewed as it was, bump pointer and pages included", async () => {
    const first = random(8, 1000);
    const back = await imported(toJson(first.history, { title: "t", step: 0 }));
    const { history, leftOut } = viewOf(back);
    assert.equal(leftOut, 0);
    assert.equal(history.steps, first.steps);
    for (let step = 1; step <= first.steps; step++) {
      const { op, args, result, after: now } = history.event(step);
      const event = first.event(step);
      const expected = { op: event.op, args: event.args, result: event.result };
      assert.deepEqual({ op, args, result }, expected, `step ${step}`);
      assert.equal(now.bump, event.after.bump, `step ${step}: ${op}`);
      assert.equal(now.pages, event.after.pages, `step ${step}: ${op}`);
      assert.equal(now.liveBytes, event.after.liveBytes, `step ${step}: ${op}`);
    }
  });

  test("as a trace is what readTrace accepts, and replayed is identical", async () => {
    for (const seed of [9, 10, 11]) {
      const first = random(seed, 1500);
      const text = toTrace(first.history, { program: "demo", allocator: "mini-alloc" });
      assert.equal(readTrace(text).calls.length, first.steps);
      const back = await imported(text);
      const results = (/** @type {Heap} */ heap) => done(heap).map(({ result }) => result);
      assert.equal(back.format, "trace");
      const refused = done(first).filter(({ op, result }) => op === "reset" && result !== 0).length;
      assert.equal(back.ignored.count, refused);
      if (refused === 0) assert.deepEqual(results(heapAfter(replayOf(back))), results(first));
    }
  });

  test("as CSV has a line for each step, each with all its fields", () => {
    const { history } = after("a = malloc(3)\nb = calloc(2, 8)\nfree(a)\nmalloc(0xFFFFFFFF)");
    const lines = toCsv(history).trimEnd().split("\r\n");
    const base = history.start.bump;
    assert.equal(lines.length, 5);
    const [, first = "", second = "", third = "", fourth = ""] = lines;
    assert.ok(first.startsWith(`1,malloc,3,,,,${base},0,${base + 3},131072,2,0,`), first);
    assert.ok(second.startsWith(`2,calloc,8,2,,,${base + 8},5,${base + 24},`), second);
    assert.ok(third.startsWith("3,free,,,,p1,0,0,"), third);
    assert.ok(fourth.endsWith(",1"), fourth);
    assert.deepEqual([...new Set(lines.map((line) => line.split(",").length))], [14]);
  });

  test("as C compiles without a warning, whatever the title says", async (t) => {
    const folder = buildFolder("demo/formats");
    const title = 'a */ \\\n#error "x" // <b>';
    const clang = process.env.CC_NATIVE ?? "clang";
    const flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", `-I${include}`];
    const surroundings = { cwd: folder, env: process.env };
    const isThere = await run(clang, ["--version"], surroundings).catch(() => undefined);
    if (!isThere) return t.skip("there is no clang");
    for (const [name, history] of Object.entries({
      random: random(12, 400).history,
      family: after("a = malloc(1)\nrealloc(a, 0)\nmalloc(0xFFFFFFFF)").history,
      nothing: new Heap(modules).history,
    })) {
      const text = toC(history, { title });
      assert.equal(text.includes("mini_alloc.h"), name === "random");
      const file = join(folder, `${name}.c`);
      writeFileSync(file, text);
      const { code, stderr } = await run(clang, [...flags, file], surroundings);
      assert.equal(code, 0, stderr);
    }
    assert.match(toC(random(13, 2100).history, { title: "t" }), /the first 2,000 of 2,100/);
  });
});

/** The calls of a file on our allocator. @param {string} text */
async function replayed(text) {
  const file = await imported(text);
  return { file, calls: made(heapAfter(replayOf(file))) };
}

const script = (/** @type {Call[]} */ calls) =>
  calls.map(({ op, args }) => `${op}(${args.join(",")})`).join(" ");

/** Lines of ltrace, most of them nonsense. @param {(n: number) => number} next */
const randomLines = (next) => [
  () => `malloc(${next(200)}) = 0x${next(5)}000`,
  () => `realloc(0x${next(5)}000, ${next(200)}) = 0x${next(5)}000`,
  () => `free(0x${next(5)}000) = <void>`,
  () => `calloc(${next(4)}, ${next(9)}) = ${next(2) ? "nil" : "0x1000"}`,
  () => `aligned_alloc(${next(70)}, ${next(9)}) = 0x${next(5)}000`,
  () => String.fromCharCode(...Array.from({ length: 20 }, () => next(0x3000))),
];

describe("an import", () => {
  test("of a malloc lab trace tells reuse of a number from a block freed twice", async () => {
    const text = "20000\n2\n7\n1\na 0 512\na 1 128\nr 0 640\nf 1\nf 1\nf 7\na 1 8\nf -1\nx 1 2\n";
    const { file, calls } = await replayed(text);
    assert.equal(file.format, "rep");
    assert.equal(file.hasAddresses, false);
    const expected = "malloc(512) malloc(128) realloc(1,640) free(2) malloc(8) free(0)";
    assert.equal(script(calls), expected);
    assert.deepEqual(file.ignored, {
      count: 3,
      first: [
        { line: 9, reason: "free of a block that line 8 has ended" },
        { line: 10, reason: "free of a block that no line above has made" },
        { line: 13, reason: "it is no call of an allocator" },
      ],
    });
  });

  test("of mtrace puts the halves of realloc together, and is viewed where it was", async () => {
    const text = `= Start
@ ./a.out:[0x11b0] + 0x557dacd114a0 0x64
@ ./a.out:(main+0x1f)[0x11c3] + 0x557dacd112a0 0x15
@ ./a.out:[0x11d8] < 0x557dacd114a0
@ ./a.out:[0x11d8] > 0x557dacd11600 0x12c
@ ./a.out:[0x11fb] - 0x557dacd112a0
@ ./a.out:[0x11fb] - 0x557dacd112a0
- 0x557dacd114a0
@ <b>x</b>:[0x122b] + 0x7fe1c67cb010 0x100000
+ 0x557dacd112a0 0
! 0x557dacd11600 0xfff
@ a < 0x557dacd112a0
= End
`;
    const { file, calls } = await replayed(text);
    const expected = "malloc(100) malloc(21) realloc(1,300) free(2) malloc(1048576) malloc(0)";
    assert.equal(script(calls), `${expected} realloc(3,4095)`);
    assert.equal(file.format, "mtrace");
    assert.deepEqual(
      file.ignored.first.map(({ line }) => line),
      [7, 8],
    );
    const { history, title, leftOut } = viewOf(file);
    assert.equal(leftOut, 1);
    assert.match(title, /recorded addresses, less 0x557dacd00000; 1 call of blocks far away/);
    assert.equal(history.event(1).result, 0x1_0000 + 0x14a0);
    assert.equal(history.event(3).source?.number, 1);
    assert.equal(history.blockOf(1, history.steps).status, "moved");
    assert.equal(history.at(history.steps).failed, 1);
  });

  test("of ltrace leaves half calls and other functions out, with reasons", async () => {
    const text = `[pid 12] malloc(100)                              = 0x1000
a.out->calloc(3, 7)        = 0x1080
12 0.001 realloc(0x1000, 300) = 0x2000
realloc(nil, 5) = 0x3000
aligned_alloc(64, 128) = 0x4000
memalign(0x20, 9) = 0x5000
free(0x1080) = <void>
free(nil) = <void>
malloc(10 <unfinished ...>
<... malloc resumed> ) = 0x6000
puts("malloc(1) = 0x1") = 4
realloc(0x2000, 0) = nil
realloc(0x9999, 8) = 0x7000
malloc(18446744073709551615) = 0
malloc(3000000000000) = 0x8000
posix_memalign(0x7ffc, 64, 100) = 0
`;
    const { file, calls } = await replayed(text);
    assert.equal(file.format, "ltrace");
    assert.equal(
      script(calls),
      "malloc(100) calloc(3,7) realloc(1,300) realloc(0,5) aligned_alloc(64,128) " +
        "aligned_alloc(32,9) free(2) free(0) free(3) realloc(0,8)",
    );
    assert.deepEqual(
      file.ignored.first.map(({ line }) => line),
      [9, 10, 11, 13, 14, 15, 16],
    );
  });

  test("of Emscripten's profiler takes calls and JSON, decimal and hexadecimal", async () => {
    const text =
      'onMalloc(0x1000, 100)\nlog: onMalloc(8192,7)\r\n["onRealloc",4096,12288,200]\n' +
      "onFree(0x2000)\nonFree(8192)\nonMalloc(1)\nonFree(0)\nhello\n";
    const { file, calls } = await replayed(text);
    assert.equal(file.format, "emscripten");
    assert.equal(script(calls), "malloc(100) malloc(7) realloc(1,200) free(2) free(0)");
    assert.equal(file.ignored.count, 3);
    assert.equal(viewOf(file).history.event(3).result, 0x3000);
  });

  test("of a cut trace keeps the lines before the cut", async () => {
    const first = after("loop 5 malloc(100)");
    const text = toTrace(first.history, { program: "p", allocator: "mini-alloc" });
    const lines = text.split("\n");
    const cut = [...lines.slice(0, 4), (lines[4] ?? "").slice(0, 9)].join("\n");
    const file = await imported(cut);
    assert.equal(file.length, 3);
    assert.deepEqual(file.ignored, { count: 1, first: [{ line: 5, reason: "it is no JSON" }] });
  });

  test("goes on where ours refuses what the other gave, and the other way around", async () => {
    const huge = 0xffff_fff0;
    const text = `malloc(${huge}) = 0x1000
free(0x1000) = <void>
malloc(${huge}) = 0x2000
realloc(0x2000, 10) = 0x3000
realloc(0x3000, ${huge}) = 0x4000
free(0x4000) = <void>
malloc(7) = nil
malloc(8) = 0x5000
realloc(0x5000, 9) = nil
free(0x5000) = <void>
`;
    const { file, calls } = await replayed(text);
    assert.equal(file.ignored.count, 0);
    assert.equal(
      script(calls),
      `malloc(${huge}) malloc(${huge}) realloc(0,10) realloc(1,${huge}) free(1) ` +
        "malloc(7) malloc(8) realloc(3,9) free(4)",
    );
  });

  test("of a reset gives back what came after the mark", async () => {
    const text = `{"format":"mini-alloc-trace","version":1,"allocator":"x","program":"p","alignment":8,"base":4096,"pages":2}
{"op":"m","id":1,"n":8,"p":4096}
{"op":"k","id":2,"p":4104}
{"op":"m","id":3,"n":8,"p":4104}
{"op":"r","id":0,"from":1,"n":100,"p":0}
{"op":"x","id":2,"p":4104}
{"op":"f","id":3}
{"op":"f","id":1}
{"op":"f","id":-1}
`;
    const { file, calls } = await replayed(text);
    assert.equal(script(calls), "malloc(8) mark() malloc(8) realloc(1,100) reset(1)");
    assert.deepEqual(
      file.ignored.first.map(({ line }) => line),
      [7, 9],
    );
  });

  test("of a hundred random lines of any kind never breaks the replay", async () => {
    for (let seed = 0; seed < 40; seed++) {
      const next = randomNumbers(seed);
      const forms = randomLines(next);
      const text = Array.from({ length: 100 }, () => forms[next(6)]?.()).join("\n");
      const { file } = await replayed(text);
      const { history } = viewOf(file);
      assert.ok(history.steps <= file.length);
      history.eachBlock(history.steps, () => {});
    }
  });

  test("of what is no trace is refused with a sentence", async () => {
    const demo = '{"format":"mini-alloc-demo","version":1';
    await rejects(imported(""), /This is no trace/);
    await rejects(imported("\0\u{1}\u{2}PNG".repeat(1000)), /This is no trace/);
    await rejects(imported(Uint8Array.from({ length: 5000 }, (_, i) => i % 256)), /no trace/);
    await rejects(imported("<html><script>alert(1)</script>"), /This is no trace/);
    await rejects(imported('{"format":"mini-alloc-trace","version":7}'), /version 7 is not 1/);
    await rejects(imported("= Start\n= End\n"), /no call in this file/);
    await rejects(imported(`${demo},"log":[`), /no JSON/);
    await rejects(imported(`${demo}}`), /has no log/);
    await rejects(imported(`${demo},"log":[]}`), /no call/);
    await rejects(imported('{"format":"mini-alloc-demo","version":2}'), /another version/);
    await rejects(imported(`${demo},"log":[1,null,["malloc"],["malloc",[-1],0,0,0,0]]}`), /no row/);
    await rejects(imported(`${demo},"log":[["constructor",[],0,0,0,0]]}`), /no row/);
  });

  test("keeps HTML as text", async () => {
    const title = "<img src=x onerror=alert(1)>";
    const log = '[["malloc",[8],4096,4104,65536,1,0]]';
    const text = `{"format":"mini-alloc-demo","version":1,"title":"${title}","log":${log}}`;
    assert.equal((await imported(text)).title, title);
  });

  test("of a line without an end is cut, and says so", async () => {
    const text = `onMalloc(1, 2)\n${"x".repeat(3_000_000)}\nonFree(1)\n`;
    const file = await imported(text);
    assert.equal(file.length, 2);
    assert.deepEqual(file.ignored.first, [
      { line: 2, reason: "it is longer than 10,000 characters" },
    ]);
  });

  test("of more than a million lines takes the first million, in seconds", async () => {
    const line = "@ a + 0x1000 0x10\n@ a - 0x1000\n";
    const file = new Blob(Array.from({ length: 51 }, () => line.repeat(10_000)));
    const told = /** @type {number[]} */ ([]);
    const start = performance.now();
    const progress = (/** @type {number} */ read) => told.push(read);
    const back = await importFile(file, { name: "big", progress });
    assert.ok(performance.now() - start < 20_000);
    assert.equal(back.length, MOST_CALLS);
    assert.equal(back.ignored.count, 20_000);
    assert.equal(back.ignored.first.length, 100);
    assert.equal(told.at(-1), file.size);
  });

  test("stops when it is told to", async () => {
    const stop = new AbortController();
    const file = new Blob(["onMalloc(1, 2)\n".repeat(500_000)]);
    const progress = () => stop.abort(new Error("stopped"));
    const reading = importFile(file, { name: "big", progress, signal: stop.signal });
    await assert.rejects(reading, /stopped/);
  });
});
