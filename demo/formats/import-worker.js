// Reads a file beside the page, which stays alive meanwhile. Ended from outside to cancel.

import { importFile } from "./import.js";
import { ImportError } from "./imported.js";

/**
 * @typedef {{progress: [number, number]} | {imported: import("./imported.js").Imported}
 *   | {error: string, remedy: string}} Answer
 */

/**
 * @param {Answer} answer
 * @param {Transferable[]} [transfer]
 */
const tell = (answer, transfer = []) => globalThis.postMessage(answer, { transfer });

/** @param {number} read @param {number} total */
const progress = (read, total) => tell({ progress: [read, total] });

globalThis.addEventListener("message", async ({ data: { file, name } }) => {
  try {
    const imported = await importFile(file, { name, progress });
    tell(
      { imported },
      Object.values(imported.columns).map(({ buffer }) => buffer),
    );
  } catch (error) {
    const known = error instanceof ImportError;
    const message = error instanceof Error ? error.message : String(error);
    tell({
      error: known ? message : `This file cannot be read: ${message}.`,
      remedy: known ? error.remedy : "Try another file.",
    });
  }
});
