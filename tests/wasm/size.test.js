// Bytes are deterministic, so they are asserted; and a program carries only what it uses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { archive, buildFolder, emcc, emccNumbers, root } from "../helpers/toolchain.js";
import { measureAll } from "./size.js";

// What 6.0.5, 3.1.69 and 3.1.6 make of it. A change that saves bytes lowers these. (3.1.69 has the
// break behind a function: src/libc.h.)
const [major = 0, , patch = 0] = emccNumbers;
const CEILING = major >= 4 ? 452 : patch >= 60 ? 481 : 476;

test(`malloc, calloc and free make a module of at most ${CEILING} bytes`, async (t) => {
  const sizes = await measureAll();
  for (const { name, wasm, js } of sizes) t.diagnostic(`${name}: ${wasm} wasm, ${js} js`);
  const [ours, ...others] = sizes;
  assert.ok(ours && ours.wasm <= CEILING, `${ours?.wasm} bytes`);
  for (const { name, wasm, js } of others) {
    assert.ok(ours.wasm * 2.5 < wasm, `${name} is ${wasm} bytes`);
    assert.ok(ours.js < js, `${name} takes ${js} bytes of JavaScript`);
  }
});

test("what a program does not call is not in it", async () => {
  const out = join(buildFolder("carry"), "carry.wasm");
  await emcc([
    ...[join(root, "tests/wasm/size.c"), archive(), "-sMALLOC=none", "-Oz", "--no-entry"],
    ...["-sSTANDALONE_WASM", "-sALLOW_MEMORY_GROWTH", "--profiling-funcs", "-o", out],
  ]);
  const module = new WebAssembly.Module(readFileSync(out));
  const names = WebAssembly.Module.customSections(module, "name").map((section) =>
    Buffer.from(section).toString("latin1"),
  );
  assert.match(names.join(), /refill/, "the names are there");
  for (const symbol of [
    ...["realloc", "memalign", "mini_alloc_", "sbrk", "mallinfo", "refill_odd", "last_block"],
    ...["memset", "memcpy", "memmove", "printf", "abort", "emscripten_resize_heap"],
  ]) {
    assert.doesNotMatch(names.join(), new RegExp(symbol), `${symbol} is in it`);
  }
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
  assert.deepEqual(imports, ["emscripten_notify_memory_growth"]);
});
