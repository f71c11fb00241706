// The archive with threads, in a real pthread program on real workers.

import { join } from "node:path";
import { test } from "node:test";
import { archive, buildFolder, emcc, include, node, root } from "../helpers/toolchain.js";
import { reportChecks } from "../helpers/checks.js";

const RUNS = 5;

/**
 * @param {string} what
 * @param {string} program
 * @param {string[]} flags
 * @param {number} [runs]
 */
function testThreads(what, program, flags, runs = RUNS) {
  test(`${what}, ${flags.join(" ")}, ${runs} runs`, async (t) => {
    const out = join(buildFolder(`${program}${flags.join("")}`), "threads.js");
    await emcc([
      ...[join(root, `tests/wasm/${program}.c`), `-I${include}`, archive("-mt"), "-sMALLOC=none"],
      ...[...flags, "-pthread", "-sPTHREAD_POOL_SIZE=8", "-sEXIT_RUNTIME"],
      ...["-sALLOW_MEMORY_GROWTH", "-sINITIAL_MEMORY=16MB", "-Wno-pthreads-mem-growth"],
      ...["-Wno-experimental", "-o", out],
    ]);
    for (let i = 1; i <= runs; i++) {
      await t.test(`run ${i}`, async (run) =>
        reportChecks(run, await node(out, [], { seconds: 120 })),
      );
    }
  });
}

testThreads("eight workers at once", "threads", ["-O0"]);
testThreads("eight workers at once", "threads", ["-O3"]);
testThreads("sbrk beside malloc", "threads_break", ["-O2"]);
// On 3.1.36 to 3.1.70 the sbrk of this one is libc's, which knows nothing of our lock.
testThreads("sbrk beside malloc", "threads_break", ["-O2", "-sMAIN_MODULE=1"], 20);
