// A comparison of a user's program as JSON, CSV, Markdown or text. Pure.

import { list } from "../words.js";
import { MISSING, csv, figure, grouped, json, table } from "../../table.js";

/** @typedef {import("./outcome.js").Row} Row */
/** @typedef {import("./compare.js").Difference} Difference */
/** @typedef {import("../../terminal.js").Terminal} Terminal */

/**
 * @typedef {object} Report
 * @property {string[]} command
 * @property {string[]} run arguments of the program
 * @property {string} output
 * @property {{emcc: string, node: string, date: string, runs: number}} conditions
 * @property {Row[]} allocators
 * @property {boolean | undefined} sameOutput whether all outputs are the same; undefined if they cannot be
 *   compared
 * @property {Difference[]} differences
 * @property {string[]} warnings
 * @property {string[]} notes
 * @property {import("./limits.js").Verdict[]} limits
 * @property {string[]} conclusions
 */

// ---- for programs --------------------------------------------------------------------------------

/** @param {Row} row */
function flat({ ms, bytes, ...row }) {
  const time = ms && { ms: ms.median, msLow: ms.low, msHigh: ms.high, runs: ms.runs.length };
  return { ...row, ...time, ...bytes };
}

/** As JSON has it. @param {Report} report */
export const plainReport = (report) => ({
  ...report,
  sameOutput: report.sameOutput ?? null,
  allocators: report.allocators.map(flat),
});

/** @param {Report} report */
export const reportJson = (report) => json(plainReport(report));

const FIELDS = /** @type {const} */ ([
  ...["allocator", "kind", "outcome", "ink", "inkRatio", "operators", "outside"],
  ...["ms", "msLow", "msHigh", "runs", "msRatio", "pages", "wasm", "js"],
]);

/** @param {Report} report */
export const reportCsv = ({ allocators }) =>
  csv(
    FIELDS.map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    allocators.map((row) => {
      const all = /** @type {Record<string, unknown>} */ (flat(row));
      return FIELDS.map((field) => all[field]);
    }),
  );

// ---- for people ----------------------------------------------------------------------------------

/** Three figures that count, at least. @param {number | undefined} value */
const ratio = (value) =>
  value === undefined ? MISSING : value.toFixed(Math.abs(value - 1) < 0.095 || value < 0.1 ? 3 : 2);

/** @param {Row} row */
function timeCells({ ms, msRatio }) {
  if (!ms) return [MISSING, MISSING, MISSING];
  const spread = (ms.high - ms.low) / 2;
  return [
    figure(ms.median, 1),
    ms.runs.length > 2 ? `± ${grouped(spread, 1)}` : MISSING,
    ratio(msRatio),
  ];
}

const NAME = { title: "allocator", text: true };
const COSTS = [
  ...[{ title: "ink" }, { title: "x dlmalloc" }],
  ...[{ title: "ms" }, { title: "spread" }, { title: "x dlmalloc" }],
];
const REST = [
  ...[{ title: "pages" }, { title: "wasm" }, { title: "JS" }],
  { title: "outcome", text: true },
];

/** @param {Row} row */
const costCells = (row) => [figure(row.ink), ratio(row.inkRatio), ...timeCells(row)];

/** @param {Row} row @param {Terminal["style"]} style */
function restCells({ pages, bytes, outcome, kind }, style) {
  const shown = kind === "done" ? outcome : style("yellow", outcome);
  return [figure(pages), figure(bytes?.wasm), figure(bytes?.js), shown];
}

const WIDE = 120; // columns that the whole table may take

/** @param {Report} report @param {Pick<Terminal, "columns" | "style">} terminal */
export function tables({ allocators }, { columns, style }) {
  const costs = allocators.map((row) => costCells(row));
  const rest = allocators.map((row) => restCells(row, style));
  const rows = (/** @type {string[][]} */ cells) =>
    cells.map((own, i) => [allocators[i]?.allocator ?? "", ...own]);
  if (columns >= WIDE) {
    const both = costs.map((own, i) => [...own, ...(rest[i] ?? [])]);
    return [table([NAME, ...COSTS, ...REST], rows(both))];
  }
  return [table([NAME, ...COSTS], rows(costs)), table([NAME, ...REST], rows(rest))];
}

