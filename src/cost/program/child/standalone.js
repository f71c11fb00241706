// Runs a module that has no JavaScript of its own, as -o app.wasm makes it: with Node's WASI, and
// with imports that do nothing for what is not WASI.

import { readFileSync } from "node:fs";
import process from "node:process";
import { fillImports } from "../../../meter/host.js";
import { readModule } from "../../../meter/module.js";

// That WASI is experimental is no news of the program's.
process.removeAllListeners("warning");
const { WASI } = await import("node:wasi");

const [file = "", ...args] = process.argv.slice(2);
const bytes = readFileSync(file);
const wasi = new WASI({
  version: "preview1",
  args: [file, ...args],
  env: process.env,
  returnOnExit: true,
});
const { imports, attach } = fillImports(readModule(bytes), { write() {} });
Object.assign(imports, wasi.getImportObject());
const { instance } = await WebAssembly.instantiate(bytes, /** @type {any} */ (imports));
attach(/** @type {any} */ (instance.exports).memory);
if ("_start" in instance.exports) process.exitCode = /** @type {any} */ (wasi.start(instance));
else wasi.initialize(instance);
