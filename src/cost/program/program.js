// `mini-alloc cost -- BUILD COMMAND`: what allocation costs in the user's own program.

import { basename } from "node:path";
import { version as nodeVersion } from "node:process";
import { MiniAllocError } from "../../errors.js";
import { ALLOCATORS, availableOf, chooseAllocators } from "../allocators.js";
import { cacheFolder } from "../cache.js";
import { findEmscripten } from "../emscripten.js";
import { steps } from "../progress.js";
import { buildAll } from "./build.js";
import { differences, steady } from "./compare.js";
import { cCompiler, isCompiler, outputOf } from "./compiler.js";
import { checkLimits } from "./limits.js";
import { rowsOf } from "./outcome.js";
import { remarks } from "./remarks.js";
import { differencesText, reportCsv, reportJson, reportMarkdown, reportText } from "./report.js";
import { readLimits, readNumber, readRequest } from "./request.js";
import { runAll } from "./rounds.js";
import { conclusions } from "./words.js";
import { withFolder } from "./workplace.js";

/** @typedef {import("../allocators.js").Allocator} Allocator */
/** @typedef {import("./build.js").Build} Build */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./rounds.js").Subject} Subject */
/** @typedef {import("../../cli.js").Context} Context */

/**
 * @typedef {object} Values
 * @property {string[]} rest
 * @property {string} [allocators]
 * @property {string} [emcc]
 * @property {string} [output]
 * @property {string} [runs]
 * @property {string} [timeout]
 * @property {string} [max-ink]
 * @property {string} [max-pages]
 * @property {string} [max-bytes]
 * @property {boolean} [json]
 * @property {boolean} [markdown]
 * @property {boolean} [csv]
 */

/** Options that a build command has, beside --allocators, --emcc and those of the format. */
export const programOptions = /** @type {const} */ ({
  output: {
    type: /** @type {"string"} */ ("string"),
    value: "FILE",
    short: "o",
    help: "what the build command makes, if it is not emcc itself",
  },
  runs: { type: "string", value: "N", help: "how often it is timed; 5 or more if not given" },
  timeout: { type: "string", value: "SECONDS", help: "for each run of it; 120 if not given" },
  "max-ink": { type: "string", value: "N", help: "exit code 1 if the program takes more ink" },
  "max-pages": { type: "string", value: "N", help: "exit code 1 if it needs more pages" },
  "max-bytes": { type: "string", value: "N", help: "exit code 1 if wasm and JS have more bytes" },
});

const USUAL_ROUNDS = { least: 5, most: 15 };

/** @param {string} text */
function readRounds(text) {
  const rounds = readNumber("runs", text, { least: 1, most: 1000, usual: 5 });
  return { least: rounds, most: rounds };
}

const FEWEST = 4; // that tell who is faster

/** How many rounds are to be missed. @param {import("./rounds.js").Rounds} wanted */
const asked = ({ least, most }) => (least < most ? FEWEST : least);

const BUILT_IN_ONLY = ["workloads", "level", "rounds"];

/** @param {Values} values */
function readValues(values) {
  const alien = BUILT_IN_ONLY.find((name) => name in values);
  if (alien !== undefined) {
    throw new MiniAllocError(
      `'--${alien}' is for the built-in workloads, not for a build command`,
      `leave out --${alien}, or '--' with what follows it`,
    );
  }
  const choices = ALLOCATORS.filter(({ comparedOnly }) => !comparedOnly);
  return {
    request: readRequest(values.rest),
    chosen: chooseAllocators(values.allocators, choices),
    limits: readLimits(/** @type {Record<string, unknown>} */ ({ ...values })),
    wanted: values.runs === undefined ? USUAL_ROUNDS : readRounds(values.runs),
    seconds: readNumber("timeout", values.timeout, { least: 1, most: 86_400, usual: 120 }),
  };
}

/**
 * What the command makes: the compiler's arguments tell, other commands do not.
 * @param {import("./request.js").Request} request
 * @param {Values} values
 */
function target({ command, words }, { output, emcc }) {
  const compiler = isCompiler(command, emcc);
  if (output !== undefined) return { output, direct: false, compiler };
  if (compiler) return { output: outputOf(words), direct: true, compiler };
  throw new MiniAllocError(
    `'${basename(command)}' does not tell which program it makes`,
    "--output FILE, such as --output build/app.js",
  );
}

/** @param {readonly Build[]} builds @param {string[]} command */
function checkBuilds(builds, command) {
  const [first] = builds;
  if (!first || builds.some(({ product }) => product)) return;
  throw new MiniAllocError(
    `the build command fails with every allocator: ${command.join(" ")}\n${first.failure?.details}`,
    "make it work by itself first",
  );
}

