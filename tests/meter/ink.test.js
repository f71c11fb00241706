// What `mini-alloc meter` counts, against two other counts: one by hand, in the comments of wat/,
// and that of an interpreter which shares nothing with the meter.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { archive, buildFolder, emcc, include, root, run, source } from "../helpers/toolchain.js";
import { meter } from "./command.js";
import { decode } from "./decoder.js";
import { Interpreter } from "./interpreter.js";
import { Trap } from "./operators.js";
import { assemble, expectations, modules } from "./wat.js";

/** @import { Cost } from "./command.js" */

/** What an expectation can speak of, in its words. @param {Cost} cost */
const words = ({ ink, operators, outside, pagesBefore, pagesAfter, result, trap }) => ({
  ...{ ink: `${ink}`, operators: `${operators}`, outside: `${outside}` },
  ...{ pages: `${pagesBefore}->${pagesAfter}`, result: `${result}` },
  trap: trap === undefined ? "no" : "yes",
});

/**
 * Demands what was written of a cost.
 * @param {string} call @param {Cost} cost @param {object} said
 */
function demand(call, cost, said) {
  const wanted = Object.entries({ trap: "no", ...said });
  const got = new Map(Object.entries(words(cost)));
  assert.deepEqual(
    wanted.map(([key]) => [key, got.get(key)]),
    wanted,
    `${call}: got ${JSON.stringify(words(cost))}`,
  );
}

const NOTHING = { ink: "0", operators: "0", outside: "0" };

describe("the meter counts what was counted by hand", () => {
  for (const name of modules) {
    test(`${name}.wat`, async () => {
      const { expected } = expectations(name);
      const before = expected.find(({ call }) => call === "setup");
      const asked = expected.filter(({ call }) => call !== "setup");
      const calls = asked.map(({ call }) => call);
      const cost = await meter(await assemble(name), calls);
      demand("setup", cost.setup, before?.said ?? NOTHING);
      for (const [i, { call, said }] of asked.entries()) {
        demand(call, /** @type {Cost} */ (cost.calls[i]), said);
      }
    });
  }

  test("the sums in the comments are right", () => {
    for (const name of modules) {
      const { blocks, expected } = expectations(name);
      assert.ok(expected.length > 0, `${name}.wat expects nothing`);
      for (const [letter, { ink, written }] of blocks) {
        assert.equal(written, ink, `${name}.wat, block ${letter}`);
      }
      for (const { call, said, sum } of expected) {
        const written = ["ink", "operators", "outside"].map((key) => [key, Number(said[key])]);
        assert.deepEqual(Object.fromEntries(written), sum, `${name}.wat, ${call}`);
      }
    }
  });
});

/** What the interpreter counts of a call. @param {Interpreter} interpreter @param {string} call */
function interpret(interpreter, call) {
  const { ink, operators, pages } = interpreter;
  const [name = "", args] = call.split(":");
  /** @type {{result: string} | {trap: true}} */
  let outcome;
  try {
    const results = interpreter.call(name, ...(args?.split(",").map(BigInt) ?? []));
    outcome = { result: results.length > 0 ? results.join() : "undefined" };
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    outcome = { trap: true };
  }
  return {
    ...{ call, ink: interpreter.ink - ink, operators: interpreter.operators - operators },
    ...{ pages: `${pages}->${interpreter.pages}`, ...outcome },
  };
}

/**
 * The same, as the command has it.
 * @param {string} call @param {Cost} cost
 */
const metered = (call, { ink, operators, pagesBefore, pagesAfter, result, trap }) => ({
  ...{ call, ink, operators, pages: `${pagesBefore}->${pagesAfter}` },
  ...(trap === undefined ? { result: `${result}` } : { trap }),
});

/**
 * Demands that the meter and the interpreter count the same, in both schedules.
 * @param {string} file
 * @param {string[]} calls
 */
async function agree(file, calls) {
  const interpreter = new Interpreter(readFileSync(file));
  const { ink, operators } = interpreter;
  const counted = calls.map((call) => interpret(interpreter, call));
  const stylus = await meter(file, calls);
  assert.deepEqual([stylus.setup.ink, stylus.setup.operators], [ink, operators]);
  const one = await meter(file, calls, ["--schedule", "operators"]);
  assert.deepEqual([one.setup.ink, one.setup.operators], [operators, operators]);
  for (const [i, count] of counted.entries()) {
    const call = calls[i] ?? "";
    const inInk = metered(call, /** @type {Cost} */ (stylus.calls[i]));
    const inOperators = metered(call, /** @type {Cost} */ (one.calls[i]));
    assert.deepEqual(inOperators, { ...inInk, ink: inInk.operators });
    if ("trap" in count) {
      // The meter has charged for all of the block, the interpreter for the part that ran.
      assert.ok("trap" in inInk, `${call} did not trap`);
      assert.ok(inInk.ink >= count.ink && inInk.operators >= count.operators, call);
    } else assert.deepEqual(inInk, count);
  }
}

/** Modules that need more than the interpreter knows. */
const BEYOND = /^(atomic|exception|float|memory64|segment|simd|table|tail-call)$/;
const integers = modules.filter((name) => !BEYOND.test(name));

/** @param {string} name */
const callsOf = (name) =>
  expectations(name)
    .expected.map(({ call }) => call)
    .filter((call) => call !== "setup");

