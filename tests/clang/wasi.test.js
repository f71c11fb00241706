// A program on wasi-libc, whose own malloc must not be there beside ours.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fillImports } from "../../src/meter/host.js";
import { instrument, readCounters } from "../../src/meter/instrument.js";
import { Exit } from "../../src/meter/services.js";
import { reportChecks } from "../helpers/checks.js";
import { buildFolder, cc, include, root, run, source } from "../helpers/toolchain.js";
import { PAGE } from "../wasm/harness.js";
import { WASI, build, missing } from "./clang.js";

const skip = (await missing(WASI)) ?? false;

// 3,000 lines of words, some often and most of them seldom.
const text = Array.from({ length: 3000 }, (_line, line) => {
  const numbers = Array.from({ length: line % 9 }, (_word, i) => (line * line + i * i * i) % 1777);
  return `${numbers.map((n) => "w".repeat(1 + (n % 3)) + (n % 5 === 0 ? "" : n)).join(" ")}\n`;
}).join("");

/** What the program prints of a text. */
function expectedWords() {
  const words = text.split(/\s+/).filter(Boolean);
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return [
    ...sorted.map(([word, count]) => `${word} ${count}`),
    `${words.length} words, ${(words.length / counts.size).toFixed(3)} each`,
  ];
}

/** Asserts what the program has printed. @param {import("node:test").TestContext} t @param {import("../helpers/toolchain.js").Outcome} outcome */
async function report(t, outcome) {
  await reportChecks(t, outcome);
  const lines = outcome.stdout.split("\n").filter((line) => /^w+\d* \d+$|^\d+ words/.test(line));
  assert.deepEqual(lines, expectedWords());
}

/**
 * Runs a WASI program under the meter, with the text to read.
 * @param {BufferSource & Uint8Array} bytes
 */
function runMetered(bytes) {
  let stdout = "";
  const metered = instrument(bytes);
  const decoder = new TextDecoder();
  const { imports, attach } = fillImports(metered.module, {
    write: (_fd, printed) => void (stdout += decoder.decode(printed)),
  });
  let unread = Buffer.from(text);
  Object.assign(imports.wasi_snapshot_preview1 ?? {}, {
    fd_read: (/** @type {number[]} */ ...[, parts = 0, count = 0, read = 0]) => {
      const view = new DataView(memory.buffer);
      let total = 0;
      for (let part = parts; part < parts + 8 * count; part += 8) {
        const taken = unread.subarray(0, view.getUint32(part + 4, true));
        new Uint8Array(memory.buffer).set(taken, view.getUint32(part, true));
        unread = unread.subarray(taken.length);
        total += taken.length;
      }
      view.setUint32(read, total, true);
      return 0;
    },
  });
  const module = new WebAssembly.Module(/** @type {BufferSource} */ (metered.bytes));
  const { exports } = new WebAssembly.Instance(module, imports);
  const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
  attach(memory);
  let code = 0;
  try {
    /** @type {() => void} */ (exports._start)();
  } catch (end) {
    if (!(end instanceof Exit)) throw end;
    code = end.code;
  }
  const pages = memory.buffer.byteLength / PAGE;
  return { outcome: { code, stdout, stderr: "" }, pages, ...readCounters(exports) };
}

const GNU = ["-D_GNU_SOURCE"];

// clang 14 cannot place wasi-libc's errno where there is bulk memory, unless it is told how.
const BULK = ["-mbulk-memory", "-ftls-model=local-exec"];

for (const flags of [["-O0"], ["-O2"], ["-Oz"], ["-O2", "-flto"], ["-O2", ...BULK]]) {
  test(`on wasi-libc, ${flags.join(" ")}`, { skip }, async (t) => {
    const name = `words${flags.join("")}`;
    const { bytes } = await build(WASI, name, ["clang/words.c"], [...GNU, ...flags]);
    const modules = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    assert.deepEqual([...new Set(modules.map(({ module }) => module))], ["wasi_snapshot_preview1"]);
    const [first, second] = [runMetered(bytes), runMetered(bytes)];
    assert.deepEqual(first, second);
    await report(t, first.outcome);
    assert.ok(first.pages > 8, `memory has grown to ${first.pages} pages`);
    t.diagnostic(`${bytes.length} bytes, ${first.ink} ink, ${first.pages} pages`);
  });
}

