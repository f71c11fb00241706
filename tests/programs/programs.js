// Builds the two real programs. Their libraries take a minute to compile, so these objects are
// kept, for each Emscripten, and linked with one allocator after the other.

import { readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  archive,
  buildFolder,
  emcc,
  emccNumbers,
  empp,
  include,
  root,
} from "../helpers/toolchain.js";

const folder = buildFolder(join("programs", emccNumbers.join(".")));
const here = fileURLToPath(new URL(".", import.meta.url));

const sqlite = join(root, "node_modules/better-sqlite3/deps/sqlite3");
const leveldb = join(root, "node_modules/leveldown/deps/leveldb/leveldb-1.20");

// -w: their warnings are not ours to mend. -O1 takes two thirds of the time of -O2.
const LIBRARY = ["-O1", "-w"];
const SQLITE = ["-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_DQS=0"];
const POSIX = ["-DLEVELDB_PLATFORM_POSIX", "-DOS_LINUX", "-DLEVELDB_ATOMIC_PRESENT"];
const LEVELDB = ["-std=c++11", ...POSIX, `-I${leveldb}`, `-I${join(leveldb, "include")}`];

/** @typedef {typeof emcc | typeof empp} Compiler */

// By ctime, which is when it came to this disk, whatever its package says.
/** @param {string} file when it was written; never, if it is not there */
const written = (file) => statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? -Infinity;

/**
 * Compiles `sources` into one object, unless there is one already that is newer than they are and
 * than this file with its flags.
 * @param {Compiler} compiler
 * @param {string} name
 * @param {string[]} sources
 * @param {string[]} flags
 * @returns {Promise<string>}
 */
async function compile(compiler, name, sources, flags) {
  const object = join(folder, `${name}.o`);
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(written));
  if (written(object) > newest) return object;
  const unity = join(folder, name + extname(sources.join()));
  writeFileSync(unity, sources.map((source) => `#include "${source}"\n`).join(""));
  // What a run leaves that is interrupted; files that run at once have each their own.
  const unfinished = join(folder, `${name}.${process.pid}.unfinished.o`);
  await compiler(["-c", unity, ...LIBRARY, ...flags, "-o", unfinished]);
  renameSync(unfinished, object);
  return object;
}

/** leveldb's sources, without its tests, its tools and its C interface. @param {string} part */
const leveldbSources = (part) =>
  readdirSync(join(leveldb, part))
    .filter((file) => file.endsWith(".cc"))
    .filter((file) => !/_test|_bench|^leveldbutil|^test|^env_posix|^c\.cc/.test(file))
    .map((file) => join(leveldb, part, file));

const LIBRARIES = {
  sqlite: () => [compile(emcc, "sqlite3", [join(sqlite, "sqlite3.c")], SQLITE)],
  // env_posix.cc apart, because it and comparator.cc use one name for two things.
  leveldb: () => [
    compile(empp, "leveldb", ["db", "table", "util"].flatMap(leveldbSources), LEVELDB),
    compile(
      empp,
      "leveldb-posix",
      [join(leveldb, "util/env_posix.cc"), ...leveldbSources("port")],
      LEVELDB,
    ),
  ],
};

const PROGRAMS = {
  sqlite: { compiler: emcc, source: "sqlite.c", flags: [`-I${sqlite}`, ...SQLITE] },
  leveldb: { compiler: empp, source: "leveldb.cc", flags: LEVELDB },
};

/** @typedef {keyof typeof PROGRAMS} Program */

/** @type {Map<Program, Promise<string[]>>} */
const libraries = new Map();

/** @param {Program} program */
function library(program) {
  const objects = libraries.get(program) ?? Promise.all(LIBRARIES[program]());
  libraries.set(program, objects);
  return objects;
}

const WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter"]; // leveldb's headers have those
const STACK = "-sTOTAL_STACK=1MB"; // some versions have 5 MB, some 64 KiB
const OURS = ["-DWITH_MINI_ALLOC", `-I${include}`, archive(), "-sMALLOC=none"];

/**
 * Links a program with "mini_alloc" or with an allocator of Emscripten, and returns the path of
 * its JavaScript.
 * @param {Program} program
 * @param {string} allocator
 * @param {{name?: string, flags?: string[]}} [options] `name` tells builds with other flags apart
 */
export async function link(program, allocator, options = {}) {
  const { name = allocator, flags = ["-O1", "-sALLOW_MEMORY_GROWTH"] } = options;
  const { compiler, source, flags: needed } = PROGRAMS[program];
  const malloc = allocator === "mini_alloc" ? OURS : [`-sMALLOC=${allocator}`];
  const inputs = [join(here, source), ...(await library(program))];
  const out = join(folder, `${program}-${name}.js`);
  await compiler([...inputs, ...needed, ...WARNINGS, ...malloc, ...flags, STACK, "-o", out]);
  return out;
}
