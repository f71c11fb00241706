// The modules of the demo as tests need them: built by the emcc that is tested, with or without a
// fault in the C files.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ALLOCATORS, buildModule } from "../../demo/build/module.js";
import { allocatorFiles } from "../../src/cost/allocators.js";
import { cacheFolder } from "../../src/cost/cache.js";
import { findEmscripten } from "../../src/cost/emscripten.js";
import { EMCC, buildFolder, root } from "../helpers/toolchain.js";

const interrupted = new AbortController().signal;

export const emscripten = await findEmscripten(EMCC, { env: process.env, cwd: root, interrupted });

const compiled = (/** @type {Uint8Array} */ bytes) =>
  new WebAssembly.Module(/** @type {BufferSource} */ (bytes));

/** @param {string} name of the allocator @param {string} [from] where its sources are */
async function modulesFrom(name, from = root) {
  const allocator = DEMO_ALLOCATORS.find((one) => one.name === name);
  if (!allocator) throw new Error(`there is no allocator '${name}'`);
  const workshop = { emscripten, root: from, cache: cacheFolder(root), interrupted };
  const { plain, metered } = await buildModule(workshop, allocator);
  return { plain: compiled(plain), metered: compiled(metered) };
}

/** Names of those that this Emscripten has. */
export const allocators = DEMO_ALLOCATORS.filter(
  (one) => one.available?.(emscripten) !== false,
).map(({ name }) => name);

/** @param {string} name */
export const modulesOf = (name) => modulesFrom(name);

/**
 * mini-alloc with a fault.
 * @param {string} name of the fault
 * @param {{file: string, is: string, becomes: string}} change
 */
export function mutant(name, { file, is, becomes }) {
  const folder = buildFolder(join("demo", name));
  for (const part of [...allocatorFiles(root), join(root, "demo/module.c")]) {
    cpSync(part, join(folder, part.slice(root.length)));
  }
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (text.split(is).length !== 2) throw new Error(`'${is}' is not once in ${file}`);
  writeFileSync(path, text.replace(is, becomes));
  return modulesFrom("mini-alloc", folder);
}
