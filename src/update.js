// Puts the report of a command into a text, between the two comments that are the command's own.

import { MiniAllocError } from "./errors.js";
import { readInput, writeOutput } from "./files.js";

/**
 * Returns the text with `report` between `<!-- MARK:begin ... -->` and `<!-- MARK:end -->`.
 * @param {string} text
 * @param {string} mark a word
 * @param {string} report
 * @param {string} name of the file, for errors
 * @throws {MiniAllocError} if there are no markers
 */
export function between(text, mark, report, name) {
  const begin = new RegExp(`<!-- ${mark}:begin\\b[^>]*-->`).exec(text);
  const end = `<!-- ${mark}:end -->`;
  const from = begin ? begin.index + begin[0].length : -1;
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new MiniAllocError(
      `'${name}' has no place for the report`,
      `put two lines there: <!-- ${mark}:begin --> and ${end}`,
    );
  }
  return `${text.slice(0, from)}\n\n${report}\n\n${text.slice(to)}`;
}

/**
 * Checks that a file can take a report, before hours of work, and returns what puts it there.
 * @param {string} path
 * @param {string} mark
 * @param {string} [name] as the user wrote it
 * @returns {(report: string) => void}
 * @throws {MiniAllocError}
 */
export function updater(path, mark, name = path) {
  const remedy = "name a text file to be updated";
  const read = () => readInput(path, name, remedy).toString("utf8");
  between(read(), mark, "", name);
  return (report) => writeOutput(path, name, between(read(), mark, report, name), remedy);
}
