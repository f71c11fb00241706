// Turns the lines that a C program prints through check.h into tests.

import assert from "node:assert/strict";

/** The last lines, none of them a whole minified program. @param {string} text */
const tail = (text) =>
  text
    .split("\n")
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line))
    .slice(-30)
    .join("\n");

/**
 * Reports every check of `outcome` as a test below `t`, and fails if the program did not reach its
 * end or checked nothing.
 * @param {import("node:test").TestContext} t
 * @param {import("./toolchain.js").Outcome} outcome
 */
export async function reportChecks(t, outcome) {
  let passed = 0;
  let failed = 0;
  for (const [, verdict, name] of outcome.stdout.matchAll(/^(ok|not ok) - (.*)$/gm)) {
    if (verdict === "ok") passed++;
    else failed++;
    await t.test(name ?? "", () => assert.equal(verdict, "ok", name));
  }
  const end = /^(\d+) passed, (\d+) failed$/m.exec(outcome.stdout);
  assert.ok(end, `ended early, exit ${outcome.code}:\n${tail(outcome.stdout + outcome.stderr)}`);
  assert.deepEqual([passed, failed], [Number(end[1]), Number(end[2])]);
  assert.ok(passed + failed > 0, "checked nothing");
  assert.equal(outcome.code, failed > 0 ? 1 : 0);
}

/**
 * Asserts that a command of ours was refused: its error in full, and nothing else.
 * @param {import("./toolchain.js").Outcome} outcome
 * @param {string} message
 * @param {string} remedy
 */
export function assertRefused(outcome, message, remedy) {
  const stderr = `mini-alloc: ${message}\n  try: ${remedy}\n`;
  assert.deepEqual(outcome, { code: 2, stdout: "", stderr });
}
