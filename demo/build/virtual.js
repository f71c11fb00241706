// The modules `virtual:…` that the page imports: what the build knows and no source file says. Bytes
// are inside the JavaScript, as base64: a page from file:// may not fetch what lies beside it.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { MiniAllocError } from "../../src/errors.js";
import { readSources } from "./sources.js";

const DECODE = `const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));`;

/** @param {string} path */
const bytesText = (path) => `bytes(${JSON.stringify(readFileSync(path, "base64"))})`;

/** @param {string} folder @param {string} extension @returns {string[]} names without it */
const namesIn = (folder, extension) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(extension))
        .map((file) => basename(file, extension))
        .toSorted()
    : [];

/** @param {string} root */
function modulesText(root) {
  const folder = join(root, "build/demo/modules");
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest)) {
    throw new MiniAllocError("the demo's modules are not built", "make page");
  }
  const wasm = namesIn(folder, ".wasm").map(
    (name) => `${JSON.stringify(`${name}.wasm`)}: ${bytesText(join(folder, `${name}.wasm`))}`,
  );
  return [
    DECODE,
    `export const manifest = ${readFileSync(manifest, "utf8")};`,
    `export const wasm = { ${wasm.join(", ")} };`,
  ].join("\n");
}

/** @param {string} root */
function examplesText(root) {
  const folder = join(root, "build/demo/examples");
  const examples = namesIn(folder, ".bin").map((name) => {
    const about = readFileSync(join(folder, `${name}.json`), "utf8");
    const data = bytesText(join(folder, `${name}.bin`));
    return `{ name: ${JSON.stringify(name)}, ...${about}, data: ${data} }`;
  });
  return `${DECODE}\nexport const examples = [${examples.join(", ")}];`;
}

/** @param {string} root */
const sourcesText = (root) => `export const sources = ${JSON.stringify(readSources(root))};`;

/** @type {Readonly<Record<string, (root: string) => string>>} */
const TEXTS = {
  "virtual:modules": modulesText,
  "virtual:sources": sourcesText,
  "virtual:examples": examplesText,
};

/** What keeps other plugins away from a module that is no file. */
const MARK = "\0";

/** @param {string} root the folder that holds demo/ and build/ @returns {import("vite").Plugin} */
export function virtualModules(root) {
  return {
    name: "mini-alloc:virtual",
    resolveId(id) {
      return Object.hasOwn(TEXTS, id) ? MARK + id : undefined;
    },
    load(id) {
      return id.startsWith(MARK) ? TEXTS[id.slice(MARK.length)]?.(root) : undefined;
    },
  };
}
