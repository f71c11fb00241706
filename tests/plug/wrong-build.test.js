// An archive in a build that it is not made for does not link. It would work at first. What the
// tools say then is what people search for: README's "When something fails" has these texts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { WASI } from "node:wasi";
import { reportChecks } from "../helpers/checks.js";
import {
  archive,
  buildFolder,
  EMCC,
  emcc,
  emscripten,
  include,
  isSince,
  run,
  source,
  tryEmcc,
} from "../helpers/toolchain.js";
import { buildAndRun, consumer, noMemory64, oneWorker } from "./projects.js";

const NO_PATH = { env: { NODE_PATH: "" } };

const common = [`-I${include}`, "-sMALLOC=none"];

/**
 * Links a program, which has to fail, and returns what the linker says.
 * @param {string} name
 * @param {string[]} args
 * @param {string} [compiler]
 * @param {Parameters<typeof run>[2]} [options]
 */
async function linkError(name, args, compiler = EMCC, options = {}) {
  const out = join(buildFolder(`plug/wrong-build/${name}`), "app.js");
  const { code, stderr } = await run(compiler, [...args, ...common, "-o", out], options);
  assert.notEqual(code, 0, "it has linked");
  return stderr;
}

/** @type {("" | "-resize" | "-memoryprofiler" | "-trace")[]} */
const forOneThread = ["", "-resize", "-memoryprofiler", "-trace"];

for (const kind of forOneThread) {
  for (const mode of [[], ["-O2"], ["-sMAIN_MODULE=2"]]) {
    const name = basename(archive(kind));
    test(`${name} with ${["-pthread", ...mode].join(" ")}`, async () => {
      const program = consumer("program/main.c");
      const error = await linkError(`one${kind}`, [program, archive(kind), "-pthread", ...mode]);
      const object = `mini_alloc${kind}.o`;
      assert.match(error, new RegExp(`--shared-memory is disallowed by ${object} because it was`));
    });
  }
}

for (const mode of [[], ["-O2"], ["-sMAIN_MODULE=2"]]) {
  test(`libmini_alloc-mt.a without -pthread, ${mode.join(" ") || "-O0"}`, async () => {
    const error = await linkError("mt", [consumer("program/main.c"), archive("-mt"), ...mode]);
    assert.match(error, /undefined symbol: __tls_size\b/);
  });
}

test("there are no marks with threads", async () => {
  const args = [consumer("program/marks.c"), archive("-mt"), "-pthread"];
  const error = await linkError("marks", args);
  assert.match(error, /undefined symbol: mini_alloc_mark\b/);
  assert.match(error, /undefined symbol: mini_alloc_reset\b/);
});

test("libmini_alloc-mt.a with -pthread is the right one", async (t) => {
  const args = [consumer("threads/main.c"), archive("-mt"), "-pthread", ...oneWorker, ...common];
  await reportChecks(t, await buildAndRun("wrong-build/right", args));
});

const skip64 = await noMemory64();

test("an archive with MEMORY64", { skip: skip64 }, async () => {
  const error = await linkError("wide", [consumer("program/main.c"), archive(), "-sMEMORY64"]);
  assert.match(
    error,
    /libmini_alloc\.a\(mini_alloc\.o\): wasm32 object file can't be linked in wasm64 mode/,
  );
});

test("compiled with MEMORY64, linked without", async () => {
  const object = join(buildFolder("plug/wrong-build/half"), "main.o");
  await emcc([consumer("program/main.c"), `-I${include}`, "-sMEMORY64", "-c", "-o", object]);
  const error = await linkError("half", [object, archive()]);
  assert.match(error, /must specify -mwasm64 to process wasm64 object files/);
});

// ---- what an Emscripten says of the Node it meets

const skipOldNode = isSince("3.1.69") && "this Emscripten's output runs on new Nodes";

test(
  "the output of an old Emscripten on a Node that has fetch",
  { skip: skipOldNode },
  async () => {
    const out = join(buildFolder("plug/wrong-build/fetch"), "app.js");
    await emcc([consumer("program/marks.c"), archive(), ...common, "-o", out]);
    const { code, stdout, stderr } = await run(process.execPath, [out]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /Failed to parse URL/);
  },
);

