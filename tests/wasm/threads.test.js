// The archive with threads, in a real pthread program on real workers.

import { join } from "node:path";
import { test } from "node:test";
import { archive, buildFolder, emcc, include, node, root } from "../helpers/toolchain.js";
import { reportChecks } from "../helpers/checks.js";

const RUNS = 5;

for (const level of ["-O0", "-O3"]) {
  test(`eight workers at once, ${level}, ${RUNS} runs`, async (t) => {
    const out = join(buildFolder(`threads${level}`), "threads.js");
    await emcc([
      ...[join(root, "tests/wasm/threads.c"), `-I${include}`, archive("-mt"), "-sMALLOC=none"],
      ...[level, "-pthread", "-sPTHREAD_POOL_SIZE=8", "-sEXIT_RUNTIME", "-sALLOW_MEMORY_GROWTH"],
      ...["-sINITIAL_MEMORY=16MB", "-Wno-pthreads-mem-growth", "-o", out],
    ]);
    for (let i = 1; i <= RUNS; i++) {
      await t.test(`run ${i}`, async (run) =>
        reportChecks(run, await node(out, [], { seconds: 120 })),
      );
    }
  });
}
