// Reads a file in a worker, so that the page stays alive; on the page itself where no worker starts.

import ImportWorker from "../formats/import-worker.js?worker&inline";
import { importFile } from "../formats/import.js";
import { ImportError } from "../formats/imported.js";

/** @typedef {import("../formats/imported.js").Imported} Imported */
/** @typedef {import("../formats/import-worker.js").Answer} Answer */
/** @typedef {{progress: (read: number, total: number) => void, signal: AbortSignal}} How */

function newWorker() {
  try {
    return new ImportWorker();
  } catch {
    return undefined;
  }
}

/**
 * @param {File} file
 * @param {How} how
 * @returns {Promise<Imported>}
 * @throws {ImportError} if nothing of it can be read
 * @throws what `signal` was aborted with
 */
export function readFile(file, { progress, signal }) {
  const worker = newWorker();
  if (!worker) return importFile(file, { name: file.name, progress, signal });
  const reading = new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    worker.addEventListener("message", ({ data }) => {
      const answer = /** @type {Answer} */ (data);
      if ("progress" in answer) progress(...answer.progress);
      else if ("imported" in answer) resolve(answer.imported);
      else reject(new ImportError(answer.error, answer.remedy));
    });
    worker.addEventListener("error", () => {
      reject(new ImportError("Reading this file has failed.", "Try a smaller one."));
    });
    worker.postMessage({ file, name: file.name }, []);
  });
  return reading.finally(() => worker.terminate());
}
