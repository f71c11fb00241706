// The files that a build makes beside each other, and the folder that a program finds itself in.

import { createHash } from "node:crypto";
import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** What emcc writes, by what follows the name of the program. */
const ENDINGS = [
  ...[".js", ".mjs", ".cjs", ".html", ".wasm", ".data", ".wasm.js", ".data.js"],
  ...[".worker.js", ".worker.mjs", ".ww.js", ".aw.js", ".fetch.js", ".js.mem", ".html.mem"],
  ...[".wasm.map", ".js.map", ".mjs.map", ".js.symbols", ".mjs.symbols", ".html.symbols"],
  ...[".wasm.debug.wasm", ".debug.wasm", ".wasm.dwp"],
];

/**
 * Returns a test for the names of files that are made together with `output`.
 * @param {string} output
 * @returns {(name: string) => boolean}
 */
export function siblings(output) {
  const own = basename(output);
  const stem = basename(output, extname(output));
  const names = new Set([own, ...ENDINGS.map((ending) => stem + ending)]);
  return (name) => names.has(name);
}

/** The files in a folder that is perhaps not there. @param {string} folder */
export const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => name)
    : [];

/**
 * How large the program is: its modules and its JavaScript.
 * @param {string} folder with nothing else in it
 * @param {string} output the name of what was asked for: JavaScript too, if it has no ending
 */
export function sizes(folder, output) {
  const bare = extname(output) === "" ? statSync(join(folder, output)).size : 0;
  const total = (/** @type {RegExp} */ pattern) =>
    filesIn(folder)
      .filter((name) => pattern.test(name))
      .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  return { wasm: total(/^(?!.*\.debug\.wasm$).*\.wasm$/), js: total(/\.[cm]?js$/) + bare };
}

/** Tells builds apart. @param {string} folder with nothing else in it */
export function digestOf(folder) {
  const hash = createHash("sha256");
  for (const name of filesIn(folder).toSorted()) hash.update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

const SCRIPTS = [".js", ".mjs", ".cjs"];

/**
 * Returns the file that Node, or our own runner, can run, if there is one.
 * @param {string} folder
 * @param {string} output the name of what was asked for
 */
export function runnable(folder, output) {
  const ending = extname(output);
  const stem = basename(output, ending);
  const scripts = SCRIPTS.map((script) => stem + script);
  const wanted =
    ending === ".html" ? scripts : ending === ".wasm" ? [...scripts, output] : [output];
  const found = wanted.find((name) => existsSync(join(folder, name)));
  return found === undefined ? undefined : join(folder, found);
}

// Emscripten's ES modules have both; nothing else that it writes has either.
const ES_MODULE = /\bimport\.meta\b|(?:^|[;}])\s*export\s+default\b/m;

/**
 * Returns what Node shall take a .js for: what it is, whatever the user's package.json says. That
 * is for the page or the bundler which it is built for.
 * @param {string} file
 */
const typeOf = (file) =>
  extname(file) === ".js" && ES_MODULE.test(readFileSync(file, "utf8")) ? "module" : "commonjs";

/**
 * Makes the folder of a program look like the one that it was meant for, with all that lies there,
 * so that it finds what it loads from beside itself.
 * @param {string} file the program
 * @param {string} original
 * @param {(name: string) => boolean} own what is not taken from there
 */
export function surround(file, original, own) {
  const folder = dirname(file);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: typeOf(file) }));
  const entries = existsSync(original) ? readdirSync(original) : [];
  for (const name of entries) {
    const link = join(folder, name);
    if (own(name) || existsSync(link)) continue;
    symlinkSync(join(original, name), link, "junction");
  }
}
