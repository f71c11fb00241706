// `mini-alloc cost`: what allocation costs, with each allocator.

import { resolve } from "node:path";
import { MiniAllocError } from "../errors.js";
import { ALLOCATORS, chooseAllocators } from "./allocators.js";
import { cacheFolder } from "./cache.js";
import { compare } from "./compare.js";
import { findEmscripten } from "./emscripten.js";
import { costOfProgram, programOptions } from "./program/program.js";
import { reportCsv, reportJson } from "./report.js";
import { reportMarkdown, reportText } from "./tables.js";
import { updater } from "../update.js";
import { conclusions } from "./words.js";
import { FIRST_LOOK, WORKLOAD_SETS, chooseWorkloads } from "./workloads.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("../cli.js").Context} Context */

/**
 * @typedef {object} Values
 * @property {string} [workloads]
 * @property {string} [allocators]
 * @property {string} [level]
 * @property {string} [emcc]
 * @property {string} [rounds]
 * @property {boolean} [json]
 * @property {boolean} [markdown]
 * @property {boolean} [csv]
 * @property {string} [update]
 * @property {string[]} [rest]
 */

const LEVELS = ["0", "1", "2", "3", "s", "z"];

/** @param {string} text */
function readLevel(text) {
  const [, letter] = /^(?:-?O)?([0-3sz])$/.exec(text) ?? [];
  if (letter !== undefined) return `-O${letter}`;
  throw new MiniAllocError(`no level of optimization '${text}'`, `--level ${LEVELS.join("|")}`);
}

/** @param {string} text */
function readRounds(text) {
  const rounds = /^\d+$/.test(text) ? Number(text) : 0;
  if (rounds >= 3 && rounds <= 1000) return rounds;
  throw new MiniAllocError(`cannot take '${text}' rounds: a number from 3 to 1000`, "--rounds 25");
}

/** @param {Values} values @param {Context} context */
async function compareBuiltIn(values, context) {
  const { root, cwd, env } = context;
  const level = readLevel(values.level ?? "2");
  const rounds = readRounds(values.rounds ?? "25");
  const allocators = chooseAllocators(values.allocators, ALLOCATORS);
  const choice = chooseWorkloads(values.workloads);

  const interrupted = context.interruption();
  const emcc = values.emcc ?? env.EMCC ?? "emcc";
  const emscripten = await findEmscripten(emcc, { env, cwd, interrupted });
  const workshop = { emscripten, level, root, cache: cacheFolder(root), interrupted };
  return compare(workshop, { allocators, choice, rounds }, context);
}

/** @param {Values} values */
function refuseProgramOptions(values) {
  const alien = Object.keys(programOptions).find((name) => name in values);
  if (alien === undefined) return;
  throw new MiniAllocError(
    `'--${alien}' is for a build command, and there is none`,
    "mini-alloc cost [OPTIONS] -- emcc app.c -O2 -o app.js",
  );
}

/** Without the workloads that only those want who look closely. @param {Report} report */
function firstLook(report) {
  const workloads = report.workloads.filter(({ name }) => FIRST_LOOK.includes(name));
  const others = report.workloads.filter((workload) => !workloads.includes(workload));
  const warnings = report.warnings.filter(
    (warning) => !others.some(({ name }) => warning.startsWith(`${name} `)),
  );
  return { ...report, workloads, warnings, conclusions: conclusions(workloads, { brief: true }) };
}

/** The command, for the table in cli.js. @type {import("../cli.js").Command} */
export const costCommand = {
  summary: "what allocation costs with each allocator: ink, time, pages, bytes",
  rest: "BUILD COMMAND [--run ARGS]",
  options: {
    workloads: {
      type: "string",
      value: "LIST",
      help: "names or groups, between commas; see below",
    },
    allocators: { type: "string", value: "LIST", help: "which, between commas; see below" },
    level: { type: "string", value: "N", help: "optimization, as in -ON; 2 if not given" },
    emcc: {
      type: "string",
      value: "PATH",
      help: "Emscripten's compiler; $EMCC or emcc if not given",
    },
    rounds: { type: "string", value: "N", help: "how often each time is taken; 25 if not given" },
    json: { type: "boolean", help: "all figures as JSON" },
    markdown: { type: "boolean", help: "tables by workload as Markdown" },
    update: { type: "string", value: "FILE", help: "put what a first look wants into FILE, too" },
    csv: { type: "boolean", help: "a line for each workload and allocator" },
    ...programOptions,
  },
  notes: `Workloads: ${WORKLOAD_SETS.join(", ")},
or single ones such as malloc_16 or lifo_64_touched. Some of each if not given.
Allocators: ${ALLOCATORS.map(({ name }) => name).join(", ")}.

ink is exact, less the empty loop; ns are medians of interleaved rounds, each in
a fresh instance, with half the distance of the quartiles as their spread.

After '--' your own program is measured, built with each allocator in turn:
  mini-alloc cost -- emcc app.c -O2 -o app.js --run ARGS
  mini-alloc cost --output build/app.js --max-ink 5,000,000 -- make
Limits hold for the first allocator. Exit code 1 if it exceeds one, or if the
program does not do the same with every allocator.`,
  /** @param {Values} values @param {Context} context */
  async run(values, context) {
    const formats = /** @type {const} */ (["json", "markdown", "csv"]).filter(
      (name) => values[name],
    );
    if (formats.length > 1) {
      throw new MiniAllocError(
        `--${formats.join(" and --")} exclude each other`,
        `--${formats[0]}`,
      );
    }
    if (values.rest) return costOfProgram({ ...values, rest: values.rest }, context);
    refuseProgramOptions(values);
    const { update } = values;
    const put =
      update === undefined ? undefined : updater(resolve(context.cwd, update), "cost", update);
    const report = await compareBuiltIn(values, context);
    put?.(reportMarkdown(firstLook(report)));
    if (values.json) return reportJson(report);
    if (values.csv) return reportCsv(report);
    return values.markdown ? reportMarkdown(report) : reportText(report, context.terminal);
  },
};
