// The built-in workloads: what each is called, what it does, and how often. Their code is
// workloads.c. Pure.

import { MiniAllocError, nearest } from "../errors.js";

/**
 * @typedef {object} Workload
 * @property {string} name of the export
 * @property {string} group
 * @property {string} about one operation of it, in a line
 * @property {number} operations that are counted
 * @property {number} timed operations in one measurement of time: fewer, since there are many
 *   measurements, and since an instance must stay small (measure.js)
 * @property {number} before operations before those that are timed, to warm up what is used again
 */

/** @type {readonly [name: string, about: string, operations: number, timed: number][]} */
const KINDS = [
  ["malloc_8", "malloc(8), kept", 100_000, 200_000],
  ["malloc_16", "malloc(16), kept", 100_000, 200_000],
  ["malloc_64", "malloc(64), kept", 100_000, 100_000],
  ["malloc_1000", "malloc(1000), kept", 100_000, 12_000],
  ["calloc_16", "calloc of 16 bytes, kept", 100_000, 200_000],
  ["calloc_1000", "calloc of 1000 bytes, kept", 100_000, 12_000],
  ["calloc_1mb", "calloc of 1 MiB, kept", 200, 10],
  ["pair_16", "malloc(16) and free", 100_000, 200_000],
  ["pair_1000", "malloc(1000) and free", 100_000, 6400],
  ["lifo_16", "malloc(16) and free, 64 deep", 102_400, 204_800],
  ["lifo_64", "malloc(64) and free, 64 deep", 409_600, 102_400],
  ["lifo_1000", "malloc(1000) and free, 64 deep", 102_400, 6400],
  ["churn_1024_256", "free and malloc(1 to 256), 1024 live", 400_000, 50_000],
  ["churn_65536_256", "free and malloc(1 to 256), 65536 live", 200_000, 25_000],
  ["churn_1024_4096", "free and malloc(1 to 4096), 1024 live", 100_000, 2500],
  ["realloc_double", "realloc to twice the size, 16 to 65536", 13_000, 1300],
  ["realloc_append", "realloc to 16 more, up to 4096", 102_400, 102_400],
  ["realloc_append_apart", "the same, a malloc(8) after each", 102_400, 2560],
];

const TOUCHED = "_touched";

/** @type {readonly Workload[]} each plain, and with every byte written */
export const WORKLOADS = KINDS.flatMap(([name, about, operations, timed]) => {
  const group = name.slice(0, name.indexOf("_"));
  // Where blocks are kept, nothing is used again.
  const before = group === "malloc" || group === "calloc" ? 1 : timed;
  const counts = { group, operations, timed, before };
  return [
    { ...counts, name, about },
    { ...counts, name: name + TOUCHED, about: `${about}, written` },
  ];
});

/** What is measured beside WORKLOADS, by files of their own. */
export const SPECIAL = /** @type {const} */ (["edge_cases", "sqlite"]);

/** What a first look wants, in under a minute. */
export const FIRST_LOOK = [
  ...["malloc_16", "malloc_64_touched", "calloc_16", "calloc_1mb", "pair_16", "lifo_64"],
  ...["lifo_64_touched", "churn_1024_256", "churn_1024_256_touched", "realloc_append"],
  ...["realloc_append_apart", "edge_cases"],
];

/** @typedef {{workloads: Workload[], special: Set<string>}} Choice */

const GROUPS = [...new Set(WORKLOADS.map(({ group }) => group))];

/** What --workloads takes beside names of workloads. */
export const WORKLOAD_SETS = ["all", ...GROUPS, ...SPECIAL];

/**
 * Returns the workloads of a list of names and groups.
 * @param {string | undefined} list between commas; what a first look wants, if not given
 * @returns {Choice}
 * @throws {MiniAllocError}
 */
export function chooseWorkloads(list) {
  const words = list === undefined ? FIRST_LOOK : list.split(",").map((word) => word.trim());
  const all = words.includes("all");
  for (const word of words) {
    const known = [...WORKLOAD_SETS, ...WORKLOADS.map(({ name }) => name)];
    if (known.includes(word)) continue;
    const meant = nearest(word, known);
    throw new MiniAllocError(
      `unknown workload '${word}'`,
      `--workloads ${meant ?? WORKLOAD_SETS.join(",")}`,
    );
  }
  return {
    workloads: WORKLOADS.filter(
      ({ name, group }) => all || words.includes(name) || words.includes(group),
    ),
    special: new Set(SPECIAL.filter((name) => all || words.includes(name))),
  };
}
