// Files that a user names: what is wrong with them, in words.

import { readFileSync, writeFileSync } from "node:fs";
import { MiniAllocError } from "./errors.js";

/** @typedef {Readonly<Record<string, string>>} Reasons by the codes of the system */

/** @type {Reasons} */
const WHY_NOT_READ = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be read",
};

/** @type {Reasons} */
const WHY_NOT_WRITTEN = {
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "it is a folder",
  EACCES: "it may not be written",
  EROFS: "it may not be written",
  ENOSPC: "the disk is full",
};

/**
 * @template T
 * @param {() => T} use
 * @param {Reasons} reasons
 * @param {string} failure
 * @param {string} remedy
 * @returns {T}
 */
function using(use, reasons, failure, remedy) {
  try {
    return use();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
    if (why === undefined) throw error;
    throw new MiniAllocError(`${failure}: ${why}`, remedy);
  }
}

/**
 * Reads a file.
 * @param {string} path
 * @param {string} name as the user has it
 * @param {string} remedy
 * @throws {MiniAllocError}
 */
export const readInput = (path, name, remedy) =>
  using(() => readFileSync(path), WHY_NOT_READ, `cannot read '${name}'`, remedy);

/**
 * Writes a file.
 * @param {string} path
 * @param {string} name as the user has it
 * @param {Uint8Array | string} contents
 * @param {string} remedy
 * @throws {MiniAllocError}
 */
export const writeOutput = (path, name, contents, remedy) =>
  writing(() => writeFileSync(path, contents), name, remedy);

/**
 * Does something that writes a file, or that looks whether it may be written.
 * @template T
 * @param {() => T} write
 * @param {string} name as the user has it
 * @param {string} remedy
 * @returns {T}
 * @throws {MiniAllocError}
 */
export const writing = (write, name, remedy) =>
  using(write, WHY_NOT_WRITTEN, `cannot write '${name}'`, remedy);
