// Runs a WASI program: node wasi.js FILE.wasm [--notify]. The option provides the one import
// beside WASI's that a program with growing memory has, as a host for such programs would.

import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [file = "", option] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [file], env: {} });
const env = option === "--notify" ? { emscripten_notify_memory_growth() {} } : {};
const module = new WebAssembly.Module(readFileSync(file));
const instance = new WebAssembly.Instance(module, {
  wasi_snapshot_preview1: wasi.wasiImport,
  ...(option === "--notify" ? { env } : {}),
});
process.exitCode = wasi.start(instance);
