// How a command of the build ends when something went wrong that somebody can do something about.

import { MiniAllocError } from "../../src/errors.js";

/** @param {() => Promise<void>} main */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    const known = knownIn(error);
    if (!known) throw error;
    process.stderr.write(`mini-alloc: ${known.message}\n  try: ${known.remedy}\n`);
    // Not its own code, which Rolldown has overwritten.
    process.exitCode = 2;
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
