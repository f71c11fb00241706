// What is compared, and what is said about it. Pure.

import { INK_PER_GAS } from "../../src/meter/prices.js";
import { bytes, count, grouped } from "../engine/words.js";

/** @typedef {import("./compare.js").Compared} Compared */
/** @typedef {import("./timing.js").Timed} Timed */

/** @typedef {Compared & {timed?: Timed | undefined}} Row */

/**
 * @typedef {object} Measure
 * @property {"ink" | "ns" | "bytes" | "pages"} id
 * @property {string} name of the choice
 * @property {string} axis
 * @property {boolean} isLog
 * @property {string} about what the number is
 * @property {(row: Row) => number | undefined} value
 * @property {(value: number) => string} text
 */

/** A number of some digits, for what is not counted but measured. @param {number} n */
export const rounded = (n) =>
  n >= 100 ? grouped(Math.round(n)) : String(Number(n.toPrecision(n >= 10 ? 3 : 2)));

/** @param {number} ink */
export const gasText = (ink) => rounded(ink / INK_PER_GAS);

/** @type {readonly Measure[]} */
export const MEASURES = [
  {
    ...{ id: "ink", name: "Ink · gas", axis: "ink, log scale", isLog: true },
    about:
      "Ink is what the Stylus VM charges for each operator that runs; 10,000 ink are one gas. " +
      "It is counted, not timed, so it is the same on every machine.",
    value: ({ ink }) => ink,
    text: (ink) => `${grouped(ink)} ink · ${gasText(ink)} gas`,
  },
  {
    ...{ id: "ns", name: "Time", axis: "nanoseconds a call", isLog: false },
    about: "The same calls in a loop inside wasm, on this machine, in this browser.",
    value: ({ timed }) => timed?.median,
    text: (ns) => `${rounded(ns)} ns`,
  },
  {
    ...{ id: "bytes", name: "Bytes", axis: "bytes", isLog: false },
    about: "From the start of the heap to the highest end of a block that there ever was.",
    value: ({ highWater }) => highWater,
    text: bytes,
  },
  {
    ...{ id: "pages", name: "Pages", axis: "pages of 64 KiB", isLog: false },
    about: "What memory came to, data and stack included. It never shrinks.",
    value: ({ pages }) => pages,
    text: (pages) => count(pages, "page"),
  },
];

/** How many times as much. @param {number} value @param {number} base */
export function ratioText(value, base) {
  if (base === value) return "the same";
  if (base === 0 || value === 0) return "";
  return value * 10 < base
    ? `1/${grouped(Math.round(base / value))}`
    : `${rounded(value / base)} ×`;
}

/** @param {readonly string[]} parts */
const listed = (parts) =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

/**
 * Returns what the numbers say of mini-alloc, where it wins and where it loses.
 * @param {readonly Row[]} rows
 * @returns {string[]} sentences
 */
export function verdict(rows) {
  const ours = rows.find(({ name }) => name === "mini-alloc");
  const others = rows.filter((row) => row !== ours && row.calls > 0);
  if (!ours || others.length === 0) return [];
  return [inkVerdict(ours, others), pagesVerdict(ours, others), bytesVerdict(ours, others)].filter(
    (sentence) => sentence !== "",
  );
}

/** @param {Row} ours @param {readonly Row[]} others */
function inkVerdict(ours, others) {
  const cheaper = others.filter(({ ink }) => ink < ours.ink);
  if (cheaper.length > 0) {
    const times = timesOf(cheaper, ours);
    const why = ours.resets > 0 ? ", since a reset clears the bytes that it gives back" : "";
    return `mini-alloc is not the cheapest here: ${times} times as much ink${why}.`;
  }
  return `mini-alloc needs the least ink: ${timesOf(others, ours)} times as much.`;
}

/** @param {readonly Row[]} rows @param {Row} ours */
const timesOf = (rows, ours) =>
  listed(
    rows.map(({ name, ink }, i) =>
      [name, ...(i === 0 ? ["needs"] : []), rounded(ink / ours.ink)].join(" "),
    ),
  );

/** @param {Row} ours @param {readonly Row[]} others */
function pagesVerdict(ours, others) {
  const fewer = others.filter(({ pages }) => pages < ours.pages);
  if (fewer.length > 0) {
    const uses = fewer.map(({ name, pages }, i) =>
      i === 0 ? `${name} uses ${count(pages, "page")}` : `${name} ${grouped(pages)}`,
    );
    return `${uses.join(", ")}, mini-alloc ${grouped(ours.pages)}: ${whyMore(ours, fewer)}.`;
  }
  const more = others.filter(({ pages }) => pages > ours.pages);
  if (more.length === 0) return `All use the same memory, ${count(ours.pages, "page")}.`;
  const uses = more.map(({ name, pages }) => `${name} ${grouped(pages)}`);
  return `mini-alloc uses ${count(ours.pages, "page")}, ${listed(uses)}.`;
}

/** @param {Row} ours @param {readonly Row[]} fewer those that use fewer pages */
const whyMore = ({ highWater }, fewer) =>
  fewer.some((row) => row.highWater < highWater)
    ? "freed memory is never used again"
    : "from 16 pages on it grows by an eighth, to grow less often";

/** @param {Row} ours @param {readonly Row[]} others */
function bytesVerdict(ours, others) {
  const fewer = others.filter(({ highWater }) => highWater < ours.highWater);
  if (fewer.length === 0) return "";
  const uses = fewer.map(({ name, highWater }) => `${name} ${grouped(highWater)}`);
  return `Its heap reached ${bytes(ours.highWater)}, that of ${listed(uses)}.`;
}
