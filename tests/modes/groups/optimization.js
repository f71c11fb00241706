// Levels of optimization, and what Emscripten has for debugging.

import { closureCompiler } from "../closure.js";
import { FIXED, GROWING } from "./common.js";

const closure = await closureCompiler();

/** @type {import("../mode.js").Failure} */
const DEBIAN_LTO = {
  with: "any allocator",
  since: "6.0.0",
  at: "build",
  message: /undefined symbol: __cxa_increment_exception_refcount/,
  says: "undefined symbol: __cxa_increment_exception_refcount",
  why: "Debian's 6.0.5 cannot link C++ so",
  remedy: "for programs in C, add `-sDEFAULT_TO_CXX=0`",
};

const AS_C = ["-O3", "-flto", "-sDEFAULT_TO_CXX=0"];

/** @type {import("../mode.js").Mode[]} */
export const modes = [
  ...["-O0", "-O1", "-O2", "-O3", "-Os", "-Oz"].map((level) => ({
    name: `\`${level}\``,
    flags: [level, ...GROWING],
  })),
  { name: "`-flto`", flags: ["-O3", "-flto", ...GROWING], fails: [DEBIAN_LTO] },
  { name: "`-flto -sDEFAULT_TO_CXX=0`", flags: [...AS_C, ...GROWING] },
  { name: "`-flto`, from the source file", flags: [...AS_C, ...GROWING], archive: "source" },
  { name: "`-O0 -g`", flags: ["-O0", "-g", ...GROWING] },
  { name: "`-O2 -g`", flags: ["-O2", "-g", ...GROWING] },
  { name: "`-gseparate-dwarf`", flags: ["-O1", "-gseparate-dwarf", ...GROWING] },
  { name: "`-gsource-map`", flags: ["-O1", "-gsource-map", ...GROWING] },
  { name: "`ASSERTIONS=2`", flags: ["-O2", "-sASSERTIONS=2", ...GROWING] },
  { name: "`ASSERTIONS=2`, fixed memory", flags: ["-O2", "-sASSERTIONS=2", ...FIXED] },
  { name: "`SAFE_HEAP`", flags: ["-O1", "-sSAFE_HEAP", ...GROWING] },
  { name: "`SAFE_HEAP`, fixed memory", flags: ["-O1", "-sSAFE_HEAP", ...FIXED] },
  { name: "`STACK_OVERFLOW_CHECK=2`", flags: ["-O1", "-sSTACK_OVERFLOW_CHECK=2", ...GROWING] },
  {
    name: "`--closure 1`",
    flags: ["-O2", "--closure", "1", ...GROWING],
    ...closure.mode,
    fails: [
      {
        with: "any allocator",
        before: closure.isNew ? "3.1.30" : "0",
        at: "build",
        message: /Unknown language `ECMASCRIPT_NEXT_IN'/,
        says: "Unknown language `ECMASCRIPT_NEXT_IN' specified",
        why: "This Emscripten knows the closure compilers of its time only",
        remedy: "install `google-closure-compiler@20220104`",
      },
    ],
  },
];
