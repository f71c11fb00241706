// The size of a module that uses malloc, calloc and free, for each allocator of this Emscripten.
// As a program (`make size`): prints the table of the README, or with --write puts it there.

import { statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { updater } from "../../src/update.js";
import { archive, buildFolder, emccVersion, root, tryEmcc } from "../helpers/toolchain.js";

const ALLOCATORS = {
  "mini-alloc": [archive(), "-sMALLOC=none"],
  emmalloc: ["-sMALLOC=emmalloc"],
  dlmalloc: ["-sMALLOC=dlmalloc"],
  mimalloc: ["-sMALLOC=mimalloc"],
};

/**
 * Bytes of the module and of its JavaScript, at -Oz, for the web, with growing memory.
 * @param {string} name
 * @param {string[]} flags
 * @returns {Promise<{name: string, wasm: number, js: number} | undefined>} nothing if this
 *   Emscripten does not have the allocator
 */
async function measure(name, flags) {
  const out = join(buildFolder("size"), `${name}.js`);
  const outcome = await tryEmcc([
    ...[join(root, "tests/wasm/size.c"), ...flags, "-Oz", "--no-entry", "-sENVIRONMENT=web"],
    ...["-sALLOW_MEMORY_GROWTH", "-o", out],
  ]);
  if (outcome.code !== 0) {
    if (name === "mimalloc") return undefined;
    throw new Error(outcome.stderr);
  }
  return { name, wasm: statSync(out.replace(/js$/, "wasm")).size, js: statSync(out).size };
}

/** All allocators, ours first. */
export async function measureAll() {
  const measured = [];
  for (const [name, flags] of Object.entries(ALLOCATORS)) {
    const size = await measure(name, flags);
    if (size) measured.push(size);
  }
  return measured;
}

/** @param {Awaited<ReturnType<typeof measureAll>>} sizes */
function table(sizes) {
  const ours = sizes[0]?.wasm ?? 0;
  const lines = sizes.map(
    ({ name, wasm, js }) => `| ${name} | ${wasm} | ${js} | ${(wasm / ours).toFixed(1)} |`,
  );
  const version = /(\d+\.\d+\.\d+)/.exec(emccVersion)?.[1];
  return [
    "| allocator | wasm, bytes | JavaScript, bytes | wasm, ratio |",
    "| --- | ---: | ---: | ---: |",
    ...lines,
    "",
    `A module with malloc, calloc and free, \`-Oz\`, growing memory, emcc ${version}; \`make size\`.`,
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const put = process.argv.includes("--write") && updater(join(root, "README.md"), "size");
  const text = table(await measureAll());
  console.log(text);
  if (put) put(text);
}
