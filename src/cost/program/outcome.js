// What became of the program with each allocator.

import { basename } from "node:path";
import { grouped } from "../../table.js";
import { ending, steady } from "./compare.js";
import { ended } from "./rounds.js";
import { timeOf } from "./times.js";

/** @typedef {import("./build.js").Build} Build */
/** @typedef {import("./rounds.js").Subject} Subject */
/** @typedef {import("./run.js").Run} Run */

/**
 * One allocator. What there is no figure for is missing.
 * @typedef {object} Row
 * @property {string} allocator
 * @property {"done" | "memory" | "stopped" | "other malloc" | "not built"} kind
 * @property {string} outcome in a few words
 * @property {bigint} [ink]
 * @property {bigint} [operators]
 * @property {bigint} [outside] operators that have no price
 * @property {number} [inkRatio] to dlmalloc's
 * @property {import("./times.js").Time} [ms]
 * @property {number} [msRatio]
 * @property {number} [pages] at most
 * @property {{wasm: number, js: number}} [bytes]
 * @property {number} [threads] that have run, the first one not counted
 * @property {string} [details] what the compiler or the program said
 */

const OUT_OF_MEMORY = /\bOOM\b|out of memory|cannot enlarge memory|bad_alloc/i;

/** @param {Subject} subject */
const refused = ({ runs, metered }) =>
  [runs[0], metered].some((run) => BigInt(run?.report?.counts.refused ?? 0) > 0n);

/** @param {Subject} subject */
const digestOf = ({ runs }) => runs[0]?.digest;

/**
 * Whether the program failed for want of memory. That memory was refused says nothing by itself: an
 * allocator may ask for more than it needs, and then for less.
 * @param {Subject} subject
 * @param {readonly Subject[]} all
 */
function ranOut(subject, all) {
  const [first] = subject.runs;
  if (!first || !ended(first)) return false;
  const failed = first.how !== "0";
  if (failed && OUT_OF_MEMORY.test(first.complaint)) return true;
  if (!refused(subject) || !(failed || steady(subject))) return false;
  const others = all.filter((other) => !refused(other) && ended(other.runs[0]));
  if (others.length === 0) return failed;
  return others.every((other) => digestOf(other) !== digestOf(subject));
}

/** Of the wrong malloc, where the linker told. @param {Subject} subject @param {Build} build */
function otherMalloc({ product }, { allocator }) {
  const own =
    allocator.name === "mini-alloc"
      ? /mini_alloc/
      : new RegExp(String.raw`\blib${allocator.malloc}\b[^/\\]*\.a\(`);
  const wrong = product.malloc.length > 0 && !product.malloc.some((file) => own.test(file));
  return wrong ? product.malloc.at(-1) : undefined;
}

/** @param {Run} run @param {number} seconds */
function stopped({ end }, seconds) {
  return end === "late" ? `not done in ${seconds} s` : "printed without end";
}

/**
 * @param {Subject} subject
 * @param {Build} build
 * @param {readonly Subject[]} all
 * @param {number} seconds
 * @returns {Pick<Row, "kind" | "outcome" | "details">}
 */
function became(subject, build, all, seconds) {
  const [first] = subject.runs;
  const other = otherMalloc(subject, build);
  if (other !== undefined) {
    return { kind: "other malloc", outcome: `malloc of ${basename(other)}` };
  }
  if (!first || !ended(first)) {
    return { kind: "stopped", outcome: first ? stopped(first, seconds) : "" };
  }
  if (ranOut(subject, all)) {
    const pages = pagesOf(subject);
    const place = pages === undefined ? "" : ` at ${grouped(pages)} pages`;
    return { kind: "memory", outcome: `out of memory${place}` };
  }
  const failed = ending(first) !== "exit 0";
  const details = failed && first.complaint !== "" ? { details: first.complaint } : {};
  return { kind: "done", outcome: ending(first), ...details };
}

/** @param {Subject} subject */
function pagesOf({ runs, metered }) {
  const pages = Math.max(metered?.report?.pages ?? 0, runs[0]?.report?.pages ?? 0);
  return pages > 0 ? pages : undefined;
}

/** @param {Subject} subject @returns {Pick<Row, "ink" | "operators" | "outside" | "ms" | "pages" | "threads">} */
function figures(subject) {
  const report = subject.metered?.report;
  const metered = report && report.instances > 0 && report.unmetered === undefined;
  const [ms, pages] = [timeOf(subject), pagesOf(subject)];
  return {
    ...(metered ? inkOf(report) : {}),
    ...(ms === undefined ? {} : { ms }),
    ...(pages === undefined ? {} : { pages }),
    ...(report && report.threads > 0 ? { threads: report.threads } : {}),
  };
}

/** @param {import("./child/hook.js").Report} report */
const inkOf = ({ counts }) => ({
  ink: BigInt(counts.ink),
  operators: BigInt(counts.operators),
  outside: BigInt(counts.outside),
});

const BASE = "dlmalloc";

/**
 * @param {readonly Build[]} builds
 * @param {readonly Subject[]} subjects
 * @param {number} seconds that a run could take
 * @returns {Row[]}
 */
export function rowsOf(builds, subjects, seconds) {
  const rows = builds.map((build) => {
    const allocator = build.allocator.name;
    const subject = subjects.find(({ name }) => name === allocator);
    if (!subject) {
      const { outcome, details } = build.failure ?? { outcome: "", details: "" };
      return /** @type {Row} */ ({ allocator, kind: "not built", outcome, details });
    }
    const fate = became(subject, build, subjects, seconds);
    const bytes = subject.product.bytes;
    return /** @type {Row} */ ({ allocator, ...fate, ...figures(subject), bytes });
  });
  const base = rows.find(({ allocator, kind }) => allocator === BASE && kind === "done");
  return rows.map((row) => Object.assign(row, ratios(row, base)));
}

/** @param {Row} row @param {Row | undefined} base */
function ratios({ kind, ink, ms }, base) {
  if (kind !== "done" || !base) return {};
  return {
    ...(ink !== undefined && base.ink ? { inkRatio: Number(ink) / Number(base.ink) } : {}),
    ...(ms && base.ms?.median ? { msRatio: ms.median / base.ms.median } : {}),
  };
}
