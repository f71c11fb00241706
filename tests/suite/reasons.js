// The tests that pass with dlmalloc and can not with mini-alloc, and why. A test that is not here
// has to pass; one that is here and passes is reported as well.

/** @typedef {import("./compare.js").Reason} Reason */

/**
 * @param {string} why
 * @param {readonly string[]} tests
 * @param {Omit<Reason, "test" | "why">} [more]
 * @returns {Reason[]}
 */
const because = (why, tests, more) => tests.map((test) => ({ test, why, ...more }));

/** @type {readonly Reason[]} */
export const REASONS = [
  ...because("wants freed memory to be handed out again", ["test_dlmalloc_partial"]),
  ...because(
    "makes and destroys objects for a second, or a million of them, which are more than fixed memory holds if nothing is given back",
    ["test_webidl", "test_webidl_all", "test_webidl_default", "test_webidl_fast"],
    { atTimes: true },
  ),
  ...because("wants what was freed to count as free in `mallinfo`", ["test_setjmp_noleak"]),
  ...because("calls functions that only emmalloc has, such as `emmalloc_validate_memory_regions`", [
    "test_emmalloc_memalign_corruption",
    "test_emmalloc_memory_statistics",
    "test_emmalloc_trim",
    "test_pthread_emmalloc",
  ]),
  ...because("calls `malloc_usable_size`, which is not offered: blocks here have no headers", [
    "test_emmalloc_usable_size",
  ]),
  ...because(
    "wants the program to end where memory can not grow (`ABORTING_MALLOC`), which `libmini_alloc-resize.a` does",
    ["test_memorygrowth", "test_memorygrowth_2", "test_minimal_runtime_memorygrowth"],
    { resize: true },
  ),
  ...because(
    "looks at how Emscripten grows memory, through which only `libmini_alloc-resize.a` grows",
    ["test_memorygrowth_3_force_fail_reallocBuffer", "test_memorygrowth_geometric_step"],
    { resize: true },
  ),
  ...because(
    "wants a failing request to return: with `-sWASM=0`, `memory.grow` throws instead, which only `libmini_alloc-resize.a` does not call",
    ["test_dlmalloc_large", "test_memorygrowth_3"],
    { modes: ["wasm2js1"], resize: true },
  ),
  ...because(
    "wants memory to end at `MAXIMUM_MEMORY`: with `-sWASM=0`, `memory.grow` knows no maximum, and only `libmini_alloc-resize.a` asks Emscripten",
    ["test_aborting_new_grow"],
    { modes: ["wasm2js1"], resize: true },
  ),
  ...because(
    "allocates 20 MiB in a memory of 16 MiB and frees every MiB; without `-sWASM=0` the failure passes unnoticed",
    ["test_wrap_malloc"],
    { modes: ["wasm2js1"] },
  ),
];
