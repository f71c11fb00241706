// Builds the real programs. Their libraries take minutes to compile, so these objects are kept, for
// each Emscripten, and linked with one allocator after the other.

import { renameSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { archive, buildFolder, emccNumbers, include } from "../helpers/toolchain.js";
import { PROGRAMS } from "./libraries.js";

const folder = buildFolder(join("programs", emccNumbers.join(".")));
const here = fileURLToPath(new URL(".", import.meta.url));

// -w: their warnings are not ours to mend. -O1 takes two thirds of the time of -O2.
const LIBRARY = ["-O1", "-w"];

/** @typedef {import("./libraries.js").Program} Program */
/** @typedef {keyof typeof PROGRAMS} Name */

// By ctime, which is when it came to this disk, whatever its package says.
/** @param {string} file when it was written; never, if it is not there */
const written = (file) => statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? -Infinity;

/**
 * Compiles `sources` into one object, unless there is one already that is newer than they are and
 * than libraries.js with its flags.
 * @param {Program} program
 * @param {string} name
 * @param {string[]} sources
 * @returns {Promise<string>}
 */
async function compile({ compiler, flags }, name, sources) {
  const object = join(folder, `${name}.o`);
  const newest = Math.max(...[...sources, join(here, "libraries.js")].map(written));
  if (written(object) > newest) return object;
  const unity = join(folder, name + extname(sources.join()));
  writeFileSync(unity, sources.map((source) => `#include "${source}"\n`).join(""));
  // What a run leaves that is interrupted; files that run at once have each their own.
  const unfinished = join(folder, `${name}.${process.pid}.unfinished.o`);
  await compiler(["-c", unity, ...LIBRARY, ...flags, "-o", unfinished]);
  renameSync(unfinished, object);
  return object;
}

/** @type {Map<Name, Promise<string[]>>} */
const libraries = new Map();

/** The objects of a program's library. @param {Name} name */
function library(name) {
  /** @type {Program} */
  const program = PROGRAMS[name];
  const objects =
    libraries.get(name) ??
    Promise.all(
      Object.entries(program.objects).map(([object, sources]) =>
        compile(program, object, sources()),
      ),
    );
  libraries.set(name, objects);
  return objects;
}

const WARNINGS = ["-Wall", "-Wextra", "-Wno-unused-parameter"]; // leveldb's headers have those
const STACK = "-sTOTAL_STACK=1MB"; // some versions have 5 MB, some 64 KiB

/** The flags of an allocator. @param {string} allocator @param {string[]} flags of the program */
function malloc(allocator, flags) {
  if (allocator !== "mini_alloc") return [`-sMALLOC=${allocator}`];
  const ours = archive(flags.includes("-pthread") ? "-mt" : "");
  return ["-DWITH_MINI_ALLOC", `-I${include}`, ours, "-sMALLOC=none"];
}

/**
 * Links a program with "mini_alloc" or with an allocator of Emscripten, and returns the path of
 * its JavaScript.
 * @param {Name} name
 * @param {string} allocator
 * @param {{name?: string, flags?: string[]}} [options] `name` tells builds with other flags apart
 */
export async function link(name, allocator, options = {}) {
  const { name: variant = allocator, flags = ["-O1", "-sALLOW_MEMORY_GROWTH"] } = options;
  /** @type {Program} */
  const { compiler, driver, flags: needed, linkFlags = [] } = PROGRAMS[name];
  const inputs = [join(here, driver), ...(await library(name))];
  const out = join(folder, `${name}-${variant}.js`);
  const settings = [...malloc(allocator, needed), ...linkFlags, ...flags, STACK];
  await compiler([...inputs, ...needed, ...WARNINGS, ...settings, "-o", out]);
  return out;
}
