// Puts a report into a text, between two comments.

import { MiniAllocError } from "../errors.js";
import { readInput, writeOutput } from "../files.js";

const BEGIN = /<!-- cost:begin\b[^>]*-->/;
const END = "<!-- cost:end -->";

/**
 * Returns the text with `report` between its markers.
 * @param {string} text
 * @param {string} report
 * @param {string} name of the file, for errors
 * @throws {MiniAllocError} if there are no markers
 */
export function between(text, report, name) {
  const begin = BEGIN.exec(text);
  const from = begin ? begin.index + begin[0].length : -1;
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) {
    throw new MiniAllocError(
      `'${name}' has no place for the report`,
      `put two lines there: <!-- cost:begin --> and ${END}`,
    );
  }
  return `${text.slice(0, from)}\n\n${report}\n\n${text.slice(to)}`;
}

/**
 * Checks that a file can take a report, before hours of work, and returns what puts it there.
 * @param {string} path
 * @param {string} name
 * @returns {(report: string) => void}
 * @throws {MiniAllocError}
 */
export function updater(path, name) {
  const remedy = "name a text file with --update";
  const read = () => readInput(path, name, remedy).toString("utf8");
  between(read(), "", name);
  return (report) => writeOutput(path, name, between(read(), report, name), remedy);
}
