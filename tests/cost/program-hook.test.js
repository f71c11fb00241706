// What is loaded into a program that is measured: it notices nothing of it.

import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { root, run } from "../helpers/toolchain.js";
import { emptyFolder, source } from "./programs.js";

const hook = join(root, "src/cost/program/child/hook.js");
const folder = emptyFolder("hook");
const module = join(folder, "add.wasm");

/**
 * (module (memory 1) (func (export NAME) (param i32 i32) (result i32)
 *   local.get 0  local.get 1  i32.add))
 * @param {string} name
 */
const adder = (name) =>
  Buffer.from(
    [
      ...["0061736d01000000", "0107 01 60 027f7f 017f", "0302 01 00", "0503 01 0001"],
      `07${hex(name.length + 4)} 01 ${hex(name.length)} ${Buffer.from(name).toString("hex")} 00 00`,
      "0a09 01 07 00 2000 2001 6a 0b",
    ]
      .join("")
      .replaceAll(" ", ""),
    "hex",
  );

/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, "0");

writeFileSync(module, adder("add"));

const INK_OF_ADD = 2450 + 75 + 75 + 70 + 1; // header, local.get twice, i32.add, end

/** @param {string} program @param {"0" | "1"} metered @param {string[]} [args] */
async function hooked(program, metered, args = []) {
  const report = join(folder, "report.json");
  rmSync(report, { force: true });
  const env = { MINI_ALLOC_REPORT: report, MINI_ALLOC_METERED: metered };
  const outcome = await run(process.execPath, ["--import", hook, program, ...args], { env });
  return { ...outcome, report: JSON.parse(readFileSync(report, "utf8")) };
}

/** @param {string} name @param {string} text */
function script(name, text) {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("a program that looks at WebAssembly", () => {
  const look = source("look.cjs");

  for (const metered of /** @type {const} */ (["0", "1"])) {
    test(`prints the same, metered ${metered}`, async () => {
      const plain = await run(process.execPath, [look, module]);
      assert.match(plain.stdout, /^add true\n/);
      const { code, stdout, stderr } = await hooked(look, metered, [module]);
      assert.deepEqual({ code, stdout, stderr }, plain);
    });
  }

  test("is counted, all of its instances together", async () => {
    const { report } = await hooked(look, "1", [module]);
    const { ink, operators, refused } = report.counts;
    assert.deepEqual([report.instances, report.pages], [4, 1]);
    assert.deepEqual([ink, operators, refused], [String(4 * INK_OF_ADD), "16", "1"]);
  });

  test("has no ink if it is not metered, and its pages all the same if they can be seen", async () => {
    const { report } = await hooked(look, "0", [module]);
    assert.deepEqual([report.counts.ink, report.instances, report.pages], ["0", 4, 0]);
  });
});

describe("however it ends, there is a report", () => {
  const load = `new WebAssembly.Instance(new WebAssembly.Module(
    require("node:fs").readFileSync(${JSON.stringify(module)}))).exports.add(1, 2);`;
  /** @type {[what: string, end: string, code: number][]} */
  const endings = [
    ["process.exit", "process.exit(3)", 3],
    ["process.exitCode", "process.exitCode = 4", 4],
    ["an exception", "throw new Error('no')", 1],
    ["an exception from a promise", "Promise.reject(new Error('no'))", 1],
    [
      "an exception that is thrown again",
      "process.on('uncaughtException', (e) => { throw e; }); throw new Error('no')",
      7,
    ],
  ];
  for (const [what, end, code] of endings) {
    test(what, async () => {
      const outcome = await hooked(script("ends.cjs", `${load}\n${end};`), "1");
      assert.equal(outcome.code, code);
      assert.equal(outcome.report.counts.ink, String(INK_OF_ADD));
    });
  }
});

test("threads are counted, and what they were still at is told", async () => {
  const program = script(
    "threads.cjs",
    `const { Worker, isMainThread, parentPort } = require("node:worker_threads");
    if (isMainThread) {
      let left = 2;
      for (const never of [false, true]) {
        const worker = new Worker(__filename);
        worker.on("message", () => { if (--left === 0) setTimeout(() => process.exit(0), 100); });
        worker.postMessage(never);
      }
    } else {
      parentPort.on("message", (never) => {
        const bytes = require("node:fs").readFileSync(${JSON.stringify(module)});
        new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.add(1, 2);
        parentPort.postMessage("done");
        while (never);
      });
    }`,
  );
  const { code, report } = await hooked(program, "1");
  assert.equal(code, 0);
  assert.deepEqual([report.threads, report.unheard, report.counts.ink], [2, 1, String(INK_OF_ADD)]);
});

test("a program that it starts is not measured", async () => {
  const program = script(
    "starts.cjs",
    `const { fork } = require("node:child_process");
    if (process.argv[2] === undefined) fork(__filename, ["child"]);
    else new WebAssembly.Instance(new WebAssembly.Module(
      require("node:fs").readFileSync(${JSON.stringify(module)})));`,
  );
  const { code, report } = await hooked(program, "1");
  assert.deepEqual([code, report.instances], [0, 0]);
});

test("what cannot be metered is run as it is, and why is told", async () => {
  const file = join(folder, "taken.wasm");
  writeFileSync(file, adder("__ink"));
  const program = script(
    "taken.cjs",
    `console.log(new WebAssembly.Instance(new WebAssembly.Module(
      require("node:fs").readFileSync(${JSON.stringify(file)}))).exports.__ink(1, 2));`,
  );
  const { code, stdout, stderr, report } = await hooked(program, "1");
  assert.deepEqual([code, stdout, stderr], [0, "3\n", ""]);
  assert.equal(report.unmetered, "the module exports '__ink': it was instrumented before");
});
