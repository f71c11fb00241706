// CMake: emscripten.cmake included from the source tree.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, emscripten, node, root, run, succeed } from "../helpers/toolchain.js";
import { cmake, consumer, missing, noMemory64, runMemory64 } from "./projects.js";

const project = consumer("cmake-source");
const listing = "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON";
const skip = await missing("emcmake", "cmake");
const skip64 = await noMemory64();

/** What CMake compiles, and how. @param {string} folder */
function commands(folder) {
  /** @type {{file: string, command: string}[]} */
  const all = JSON.parse(readFileSync(join(folder, "compile_commands.json"), "utf8"));
  return all.map(({ file, command }) => ({ file, flags: command.split(" ") }));
}

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
    const ours = commands(out).filter(({ file }) => file.endsWith("/mini_alloc.c"));
    assert.equal(ours.length, 5);
    for (const command of ours) {
      for (const flag of flags) {
        assert.ok(command.flags.includes(flag), `${flag} in: ${command.flags.join(" ")}`);
      }
    }
  });
});

describe("a CMake project with modes of its own", { skip }, () => {
  const modes = consumer("cmake-modes");
  /** @param {string} name @param {string[]} settings */
  const build = async (name, settings) => {
    const folder = buildFolder(`plug/cmake-modes/${name}`);
    const { stderr } = await cmake(modes, folder, [`-DMINI_ALLOC=${root}`, ...settings]);
    assert.doesNotMatch(stderr, /warning/i);
    return join(folder, "app.js");
  };

  /** @type {Record<string, string[]>} */
  const settings = {
    "-flto": ["-DKIND=mini_alloc", "-DCMAKE_C_FLAGS=-O2 -flto -sDEFAULT_TO_CXX=0"],
    "-pthread": ["-DKIND=mt", "-DCMAKE_C_FLAGS=-pthread"],
    "-fPIC and -sMAIN_MODULE": [
      "-DKIND=mini_alloc",
      "-DCMAKE_C_FLAGS=-fPIC",
      "-DCMAKE_EXE_LINKER_FLAGS=-sMAIN_MODULE=2",
    ],
  };
  for (const [mode, options] of Object.entries(settings)) {
    test(mode, async (t) =>
      reportChecks(t, await node(await build(mode.replaceAll(/\W+/g, "-"), options))),
    );
  }

  test("-sMEMORY64", { skip: skip64 }, async (t) => {
    const app = await build("memory64", ["-DKIND=mini_alloc", "-DCMAKE_C_FLAGS=-sMEMORY64"]);
    await reportChecks(t, await runMemory64(app));
  });

  test("CMAKE_INTERPROCEDURAL_OPTIMIZATION leaves the allocator a native object", async () => {
    const folder = buildFolder("plug/cmake-modes/ipo");
    rmSync(folder, { recursive: true });
    const ipo = "-DCMAKE_INTERPROCEDURAL_OPTIMIZATION=ON";
    const args = ["cmake", "-S", modes, "-B", folder, `-DMINI_ALLOC=${root}`, "-DKIND=mini_alloc"];
    await succeed(emscripten("emcmake"), [...args, ipo, listing]);
    for (const { file, flags } of commands(folder)) {
      const isOurs = file.endsWith("/mini_alloc.c");
      const lto = flags.findLast((flag) => /^-f(no-)?lto/.test(flag));
      assert.equal(lto, isOurs ? "-fno-lto" : "-flto=thin", file);
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
