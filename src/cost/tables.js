// A report for people: on a terminal, or as Markdown. Pure.

import { MISSING, figure, grouped, table } from "../table.js";
import { EDGE_CASES_PUBLISHED } from "./edge-cases.js";
import { differencesText, tables as programTables } from "./program/report.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Result} Result */
/** @typedef {import("../terminal.js").Terminal} Terminal */

/** Three figures that count, whatever the size. @param {number | undefined} value */
function ratioText(value) {
  if (value === undefined) return MISSING;
  if (value >= 10) return grouped(value);
  return value >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(2);
}

/** @param {number | undefined} ns */
const nsText = (ns) => figure(ns, ns !== undefined && ns < 100 ? 1 : 0);

/** @param {Report["conditions"]} conditions */
export const conditionsText = ({ emcc, node, level, date, rounds }) =>
  `emcc ${emcc} ${level}, Node ${node}, ${date}; medians of ${rounds} rounds`;

// ---- for a terminal ------------------------------------------------------------------------------

const WIDE = 112; // columns below which the bytes have a table of their own

const RESULT_COLUMNS = [
  { title: "allocator", text: true },
  ...[{ title: "ink/op" }, { title: "x dlmalloc" }],
  ...[{ title: "ns/op" }, { title: "spread" }, { title: "x dlmalloc" }, { title: "pages" }],
];
const BYTES_COLUMNS = [{ title: "wasm added" }, { title: "JS added" }];

/** @param {Report} report @param {Terminal} terminal */
function workloadTables({ workloads, allocators }, { columns, style }) {
  const wide = columns >= WIDE;
  return workloads.map(({ name, about, operations, results }) => {
    const rows = results.map((result) => {
      const added = allocators.find((one) => one.name === result.allocator)?.added;
      const bytes = wide ? [figure(added?.wasm), figure(added?.js)] : [];
      return [...resultRow(result), ...bytes];
    });
    const title = `${style("bold", name)}: ${about} (${grouped(operations)} operations)`;
    return `${title}\n${table([...RESULT_COLUMNS, ...(wide ? BYTES_COLUMNS : [])], rows)}`;
  });
}

/** @param {Result} result */
function resultRow({ allocator, ink, inkRatio, ns, nsBelow, nsSpread, nsRatio, pages }) {
  const spread = nsSpread === undefined ? MISSING : `± ${nsText(nsSpread)}`;
  const refused = ink === undefined ? "refused" : figure(ink);
  const time = [nsBelow ? `< ${nsText(nsBelow)}` : nsText(ns), spread, ratioText(nsRatio)];
  return [allocator, refused, ratioText(inkRatio), ...time, figure(pages)];
}

/** @param {Report} report */
function bytesTable({ allocators }) {
  const columns = [{ title: "allocator", text: true }, ...BYTES_COLUMNS];
  const rows = allocators.map(({ name, added }) => [name, figure(added?.wasm), figure(added?.js)]);
  return table(columns, rows);
}

/** @param {Report} report */
function edgeCasesTable({ edgeCases, conditions }) {
  const columns = [
    { title: "edge_cases, gas", text: true },
    ...[{ title: "alloc" }, { title: "alloc_zeroed" }, { title: "pages" }],
    { title: "conditions", text: true },
  ];
  const rows = edgeCases.map(({ allocator, alloc, allocZeroed }) => {
    const gas = [figure(alloc?.gas, 1), figure(allocZeroed?.gas, 1)];
    const where = `measured; in C, ${conditions.level}, without asserts`;
    return [allocator, ...gas, figure(alloc?.pages), where];
  });
  const published = EDGE_CASES_PUBLISHED.map((row) => {
    const { name, alloc, allocZeroed } = row;
    return [name, grouped(alloc), grouped(allocZeroed), MISSING, row.conditions];
  });
  return table(columns, [...rows, ...published]);
}

// What the table of edge_cases cannot show.
const EDGE_CASES_NOTE =
  "The price of growing memory is switched off in all of them. Sizes follow from addresses: who\n" +
  "grows memory in larger steps is asked less often.";

