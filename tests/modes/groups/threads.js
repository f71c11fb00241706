// Threads: pthreads and Wasm Workers.

import { GROWING, absentBefore } from "./common.js";

const PTHREADS = ["programs/threads/pthreads.c"];
const WORKERS = ["programs/threads/wasm_workers.c"];
const THREADS = [
  "-O2",
  "-pthread",
  "-Wno-pthreads-mem-growth",
  "-sALLOW_MEMORY_GROWTH",
  "-sINITIAL_MEMORY=16MB",
];

/** @type {import("../mode.js").Mode[]} */
export const modes = [
  {
    name: "`-pthread`, a pool",
    sources: PTHREADS,
    archive: "-mt",
    flags: [...THREADS, "-sPTHREAD_POOL_SIZE=4", "-DJOIN"],
  },
  { name: "`-pthread`, no pool", sources: PTHREADS, archive: "-mt", flags: THREADS },
  { name: "`-pthread`, from source", sources: PTHREADS, archive: "source", flags: THREADS },
  {
    name: "`-pthread -O0`",
    sources: PTHREADS,
    archive: "-mt",
    flags: [...THREADS, "-O0", "-sASSERTIONS=2"],
  },
  {
    name: "`-pthread`, fixed memory",
    sources: PTHREADS,
    archive: "-mt",
    flags: [
      ...THREADS,
      "-sALLOW_MEMORY_GROWTH=0",
      "-sINITIAL_MEMORY=32MB", // half of it stacks, on old Emscriptens
      "-sABORTING_MALLOC=0",
      "-DSMALL",
      "-DWITHOUT_SBRK",
    ],
  },
  {
    name: "`PROXY_TO_PTHREAD`",
    sources: PTHREADS,
    archive: "-mt",
    flags: [...THREADS, "-sPROXY_TO_PTHREAD", "-DJOIN"],
  },
  {
    name: "`-sUSE_PTHREADS`, the old spelling",
    sources: PTHREADS,
    archive: "-mt",
    flags: [...THREADS.filter((flag) => flag !== "-pthread"), "-sUSE_PTHREADS=1"],
  },
  {
    name: "`WASM_WORKERS`",
    sources: WORKERS,
    archive: "-mt",
    flags: ["-O1", "-sWASM_WORKERS", ...GROWING, "-sINITIAL_MEMORY=16MB"],
    fails: [absentBefore("3.1.7", /wasm_worker\.h' file not found|non-existent setting/)],
  },
];
