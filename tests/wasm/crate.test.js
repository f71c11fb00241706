// The four tests of the Rust crate, each in a fresh instance, for each way to grow.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildFolder, emcc, include, root, source } from "../helpers/toolchain.js";
import { PAGE, smallStack } from "./harness.js";

const CASES = ["edge_cases", "vec_test", "vec_test_loop", "vec_test_overallocate"];

for (const [how, flags] of Object.entries({
  "growth by an eighth": [],
  "exact growth": ["-DMINI_ALLOC_GROW_EXACT"],
})) {
  test(`the crate's tests, ${how}`, async (t) => {
    const out = join(buildFolder("crate"), `${how.replaceAll(" ", "-")}.wasm`);
    await emcc([
      ...[join(root, "tests/wasm/crate.c"), source, `-I${include}`, "-O2", ...flags],
      ...["-sMALLOC=none", "-sSTANDALONE_WASM", "--no-entry", smallStack],
      ...[`-sINITIAL_MEMORY=${PAGE}`, "-sALLOW_MEMORY_GROWTH", "-sMAXIMUM_MEMORY=4GB", "-o", out],
    ]);
    const module = new WebAssembly.Module(readFileSync(out));
    for (const name of CASES) {
      await t.test(name, () => {
        const { exports } = new WebAssembly.Instance(module, {
          env: { emscripten_notify_memory_growth() {} },
          wasi_snapshot_preview1: { proc_exit() {} },
        });
        const demand = /** @type {() => number} */ (exports[name])();
        assert.equal(demand, 0, `the demand in line ${demand} of crate.c was not met`);
      });
    }
  });
}