// Debian's Node looks there without being told.
const lookUp = ["-p", "require.resolve('acorn')"];
const asksForPath = await run(process.execPath, lookUp, { ...NO_PATH, cwd: "/" });
const skipAcorn =
  (isSince("3.1.69") && "this Emscripten's tools are told where their packages are") ||
  (asksForPath.code === 0 && "this Node finds Debian's packages");

test("Debian's emcc with a Node that is not Debian's", { skip: skipAcorn }, async () => {
  const args = [consumer("program/marks.c"), archive(), "-O2"];
  const error = await linkError("acorn", args, EMCC, NO_PATH);
  assert.match(error, /Cannot find module 'acorn'/);
});

// ---- in each version's words: the linker tells of it in newer ones, the JavaScript compiler in 3.1.6

/** How this Emscripten calls a symbol that nobody defines. @param {string} symbol */
const undefinedSymbol = (symbol) =>
  isSince("3.1.69")
    ? new RegExp(`wasm-ld(-\\d+)?: error: .*: undefined symbol: ${symbol}$`, "m")
    : new RegExp(`^error: undefined symbol: ${symbol} \\(referenced by`, "m");

test("-sMALLOC=none without an allocator: every function of the family is undefined", async () => {
  const error = await linkError("nobody", [consumer("program/marks.c")]);
  for (const symbol of ["malloc", "calloc", "free", "mini_alloc_get_info"]) {
    assert.match(error, undefinedSymbol(symbol));
  }
});

test("malloc_usable_size is undefined", async () => {
  const error = await linkError("usable", [consumer("program/usable_size.c"), archive()]);
  assert.match(error, undefinedSymbol("malloc_usable_size"));
});

/** @type {Record<string, string[]>} */
const forgotten = { "the archive": [archive()], "the one C file": [source, `-I${include}`] };
for (const [way, args] of Object.entries(forgotten)) {
  test(`${way}, -sMALLOC=none forgotten, in a program that needs Emscripten's malloc`, async () => {
    const out = join(buildFolder("plug/wrong-build/forgotten"), "app.js");
    const program = consumer("program/usable_size.c");
    const { code, stderr } = await tryEmcc([program, ...args, "-o", out]);
    assert.notEqual(code, 0, "it has linked");
    assert.match(stderr, /duplicate symbol: emscripten_builtin_malloc\b/);
    assert.match(stderr, />>> defined in .*libdlmalloc.*\.a\(dlmalloc\.o\)/);
  });
}

test("em++ compiles the one C file as C++, which it is not", async () => {
  const error = await linkError("cpp", [source], emscripten("em++"));
  assert.match(error, /treating 'c' input as 'c\+\+' when in C\+\+ mode/);
  assert.match(error, /error: declaration of 'malloc' has a different language linkage/);
});

const skipGrowable = !isSince("4.0.12") && "this Emscripten has no GROWABLE_ARRAYBUFFERS";

test("GROWABLE_ARRAYBUFFERS=2 is for the resize archive", { skip: skipGrowable }, async () => {
  const args = [consumer("program/marks.c"), "-sALLOW_MEMORY_GROWTH", "-sGROWABLE_ARRAYBUFFERS=2"];
  const error = await linkError("growable", [...args, archive()]);
  assert.match(error, undefinedSymbol("emscripten_notify_memory_growth"));
});

test("an unknown name after -sMALLOC= is refused with the list of the known ones", async () => {
  const out = join(buildFolder("plug/wrong-build/name"), "app.js");
  const args = [consumer("program/main.c"), `-I${include}`, "-sMALLOC=mini_alloc", "-o", out];
  const { code, stderr } = await tryEmcc(args);
  assert.notEqual(code, 0);
  assert.match(stderr, /malloc must be one of "emmalloc/);
});

test("STANDALONE_WASM with growing memory wants one function from its host", async () => {
  const out = join(buildFolder("plug/wrong-build/standalone"), "app.wasm");
  const flags = ["-sSTANDALONE_WASM", "-sALLOW_MEMORY_GROWTH", "-O2"];
  await emcc([consumer("program/marks.c"), archive(), ...flags, ...common, "-o", out]);
  const module = new WebAssembly.Module(readFileSync(out));
  const { wasiImport } = new WASI({ version: "preview1" });
  assert.throws(
    () => new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasiImport }),
    /Import #0 (module="env" error|"env"): module is not an object or function/,
  );
});
