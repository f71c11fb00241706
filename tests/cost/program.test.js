// `mini-alloc cost -- emcc ...`, run as a process: what the compiler makes is run and metered with
// one allocator after the other.

import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { EMCC, emcc, emccNumbers, root, run } from "../helpers/toolchain.js";
import { link } from "../programs/programs.js";
import { cli, cost, emptyFolder, reportOf, rowOf, source } from "./programs.js";

/** @typedef {import("./programs.js").Report} Report */

const NAMES = ["mini-alloc", "dlmalloc", "emmalloc"];
const THREE = ["--allocators", NAMES.join(), "--runs", "1"];
const OURS = ["--allocators", "mini-alloc", "--runs", "1"];
const TWO = ["--allocators", "mini-alloc,dlmalloc", "--runs", "1"];

describe("a command of the compiler itself", () => {
  const folder = emptyFolder("direct");
  /** @type {Report} */
  let report;
  before(async () => {
    const build = [EMCC, source("sum.c"), "-O2", "-sMALLOC=emmalloc", "-o", "out/app.js"];
    report = await reportOf({ folder, options: THREE, build, args: ["a", "b c"] });
  });

  test("is built, run and metered with each allocator", () => {
    const names = report.allocators.map(({ allocator }) => allocator);
    assert.deepEqual(names, NAMES);
    for (const row of report.allocators) {
      assert.deepEqual([row.kind, row.outcome], ["done", "exit 0"], row.allocator);
      assert.ok(row.ink > 1e6 && row.operators > 1e4 && row.ms > 0, JSON.stringify(row));
      assert.ok(row.pages >= 1 && row.wasm > 1000 && row.js > 1000, JSON.stringify(row));
    }
    assert.equal(report.sameOutput, true);
    assert.deepEqual(report.differences, []);
  });

  test("mini-alloc takes less than half of dlmalloc's ink, which takes less than emmalloc's", () => {
    assert.equal(rowOf(report, "dlmalloc").inkRatio, 1);
    assert.ok(rowOf(report, "mini-alloc").inkRatio < 0.5);
    assert.ok(rowOf(report, "emmalloc").inkRatio > 1.5);
  });

  test("the closing words say so", () => {
    const amount = String.raw`[2-9]\.\d times less than`;
    const pattern = `^mini-alloc takes less ink: ${amount} dlmalloc and ${amount} emmalloc\\.$`;
    assert.match(report.conclusions[0] ?? "", new RegExp(pattern));
  });

  test("nothing is left in the user's folder", () => {
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe("SQLite", () => {
  test("prints the same with every allocator, metered and not", async () => {
    await link("sqlite", "dlmalloc"); // compiles its library
    const library = join(root, "node_modules/better-sqlite3/deps/sqlite3");
    const object = join(root, "build/tests/programs", emccNumbers.join("."), "sqlite3.o");
    const flags = ["-O1", "-sALLOW_MEMORY_GROWTH", "-sTOTAL_STACK=1MB", `-I${library}`];
    const report = await reportOf({
      folder: emptyFolder("sqlite"),
      options: THREE,
      build: [EMCC, join(root, "tests/programs/sqlite.c"), object, ...flags, "-o", "sqlite.js"],
      args: ["300"],
    });
    assert.equal(report.sameOutput, true);
    for (const { outcome, ink } of report.allocators) {
      assert.equal(outcome, "exit 0");
      assert.ok(ink > 1e9);
    }
  });
});

describe("what is made", () => {
  const folder = emptyFolder("kinds");

  /** @type {[what: string, flags: string[]][]} */
  const kinds = [
    ["a module alone", ["-O2", "-o", "app.wasm"]],
    ["an ES module that exports a function", ["-O2", "-o", "app.mjs"]],
    ["a script that exports a function", ["-O2", "-sMODULARIZE", "-o", "app.js"]],
    ["one file with all in it", ["-O1", "-sSINGLE_FILE", "-o", "app.js"]],
    ["a page", ["-O0", "-o", "app.html"]],
    ["a file without an ending", ["-O1", "-o", "app"]],
    ["a.out.js, if there is no -o", ["-O1"]],
  ];
  for (const [what, flags] of kinds) {
    test(`${what}, is run`, async () => {
      const build = [EMCC, source("sum.c"), ...flags];
      const report = await reportOf({ folder, options: OURS, build, args: ["x"] });
      assert.equal(report.sameOutput, true);
      assert.equal(rowOf(report, "mini-alloc").outcome, "exit 0");
      assert.ok(rowOf(report, "mini-alloc").ink > 1e6);
    });
  }

  test("an ES module or a script is run as what it is, whatever package.json says", async () => {
    for (const [type, flags] of /** @type {const} */ ([
      ["module", []],
      ["commonjs", ["-sEXPORT_ES6"]],
    ])) {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
      const build = [EMCC, source("sum.c"), "-O1", ...flags, "-o", "app.js"];
      const report = await reportOf({ folder, options: OURS, build });
      assert.equal(rowOf(report, "mini-alloc").outcome, "exit 0");
    }
    rmSync(join(folder, "package.json"));
  });

  test("what has no WebAssembly has no ink, which is said", async () => {
    const build = [EMCC, source("sum.c"), "-O1", "-sWASM=0"];
    const { warnings, allocators } = await reportOf({ folder, options: OURS, build });
    assert.deepEqual(warnings.slice(0, 1), [
      "no WebAssembly runs with mini-alloc: there is neither ink nor a page count",
    ]);
    assert.ok(allocators.every(({ ink, ms }) => ink === undefined && ms > 0));
  });

  test("threads are counted too, with a warning", async () => {
    const flags = ["-O1", "-pthread", "-sPTHREAD_POOL_SIZE=2", "-sEXIT_RUNTIME"];
    const build = [EMCC, source("threads.c"), ...flags, "-o", "app.js"];
    const report = await reportOf({ folder, options: TWO, build });
    assert.equal(report.sameOutput, true);
    for (const { threads, ink } of report.allocators) {
      assert.equal(threads, 2);
      assert.ok(ink > 2 * 1000 * 10_000); // 1000 times malloc and free in each
    }
    const warning =
      "the ink is that of all threads, and changes with how long they wait for each other";
    assert.ok(report.warnings.includes(warning), report.warnings.join());
  });

  test("the ink of a module is what `mini-alloc meter` says", async () => {
    const flags = [source("tiny.c"), "-O2", "-sMALLOC=dlmalloc", "-o", "tiny.wasm"];
    const options = ["--allocators", "dlmalloc", "--runs", "1"];
    const report = await reportOf({ folder, options, build: [EMCC, ...flags] });

    await emcc(flags, { cwd: folder });
    const meter = [cli, "meter", "tiny.wasm", "--call", "_start", "--json"];
    const { stdout } = await run(process.execPath, meter, { cwd: folder });
    const { setup, calls } = JSON.parse(stdout);
    const { ink, operators } = rowOf(report, "dlmalloc");
    const metered = [setup.ink + calls[0].ink, setup.operators + calls[0].operators];
    assert.deepEqual([ink, operators], metered);
  });
});

describe("how a program ends", () => {
  const folder = emptyFolder("ends");
  const build = [EMCC, source("ends.c"), "-O1", "-o", "app.js"];

  test("out of memory is a result", async () => {
    const made = [EMCC, source("churn.c"), "-O1", "-o", "app.js"];
    const { code, stdout, stderr } = await cost({ folder, options: TWO, build: made });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^\| mini-alloc .*\| out of memory at 25\d pages \|$/m);
    assert.match(stdout, /^\| dlmalloc .*\| exit 0 +\|$/m);
    const words =
      String.raw`^mini-alloc ran out of memory at 25\d pages: it gives nothing back, so all that ` +
      String.raw`is ever allocated must fit\. Allow more: -sALLOW_MEMORY_GROWTH, ` +
      String.raw`-sMAXIMUM_MEMORY=4GB, or take dlmalloc, which needed 25\d pages\.$`;
    assert.match(stdout, new RegExp(words, "m"));
  });

  test("its exit code and all bytes are the same, and stdin is empty", async () => {
    const report = await reportOf({ folder, options: OURS, build, args: ["exit"] });
    assert.equal(report.sameOutput, true);
    for (const { kind, outcome, details, ink } of report.allocators) {
      assert.deepEqual([kind, outcome, details], ["done", "exit 3", "read 0"]);
      assert.ok(ink > 1e5);
    }
  });

  test("it has ink after abort() too", async () => {
    const report = await reportOf({ folder, options: OURS, build, args: ["abort"] });
    assert.equal(report.sameOutput, true);
    for (const { outcome, ink } of report.allocators) {
      assert.match(outcome, /^exit [1-9]/);
      assert.ok(ink > 1e5);
    }
  });

  test("never, which takes no longer than --timeout", async () => {
    const options = [...OURS, "--timeout", "2"];
    const report = await reportOf({ folder, options, build, args: ["never"] });
    for (const { kind, outcome } of report.allocators) {
      assert.deepEqual([kind, outcome], ["stopped", "not done in 2 s"]);
    }
    const warning = "the program does not end in time with mini-alloc: --timeout with more seconds";
    assert.deepEqual(report.warnings, [warning]);
  });

  test("output that changes by itself is not compared", async () => {
    const report = await reportOf({ folder, options: OURS, build, args: ["time"] });
    assert.equal(report.sameOutput, null);
    assert.deepEqual(report.differences, []);
    assert.equal(
      report.warnings[0],
      "the output changes from run to run with mini-alloc: outputs are not compared",
    );
  });

  test("output that differs is said loudly, and fails", async () => {
    const made = [EMCC, source("distance.c"), "-O1", "-o", "app.js"];
    const { code, stdout } = await cost({ folder, options: TWO, build: made });
    const block = [
      "",
      "THE PROGRAM DOES NOT DO THE SAME WITH EVERY ALLOCATOR",
      "  mini-alloc is not like dlmalloc in line 2:",
      String.raw`    dlmalloc:   \x1b 16 bytes apart`,
      String.raw`    mini-alloc: \x1b 8 bytes apart`,
      "  Memory that is read before it is written, or after it was freed, does that; so do addresses,",
      "  times and chance where they are printed.",
      "",
    ];
    assert.ok(stdout.includes(block.join("\n")), stdout);
    assert.equal(code, 1);
  });

  test("a build that fails with one allocator is a result", async () => {
    const made = [EMCC, source("footprint.c"), "-O1", "-o", "app.js"];
    const report = await reportOf({ folder, options: TWO, build: made });
    const row = rowOf(report, "mini-alloc");
    assert.deepEqual([row.kind, row.outcome], ["not built", "does not build"]);
    assert.match(row.details, /undefined symbol: malloc_footprint/);
    assert.equal(rowOf(report, "dlmalloc").outcome, "exit 0");
  });

  test("without malloc, there is nothing to compare, which is said", async () => {
    const made = [EMCC, source("nothing.c"), "-O2", "-o", "app.js"];
    const report = await reportOf({ folder, options: TWO, build: made });
    assert.equal(
      report.warnings[0],
      "the program is the same with every allocator: nothing in it calls malloc, or the compiler " +
        "has removed the calls as useless",
    );
  });
});

describe("limits", () => {
  const folder = emptyFolder("limits");
  const build = [EMCC, source("sum.c"), "-O1", "-o", "app.js"];

  test("that are kept are said to be, exit code 0", async () => {
    const options = [...TWO, "--max-ink", "1_000_000_000_000", "--max-pages", "65,536"];
    const { code, stdout } = await cost({ folder, options, build });
    const pattern =
      /^--max-ink 1,000,000,000,000 is kept: mini-alloc has [\d,]+ ink\n--max-pages 65,536 is kept: mini-alloc has \d+ pages$/m;
    assert.match(stdout, pattern);
    assert.equal(code, 0);
  });

  test("hold for the first allocator named, and exceeded they are exit code 1", async () => {
    const names = ["--allocators", "dlmalloc,mini-alloc", "--runs", "1"];
    const options = [...names, "--max-ink", "1000", "--max-bytes", "10", "--json"];
    const { code, stdout, stderr } = await cost({ folder, options, build });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^--max-ink 1,000 is exceeded: dlmalloc has [\d,]+ ink\n--max-bytes 10 is exceeded: dlmalloc has [\d,]+ bytes of wasm and JavaScript\n$/,
    );
    const { limits } = /** @type {Report} */ (JSON.parse(stdout));
    const held = limits.map(({ option, held: kept }) => [option, kept]);
    assert.deepEqual(held, [
      ["--max-ink", false],
      ["--max-bytes", false],
    ]);
  });

  test("that cannot be checked are not kept", async () => {
    const options = [...TWO, "--max-ink", "1000000000000"];
    const made = [EMCC, source("churn.c"), "-O1", "-o", "app.js"];
    const { code, stdout } = await cost({ folder, options, build: made });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^--max-ink 1,000,000,000,000 cannot be checked: mini-alloc: out of memory at 25\d pages$/m,
    );
  });
});