/**
 * What compilers and programs said, once where it is the same.
 * @param {Report} report
 * @returns {Row[][]}
 */
function sayings({ allocators }) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const row of allocators) {
    if (!row.details) continue;
    const said = `${row.outcome}\n${row.details}`;
    groups.set(said, [...(groups.get(said) ?? []), row]);
  }
  return [...groups.values()];
}

/** @param {Difference} difference */
function differenceLines({ who: [a, b], what: [left, right], line }) {
  const width = Math.max(a.length, b.length) + 1;
  const place = line === undefined ? "" : ` in line ${grouped(line)}`;
  return [
    `  ${b} is not like ${a}${place}:`,
    `    ${`${a}:`.padEnd(width)} ${left}`,
    `    ${`${b}:`.padEnd(width)} ${right}`,
  ];
}

/** @param {Report} report */
export function differencesText({ differences }) {
  if (differences.length === 0) return "";
  return [
    "THE PROGRAM DOES NOT DO THE SAME WITH EVERY ALLOCATOR",
    ...differences.flatMap(differenceLines),
    "  Memory that is read before it is written, or after it was freed, does that; so do addresses,",
    "  times and chance where they are printed.",
  ].join("\n");
}

/** @param {Report} report */
function sameText({ sameOutput, allocators }) {
  const names = allocators.filter(({ kind }) => kind === "done").map(({ allocator }) => allocator);
  if (sameOutput !== true || names.length === 0) return "";
  return `The program prints and returns the same with ${list(names)}, metered and not.`;
}

/** @param {Report["conditions"]} conditions */
const conditionsText = ({ emcc, node, date, runs }) =>
  `emcc ${emcc}, Node ${node}, ${date}; ` +
  (["not timed", "timed once"][runs] ??
    `medians of ${runs} runs and half the distance of their quartiles`);

/** @param {Report} report @param {Terminal} terminal */
export function reportText(report, terminal) {
  /** @type {Terminal["style"]} */
  const style = (format, text) => (text === "" ? "" : terminal.style(format, text));
  const { command, conditions, warnings, notes, limits } = report;
  const said = sayings(report).map(
    (rows) =>
      `${rows.map(({ allocator }) => allocator).join(", ")}: ${rows[0]?.outcome}\n` +
      style("dim", (rows[0]?.details ?? "").replaceAll(/^/gm, "  ")),
  );
  return [
    style("dim", `${command.join(" ")}\n${conditionsText(conditions)}`),
    ...tables(report, terminal),
    ...said,
    style(["bold", "red"], differencesText(report)),
    warnings.map((warning) => style("yellow", `warning: ${warning}`)).join("\n"),
    [sameText(report), ...notes].filter(Boolean).join("\n"),
    style("bold", report.conclusions.join("\n")),
    limits.map(({ held, text }) => style(held ? "green" : ["bold", "red"], text)).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** @type {Terminal["style"]} */
const plain = (_format, text) => text;

/** @param {Report} report */
export function reportMarkdown(report) {
  const { command, conditions, warnings, notes, limits, conclusions } = report;
  const [whole = ""] = tables(report, { columns: Infinity, style: plain });
  const differing = differencesText(report);
  return [
    `\`${command.join(" ")}\``,
    `${conditionsText(conditions)}.`,
    whole,
    differing && `\`\`\`text\n${differing}\n\`\`\``,
    warnings.map((warning) => `- Warning: ${warning}.`).join("\n"),
    [sameText(report), ...notes, ...conclusions, ...limits.map(({ text }) => `${text}.`)]
      .filter(Boolean)
      .map((line) => `- ${line}`)
      .join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
