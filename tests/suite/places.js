// Where the suite's runs take place, in build/suite: a copy of Emscripten's folder, since its tests
// write beside themselves, and for each allocator a cache of its own.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { EMCC, archive, built, emccVersion } from "../helpers/toolchain.js";

/** @typedef {"dlmalloc" | "mini-alloc" | "mini-alloc-resize"} Side whose malloc the programs get */

/** Debian's, which its Emscripten is made for; another one of the same name may come first. */
export const PYTHON = "/usr/bin/python3";

/** Everything of the suite. */
export const place = join(built, "suite");

/** The copy of Emscripten's folder. */
export const tree = join(place, "emscripten");

/** What is run as Node. */
export const node = join(place, "node");

/** Where the outcomes are kept. */
export const results = join(place, "results");

/** Where the tests build. Each run has its own, as several may go on at once. */
export const temporary = join(place, "tmp", String(process.pid));

const OURS = [archive(""), archive("-mt"), archive("-resize"), archive("-memoryprofiler")];

/** A name that changes when the tools do or, for ours, an archive. @param {Side} side */
export function fingerprint(side) {
  const hash = createHash("sha256").update(`${emccVersion} ${process.version}`);
  if (side !== "dlmalloc") for (const file of OURS) hash.update(readFileSync(file));
  return `${side}-${hash.digest("hex").slice(0, 12)}`;
}

/** Emscripten's cache with the archives of that allocator. @param {Side} side */
export const cache = (side) => join(place, "cache", fingerprint(side));

/** What the runner needs in its environment. @param {Side} side @returns {Record<string, string>} */
export function environment(side) {
  const path = [...(EMCC.includes("/") ? [dirname(EMCC)] : []), process.env.PATH ?? ""];
  return {
    PATH: path.join(delimiter),
    EM_CACHE: cache(side),
    EM_NODE_JS: node,
    EMSDK_PYTHON: PYTHON,
    NODE_PATH: "/usr/share/nodejs", // where Debian's emcc expects its packages
    EMCC_CORES: "1",
    TMPDIR: temporary,
    // Not in Debian, or not what is tested here: the tests that want them are skipped.
    EMTEST_SKIP_V8: "1",
    EMTEST_LACKS_NATIVE_CLANG: "1",
    EMTEST_LACKS_CLOSURE_COMPILER: "1",
  };
}
