// The allocator alone, as a module of clang for a WebAssembly without any C library: no errno, and
// the functions that copy and clear are its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { meter } from "../meter/command.js";
import { EINVAL, ENOMEM, PAGE } from "../wasm/harness.js";
import { BARE, build, missing } from "./clang.js";

const skip = (await missing(BARE)) ?? false;

const FAMILY = ["malloc", "calloc", "realloc", "free", "aligned_alloc", "posix_memalign"];
const EXPORTED = [
  ...[...FAMILY, "reallocarray", "sbrk", "brk", "malloc_trim"],
  ...["mini_alloc", "mini_alloc_mark", "mini_alloc_reset"],
];

/** @param {readonly string[]} names */
const exporting = (names) => names.map((name) => `-Wl,--export=${name}`);

/**
 * @param {string} name
 * @param {readonly string[]} flags
 * @param {readonly string[]} [files]
 */
async function allocator(name, flags, files = []) {
  const { bytes } = await build(BARE, name, files, [...flags, ...exporting(EXPORTED)]);
  const module = new WebAssembly.Module(bytes);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  return /** @type {Record<string, any>} */ (new WebAssembly.Instance(module).exports);
}

/** Bytes of a memory that may have grown. @param {Record<string, any>} exports */
const bytesOf = ({ memory }) => new Uint8Array(memory.buffer);

for (const flags of [
  ...[["-O0"], ["-O1"], ["-O2"], ["-O3"], ["-Os"], ["-Oz"], ["-O2", "-fno-builtin"]],
  ...[
    ["-O2", "-ffreestanding"],
    ["-O2", "-flto"],
    ["-O3", "-msimd128"],
  ],
]) {
  test(`memcpy, memmove and memset do as they should, ${flags.join(" ")}`, { skip }, async () => {
    const own = exporting(["memcpy", "memmove", "memset"]);
    const exports = await allocator(`memory${flags.join("")}`, [...flags, ...own]);
    const from = exports.malloc(512);
    let state = 1;
    const random = (/** @type {number} */ below) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state >>> 8) % below;
    };
    const bytes = bytesOf(exports).subarray(from, from + 512);
    for (let round = 0; round < 3000; round++) {
      for (let i = 0; i < bytes.length; i++) bytes[i] = random(256);
      const model = bytes.slice();
      const [size, to, at] = [random(200), random(300), random(300)];
      const apart = Math.abs(to - at) >= size;
      const call = ["memset", "memmove", apart ? "memcpy" : "memmove"][round % 3] ?? "";
      if (call === "memset") model.fill(at, to, to + size);
      else model.copyWithin(to, at, at + size);
      const returned = exports[call](from + to, call === "memset" ? at : from + at, size);
      assert.equal(returned, from + to);
      assert.deepEqual(bytes, model, `${call}: ${size} bytes from ${at} to ${to}`);
    }
  });
}

for (const flags of [["-O2"], ["-Oz", "-mbulk-memory"]]) {
  test(`realloc and a reset copy and clear, ${flags.join(" ")}`, { skip }, async () => {
    const exports = await allocator(`family${flags.join("")}`, flags);
    const { malloc, calloc, realloc, mini_alloc_mark: mark, mini_alloc_reset: reset } = exports;
    const start = mark();
    for (let request = 0; request < 50; request++) {
      const block = malloc(1001);
      bytesOf(exports).fill(request + 1, block, block + 1001);
      malloc(1);
      const moved = realloc(block, 70_000 + 1000 * request);
      assert.notEqual(moved, block);
      const kept = bytesOf(exports).subarray(moved, moved + 1001);
      assert.ok(kept.every((byte) => byte === request + 1));
      const zeros = calloc(3, 5000);
      assert.ok(
        bytesOf(exports)
          .subarray(zeros, zeros + 15_000)
          .every((byte) => byte === 0),
      );
      bytesOf(exports).fill(0xff, zeros, zeros + 15_000);
      assert.equal(reset(start), 0);
      assert.ok(
        bytesOf(exports)
          .subarray(start)
          .every((byte) => byte === 0),
      );
    }
    assert.equal(exports.memory.buffer.byteLength, 4 * PAGE);
  });
}

test("without errno, errors are what a call returns", { skip }, async () => {
  const exports = await allocator("errors", ["-O2"]);
  const { calloc, malloc, realloc, aligned_alloc: aligned, posix_memalign: posix } = exports;
  const out = malloc(16);
  assert.equal(malloc(0x7fffffff) >>> 0, out + 16, "2 GiB are to be had");
  assert.equal(malloc(0x7fffffff), 0);
  assert.equal(calloc(0x10001, 0x10001), 0);
  assert.equal(realloc(out, -1), 0);
  assert.equal(exports.reallocarray(0, 0x40000001, 4), 0);
  assert.deepEqual([aligned(3, 8), exports.mini_alloc(8, 12)], [0, 0]);
  assert.deepEqual([posix(out, 3, 8), posix(out, 16, -32)], [EINVAL, ENOMEM]);
  assert.equal(posix(out, 4096, 8), 0);
  assert.equal((new DataView(exports.memory.buffer).getUint32(out, true) >>> 0) % 4096, 0);
  assert.deepEqual([exports.mini_alloc_reset(1), exports.sbrk(-8), exports.brk(1)], [-1, -1, -1]);
  assert.equal(exports.malloc_trim(0), 0);
});

test("a program's own memset is kept, and used by a reset", { skip }, async () => {
  const exports = await allocator("own-memset", ["-O2", "-fno-builtin"], ["clang/own.c"]);
  const start = exports.mini_alloc_mark();
  exports.malloc(1000);
  assert.equal(exports.cleared(0), 0);
  assert.equal(exports.mini_alloc_reset(start), 0);
  assert.equal(exports.cleared(0), 1000);
});

test("a second malloc in the program is an error of the linker", { skip }, async () => {
  await assert.rejects(
    build(BARE, "own-malloc", ["clang/own.c"], ["-O2", "-DOWN_MALLOC"]),
    /error: duplicate symbol: malloc/,
  );
});

for (const flags of [["-DMINI_ALLOC_GROW_EXACT"], []]) {
  const how = flags.length > 0 ? "exact growth" : "growth by an eighth";
  test(`the Rust crate's tests, ${how}, metered`, { skip }, async (t) => {
    const small = ["-z", "stack-size=16384", "-Wl,--stack-first,--initial-memory=65536"];
    const { file, bytes } = await build(
      BARE,
      `crate${flags.join("")}`,
      ["wasm/crate.c"],
      [...["-O2", ...small, ...flags]],
    );
    assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
    for (const name of ["edge_cases", "vec_test", "vec_test_loop", "vec_test_overallocate"]) {
      const [first, second] = [await meter(file, [name]), await meter(file, [name])];
      assert.deepEqual(first, second);
      const [cost] = first.calls;
      assert.equal(cost?.result, 0, `the demand in line ${cost?.result} of crate.c was not met`);
      assert.deepEqual(first.outside, {});
      t.diagnostic(
        `${name}: ${Math.round((cost?.ink ?? 0) / 10_000)} gas, ${cost?.pagesAfter} pages`,
      );
    }
  });
}
