// Programs without a C library, as Stylus contracts in C are built: the allocator imports nothing,
// has no operator that the VM refuses, and grows memory by what is needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { meter } from "../meter/command.js";
import { PAGE } from "../wasm/harness.js";
import { BARE, build, missing } from "./clang.js";
import { tally, transfers } from "./tally.js";

const skip = (await missing(BARE)) ?? false;

const SEED = 42;
const COUNT = 20_000;
const EXACT = "-DMINI_ALLOC_GROW_EXACT";
const BUILDS = {
  "-O0": ["-O0"],
  "-O2": ["-O2"],
  "-O2, exact growth": ["-O2", EXACT],
  "-O2 -mbulk-memory, exact growth": ["-O2", "-mbulk-memory", EXACT],
  "-Oz, exact growth": ["-Oz", EXACT],
  "-Oz -mbulk-memory": ["-Oz", "-mbulk-memory"],
  "-O3 -ffreestanding": ["-O3", "-ffreestanding"],
  "-O2 -fno-builtin": ["-O2", "-fno-builtin"],
  "-O2 -flto": ["-O2", "-flto"],
  "-Os -g": ["-Os", "-g"],
  "-O2 -mcpu=generic": ["-O2", "-mcpu=generic"],
};

/** @param {BufferSource} bytes */
const instanceOf = (bytes, imports = {}) =>
  /** @type {Record<string, any>} */ (
    new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports
  );

/** Base, bump, limit and pages. @param {Record<string, any>} exports */
const infoOf = (exports) => [0, 1, 2, 3].map((field) => exports.info(field) >>> 0);

for (const [how, flags] of Object.entries(BUILDS)) {
  test(`without a C library, ${how}`, { skip }, async (t) => {
    const { bytes, file } = await build(
      BARE,
      how.replaceAll(/\W+/g, "-"),
      ["clang/ledger.c"],
      flags,
    );
    const expected = tally(transfers(SEED, COUNT));

    await t.test("the module imports nothing", () => {
      assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
    });
    await t.test("the result is right, and no block is damaged", () => {
      const exports = instanceOf(bytes);
      assert.equal(BigInt.asUintN(64, exports.tally_transfers(SEED, COUNT)), expected.digest);
      assert.equal(exports.account_count(), expected.accounts);
      assert.equal(exports.damaged_blocks(), 0);
      const [, bump = 0, limit, pages = 0] = infoOf(exports);
      assert.ok(pages > 20, `memory has grown: ${pages} pages`);
      assert.equal(limit, pages * PAGE);
      const needed = Math.ceil(bump / PAGE);
      if (flags.includes(EXACT)) assert.equal(pages, needed, "exact");
      else assert.ok(pages >= needed && pages <= needed * 1.125 + 1, `${pages} for ${needed}`);
    });
    await t.test("the meter refuses no operator, and two runs cost the same", async () => {
      const calls = [`tally_transfers:${SEED},${COUNT}`, "damaged_blocks"];
      const [first, second] = await Promise.all([meter(file, calls), meter(file, calls)]);
      assert.deepEqual(first, second);
      const [tallied, checked] = first.calls;
      assert.deepEqual([first.outside, first.imports], [{}, []]);
      assert.equal(BigInt.asUintN(64, BigInt(String(tallied?.result))), expected.digest);
      assert.equal(checked?.result, 0);
      assert.ok(Number(tallied?.ink) > 0);
      t.diagnostic(`${bytes.length} bytes, ${tallied?.ink} ink, ${tallied?.pagesAfter} pages`);
    });
  });
}

test("the heap begins right behind static data", { skip }, async () => {
  const flags = ["-O2", "-Wl,--stack-first", "-z", "stack-size=8192"];
  const symbols = ["-Wl,--export=__data_end,--export=__heap_base"];
  const { bytes } = await build(BARE, "base", ["clang/ledger.c"], [...flags, ...symbols]);
  const exports = instanceOf(bytes);
  const [base = 0, bump] = infoOf(exports);
  assert.equal(base, exports.__heap_base.value);
  assert.equal(bump, base, "nothing taken yet");
  assert.ok(base - exports.__data_end.value < 16);
  assert.equal(exports.memory.buffer.byteLength, PAGE, "one page for the stack, data and heap");
  exports.tally_transfers(SEED, 100);
  assert.equal(exports.memory.buffer.byteLength, PAGE, "and a small run stays in it");
});

/**
 * Calls a contract as the VM does: an instance for each call.
 * @param {BufferSource} bytes
 * @param {string} calldata
 */
function callContract(bytes, calldata) {
  /** @type {Uint8Array | undefined} */
  let result;
  const args = Buffer.from(calldata);
  const exports = instanceOf(bytes, {
    vm_hooks: {
      pay_for_memory_grow() {},
      read_args: (/** @type {number} */ to) => new Uint8Array(exports.memory.buffer).set(args, to),
      write_result: (/** @type {number} */ from, /** @type {number} */ size) => {
        result = new Uint8Array(exports.memory.buffer).slice(from, from + size);
      },
    },
  });
  return { status: exports.user_entrypoint(args.length), result };
}

test("a contract imports the VM's hooks and nothing else, and answers", { skip }, async () => {
  const flags = ["-Os", "-mbulk-memory", EXACT, "-Wl,--stack-first", "-z", "stack-size=8192"];
  const { bytes } = await build(BARE, "contract", ["clang/contract.c"], flags);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  assert.deepEqual(imports.map(({ module, name }) => `${module}.${name}`).toSorted(), [
    ...["vm_hooks.pay_for_memory_grow", "vm_hooks.read_args", "vm_hooks.write_result"],
  ]);
  for (const count of [1, 10, 1000]) {
    const text = transfers(count, count);
    const { status, result } = callContract(bytes, text);
    assert.equal(status, 0);
    const { digest, accounts } = tally(text);
    assert.deepEqual(
      [...new BigUint64Array(new Uint8Array(result ?? []).buffer)],
      [digest, BigInt(accounts)],
    );
  }
  assert.equal(callContract(bytes, "nobody\n").status, 1, "malformed");
});
