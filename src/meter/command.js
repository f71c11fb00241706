// `mini-alloc meter`: what calls of a module's exports cost.

import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { MiniAllocError, nearest } from "../errors.js";
import { readInput, writeOutput } from "../files.js";
import { counted, grouped, json, table } from "../table.js";
import { readCall } from "./call.js";
import { instrument } from "./instrument.js";
import { INK_PER_GAS, schedules } from "./prices.js";
import { runCalls } from "./run.js";
import { validate } from "./validate.js";

/** @typedef {import("./run.js").Cost} Cost */
/** @typedef {import("./run.js").Run} Run */

/**
 * @typedef {object} Values
 * @property {string} operand
 * @property {string[]} [call]
 * @property {string} [schedule]
 * @property {string} [pages]
 * @property {string} [output]
 * @property {boolean} [json]
 */

const PAGE_PRICES = /** @type {const} */ (["off", "stylus"]);

/**
 * @template {string} T
 * @param {string} option
 * @param {string} value
 * @param {readonly T[]} choices
 * @returns {T}
 */
function choose(option, value, choices) {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new MiniAllocError(
    `'--${option}' cannot be '${value}'`,
    `--${option} ${nearest(value, choices) ?? choices.join(`, --${option} `)}`,
  );
}

/** @param {string} path @param {string} other */
function isSameFile(path, other) {
  return existsSync(path) && realpathSync(path) === realpathSync(other);
}

// ---- the report ----------------------------------------------------------------------------------

/**
 * @typedef {object} Report
 * @property {string} file
 * @property {string} schedule
 * @property {"off" | "stylus"} pages
 * @property {Run} run
 * @property {string[]} exports what could be called
 */

/** @param {Cost} cost @param {"off" | "stylus"} pages */
const priced = (cost, pages) =>
  cost.ink + (pages === "stylus" && cost.pagesInk !== undefined ? BigInt(cost.pagesInk) : 0n);

/** @param {bigint} ink */
const gas = (ink) => Number(ink) / INK_PER_GAS;

/** What both the setup and a call say of their cost. @param {Cost} cost @param {"off" | "stylus"} pages */
function figures(cost, pages) {
  const ink = priced(cost, pages);
  const { operators, outside, pagesBefore, pagesAfter } = cost;
  const growth = { pagesBefore, pagesAfter, pagesInk: cost.pagesInk ?? null };
  return { ink, gas: gas(ink), operators, outside, ...growth };
}

/** @param {Report} report */
function reportJson({ file, schedule, pages, run }) {
  const { functions, ...setup } = run.setup;
  return json({
    ...{ file, schedule, pages, imports: run.imports },
    outside: Object.fromEntries(run.outside),
    setup: { functions, ...figures(setup, pages) },
    calls: run.calls.map(({ name, args, result, trap, exit, ...cost }) => ({
      ...{ name, args, ...figures(cost, pages), result, trap, exit },
    })),
  });
}

const COLUMNS = [
  { title: "call", text: true },
  ...[{ title: "ink" }, { title: "gas" }, { title: "operators" }, { title: "outside" }],
  { title: "pages" },
  { title: "result" },
];

/** @param {import("./run.js").CallCost} call */
function resultOf({ result, trap, exit }) {
  if (trap !== undefined) return `trap: ${trap}`;
  return exit !== undefined ? `exit ${exit}` : String(result ?? "");
}

/**
 * @param {import("./run.js").CallCost} call
 * @param {"off" | "stylus"} pages
 * @param {import("../terminal.js").Terminal["style"]} style
 */
function callRow(call, pages, style) {
  const { name, args, operators, outside, pagesBefore, pagesAfter } = call;
  const ink = priced(call, pages);
  return [
    style("bold", args.length > 0 ? `${name}:${args.join(",")}` : name),
    grouped(ink),
    grouped(gas(ink), 4),
    grouped(operators),
    grouped(outside),
    pagesBefore === pagesAfter ? `${pagesAfter}` : `${pagesBefore} to ${pagesAfter}`,
    call.trap === undefined ? resultOf(call) : style("red", resultOf(call)),
  ];
}

/** @param {Report} report @param {import("../terminal.js").Terminal} terminal */
function reportText(report, { style }) {
  const { run, pages } = report;
  const rows = run.calls.map((call) => callRow(call, pages, style));
  const calls = rows.length > 0 ? table(COLUMNS, rows) : "";
  return [calls, ...remarks(report)].filter(Boolean).join("\n\n");
}

