// The table of modes, from the results that the tests have left in the folders of one Emscripten
// each: node table.js [--write] FOLDER...  Prints it, or puts it into the README.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { table } from "../../src/table.js";
import { updater } from "../../src/update.js";
import { root } from "../helpers/toolchain.js";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{emscripten: string, group: string, rows: Row[]}} Results one group, one Emscripten
 */

/** The groups, in the table's order. @type {Readonly<Record<string, string>>} */
const GROUPS = {
  optimization: "optimizing and debugging",
  memory: "memory",
  forms: "what emcc writes",
  threads: "threads",
  linking: "linking",
  language: "language features",
  checks: "checks and profiling",
};

/** @param {string} folder a build folder @returns {Results[]} */
function read(folder) {
  const results = join(folder, "tests/modes/results");
  if (!existsSync(results)) return [];
  return readdirSync(results).map((file) => JSON.parse(readFileSync(join(results, file), "utf8")));
}

/** @param {string} a @param {string} b */
const byVersion = (a, b) => a.localeCompare(b, "en", { numeric: true });

/** Notes, each text once, numbered as they come. */
function numbering() {
  /** @type {string[]} */
  const notes = [];
  return {
    notes,
    /** @param {string} note */
    number(note) {
      if (!notes.includes(note)) notes.push(note);
      return notes.indexOf(note) + 1;
    },
  };
}

/**
 * @param {readonly Results[]} results
 * @param {readonly string[]} versions
 * @param {(note: string) => number} number
 */
function rowsOf(results, versions, number) {
  /** @param {Row | undefined} row */
  const cell = (row) => {
    if (!row) return "not run";
    return row.note === undefined ? row.cell : `${row.cell} (${number(row.note)})`;
  };
  const rows = [];
  for (const [group, title] of Object.entries(GROUPS)) {
    const own = results.filter((one) => one.group === group);
    const byName = versions.map((version) => {
      const all = own.find(({ emscripten }) => emscripten === version)?.rows ?? [];
      return new Map(all.map((row) => [row.mode, row]));
    });
    const names = new Set(own.flatMap((one) => one.rows.map(({ mode }) => mode)));
    if (names.size > 0) rows.push([`**${title}**`, ...versions.map(() => "")]);
    for (const name of names) rows.push([name, ...byName.map((all) => cell(all.get(name)))]);
  }
  return rows;
}

/** @param {readonly Results[]} results */
export function modesTable(results) {
  const versions = [...new Set(results.map(({ emscripten }) => emscripten))].toSorted(byVersion);
  const { notes, number } = numbering();
  const rows = rowsOf(results, versions, number);
  const columns = ["mode", ...versions].map((title) => ({ title, text: true }));
  const text = notes.map((note, i) => `${i + 1}. ${note}`).join("\n");
  return [table(columns, rows), text].filter(Boolean).join("\n\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folders = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const text = modesTable(folders.flatMap(read));
  console.log(text);
  if (process.argv.includes("--write")) updater(join(root, "README.md"), "modes")(text);
}
