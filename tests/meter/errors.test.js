// What `mini-alloc meter` says when something is wrong, in full; and what it writes.

import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { assertRefused } from "../helpers/checks.js";
import { buildFolder, root, run } from "../helpers/toolchain.js";
import { assemble } from "./wat.js";

const cli = join(root, "src/cli.js");
const folder = buildFolder("meter/errors");

/** Runs the command in a folder of files that are wrong. @param {string[]} args */
const meter = (args) => run(process.execPath, [cli, "meter", ...args], { cwd: folder });

/** @param {Uint8Array} bytes @param {number} at @param {number} value */
function altered(bytes, at, value) {
  const copy = Uint8Array.from(bytes);
  copy[at] = value;
  return copy;
}

before(async () => {
  const module = readFileSync(await assemble("call"));
  writeFileSync(join(folder, "call.wasm"), module);
  copyFileSync(await assemble("simd"), join(folder, "simd.wasm"));
  writeFileSync(join(folder, "text.wat"), "(module)");
  writeFileSync(join(folder, "empty.wasm"), "");
  writeFileSync(join(folder, "version.wasm"), altered(module, 4, 2));
  writeFileSync(join(folder, "short.wasm"), module.subarray(0, module.length - 3));
  const last = module.lastIndexOf(0x0b); // the end of the last function
  writeFileSync(join(folder, "operator.wasm"), altered(module, last, 0xff));
  mkdirSync(join(folder, "folder.wasm"), { recursive: true });
  await meter(["call.wasm", "-o", "metered.wasm"]);
});

describe("what cannot be metered is refused, with the place and a remedy", () => {
  const damaged = "build the module again: the file is damaged or not whole";
  const wrongFile =
    "name the .wasm file that emcc writes beside its JavaScript, or with -o NAME.wasm";
  /** @type {[args: string, message: RegExp | string, remedy: string][]} */
  const errors = [
    ["", "no FILE.wasm is named", "mini-alloc meter --help"],
    ["call.wasm simd.wasm", "unexpected argument 'simd.wasm'", "mini-alloc meter --help"],
    ["nowhere.wasm", "cannot read 'nowhere.wasm': there is no such file", "name a .wasm file"],
    ["folder.wasm", "cannot read 'folder.wasm': it is a folder", "name a .wasm file"],
    ["text.wat", "cannot meter 'text.wat': not a WebAssembly module, at 0x0", wrongFile],
    ["empty.wasm", "cannot meter 'empty.wasm': not a WebAssembly module, at 0x0", wrongFile],
    ["version.wasm", "cannot meter 'version.wasm': not a WebAssembly module, at 0x4", wrongFile],
    [
      "short.wasm",
      /^cannot meter 'short\.wasm': .*extends past end of the module.*, at 0x[0-9a-f]+$/,
      damaged,
    ],
    [
      "operator.wasm",
      /^cannot meter 'operator\.wasm': .*[Ii]nvalid opcode 0xff, at 0x[0-9a-f]+$/,
      "a newer Node, or a build without that feature",
    ],
    [
      "metered.wasm",
      "the module exports '__ink': it was instrumented before",
      "name the module as the compiler wrote it",
    ],
    ["call.wasm --cal twice:1", "unknown option '--cal'", "--call"],
    ["call.wasm --call", "'--call' needs a value", "--call NAME[:ARG,...]"],
    [
      "call.wasm --schedule gas",
      "'--schedule' cannot be 'gas'",
      "--schedule stylus, --schedule operators",
    ],
    ["call.wasm --schedule operator", "'--schedule' cannot be 'operator'", "--schedule operators"],
    ["call.wasm --pages on", "'--pages' cannot be 'on'", "--pages off"],
    [
      "call.wasm --schedule operators --pages stylus",
      "'--pages stylus' prices ink, not operators",
      "--schedule stylus",
    ],
    [
      "call.wasm -o call.wasm",
      "'call.wasm' is the module itself, and would be lost",
      "-o with another name",
    ],
    [
      "call.wasm -o nowhere/x.wasm",
      "cannot write 'nowhere/x.wasm': there is no such folder",
      "-o with another name",
    ],
    [
      "call.wasm -o folder.wasm",
      "cannot write 'folder.wasm': it is a folder",
      "-o with another name",
    ],
  ];
  for (const [args, message, remedy] of errors) {
    test(`mini-alloc meter ${args}`, async () => {
      const { code, stdout, stderr } = await meter(args.split(" ").filter(Boolean));
      assert.deepEqual([code, stdout], [2, ""]);
      const [first = "", second] = stderr.split("\n");
      if (typeof message === "string") assert.equal(first, `mini-alloc: ${message}`);
      else assert.match(first.replace("mini-alloc: ", ""), message);
      assert.equal(second, `  try: ${remedy}`);
    });
  }
});

