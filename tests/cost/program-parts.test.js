// Parts of `mini-alloc cost -- BUILD COMMAND` by themselves: command lines, times, words.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  cCompiler,
  flagsWithoutMalloc,
  hasMiniAlloc,
  isCompiler,
  mallocSources,
  outputOf,
  quoted,
  withoutAllocator,
} from "../../src/cost/program/compiler.js";
import { siblings } from "../../src/cost/program/files.js";
import { readRequest } from "../../src/cost/program/request.js";
import { apart } from "../../src/cost/program/times.js";
import { conclusions } from "../../src/cost/program/words.js";

/** @typedef {import("../../src/cost/program/outcome.js").Row} Row */

/** @param {string} line */
const split = (line) => line.split(" ").filter(Boolean);

describe("a command line of the compiler", () => {
  for (const [line, output] of [
    ["app.c", "a.out.js"],
    ["app.c -o app.js", "app.js"],
    ["app.c -oout/app.mjs", "out/app.mjs"],
    ["-o app.js app.c -o other.html", "other.html"],
    ["app.c -o app", "app"],
    ["app.c -Xlinker -o -mllvm -c", "a.out.js"],
    ["app.c -include -c -o app.wasm", "app.wasm"],
  ]) {
    test(`'${line}' makes '${output}'`, () => assert.equal(outputOf(split(line ?? "")), output));
  }

  for (const [line, rest] of [
    ["app.c -O2 -o app.js", "app.c -O2"],
    ["app.c -sMALLOC=emmalloc -sASSERTIONS", "app.c -sASSERTIONS"],
    ["-s MALLOC=emmalloc app.c -s ASSERTIONS=1 -s", "app.c -s ASSERTIONS=1 -s"],
    ["app.c -sMALLOC=none x/libmini_alloc-mt.a -I../mini_alloc", "app.c -I../mini_alloc"],
    ["app.c -lmini_alloc ../src/mini_alloc.c mini_alloc.o", "app.c"],
    ["-D -o app.c mini_alloc_user.h", "-D -o app.c mini_alloc_user.h"],
    ["my_mini_alloc.c mini_alloc/app.c", "my_mini_alloc.c mini_alloc/app.c"],
  ]) {
    test(`'${line}' without its allocator is '${rest}'`, () =>
      assert.deepEqual(withoutAllocator(split(line ?? "")), split(rest ?? "")));
  }

  test("has mini-alloc in it or has not", () => {
    assert.equal(hasMiniAlloc(["app.c", "/x/src/mini_alloc.c"]), true);
    assert.equal(hasMiniAlloc(["app.c", "-I/x/mini_alloc.c"]), false);
  });

  test("begins with emcc or em++, wherever that is", () => {
    for (const command of ["emcc", "/usr/bin/em++", "../emcc.py", "C:/emsdk/emcc.bat"]) {
      assert.equal(isCompiler(command), true, command);
    }
    for (const command of ["make", "myemcc", "emcc/make", "emcmake"]) {
      assert.equal(isCompiler(command), false, command);
    }
    assert.equal(isCompiler("./wrapper", "./wrapper"), true);
    assert.equal(cCompiler("/em++/em++.py"), "/em++/emcc.py");
  });

  test("in EMCC_CFLAGS loses its choice of an allocator, and words stay words", () => {
    assert.equal(flagsWithoutMalloc("-g -sMALLOC=emmalloc -O1 -s MALLOC=none"), "-g  -O1");
    assert.equal(quoted("-sMALLOC=none"), "-sMALLOC=none");
    assert.equal(quoted("-Wl,/my files/it's.o"), `'-Wl,/my files/it'"'"'s.o'`);
  });

  test("tells in the end whose malloc it took", () => {
    const said = "a.o: reference to malloc\n/x/libdlmalloc.a(dlmalloc.o): definition of malloc\n";
    assert.deepEqual(mallocSources(said), ["/x/libdlmalloc.a(dlmalloc.o)"]);
  });
});

test("what stands behind --run is the program's, with whatever it has", () => {
  assert.deepEqual(readRequest(split("make -j 2 --run -x -- --run y")), {
    command: "make",
    words: ["-j", "2"],
    programArguments: ["-x", "--", "--run", "y"],
  });
});

