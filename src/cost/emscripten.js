// The Emscripten that builds what is compared.

import { existsSync } from "node:fs";
import { delimiter } from "node:path";
import { MiniAllocError } from "../errors.js";
import { run } from "../process.js";

/**
 * @typedef {object} Emscripten
 * @property {string} emcc the command
 * @property {string} version as emcc tells it, such as "6.0.5"
 * @property {Readonly<Record<string, string | undefined>>} env that its commands need
 */

// Debian's emcc looks for its JavaScript packages where only Debian's own node does.
const DEBIAN_MODULES = "/usr/share/nodejs";

/** @param {Readonly<Record<string, string | undefined>>} env */
function withModules(env) {
  if (!existsSync(DEBIAN_MODULES)) return env;
  const NODE_PATH = [env.NODE_PATH, DEBIAN_MODULES].filter(Boolean).join(delimiter);
  return { ...env, NODE_PATH };
}

/**
 * Finds out what an emcc is.
 * @param {string} emcc
 * @param {{env: Readonly<Record<string, string | undefined>>, cwd: string, interrupted: AbortSignal}}
 *   surroundings
 * @returns {Promise<Emscripten>}
 * @throws {MiniAllocError} if it is none
 */
export async function findEmscripten(emcc, { env, cwd, interrupted }) {
  const own = withModules(env);
  const remedy = "install Emscripten, or name its compiler with --emcc PATH";
  const asked = await run(emcc, ["--version"], { cwd, env: own, interrupted }).catch((error) => {
    if (!(error instanceof MiniAllocError)) throw error;
    throw new MiniAllocError(error.message, remedy);
  });
  const [, version] = /^emcc .*?(\d+\.\d+\.\d+)/m.exec(asked.stdout) ?? [];
  if (version === undefined) {
    throw new MiniAllocError(`'${emcc}' does not answer as Emscripten's compiler does`, remedy);
  }
  return { emcc, version, env: own };
}

/**
 * Compiles or links.
 * @param {Emscripten} emscripten
 * @param {readonly string[]} args
 * @param {{cwd: string, interrupted: AbortSignal}} surroundings
 * @throws {MiniAllocError} with what the compiler said
 */
export async function compile({ emcc, env }, args, { cwd, interrupted }) {
  const { code, stderr } = await run(emcc, args, { cwd, env, interrupted });
  if (code === 0) return;
  throw new MiniAllocError(
    `the compiler failed with exit code ${code}: ${[emcc, ...args].join(" ")}\n${stderr.trimEnd()}`,
    "mend what it complains about, or use another Emscripten with --emcc PATH",
  );
}