describe("an interpreter counts the same", () => {
  for (const name of integers) {
    test(`${name}.wat`, async () => agree(await assemble(name), callsOf(name)));
  }

  const crate = join(buildFolder("meter"), "crate.wasm");
  test("the crate's tests", async () => {
    await emcc([
      ...[join(root, "tests/wasm/crate.c"), source, `-I${include}`, "-O2", "-sMALLOC=none"],
      ...["-sSTANDALONE_WASM", "--no-entry", "-sTOTAL_STACK=16384", "-sINITIAL_MEMORY=65536"],
      ...["-sALLOW_MEMORY_GROWTH", "-sMAXIMUM_MEMORY=4GB", "-o", crate],
    ]);
    await agree(crate, ["edge_cases"]);
    await agree(crate, ["vec_test", "vec_test_loop", "vec_test_overallocate"]);
  });

  for (const level of ["-O0", "-O2", "-O2 -mbulk-memory", "-Oz"]) {
    test(`lists.c with ${level}`, async () => {
      const out = join(buildFolder("meter"), `lists${level.replaceAll(" ", "")}.wasm`);
      await emcc([
        ...[join(root, "tests/meter/lists.c"), archive(), "-sMALLOC=none", ...level.split(" ")],
        ...["-sSTANDALONE_WASM", "--no-entry", "-o", out],
      ]);
      await agree(out, ["lists:1", "lists:60"]);
    });
  }
});

/** The operators that wasm-objdump finds in a module, in its words. @param {string} file */
async function disassembled(file) {
  const { code, stdout } = await run("wasm-objdump", ["-d", file]);
  assert.equal(code, 0);
  return [...stdout.matchAll(/^ [0-9a-f]+: .*\| +(?!local\[)([a-z][\w.]*)/gm)].map(
    ([, name]) => name,
  );
}

describe("the interpreter reads the operators that wasm-objdump prints", () => {
  for (const name of integers) {
    test(`${name}.wat`, async () => {
      const file = await assemble(name);
      const bodies = decode(readFileSync(file)).functions.flatMap(({ body }) => body?.() ?? []);
      const names = bodies.flatMap(({ steps }) => steps.map(({ operator }) => operator.name));
      assert.deepEqual(names, await disassembled(file));
    });
  }
});

/**
 * Returns floor(31874000^(n/128)): the greatest whole number whose 128th power is no more than
 * 31874000^n.
 * @param {number} n
 */
function exponential(n) {
  const bound = 31_874_000n ** BigInt(n);
  let [low, high] = [0n, 31_874_001n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** 128n <= bound) low = middle;
    else high = middle;
  }
  return Number(low);
}

/** What Stylus charges for growing. @param {number} from @param {number} to pages @returns gas */
const growth = (from, to) =>
  to <= 2 ? 0 : 1000 * (to - Math.max(from, 2)) + exponential(to) - exponential(from);

const INK_PER_GAS = 10_000;
const GROW = 10_576; // the operators of the call, by hand in pages.wat

describe("growth costs what Stylus charges, and only when it is asked for", () => {
  test("2 to 3 pages cost 1000 gas, 2 to 6 cost 4001, 6 to 64 cost 63643", async () => {
    assert.deepEqual([growth(2, 3), growth(2, 6), growth(6, 64)], [1000, 4001, 63643]);
    const file = await assemble("pages");
    const [three] = (await meter(file, ["grow:1"])).calls;
    const { calls } = await meter(file, ["grow:4", "grow:58"]);
    assert.deepEqual(
      [three, ...calls].map((call) => [call?.pagesInk, call?.ink]),
      [
        [10_000_000, GROW],
        [40_010_000, GROW],
        [636_430_000, GROW],
      ],
    );
  });

  test("every page up to the 128th has its own price, and the 129th has none", async () => {
    const steps = Array.from({ length: 127 }, (_, i) => i + 2);
    const calls = steps.map(() => "grow:1");
    const cost = await meter(await assemble("pages"), calls, ["--pages", "stylus"]);
    const prices = steps.map((n) => (n < 128 ? growth(n, n + 1) * INK_PER_GAS : null));
    assert.deepEqual(
      cost.calls.map(({ pagesInk }) => pagesInk),
      prices,
    );
    assert.deepEqual(
      cost.calls.map(({ ink }) => ink),
      prices.map((price) => GROW + (price ?? 0)),
    );
  });

  test("the first two pages are free, and so is growth that fails", async () => {
    const { calls } = await meter(await assemble("memory"), [
      "grow:1",
      "grow:9",
      "grow:0",
      "grow:1",
    ]);
    assert.deepEqual(
      calls.map(({ pagesInk, result }) => [pagesInk, result]),
      [
        [0, 1],
        [0, -1],
        [0, 2],
        [10_000_000, 2],
      ],
    );
  });

  test("growth by many pages at once costs what they cost one by one", async () => {
    const { calls } = await meter(await assemble("pages"), ["grow:126"], ["--pages", "stylus"]);
    const gas = 126 * 1000 + 31_874_000 - 1;
    assert.deepEqual([calls[0]?.pagesInk, calls[0]?.ink], [gas * 10_000, gas * 10_000 + GROW]);
  });
});
