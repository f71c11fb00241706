// The tools the tests stand on: emcc, the native compiler, node. Everything built goes to
// build/tests/, a folder for each test; for another Emscripten to the folder that make's BUILD says.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
export const include = join(root, "include");
export const source = join(root, "src/mini_alloc.c");

/** Where `make lib` has put its archives, and the tests put what they build. */
export const built = resolve(root, process.env.BUILD ?? "build");

/** The emcc that is being tested. */
export const EMCC = process.env.EMCC ?? "emcc";

/** Another tool of the same Emscripten. @param {string} name */
export const emscripten = (name) => EMCC.replace(/emcc$/, name);

const CC = process.env.CC_NATIVE ?? "clang";

// Debian's emcc looks for its JavaScript packages where only Debian's own node does.
const nodePath = [process.env.NODE_PATH, "/usr/share/nodejs"].filter(Boolean).join(":");

/** What the emcc that is being tested calls itself. */
export const emccVersion = readFileSync(join(built, "emcc-version"), "utf8").trim();

/** Its version as numbers, for the few things that differ. */
export const emccNumbers = (/(\d+)\.(\d+)\.(\d+)/.exec(emccVersion) ?? []).slice(1, 4).map(Number);

/** Whether it is that version, such as "4.0.12", or a newer one. @param {string} version */
export function isSince(version) {
  const numbers = version.split(".").map(Number);
  const at = numbers.findIndex((number, i) => number !== emccNumbers[i]);
  return at === -1 || (emccNumbers[at] ?? 0) > (numbers[at] ?? 0);
}

/**
 * @typedef {object} Outcome
 * @property {number | null} code exit code; null if a signal ended it
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a command to its end, without a shell.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, seconds?: number, input?: string}} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd = root, env = {}, seconds = 300, input } = {}) {
  return new Promise((done, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NODE_PATH: nodePath, ...env },
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.on("error", reject);
    child.on("close", (code) => done({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function succeed(command, args, options) {
  const outcome = await run(command, args, options);
  if (outcome.code !== 0) {
    const line = [command, ...args].join(" ");
    throw new Error(`exit ${outcome.code}: ${line}\n${outcome.stdout}${outcome.stderr}`);
  }
  return outcome;
}

// A new Emscripten builds each of its system libraries when a program first needs it.
const PATIENCE = { seconds: 1500 };

/** @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export const emcc = (args, options) => succeed(EMCC, args, { ...PATIENCE, ...options });

/** emcc that may fail. @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export const tryEmcc = (args, options) => run(EMCC, args, { ...PATIENCE, ...options });

/** The C++ compiler of the same Emscripten. @param {string[]} args */
export const empp = (args) => succeed(emscripten("em++"), args, PATIENCE);

/** It too may fail. @param {string[]} args */
export const tryEmpp = (args) => run(emscripten("em++"), args, PATIENCE);

/** The native C compiler. @param {string[]} args */
export const cc = (args) => succeed(CC, args);

/** An archive that `make lib` has built. @param {"" | "-mt" | "-resize" | "-memoryprofiler" | "-trace"} kind */
export const archive = (kind = "") => join(built, `libmini_alloc${kind}.a`);

/** A folder for what a test builds, where .js means CommonJS, as emcc does. @param {string} name */
export function buildFolder(name) {
  const folder = join(built, "tests", name);
  mkdirSync(folder, { recursive: true });
  const marker = join(built, "tests/package.json");
  if (!existsSync(marker)) {
    const whole = `${marker}.${process.pid}`; // files that run at once never see half of it
    writeFileSync(whole, '{ "type": "commonjs" }\n');
    renameSync(whole, marker);
  }
  return folder;
}

// The JavaScript of old Emscriptens calls fetch on a path, if there is a fetch.
const fetchFlag = process.allowedNodeEnvironmentFlags.has("--experimental-fetch")
  ? ["--no-experimental-fetch"]
  : [];

/**
 * Runs a program that emcc made.
 * @param {string} file
 * @param {string[]} [args]
 * @param {Parameters<typeof run>[2]} [options]
 */
export const node = (file, args = [], options) =>
  run(process.execPath, [...fetchFlag, file, ...args], options);

/** @param {string} command @returns {Promise<number>} 0 if it is no Node */
async function majorOf(command) {
  const asked = run(command, ["-p", "process.versions.node"]);
  const { stdout } = await asked.catch(() => ({ stdout: "" })); // there is no such command
  return Number.parseInt(stdout, 10) || 0;
}

/**
 * What runs programs that want a newer Node: this one, or else the one beside emcc. Undefined if
 * neither is new enough.
 * @param {number} major the least version
 * @returns {Promise<typeof node | undefined>}
 */
export async function nodeSince(major) {
  if (Number.parseInt(process.versions.node, 10) >= major) return node;
  const beside = emscripten("node");
  if ((await majorOf(beside)) < major) return undefined;
  return (file, args = [], options = {}) => run(beside, [file, ...args], options);
}
