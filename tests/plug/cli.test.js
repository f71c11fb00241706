// The command `mini-alloc`, run as a process; its errors in full.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { assertRefused } from "../helpers/checks.js";
import { buildFolder, root, run } from "../helpers/toolchain.js";

const cli = join(root, "src/cli.js");

/** @param {string[]} args @param {string} [script] */
const miniAlloc = (args, script = cli) => run(process.execPath, [script, ...args]);

const I = `-I${root}/include`;
const file = `${root}/src/mini_alloc.c`;
const none = "-sMALLOC=none";

describe("mini-alloc flags prints one line", () => {
  /** @type {[string, string][]} */
  const lines = [
    ["", `${none} ${I} ${file}`],
    ["--libs", `${none} ${I} ${file}`],
    ["--cflags", I],
    ["--cflags --libs", `${none} ${I} ${file}`],
    ["--pthread", `${none} ${I} -pthread ${file}`],
    ["--pthread --cflags", `${I} -pthread`],
    ["--resize", `${none} ${I} -DMINI_ALLOC_RESIZE_HEAP ${file}`],
    ["--exact", `${none} ${I} -DMINI_ALLOC_GROW_EXACT ${file}`],
    ["--alignment 8", `${none} ${I} -DMINI_ALLOC_ALIGNMENT=8 ${file}`],
    ["--alignment=65536", `${none} ${I} -DMINI_ALLOC_ALIGNMENT=65536 ${file}`],
    [
      "--exact --pthread --alignment 16",
      `${none} ${I} -pthread -DMINI_ALLOC_GROW_EXACT -DMINI_ALLOC_ALIGNMENT=16 ${file}`,
    ],
    ["--json", JSON.stringify([none, I, file])],
    ["--json --cflags", JSON.stringify([I])],
  ];
  for (const [options, line] of lines) {
    test(`mini-alloc flags ${options}`, async () => {
      const outcome = await miniAlloc(["flags", ...options.split(" ").filter(Boolean)]);
      assert.deepEqual(outcome, { code: 0, stdout: `${line}\n`, stderr: "" });
    });
  }
});

describe("what cannot be is refused, with a remedy", () => {
  /** @type {[string, string, string][]} */
  const errors = [
    ["", "no command", "mini-alloc --help"],
    ["flag", "unknown command 'flag'", "mini-alloc flags"],
    ["frobnicate", "unknown command 'frobnicate'", "mini-alloc --help"],
    ["__proto__", "unknown command '__proto__'", "mini-alloc --help"],
    ["--versoin", "unknown option '--versoin'", "--version"],
    ["flags --pthred", "unknown option '--pthred'", "--pthread"],
    ["flags --align 16", "unknown option '--align'", "--alignment"],
    ["flags --frobnicate", "unknown option '--frobnicate'", "mini-alloc flags --help"],
    ["flags --constructor", "unknown option '--constructor'", "mini-alloc flags --help"],
    ["flags -x", "unknown option '-x'", "mini-alloc flags --help"],
    ["flags app.c", "unexpected argument 'app.c'", "mini-alloc flags --help"],
    ["flags --json=1", "'--json' takes no value, but was given '1'", "--json"],
    ["flags --alignment", "'--alignment' needs a value", "--alignment N"],
    ["flags --alignment --json", "'--alignment' needs a value", "--alignment N"],
    [
      "flags --pthread --resize",
      "--pthread excludes --resize: emscripten_resize_heap serves one thread",
      "leave one of them out",
    ],
    ...["0", "4", "12", "-16", "131072", "0x10", "1e3", "8.0", "many"].map(
      (value) =>
        /** @type {[string, string, string]} */ ([
          `flags --alignment ${value}`,
          `cannot align to '${value}': not a power of two from 8 to 65536`,
          "--alignment 16",
        ]),
    ),
  ];
  for (const [args, message, remedy] of errors) {
    test(`mini-alloc ${args}`, async () => {
      const outcome = await miniAlloc(args.split(" ").filter(Boolean));
      assertRefused(outcome, message, remedy);
    });
  }
});

describe("mini-alloc in a folder with whitespace in its name", () => {
  const folder = join(buildFolder("plug/cli"), "two words");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const part of ["src", "include", "package.json"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const script = join(folder, "src/cli.js");

  test("refuses to print what a shell would split", async () => {
    const outcome = await miniAlloc(["flags"], script);
    assert.deepEqual(outcome, {
      code: 2,
      stdout: "",
      stderr:
        `mini-alloc: cannot print '-I${folder}/include': a shell's $(...) splits it at its ` +
        "whitespace\n  try: install mini-alloc in a folder without whitespace, or use --json\n",
    });
  });

  test("prints JSON", async () => {
    const outcome = await miniAlloc(["flags", "--json"], script);
    const words = [none, `-I${folder}/include`, `${folder}/src/mini_alloc.c`];
    assert.deepEqual(outcome, { code: 0, stdout: `${JSON.stringify(words)}\n`, stderr: "" });
  });
});

describe("mini-alloc tells of itself", () => {
  test("--version is the version of package.json", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const outcome = await miniAlloc(["--version"]);
    assert.deepEqual(outcome, { code: 0, stdout: `${version}\n`, stderr: "" });
  });

  for (const args of [["--help"], ["-h"]]) {
    test(`${args} lists the commands`, async () => {
      const { code, stdout, stderr } = await miniAlloc(args);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^usage: mini-alloc COMMAND \[OPTIONS\]\n/);
      assert.match(stdout, /^ {2}flags {2}\S/m);
    });
  }

  test("flags --help lists every option, in lines that fit a terminal", async () => {
    const { code, stdout } = await miniAlloc(["flags", "--help"]);
    assert.equal(code, 0);
    const named = stdout.match(/^ {2}(-h, )?--\w+/gm)?.map((line) => line.replace(/.*--/, ""));
    const options = ["pthread", "resize", "exact", "alignment", "cflags", "libs", "json", "help"];
    assert.deepEqual(named, options);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  });
});
