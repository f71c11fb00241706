// What `make install` leaves below PREFIX: find_package and pkg-config, also after a move.

import assert from "node:assert/strict";
import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, node, root, run, succeed, emscripten } from "../helpers/toolchain.js";
import { buildAndRun, cmake, consumer, install, missing } from "./projects.js";

const folder = buildFolder("plug/install");
const prefix = join(folder, "moved");
const project = consumer("cmake-installed");

/** @param {string} output */
const words = (output) => output.trim().split(/\s+/);

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  await install(join(folder, "prefix"));
  renameSync(join(folder, "prefix"), prefix);
});

const noCmake = await missing("emcmake", "cmake");
const noPkgConfig = await missing("emconfigure", "pkg-config");

describe("find_package(mini_alloc CONFIG)", { skip: noCmake }, () => {
  const out = join(folder, "cmake");
  before(() => cmake(project, out, [`-DCMAKE_FIND_ROOT_PATH=${prefix}`]));

  for (const kind of ["mini_alloc", "resize"]) {
    test(`mini_alloc::${kind}`, async (t) =>
      reportChecks(t, await node(join(out, `${kind}-program.js`))));
  }

  test("mini_alloc::mt, from a folder of its own", async (t) =>
    reportChecks(t, await node(join(out, "folder/mt-program.js"))));
});

test("find_package without emcmake says what to do", async () => {
  const args = ["-S", project, "-B", join(folder, "native"), `-DCMAKE_PREFIX_PATH=${prefix}`];
  const { code, stderr } = await run("cmake", args);
  assert.notEqual(code, 0);
  assert.match(stderr, /mini_alloc: these targets are for Emscripten only/);
  assert.match(stderr, /try: emcmake cmake -B build/);
});

describe("pkg-config", () => {
  const path = join(prefix, "lib/pkgconfig");
  const flags = ["--cflags", "--libs", "mini_alloc"];
  const program = consumer("program/marks.c");

  test("its flags build a program", async (t) => {
    const { stdout } = await succeed("pkg-config", flags, { env: { PKG_CONFIG_PATH: path } });
    await reportChecks(t, await buildAndRun("pkg-config", [program, ...words(stdout)]));
  });

  test("emconfigure lets it be found", { skip: noPkgConfig }, async (t) => {
    const env = { EM_PKG_CONFIG_PATH: path };
    const { stdout } = await succeed(emscripten("emconfigure"), ["pkg-config", ...flags], { env });
    await reportChecks(t, await buildAndRun("emconfigure", [program, ...words(stdout)]));
  });

  test("it has the version of package.json", async () => {
    const args = ["--modversion", "mini_alloc"];
    const { stdout } = await succeed("pkg-config", args, { env: { PKG_CONFIG_PATH: path } });
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.equal(stdout.trim(), version);
  });
});