test("on wasi-libc under node:wasi, a file and fixed memory", { skip }, async (t) => {
  const folder = buildFolder("clang/wasi-folder");
  writeFileSync(join(folder, "text.txt"), text);
  const fixed = ["-DFIXED_MEMORY", `-Wl,--initial-memory=${64 * PAGE},--max-memory=${64 * PAGE}`];
  const { file } = await build(WASI, "words-fixed", ["clang/words.c"], [...GNU, "-O2", ...fixed]);
  const host = ["--no-warnings", join(root, "tests/wasm/wasi.js"), file];
  const outcome = await run(process.execPath, [...host, "--folder", folder, "/text.txt"]);
  assert.match(outcome.stdout, /^ok - fopen's FILE is ours$/m);
  await report(t, outcome);
});

/** The names of a module's functions. @param {BufferSource} bytes */
const names = (bytes) =>
  WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "name")
    .map((section) => Buffer.from(section).toString("latin1"))
    .join();

// Functions of wasi-libc's own allocator.
const OTHERS = /\b(?:dlmalloc|dlfree|internal_memalign|dispose_chunk)\b/;

// Without -O at the link, or wasm-opt takes the names away.
test("no function of wasi-libc's own malloc is in the program", { skip }, async () => {
  const { bytes } = await build(WASI, "names", ["clang/words.c"], GNU);
  assert.match(names(bytes), /refill/);
  assert.doesNotMatch(names(bytes), OTHERS);
});

const major = Number(/version (\d+)/.exec((await cc(["--version"])).stdout)?.[1]);

/**
 * What README says of clang 14, and the message.
 * @type {Record<string, [string[], RegExp]>}
 */
const CLANG_14 = {
  "cannot place errno": [
    ["-mbulk-memory"],
    /only -ftls-model=local-exec is supported for now on non-Emscripten OSes: variable errno/,
  ],
  "has wasm-opt look at a module whose features are stripped": [
    ["-O2", ...BULK, "-Wl,--strip-all"],
    /Bulk memory operation \(bulk memory is disabled\)/,
  ],
};
const skip14 = skip || (major !== 14 && `this is clang ${major}`);

for (const [what, [flags, message]] of Object.entries(CLANG_14)) {
  test(`clang 14 ${what}: ${flags.join(" ")}`, { skip: skip14 }, async () => {
    await assert.rejects(build(WASI, "wrong", ["clang/words.c"], [...GNU, ...flags]), message);
  });
}

test("malloc_usable_size is an error of the linker", { skip }, async () => {
  const folder = buildFolder("clang/wasm32-wasi");
  const [program, out] = [join(folder, "usable.c"), join(folder, "usable.wasm")];
  const main = "int main(void) { return (int)malloc_usable_size(malloc(1)); }";
  writeFileSync(program, `#include <malloc.h>\n${main}\n`);
  await cc([...WASI.flags, program, "-o", out]);
  assert.match(names(readFileSync(out)), OTHERS, "without ours it has its libc's");
  await assert.rejects(
    cc([...WASI.flags, `-I${include}`, program, source, "-o", out]),
    /error: duplicate symbol: malloc\n/,
  );
});

test("mini-alloc meter runs a program that looks for folders", { skip }, async () => {
  const { file } = await build(WASI, "words-metered", ["clang/words.c"], [...GNU, "-O2"]);
  const args = [join(root, "src/cli.js"), "meter", file, "--json", "--call", "_start"];
  const [first, second] = await Promise.all(
    [args, args].map((line) => run(process.execPath, line, { seconds: 60 })),
  );
  assert.deepEqual(first, second);
  assert.match(first?.stderr ?? "", /^0 words, 0\.000 each$/m);
  const [cost] = JSON.parse(first?.stdout ?? "").calls;
  assert.ok(cost.ink > 0 && cost.trap === undefined);
});
