// Features of the language and of WebAssembly that a program is compiled with.

import { inBrowser, missingBrowser } from "../browser.js";
import { FIXED, GROWING, absentBefore } from "./common.js";

const CPP = ["programs/language/cpp.cpp"];
const EXCEPTIONS = ["programs/language/exceptions.cpp"];
const SETJMP = ["programs/language/setjmp.c"];
const SIMD = ["programs/language/simd.cpp"];
const EMBIND = ["programs/language/embind.cpp"];
const ASYNC = ["programs/language/asyncify.c"];
const CPP17 = ["-O1", "-std=c++17", ...GROWING];

const noBrowser = missingBrowser();
const ALIGNED_TO_8 =
  "`malloc` aligns to 8, as with any allocator, and vectors are loaded from any address; " +
  "`aligned_alloc` and `new` of vectors align to 16";

/** @type {import("../mode.js").Mode[]} */
export const modes = [
  { name: "C++", sources: CPP, flags: CPP17 },
  {
    name: "`-fno-exceptions -fno-rtti`",
    sources: CPP,
    flags: [...CPP17, "-fno-exceptions", "-fno-rtti"],
  },
  { name: "`-fexceptions`", sources: EXCEPTIONS, flags: [...CPP17, "-fexceptions"] },
  {
    name: "`-fexceptions`, fixed memory",
    sources: EXCEPTIONS,
    flags: ["-O1", "-fexceptions", ...FIXED],
  },
  { name: "`-fwasm-exceptions`", sources: EXCEPTIONS, flags: [...CPP17, "-fwasm-exceptions"] },
  {
    name: "`-fwasm-exceptions`, fixed memory",
    sources: EXCEPTIONS,
    flags: ["-O1", "-fwasm-exceptions", ...FIXED],
  },
  {
    name: "`-fwasm-exceptions -sWASM_LEGACY_EXCEPTIONS=0`",
    sources: EXCEPTIONS,
    flags: [...CPP17, "-fwasm-exceptions", "-sWASM_LEGACY_EXCEPTIONS=0"],
    node: 24,
    fails: [absentBefore("4.0.0")],
  },
  { name: "`setjmp`", sources: SETJMP, flags: ["-O1", ...GROWING] },
  {
    name: "`-sSUPPORT_LONGJMP=wasm`",
    sources: SETJMP,
    flags: ["-O1", "-sSUPPORT_LONGJMP=wasm", ...GROWING],
  },
  { name: "`-msimd128`", sources: SIMD, flags: [...CPP17, "-msimd128"], remark: ALIGNED_TO_8 },
  {
    name: "`-mrelaxed-simd`",
    sources: SIMD,
    flags: [...CPP17, "-mrelaxed-simd"],
    remark: ALIGNED_TO_8,
  },
  { name: "`-mbulk-memory`", flags: ["-O1", "-mbulk-memory", ...GROWING] },
  {
    name: "`-mbulk-memory`, from source",
    flags: ["-O1", "-mbulk-memory", ...GROWING],
    archive: "source",
  },
  {
    name: "`-mnontrapping-fptoint -msign-ext -mmultivalue -mreference-types -mtail-call`",
    flags: [
      ...["-O1", "-mnontrapping-fptoint", "-msign-ext", "-mmultivalue", "-mreference-types"],
      ...["-mtail-call", ...GROWING],
    ],
  },
  { name: "`-mcpu=mvp`", flags: ["-O1", "-mcpu=mvp", ...GROWING] },
  { name: "`--bind`", sources: EMBIND, flags: [...CPP17, "--bind"] },
  {
    name: "`ASYNCIFY`",
    sources: ASYNC,
    flags: ["-O1", "-sASYNCIFY", "-sASYNCIFY_STACK_SIZE=65536", ...GROWING],
  },
  {
    name: "`JSPI`",
    sources: ASYNC,
    flags: ["-O1", "-sJSPI", "-sSINGLE_FILE", "-sENVIRONMENT=web", ...GROWING],
    run: ({ out }) => inBrowser(out),
    ...(noBrowser === undefined ? {} : { unbuildable: noBrowser }),
    fails: [absentBefore("3.1.59")],
  },
];
