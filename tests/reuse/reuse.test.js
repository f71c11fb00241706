// One instance serves 10,000 requests, some of which fail: built by emcc and by clang alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BARE, missing } from "../clang/clang.js";
import {
  archive,
  buildFolder,
  cc,
  emcc,
  include,
  root,
  run,
  source,
} from "../helpers/toolchain.js";
import { PAGE } from "../wasm/harness.js";
import { startService } from "./host.js";

const EXPORTED = ["malloc", "mini_alloc_mark", "mini_alloc_reset", "mini_alloc_get_info"];
const MAXIMUM = 16;

/** Builds a service, whose memory begins with a page. @typedef {(files: string[], out: string) => Promise<unknown>} Builder */

/** @type {Builder} */
const byEmcc = (files, out) =>
  emcc([
    ...[...files, archive(), `-I${include}`, "-O2", "-sMALLOC=none", "-sALLOW_MEMORY_GROWTH"],
    ...["-sSTANDALONE_WASM", "--no-entry", "-sINITIAL_MEMORY=64KB", "-sTOTAL_STACK=16KB"],
    ...[`-sMAXIMUM_MEMORY=${MAXIMUM * PAGE}`],
    ...[`-sEXPORTED_FUNCTIONS=${EXPORTED.map((name) => `_${name}`).join(",")}`, "-o", out],
  ]);

/** @type {Builder} */
const byClang = (files, out) =>
  cc([
    ...[...BARE.flags, `-I${include}`, "-O2", ...files, source],
    ...[...EXPORTED.map((name) => `-Wl,--export=${name}`), "-z", "stack-size=16384"],
    ...[`-Wl,--max-memory=${MAXIMUM * PAGE}`, "-o", out],
  ]);

/** @type {[string, Builder, string | false][]} */
const BUILDS = [
  ["emcc", byEmcc, false],
  ["clang alone", byClang, (await missing(BARE)) ?? false],
];

/** @param {string} name @param {Builder} builder @param {string[]} files */
async function built(name, builder, files) {
  const out = join(buildFolder("reuse"), `${name.replaceAll(" ", "-")}-${files.length}.wasm`);
  await builder(
    files.map((file) => join(root, "tests/reuse", file)),
    out,
  );
  return out;
}

const text = (/** @type {number} */ size) =>
  Uint8Array.from({ length: size }, (_, i) => (i * i * 7) % 256);

for (const [how, builder, skip] of BUILDS) {
  test(`10,000 requests to one instance, built by ${how}: memory is flat`, { skip }, async (t) => {
    const file = await built(how, builder, ["service.c"]);
    const outcome = await run(process.execPath, [join(root, "tests/reuse/requests.js"), file]);
    assert.deepEqual([outcome.code, outcome.stderr], [0, ""]);
    const printed = [...outcome.stdout.matchAll(/^pages after request (\d+): (\d+)$/gm)];
    const pages = printed.map(([, number, count]) => [Number(number), Number(count)]);
    assert.deepEqual(pages, [
      [1, 1],
      [49, 1],
      [50, 7],
      [100, 7],
      [10_000, 7],
    ]);
    t.diagnostic(`${readFileSync(file).length} bytes`);
  });

  test(
    `a request too large is refused, and the next served, built by ${how}`,
    { skip },
    async () => {
      const service = startService(readFileSync(await built(how, builder, ["service.c"])));
      const small = text(1000);
      for (const size of [2 * MAXIMUM * PAGE, (MAXIMUM / 2) * PAGE]) {
        assert.throws(() => service.ask(text(size)), new RangeError("no memory left"));
        const { pages, isZero } = service.look();
        assert.ok(pages <= MAXIMUM && isZero);
        assert.deepEqual(service.ask(small), small.toSorted());
      }
    },
  );

  test(
    `after a trap, a reset gives back the heap and not the stack, ${how}`,
    { skip },
    async () => {
      const bytes = readFileSync(await built(how, builder, ["service.c", "trap.c"]));
      /** @type {Record<string, any>} */
      const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
        env: { emscripten_notify_memory_growth() {} },
      }).exports;
      const mark = exports.mini_alloc_mark();
      const stack = exports.stack();
      assert.throws(() => exports.trap(9), WebAssembly.RuntimeError);
      assert.ok(exports.mini_alloc_mark() >= mark + 10_000);
      assert.equal(exports.mini_alloc_reset(mark), 0);
      assert.equal(exports.mini_alloc_mark(), mark);
      const free = new Uint8Array(exports.memory.buffer, mark);
      assert.ok(free.every((byte) => byte === 0));
      assert.ok(exports.stack() <= stack - 10 * 512, "ten frames are lost");
    },
  );
}
