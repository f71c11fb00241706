// Flags that most modes share.

/** Memory that grows several times under the workload. */
export const GROWING = ["-sALLOW_MEMORY_GROWTH", "-sINITIAL_MEMORY=8MB"];

/** Memory that is at its end long before the workload is; ABORTING_MALLOC is a mode of its own. */
export const FIXED = [
  ...["-sALLOW_MEMORY_GROWTH=0", "-sINITIAL_MEMORY=16MB", "-sABORTING_MALLOC=0"],
  ...["-DEXHAUST=8000000", "-DTOTAL=100000000", "-DWITHOUT_SBRK"],
];

/**
 * A mode that only newer Emscriptens have.
 * @param {string} version the first
 * @param {RegExp} [message]
 * @returns {import("../mode.js").Failure}
 */
export const absentBefore = (version, message = /non-existent setting/) => ({
  ...{ with: "any allocator", before: version, at: "build", message },
  absent: `- (since ${version})`,
});
