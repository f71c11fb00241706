// What emcc writes: JavaScript of several forms, WebAssembly alone, and files.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../helpers/toolchain.js";
import { FIXED, GROWING } from "./common.js";

/** @typedef {import("../mode.js").Kit} Kit */

const FILES = ["programs/forms/files.c"];

// What old Emscriptens use of CommonJS in their ES modules is given to them.
const ES6_MAIN = `import { createRequire } from "node:module";
globalThis.require ??= createRequire(import.meta.url);
globalThis.__dirname ??= import.meta.dirname;
const { default: start } = await import("./app.mjs");
await start({ locateFile: (name) => import.meta.dirname + "/" + name });
`;

/** Runs what emcc wrote from a program of a user's. @param {string} name @param {string} text */
const from =
  (name, text) =>
  (/** @type {Kit} */ { folder, node }) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return node(file);
  };

/** A program for WASI. @param {...string} args */
const underWasi =
  (...args) =>
  (/** @type {Kit} */ { out }) =>
    run(process.execPath, ["--no-warnings", join(root, "tests/wasm/wasi.js"), out, ...args]);

/** Without anything of Emscripten's. @param {Kit} kit */
const underOwnHost = ({ out, flags }) =>
  run(process.execPath, [
    ...[join(root, "tests/modes/programs/forms/host.js"), out],
    flags.includes("-sALLOW_MEMORY_GROWTH") ? "grows" : "is fixed",
  ]);

/** @type {import("../mode.js").Mode[]} */
export const modes = [
  {
    name: "`MODULARIZE`",
    flags: ["-O2", "-sMODULARIZE", ...GROWING],
    run: from("main.cjs", 'require("./app.js")();\n'),
  },
  {
    name: "`EXPORT_ES6`",
    flags: ["-O2", "-sEXPORT_ES6", "-sMODULARIZE", ...GROWING],
    output: "app.mjs",
    run: from("main.mjs", ES6_MAIN),
  },
  { name: "`SINGLE_FILE`", flags: ["-O2", "-sSINGLE_FILE", ...GROWING] },
  {
    name: "`MINIMAL_RUNTIME`",
    // Whose exit is an exception that nobody catches.
    flags: ["-O2", "-sMINIMAL_RUNTIME", "-sEXIT_RUNTIME=0", ...GROWING],
  },
  { name: "`STRICT`", flags: ["-O2", "-sSTRICT", ...GROWING] },
  { name: "`ENVIRONMENT=node`", flags: ["-O2", "-sENVIRONMENT=node", ...GROWING] },
  { name: "`WASM=0`", flags: ["-O1", "-sWASM=0", ...GROWING] },
  {
    name: "`WASM=0`, fixed memory",
    flags: ["-O1", "-sWASM=0", ...FIXED],
    archive: "-resize",
    plain: {
      at: "run",
      message: /abort is not a function|wasm2js_trap/,
      says: "`abort` at the end of memory, where NULL is due: wasm2js makes a trap of a growth",
    },
  },
  {
    name: "`WASM=0`, `MAXIMUM_MEMORY=32MB`, filled",
    flags: [
      ...["-O1", "-sWASM=0", ...GROWING, "-sMAXIMUM_MEMORY=32MB"],
      ...["-DEXHAUST=12000000", "-DTOTAL=100000000"],
    ],
    archive: "-resize",
    plain: {
      at: "run",
      message: /^not ok/m,
      says: "memory grows beyond that, up to 4 GiB: wasm2js's `memory.grow` knows no maximum",
    },
  },
  {
    name: "`STANDALONE_WASM`",
    flags: ["-O2", "-sSTANDALONE_WASM", ...GROWING],
    output: "app.wasm",
    run: underWasi("--own-host"),
  },
  {
    name: "`STANDALONE_WASM`, fixed memory",
    flags: ["-O2", "-sSTANDALONE_WASM", ...FIXED],
    output: "app.wasm",
    run: underWasi(),
    archive: "-resize",
    plain: {
      at: "run",
      message: /Import #0/,
      says: "the module imports `emscripten_notify_memory_growth`, which WASI does not have",
    },
  },
  {
    name: "`--no-entry`, wasm without JavaScript",
    flags: ["-O2", "--no-entry", ...GROWING],
    sources: ["programs/forms/pure.c"],
    output: "app.wasm",
    run: underOwnHost,
  },
  {
    name: "`--no-entry`, without, fixed memory",
    flags: ["-O2", "--no-entry", "-sINITIAL_MEMORY=64MB", "-DWITHOUT_SBRK"],
    sources: ["programs/forms/pure.c"],
    output: "app.wasm",
    run: underOwnHost,
  },
  { name: "`FORCE_FILESYSTEM`", flags: ["-O2", "-sFORCE_FILESYSTEM", ...GROWING], sources: FILES },
  { name: "`NODERAWFS`", flags: ["-O2", "-sNODERAWFS", ...GROWING], sources: FILES },
  { name: "`WASMFS`", flags: ["-O2", "-sWASMFS", ...GROWING], sources: FILES },
];
