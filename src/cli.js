#!/usr/bin/env node
// The command `mini-alloc`: arguments in, text and an exit code out. The only file here that
// touches `process`; the commands are the table below.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MiniAllocError, nearest } from "./errors.js";
import { flagsCommand } from "./flags.js";

/**
 * @typedef {object} Option
 * @property {"boolean" | "string"} type as parseArgs has it
 * @property {string} help one line
 * @property {string} [short] its letter
 * @property {string} [value] what the help calls the value of a string
 */

/**
 * @typedef {object} Command
 * @property {string} summary one line
 * @property {Readonly<Record<string, Option>>} options by their names
 * @property {(values: any, context: {root: string}) => string | Promise<string>} run returns what
 *   to print, and throws a MiniAllocError for everything that a user can put right
 */

/** @type {Readonly<Record<string, Command>>} */
const commands = { flags: flagsCommand };

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
    Object.entries(options).map(([name, { short, value, help }]) => [
      `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
      help,
    ]),
  );

const help = () => `usage: mini-alloc COMMAND [OPTIONS]

Commands
${columns(Object.entries(commands).map(([name, { summary }]) => [name, summary]))}

Options
${optionLines(globalOptions)}

mini-alloc COMMAND --help lists the options of a command.`;

/** @param {string} name @param {Command} command */
const commandHelp = (name, { summary, options }) => `usage: mini-alloc ${name} [OPTIONS]

${summary}

Options
${optionLines({ ...options, help: helpOption })}`;

/**
 * Returns the values of the options in `args`. parseArgs tells what is what; its own errors lack
 * a remedy.
 * @param {string[]} args
 * @param {Readonly<Record<string, Option>>} options
 * @param {string} usage the command that shows these options
 */
function parse(args, options, usage) {
  const { values, tokens } = parseArgs({ args, options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "positional") {
      throw new MiniAllocError(`unexpected argument '${token.value}'`, usage);
    }
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!option) {
      const meant = nearest(token.name, Object.keys(options));
      throw new MiniAllocError(`unknown option '${token.rawName}'`, meant ? `--${meant}` : usage);
    }
    if (option.type === "boolean" && token.value !== undefined) {
      throw new MiniAllocError(
        `'${token.rawName}' takes no value, but was given '${token.value}'`,
        token.rawName,
      );
    }
    const missing = token.value === undefined || token.value === "" || token.value.startsWith("--");
    if (option.type === "string" && missing) {
      throw new MiniAllocError(
        `'${token.rawName}' needs a value`,
        `${token.rawName} ${option.value}`,
      );
    }
  }
  return values;
}

/** @param {string[]} args @returns {Promise<string>} */
async function main(args) {
  const [name, ...rest] = args;
  if (name === undefined) throw new MiniAllocError("no command", "mini-alloc --help");
  if (name.startsWith("-")) {
    const values = parse(args, globalOptions, "mini-alloc --help");
    return values.version ? version() : help();
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const meant = nearest(name, Object.keys(commands));
    throw new MiniAllocError(`unknown command '${name}'`, `mini-alloc ${meant ?? "--help"}`);
  }
  const options = { ...command.options, help: helpOption };
  const { help: wanted, ...values } = parse(rest, options, `mini-alloc ${name} --help`);
  return wanted ? commandHelp(name, command) : command.run(values, { root });
}

const version = () => JSON.parse(readFileSync(`${root}/package.json`, "utf8")).version;

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof MiniAllocError)) throw error;
  process.stderr.write(`mini-alloc: ${error.message}\n  try: ${error.remedy}\n`);
  process.exitCode = error.code;
}
