// The script that builds the modules of the demo.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Heap } from "../../demo/engine/heap.js";
import { EMCC, buildFolder, root, run, succeed } from "../helpers/toolchain.js";
import { allocators, emscripten, modulesOf } from "./modules.js";

const script = join(root, "demo/build/modules.js");

/** @param {string[]} args */
const build = (args) => run(process.execPath, [script, ...args], { env: { EMCC } });

const output = join(buildFolder("demo"), "modules");

test("the modules, their metered copies and the manifest are built", async () => {
  const outcome = await build(["--output", output]);
  assert.deepEqual(outcome, { code: 0, stdout: "", stderr: "" });
  const manifest = JSON.parse(readFileSync(join(output, "manifest.json"), "utf8"));
  assert.equal(manifest.emcc, emscripten.version);
  const names = manifest.modules.map((/** @type {{name: string}} */ { name }) => name);
  assert.deepEqual(names, allocators);
  for (const { name, bytes, exports } of manifest.modules) {
    assert.equal(statSync(join(output, `${name}.wasm`)).size, bytes);
    assert.ok(existsSync(join(output, `${name}.ink.wasm`)));
    for (const symbol of ["malloc", "calloc", "realloc", "free", "aligned_alloc", "heap_base"]) {
      assert.ok(exports.includes(symbol), `${name} exports ${symbol}`);
    }
    assert.equal(exports.includes("mini_alloc"), name === "mini-alloc");
  }
});

test("what the engine calls ink is what the command `meter` says", async () => {
  assert.equal((await build(["--output", output])).code, 0);
  for (const name of allocators) {
    const calls = ["malloc:100", "malloc:3", "calloc:10,16", "malloc:70000"];
    const words = calls.flatMap((call) => ["--call", call]);
    const file = join(output, `${name}.wasm`);
    const command = [join(root, "src/cli.js"), "meter", file, ...words, "--json"];
    const { stdout } = await succeed(process.execPath, command);
    const metered = JSON.parse(stdout).calls.map((/** @type {{ink: number}} */ { ink }) => ink);
    const heap = new Heap(await modulesOf(name));
    heap.perform({ op: "malloc", args: [100] });
    heap.perform({ op: "malloc", args: [3] });
    heap.perform({ op: "calloc", args: [10, 16] });
    heap.perform({ op: "malloc", args: [70_000] });
    const inks = [1, 2, 3, 4].map((step) => heap.event(step).ink);
    assert.deepEqual(inks, metered, name);
  }
});

test("every allocator says where data, stack and heap lie, and starts with two pages", async () => {
  for (const name of allocators) {
    const { places, machine } = new Heap(await modulesOf(name));
    assert.ok(places.dataBegin < places.dataEnd, name);
    assert.equal(places.stackTop - places.stackBottom, 16_384, name);
    assert.ok(places.stackTop <= places.heapBase && places.dataEnd <= places.heapBase, name);
    assert.deepEqual([machine.pages, places.alignment], [2, 8], name);
  }
});

test("what hinders the build is told with its remedy", async () => {
  const missing = await build(["--emcc", "no-such-emcc"]);
  const remedy = "install Emscripten, or name its compiler with --emcc PATH";
  const what = "cannot run 'no-such-emcc': there is no such command";
  assert.deepEqual([missing.code, missing.stderr], [2, `mini-alloc: ${what}\n  try: ${remedy}\n`]);
  const wrong = await build(["--outptu", "x"]);
  const unknown = "mini-alloc: unknown option '--outptu'\n  try: --output\n";
  assert.deepEqual([wrong.code, wrong.stderr], [2, unknown]);
  const file = join(buildFolder("demo"), "a-file");
  writeFileSync(file, "");
  const inFile = await build(["--output", file]);
  const taken = `mini-alloc: cannot make the folder '${file}': a file has this name\n  try: --output FOLDER\n`;
  assert.deepEqual([inFile.code, inFile.stderr], [2, taken]);
});
