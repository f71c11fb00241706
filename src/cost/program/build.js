// Runs the user's build command, once for each allocator. What comes out goes to folders of our
// own; the user's files stay as they are.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { MiniAllocError } from "../../errors.js";
import { run } from "../../process.js";
import { TRACE, makeWith, printed } from "./allocation.js";
import {
  flagsWithoutMalloc,
  hasMiniAlloc,
  mallocSources,
  quoted,
  withoutAllocator,
  withoutOutput,
} from "./compiler.js";
import { digestOf, runnable, siblings, sizes, surround } from "./files.js";
import { Originals, move } from "./originals.js";
import { originalsIn } from "./workplace.js";

/** @typedef {import("../allocators.js").Allocator} Allocator */

/**
 * @typedef {object} Workshop
 * @property {import("./request.js").Request} request
 * @property {string} output what the build command makes, as the user names it
 * @property {boolean} direct whether it is the compiler itself, whose arguments can be changed
 * @property {import("../emscripten.js").Emscripten} emscripten
 * @property {string} root
 * @property {string} cwd
 * @property {string} cache
 * @property {string} folder for this comparison
 * @property {AbortSignal} interrupted
 */

/**
 * A program with one allocator, or why there is none.
 * @typedef {object} Build
 * @property {Allocator} allocator
 * @property {Product} [product]
 * @property {Failure} [failure]
 */

/**
 * @typedef {object} Product
 * @property {string} file what is run
 * @property {{wasm: number, js: number}} bytes
 * @property {string} digest of all that was built
 * @property {string[]} malloc files that malloc came from, as far as the linker told
 */

/**
 * @typedef {object} Failure
 * @property {string} outcome a few words for the table
 * @property {string} details what the compiler said
 */

/** @typedef {import("../../process.js").Outcome} Outcome */

/** @param {Workshop} workshop @param {string} folder @returns {(allocator: Allocator) => Promise<Outcome>} */
const compileInto = (workshop, folder) => (allocator) => {
  const { request, output, emscripten, cwd, interrupted } = workshop;
  const { command, words } = request;
  const own = allocator.name === "mini-alloc" && hasMiniAlloc(words);
  const env = {
    ...emscripten.env,
    EMCC_CFLAGS: flagsWithoutMalloc(emscripten.env.EMCC_CFLAGS ?? ""),
  };
  const make = (/** @type {string[]} */ added) => {
    const kept = own ? withoutOutput(words) : withoutAllocator(words);
    const more = own ? [`-sMALLOC=${allocator.malloc}`, TRACE] : added;
    const all = [...kept, ...more, "-o", join(folder, basename(output))];
    return run(command, all, { cwd, env, interrupted });
  };
  return makeWith(workshop, allocator, (object) => object, make);
};

/** @param {Workshop} workshop @param {Allocator} allocator */
function buildInPlace(workshop, allocator) {
  const { request, emscripten, cwd, interrupted } = workshop;
  const make = (/** @type {string[]} */ added) => {
    // Every emcc takes these words behind its own. Where it does not link it has no use for them.
    const flags = ["-Wno-unused-command-line-argument", ...added].map(quoted).join(" ");
    const EMCC_CFLAGS = `${emscripten.env.EMCC_CFLAGS ?? ""} ${flags}`.trim();
    const env = { ...emscripten.env, EMCC_CFLAGS };
    return run(request.command, request.words, { cwd, env, interrupted });
  };
  return makeWith(workshop, allocator, (object) => `-Wl,${object}`, make);
}

/**
 * @param {Workshop} workshop
 * @param {Allocator} allocator
 * @param {Originals} originals
 * @param {string} folder
 */
async function buildAndTake(workshop, allocator, originals, folder) {
  const output = resolve(workshop.cwd, workshop.output);
  originals.stage();
  let outcome = await buildInPlace(workshop, allocator);
  if (outcome.code === 0 && !existsSync(output)) {
    originals.stage({ all: true }); // its target is another of these files
    outcome = await buildInPlace(workshop, allocator);
  }
  if (outcome.code !== 0) return outcome;
  if (!existsSync(output)) throw notMade(workshop);
  for (const name of originals.built()) move(join(dirname(output), name), join(folder, name));
  return outcome;
}

/** @param {Workshop} workshop */
function notMade({ output, request }) {
  const command = [request.command, ...request.words].join(" ");
  return new MiniAllocError(
    `the build command succeeded, but made no '${output}': ${command}`,
    "--output with the file that it makes, or a command that links it anew: make clean first",
  );
}

/** The last lines of what a compiler said. @param {Outcome} outcome */
function complaint({ stdout, stderr, code }) {
  const lines = (stderr.trim() || stdout.trim()).split("\n").filter(Boolean);
  const short = lines
    .slice(-6)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line));
  return short.join("\n") || `exit code ${code}`;
}

/** @param {Workshop} workshop @param {Outcome} outcome @param {string} folder @returns {Omit<Build, "allocator">} */
function result({ output, cwd }, outcome, folder) {
  if (outcome.code !== 0) {
    return { failure: { outcome: "does not build", details: complaint(outcome) } };
  }
  const file = runnable(folder, basename(output));
  if (file === undefined) throw notRunnable(output);
  const [bytes, digest] = [sizes(folder, basename(output)), digestOf(folder)];
  surround(file, resolve(cwd, dirname(output)), siblings(output));
  return { product: { file, bytes, digest, malloc: mallocSources(printed(outcome)) } };
}

/** @param {string} output */
const notRunnable = (output) =>
  new MiniAllocError(
    `Node cannot run '${output}': there is no JavaScript beside it`,
    "build the program as JavaScript too, such as -o app.js",
  );

/**
 * Builds the program with one allocator after the other.
 * @param {Workshop} workshop
 * @param {readonly Allocator[]} allocators
 * @param {(what: string) => void} step
 * @returns {Promise<Build[]>}
 * @throws {MiniAllocError} if the command does not make what is asked for
 */
export async function buildAll(workshop, allocators, step) {
  const { direct, folder, output, cwd } = workshop;
  const kept = originalsIn(folder);
  const originals = direct ? undefined : new Originals(resolve(cwd, output), kept);
  try {
    originals?.keep();
    /** @type {Build[]} */
    const builds = [];
    for (const allocator of allocators) {
      step(`building with ${allocator.name}`);
      const into = join(folder, allocator.name);
      mkdirSync(into);
      const outcome = await (originals
        ? buildAndTake(workshop, allocator, originals, into)
        : compileInto(workshop, into)(allocator));
      builds.push({ allocator, ...result(workshop, outcome, into) });
    }
    return builds;
  } finally {
    originals?.restore();
    rmSync(kept, { recursive: true, force: true });
  }
}
