// CMake: emscripten.cmake included from the source tree.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, node, root, run } from "../helpers/toolchain.js";
import { cmake, consumer, missing } from "./projects.js";

const project = consumer("cmake-source");
const listing = "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON";
const skip = await missing("emcmake", "cmake");

describe("a CMake project that includes emscripten.cmake", { skip }, () => {
  const out = buildFolder("plug/cmake-source");
  // What a project says of itself, the allocator must not take from it.
  const strange = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_STANDARD=99"];
  before(() => cmake(project, out, [`-DMINI_ALLOC=${root}`, listing, ...strange]));

  test("through a library in a folder of its own", async (t) =>
    reportChecks(t, await node(join(out, "app.js"))));

  for (const kind of ["mini_alloc", "mt", "resize", "memoryprofiler", "trace"]) {
    test(`mini_alloc::${kind}`, async (t) =>
      reportChecks(t, await node(join(out, `${kind}-program.js`))));
  }

  test("the flags are the Makefile's, without its warnings", () => {
    const makefile = readFileSync(join(root, "Makefile"), "utf8");
    const line = /^CFLAGS_LIB := (.*)$/m.exec(makefile)?.[1] ?? "";
    const flags = line.split(" ").filter((flag) => /^-(std|O|f)/.test(flag));
    assert.ok(flags.includes("-fno-builtin"), "the Makefile's are found");
    /** @type {{file: string, command: string}[]} */
    const commands = JSON.parse(readFileSync(join(out, "compile_commands.json"), "utf8"));
    const ours = commands.filter(({ file }) => file.endsWith("/mini_alloc.c"));
    assert.equal(ours.length, 5);
    for (const { command } of ours) {
      for (const flag of flags) {
        assert.ok(command.split(" ").includes(flag), `${flag} in: ${command}`);
      }
    }
  });
});

test("without emcmake the project does not configure, and says what to do", async () => {
  const out = buildFolder("plug/cmake-native");
  rmSync(out, { recursive: true });
  const { code, stderr } = await run("cmake", ["-S", project, "-B", out, `-DMINI_ALLOC=${root}`]);
  assert.notEqual(code, 0);
  assert.match(stderr, /mini_alloc: these targets are for Emscripten only/);
  assert.match(stderr, /try: emcmake cmake -B build/);
});
