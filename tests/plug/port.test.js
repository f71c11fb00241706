// The port, src/mini_alloc.py, as emcc takes it: --use-port with its path.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import {
  buildFolder,
  emcc,
  empp,
  isSince,
  node,
  root,
  succeed,
  tryEmcc,
} from "../helpers/toolchain.js";
import { buildAndRun, consumer, noMemory64, oneWorker, runMemory64 } from "./projects.js";

const port = `--use-port=${join(root, "src/mini_alloc.py")}`;
const marks = consumer("program/marks.c");
const hasPorts = isSince("3.1.54");
const skip = !hasPorts && "this Emscripten has no ports from outside";
const skipOld = hasPorts && "this Emscripten has ports from outside";

test("an Emscripten without ports from outside says so", { skip: skipOld }, async () => {
  const { code, stderr } = await tryEmcc([port, marks, "-o", join(buildFolder("plug"), "old.js")]);
  assert.notEqual(code, 0);
  assert.match(stderr, /unsupported option '--use-port=/);
});

describe("one flag is enough", { skip }, () => {
  /** @type {Record<string, string[]>} */
  const ways = {
    "-O0": [marks, "-O0"],
    "-O2": [marks, "-O2"],
    "with growing memory": [marks, "-sALLOW_MEMORY_GROWTH"],
    "where -sMALLOC=none is said as well": [marks, "-sMALLOC=none"],
    "with link-time optimization": [marks, "-O2", "-flto", "-sDEFAULT_TO_CXX=0"],
    "in a main module": [marks, "-sMAIN_MODULE=2"],
    "with -pthread": [consumer("threads/main.c"), "-pthread", ...oneWorker],
    "with Wasm Workers": [consumer("program/main.c"), "-sWASM_WORKERS"],
    "with --memoryprofiler": [marks, "--memoryprofiler"],
  };
  for (const [way, args] of Object.entries(ways)) {
    test(way, async (t) =>
      reportChecks(t, await buildAndRun(`port/${way.replaceAll(/\W+/g, "-")}`, [port, ...args])),
    );
  }

  test("for C++", async (t) => {
    const out = join(buildFolder("plug/port/cpp"), "app.js");
    await empp([port, "-std=c++17", "-sALLOW_MEMORY_GROWTH", consumer("cpp/main.cpp"), "-o", out]);
    await reportChecks(t, await node(out));
  });

  test("for compiling and for linking, apart", async (t) => {
    const folder = buildFolder("plug/port/apart");
    await emcc([port, "-c", marks, "-o", join(folder, "main.o")]);
    await emcc([port, join(folder, "main.o"), "-o", join(folder, "app.js")]);
    await reportChecks(t, await node(join(folder, "app.js")));
  });

  test("as often as a build says it in EMCC_CFLAGS", async (t) => {
    const out = join(buildFolder("plug/port/cflags"), "app.js");
    await emcc([marks, "-o", out], { env: { EMCC_CFLAGS: port } });
    await reportChecks(t, await node(out));
  });
});

test("the port follows MEMORY64", { skip: skip || (await noMemory64()) }, async (t) => {
  const out = join(buildFolder("plug/port/memory64"), "app.js");
  await emcc([port, "-sMEMORY64", marks, "-o", out]);
  await reportChecks(t, await runMemory64(out));
});

describe("options of the port", { skip }, () => {
  test("alignment=64", async () => {
    const program = consumer("program/alignment.c");
    const { stdout } = await buildAndRun("port/alignment", [`${port}:alignment=64`, program]);
    assert.equal(stdout, "0\n");
  });

  for (const growth of ["exact", "resize"]) {
    test(`growth=${growth}`, async (t) => {
      const args = [`${port}:growth=${growth}`, marks, "-sALLOW_MEMORY_GROWTH"];
      await reportChecks(t, await buildAndRun(`port/${growth}`, args));
    });
  }

  test("trace=true lets `mini-alloc trace` record the program", async () => {
    const folder = buildFolder("plug/port/trace");
    await emcc([`${port}:trace=true`, marks, "-o", join(folder, "app.js")]);
    const command = ["trace", "-o", join(folder, "t.jsonl"), "--", join(folder, "app.js")];
    await succeed(process.execPath, [join(root, "src/cli.js"), ...command]);
    const calls = readFileSync(join(folder, "t.jsonl"), "utf8").match(/^\{"op":"m".*"n":100,/gm);
    assert.equal(calls?.length, 3, "the program's three blocks of 100 bytes");
  });
});

describe("what cannot be is refused, with a remedy", { skip }, () => {
  /** @type {[string, string[], string][]} */
  const refusals = [
    [":growth=fast", [], "growth=fast: not one of exact, resize"],
    [":alignment=12", [], "alignment=12: not one of 8, 16, 32,"],
    [":trace=1", [], "trace=1: not one of true"],
    [":exact=true", [], "`exact` is not supported; available options are {'growth':"],
    [":growth", [], "`growth` is missing a value"],
    [
      ":growth=resize",
      ["-pthread"],
      "mini-alloc: growth=resize and trace=true are for programs with one thread\n" +
        "  try: the port without them, or the program without threads\n",
    ],
    [
      "",
      ["-sMALLOC=emmalloc"],
      "mini-alloc: -sMALLOC=emmalloc asks for another allocator\n" +
        "  try: leave -sMALLOC or this port out\n",
    ],
  ];
  for (const [options, args, message] of refusals) {
    test(`--use-port=mini_alloc.py${options} ${args.join(" ")}`, async () => {
      const out = join(buildFolder("plug/port/refused"), "app.js");
      const { code, stderr } = await tryEmcc([port + options, ...args, marks, "-o", out]);
      assert.notEqual(code, 0);
      assert.ok(stderr.includes(message), stderr);
    });
  }

  test("the port twice", async () => {
    const out = join(buildFolder("plug/port/refused"), "app.js");
    const { code, stderr } = await tryEmcc([port, port, marks, "-o", out]);
    assert.notEqual(code, 0);
    assert.match(stderr, /port path .*mini_alloc\.py.* is invalid: duplicate port name/);
  });

  test("no malloc of Emscripten's is in reach", async () => {
    const program = consumer("program/usable_size.c");
    const out = join(buildFolder("plug/port/refused"), "app.js");
    const { code, stderr } = await tryEmcc([port, program, "-o", out]);
    assert.notEqual(code, 0);
    assert.match(stderr, /undefined symbol: malloc_usable_size\b/);
  });
});

describe("where the cache can not be written", { skip }, () => {
  const frozen = { env: { EM_FROZEN_CACHE: "1" } };

  test("the allocator is compiled at each link", async (t) => {
    const out = join(buildFolder("plug/port/frozen"), "app.js");
    // Nobody else builds it with this alignment, so that it is not in any cache.
    const { stderr } = await emcc([`${port}:alignment=32768`, marks, "-o", out], frozen);
    assert.doesNotMatch(stderr, /generating/);
    await reportChecks(t, await node(out));
  });
});

test("a checkout that has changed is compiled again", { skip }, async () => {
  const checkout = join(buildFolder("plug/port"), "checkout");
  rmSync(checkout, { recursive: true, force: true });
  for (const part of ["src", "include"]) {
    cpSync(join(root, part), join(checkout, part), { recursive: true });
  }
  const args = [`--use-port=${join(checkout, "src/mini_alloc.py")}`, marks];
  const out = ["-o", join(buildFolder("plug/port/changed"), "app.js")];
  await emcc([...args, ...out]);
  appendFileSync(join(checkout, "src/heap.h"), "#error it has changed\n");
  const { code, stderr } = await tryEmcc([...args, ...out]);
  assert.notEqual(code, 0);
  assert.match(stderr, /it has changed/);
});