const fits = (/** @type {string} */ type) => `'add': it takes an integer that fits ${type}`;

describe("a call that cannot be is refused, with a remedy", () => {
  const module = `(module
    (func (export "add") (param i32 i64) (result i32) local.get 0)
    (func (export "a:b"))
    (func (export "vector") (param v128)))`;

  before(async () => {
    writeFileSync(join(folder, "calls.wat"), module);
    const outcome = await run("wat2wasm", ["calls.wat", "-o", "calls.wasm"], { cwd: folder });
    assert.equal(outcome.code, 0, outcome.stderr);
  });

  /** @type {[call: string, message: string, remedy: string][]} */
  const errors = [
    ["ad:1,2", "the module exports no function 'ad'", "--call add"],
    ["frobnicate", "the module exports no function 'frobnicate'", "one of: add, a:b, vector"],
    ["add", "'add' takes (i32, i64), but was given 0", "--call add:0,0"],
    ["add:1", "'add' takes (i32, i64), but was given 1", "--call add:0,0"],
    ["a:b:1", "'a:b' takes no arguments, but was given 1", "--call a:b"],
    ["add:1,x", `'x' is no argument for ${fits("i64")}`, "--call add:0,0"],
    ["add:1.5,1", `'1.5' is no argument for ${fits("i32")}`, "--call add:0,0"],
    ["add:4294967296,1", `'4294967296' is no argument for ${fits("i32")}`, "--call add:0,0"],
    ["add:-2147483649,1", `'-2147483649' is no argument for ${fits("i32")}`, "--call add:0,0"],
    [
      "add:1,18446744073709551616",
      `'18446744073709551616' is no argument for ${fits("i64")}`,
      "--call add:0,0",
    ],
    [
      "vector:1",
      "cannot call 'vector': it takes or returns a v128",
      "call it from an export that takes and returns numbers",
    ],
  ];
  for (const [call, message, remedy] of errors) {
    test(`--call ${call}`, async () => {
      const outcome = await meter(["calls.wasm", "--call", call]);
      assertRefused(outcome, message, remedy);
    });
  }

  for (const call of [
    "add:4294967295,18446744073709551615",
    "add:-0x80000000,0xff",
    "a:b",
    "a:b:",
  ]) {
    test(`--call ${call} is fine`, async () => {
      const { code, stderr } = await meter(["calls.wasm", "--call", call]);
      assert.deepEqual([code, stderr], [0, ""]);
    });
  }
});

describe("what the command writes", () => {
  test("a table, and in words what the figures leave out", async () => {
    const { code, stdout, stderr } = await meter(["call.wasm", "--pages", "off"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^stylus schedule, growth of memory not priced\.$/m);
    assert.match(stdout, /^No call was asked for\. Exports: /m);
  });

  test("an instrumented module that does what the original does", async () => {
    const bytes = readFileSync(join(folder, "metered.wasm"));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const original = new WebAssembly.Module(readFileSync(join(folder, "call.wasm")));
    const names = new Set(WebAssembly.Module.exports(original).map(({ name }) => name));
    const added = Object.keys(exports).filter((name) => !names.has(name));
    assert.deepEqual(added.slice(0, 4), ["__ink", "__operators", "__outside", "__refused"]);
  });

  test("nothing, where the module was refused", async () => {
    await meter(["short.wasm", "-o", "refused.wasm"]);
    assert.equal(existsSync(join(folder, "refused.wasm")), false);
  });

  test("colors where they are asked for, and not where they are not", async () => {
    const args = [cli, "meter", "calls.wasm", "--call", "a:b"];
    const colored = await run(process.execPath, args, { cwd: folder, env: { FORCE_COLOR: "1" } });
    const plain = await run(process.execPath, args, {
      cwd: folder,
      env: { FORCE_COLOR: "1", NO_COLOR: "1" },
    });
    assert.notEqual(colored.stdout, plain.stdout);
    assert.equal(stripVTControlCharacters(colored.stdout), plain.stdout);
  });
});
