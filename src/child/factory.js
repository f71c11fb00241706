// For hooks, which Node loads into the process of a program before the program itself.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What -sMODULARIZE makes does nothing by itself: its export wants to be called.
 * @param {string} main the program's file, which has been loaded
 * @returns {Promise<boolean>} whether it was such a one
 */
export async function callFactory(main) {
  const require = createRequire(main);
  const cached = require.cache[require.resolve(main)];
  const exported = cached ? cached.exports : (await import(pathToFileURL(main).href)).default;
  if (typeof exported !== "function") return false;
  // What old Emscriptens make as ES modules takes Node for one that has these, and URLs for paths.
  const folder = dirname(main);
  if (!cached) Object.assign(globalThis, { require, __filename: main, __dirname: folder });
  await exported(cached ? {} : { locateFile: (/** @type {string} */ name) => join(folder, name) });
  return true;
}
