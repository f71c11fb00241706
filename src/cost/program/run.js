// Runs a built program once, with our hook in its process.

import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { extname } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { run } from "../../process.js";

/** @typedef {import("./child/hook.js").Report} Report */

/**
 * @typedef {object} Setting
 * @property {readonly string[]} args of the program
 * @property {string} cwd
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {number} seconds that it may take
 * @property {AbortSignal} interrupted
 */

/**
 * @typedef {object} Run
 * @property {"exit" | "signal" | "late" | "flood"} end
 * @property {string} how the exit code or the signal
 * @property {string} stdout path of what it printed
 * @property {string} digest of that and of how it ended
 * @property {string} complaint the end of what it printed to stderr
 * @property {Report} [report] what the hook has seen; missing if the process was killed
 */

const child = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`child/${name}`, import.meta.url));
const HOOK = new URL("child/hook.js", import.meta.url).href;

const MOST_PRINTED = 256 * 1024 * 1024; // bytes
const LOOK = 200; // milliseconds between two looks at what was printed

class Late extends Error {}
class Flood extends Error {}

/**
 * Ends a run that takes too long or prints without end.
 * @param {string[]} files
 * @param {Setting} setting
 */
function guard(files, { seconds, interrupted }) {
  const controller = new AbortController();
  const timers = [
    setTimeout(() => controller.abort(new Late()), seconds * 1000),
    setInterval(() => {
      const printed = files.reduce((sum, file) => sum + statSync(file).size, 0);
      if (printed > MOST_PRINTED) controller.abort(new Flood());
    }, LOOK),
  ];
  const signal = AbortSignal.any([interrupted, controller.signal]);
  return { signal, stop: () => timers.forEach((timer) => clearTimeout(timer)) };
}

/**
 * @param {string} file the program
 * @param {Setting} setting
 * @param {{metered: boolean, into: string}} how `into` is what names of files begin with
 * @returns {Promise<Run>}
 * @throws what `interrupted` was aborted with
 */
export async function runProgram(file, setting, { metered, into }) {
  const [stdout, stderr, reported] = [`${into}.stdout`, `${into}.stderr`, `${into}.json`];
  const programs = extname(file) === ".wasm" ? [child("standalone.js"), file] : [file];
  const env = {
    ...setting.env,
    MINI_ALLOC_REPORT: reported,
    MINI_ALLOC_METERED: metered ? "1" : "0",
  };
  const descriptors = { stdout: openSync(stdout, "w"), stderr: openSync(stderr, "w") };
  const guarded = guard([stdout, stderr], setting);
  try {
    const args = ["--import", HOOK, ...programs, ...setting.args];
    const { cwd } = setting;
    const outcome = await run(execPath, args, {
      ...{ cwd, env, interrupted: guarded.signal, files: descriptors },
    });
    const { code, signal } = outcome;
    const end = code === null ? "signal" : "exit";
    const how = code === null ? (signal ?? "") : String(code);
    const report = existsSync(reported) ? JSON.parse(readFileSync(reported, "utf8")) : undefined;
    return { end, how, stdout, digest: digest(stdout, how), complaint: tail(stderr), report };
  } catch (error) {
    const end = error instanceof Late ? "late" : error instanceof Flood ? "flood" : undefined;
    if (end === undefined) throw error;
    return { end, how: "", stdout, digest: end, complaint: tail(stderr) };
  } finally {
    guarded.stop();
    closeSync(descriptors.stdout);
    closeSync(descriptors.stderr);
  }
}

const CHUNK = 1 << 16;

/** @param {string} file @param {string} how */
function digest(file, how) {
  const hash = createHash("sha256").update(`${how}\0`);
  const chunk = new Uint8Array(CHUNK);
  const descriptor = openSync(file, "r");
  for (let n = readSync(descriptor, chunk); n > 0; n = readSync(descriptor, chunk)) {
    hash.update(chunk.subarray(0, n));
  }
  closeSync(descriptor);
  return hash.digest("hex");
}

const TAIL = 16_384; // bytes
const LINES = 6;

// What Node says around an error, and lines that are a whole minified program.
const NOISE = /^\s*$|^\s+at |^Node\.js v|^\s*\^+\s*$|^\S+:\d+$|^.{400}/;

/** The end of what a program said, without noise. @param {string} file */
function tail(file) {
  const descriptor = openSync(file, "r");
  const { size } = statSync(file);
  const bytes = new Uint8Array(Math.min(size, TAIL));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  closeSync(descriptor);
  const lines = stripVTControlCharacters(new TextDecoder().decode(bytes)).split("\n");
  return lines
    .filter((line) => !NOISE.test(line))
    .slice(-LINES)
    .join("\n");
}
