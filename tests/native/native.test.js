// The allocator compiled for this machine, on a memory of the tests' own (memory.h): every variant,
// sanitizers, a short run of the fuzzer, and the coverage of all of them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { branchCoverage, coverageLines } from "./coverage.js";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, cc, include, root, run } from "../helpers/toolchain.js";

const FUZZ_SECONDS = 15;

const folder = buildFolder("native");

// long double as wide as double makes max_align_t 8 bytes, as it is in wasm; and words of 32 bits
// wrap as they do there.
const WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"];
const FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-g", `-I${include}`, "-mlong-double-64"];
// To inline all the checks would take most of the time of these tests.
const OPTIMIZE = ["-O1", "-fno-inline-functions"];
const WORDS_32 = "-DMINI_ALLOC_WORD=uint32_t";
const WORDS_64 = "-DMINI_ALLOC_WORD=uint64_t";
const COVERAGE = ["-fprofile-instr-generate", "-fcoverage-mapping"];
const ASAN = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const FEWER = "-DSEQUENCES=500";

/** @typedef {{sources: string[], flags: string[]}} Variant */

const HEAP = ["memory.c", "heap.c"];
const THREADS = ["memory.c", "threads.c"];
const LIBC = ["memory.c", "libc_sbrk.c", "libc_break.c"];
const LIBC_FLAGS = [WORDS_32, "-DLIBC_HAS_SBRK=1"];
const ARITHMETIC = ["arithmetic.c"];

/** Built to count branches. @type {Record<string, Variant>} */
const COUNTED = {
  "one thread, 4 GiB": { sources: HEAP, flags: [WORDS_32] },
  "threads, one after the other": { sources: HEAP, flags: [WORDS_32, "-D_REENTRANT"] },
  "threads at once": { sources: THREADS, flags: [WORDS_32, "-D_REENTRANT", "-pthread"] },
  "libc's break": { sources: LIBC, flags: LIBC_FLAGS },
  "libc's break, threads": { sources: LIBC, flags: [...LIBC_FLAGS, "-D_REENTRANT", "-pthread"] },
  GROW_EXACT: { sources: HEAP, flags: [WORDS_32, FEWER, "-DMINI_ALLOC_GROW_EXACT"] },
  RESIZE_HEAP: { sources: HEAP, flags: [WORDS_32, FEWER, "-DMINI_ALLOC_RESIZE_HEAP"] },
  "ALIGNMENT=16": { sources: HEAP, flags: [WORDS_32, FEWER, "-DMINI_ALLOC_ALIGNMENT=16"] },
  "ALIGNMENT=64": { sources: HEAP, flags: [WORDS_32, FEWER, "-DMINI_ALLOC_ALIGNMENT=64"] },
  "words of 64 bits": { sources: HEAP, flags: [WORDS_64, FEWER] },
  "arithmetic, 32 bits": { sources: ARITHMETIC, flags: [WORDS_32, "-DWANTED_BITS=32"] },
  "arithmetic, 64 bits": { sources: ARITHMETIC, flags: [WORDS_64, "-DWANTED_BITS=64"] },
};

/** @type {Record<string, Variant>} */
const SANITIZED = {
  "ASan and UBSan": { sources: HEAP, flags: [WORDS_32, FEWER, ...ASAN] },
  "ASan and UBSan, threads one after the other": {
    sources: HEAP,
    flags: [WORDS_32, FEWER, ...ASAN, "-D_REENTRANT"],
  },
  "ASan and UBSan, threads at once": {
    sources: THREADS,
    flags: [WORDS_32, ...ASAN, "-D_REENTRANT", "-pthread"],
  },
  "ThreadSanitizer, libc's break": {
    sources: LIBC,
    flags: [...LIBC_FLAGS, "-fsanitize=thread", "-D_REENTRANT", "-pthread"],
  },
  ThreadSanitizer: {
    sources: THREADS,
    flags: [WORDS_32, "-fsanitize=thread", "-D_REENTRANT", "-pthread", "-DROUNDS=1500"],
  },
};

/** @param {string} name */
const programOf = (name) => join(folder, name.replace(/\W+/g, "-"));

/** @param {string} name */
const profileOf = (name) => `${programOf(name)}.profraw`;

/**
 * Builds and runs one variant.
 * @param {string} name
 * @param {Variant} variant
 */
async function runVariant(name, { sources, flags }) {
  const program = programOf(name);
  const files = sources.map((file) => join(root, "tests/native", file));
  await cc([...FLAGS, ...OPTIMIZE, ...WARNINGS, ...flags, ...files, "-o", program]);
  return run(program, [], { env: { LLVM_PROFILE_FILE: profileOf(name) } });
}

/** @type {Record<string, Variant>} */
const VARIANTS = { ...SANITIZED };
for (const [name, { sources, flags }] of Object.entries(COUNTED))
  VARIANTS[name] = { sources, flags: [...flags, ...COVERAGE] };

test("every variant keeps its invariants and its promises", { concurrency: 2 }, async (t) => {
  const all = Object.entries(VARIANTS).map(([name, variant]) =>
    t.test(name, async (u) => reportChecks(u, await runVariant(name, variant))),
  );
  await Promise.all(all);
});

test("the fuzzer finds no sequence of calls that fails", async (t) => {
  const args = ["-f", "tests/native/native.mk", "fuzz", `FUZZ_SECONDS=${FUZZ_SECONDS}`];
  const outcome = await run("make", args);
  t.diagnostic(outcome.stdout.trim().split("\n").at(-1) ?? "");
  assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
  assert.match(outcome.stdout, /no failure/);
});

test("every branch of the allocator is taken both ways", async (t) => {
  const programs = Object.keys(COUNTED).map((name) => ({
    program: programOf(name),
    profile: profileOf(name),
  }));
  const table = await branchCoverage(programs);
  for (const line of coverageLines(table)) t.diagnostic(line);
  assert.deepEqual(table.map(({ file }) => file).toSorted(), [
    "arithmetic.h",
    "heap.h",
    "mini_alloc.c",
  ]);
  assert.deepEqual(
    table.flatMap(({ missing }) => missing),
    [],
  );
});
