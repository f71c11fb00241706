// `mini-alloc cost -- make` and other commands that build in place: the user's files are theirs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { before, beforeEach, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { assertRefused } from "../helpers/checks.js";
import { EMCC, emscripten, include, root, run, succeed } from "../helpers/toolchain.js";
import { missing } from "../plug/projects.js";
import { cost, emptyFolder, reportOf, rowOf, source, words } from "./programs.js";

const TWO = ["--allocators", "mini-alloc,dlmalloc", "--runs", "1"];

/** All that a file can be told by. @param {string} folder */
const look = (folder) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => {
      const { mtimeNs, ino, size } = statSync(join(folder, name), { bigint: true });
      return [name, String([mtimeNs, ino, size]), readFileSync(join(folder, name), "base64")];
    });

const workplace = join(root, "build/cost/programs");

/** What a run has left behind, if anything. @param {number | undefined} pid */
const leftovers = (pid) => readdirSync(workplace).filter((name) => name.startsWith(`${pid}-`));

/** @param {import("./programs.js").Request} request */
const start = (request) =>
  spawn(process.execPath, words(request), {
    cwd: request.folder,
    env: { ...process.env, EMCC },
    stdio: "ignore",
  });

/** @param {string} folder @param {string} recipe */
function makefile(folder, recipe) {
  const compile = `app.o: app.c\n\t$(EMCC) -Wall -Werror -O1 -c app.c -o app.o\n`;
  writeFileSync(join(folder, "Makefile"), `app.js: app.o\n\t${recipe}\n\n${compile}`);
  copyFileSync(source("sum.c"), join(folder, "app.c"));
}

const LINK = "$(EMCC) -O1 -sMALLOC=emmalloc app.o -o app.js";

describe("make", () => {
  const folder = emptyFolder("make");
  const make = { folder, options: [...TWO, "--output", "app.js"], build: ["make"] };
  /** @type {string[][]} */
  let files;
  before(async () => {
    makefile(folder, LINK);
    await succeed("make", [], { cwd: folder, env: { EMCC } });
    writeFileSync(join(folder, "app.html"), "somebody's own page");
  });
  beforeEach(() => {
    files = look(folder);
  });

  test("links with each allocator, whatever -sMALLOC the Makefile has", async () => {
    const { allocators, sameOutput } = await reportOf({ ...make, args: ["a"] });
    assert.equal(sameOutput, true);
    assert.deepEqual(
      allocators.map(({ outcome }) => outcome),
      ["exit 0", "exit 0"],
    );
    assert.ok((allocators[0]?.inkRatio ?? 1) < 0.6);
    assert.deepEqual(look(folder), files);
  });

  test("may name any file of the program with --output", async () => {
    const options = [...TWO, "--output", "app.wasm"];
    const { sameOutput } = await reportOf({ ...make, options });
    assert.equal(sameOutput, true);
    assert.deepEqual(look(folder), files);
  });

  test("leaves the user's files alone when it fails", async () => {
    const options = [...TWO, "--output", "app.js"];
    const failed = await cost({ folder, options, build: ["make", "app.js", "nothing"] });
    assert.match(
      failed.stderr,
      /^mini-alloc: the build command fails with every allocator: make app\.js nothing\n.*No rule to make target 'nothing'.*\n {2}try: make it work by itself first\n$/s,
    );
    assert.equal(failed.code, 2);
    assert.deepEqual(look(folder), files);
  });

  test("leaves the user's files alone when it makes something else", async () => {
    const options = [...TWO, "--output", "other.js"];
    const { code, stderr } = await cost({ folder, options, build: ["make"] });
    const message = "the build command succeeded, but made no 'other.js': make";
    const remedy =
      "--output with the file that it makes, or a command that links it anew: make clean first";
    assert.deepEqual([code, stderr], [2, `mini-alloc: ${message}\n  try: ${remedy}\n`]);
    assert.deepEqual(look(folder), files);
  });

  for (const [during, seconds] of /** @type {const} */ ([
    ["at its beginning", 0.5],
    ["in the middle of a build", 1.5],
    ["later", 4],
  ])) {
    test(`leaves the user's files alone on Ctrl-C, ${during}`, async () => {
      const child = start({ ...make, options: [...make.options, "--runs", "1000"] });
      const ended = once(child, "close");
      await setTimeout(seconds * 1000);
      child.kill("SIGINT");
      await setTimeout(10);
      child.kill("SIGINT"); // who is impatient loses nothing
      const [code, signal] = await ended;
      assert.ok(code === 130 || signal === "SIGINT", `${code} ${signal}`);
      assert.deepEqual(look(folder), files);
      assert.deepEqual(leftovers(child.pid), []);
    });
  }

  test("puts the user's files back when a run before was killed", async () => {
    const child = start({ ...make, options: [...make.options, "--runs", "1000"] });
    const kept = () => leftovers(child.pid).map((name) => join(workplace, name, "originals"));
    const begun = () => kept().some((path) => existsSync(join(path, "app.js")));
    for (let i = 0; i < 100 && !begun(); i++) await setTimeout(50);
    assert.ok(begun(), "the user's files are elsewhere");
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
    await setTimeout(2000); // what it has started writes its last files
    rmSync(join(folder, "app.js"), { force: true });

    const { stderr } = await cost(make);
    assert.equal(stderr, `put back the files in '${folder}' that a killed run had kept\n`);
    const [name, , content] = files.find(([one]) => one === "app.js") ?? [];
    assert.equal(readFileSync(join(folder, name ?? ""), "base64"), content);
  });

  test("leaves nothing where there was nothing", async () => {
    const other = emptyFolder("make-fresh");
    makefile(other, LINK);
    await reportOf({ ...make, folder: other });
    assert.deepEqual(readdirSync(other).toSorted(), ["Makefile", "app.c", "app.o"]);
  });

  test("with an allocator of its own is told that it has one", async () => {
    const other = emptyFolder("make-own");
    const own = `-I${include} -sMALLOC=none ${join(root, "build/libmini_alloc.a")}`;
    makefile(other, `$(EMCC) -O1 app.o ${own} -o app.js`);
    const report = await reportOf({ ...make, folder: other });
    assert.deepEqual(rowOf(report, "mini-alloc").outcome, "exit 0");
    assert.equal(rowOf(report, "dlmalloc").outcome, "malloc of libmini_alloc.a(mini_alloc.o)");
    assert.deepEqual(report.warnings, [
      "the build brings a malloc of its own, which stands in for dlmalloc: take it out of the link step",
    ]);
  });
});

