// The closure compiler, a program of its own that emcc's --closure calls: the one that
// $EM_CLOSURE_COMPILER names, or npm's google-closure-compiler, where it was installed.

// @ts-expect-error it has no types
import { getNativeImagePath } from "google-closure-compiler/lib/utils.js";
import { run } from "../helpers/toolchain.js";

/** The first version that no longer knows what Emscripten 3.1.6 calls the newest JavaScript. */
const NEW = 2023;

/**
 * What a mode needs to say of it, and whether it is too new for old Emscriptens. emcc finds the
 * compiler by the environment.
 * @returns {Promise<{isNew: boolean, mode: {unbuildable?: string}}>}
 */
export async function closureCompiler() {
  /** @type {string | undefined} */
  const compiler = process.env.EM_CLOSURE_COMPILER ?? getNativeImagePath();
  if (compiler === undefined) {
    const remedy = "npm ci, or name one by EM_CLOSURE_COMPILER";
    return { isNew: false, mode: { unbuildable: `no closure compiler is found: ${remedy}` } };
  }
  process.env.EM_CLOSURE_COMPILER = compiler;
  const { stdout } = await run(compiler, ["--version"]);
  return { isNew: Number(/v(\d{4})/.exec(stdout)?.[1]) >= NEW, mode: {} };
}
