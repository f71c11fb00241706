// Builds what the demo's page instantiates, into build/demo/modules: for each allocator that this
// Emscripten has, NAME.wasm, its metered copy NAME.ink.wasm, and NAME.time.wasm for the clock; and
// manifest.json, which says what is there. `make` runs it:
//
//   node demo/build/modules.js [--emcc PATH] [--output FOLDER]

import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "../../src/arguments.js";
import { cacheFolder } from "../../src/cost/cache.js";
import { findEmscripten } from "../../src/cost/emscripten.js";
import { command, interruption, makeFolder, write } from "./command.js";
import { DEMO_ALLOCATORS, buildModule, buildTimed } from "./module.js";

/** @typedef {import("virtual:modules").Manifest} Manifest */

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const options = /** @type {const} */ ({
  emcc: { type: "string", value: "PATH", help: "the compiler; $EMCC, or emcc" },
  output: { type: "string", value: "FOLDER", help: "build/demo/modules" },
});

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

await command(() => main(interruption()));
