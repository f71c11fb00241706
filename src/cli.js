#!/usr/bin/env node
// The command `mini-alloc`: arguments in, text and an exit code out. The only file here that
// touches `process`; the commands are the table below.

import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { parse } from "./arguments.js";
import { Interrupted, MiniAllocError, nearest } from "./errors.js";
import { terminal } from "./terminal.js";

/**
 * @typedef {object} Option
 * @property {"boolean" | "string"} type as parseArgs has it
 * @property {string} help one line
 * @property {string} [short] its letter
 * @property {string} [value] what the help calls the value of a string
 * @property {boolean} [multiple] may be given again and again; its value is then an array
 */

/**
 * @typedef {object} Command
 * @property {string} summary one line
 * @property {Readonly<Record<string, Option>>} options by their names
 * @property {string} [operand] the one argument that it needs beside options, as `values.operand`
 * @property {string} [rest] what may follow `--`, which is `values.rest`, an array
 * @property {string} [notes] what the help says below the options
 * @property {(values: any, context: Context) => Output | Promise<Output>} run returns what to
 *   print, and throws a MiniAllocError for everything that a user can put right
 */

/** @typedef {string | {text: string, code: number}} Output nothing is printed if it is empty */

/**
 * What a command may know of the world.
 * @typedef {object} Context
 * @property {string} root the folder that holds include/ and src/
 * @property {string} cwd where the user is
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {import("./terminal.js").Terminal} terminal
 * @property {() => AbortSignal} interruption what Ctrl-C raises; asking for it promises to end soon
 */

/** @type {Readonly<Record<string, () => Promise<Command>>>} loaded when they are needed */
const commands = {
  cost: async () => (await import("./cost/command.js")).costCommand,
  flags: async () => (await import("./flags.js")).flagsCommand,
  meter: async () => (await import("./meter/command.js")).meterCommand,
  trace: async () => (await import("./trace/command.js")).traceCommand,
};

const helpOption = /** @type {Option} */ ({ type: "boolean", short: "h", help: "this text" });
const globalOptions = {
  help: helpOption,
  version: /** @type {Option} */ ({ type: "boolean", help: "the version of mini-alloc" }),
};

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** Lines of two columns. @param {string[][]} rows */
function columns(rows) {
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  return rows.map(([left = "", right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** @param {Readonly<Record<string, Option>>} options */
const optionLines = (options) =>
  columns(
    Object.entries(options).map(([name, { short, value, help: line }]) => [
      `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
      line,
    ]),
  );

/** @returns {Promise<string>} */
async function help() {
  const rows = Object.entries(commands).map(async ([name, load]) => [name, (await load()).summary]);
  return `usage: mini-alloc COMMAND [OPTIONS]

Commands
${columns(await Promise.all(rows))}

Options
${optionLines(globalOptions)}

mini-alloc COMMAND --help lists the options of a command.`;
}

/** @param {string} name @param {Command} command */
function commandHelp(name, { summary, options, operand, rest, notes }) {
  const after = `${operand ? ` ${operand}` : ""} [OPTIONS]${rest ? ` [-- ${rest}]` : ""}`;
  return `usage: mini-alloc ${name}${after}

${summary}

Options
${optionLines({ ...options, help: helpOption })}${notes ? `\n\n${notes}` : ""}`;
}

/** Ends every piece of long work that looks at it. @returns {() => AbortSignal} */
function interruptible() {
  const controller = new AbortController();
  let asked = false;
  return () => {
    if (!asked) {
      for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
        // Again and again: who is impatient shall not find half of it tidied up.
        process.on(signal, () => {
          process.exitCode = 128 + constants.signals[signal];
          controller.abort(new Interrupted());
        });
      }
    }
    asked = true;
    return controller.signal;
  };
}

/** @param {string[]} args @returns {Promise<Output>} */
async function main(args) {
  const [name, ...rest] = args;
  if (name === undefined) throw new MiniAllocError("no command", "mini-alloc --help");
  if (name.startsWith("-")) {
    const values = parse(args, { options: globalOptions }, "mini-alloc --help");
    return values.version ? version() : help();
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const meant = nearest(name, Object.keys(commands));
    throw new MiniAllocError(`unknown command '${name}'`, `mini-alloc ${meant ?? "--help"}`);
  }
  const command = await load();
  const accepted = { ...command, options: { ...command.options, help: helpOption } };
  const { help: wanted, ...values } = parse(rest, accepted, `mini-alloc ${name} --help`);
  if (wanted) return commandHelp(name, command);
  const { env } = process;
  const context = { root, cwd: process.cwd(), env, terminal: screen };
  return command.run(values, { ...context, interruption: interruptible() });
}

const version = () => JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version;

// A reader that has seen enough, such as head, is no failure.
process.stdout.on("error", (error) => {
  if (!("code" in error) || error.code !== "EPIPE") throw error;
});

const screen = terminal(process.stdout, process.stderr, process.env);

try {
  const output = await main(process.argv.slice(2));
  const { text, code } = typeof output === "string" ? { text: output, code: 0 } : output;
  screen.clear();
  if (text !== "") process.stdout.write(`${text}\n`);
  process.exitCode = code;
} catch (error) {
  screen.clear();
  if (error instanceof MiniAllocError) {
    process.stderr.write(`mini-alloc: ${error.message}\n  try: ${error.remedy}\n`);
    process.exitCode = error.code;
  } else if (!(error instanceof Interrupted)) {
    throw error;
  }
}
