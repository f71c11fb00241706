// How a program is linked: where its parts lie; and dynamic linking, where a main module has a side
// module, which is there from the start or comes later.

import { join } from "node:path";
import { node } from "../../helpers/toolchain.js";
import { GROWING } from "./common.js";

/**
 * @typedef {import("../mode.js").Mode} Mode
 * @typedef {import("../mode.js").Kit} Kit
 *
 * @typedef {object} Dynamic
 * @property {1 | 2} main MAIN_MODULE
 * @property {"c" | "cpp"} [side] what the side module is written in
 * @property {string[]} [flags] of both
 * @property {string[]} [mainFlags]
 */

/**
 * The side module first: the main module then exports what it needs (MAIN_MODULE=2 exports nothing
 * else), and loads it at the start unless AUTOLOAD_DYLIBS=0.
 * @param {Dynamic} dynamic
 * @returns {(kit: Kit) => ReturnType<Kit["emcc"]>}
 */
const buildBoth =
  ({ main }) =>
  async ({ emcc, empp, sources: [program = "", side = ""], folder, flags, compile, link, out }) => {
    const compiler = side.endsWith(".cpp") ? empp : emcc;
    const library = join(folder, "side.wasm");
    const shared = [...flags.filter((flag) => !isForMain(flag)), ...compile];
    const built = await compiler([side, "-sSIDE_MODULE=1", ...shared, "-o", library]);
    if (built.code !== 0) return built;
    const object = join(folder, "main.o");
    const compiled = await emcc([program, ...shared, "-c", "-fPIC", "-o", object]);
    if (compiled.code !== 0) return compiled;
    return compiler([
      ...[object, library, `-sMAIN_MODULE=${main}`, "-sEXIT_RUNTIME", ...flags, ...link],
      ...["-o", out],
    ]);
  };

/** @param {string} flag */
const isForMain = (flag) => /^-s(ALLOW|INITIAL|AUTOLOAD|PTHREAD|PROXY)/.test(flag);

/** @param {string} name @param {Dynamic} dynamic @returns {Mode} */
const dynamic = (name, { main, side = "c", flags = [], mainFlags = [] }) => ({
  name,
  sources: ["programs/linking/main.c", `programs/linking/side.${side}`],
  flags: ["-O1", ...flags, ...GROWING, ...mainFlags],
  build: buildBoth({ main }),
  // Old Emscriptens look for a side module in the working directory.
  run: ({ folder, out }) => node(out, [], { cwd: folder, seconds: 120 }),
});

const LATER = ["-sAUTOLOAD_DYLIBS=0"];

/** @param {string} name @param {1 | 2} main @returns {Mode} */
const dynamicThreads = (name, main) => ({
  ...dynamic(name, {
    main,
    flags: ["-DDLOPEN", "-pthread"],
    mainFlags: [...LATER, "-sPROXY_TO_PTHREAD"],
  }),
  archive: "-mt",
  remark: "experimental in Emscripten, which warns of it",
});

const CONSTRUCTORS = ["programs/linking/constructors.cpp"];

/** @type {Mode[]} */
export const modes = [
  { name: "`malloc` before `main`", sources: CONSTRUCTORS, flags: ["-O1", ...GROWING] },
  { name: "`EVAL_CTORS`", sources: CONSTRUCTORS, flags: ["-O2", "-sEVAL_CTORS", ...GROWING] },
  { name: "`EVAL_CTORS=2`", sources: CONSTRUCTORS, flags: ["-O2", "-sEVAL_CTORS=2", ...GROWING] },
  { name: "`-Wl,--stack-first`", flags: ["-O1", "-Wl,--stack-first", ...GROWING] },
  { name: "`GLOBAL_BASE`", flags: ["-O1", "-sGLOBAL_BASE=100000", ...GROWING] },
  { name: "`WASM_BIGINT`", flags: ["-O1", "-sWASM_BIGINT", ...GROWING] },
  {
    name: "`ERROR_ON_UNDEFINED_SYMBOLS=0`",
    flags: ["-O1", "-sERROR_ON_UNDEFINED_SYMBOLS=0", ...GROWING],
  },
  {
    name: "`RELOCATABLE`",
    flags: ["-O1", "-sRELOCATABLE", ...GROWING],
    fails: [
      {
        ...{ with: "any allocator", since: "6.0.0", at: "build" },
        message: /`-sRELOCATABLE=1`: No longer supported/,
        absent: "- (no longer there)",
      },
    ],
  },
  dynamic("`MAIN_MODULE=1`, at the start", { main: 1 }),
  dynamic("`MAIN_MODULE=2`, at the start", { main: 2 }),
  dynamic("`MAIN_MODULE=2`, at the start, C++", { main: 2, side: "cpp" }),
  dynamic("`MAIN_MODULE=1`, `dlopen`", { main: 1, flags: ["-DDLOPEN"], mainFlags: LATER }),
  dynamic("`MAIN_MODULE=2`, `dlopen`", { main: 2, flags: ["-DDLOPEN"], mainFlags: LATER }),
  dynamic("`MAIN_MODULE=2`, `dlopen`, C++", {
    ...{ main: 2, side: "cpp", flags: ["-DDLOPEN"], mainFlags: LATER },
  }),
  dynamic("`MAIN_MODULE=2`, `emscripten_dlopen`", {
    ...{ main: 2, flags: ["-DASYNC"], mainFlags: LATER },
  }),
  {
    ...dynamicThreads("`MAIN_MODULE=1 -pthread`", 1),
    fails: [
      {
        // The break is 0 there when emmalloc takes its first blocks: what they meet is chance.
        ...{ with: "emmalloc", before: "3.1.69", at: "run", atTimes: true },
        message: /RuntimeError/,
      },
    ],
  },
  dynamicThreads("`MAIN_MODULE=2 -pthread`", 2),
];
