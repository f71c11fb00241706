// Tables as text: Markdown, which reads well on a terminal too, and CSV. Pure.

import { stripVTControlCharacters } from "node:util";
import { markdownTable } from "markdown-table";

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {boolean} [text] to the left; numbers stand to the right
 */

/**
 * @param {readonly Column[]} columns
 * @param {readonly (readonly string[])[]} rows
 */
export function table(columns, rows) {
  const align = columns.map(({ text }) => (text ? "left" : "right"));
  return markdownTable([columns.map(({ title }) => title), ...rows], {
    align,
    stringLength: (cell) => stripVTControlCharacters(cell).length,
  });
}

/** @param {unknown} value */
function csvField(value) {
  const text = value === undefined || value === null ? "" : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * As RFC 4180 has it, with the lines of Unix.
 * @param {readonly string[]} header
 * @param {readonly (readonly unknown[])[]} rows
 */
export const csv = (header, rows) =>
  [header, ...rows].map((row) => row.map(csvField).join(",")).join("\n");

/** A BigInt is a number where that is exact, else a string. @param {unknown} value */
function plain(value) {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** JSON, indented. @param {unknown} value */
export const json = (value) => JSON.stringify(value, (_key, one) => plain(one), 2);

/** "1 page", "2 pages". @param {number | bigint} value @param {string} noun */
export const counted = (value, noun) =>
  `${grouped(value)} ${noun}${Number(value) === 1 ? "" : "s"}`;

/** A number for people: 1,234,567.8. @param {number | bigint} value @param {0 | 1 | 2 | 4} [digits] */
export const grouped = (value, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** What stands in a table where there is no figure. */
export const MISSING = "-";

/** @param {number | bigint | undefined} value @param {0 | 1 | 2} [digits] */
export const figure = (value, digits = 0) =>
  value === undefined ? MISSING : grouped(value, digits);