const skip = await missing("emcmake", "cmake");

describe("other commands", () => {
  test("cmake --build", { skip }, async () => {
    const folder = emptyFolder("cmake");
    copyFileSync(source("sum.c"), join(folder, "app.c"));
    writeFileSync(
      join(folder, "CMakeLists.txt"),
      "cmake_minimum_required(VERSION 3.16)\nproject(app C)\nadd_executable(app app.c)\n",
    );
    const configure = ["cmake", "-S", folder, "-B", join(folder, "out")];
    await succeed(emscripten("emcmake"), configure);
    const report = await reportOf({
      folder,
      options: [...TWO, "--output", "out/app.js"],
      build: ["cmake", "--build", "out"],
    });
    assert.equal(report.sameOutput, true);
    assert.ok(rowOf(report, "mini-alloc").inkRatio < 0.6);
    assert.equal(existsSync(join(folder, "out/app.js")), false);
  });

  test("the compiler, which builds in place with --output", async () => {
    const folder = emptyFolder("in-place");
    writeFileSync(join(folder, "app.js"), "mine");
    const files = look(folder);
    const report = await reportOf({
      folder,
      options: [...TWO, "--output", "app.js"],
      build: [EMCC, source("sum.c"), "-O1", "-o", "app.js"],
    });
    assert.ok(rowOf(report, "mini-alloc").inkRatio < 0.6);
    assert.deepEqual(look(folder), files);
  });

  test("a program finds what lies beside it", async () => {
    const folder = emptyFolder("beside");
    writeFileSync(join(folder, "beside.js"), 'exports.word = "found";');
    writeFileSync(
      join(folder, "pre.js"),
      'if (require("./beside.js").word !== "found") throw new Error("it is not there");',
    );
    const build = [EMCC, source("sum.c"), "-O1", "--pre-js", "pre.js", "-o", "app.js"];
    const report = await reportOf({ folder, options: TWO, build });
    assert.equal(rowOf(report, "mini-alloc").outcome, "exit 0");
    rmSync(join(folder, "beside.js"));
  });
});

describe("what is wrong is refused, with a remedy", () => {
  const folder = emptyFolder("wrong");
  /** @type {[args: string, message: string, remedy: string][]} */
  const errors = [
    ["--", "no build command is named after '--'", "mini-alloc cost -- emcc app.c -O2 -o app.js"],
    [
      "-- make",
      "'make' does not tell which program it makes",
      "--output FILE, such as --output build/app.js",
    ],
    [
      "-- emcc -c app.c",
      "the build command makes no program: '-c' ends it before",
      "the command that links, such as emcc app.o -o app.js",
    ],
    [
      "-- emcc app.c -o app.o",
      "the build command makes 'app.o', which is no program",
      "the command that links, such as emcc app.o -o app.js",
    ],
    [
      "--output app.js -- frobnicate",
      "cannot run 'frobnicate': there is no such command",
      "install it, or name another",
    ],
    [
      "--max-ink 1e6 -- emcc app.c",
      "'--max-ink' cannot be '1e6': a whole number",
      "--max-ink 1000000",
    ],
    [
      "--max-pages 1,00 -- emcc",
      "'--max-pages' cannot be '1,00': a whole number",
      "--max-pages 1000000",
    ],
    ["--runs 0 -- emcc", "'--runs' cannot be '0': a number from 1 to 1000", "--runs 5"],
    [
      "--timeout soon -- emcc",
      "'--timeout' cannot be 'soon': a number from 1 to 86400",
      "--timeout 120",
    ],
    [
      "--allocators stub -- emcc",
      "unknown allocator 'stub'",
      "--allocators mini-alloc,dlmalloc,emmalloc,mimalloc",
    ],
    [
      "--workloads malloc -- emcc",
      "'--workloads' is for the built-in workloads, not for a build command",
      "leave out --workloads, or '--' with what follows it",
    ],
  ];
  for (const [args, message, remedy] of errors) {
    test(`mini-alloc cost ${args}`, async () => {
      const all = [join(root, "src/cli.js"), "cost", ...args.split(" ")];
      const outcome = await run(process.execPath, all, { cwd: folder, env: { EMCC } });
      assertRefused(outcome, message, remedy);
    });
  }
});