/** What has to be said beside the figures. @param {Report} report */
function remarks({ schedule, pages, run, exports }) {
  const costs = [run.setup, ...run.calls];
  const lines = [`${schedule} schedule, growth of memory ${PAGES_WORDS[pages]}.`];
  const growth = costs.flatMap(({ pagesInk }) => pagesInk ?? []).reduce((a, b) => a + b, 0);
  if (pages === "off" && growth > 0) {
    lines.push(`Stylus charges ${grouped(growth / INK_PER_GAS)} gas more for it: --pages stylus.`);
  }
  if (costs.some(({ pagesInk }) => pagesInk === undefined)) {
    lines.push("Growth beyond 128 pages, which no Stylus program may have, has no price there.");
  }
  const outside = run.calls.reduce((sum, call) => sum + call.outside, 0n);
  if (outside > 0n) {
    lines.push(
      `${counted(outside, "operator")} outside Stylus's set counted, and priced as 0; ` +
        `the module has: ${[...run.outside.keys()].join(", ")}.`,
    );
  }
  const { functions, ink } = run.setup;
  if (ink > 0n) {
    const who = functions.length > 0 ? functions.join(", ") : "the start function";
    lines.push(`Before the first call ${who} took ${grouped(ink)} ink.`);
  }
  if (run.imports.length > 0) {
    const filled = run.imports.map(
      ({ module, name, filled: does }) => `  ${module}.${name} ${does}`,
    );
    lines.push(`Imports that were filled in:\n${filled.join("\n")}`);
  }
  if (run.calls.length === 0) {
    lines.push(`No call was asked for. Exports: ${exports.join(", ") || "no function"}.`);
  }
  return [lines.join("\n")];
}

const PAGES_WORDS = { off: "not priced", stylus: "priced as by Stylus" };

/** The command, for the table in cli.js. */
/** @type {import("../cli.js").Command} */
export const meterCommand = {
  summary: "what calls of a module's exports cost, exact to the ink",
  operand: "FILE.wasm",
  options: {
    call: {
      type: "string",
      value: "NAME[:ARG,...]",
      multiple: true,
      help: "call this export; again for more calls",
    },
    schedule: { type: "string", value: "NAME", help: "stylus (the default) or operators, 1 each" },
    pages: {
      type: "string",
      value: "NAME",
      help: "price of growing memory: off (default), stylus",
    },
    output: { type: "string", short: "o", value: "FILE", help: "write the instrumented module" },
    json: { type: "boolean", help: "JSON instead of a table" },
  },
  notes: `Calls happen in the order given, on one instance. Its _initialize runs first.
Arguments are integers: --call add:1,-2 --call poke:0x10000.
Operators outside Stylus's set (floats, SIMD, atomics, exceptions, ...) are
counted apart and priced as 0. Imports are filled in, and named.
Exit code 0, or 2 if the module or a call cannot be used.`,
  /** @param {Values} values @param {import("../cli.js").Context} context */
  run(values, { cwd, terminal }) {
    const file = values.operand;
    const path = resolve(cwd, file);
    const schedule = choose("schedule", values.schedule ?? "stylus", ["stylus", "operators"]);
    const pages = choose("pages", values.pages ?? "off", PAGE_PRICES);
    if (schedule === "operators" && pages === "stylus") {
      throw new MiniAllocError("'--pages stylus' prices ink, not operators", "--schedule stylus");
    }
    const bytes = readInput(path, file, "name a .wasm file");
    validate(bytes, file);
    const metered = instrument(bytes, schedules[schedule]);
    const calls = (values.call ?? []).map((text) => readCall(text, metered.module));
    if (values.output !== undefined) {
      const output = resolve(cwd, values.output);
      const remedy = "-o with another name";
      if (isSameFile(output, path)) {
        throw new MiniAllocError(
          `'${values.output}' is the module itself, and would be lost`,
          remedy,
        );
      }
      writeOutput(output, values.output, metered.bytes, remedy);
    }
    const write = (/** @type {number} */ _fd, /** @type {Uint8Array} */ printed) =>
      terminal.write(printed);
    const run = runCalls(metered, calls, { write });
    const functions = metered.module.exports.filter(({ kind }) => kind === "function");
    const exports = functions.map(({ name }) => name);
    const report = { file, schedule, pages, run, exports };
    return values.json ? reportJson(report) : reportText(report, terminal);
  },
};
