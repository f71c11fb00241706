// The rows of the README's table: what one says, and where they are kept until table.js makes the
// table, build/tests/modes/results/GROUP.json.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildFolder, emccNumbers } from "../helpers/toolchain.js";
import { applies, failureOf } from "./mode.js";

/**
 * @typedef {import("./mode.js").Mode} Mode
 * @typedef {import("./mode.js").Failure} Failure
 *
 * A row of the table, for one Emscripten.
 * @typedef {object} Row
 * @property {string} mode
 * @property {string} cell
 * @property {string} [note] what the cell's number leads to
 */

/** @param {Failure} failure */
function noteOf({ with: who, says, why, remedy }) {
  const whose = who === "any allocator" ? "With any allocator: " : "";
  const fence = says?.includes("`") ? "``" : "`"; // Markdown's, for code with a backtick in it
  const reason = why && why.charAt(0).toUpperCase() + why.slice(1);
  return [`${whose}${fence}${says}${fence}`, reason, remedy && `Do: ${remedy}`]
    .filter(Boolean)
    .join(". ");
}

/**
 * The row of a mode that did what it declares.
 * @param {Mode} mode
 * @returns {Row}
 */
export function rowOf(mode) {
  const failure = failureOf(mode, "mini-alloc");
  if (failure?.absent !== undefined) return { mode: mode.name, cell: failure.absent };
  if (failure) return { mode: mode.name, cell: "no", note: noteOf(failure) };
  const kind = mode.archive ?? "";
  const how = kind === "source" ? "source" : `\`${kind}\``;
  const plain = mode.plain && applies(mode.plain) && `With \`libmini_alloc.a\`: ${mode.plain.says}`;
  const note = [mode.remark, plain].filter(Boolean).join(". ");
  const row = { mode: mode.name, cell: kind === "" ? "works" : `works, ${how}` };
  return note === "" ? row : { ...row, note };
}

/**
 * Keeps the rows of a group, in the order of its modes; those of modes that are not run now stay.
 * @param {string} group
 * @param {readonly Mode[]} modes
 */
export function resultsOf(group, modes) {
  const file = join(buildFolder("modes/results"), `${group}.json`);
  const version = emccNumbers.join(".");
  const old = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const row of old.emscripten === version ? old.rows : []) rows.set(row.mode, row);
  return (/** @type {Row} */ row) => {
    rows.set(row.mode, row);
    const known = modes.map(({ name }) => rows.get(name)).filter(Boolean);
    const text = JSON.stringify({ emscripten: version, group, rows: known }, null, 2);
    writeFileSync(file, `${text}\n`);
  };
}
