// A handful of Emscripten's own tests, with mini-alloc in the place of dlmalloc. `make suite` runs
// the others.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { MiniAllocError } from "../../src/errors.js";
import { buildFolder, emcc, node, root } from "../helpers/toolchain.js";
import { environment } from "./places.js";
import { cleanUp, findSuite, prepare } from "./prepare.js";
import { runTests } from "./runner.js";

const TESTS = [
  "test_sbrk",
  "test_brk",
  "test_sbrk_standalone",
  "test_aligned_alloc",
  "test_wrap_malloc",
  "test_dlmalloc_large",
  "test_memorygrowth_3",
  "test_memorygrowth_MAXIMUM_MEMORY",
  "test_pthread_create",
  "test_dlfcn_handle_alloc", // exports every symbol of its main module
  "test_Module_dynamicLibraries_pthreads", // asks for memory before the heap base is known
].map((name) => `core0.${name}`);

/** @type {string | undefined} */
let missing;
/** @type {string | undefined} */
let emscripten;
try {
  emscripten = await findSuite();
  await prepare(emscripten, ["mini-alloc"]);
} catch (error) {
  if (!(error instanceof MiniAllocError)) throw error;
  missing = `${error.message}; try: ${error.remedy}`;
}
const skip = missing ?? false;

after(cleanUp);

test("what the suite's compiler makes has our malloc", { skip }, async () => {
  const out = join(buildFolder("suite"), "whose.js");
  const args = [join(root, "tests/suite/whose.c"), "-o", out];
  await emcc(args, { env: environment("mini-alloc") });
  const { stdout } = await node(out);
  assert.equal(stdout, "mini-alloc\n");
});

test("these tests of Emscripten pass", { skip }, async (t) => {
  const outcomes = new Map();
  const { signal } = new AbortController();
  await runTests("mini-alloc", TESTS, (one) => outcomes.set(one.test, one), signal);
  for (const name of TESTS) {
    await t.test(name, () => {
      const { verdict, why } = outcomes.get(name);
      assert.equal(verdict, "passed", why);
    });
  }
});
