// One checking program in every way to build it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import {
  archive,
  buildFolder,
  emcc,
  include,
  node,
  root,
  run,
  source,
} from "../helpers/toolchain.js";
import { reportChecks } from "../helpers/checks.js";

const GLUE = "-sEXIT_RUNTIME";
const GROWING = ["-sALLOW_MEMORY_GROWTH", "-sINITIAL_MEMORY=8MB"];
const FIXED = ["-DFIXED_MEMORY", "-sINITIAL_MEMORY=16MB"];
const MODES = {
  "-O0": ["-O0", ...GROWING],
  "-O0 -g": ["-O0", "-g", ...GROWING],
  "-O2": ["-O2", ...GROWING],
  "-O3": ["-O3", ...GROWING],
  "-Oz": ["-Oz", ...GROWING],
  // As C, because the linking of C++ with -flto fails in Debian's 6.0.5, with any allocator.
  "-O3 -flto": ["-O3", "-flto", "-sDEFAULT_TO_CXX=0", ...GROWING],
  "-O2, fixed memory": ["-O2", ...FIXED],
  "-O2, ASSERTIONS=2": ["-O2", "-sASSERTIONS=2", ...GROWING],
  SAFE_HEAP: ["-O1", "-sSAFE_HEAP", ...GROWING],
  "SAFE_HEAP, fixed memory": ["-O1", "-sSAFE_HEAP", ...FIXED],
  wasm2js: ["-O1", "-sWASM=0", ...GROWING],
};

/** @param {string} mode @param {string[]} flags @param {string} file @param {string} library */
async function build(mode, flags, file, library = archive()) {
  const out = join(buildFolder(`modes/${mode.replace(/\W+/g, "-")}`), file);
  await emcc([
    ...[join(root, "tests/wasm/modes.c"), `-I${include}`, library, "-sMALLOC=none"],
    ...[...flags, "-o", out],
  ]);
  return out;
}

for (const [mode, flags] of Object.entries(MODES)) {
  test(mode, async (t) =>
    reportChecks(t, await node(await build(mode, [GLUE, ...flags], "modes.js"))),
  );
}

test("-O2 -mbulk-memory, from the source", async (t) => {
  const flags = ["-O2", "-mbulk-memory", GLUE, ...GROWING];
  await reportChecks(t, await node(await build("bulk", flags, "modes.js", source)));
});

test("-O2, grown by Emscripten (-resize)", async (t) => {
  const out = await build("resize", ["-O2", GLUE, ...GROWING], "modes.js", archive("-resize"));
  await reportChecks(t, await node(out));
});

// In JavaScript made from wasm, memory.grow of a memory that can not grow aborts.
test("wasm2js, fixed memory (-resize)", async (t) => {
  const flags = ["-O1", "-sWASM=0", "-sABORTING_MALLOC=0", GLUE, ...FIXED];
  await reportChecks(t, await node(await build("js", flags, "modes.js", archive("-resize"))));
});

test("-resize honors ABORTING_MALLOC: out of memory ends the program", async () => {
  const flags = ["-O1", "-sABORTING_MALLOC=1", GLUE, ...FIXED];
  const outcome = await node(await build("abort", flags, "modes.js", archive("-resize")));
  assert.notEqual(outcome.code, 0);
  assert.match(outcome.stderr, /OOM|Cannot enlarge memory/);
});

test("-O3 -flto, from the source file", async (t) => {
  const flags = ["-O3", "-flto", "-sDEFAULT_TO_CXX=0", GLUE, ...GROWING];
  await reportChecks(t, await node(await build("lto-source", flags, "modes.js", source)));
});

/** @param {string} file @param {string[]} args */
const wasi = (file, ...args) =>
  run(process.execPath, ["--no-warnings", join(root, "tests/wasm/wasi.js"), file, ...args]);

test("STANDALONE_WASM, growing", async (t) => {
  const out = await build("wasi", ["-O2", "-sSTANDALONE_WASM", ...GROWING], "modes.wasm");
  await reportChecks(t, await wasi(out, "--own-host"));
});

test("STANDALONE_WASM under node:wasi, fixed memory (-resize)", async (t) => {
  const flags = ["-O2", "-sSTANDALONE_WASM", ...FIXED];
  const out = await build("wasi-fixed", flags, "modes.wasm", archive("-resize"));
  await reportChecks(t, await wasi(out));
});
