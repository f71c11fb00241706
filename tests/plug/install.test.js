// What `make install` leaves below PREFIX, also after a move: pkg-config's files and the port.
// find-package.test.js has CMake's.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import {
  buildFolder,
  emscripten,
  isSince,
  node,
  root,
  run,
  succeed,
} from "../helpers/toolchain.js";
import { buildAndRun, consumer, install, missing, oneWorker } from "./projects.js";

const folder = buildFolder("plug/install");
const prefix = join(folder, "moved");
const path = join(prefix, "lib/pkgconfig");
const marks = consumer("program/marks.c");

/** @param {string} output */
const words = (output) => output.trim().split(/\s+/);

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  await install(join(folder, "prefix"));
  renameSync(join(folder, "prefix"), prefix);
});

/** @type {Record<string, string[]>} */
const programs = {
  mini_alloc: [marks],
  "mini_alloc-mt": [consumer("threads/main.c"), ...oneWorker],
  "mini_alloc-resize": [marks, "-sALLOW_MEMORY_GROWTH"],
  "mini_alloc-memoryprofiler": [marks, "--memoryprofiler"],
  "mini_alloc-trace": [marks],
};

describe("pkg-config --cflags --libs", () => {
  for (const [name, args] of Object.entries(programs)) {
    test(name, async (t) => {
      const flags = ["--cflags", "--libs", name];
      const { stdout } = await succeed("pkg-config", flags, { env: { PKG_CONFIG_PATH: path } });
      await reportChecks(t, await buildAndRun(`pkg-config/${name}`, [...args, ...words(stdout)]));
    });
  }

  test("it has the version of package.json", async () => {
    const args = ["--modversion", "mini_alloc"];
    const { stdout } = await succeed("pkg-config", args, { env: { PKG_CONFIG_PATH: path } });
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    assert.equal(stdout.trim(), version);
  });
});

const skip = await missing("emconfigure", "pkg-config");

describe("a configure script that asks pkg-config, under emconfigure and emmake", { skip }, () => {
  const script = consumer("configure/configure");
  const env = { EM_PKG_CONFIG_PATH: path };

  /** @type {[string, string, string][]} */
  const projects = [
    ["mini_alloc", "program/marks.c", ""],
    ["mini_alloc-mt", "threads/main.c", oneWorker.join(" ")],
  ];
  for (const [name, program, flags] of projects) {
    test(name, async (t) => {
      const cwd = join(folder, name);
      mkdirSync(cwd);
      await succeed(emscripten("emconfigure"), [script, name, program], { cwd, env });
      await succeed(emscripten("emmake"), ["make", `LDFLAGS=${flags}`], { cwd, env });
      await reportChecks(t, await node(join(cwd, "app.js")));
    });
  }

  test("PKG_CONFIG_PATH does not reach it", async () => {
    const args = [script, "mini_alloc", "program/marks.c"];
    const { code, stderr } = await run(emscripten("emconfigure"), args, {
      cwd: folder,
      env: { PKG_CONFIG_PATH: path },
    });
    assert.notEqual(code, 0);
    assert.match(stderr, /Package mini_alloc was not found in the pkg-config search path/);
    assert.match(stderr, /Package requirements \(mini_alloc\) were not met/);
  });
});

const skipPort = !isSince("3.1.54") && "this Emscripten has no ports from outside";

test("the installed port", { skip: skipPort }, async (t) => {
  const port = `--use-port=${join(prefix, "share/mini_alloc/src/mini_alloc.py")}`;
  await reportChecks(t, await buildAndRun("installed-port", [port, marks]));
});
