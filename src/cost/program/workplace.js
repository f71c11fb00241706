// The folder that a comparison has for itself while it runs.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kill, pid } from "node:process";
import { rescue } from "./originals.js";

/** Where the user's own files are kept meanwhile. @param {string} folder */
export const originalsIn = (folder) => join(folder, "originals");

/** @param {number} process */
function alive(process) {
  try {
    kill(process, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * Clears away what runs have left behind that were killed.
 * @param {string} place
 * @param {(text: string) => void} note
 */
function sweep(place, note) {
  for (const name of readdirSync(place)) {
    if (alive(Number.parseInt(name, 10))) continue;
    const rescued = rescue(originalsIn(join(place, name)));
    if (rescued !== undefined)
      note(`put back the files in '${rescued}' that a killed run had kept`);
    rmSync(join(place, name), { recursive: true, force: true });
  }
}

/**
 * Calls `work` with a new folder, and takes it away at the end.
 * @template T
 * @param {string} cache
 * @param {(text: string) => void} note tells the user
 * @param {(folder: string) => Promise<T>} work
 */
export async function withFolder(cache, note, work) {
  const place = join(cache, "programs");
  mkdirSync(place, { recursive: true });
  sweep(place, note);
  const folder = mkdtempSync(join(place, `${pid}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
