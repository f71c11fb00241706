// Records what the demo's page has as examples, into build/demo/examples: NAME.bin, the calls as a
// link has them (demo/formats/codec.js, deflated), and NAME.json, which tells of them. `make` runs it:
//
//   node demo/build/examples.js [--emcc PATH] [--output FOLDER]
//
// Without SQLite's sources, which come with a development package, there is no example; that is
// said, and no failure.

import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "../../src/arguments.js";
import { allocatorFiles, miniAllocObject } from "../../src/cost/allocators.js";
import { cacheFolder, cached } from "../../src/cost/cache.js";
import { compile, findEmscripten } from "../../src/cost/emscripten.js";
import { MiniAllocError } from "../../src/errors.js";
import { run } from "../../src/process.js";
import { readTrace } from "../../src/trace/format.js";
import { grouped } from "../engine/words.js";
import { encodeCalls } from "../formats/codec.js";
import { deflate } from "../formats/deflate.js";
import { importTrace } from "../formats/import-trace.js";
import { replayOf } from "../formats/replay.js";
import { command, interruption, makeFolder, write } from "./command.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("./module.js").Workshop} Workshop */

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const options = /** @type {const} */ ({
  emcc: { type: "string", value: "PATH", help: "the compiler; $EMCC, or emcc" },
  output: { type: "string", value: "FOLDER", help: "build/demo/examples" },
});

const SALES = 10_000;
const FLAGS = ["-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_DQS=0", "-O1"];
const SECONDS = 120; // for the run

/**
 * Compiles SQLite, which takes half a minute, once.
 * @param {Workshop} workshop
 * @param {string} library
 */
function sqliteObject({ emscripten, cache, interrupted }, library) {
  const source = join(library, "sqlite3.c");
  const words = [...FLAGS, "-w", "-c", source];
  const inputs = { words: [emscripten.emcc, emscripten.version, ...words], files: [source] };
  return cached(cache, inputs, (out) =>
    compile(emscripten, [...words, "-o", join(out, "sqlite3.o")], { cwd: out, interrupted }),
  );
}

/**
 * Returns the trace of the tests' SQLite program, recorded now or before.
 * @param {Workshop} workshop
 * @param {string} library the folder with SQLite
 * @returns {Promise<string>}
 */
async function recordSqlite(workshop, library) {
  const { emscripten, cache, interrupted } = workshop;
  const programs = join(root, "tests/programs");
  const driver = join(programs, "sqlite.c");
  const words = [...FLAGS, `-I${library}`, "-sALLOW_MEMORY_GROWTH", "-sMALLOC=none"];
  const inputs = {
    words: [emscripten.emcc, emscripten.version, ...words, String(SALES)],
    files: [
      ...[driver, ...["blocks.h", "digest.h", "footprint.h"].map((name) => join(programs, name))],
      ...[join(library, "sqlite3.c"), ...allocatorFiles(root)],
    ],
  };
  const folder = await cached(cache, inputs, async (out) => {
    const object = join(await sqliteObject(workshop, library), "sqlite3.o");
    const flags = ["-DMINI_ALLOC_TRACE"];
    const own = await miniAllocObject(emscripten, { root, cache, flags, interrupted });
    const linked = [driver, object, own, ...words, "-o", join(out, "sqlite.js")];
    await compile(emscripten, linked, { cwd: out, interrupted });
    await record(workshop, out);
  });
  return readFileSync(join(folder, "sqlite.jsonl"), "utf8");
}

/** @param {Workshop} workshop @param {string} out the folder with the program */
async function record({ emscripten, interrupted }, out) {
  const recorder = [join(root, "src/cli.js"), "trace", "-o", "sqlite.jsonl", "--"];
  const program = [process.execPath, "sqlite.js", String(SALES)];
  const surroundings = { cwd: out, env: emscripten.env, interrupted, seconds: SECONDS };
  const { code, stderr } = await run(process.execPath, [...recorder, ...program], surroundings);
  if (code === 0) return;
  throw new MiniAllocError(`SQLite could not be recorded: ${stderr.trimEnd()}`, "make test");
}

/**
 * The calls of a trace, numbered as its own allocator has: it is ours, on which the demo replays.
 * @param {string} text
 * @returns {Call[]}
 */
function callsOf(text) {
  const lines = text.trimEnd().split("\n");
  const { calls: recorded } = readTrace(lines);
  const imported = importTrace(lines, "SQLite");
  if (imported.length !== recorded.length || recorded.some(({ p }) => p === 0)) {
    throw new MiniAllocError("a call of SQLite was refused or cannot be replayed", "make test");
  }
  /** @type {Call[]} */
  const calls = [];
  let made = 0;
  const replay = replayOf(imported);
  for (let next = replay.next(0); !next.done;) {
    calls.push(next.value);
    next = replay.next(next.value.op === "free" ? 0 : ++made);
  }
  return calls;
}

/** @param {AbortSignal} interrupted */
async function main(interrupted) {
  const values = parse(process.argv.slice(2), { options }, "node demo/build/examples.js");
  const emcc = String(values.emcc ?? process.env.EMCC ?? "emcc");
  const folder = String(values.output ?? join(root, "build/demo/examples"));
  makeFolder(folder);
  const [about, data] = [join(folder, "sqlite.json"), join(folder, "sqlite.bin")];
  for (const file of [about, data]) rmSync(file, { force: true });
  const library = join(root, "node_modules/better-sqlite3/deps/sqlite3");
  if (!existsSync(join(library, "sqlite3.c"))) {
    process.stderr.write("mini-alloc: no example: SQLite is not installed (npm ci)\n");
    return;
  }
  const emscripten = await findEmscripten(emcc, { env: process.env, cwd: root, interrupted });
  const workshop = { emscripten, root, cache: cacheFolder(root), interrupted };
  const calls = callsOf(await recordSqlite(workshop, library));
  write(data, await deflate(encodeCalls(calls, calls.length)));
  const text = {
    title: "SQLite",
    about:
      `The till of a bicycle shop with ${grouped(SALES)} sales, kept in SQLite: every call of its ` +
      "allocator, recorded with mini-alloc trace.",
    calls: calls.length,
  };
  // Last, so that it tells of nothing that is not there.
  write(about, `${JSON.stringify(text, null, 2)}\n`);
}

await command(() => main(interruption()));
