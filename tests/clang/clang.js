// clang without Emscripten: for WebAssembly without any C library, and for WASI.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildFolder, cc, include, root, source } from "../helpers/toolchain.js";

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {readonly string[]} flags
 * @property {string} smallest a program that any such clang can build, whatever becomes of ours
 * @property {string} packages what Debian calls what may be missing
 */

/**
 * WebAssembly as it began: what a new clang would use beyond it, contracts must not.
 * @type {Target}
 */
export const BARE = {
  name: "wasm32-unknown-unknown",
  flags: ["--target=wasm32-unknown-unknown", "-mcpu=mvp", "-nostdlib", "-Wl,--no-entry"],
  smallest: "int x;\n",
  packages: "clang lld",
};

/** @type {Target} */
export const WASI = {
  name: "wasm32-wasi",
  flags: ["--target=wasm32-wasi", "--sysroot=/usr"],
  smallest: '#include <stdio.h>\nint main(void) { return puts(""); }\n',
  packages: "clang lld wasi-libc libclang-rt-dev-wasm32",
};

/**
 * Why the tests of a target cannot run here; undefined if they can.
 * @param {Target} target
 * @returns {Promise<string | undefined>}
 */
export async function missing({ name, flags, smallest, packages }) {
  const folder = buildFolder(`clang/${name}`);
  const program = join(folder, "smallest.c");
  writeFileSync(program, smallest);
  try {
    await cc([...flags, program, "-o", join(folder, "smallest.wasm")]);
    return undefined;
  } catch (error) {
    const reason = /error: (.*)/.exec(String(error))?.[1] ?? String(error);
    return `no clang for ${name} here (${reason}); Debian's packages for it: ${packages}`;
  }
}

/**
 * Builds a program together with the allocator.
 * @param {Target} target
 * @param {string} name names the build
 * @param {readonly string[]} files below tests/
 * @param {readonly string[]} flags
 */
export async function build(target, name, files, flags) {
  const file = join(buildFolder(`clang/${target.name}`), `${name}.wasm`);
  const paths = files.map((path) => join(root, "tests", path));
  await cc([...target.flags, "-std=c11", `-I${include}`, ...flags, ...paths, source, "-o", file]);
  return { file, bytes: readFileSync(file) };
}
