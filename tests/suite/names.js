// The names of all tests, which Emscripten's runner knows but does not tell.

import { MiniAllocError } from "../../src/errors.js";
import { run } from "../helpers/toolchain.js";
import { PYTHON, environment, tree } from "./places.js";

const LIST = `
import sys
sys.path[:0] = ["tests", "."]
import test_core
for mode in sys.argv[1:]:
  for name in dir(getattr(test_core, mode, None)):
    print(mode + "." + name)
`;

/**
 * @param {readonly string[]} modes unknown ones have no tests
 * @throws {MiniAllocError}
 */
export async function testNames(modes) {
  const env = environment("dlmalloc");
  const { stdout, stderr } = await run(PYTHON, ["-c", LIST, ...new Set(modes)], { cwd: tree, env });
  const names = stdout.split("\n").filter((line) => /^\w+\.test_\w+$/.test(line));
  if (names.length > 0) return names;
  throw new MiniAllocError(`cannot read Emscripten's tests: ${stderr}`, `look at ${tree}/tests`);
}
