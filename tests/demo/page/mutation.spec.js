// The tests notice: a page whose module was built from C files with a fault is not said to tell the
// truth.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { DEMO_ALLOCATORS, buildModule } from "../../../demo/build/module.js";
import { singleConfig } from "../../../demo/build/vite.js";
import { cacheFolder } from "../../../src/cost/cache.js";
import { buildFolder, root } from "../../helpers/toolchain.js";
import { emscripten, mutant } from "../modules.js";
import { expect, test } from "./fixtures.js";
import { checkScenario } from "./truth.js";

/** A fault, and a scenario that must show it. */
const MUTANTS = {
  "half the alignment": {
    ...{ file: "src/mini_alloc.c", scenario: "first" },
    is: "word left = room & -ALIGNMENT;",
    becomes: "word left = room & -(ALIGNMENT / 2);",
  },
  "a page too many": {
    ...{ file: "src/arithmetic.h", scenario: "cross" },
    is: "return ((bytes - 1) >> PAGE_BITS) + 1;",
    becomes: "return ((bytes - 1) >> PAGE_BITS) + 2;",
  },
  "nothing for nothing": {
    ...{ file: "src/mini_alloc.c", scenario: "zero" },
    is: "if (size - 1 >= left) return refill(size, 0, ALIGNMENT);",
    becomes: "if (size > left) return refill(size, 0, ALIGNMENT);",
  },
};

/** @typedef {(typeof MUTANTS)[keyof typeof MUTANTS]} Change */

/** @param {string} path */
const isNotC = (path) => !/\.[ch]$/.test(path);

const interrupted = new AbortController().signal;

/**
 * Builds a page of its own, in one file, around the faulty module.
 * @param {string} name
 * @param {Change} change
 */
async function faultyPage(name, change) {
  const id = `page-${name.replaceAll(" ", "-")}`;
  await mutant(id, change);
  const folder = buildFolder(join("demo", id));
  const [allocator] = DEMO_ALLOCATORS;
  if (allocator?.name !== "mini-alloc") throw new Error("the first allocator is not ours");
  const workshop = { emscripten, root: folder, cache: cacheFolder(root), interrupted };
  const { plain, metered } = await buildModule(workshop, allocator);

  cpSync(join(root, "demo"), join(folder, "demo"), { recursive: true });
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true, filter: isNotC });
  const modules = join(folder, "build/demo/modules");
  mkdirSync(modules, { recursive: true });
  cpSync(join(root, "build/demo/modules"), modules, { recursive: true });
  writeFileSync(join(modules, "mini-alloc.wasm"), plain);
  writeFileSync(join(modules, "mini-alloc.ink.wasm"), metered);

  const built = await build({ ...singleConfig(folder), logLevel: "error" });
  const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (built);
  const html = output.find(({ fileName }) => fileName === "index.html");
  if (html?.type !== "asset") throw new Error("no page was built");
  const file = join(folder, "demo.html");
  writeFileSync(file, html.source);
  const module = new WebAssembly.Module(readFileSync(join(modules, "mini-alloc.wasm")));
  return { address: pathToFileURL(file).href, module };
}

for (const [name, change] of Object.entries(MUTANTS)) {
  test.describe(name, () => {
    /** @type {Awaited<ReturnType<typeof faultyPage>>} */
    let faulty;
    test.beforeAll(async () => {
      faulty = await faultyPage(name, change);
    });
    test.use({
      // oxlint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are named here
      address: async ({}, use) => {
        await use(faulty.address);
      },
    });

    test("is noticed by the model, and by nothing else", async ({ page, open }) => {
      const check = checkScenario(page, open, { id: change.scenario, module: faulty.module });
      await expect(check).rejects.toThrow(/: the page and the model/);
    });
  });
}

test("where nothing is changed, the same check passes", async ({ page, open }) => {
  const module = new WebAssembly.Module(readFileSync("build/demo/modules/mini-alloc.wasm"));
  const ids = new Set(Object.values(MUTANTS).map(({ scenario }) => scenario));
  for (const id of ids) await checkScenario(page, open, { id, module });
});
