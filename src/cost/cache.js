// Folders of built files, named by the content of what they were built from. A folder is there whole
// or not at all: it is built under another name, and what was interrupted is taken away.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";

/**
 * Returns where built files are kept: in build/ of a checkout; beside other packages' caches where
 * this is an installed package.
 * @param {string} root
 */
export function cacheFolder(root) {
  const installed = root.lastIndexOf(`${sep}node_modules${sep}`);
  if (installed < 0) return join(root, "build", "cost");
  return join(root.slice(0, installed), "node_modules", ".cache", "mini-alloc");
}

/**
 * Returns the folder with what `build` makes, made now or before.
 * @param {string} cache
 * @param {{words: readonly string[], files: readonly string[]}} inputs all that the result depends on
 * @param {(folder: string) => Promise<void>} build puts files into an empty folder
 * @returns {Promise<string>}
 */
export async function cached(cache, inputs, build) {
  const folder = join(cache, digest(inputs));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  // What emcc writes is CommonJS.
  const marker = join(cache, "package.json");
  if (!existsSync(marker)) writeFileSync(marker, '{ "type": "commonjs" }\n');
  const unfinished = mkdtempSync(join(cache, "unfinished-"));
  try {
    await build(unfinished);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** @param {{words: readonly string[], files: readonly string[]}} inputs */
function digest({ words, files }) {
  const hash = createHash("sha256");
  for (const word of words) hash.update(`${word}\0`);
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 20);
}
