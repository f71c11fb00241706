// What the outcomes with both allocators say, against the reasons that are listed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { choose } from "./choice.js";
import { compare, judge } from "./compare.js";
import { isGood, reportMarkdown, reportText } from "./report.js";

/** @typedef {import("./outcomes.js").Verdict} Verdict */

/** @param {Verdict} verdict @param {string} [name] */
const outcome = (verdict, name = "core0.test_brk") => ({
  test: name,
  verdict,
  why: `is ${verdict}`,
});

/** @param {Verdict} theirs @param {Verdict} ours @param {Verdict} [resized] @param {string} [name] */
const compared = (theirs, ours, resized, name) =>
  compare(outcome(theirs, name), outcome(ours, name), resized && outcome(resized, name));

/** @param {[Verdict, Verdict, Verdict?]} verdicts */
const kind = (...verdicts) => compared(...verdicts).kind;

test("a test is of the kind that both outcomes make", () => {
  assert.equal(kind("passed", "passed"), "passed");
  assert.equal(kind("skipped", "skipped"), "skipped");
  assert.equal(kind("failed", "failed"), "failed");
  assert.equal(kind("failed", "skipped"), "failed");
  assert.equal(kind("failed", "passed"), "only ours");
  assert.equal(kind("passed", "failed"), "lost");
  assert.equal(kind("passed", "skipped"), "lost");
  assert.equal(kind("passed", "failed", "failed"), "lost");
  assert.equal(kind("passed", "failed", "passed"), "resize");
});

const lost = compared("passed", "failed");
const resize = compared("passed", "failed", "passed");
const reason = { test: "test_brk", why: "nothing is given back" };

test("what fails with us only needs a listed reason", () => {
  assert.deepEqual(judge([lost], []).unexcused, [lost]);
  assert.deepEqual(judge([lost], [{ ...reason, test: "test_sbrk" }]).unexcused, [lost]);
  assert.deepEqual(judge([lost], [reason]).unexcused, []);
  assert.deepEqual(judge([lost], [reason]).excused, [{ ...lost, reason }]);
});

test("a reason may hold in some modes only", () => {
  assert.ok(isGood([lost], [{ ...reason, modes: ["core2", "core0"] }]));
  assert.ok(!isGood([lost], [{ ...reason, modes: ["core2"] }]));
});

test("a reason says whether libmini_alloc-resize.a passes", () => {
  assert.ok(isGood([resize], [{ ...reason, resize: true }]));
  assert.ok(!isGood([resize], [reason]));
  assert.ok(!isGood([lost], [{ ...reason, resize: true }]));
});

test("a reason for a test that passes is stale", () => {
  const passes = compared("passed", "passed");
  assert.deepEqual(judge([passes], [reason]).stale, [reason]);
  assert.ok(!isGood([passes], [reason]));
  assert.ok(isGood([passes], [{ ...reason, modes: ["core2"] }]));
  assert.ok(isGood([compared("failed", "failed")], [reason]));
});

test("a reason for what may pass as well is never stale", () => {
  const passes = compared("passed", "passed");
  assert.ok(isGood([passes], [{ ...reason, atTimes: true }]));
  assert.ok(isGood([lost], [{ ...reason, atTimes: true }]));
});

test("the report has the counts, and the tests that share a reason in one line", () => {
  const all = ["core0.test_brk", "core2.test_brk", "core0.test_new"].map((name) =>
    compared("passed", "failed", "failed", name),
  );
  const reasons = [reason, { test: "test_new", modes: ["core0"], why: reason.why }];
  const text = reportMarkdown(
    [...all, compared("passed", "passed", undefined, "core0.test_x")],
    reasons,
  );
  assert.match(text, /\| `core0` +\| +3 \| +1 \| +0 \| +2 \| +0 \| +0 \| +0 \|/);
  assert.match(text, /\| `core2` +\| +1 \| +0 \| +0 \| +1 \| +0 \| +0 \| +0 \|/);
  assert.match(text, /\n- `test_brk`, `test_new` \(core0\): nothing is given back$/);
});

test("the terminal is told what is wrong", () => {
  assert.match(reportText([lost], []), /no reason is listed:\n {2}core0\.test_brk: is failed\n/);
  assert.match(reportText([lost], []), /\n\n1 test: 1 failed without a listed reason, 0 listed/);
  const passes = { ...compared("passed", "passed"), again: true };
  assert.match(reportText([passes], [reason]), /Passed at the second try:\n {2}core0\.test_brk\n/);
  assert.match(reportText([passes], [reason]), /can not:\n {2}test_brk: nothing is given back\n/);
  assert.match(
    reportText([lost], [reason]),
    /\n\n1 test: what passes with dlmalloc passes, or can/,
  );
});

const NAMES = ["core0.test_brk", "core0.test_utf", "core2.test_brk", "core2.test_utf"];

test("what a mode is called chooses none of its tests", () => {
  const names = ["bulkmem2.test_brk", "bulkmem2.test_utf"];
  assert.deepEqual(choose(["bulkmem2"], names), ["bulkmem2.test_brk"]);
});

test("words choose tests: a mode, a name, a pattern", () => {
  assert.deepEqual(choose([], NAMES), ["core0.test_brk", "core0.test_utf", "core2.test_brk"]);
  assert.deepEqual(choose(["core2"], NAMES), ["core2.test_brk"]);
  assert.deepEqual(choose(["core2.test_utf"], NAMES), ["core2.test_utf"]);
  assert.deepEqual(choose(["core0", "core*.*brk"], NAMES), [
    "core0.test_brk",
    "core0.test_utf",
    "core2.test_brk",
  ]);
  assert.throws(() => choose(["core0.test_bark"], NAMES), {
    message: "no test 'core0.test_bark' in the suite",
    remedy: "core0.test_brk",
  });
});
