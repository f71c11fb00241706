// How memory is laid out, how it grows, and where it ends.

import { inBrowser, missingBrowser } from "../browser.js";
import { judge } from "../judge.js";
import { FIXED, GROWING } from "./common.js";

/** @typedef {import("../mode.js").Kit} Kit */

const BIG = ["programs/memory/big.c"];

const NO_SUCH_SETTING = /non-existent setting/;

/** @type {import("../mode.js").Failure} */
const NO_WASM64_IN_DEBIAN = {
  with: "any allocator",
  before: "4.0.0",
  at: "build",
  message: /FROZEN_CACHE is set, but cache file is missing: "sysroot\/lib\/wasm64-emscripten/,
  says: "FROZEN_CACHE is set, but cache file is missing: sysroot/lib/wasm64-emscripten/...",
  why: "Debian's package holds no libraries for wasm64",
  remedy: "take Emscripten 3.1.72 or newer, from where MEMORY64 is no experiment",
};

/** @type {import("../mode.js").Failure} */
const NO_GROWABLE = {
  with: "any allocator",
  before: "4.0.12",
  at: "build",
  message: NO_SUCH_SETTING,
  absent: "- (since 4.0.12)",
};

/** The program must end where memory does. @param {Kit} kit */
async function abortsAtTheEnd({ node, out }) {
  const outcome = await node(out);
  return judge(outcome, {
    "a request that is refused ends the program": outcome.code !== 0,
    "the message tells of memory": /OOM|Cannot enlarge memory/.test(outcome.stderr),
    "the program does not get NULL": !outcome.stdout.includes("memory ends, with NULL"),
  });
}

/** @param {string} flag */
const inChromium = (flag) => ({
  flags: ["-O2", flag, "-sSINGLE_FILE", "-sENVIRONMENT=web", ...GROWING],
  run: (/** @type {Kit} */ { out }) => inBrowser(out),
  unbuildable: missingBrowser(),
});

/** A growth-step setting; the program looks whether memory has grown by it. @param {string} flag */
const stepping = (flag) => ({
  flags: ["-O2", ...GROWING, flag, "-DSTEP=8388608", "-DWITHOUT_SBRK"],
  archive: /** @type {const} */ ("-resize"),
  plain: {
    at: /** @type {const} */ ("run"),
    message: /not ok - memory has grown by whole steps/,
    says: "memory grows by an eighth, whatever the settings say",
  },
});

/** @type {import("../mode.js").Mode[]} */
export const modes = [
  { name: "`ALLOW_MEMORY_GROWTH`", flags: ["-O2", ...GROWING] },
  { name: "fixed memory", flags: ["-O2", ...FIXED] },
  { name: "growing, by Emscripten", flags: ["-O2", ...GROWING], archive: "-resize" },
  { name: "fixed memory, with `-resize`", flags: ["-O2", ...FIXED], archive: "-resize" },
  { name: "growing, from the source file", flags: ["-O2", ...GROWING], archive: "source" },
  {
    name: "`INITIAL_HEAP`",
    flags: ["-O2", "-sALLOW_MEMORY_GROWTH", "-sINITIAL_HEAP=2MB"],
    fails: [
      {
        with: "any allocator",
        before: "3.1.55",
        at: "build",
        message: NO_SUCH_SETTING,
        absent: "- (since 3.1.55)",
      },
    ],
  },
  {
    name: "`ABORTING_MALLOC`",
    flags: ["-O2", ...FIXED, "-sABORTING_MALLOC"],
    archive: "-resize",
    plain: {
      at: "run",
      message: /not ok - a request that is refused ends the program/,
      says: "NULL at the end of memory, and the program goes on",
    },
    run: abortsAtTheEnd,
  },
  { name: "`MEMORY_GROWTH_GEOMETRIC_STEP`", ...stepping("-sMEMORY_GROWTH_GEOMETRIC_STEP=2") },
  { name: "`MEMORY_GROWTH_LINEAR_STEP`", ...stepping("-sMEMORY_GROWTH_LINEAR_STEP=8MB") },
  {
    name: "`MAXIMUM_MEMORY=32MB`, filled",
    flags: [
      ...["-O2", ...GROWING, "-sMAXIMUM_MEMORY=32MB"],
      ...["-DEXHAUST=12000000", "-DTOTAL=100000000"],
    ],
  },
  {
    name: "`MAXIMUM_MEMORY=2GB`, filled",
    sources: BIG,
    flags: ["-O2", ...GROWING, "-sMAXIMUM_MEMORY=2GB", "-DMEGABYTES=2048"],
  },
  {
    name: "`MAXIMUM_MEMORY=4GB`, filled",
    sources: BIG,
    flags: ["-O2", ...GROWING, "-sMAXIMUM_MEMORY=4GB", "-DMEGABYTES=4096"],
  },
  { name: "`IMPORTED_MEMORY`", flags: ["-O2", ...GROWING, "-sIMPORTED_MEMORY"] },
  {
    name: "`MEMORY64`, 6 GB filled",
    sources: BIG,
    flags: ["-O2", ...GROWING, "-sMEMORY64", "-sMAXIMUM_MEMORY=6GB", "-DMEGABYTES=6144"],
    archive: "source",
    plain: {
      at: "build",
      message: /wasm32/,
      since: "4.0.0",
      says: "the linker refuses wasm32 objects",
    },
    node: 24,
    fails: [NO_WASM64_IN_DEBIAN],
  },
  {
    name: "`GROWABLE_ARRAYBUFFERS=1`",
    flags: ["-O2", ...GROWING, "-sGROWABLE_ARRAYBUFFERS=1"],
    fails: [NO_GROWABLE],
  },
  {
    name: "`GROWABLE_ARRAYBUFFERS=1`, Chromium",
    ...inChromium("-sGROWABLE_ARRAYBUFFERS=1"),
    fails: [NO_GROWABLE],
  },
  {
    name: "`GROWABLE_ARRAYBUFFERS=2`, Chromium",
    ...inChromium("-sGROWABLE_ARRAYBUFFERS=2"),
    archive: "-resize",
    plain: {
      at: "build",
      message: /undefined symbol: emscripten_notify_memory_growth/,
      says: "`undefined symbol: emscripten_notify_memory_growth`",
      since: "4.0.12",
    },
    fails: [NO_GROWABLE],
  },
  {
    name: "`GROWABLE_ARRAYBUFFERS=2`, Node 24",
    flags: ["-O2", ...GROWING, "-sGROWABLE_ARRAYBUFFERS=2"],
    archive: "-resize",
    node: 24,
    fails: [
      NO_GROWABLE,
      {
        with: "any allocator",
        since: "4.0.12",
        at: "run",
        message: /toResizableBuffer is not a function/,
        says: "TypeError: wasmMemory.toResizableBuffer is not a function",
        why: "The engine of Node 24 is too old for it",
        remedy: "run it in a newer engine, or build with `-sGROWABLE_ARRAYBUFFERS=1`",
      },
    ],
  },
];
