// The table of the cost panel: every number of every measure, as text.

import { gasText, ratioText, rounded } from "../cost/measures.js";
import { INK_PER_GAS } from "../../src/meter/prices.js";
import { grouped } from "../engine/words.js";
import { h } from "./dom.js";

/** @typedef {import("../cost/measures.js").Row} Row */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {(row: Row) => number | undefined} value
 * @property {(value: number, row: Row) => string} text
 * @property {string} [absent] what is written where there is no number
 * @property {boolean} [isJudged] whether less is better
 * @property {boolean} [isTimed] whether it is left out until somebody has measured
 */

/** @type {readonly Line[]} */
const LINES = [
  { name: "Ink of all calls", value: ({ ink }) => ink, text: grouped, isJudged: true },
  { name: "The same in gas", value: ({ ink }) => ink, text: gasText },
  {
    ...{ name: "Gas for new pages", absent: "over the limit" },
    value: ({ growthInk }) => growthInk,
    text: (ink) => grouped(Math.round(ink / INK_PER_GAS)),
    isJudged: true,
  },
  {
    ...{ name: "Time of a call, ns", absent: "not measured", isTimed: true },
    value: ({ timed }) => timed?.median,
    text: (ns, { timed }) => `${timed?.isBelow ? "< " : ""}${rounded(ns)}`,
    isJudged: true,
  },
  {
    ...{ name: "Range of 15 samples, ns", absent: "not measured", isTimed: true },
    value: ({ timed }) => timed?.least,
    text: (least, { timed }) => `${rounded(least)} to ${rounded(timed?.most ?? 0)}`,
  },
  {
    ...{ name: "Heap at its highest, bytes", isJudged: true },
    value: ({ highWater }) => highWater,
    text: grouped,
  },
  {
    ...{ name: "Still in use at the end, bytes" },
    value: ({ liveBytes }) => liveBytes,
    text: grouped,
  },
  { name: "Asked for in all, bytes", value: ({ requested }) => requested, text: grouped },
  { name: "Pages at the end", value: ({ pages }) => pages, text: grouped, isJudged: true },
  { name: "Pages added", value: ({ pagesGrown }) => pagesGrown, text: grouped },
  { name: "Requests refused", value: ({ refused }) => refused, text: grouped },
  {
    ...{ name: "Size of the module, bytes", isJudged: true },
    value: ({ moduleBytes }) => moduleBytes,
    text: grouped,
  },
];

/**
 * @param {readonly Row[]} rows mini-alloc first
 * @param {(name: string) => string} about
 */
export function costTable(rows, about) {
  const isMeasured = rows.some(({ timed }) => timed);
  const lines = LINES.filter(({ isTimed }) => isMeasured || !isTimed);
  return h(
    "table",
    { className: "cost-table" },
    h("caption", { className: "visually-hidden" }, "All numbers of all allocators"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        ...rows.map(({ name }) => h("th", { scope: "col", title: about(name) }, name)),
      ),
    ),
    h("tbody", {}, ...lines.map((line) => lineOf(line, rows))),
  );
}

/** @param {Line} line @param {readonly Row[]} rows */
function lineOf({ name, value, text, absent = "", isJudged = false }, rows) {
  const values = rows.map(value);
  const known = values.filter((one) => one !== undefined);
  const least = Math.min(...known);
  const isTold = isJudged && known.length > 1 && known.some((one) => one !== least);
  const cells = rows.map((row, i) => {
    const own = values[i];
    if (own === undefined) return h("td", { className: "is-absent" }, absent);
    const notes = [];
    if (isTold && own === least) notes.push(h("span", { className: "cost-least" }, "least"), " ");
    if (isTold && i > 0) notes.push(ratioText(own, values[0] ?? NaN));
    return h("td", {}, text(own, row), " ", h("span", { className: "cost-notes" }, ...notes));
  });
  return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
}
