// Builds the demo's page from what modules.js has built: build/demo/dist for a web server, and
// build/demo.html, one file. `make page` runs it, in the right order.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { command } from "./command.js";
import { hostedConfig, hostedFolder, singleConfig, singleFile } from "./vite.js";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** @param {number} bytes */
const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;

/** @param {string} path */
const shown = (path) => relative(process.cwd(), path);

/** Says what a visitor downloads. @param {string} folder */
function reportHosted(folder) {
  const sizes = new Map();
  let total = 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter((one) => one.isFile())) {
    const { length } = gzipSync(readFileSync(join(file.parentPath, file.name)), { level: 9 });
    const kind = extname(file.name).slice(1);
    sizes.set(kind, (sizes.get(kind) ?? 0) + length);
    total += length;
  }
  const kinds = [...sizes].toSorted(([, a], [, b]) => b - a);
  const list = kinds.map(([kind, size]) => `${kind} ${kib(size)}`).join(", ");
  console.log(`${shown(folder)}: ${kib(total)} compressed (${list})`);
}

/** @returns {Promise<string>} */
async function buildSingle() {
  const built = await build(singleConfig(root));
  const { output } = /** @type {import("vite").Rolldown.RolldownOutput} */ (built);
  const files = output.filter(({ fileName }) => fileName !== "index.html");
  const html = output.find(({ fileName }) => fileName === "index.html");
  if (html?.type !== "asset" || files.length > 0) {
    throw new Error(`the page is not one file, but also ${files.map((file) => file.fileName)}`);
  }
  return String(html.source);
}

/** Builds beside the old files, which may be served this moment, and puts the new in their place. */
async function buildHosted() {
  const folder = hostedFolder(root);
  const config = hostedConfig(root);
  await build({ ...config, build: { ...config.build, outDir: `${folder}.new` } });
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}.new`, folder);
  reportHosted(folder);
}

await command(async () => {
  await buildHosted();

  const path = singleFile(root);
  const html = await buildSingle();
  // Make looks at this file's time, so it is there when all is.
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, html);
  renameSync(`${path}.new`, path);
  console.log(`${shown(path)}: ${kib(Buffer.byteLength(html))}, one file`);
});
