// Runs a WASI program: node wasi.js FILE.wasm [--own-host | --folder FOLDER ARG...]
//
// The program sees FOLDER as /, and is given the ARGs.
//
// With node:wasi; or, with the option, with a host of a few lines, for programs whose memory grows:
// node:wasi goes on with the memory from before a growth, and about one run in ten of such a
// program aborts (Node 20.20). That host also has the one import beside WASI's that such programs
// of Emscripten have.

import { readFileSync, writeSync } from "node:fs";
import { WASI } from "node:wasi";

const [file = "", option, folder = "", ...args] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));

function runUnderNode() {
  const preopens = option === "--folder" ? { "/": folder } : {};
  const wasi = new WASI({ version: "preview1", args: [file, ...args], env: {}, preopens });
  const imports = { wasi_snapshot_preview1: wasi.wasiImport };
  return wasi.start(new WebAssembly.Instance(module, imports));
}

class Exit {
  /** @param {number} code */
  constructor(code) {
    this.code = code;
  }
}

const NOT_SUPPORTED = 58;

function runUnderOwnHost() {
  /** @type {WebAssembly.Instance} */
  let instance;
  const view = () =>
    new DataView(/** @type {WebAssembly.Memory} */ (instance.exports.memory).buffer);
  const calls = {
    proc_exit(/** @type {number} */ code) {
      throw new Exit(code);
    },
    /** @param {number} fd @param {number} parts @param {number} count @param {number} written */
    fd_write(fd, parts, count, written) {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const from = view().getUint32(parts + 8 * i, true);
        const size = view().getUint32(parts + 8 * i + 4, true);
        writeSync(fd, new Uint8Array(view().buffer, from, size));
        total += size;
      }
      view().setUint32(written, total, true);
      return 0;
    },
  };
  instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: new Proxy(calls, {
      get: (known, name) => Reflect.get(known, name) ?? (() => NOT_SUPPORTED),
    }),
    env: { emscripten_notify_memory_growth() {} },
  });
  try {
    /** @type {() => void} */ (instance.exports._start)();
    return 0;
  } catch (end) {
    if (end instanceof Exit) return end.code;
    throw end;
  }
}

process.exitCode = option === "--own-host" ? runUnderOwnHost() : runUnderNode();
