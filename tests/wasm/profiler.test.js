// Emscripten's --memoryprofiler, which knows an allocator by its reports and by sbrk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { archive, buildFolder, emcc, include, node, root, source } from "../helpers/toolchain.js";

/** @param {string} name @param {string[]} allocator */
async function profile(name, allocator) {
  const out = join(buildFolder(`profiler-${name}`), "profiler.js");
  await emcc([
    ...[join(root, "tests/wasm/profiler.c"), ...allocator, "-sMALLOC=none", "--memoryprofiler"],
    ...["-O1", "--pre-js", join(root, "tests/wasm/profiler-page.js")],
    ...["-sINITIAL_MEMORY=16MB", "-sENVIRONMENT=node", "-o", out],
  ]);
  const outcome = await node(out);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

const PROFILED = {
  "the archive that reports": [archive("-memoryprofiler")],
  "the source file": [source, `-I${include}`],
};

for (const [name, allocator] of Object.entries(PROFILED)) {
  test(`--memoryprofiler shows the blocks of ${name}`, async () => {
    const shown = await profile(name.replaceAll(" ", "-"), allocator);
    const [, mallocs, frees] = /malloc\(\)s\/free\(\)s[^:]*: (\d+)\/(\d+)/.exec(shown) ?? [];
    assert.ok(Number(mallocs) >= 12, shown);
    assert.ok(Number(frees) >= 3, shown);
    const sizes = (/^blocks: (.*)$/m.exec(shown)?.[1] ?? "").split(" ").map(Number);
    assert.equal(sizes.filter((size) => size === 1000).length, 7, "7 of 1000 bytes are in use");
    assert.ok(sizes.includes(600000) && !sizes.includes(500000), "and the one that was grown");
    assert.match(shown, /colors: .*#6699CC.*#003366/, "blocks are drawn");
  });
}

test("--memoryprofiler with the plain archive links, and shows where the heap is", async () => {
  const shown = await profile("plain", [archive()]);
  const [, start, end] =
    /DYNAMIC memory area size: .*start: (\w+)\. end: (\w+)\./.exec(shown) ?? [];
  assert.ok(Number(start) > 0, shown);
  assert.equal(Number(end), 16 * 1024 * 1024, "one thread takes all there is");
});
