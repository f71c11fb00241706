// `mini-alloc trace` as a process, on scripts that report as the trace archive does.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readTrace } from "../../src/trace/format.js";
import { assertRefused } from "../helpers/checks.js";
import { buildFolder, root, run } from "../helpers/toolchain.js";

const cli = join(root, "src/cli.js");

// Two calls, the second of them with growth.
const REPORTS = `
  const report = (...numbers) => globalThis.miniAllocTrace(...numbers);
  const me = report(0, 104, 1024, 8, 0, 0, 2);
  const call = () => report(me, 109, 1024, 16, 0, 0, 2);
  call();
  report(me, 102, 0, 0, 0, 1024, 3);
`;
const TWO = `{"format":"mini-alloc-trace","version":1,"allocator":"mini-alloc","program":"app.js","alignment":8,"base":1024,"pages":2}
{"op":"m","id":1,"n":16,"p":1024}
{"op":"f","id":1,"g":3}
{"op":"end","calls":2,"unrecorded":0,"instances":1,"pages":3}
`;

/** A folder with these files in it and no others. @param {string} name @param {Record<string, string>} files */
function folderWith(name, files) {
  const folder = buildFolder(join("trace-cli", name));
  for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** @param {string} cwd @param {string} args @param {Parameters<typeof run>[2]} [options] */
const trace = (cwd, args, options) =>
  run(process.execPath, [cli, "trace", ...args.split(" ").filter(Boolean)], { cwd, ...options });

/** @param {string} folder @param {string} [name] */
const text = (folder, name = "trace.jsonl") => readFileSync(join(folder, name), "utf8");

describe("a program is recorded", () => {
  for (const args of ["-- app.js", "-- node app.js", "-- node --no-warnings app.js"]) {
    test(args, async () => {
      const folder = folderWith("plain", { "app.js": REPORTS });
      const outcome = await trace(folder, args);
      const stderr = "trace.jsonl: 2 calls, 3 pages of memory\n";
      assert.deepEqual(outcome, { code: 0, stdout: "", stderr });
      assert.equal(text(folder), TWO);
      assert.deepEqual(readdirSync(folder), ["app.js", "trace.jsonl"]);
    });
  }

  test("with its arguments, its input and all that it prints", async () => {
    const script = `${REPORTS}
      process.stdin.on("data", (bytes) => console.log(String(bytes)));
      console.log(process.argv.slice(2).join());
      console.error("hear");
      console.log(Object.keys(process.env).filter((name) => /MINI_ALLOC/.test(name)).length);`;
    const folder = folderWith("passes", { "app.js": script });
    const outcome = await trace(folder, "-o x.jsonl -- app.js -o y --limit", { input: "heard" });
    const stderr = "hear\nx.jsonl: 2 calls, 3 pages of memory\n";
    assert.deepEqual(outcome, { code: 0, stdout: "-o,y,--limit\n0\nheard\n", stderr });
    assert.equal(text(folder, "x.jsonl"), TWO);
  });

  test("in place of an older trace", async () => {
    const folder = folderWith("again", { "app.js": REPORTS, "trace.jsonl": `${TWO}${TWO}` });
    assert.equal((await trace(folder, "-- app.js")).code, 0);
    assert.equal(text(folder), TWO);
  });

  test("up to a limit", async () => {
    const folder = folderWith("limit", { "app.js": REPORTS });
    const { code, stderr } = await trace(folder, "--limit 1 -- app.js");
    assert.equal(code, 0);
    assert.equal(
      stderr,
      "trace.jsonl: 1 call, 2 pages of memory\nIt holds the first; 1 call came after: --limit.\n",
    );
    assert.equal(readTrace(text(folder)).calls.length, 1);
  });

  test("with times, if they are wanted", async () => {
    const folder = folderWith("times", { "app.js": REPORTS });
    assert.equal((await trace(folder, "--times -- app.js")).code, 0);
    const times = readTrace(text(folder)).calls.map(({ t }) => t ?? -1);
    assert.ok(times.length === 2 && times.every((t) => t >= 0), String(times));
  });

  test("of several heaps the first", async () => {
    const folder = folderWith("heaps", { "app.js": `${REPORTS} report(0, 104, 0, 8, 0, 0, 2);` });
    assert.match(
      (await trace(folder, "-- app.js")).stderr,
      /^The program has 2 heaps; the calls are those of the first\.$/m,
    );
  });

  test("a hundred thousand calls, in whole lines", async () => {
    const script = `${REPORTS} for (let i = 0; i < 100_000; i++) call();`;
    const folder = folderWith("many", { "app.js": script });
    const { stderr } = await trace(folder, "-- app.js");
    assert.equal(stderr, "trace.jsonl: 100,002 calls, 2 pages of memory\n");
    assert.equal(readTrace(text(folder)).calls.length, 100_002);
  });
});

describe("a program that fails", () => {
  /** @type {[string, string, string][]} */
  const endings = [
    ["by its exit code", "process.exit(3);", "The program ended with exit code 3."],
    ["by an exception", "throw 1;", "The program ended with exit code 1."],
  ];
  for (const [how, script, line] of endings) {
    test(`${how} makes exit code 1, and its trace is whole`, async () => {
      const folder = folderWith("fails", { "app.js": `${REPORTS}${script}` });
      const { code, stderr } = await trace(folder, "-- app.js");
      assert.equal(code, 1);
      assert.ok(stderr.endsWith(`trace.jsonl: 2 calls, 3 pages of memory\n${line}\n`), stderr);
      assert.equal(text(folder), TWO);
    });
  }

  test("by a signal leaves a trace that is cut off", async () => {
    const script = `${REPORTS} setTimeout(() => process.kill(process.pid, "SIGKILL"), 600);`;
    const folder = folderWith("killed", { "app.js": script });
    const outcome = await trace(folder, "-- app.js");
    const stderr = "trace.jsonl is cut off.\nThe program was ended by SIGKILL.\n";
    assert.deepEqual(outcome, { code: 1, stdout: "", stderr });
    assert.equal(readTrace(text(folder)).calls.length, 2);
  });
});

describe("Ctrl-C leaves what was recorded up to then", () => {
  const programs = {
    "of a program that waits": "setInterval(() => {}, 1000); setTimeout(say, 600);",
    "of a program that never does": "say(); for (;;) call();",
  };
  for (const [which, script] of Object.entries(programs)) {
    test(which, async () => {
      const say = 'const say = () => require("node:fs").writeSync(1, "ready\\n");';
      const folder = folderWith("interrupted", { "app.js": `${REPORTS}${say}${script}` });
      const child = spawn(process.execPath, [cli, "trace", "--", "app.js"], { cwd: folder });
      child.stdout.once("data", () => setTimeout(() => child.kill("SIGINT"), 600));
      const code = await new Promise((resolve) => child.on("close", resolve));
      assert.equal(code, 130);
      assert.deepEqual(readdirSync(folder), ["app.js", "trace.jsonl"]);
      const { calls, end } = readTrace(text(folder));
      assert.ok(calls.length >= 2);
      assert.equal(end, undefined);
    });
  }
});

describe("what cannot be recorded is refused, with a remedy", () => {
  const usage = "mini-alloc trace -- node app.js";
  const library = "emcc app.c build/libmini_alloc-trace.a -sMALLOC=none -o app.js";
  const folder = folderWith("refused", {
    "app.js": REPORTS,
    "unlinked.js": "",
    "fails.js": "process.exit(4)",
    "notes.txt": "mine\n",
  });
  /** @type {[string, string, string][]} */
  const errors = [
    ["", "no program is named", usage],
    ["--", "no program is named", usage],
    ["-- node", "no program is named", usage],
    ["app.js", "unexpected argument 'app.js'", "mini-alloc trace --help"],
    ["--time -- app.js", "unknown option '--time'", "--times"],
    ["-o", "'-o' needs a value", "-o FILE"],
    ["-- make app", "'make' is neither node nor a .js file", usage],
    [
      "-- app.wasm",
      "cannot record 'app.wasm': a module alone has no JavaScript to report to",
      "emcc ... -o app.js",
    ],
    ["-- no.js", "cannot run 'no.js': there is no such file", "name the .js file that emcc made"],
    ["-o notes.txt -- app.js", "'notes.txt' exists, and is no trace", "-o with another name"],
    ["-o . -- app.js", "'.' exists, and is no trace", "-o with another name"],
    [
      "-o no/trace.jsonl -- app.js",
      "cannot write 'no/trace.jsonl': there is no such folder",
      "-o with another name",
    ],
    [
      "-- unlinked.js",
      "no call was recorded: the program is not linked with libmini_alloc-trace.a",
      library,
    ],
    ["-- fails.js", "no call was recorded: the program ended with exit code 4", library],
    ...["0", "-1", "many", "16000001"].map(
      (limit) =>
        /** @type {[string, string, string]} */ ([
          `--limit ${limit} -- app.js`,
          `cannot record '${limit}' calls: a number from 1 to 16,000,000`,
          "--limit 1,000,000",
        ]),
    ),
  ];
  for (const [args, message, remedy] of errors) {
    test(`mini-alloc trace ${args}`, async () => {
      const outcome = await trace(folder, args);
      assertRefused(outcome, message, remedy);
    });
  }

  test("and nothing is written for it", () => {
    const files = ["app.js", "fails.js", "notes.txt", "unlinked.js"];
    assert.deepEqual(readdirSync(folder).toSorted(), files);
    assert.equal(text(folder, "notes.txt"), "mine\n");
  });
});

test("--help lists every option, in lines that fit a terminal", async () => {
  const { code, stdout } = await trace(root, "--help");
  assert.equal(code, 0);
  const named = stdout.match(/^ {2}(-\w, )?--\w+/gm)?.map((line) => line.replace(/.*--/, ""));
  assert.deepEqual(named, ["output", "limit", "times", "help"]);
  assert.ok(stdout.split("\n").every((line) => line.length <= 80));
});
