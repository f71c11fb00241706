// Builds and runs modes with both allocators, and turns them into tests.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, node, nodeSince, root, tryEmcc, tryEmpp } from "../helpers/toolchain.js";
import { allocatorFlags, applies, failureOf } from "./mode.js";
import { resultsOf, rowOf } from "./rows.js";

/**
 * @typedef {import("./mode.js").Mode} Mode
 * @typedef {import("./mode.js").Failure} Failure
 * @typedef {import("./mode.js").Allocator} Allocator
 * @typedef {import("./mode.js").Kit} Kit
 * @typedef {import("../helpers/toolchain.js").Outcome} Outcome
 *
 * How far a mode came with one allocator, and what the last step printed.
 * @typedef {object} Result
 * @property {"build" | "run" | "works"} at the step that failed, if one did
 * @property {Outcome} outcome
 */

const SECONDS = 120; // of a run

/** @param {string} text */
const fileName = (text) => text.replaceAll(/\W+/g, "-").replaceAll(/^-|-$/g, "");

/**
 * @param {string} group
 * @param {Mode} mode
 * @param {Allocator} allocator
 * @param {Mode["archive"]} kind
 * @returns {Promise<Kit>}
 */
async function makeKit(group, mode, allocator, kind) {
  const ours = allocator === "mini-alloc";
  const part = kind === (mode.archive ?? "") ? allocator : `${allocator}-plain`;
  const folder = buildFolder(`modes/${group}/${fileName(mode.name)}/${part}`);
  const runs = (await nodeSince(mode.node ?? 0)) ?? node;
  return {
    allocator,
    ours,
    ...allocatorFlags(mode, allocator, kind),
    flags: [...(mode.flags ?? []), ...((ours ? mode.ours : mode.control) ?? [])],
    sources: (mode.sources ?? ["workload.c"]).map((file) => join(root, "tests/modes", file)),
    folder,
    out: join(folder, mode.output ?? "app.js"),
    emcc: tryEmcc,
    empp: tryEmpp,
    node: (file, args = []) => runs(file, args, { seconds: SECONDS }),
  };
}

/** One command: all sources, all flags. @param {Kit} kit */
export function buildProgram({ emcc, empp, sources, flags, compile, link, out }) {
  const compiler = sources.some((file) => file.endsWith(".cpp")) ? empp : emcc;
  const exit = out.endsWith(".wasm") ? [] : ["-sEXIT_RUNTIME"]; // refused where there is no JavaScript
  return compiler([...sources, ...exit, ...flags, ...compile, ...link, "-o", out]);
}

/**
 * @param {string} group
 * @param {Mode} mode
 * @param {Allocator} allocator
 * @param {Mode["archive"]} [kind]
 * @returns {Promise<Result>}
 */
async function attempt(group, mode, allocator, kind = mode.archive ?? "") {
  const kit = await makeKit(group, mode, allocator, kind);
  const built = await (mode.build ?? buildProgram)(kit);
  if (built.code !== 0) return { at: "build", outcome: built };
  const outcome = await (mode.run ?? ((k) => k.node(k.out)))(kit);
  const ended = /^\d+ passed, 0 failed$/m.test(outcome.stdout);
  return { at: outcome.code === 0 && ended ? "works" : "run", outcome };
}

/** What a result printed, without the end of a minified program. @param {Result} result */
const printed = ({ outcome }) =>
  `exit ${outcome.code}\n${outcome.stdout.slice(-2000)}${outcome.stderr.slice(-4000)}`;

/** @param {Result} result @param {{at: string, message: RegExp}} expected */
function assertFails(result, { at, message }) {
  assert.equal(result.at, at, `declared to fail at ${at}:\n${printed(result)}`);
  assert.match(result.outcome.stdout + result.outcome.stderr, message);
}

/** @param {Result} result @param {Failure | undefined} failure */
const isAsDeclared = ({ at, outcome }, failure) =>
  failure
    ? at === failure.at && failure.message.test(outcome.stdout + outcome.stderr)
    : at === "works";

/**
 * @param {import("node:test").TestContext} t
 * @param {Result} result
 * @param {Failure | undefined} failure
 */
async function check(t, result, failure) {
  if (failure) assertFails(result, failure);
  else if (result.at === "build") assert.fail(`does not build:\n${printed(result)}`);
  else await reportChecks(t, result.outcome);
}

/**
 * @param {import("node:test").TestContext} t
 * @param {string} group
 * @param {Mode} mode
 * @returns {Promise<boolean>} whether all was as declared. (A test's promise does not tell.)
 */
async function testMode(t, group, mode) {
  let wasAsDeclared = true;
  for (const allocator of /** @type {const} */ (["mini-alloc", "emmalloc"])) {
    await t.test(allocator, async (u) => {
      const declared = failureOf(mode, allocator);
      const result = await attempt(group, mode, allocator);
      const failure = declared?.atTimes && result.at === "works" ? undefined : declared;
      wasAsDeclared &&= isAsDeclared(result, failure);
      await check(u, result, failure);
    });
  }
  const { plain } = mode;
  if (plain && applies(plain)) {
    await t.test("libmini_alloc.a does not do", async () => {
      assertFails(await attempt(group, mode, "mini-alloc", ""), plain);
    });
  }
  return wasAsDeclared;
}

/**
 * One test for each mode, or for those whose names match the regular expression $MODES.
 * @param {string} group
 * @param {readonly Mode[]} modes
 */
export function testModes(group, modes) {
  const keep = resultsOf(group, modes);
  const wanted = new RegExp(process.env.MODES ?? "");
  for (const mode of modes.filter(({ name }) => wanted.test(name))) {
    test(mode.name, async (t) => {
      if (mode.unbuildable !== undefined) {
        keep({ mode: mode.name, cell: "not tried" });
        t.skip(mode.unbuildable);
        return;
      }
      keep({ mode: mode.name, cell: "FAILED" });
      if (await testMode(t, group, mode)) keep(rowOf(mode));
    });
  }
}
