// Plain emcc: the archive by its path, by -l, and the one C file; and what goes wrong.

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import {
  archive,
  buildFolder,
  emcc,
  include,
  node,
  source,
  tryEmcc,
} from "../helpers/toolchain.js";
import { buildAndRun, consumer } from "./projects.js";

const app = consumer("program/marks.c");
const I = `-I${include}`;
const none = "-sMALLOC=none";

/** @type {Record<string, string[]>} */
const ways = {
  "the archive after the sources": [app, archive(), I, none],
  "the archive before the sources": [archive(), app, I, none],
  "-L and -l": [app, I, `-L${dirname(archive())}`, "-lmini_alloc", none],
  "-l before the sources": [`-L${dirname(archive())}`, "-lmini_alloc", none, I, app],
  "the one C file": [app, source, I, none],
  "the archive, -sMALLOC=none forgotten": [app, archive(), I],
  "-l, -sMALLOC=none forgotten": [app, I, `-L${dirname(archive())}`, "-lmini_alloc"],
  "the one C file, -sMALLOC=none forgotten": [app, source, I],
  "the archive in a position-independent build": [app, archive(), I, none, "-sMAIN_MODULE=2"],
  "the resize archive": [app, archive("-resize"), I, none, "-sALLOW_MEMORY_GROWTH"],
};

for (const [way, args] of Object.entries(ways)) {
  for (const level of ["-O0", "-O2"]) {
    const name = `archive/${way.replaceAll(/\W+/g, "-")}${level}`;
    test(`${way}, ${level}`, async (t) =>
      reportChecks(t, await buildAndRun(name, [...args, level])));
  }
}

test("the command of the README, with paths from where the program is", async (t) => {
  const folder = consumer("program");
  const out = join(buildFolder("plug/archive/readme"), "app.js");
  const args = ["marks.c", "../../../src/mini_alloc.c", "-I../../../include", none, "-o", out];
  await emcc(args, { cwd: folder });
  await reportChecks(t, await node(out));
});

test("without an allocator malloc is undefined", async () => {
  const out = join(buildFolder("plug/archive/forgotten"), "app.js");
  const { code, stderr } = await tryEmcc([app, I, none, "-o", out]);
  assert.notEqual(code, 0);
  assert.match(stderr, /undefined symbol: malloc\b/);
  assert.match(stderr, /undefined symbol: mini_alloc_get_info\b/);
});
