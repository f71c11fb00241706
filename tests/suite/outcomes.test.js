// What the runner prints, read as data.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readOutcomes } from "./outcomes.js";

const [DOUBLE, SINGLE] = ["=".repeat(70), "-".repeat(70)];

const WHOLE = `shared:INFO: (Emscripten: Running sanity checks)
test_sbrk (test_core.core0.test_sbrk) ... ok
test_lua (test_core.core0.test_lua) ... <building and saving lua into cache>
ERROR
test_avx (test_core.core0.test_avx) ... skipped 'test requires v8 and EMTEST_SKIP_V8 is set'
test_utf (test_core.core0.test_utf) ... skipped "it's no use"
test_main (test_core.core0.test_main) ... main.c:1: warning: all is ok
1 warning generated.
FAIL
test_odd (test_core.core0.test_odd) ... expected failure

${DOUBLE}
ERROR: test_lua (test_core.core0.test_lua)
${SINGLE}
Traceback (most recent call last):
FileNotFoundError: third_party/lua

${DOUBLE}
FAIL: test_main (test_core.core0.test_main)
${SINGLE}
Traceback (most recent call last):
AssertionError: 1 is not 2
test_sbrk (test_core.core0.test_sbrk) ... FAIL

${SINGLE}
Ran 6 tests in 4.777s

FAILED (failures=1, errors=1, skipped=2)
`;

const passed = { verdict: "passed", why: "" };

test("every test has its verdict, and its reason", () => {
  const { outcomes, running } = readOutcomes(WHOLE);
  const why = "Traceback (most recent call last):\n";
  assert.deepEqual(outcomes, [
    { test: "core0.test_sbrk", ...passed },
    {
      test: "core0.test_lua",
      verdict: "failed",
      why: `${why}FileNotFoundError: third_party/lua`,
    },
    {
      test: "core0.test_avx",
      verdict: "skipped",
      why: "test requires v8 and EMTEST_SKIP_V8 is set",
    },
    { test: "core0.test_utf", verdict: "skipped", why: "it's no use" },
    {
      test: "core0.test_main",
      verdict: "failed",
      why: `${why}AssertionError: 1 is not 2\ntest_sbrk (test_core.core0.test_sbrk) ... FAIL`,
    },
    { test: "core0.test_odd", ...passed },
  ]);
  assert.equal(running, undefined);
});

test("the names of tests before Python 3.11 are the same", () => {
  const { outcomes } = readOutcomes("test_sbrk (test_core.core2) ... ok\n");
  assert.deepEqual(outcomes, [{ test: "core2.test_sbrk", ...passed }]);
});

test("a test that has begun is running until it has a verdict", () => {
  const begun =
    "test_brk (test_core.lto2.test_brk) ... ok\ntest_sbrk (test_core.lto2.test_sbrk) ... ";
  assert.equal(readOutcomes(`${begun}emcc: warning: this is not ok`).running, "lto2.test_sbrk");
  assert.equal(readOutcomes(`${begun}o`).running, "lto2.test_sbrk");
  const { outcomes, running } = readOutcomes(`${begun}ok`);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.test),
    ["lto2.test_brk", "lto2.test_sbrk"],
  );
  assert.equal(running, undefined);
});

test("nothing but noise is no outcome", () => {
  assert.deepEqual(readOutcomes("posixtestsuite not found\n"), {
    outcomes: [],
    running: undefined,
  });
});
