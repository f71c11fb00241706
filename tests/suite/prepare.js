// Finds Emscripten's tests, and prepares what their runs need.

import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { MiniAllocError } from "../../src/errors.js";
import { archive, emccVersion, emscripten, run, succeed } from "../helpers/toolchain.js";
import { PYTHON, cache, node, place, results, temporary, tree } from "./places.js";

/** @typedef {import("./places.js").Side} Side */

const VERSION = "3.1.6";

/**
 * Returns the folder of the Emscripten that is being tested.
 * @throws {MiniAllocError} if the tests that this is made for are not there
 */
export async function findSuite() {
  const remedy = `emcc ${VERSION} of Debian 12, whose package emscripten brings the tests`;
  if (!emccVersion.includes(` ${VERSION} `)) {
    throw new MiniAllocError(`no test suite is known for '${emccVersion}'`, remedy);
  }
  const { stdout } = await run(emscripten("em-config"), ["EMSCRIPTEN_ROOT"]);
  const root = stdout.trim();
  for (const needed of [join(root, "tests/runner.py"), join(root, "cache"), PYTHON]) {
    if (!existsSync(needed)) throw new MiniAllocError(`no '${needed}'`, remedy);
  }
  return root;
}

// Without flags that Node has needed no longer for years, and refuses by now. And what old
// Emscriptens make calls fetch on a path, if there is a fetch.
const NODE = `#!/bin/sh
for word; do
  shift
  case $word in
  --experimental-wasm-bigint | --experimental-wasm-bulk-memory | --experimental-wasm-eh) ;;
  --experimental-wasm-simd | --experimental-wasm-threads) ;;
  *) set -- "$@" "$word" ;;
  esac
done
exec "${process.execPath}" --no-experimental-fetch "$@"
`;

/** Which of our archives stands in for one of Emscripten's. @param {string} name @param {Side} side */
function standIn(name, side) {
  if (/-mt\b/.test(name)) return archive("-mt");
  if (/-tracing\b/.test(name)) return archive("-memoryprofiler");
  return archive(side === "mini-alloc" ? "" : "-resize");
}

/** The archives of an allocator in a cache. @param {string} folder */
const allocators = (folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /^lib(?:dl|em)malloc.*\.a$/.test(basename(file)))
    .map((file) => join(folder, file));

/**
 * Fills a cache with symbolic links, but for the archives of the allocators.
 * @param {string} folder
 * @param {string} original
 * @param {Side} side
 */
async function fillCache(folder, original, side) {
  await succeed("cp", ["-as", `${original}/.`, folder]);
  for (const file of ["cache.lock", "sanity.txt"]) rmSync(join(folder, file), { force: true });
  if (side === "dlmalloc") return;
  for (const file of allocators(folder)) {
    rmSync(file); // the link, not what it shows
    cpSync(standIn(basename(file), side), file);
  }
}

/**
 * Makes a folder if it is not there: all of it, or nothing.
 * @param {string} folder
 * @param {(unfinished: string) => Promise<unknown>} make
 */
async function makeOnce(folder, make) {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true }); // another process was faster
  }
}

/**
 * @param {string} root Emscripten's folder
 * @param {readonly Side[]} sides
 */
export async function prepare(root, sides) {
  for (const folder of [results, temporary]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "type": "commonjs" }\n'); // what emcc makes
  writeFileSync(node, NODE, { mode: 0o755 });
  const left = new Set([join(root, "cache"), join(root, "docs")]);
  await makeOnce(tree, async (folder) =>
    cpSync(root, folder, { recursive: true, filter: (file) => !left.has(file) }),
  );
  for (const side of sides) {
    await makeOnce(cache(side), (folder) => fillCache(folder, join(root, "cache"), side));
  }
}

/** Removes what the tests have left behind. */
export function cleanUp() {
  rmSync(temporary, { recursive: true, force: true });
}
