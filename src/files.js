// Files that a user names: what is wrong with them, in words.

import { readFileSync, writeFileSync } from "node:fs";
import { MiniAllocError } from "./errors.js";

/** @type {Readonly<Record<string, string>>} */
const REASONS = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "it may not be used",
  EROFS: "it may not be written",
  ENOSPC: "the disk is full",
};

/**
 * @template T
 * @param {() => T} use
 * @param {string} failure
 * @param {string} remedy
 * @returns {T}
 */
function using(use, failure, remedy) {
  try {
    return use();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? REASONS[String(error.code)] : undefined;
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
  using(() => readFileSync(path), `cannot read '${name}'`, remedy);

/**
 * Writes a file.
 * @param {string} path
 * @param {string} name as the user has it
 * @param {Uint8Array | string} contents
 * @param {string} remedy
 * @throws {MiniAllocError}
 */
export const writeOutput = (path, name, contents, remedy) =>
  using(() => writeFileSync(path, contents), `cannot write '${name}'`, remedy);
