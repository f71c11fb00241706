// The consumers in this folder, and the tools they are built with beyond emcc itself.

import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  EMCC,
  buildFolder,
  built,
  emcc,
  emscripten,
  node,
  nodeSince,
  root,
  run,
  succeed,
} from "../helpers/toolchain.js";

/** A file of a consumer. @param {string[]} parts */
export const consumer = (...parts) => join(root, "tests/plug", ...parts);

/** What a program with one worker needs, to start it at once and to end. */
export const oneWorker = ["-sPTHREAD_POOL_SIZE=1", "-sEXIT_RUNTIME"];

const memory64Node = nodeSince(24);

/** Runs a program with MEMORY64, where there is no reason against it. @param {string} file */
export async function runMemory64(file) {
  const runs = await memory64Node;
  if (!runs) throw new Error("no Node for MEMORY64");
  return runs(file);
}

/**
 * Why a program with MEMORY64 cannot be built and run, or false if it can. Where the cache is
 * frozen, as in Linux distributions, there are only the system libraries that their package brings.
 */
export async function noMemory64() {
  const frozen = await run(emscripten("em-config"), ["FROZEN_CACHE"]);
  if (frozen.stdout.trim() === "True") return "the frozen cache has no libraries for MEMORY64";
  return !(await memory64Node) && "no Node 24 or newer, which MEMORY64 takes";
}

/**
 * Builds a program and runs it.
 * @param {string} name of the folder it is built in
 * @param {string[]} args for emcc, without -o
 */
export async function buildAndRun(name, args) {
  const out = join(buildFolder(`plug/${name}`), "app.js");
  await emcc([...args, "-o", out]);
  return node(out);
}

/**
 * Why a tool of the host cannot be run through Emscripten's wrapper for it, or false if it can.
 * @param {"emcmake" | "emconfigure"} wrapper
 * @param {"cmake" | "pkg-config"} tool
 */
export async function missing(wrapper, tool) {
  const { code, stderr } = await run(emscripten(wrapper), [tool, "--version"]);
  return code !== 0 && /No such file|not found/.test(stderr) && `${wrapper} finds no ${tool}`;
}

/**
 * Configures a CMake project and builds it; returns what configuring it printed.
 * @param {string} project its folder
 * @param {string} out the folder to build in
 * @param {string[]} [settings] as -DNAME=VALUE
 */
export async function cmake(project, out, settings = []) {
  rmSync(out, { recursive: true, force: true }); // it may be another Emscripten's
  const configured = await succeed(emscripten("emcmake"), [
    ...["cmake", "-S", project, "-B", out],
    ...settings,
  ]);
  await succeed(emscripten("emmake"), ["cmake", "--build", out, "--parallel", "2"], {
    seconds: 1500,
  });
  return configured;
}

/**
 * `make install` of the archives that are being tested.
 * @param {string} prefix
 */
export const install = (prefix) =>
  // MAKEFLAGS: the make above this one must not pass on its options.
  succeed("make", ["install", `PREFIX=${prefix}`, `EMCC=${EMCC}`, `BUILD=${built}`], {
    env: { MAKEFLAGS: "" },
  });
