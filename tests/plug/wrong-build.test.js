// An archive in a build that it is not made for does not link. It would work at first.

import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { archive, buildFolder, include, tryEmcc } from "../helpers/toolchain.js";
import { buildAndRun, consumer, oneWorker } from "./projects.js";

const common = [`-I${include}`, "-sMALLOC=none"];

/**
 * Links a program, which has to fail, and returns what the linker says.
 * @param {string} name
 * @param {string[]} args
 */
async function linkError(name, args) {
  const out = join(buildFolder(`plug/wrong-build/${name}`), "app.js");
  const { code, stderr } = await tryEmcc([...args, ...common, "-o", out]);
  assert.notEqual(code, 0, "it has linked");
  return stderr;
}

/** @type {("" | "-resize" | "-memoryprofiler" | "-trace")[]} */
const forOneThread = ["", "-resize", "-memoryprofiler", "-trace"];

for (const kind of forOneThread) {
  for (const mode of [[], ["-O2"], ["-sMAIN_MODULE=2"]]) {
    const name = basename(archive(kind));
    test(`${name} with ${["-pthread", ...mode].join(" ")}`, async () => {
      const program = consumer("program/main.c");
      const error = await linkError(`one${kind}`, [program, archive(kind), "-pthread", ...mode]);
      const object = `mini_alloc${kind}.o`;
      assert.match(error, new RegExp(`--shared-memory is disallowed by ${object} because it was`));
    });
  }
}

for (const mode of [[], ["-O2"], ["-sMAIN_MODULE=2"]]) {
  test(`libmini_alloc-mt.a without -pthread, ${mode.join(" ") || "-O0"}`, async () => {
    const error = await linkError("mt", [consumer("program/main.c"), archive("-mt"), ...mode]);
    assert.match(error, /undefined symbol: __tls_size\b/);
  });
}

test("there are no marks with threads", async () => {
  const args = [consumer("program/marks.c"), archive("-mt"), "-pthread"];
  const error = await linkError("marks", args);
  assert.match(error, /undefined symbol: mini_alloc_mark\b/);
  assert.match(error, /undefined symbol: mini_alloc_reset\b/);
});

test("libmini_alloc-mt.a with -pthread is the right one", async (t) => {
  const args = [consumer("threads/main.c"), archive("-mt"), "-pthread", ...oneWorker, ...common];
  await reportChecks(t, await buildAndRun("wrong-build/right", args));
});
