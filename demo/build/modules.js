// Builds what the demo's page instantiates, into build/demo/modules: for each allocator that this
// Emscripten has, NAME.wasm, its metered copy NAME.ink.wasm, and NAME.time.wasm for the clock; and
// manifest.json, which says what is there. `make` runs it:
//
//   node demo/build/modules.js [--emcc PATH] [--output FOLDER]

import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "../../src/arguments.js";
import { cacheFolder } from "../../src/cost/cache.js";
import { findEmscripten } from "../../src/cost/emscripten.js";
import { Interrupted, MiniAllocError } from "../../src/errors.js";
import { writeOutput } from "../../src/files.js";
import { DEMO_ALLOCATORS, buildModule, buildTimed } from "./module.js";

/** @typedef {import("virtual:modules").Manifest} Manifest */

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const options = /** @type {const} */ ({
  emcc: { type: "string", value: "PATH", help: "the compiler; $EMCC, or emcc" },
  output: { type: "string", value: "FOLDER", help: "build/demo/modules" },
});

/** @param {string} path @param {Uint8Array | string} contents */
const write = (path, contents) =>
  writeOutput(path, relative(process.cwd(), path), contents, "--output FOLDER");

/** @param {string} path */
function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (!isTaken) throw error;
    const why = "a file has this name";
    throw new MiniAllocError(`cannot make the folder '${path}': ${why}`, "--output FOLDER");
  }
}

/** @param {Uint8Array} bytes */
function exportsOf(bytes) {
  const module = new WebAssembly.Module(/** @type {BufferSource} */ (bytes));
  return WebAssembly.Module.exports(module).map(({ name }) => name);
}

/** @param {AbortSignal} interrupted */
async function main(interrupted) {
  const values = parse(process.argv.slice(2), { options }, "node demo/build/modules.js");
  const emcc = String(values.emcc ?? process.env.EMCC ?? "emcc");
  const folder = String(values.output ?? join(root, "build/demo/modules"));
  const emscripten = await findEmscripten(emcc, { env: process.env, cwd: root, interrupted });
  const workshop = { emscripten, root, cache: cacheFolder(root), interrupted };

  makeFolder(folder);
  /** @type {Manifest} */
  const manifest = { emcc: emscripten.version, modules: [] };
  for (const allocator of DEMO_ALLOCATORS) {
    const { name, about } = allocator;
    const files = {
      plain: join(folder, `${name}.wasm`),
      metered: join(folder, `${name}.ink.wasm`),
      timed: join(folder, `${name}.time.wasm`),
    };
    // Another Emscripten may have left what this one does not have.
    for (const file of Object.values(files)) rmSync(file, { force: true });
    if (allocator.available?.(emscripten) === false) continue;
    const { plain, metered } = await buildModule(workshop, allocator);
    write(files.plain, plain);
    write(files.metered, metered);
    write(files.timed, await buildTimed(workshop, allocator));
    manifest.modules.push({ name, about, bytes: plain.length, exports: exportsOf(plain) });
  }
  // Last, so that it tells of nothing that is not there.
  write(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort(new Interrupted()));

try {
  await main(interruption.signal);
} catch (error) {
  process.exitCode = 130;
  if (error instanceof MiniAllocError) {
    process.stderr.write(`mini-alloc: ${error.message}\n  try: ${error.remedy}\n`);
    process.exitCode = error.code;
  } else if (!(error instanceof Interrupted)) {
    throw error;
  }
}
