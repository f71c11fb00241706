// Loaded by Node before the program whose calls are recorded: `node --import hook.js PROGRAM`.
// Writes them to a file, in whole lines, so that whatever ends the program leaves a trace that can
// be read.

import { ftruncateSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { callFactory } from "../../child/factory.js";
import { newRecorder } from "../recorder.js";

const CHUNK = 1 << 16; // characters
const PATIENCE = 250; // milliseconds that lines wait for more

/**
 * A file that takes lines.
 * @param {string} name
 */
function newFile(name) {
  /** @type {number | undefined} */
  let descriptor;
  let position = 0;
  let text = "";
  let written = performance.now();
  let failed = false;

  function flush() {
    if (failed || text === "") return;
    // A program must not fail because its trace does. The missing end of the trace tells.
    try {
      descriptor ??= openSync(name, "w");
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) {
        at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
      }
      position += bytes.length;
    } catch {
      failed = true;
    }
    if (descriptor !== undefined) ftruncateSync(descriptor, position);
    text = "";
    written = performance.now();
  }
  return {
    flush,
    /** @param {string} line */
    write(line) {
      text += `${line}\n`;
      if (text.length >= CHUNK || performance.now() - written > PATIENCE) flush();
    },
    /** Ends the file for now: another line takes the place of this one. @param {string} line */
    end(line) {
      flush();
      const start = position;
      text = `${line}\n`;
      flush();
      position = start;
    },
  };
}

/** @param {string} output @param {number} limit @param {boolean} times */
function record(output, limit, times) {
  const main = process.argv[1];
  const file = newFile(output);
  const recorder = newRecorder({
    program: main === undefined ? "" : basename(main),
    limit,
    write: file.write,
    ...(times ? { clock: () => performance.now() * 1000 } : {}),
  });
  Object.defineProperty(globalThis, "miniAllocTrace", { value: recorder.record });

  // The JavaScript of old Emscriptens would fetch a path, which Node cannot. Without these it reads
  // the file.
  const own = /** @type {Record<string, any>} */ (WebAssembly);
  delete own.compileStreaming;
  delete own.instantiateStreaming;

  setInterval(file.flush, PATIENCE).unref();
  const end = () => {
    const line = recorder.end();
    if (line !== undefined) file.end(line);
  };
  process.on("exit", end);
  // There is no exit where old Emscriptens throw an exception once more, from their own handler.
  process.on("uncaughtExceptionMonitor", end);
  process.once("beforeExit", () => {
    if (main === undefined || recorder.end() !== undefined) return;
    // In a turn of the event loop, which goes on for as long as the program has work.
    setImmediate(() => callFactory(main));
  });
}

const { MINI_ALLOC_TRACE: output, MINI_ALLOC_TRACE_LIMIT, MINI_ALLOC_TRACE_TIMES } = process.env;
if (isMainThread && output !== undefined) {
  // For this process only: programs that it starts may be Node as well.
  delete process.env.MINI_ALLOC_TRACE;
  delete process.env.MINI_ALLOC_TRACE_LIMIT;
  delete process.env.MINI_ALLOC_TRACE_TIMES;
  record(output, Number(MINI_ALLOC_TRACE_LIMIT), MINI_ALLOC_TRACE_TIMES === "1");
}
