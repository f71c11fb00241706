// `make suite`: Emscripten's own tests with mini-alloc in the place of dlmalloc, next to the same
// with dlmalloc. Takes hours; interrupted, it goes on where it was.

import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { steps } from "../../src/cost/progress.js";
import { MiniAllocError } from "../../src/errors.js";
import { terminal } from "../../src/terminal.js";
import { updater } from "../../src/update.js";
import { MODES, choose } from "./choice.js";
import { testNames } from "./names.js";
import { cleanUp, findSuite, prepare } from "./prepare.js";
import { REASONS } from "./reasons.js";
import { isGood, reportMarkdown, reportText } from "./report.js";
import { runSuite } from "./suite.js";

const USAGE =
  "node tests/suite/run.js [--again] [--jobs N] [--write FILE] [MODE | TEST | PATTERN]...";

/** @param {string[]} args @throws {MiniAllocError} */
function parse(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        again: { type: "boolean", default: false },
        jobs: { type: "string", default: String(cpus().length) },
        write: { type: "string" },
      },
    });
    if (!/^[1-9]\d*$/.test(values.jobs)) throw new Error(`cannot run '${values.jobs}' jobs`);
    return { ...values, width: Number(values.jobs), words: positionals };
  } catch (error) {
    throw new MiniAllocError(error instanceof Error ? error.message : String(error), USAGE);
  }
}

/** A mode that is none of ours may be named, too. @param {string} word */
const modeOf = (word) => word.replace(/\..*/, "");

/** @param {string[]} args @param {AbortSignal} stop @returns {Promise<number>} exit code */
async function main(args, stop) {
  const { again, width, write, words } = parse(args);
  const put = write === undefined ? undefined : updater(write, "suite");
  const screen = terminal(process.stdout, process.stderr, process.env);
  const root = await findSuite();
  await prepare(root, ["dlmalloc", "mini-alloc", "mini-alloc-resize"]);
  const tests = choose(words, await testNames([...MODES, ...words.map(modeOf)]));
  const counting = (/** @type {number} */ total) => steps(screen, total);
  const compared = await runSuite(tests, { again, width, stop, counting });
  screen.clear();
  console.log(reportText(compared, REASONS));
  put?.(reportMarkdown(compared, REASONS));
  return isGood(compared, REASONS) ? 0 : 1;
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => interruption.abort());
try {
  process.exitCode = await main(process.argv.slice(2), interruption.signal);
} catch (error) {
  if (interruption.signal.aborted) process.exitCode = 130;
  else if (error instanceof MiniAllocError) {
    console.error(`mini-alloc: ${error.message}\n  try: ${error.remedy}`);
    process.exitCode = error.code;
  } else throw error;
} finally {
  cleanUp();
}
