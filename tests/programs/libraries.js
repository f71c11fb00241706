// The real programs: which of their libraries' sources are compiled, from which npm package, and
// with what flags. The drivers are ours, in this folder.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { emcc, empp, root } from "../helpers/toolchain.js";

/** @param {string} path in node_modules */
const fromPackage = (path) => join(root, "node_modules", path);

/** The sources of a language in a folder. @param {string} folder @param {".c" | ".cc"} ending */
const sourcesIn = (folder, ending) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

/**
 * @typedef {object} Program
 * @property {typeof emcc | typeof empp} compiler
 * @property {string} driver
 * @property {string[]} flags of the libraries and the driver
 * @property {string[]} [linkFlags]
 * @property {Record<string, () => string[]>} objects what the library is compiled to: each object
 *   is one compilation of all its sources
 */

const sqlite = fromPackage("better-sqlite3/deps/sqlite3");

/** @satisfies {Program} */
const SQLITE = {
  compiler: emcc,
  driver: "sqlite.c",
  flags: [
    `-I${sqlite}`,
    ...["-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION", "-DSQLITE_DQS=0"],
  ],
  objects: { sqlite3: () => [join(sqlite, "sqlite3.c")] },
};

const leveldb = fromPackage("leveldown/deps/leveldb/leveldb-1.20");

/** Without its tests, its tools and its C interface. @param {string} part */
const leveldbSources = (part) =>
  sourcesIn(join(leveldb, part), ".cc").filter(
    (file) => !/_test|_bench|\/leveldbutil|\/test|\/env_posix|\/c\.cc/.test(file),
  );

/** @satisfies {Program} */
const LEVELDB = {
  compiler: empp,
  driver: "leveldb.cc",
  flags: [
    ...["-std=c++11", `-I${leveldb}`, `-I${join(leveldb, "include")}`],
    ...["-DLEVELDB_PLATFORM_POSIX", "-DOS_LINUX", "-DLEVELDB_ATOMIC_PRESENT"],
  ],
  // env_posix.cc apart, because it and comparator.cc use one name for two things.
  objects: {
    leveldb: () => ["db", "table", "util"].flatMap(leveldbSources),
    "leveldb-posix": () => [join(leveldb, "util/env_posix.cc"), ...leveldbSources("port")],
  },
};

const treeSitter = fromPackage("tree-sitter/vendor/tree-sitter/lib");
const grammar = fromPackage("tree-sitter-javascript/src");

/** @satisfies {Program} */
const TREE_SITTER = {
  compiler: emcc,
  driver: "tree_sitter.c",
  flags: [`-I${join(treeSitter, "include")}`, `-I${join(treeSitter, "src")}`, "-D_DEFAULT_SOURCE"],
  linkFlags: ["-sNODERAWFS"], // it is given a file of the host's
  objects: {
    "tree-sitter": () => [join(treeSitter, "src/lib.c")],
    "tree-sitter-javascript": () => [join(grammar, "parser.c"), join(grammar, "scanner.c")],
  },
};

/** The JavaScript source that tree-sitter is given. */
export const LARGE_SOURCE = fromPackage("axe-core/axe.js");

const expat = fromPackage("node-expat/deps/libexpat");

/** @satisfies {Program} */
const EXPAT = {
  compiler: emcc,
  driver: "expat.c",
  flags: [`-I${expat}`, `-I${join(expat, "lib")}`, "-DHAVE_EXPAT_CONFIG_H"],
  objects: {
    expat: () => ["xmltok.c", "xmlrole.c", "xmlparse.c"].map((file) => join(expat, "lib", file)),
  },
};

const zstd = fromPackage("zstd-napi/deps/zstd/lib");
const THREADS = ["-pthread", "-Wno-pthreads-mem-growth"];

// A pool, so that threads can start while the main one waits for them.
const threaded = (/** @type {number} */ most) => [
  ...["-sPROXY_TO_PTHREAD", `-sPTHREAD_POOL_SIZE=${most}`, "-sEXIT_RUNTIME"],
];

/** @satisfies {Program} */
const ZSTD = {
  compiler: emcc,
  driver: "zstd.c",
  flags: [`-I${zstd}`, "-DZSTD_MULTITHREAD", "-DZSTD_DISABLE_ASM", ...THREADS],
  linkFlags: threaded(6),
  objects: {
    zstd: () =>
      ["common", "compress", "decompress"].flatMap((part) => sourcesIn(join(zstd, part), ".c")),
  },
};

/** @satisfies {Program} */
const HNSWLIB = {
  compiler: empp,
  driver: "hnswlib.cc",
  flags: ["-std=c++17", "-isystem", fromPackage("hnswlib-node/src")],
  linkFlags: ["-sMAXIMUM_MEMORY=512MB"],
  objects: {}, // it is all headers
};

export const PROGRAMS = {
  sqlite: SQLITE,
  leveldb: LEVELDB,
  tree_sitter: TREE_SITTER,
  expat: EXPAT,
  zstd: ZSTD,
  hnswlib: HNSWLIB,
};