test("what is made together has one stem, and sources are not among it", () => {
  const own = siblings("out/app.js");
  const made = ["app.js", "app.wasm", "app.html", "app.data", "app.worker.js", "app.wasm.map"];
  assert.deepEqual(
    [...made, "app.c", "app.o", "app", "app.test.js", "other.wasm", "app.json"].filter(own),
    made,
  );
});

/** @param {number[]} runs */
const time = (...runs) => ({ median: 0, low: 0, high: 0, runs });

describe("two times", () => {
  test("differ when four runs are all faster than four others", () => {
    assert.equal(apart(time(1, 2, 3, 4), time(5, 6, 7, 8)), true);
    assert.equal(apart(time(5, 6, 7, 8), time(1, 2, 3, 4)), true);
  });

  test("do not differ when three are: that is chance once in ten", () => {
    assert.equal(apart(time(1, 2, 3), time(4, 5, 6)), false);
  });

  test("do not differ when they are mixed, or equal", () => {
    assert.equal(apart(time(1, 3, 5, 7, 9), time(2, 4, 6, 8, 10)), false);
    assert.equal(apart(time(1, 1, 1, 1, 1), time(1, 1, 1, 1, 1)), false);
  });
});

/** @param {number} median */
const ms = (median) => ({
  ...{ median, low: median - 1, high: median + 1 },
  runs: [median - 1, median, median, median, median + 1],
});

describe("the closing words", () => {
  /** @type {Row} */
  const done = { allocator: "mini-alloc", kind: "done", outcome: "exit 0" };

  test("say who wins by how much, and where mini-alloc loses", () => {
    const rows = /** @type {Row[]} */ ([
      { ...done, ink: 1000n, ms: ms(30), pages: 320, bytes: { wasm: 1000, js: 500 } },
      {
        ...done,
        allocator: "dlmalloc",
        ink: 3120n,
        ms: ms(20),
        pages: 64,
        bytes: { wasm: 8000, js: 600 },
      },
      {
        ...done,
        allocator: "emmalloc",
        ink: 1001n,
        ms: ms(31),
        pages: 64,
        bytes: { wasm: 900, js: 500 },
      },
      {
        ...done,
        allocator: "mimalloc",
        ink: 900n,
        ms: ms(90),
        pages: 400,
        bytes: { wasm: 1000, js: 500 },
      },
    ]);
    assert.deepEqual(conclusions(rows), [
      "mini-alloc takes less ink: 3.1 times less than dlmalloc.",
      "mini-alloc loses in ink: 11.1 % more than mimalloc.",
      "mini-alloc takes the same ink, within half a percent, as emmalloc.",
      "mini-alloc takes less time: 3.0 times faster than mimalloc.",
      "mini-alloc loses in time: 1.5 times slower than dlmalloc.",
      "mini-alloc differs in time by no more than chance from emmalloc.",
      "mini-alloc loses in memory, as it gives nothing back: 320 pages (20.0 MiB), where dlmalloc and emmalloc need 64 pages (4.0 MiB).",
      "mini-alloc needs less memory: 320 pages (20.0 MiB), where mimalloc needs 400 pages (25.0 MiB).",
      "mini-alloc makes the smaller program: 7,100 bytes fewer than dlmalloc.",
      "mini-alloc makes the larger program: 100 bytes more than emmalloc.",
    ]);
  });

  test("compare nothing with a program that ran out of memory", () => {
    const rows = /** @type {Row[]} */ ([
      { ...done, kind: "memory", pages: 256, ink: 5n },
      { ...done, allocator: "dlmalloc", ink: 50n, pages: 17 },
    ]);
    assert.deepEqual(conclusions(rows), [
      "mini-alloc ran out of memory at 256 pages: it gives nothing back, so all that is ever " +
        "allocated must fit. Allow more: -sALLOW_MEMORY_GROWTH, -sMAXIMUM_MEMORY=4GB, or take " +
        "dlmalloc, which needed 17 pages.",
    ]);
  });

  test("name no winner in ink where threads wait for each other", () => {
    const rows = /** @type {Row[]} */ ([
      { ...done, ink: 5n, threads: 2 },
      { ...done, allocator: "dlmalloc", ink: 50n, threads: 2 },
    ]);
    assert.deepEqual(conclusions(rows), []);
  });
});
