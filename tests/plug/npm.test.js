// The npm package as its user has it: packed, installed in an empty folder, asked for flags.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, isSince, node, root, succeed } from "../helpers/toolchain.js";
import { cmake, consumer, missing } from "./projects.js";

// Not below build/: npm would take a package.json of the folders above for the user's.
const folder = mkdtempSync(join(tmpdir(), "mini-alloc-npm-"));
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
  const packed = buildFolder("plug/npm");
  const pack = await succeed("npm", ["pack", "--silent", "--pack-destination", packed]);
  const options = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  const tarball = join(packed, pack.stdout.trim());
  await succeed("npm", ["install", ...options, tarball], { cwd: folder });
  // With the headers of the checks where they expect each other.
  for (const path of ["plug/program", "plug/threads", "plug/serves_malloc.h", "helpers/check.h"]) {
    cpSync(join(root, "tests", path), join(folder, path), { recursive: true });
  }
});

/** Runs a line in the shell, in the user's folder. @param {string} line */
const shell = (line) =>
  succeed("sh", ["-c", line], { cwd: folder, env: { EMCC: process.env.EMCC ?? "emcc" } });

test("emcc $(npx mini-alloc flags) app.c", async (t) => {
  await shell('"$EMCC" $(npx --no-install mini-alloc flags) plug/program/marks.c -o app.cjs');
  await reportChecks(t, await node(join(folder, "app.cjs")));
});

test("--cflags for compiling and --libs for linking, with threads", async (t) => {
  await shell(
    `"$EMCC" $(npx --no-install mini-alloc flags --cflags --pthread) -c plug/threads/main.c -o main.o
     "$EMCC" main.o $(npx --no-install mini-alloc flags --libs --pthread) \\
       -sPTHREAD_POOL_SIZE=1 -sEXIT_RUNTIME -o threads.cjs`,
  );
  await reportChecks(t, await node(join(folder, "threads.cjs")));
});

test("an alignment for malloc", async () => {
  await shell(
    '"$EMCC" $(npx --no-install mini-alloc flags --alignment 64) plug/program/alignment.c -o a.cjs',
  );
  const { stdout } = await node(join(folder, "a.cjs"));
  assert.equal(stdout, "0\n");
});

test("npx mini-alloc cost, with what it builds kept beside other packages' caches", async () => {
  const options = "--workloads malloc_16 --allocators mini-alloc,dlmalloc --rounds 3 --csv";
  const { stdout } = await shell(`npx --no-install mini-alloc cost --emcc "$EMCC" ${options}`);
  const [header, ...lines] = stdout.trim().split("\n");
  assert.match(header ?? "", /^workload,allocator,operations,ink,/);
  assert.equal(lines.length, 2);
  const kept = await shell("ls node_modules/.cache/mini-alloc/*/workloads.wasm");
  assert.equal(kept.stdout.trim().split("\n").length, 3, "those two and the floor");
});

test("npx mini-alloc meter", async () => {
  const file = "node_modules/.cache/mini-alloc/*/workloads.wasm";
  const { stdout } = await shell(
    `npx --no-install mini-alloc meter $(ls ${file} | head -n 1) --json`,
  );
  assert.deepEqual(JSON.parse(stdout).calls, []);
});

test("the package holds what its ways in need, and no tests", async () => {
  const { stdout } = await shell("cd node_modules/mini-alloc && find . -type f | sort");
  const files = stdout.trim().split("\n");
  for (const file of [
    "emscripten.cmake",
    "include/mini_alloc.h",
    "src/mini_alloc.c",
    "src/mini_alloc.py",
  ].map((name) => `./${name}`)) {
    assert.ok(files.includes(file), `${file} in: ${stdout}`);
  }
  assert.deepEqual(
    files.filter((file) => /^\.\/(tests|build|demo)\/|__pycache__/.test(file)),
    [],
  );
});

const skipPort = !isSince("3.1.54") && "this Emscripten has no ports from outside";

test("the port from node_modules", { skip: skipPort }, async (t) => {
  await shell(
    '"$EMCC" --use-port=node_modules/mini-alloc/src/mini_alloc.py plug/program/marks.c -o port.cjs',
  );
  await reportChecks(t, await node(join(folder, "port.cjs")));
});

test("CMake from node_modules", { skip: await missing("emcmake", "cmake") }, async (t) => {
  const out = join(folder, "cmake");
  const project = consumer("cmake-source");
  await cmake(project, out, [`-DMINI_ALLOC=${join(folder, "node_modules/mini-alloc")}`]);
  await reportChecks(t, await node(join(out, "app.js")));
});
