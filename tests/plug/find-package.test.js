// find_package(mini_alloc CONFIG): where it looks, and which versions it takes.

import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, emscripten, isSince, node, root, run } from "../helpers/toolchain.js";
import { cmake, consumer, install, missing } from "./projects.js";

const folder = buildFolder("plug/find-package");
const prefix = join(folder, "moved");
const config = join(prefix, "lib/cmake/mini_alloc");
const project = consumer("cmake-installed");
const skip = await missing("emcmake", "cmake");

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  await install(join(folder, "prefix"));
  renameSync(join(folder, "prefix"), prefix);
});

/** Only configures. @param {string} name @param {string[]} settings */
const configure = (name, settings) =>
  run(emscripten("emcmake"), [
    ...["cmake", "-S", consumer("cmake-version"), "-B", join(folder, name)],
    ...settings,
  ]);

describe("an installed mini_alloc that has been moved", { skip }, () => {
  const out = join(folder, "cmake");
  before(() => cmake(project, out, [`-DCMAKE_FIND_ROOT_PATH=${prefix}`]));

  for (const kind of ["mini_alloc", "resize"]) {
    test(`mini_alloc::${kind}`, async (t) =>
      reportChecks(t, await node(join(out, `${kind}-program.js`))));
  }

  test("mini_alloc::mt, from a folder of its own", async (t) =>
    reportChecks(t, await node(join(out, "folder/mt-program.js"))));
});

describe("find_package under emcmake", { skip }, () => {
  /** @type {Record<string, string[]>} */
  const ways = {
    "-DCMAKE_FIND_ROOT_PATH=PREFIX": [`-DCMAKE_FIND_ROOT_PATH=${prefix}`],
    "-Dmini_alloc_DIR=PREFIX/lib/cmake/mini_alloc": [`-Dmini_alloc_DIR=${config}`],
    "-DCMAKE_PREFIX_PATH=PREFIX, if packages are looked for outside Emscripten's sysroot": [
      `-DCMAKE_PREFIX_PATH=${prefix}`,
      "-DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=BOTH",
    ],
  };
  for (const [way, settings] of Object.entries(ways)) {
    test(`finds it with ${way}`, async () => {
      const { code, stderr } = await configure(`way${Object.keys(ways).indexOf(way)}`, settings);
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /warning/i);
    });
  }

  test("does not find it with -DCMAKE_PREFIX_PATH=PREFIX alone", async () => {
    const { code, stderr } = await configure("prefix", [`-DCMAKE_PREFIX_PATH=${prefix}`]);
    assert.notEqual(code, 0);
    assert.match(stderr, /Could not find a package configuration file provided by "mini_alloc"/);
  });
});

describe("find_package(mini_alloc VERSION)", { skip }, () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [major, minor] = version.split(".").map(Number);
  const found = `-Dmini_alloc_DIR=${config}`;

  const fitting = [version, `${major}.${minor}`, `${version};EXACT`];
  for (const [i, wanted] of fitting.entries()) {
    test(`takes ${version} for ${wanted}`, async () => {
      const { code, stderr } = await configure(`fits${i}`, [found, `-DWANTED=${wanted}`]);
      assert.equal(code, 0, stderr);
    });
  }

  const others = [`${major}.${minor}.999`, `${major}.${minor + 1}`, `${major + 1}`];
  for (const [i, wanted] of others.entries()) {
    test(`refuses it for ${wanted}, in CMake's words`, async () => {
      const { code, stderr } = await configure(`other${i}`, [found, `-DWANTED=${wanted}`]);
      assert.notEqual(code, 0);
      const told = stderr.replaceAll(/\s+/g, " ");
      assert.match(told, /Could not find a configuration file for package "mini_alloc"/);
      assert.ok(told.includes(`mini_alloc-config.cmake, version: ${version}`), told);
    });
  }

  test("takes it for a range that holds it, and not for one that ends before", async () => {
    const range = `${major}.${minor}...<${major}.${minor + 1}`;
    const held = await configure("range", [found, `-DWANTED=${range}`]);
    assert.equal(held.code, 0, held.stderr);
    const below = await configure("below", [found, `-DWANTED=0.0.1...<${version}`]);
    assert.notEqual(below.code, 0);
  });

  const skip64 = !isSince("3.1.69") && "this Emscripten tells CMake of 32-bit addresses always";

  test("refuses the archives where addresses have 64 bits", { skip: skip64 }, async () => {
    const { code, stderr } = await configure("wide", [found, "-DCMAKE_C_FLAGS=-sMEMORY64"]);
    assert.notEqual(code, 0);
    assert.ok(stderr.includes(`version: ${version} (32-bit)`), stderr);
  });
});

test("find_package without emcmake says what to do", async () => {
  const args = ["-S", project, "-B", join(folder, "native"), `-DCMAKE_PREFIX_PATH=${prefix}`];
  const { code, stderr } = await run("cmake", args);
  assert.notEqual(code, 0);
  assert.match(stderr, /mini_alloc: these targets are for Emscripten only/);
  assert.match(stderr, /try: emcmake cmake -B build/);
});
