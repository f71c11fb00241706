// What has to be said beside the figures. Pure.

import { grouped } from "../../table.js";
import { ended } from "./rounds.js";
import { steady } from "./compare.js";
import { list } from "../words.js";
import { tooShort } from "./words.js";

/** @typedef {import("./outcome.js").Row} Row */
/** @typedef {import("./rounds.js").Subject} Subject */

/** @param {readonly {name: string}[]} subjects */
const names = (subjects) => list(subjects.map(({ name }) => name));

/** @param {readonly Subject[]} subjects @param {(report: import("./child/hook.js").Report) => boolean} test */
const whose = (subjects, test) =>
  subjects.filter(({ metered }) => metered?.report !== undefined && test(metered.report));

/** @param {readonly Subject[]} subjects */
function meterRemarks(subjects) {
  const warnings = [];
  const none = whose(subjects, ({ instances }) => instances === 0);
  if (none.length > 0) {
    warnings.push(`no WebAssembly runs with ${names(none)}: there is neither ink nor a page count`);
  }
  for (const { name, metered } of subjects) {
    const why = metered?.report?.unmetered;
    if (why !== undefined) warnings.push(`no ink of ${name}: ${why}`);
  }
  const silent = subjects.filter(({ metered }) => metered && !metered.report);
  const late = silent.filter(({ metered }) => metered?.end === "late");
  if (late.length > 0) {
    warnings.push(`no ink of ${names(late)}: metering takes longer: --timeout with more seconds`);
  }
  const killed = silent.filter(({ metered }) => ended(metered));
  if (killed.length > 0) {
    warnings.push(`no ink of ${names(killed)}: killed before it could be told`);
  }
  const threaded = whose(subjects, ({ threads }) => threads > 0);
  if (threaded.length > 0) {
    warnings.push(
      "the ink is that of all threads, and changes with how long they wait for each other",
    );
  }
  const unheard = whose(subjects, ({ threads, unheard: missing }) => threads > 0 && missing > 0);
  if (unheard.length > 0) {
    warnings.push(
      `the ink of ${names(unheard)} is not whole: threads were at work when the program ended`,
    );
  }
  return warnings;
}

/** @param {readonly Row[]} rows */
function mallocRemarks(rows) {
  const others = rows.filter(({ kind }) => kind === "other malloc");
  if (others.length === 0) return [];
  const who = list(others.map(({ allocator }) => allocator));
  return [
    `the build brings a malloc of its own, which stands in for ${who}: take it out of the link step`,
  ];
}

/** @param {readonly Subject[]} subjects */
function lateRemarks(subjects) {
  const late = subjects.filter(({ runs }) => runs[0]?.end === "late");
  return late.length > 0
    ? [`the program does not end in time with ${names(late)}: --timeout with more seconds`]
    : [];
}

/** @param {readonly Row[]} rows @param {{rounds: number | undefined, wanted: number}} timing */
function timeRemarks(rows, { rounds, wanted }) {
  const short = rows.filter(tooShort).map(({ allocator }) => allocator);
  return [
    ...(short.length > 0
      ? [
          `over in less than 1 ms with ${list(short)}, which is too short to time: give it more to do`,
        ]
      : []),
    ...(rounds !== undefined && rounds < wanted
      ? [
          `timed ${rounds || 1} times, not ${wanted}, as the program takes long: --runs ${rounds || 1}`,
        ]
      : []),
  ];
}

const USELESS = "nothing in it calls malloc, or the compiler has removed the calls as useless";

/**
 * Whether what is measured has nothing to do with the allocator.
 * @param {readonly Subject[]} subjects
 * @param {boolean} direct whether all that the linker said has been seen
 */
function nothingToCompare(subjects, direct) {
  if (direct) {
    // mini-alloc is named to the linker as a file: it defines malloc for nobody, too.
    const rivals = subjects.filter(({ name }) => name !== "mini-alloc");
    const none = rivals.filter(({ product }) => product.malloc.length === 0);
    return none.length > 0 ? [`the program is the same with every allocator: ${USELESS}`] : [];
  }
  for (const [i, { name, product }] of subjects.entries()) {
    const twin = subjects.slice(i + 1).find((other) => other.product.digest === product.digest);
    if (!twin || (product.malloc.length > 0 && twin.product.malloc.length > 0)) continue;
    return [
      `the program is the same, byte for byte, with ${name} and ${twin.name}: it does not call ` +
        "malloc, or the build does not pass EMCC_CFLAGS on to emcc",
    ];
  }
  return [];
}

/**
 * @param {readonly Subject[]} subjects
 * @param {readonly Row[]} rows
 * @param {{rounds: number | undefined, wanted: number, direct: boolean}} how
 * @returns {{warnings: string[], notes: string[]}}
 */
export function remarks(subjects, rows, { direct, ...timing }) {
  const unsteady = subjects.filter((subject) => !steady(subject));
  const outside = rows.filter((row) => (row.outside ?? 0n) > 0n);
  const factory = subjects.some(({ runs }) => runs[0]?.report?.factory);
  const [most] = outside.toSorted((a, b) => Number((b.outside ?? 0n) - (a.outside ?? 0n)));
  return {
    warnings: [
      ...mallocRemarks(rows),
      ...nothingToCompare(subjects, direct),
      ...(unsteady.length > 0
        ? [`the output changes from run to run with ${names(unsteady)}: outputs are not compared`]
        : []),
      ...lateRemarks(subjects),
      ...meterRemarks(subjects),
      ...timeRemarks(rows, timing),
    ],
    notes: [
      ...(factory
        ? ["The program exports a function, as -sMODULARIZE makes it, which was called."]
        : []),
      ...(most
        ? [
            `Up to ${grouped(most.outside ?? 0n)} operators outside Stylus's set (floats, SIMD, ` +
              "atomics, ...) are counted apart and priced as 0.",
          ]
        : []),
    ],
  };
}