/** Those whose output can be expected to be the same, dlmalloc's first. */
function comparable(
  /** @type {readonly Subject[]} */ subjects,
  /** @type {Report["allocators"]} */ rows,
) {
  const done = subjects.filter(({ name }) =>
    rows.some(({ allocator, kind }) => allocator === name && kind === "done"),
  );
  return done.toSorted((a, b) => Number(b.name === "dlmalloc") - Number(a.name === "dlmalloc"));
}

/**
 * What is to be compared.
 * @typedef {object} Plan
 * @property {import("./request.js").Request} request
 * @property {string} output what the command makes
 * @property {boolean} direct whether the command is the compiler itself, whose arguments can change
 * @property {import("../emscripten.js").Emscripten} emscripten
 * @property {readonly Allocator[]} allocators
 * @property {{least: number, most: number}} wanted how many rounds
 * @property {number} seconds that a run may take
 * @property {AbortSignal} interrupted
 */

/**
 * Builds a program with each allocator, runs all of them, and compares.
 * @param {Plan} plan
 * @param {Pick<Context, "root" | "cwd" | "env" | "terminal">} context
 * @returns {Promise<Report>}
 * @throws {MiniAllocError}
 */
export async function compareProgram(plan, { root, cwd, env, terminal }) {
  const { request, output, direct, emscripten, allocators, wanted, seconds, interrupted } = plan;
  const command = [request.command, ...request.words];
  const step = steps(terminal, allocators.length * (3 + wanted.most));
  const cache = cacheFolder(root);
  return withFolder(cache, terminal.note, async (folder) => {
    const workshop = { request, output, direct, emscripten, root, cwd, cache, folder, interrupted };
    const builds = await buildAll(workshop, allocators, step);
    checkBuilds(builds, command);
    const setting = { args: request.programArguments, cwd, env, seconds, interrupted };
    const { subjects, rounds } = await runAll(builds, setting, { rounds: wanted, folder, step });
    const rows = rowsOf(builds, subjects, seconds);
    return {
      ...{ command, run: request.programArguments, output },
      conditions: conditions(emscripten, rounds),
      allocators: rows,
      ...sameness(comparable(subjects, rows)),
      ...remarks(subjects, rows, { rounds, wanted: asked(wanted), direct }),
      limits: [],
      conclusions: conclusions(rows),
    };
  });
}

/**
 * Builds, runs and compares the user's program.
 * @param {Values} values
 * @param {Context} context
 * @returns {Promise<{text: string, code: number}>}
 * @throws {MiniAllocError}
 */
export async function costOfProgram(values, context) {
  const { cwd, env, terminal } = context;
  const { request, chosen, limits, wanted, seconds } = readValues(values);
  const { output, direct, compiler } = target(request, values);
  const interrupted = context.interruption();
  const emcc = compiler ? cCompiler(request.command) : (values.emcc ?? env.EMCC ?? "emcc");
  const emscripten = await findEmscripten(emcc, { env, cwd, interrupted });
  const { allocators, missing } = availableOf(chosen, emscripten);
  if (allocators.length === 0) {
    throw new MiniAllocError(missing.join(", "), "--allocators mini-alloc,dlmalloc,emmalloc");
  }

  const plan = { request, output, direct, emscripten, allocators, wanted, seconds, interrupted };
  const compared = await compareProgram(plan, context);
  const report = {
    ...compared,
    warnings: [...missing, ...compared.warnings],
    limits: compared.allocators.slice(0, 1).flatMap((first) => checkLimits(limits, first)),
  };
  return { text: printed(report, values, terminal), code: exitCode(report) };
}

/** @param {import("../emscripten.js").Emscripten} emscripten @param {number | undefined} rounds */
const conditions = ({ version }, rounds) => ({
  emcc: version,
  node: nodeVersion.slice(1),
  date: new Date().toISOString().slice(0, 10),
  runs: rounds === undefined ? 0 : Math.max(1, rounds),
});

/** @param {readonly Subject[]} subjects */
function sameness(subjects) {
  if (!subjects.every(steady)) return { sameOutput: undefined, differences: [] };
  const found = differences(subjects);
  return { sameOutput: found.length === 0, differences: found };
}

/** A difference is a failure too: a check that nobody notices is none. @param {Report} report */
const exitCode = ({ limits, differences: differing }) =>
  differing.length > 0 || limits.some(({ held }) => !held) ? 1 : 0;

/** @param {Report} report @param {Values} values @param {Context["terminal"]} terminal */
function printed(report, values, terminal) {
  if (!values.json && !values.csv && !values.markdown) return reportText(report, terminal);
  // Figures go to a file or a program; what is wrong shall be seen all the same.
  if (report.differences.length > 0) terminal.note(differencesText(report));
  for (const { held, text } of report.limits) if (!held) terminal.note(text);
  if (values.json) return reportJson(report);
  return values.csv ? reportCsv(report) : reportMarkdown(report);
}
