// What the commands of the build share: how they write, how they end when something went wrong that
// somebody can do something about, and when they are interrupted.

import { mkdirSync } from "node:fs";
import { relative } from "node:path";
import { Interrupted, MiniAllocError } from "../../src/errors.js";
import { writeOutput } from "../../src/files.js";

/** Ctrl-C, for what can end in order; without it the program just ends. @returns {AbortSignal} */
export function interruption() {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new Interrupted()));
  return controller.signal;
}

/** @param {() => Promise<void>} main */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    process.exitCode = 130;
    if (error instanceof Interrupted) return;
    const known = knownIn(error);
    if (!known) throw error;
    process.stderr.write(`mini-alloc: ${known.message}\n  try: ${known.remedy}\n`);
    process.exitCode = known === error ? known.code : 2; // Rolldown has overwritten its own
  }
}

/**
 * Vite collects what its plugins throw.
 * @param {unknown} error
 * @returns {MiniAllocError | undefined}
 */
function knownIn(error) {
  if (error instanceof MiniAllocError) return error;
  const { errors } = /** @type {{errors?: unknown}} */ (Object(error));
  return Array.isArray(errors) ? errors.map((one) => knownIn(one)).find(Boolean) : undefined;
}

/** @param {string} path that was given as --output */
export function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (!isTaken) throw error;
    const why = "a file has this name";
    throw new MiniAllocError(`cannot make the folder '${path}': ${why}`, "--output FOLDER");
  }
}

/** @param {string} path below that folder @param {Uint8Array | string} contents */
export const write = (path, contents) =>
  writeOutput(path, relative(process.cwd(), path), contents, "--output FOLDER");
