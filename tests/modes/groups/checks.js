// Tools that look for faults: sanitizers and the memory profiler. And a fault of the build, that
// -sMALLOC=none is forgotten.

import { join } from "node:path";
import { built, root } from "../../helpers/toolchain.js";
import { buildProgram } from "../modes.js";
import { GROWING } from "./common.js";

/**
 * @typedef {import("../mode.js").Mode} Mode
 * @typedef {import("../mode.js").Kit} Kit
 * @typedef {import("../../helpers/toolchain.js").Outcome} Outcome
 */

const SANITIZED = ["-O1", "-g", "-sALLOW_MEMORY_GROWTH", "-sINITIAL_MEMORY=64MB"];

/** What a fault is reported by. */
const FAULTS = {
  USE_AFTER_FREE: /ERROR: AddressSanitizer: heap-use-after-free/,
  OVERFLOW: /ERROR: AddressSanitizer: heap-buffer-overflow/,
  DOUBLE_FREE: /ERROR: AddressSanitizer: attempting double-free/,
  LEAK: /ERROR: LeakSanitizer: detected memory leaks[^]*100 byte\(s\) in 1 object/,
  UNDEFINED: /runtime error: signed integer overflow/,
};

/**
 * Makes a check of what a program with a fault prints.
 * @param {RegExp} message
 * @returns {(kit: Kit) => Promise<Outcome>}
 */
const runReported =
  (message) =>
  async ({ node, out }) => {
    const outcome = await node(out);
    if (!message.test(outcome.stdout + outcome.stderr)) return outcome;
    return { code: 0, stdout: "ok - the fault is reported\n1 passed, 0 failed\n", stderr: "" };
  };

/** @param {string} sanitizer @param {keyof typeof FAULTS} which @param {string} words @returns {Mode} */
const fault = (sanitizer, which, words) => ({
  name: `\`-fsanitize=${sanitizer}\` finds ${words}`,
  sources: ["programs/checks/fault.c"],
  flags: [...SANITIZED, `-fsanitize=${sanitizer}`, `-DFAULT=${which}`],
  foreign: sanitizer !== "undefined",
  run: runReported(FAULTS[which]),
});

/**
 * Links without -sMALLOC=none.
 * @param {(archive: string) => string[]} [named] how the archive is named
 * @returns {(kit: Kit) => Promise<Outcome>}
 */
const buildForgotten =
  (named = (archive) => [archive]) =>
  (kit) => {
    const link = kit.link.filter((flag) => !flag.startsWith("-sMALLOC"));
    return buildProgram(kit.ours ? { ...kit, link: link.flatMap(named) } : kit);
  };

/** @param {string} how @param {Partial<Mode>} mode @returns {Mode} */
const forgotten = (how, mode) => ({
  name: `\`-sMALLOC=none\` forgotten, ${how}`,
  sources: ["programs/checks/forgotten.c"],
  build: buildForgotten(),
  ...mode,
  flags: ["-O1", ...GROWING, ...(mode.flags ?? [])],
});

const PAGE = ["--pre-js", join(root, "tests/wasm/profiler-page.js"), "-sENVIRONMENT=node"];

const BENEATH = "the sanitizer's own `malloc` serves the program, and takes its memory from ours";

/** @type {Mode[]} */
export const modes = [
  {
    name: "`-fsanitize=address`",
    flags: [...SANITIZED, "-fsanitize=address"],
    foreign: true,
    remark: BENEATH,
  },
  fault("address", "USE_AFTER_FREE", "a use after free"),
  fault("address", "OVERFLOW", "an overflow"),
  fault("address", "DOUBLE_FREE", "a double free"),
  {
    name: "`-fsanitize=leak`",
    flags: [...SANITIZED, "-fsanitize=leak"],
    foreign: true,
    remark: BENEATH,
  },
  fault("leak", "LEAK", "a leak"),
  { name: "`-fsanitize=undefined`", flags: [...SANITIZED, "-fsanitize=undefined"] },
  fault("undefined", "UNDEFINED", "an overflow of `int`"),
  {
    name: "`--memoryprofiler`",
    flags: ["-O1", "--memoryprofiler", ...PAGE, ...GROWING],
    archive: "-memoryprofiler",
  },
  {
    name: "`--memoryprofiler`, plain archive",
    flags: ["-O1", "--memoryprofiler", ...PAGE, ...GROWING],
    remark: "the profiler shows where the heap is, and no blocks",
  },
  forgotten("the archive by its path", {}),
  forgotten("by `-l`", { build: buildForgotten(() => [`-L${built}`, "-lmini_alloc"]) }),
  forgotten("the source file", { archive: "source" }),
  forgotten("and `mallinfo` used", { flags: ["-DMALLINFO"] }),
  forgotten("and `malloc_usable_size` used", {
    flags: ["-DUSABLE"],
    fails: [
      {
        ...{ with: "mini-alloc", at: "build" },
        message: /duplicate symbol: emscripten_builtin_malloc/,
        says: "duplicate symbol: emscripten_builtin_malloc",
        why: "the call draws in another allocator, since mini-alloc does not have it",
        remedy: "`-sMALLOC=none`, and keep the sizes yourself",
      },
    ],
  }),
  {
    name: "`malloc_usable_size`",
    sources: ["programs/checks/forgotten.c"],
    flags: ["-O1", "-DUSABLE", ...GROWING],
    fails: [
      {
        ...{ with: "mini-alloc", at: "build", message: /undefined symbol: malloc_usable_size/ },
        says: "undefined symbol: malloc_usable_size",
        why: "without headers there is no true answer",
        remedy: "keep the sizes yourself",
      },
    ],
  },
];