const SQLITE = "the till of a shop, in memory and in a file; the whole program";

/** @param {NonNullable<Report["sqlite"]>} sqlite */
const sqliteWords = (sqlite) => [
  sqlite.sameOutput === true ? "They all print the same." : differencesText(sqlite),
  ...sqlite.warnings,
  ...sqlite.conclusions,
];

/** @param {Report} report @param {Terminal} terminal */
function sqliteText({ sqlite }, terminal) {
  if (!sqlite) return [];
  const title = `${terminal.style("bold", "sqlite")}: ${SQLITE}`;
  const tables = programTables(sqlite, terminal).join("\n\n");
  return [`${title}\n${tables}`, sqliteWords(sqlite).join("\n")];
}

/** @param {Report} report */
function sqliteMarkdown({ sqlite }) {
  if (!sqlite) return [];
  const wide = { columns: Infinity, style: unstyled };
  const words = sqliteWords(sqlite).map((line) => `- ${line}`);
  return [`\`sqlite\`: ${SQLITE}`, ...programTables(sqlite, wide), words.join("\n")];
}

/** @type {Terminal["style"]} */
const unstyled = (_format, text) => text;

/**
 * @param {Report} report
 * @param {Terminal} terminal
 */
export function reportText(report, terminal) {
  const { style, columns } = terminal;
  const { workloads, edgeCases, conditions, conclusions, warnings } = report;
  return [
    style("dim", conditionsText(conditions)),
    ...workloadTables(report, terminal),
    ...(workloads.length > 0 && columns < WIDE ? [bytesTable(report)] : []),
    ...(edgeCases.length > 0 ? [edgeCasesTable(report), EDGE_CASES_NOTE] : []),
    ...sqliteText(report, terminal),
    warnings.map((warning) => style("yellow", `warning: ${warning}`)).join("\n"),
    conclusions.map((line) => (line.startsWith(" ") ? line : style("bold", line))).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}

// ---- as Markdown ---------------------------------------------------------------------------------

/**
 * Workloads by allocators, one figure each.
 * @param {Report} report
 * @param {string} title
 * @param {(result: Result) => string} cell
 */
function pivot({ workloads, allocators }, title, cell) {
  const columns = [{ title, text: true }, ...allocators.map(({ name }) => ({ title: name }))];
  const rows = workloads.map(({ name, results }) => [`\`${name}\``, ...results.map(cell)]);
  return table(columns, rows);
}

/** @param {Report} report */
export function reportMarkdown(report) {
  const { workloads, edgeCases, allocators, conditions, conclusions, warnings } = report;
  const size = (/** @type {"wasm" | "js"} */ what) =>
    allocators.map(({ added }) => figure(added?.[what]));
  const bytes = table(
    [{ title: "bytes added", text: true }, ...allocators.map(({ name }) => ({ title: name }))],
    [
      ["wasm", ...size("wasm")],
      ["JavaScript", ...size("js")],
    ],
  );
  const figures = [
    pivot(report, "ink an operation", ({ ink }) => figure(ink)),
    pivot(report, "ns an operation", ({ ns, nsBelow, nsSpread }) =>
      nsBelow ? `< ${nsText(nsBelow)}` : `${nsText(ns)} ± ${nsText(nsSpread)}`,
    ),
    pivot(report, "pages at the end", ({ pages }) => figure(pages)),
    bytes,
  ];
  const lines = conclusions.map((line) =>
    line.startsWith(" ") ? line.replace(/^ +/, "- ") : `\n${line}\n`,
  );
  return [
    `${conditionsText(conditions)}.`,
    ...(workloads.length > 0 ? figures : []),
    ...(edgeCases.length > 0 ? [edgeCasesTable(report), EDGE_CASES_NOTE] : []),
    ...sqliteMarkdown(report),
    warnings.map((warning) => `- Warning: ${warning}.`).join("\n"),
    lines
      .join("\n")
      .replaceAll(/\n{3,}/g, "\n\n")
      .trim(),
  ]
    .filter(Boolean)
    .join("\n\n");
}
