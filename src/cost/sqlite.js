// SQLite as a workload: the program of the tests, compared as a user's own would be.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { MiniAllocError } from "../errors.js";
import { cached } from "./cache.js";
import { compile } from "./emscripten.js";
import { compareProgram } from "./program/program.js";

/** @typedef {import("./build.js").Workshop} Workshop */

const FLAGS = ["-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_DQS=0"];
const ROUNDS = { least: 5, most: 9 };
const SECONDS = 120; // for a run

/** How many measurements it takes for each allocator. */
export const SQLITE_TURNS = 3 + ROUNDS.most;

/** @param {string} root */
function sources(root) {
  const library = join(root, "node_modules/better-sqlite3/deps/sqlite3");
  const driver = join(root, "tests/programs/sqlite.c");
  const missing = [join(library, "sqlite3.c"), driver].find((file) => !existsSync(file));
  if (missing === undefined) return { library, driver };
  throw new MiniAllocError(
    `there is no '${missing}': the sqlite workload needs a checkout with its development packages`,
    "npm ci --ignore-scripts in a clone of mini-alloc, or other --workloads",
  );
}

/**
 * @param {Workshop} workshop
 * @param {readonly import("./allocators.js").Allocator[]} allocators those that programs can have
 * @param {Pick<import("../cli.js").Context, "env" | "terminal">} context
 * @returns {Promise<import("./program/report.js").Report>}
 */
export async function compareSqlite(workshop, allocators, { env, terminal }) {
  const { emscripten, level, root, cache, interrupted } = workshop;
  const { library, driver } = sources(root);
  const amalgamation = join(library, "sqlite3.c");
  const flags = [...FLAGS, `-I${library}`, level];
  const inputs = { words: [emscripten.emcc, emscripten.version, ...flags], files: [amalgamation] };
  const built = await cached(cache, inputs, (out) => {
    terminal.progress("compiling SQLite, which takes about half a minute the first time");
    const args = [...flags, "-w", "-c", amalgamation, "-o", join(out, "sqlite3.o")];
    return compile(emscripten, args, { cwd: out, interrupted });
  });
  const request = {
    command: emscripten.emcc,
    words: [
      ...[driver, join(built, "sqlite3.o"), ...flags, "-sALLOW_MEMORY_GROWTH"],
      ...["-sTOTAL_STACK=1MB", "-o", "sqlite.js"],
    ],
    programArguments: [],
  };
  const plan = { request, output: "sqlite.js", direct: true, emscripten, allocators };
  const how = { wanted: ROUNDS, seconds: SECONDS, interrupted };
  return compareProgram({ ...plan, ...how }, { root, cwd: cache, env, terminal });
}
