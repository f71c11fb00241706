// Loaded by Node before the program that is measured, in its process and in each of its threads:
// `node --import hook.js PROGRAM`. Writes what it has seen to a file when the program ends.

import { writeFileSync } from "node:fs";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { callFactory } from "../../../child/factory.js";
import { patch } from "./patch.js";
import { newTally } from "./tally.js";
import { findBoard, keepBoard, openBoard, readBoard } from "./threads.js";

/**
 * What is written, as JSON. Counts are decimal strings.
 * @typedef {object} Report
 * @property {Record<"ink" | "operators" | "outside" | "refused", string>} counts 0 if not metered
 * @property {number} instances
 * @property {number} pages
 * @property {number} ms from the first instance to the end
 * @property {boolean} factory whether the program only defines a function, which was then called
 * @property {number} threads
 * @property {number} unheard threads that did not tell what they had counted
 * @property {string} [unmetered] why a module was run as it is
 */

const { MINI_ALLOC_REPORT: file, MINI_ALLOC_METERED } = process.env;
// For this process only: programs that it starts may be Node as well.
delete process.env.MINI_ALLOC_REPORT;
delete process.env.MINI_ALLOC_METERED;

/** @param {boolean} metered */
async function watch(metered) {
  const meter = metered ? await import("../../../meter/instrument.js") : undefined;
  const tally = newTally(meter?.readCounters);
  /** @type {{start: number | undefined, unmetered: string | undefined}} */
  const state = { start: undefined, unmetered: undefined };
  patch({
    prepare(bytes) {
      // An invalid module shall fail where and as it does without us.
      if (!meter || !WebAssembly.validate(/** @type {any} */ (bytes))) return bytes;
      try {
        return meter.instrument(bytes).bytes;
      } catch (error) {
        state.unmetered ??= error instanceof Error ? error.message : String(error);
        return bytes;
      }
    },
    made(...seen) {
      state.start ??= performance.now();
      tally.add(...seen);
    },
    refused: tally.refuse,
    counters: meter ? ["__ink", "__operators", "__outside", "__refused"] : [],
    hidden: ["__memory"],
  });
  return { tally, state };
}

/** @param {string} output */
async function watchProgram(output) {
  const loaded = performance.now();
  const board = openBoard(MINI_ALLOC_METERED === "1");
  const { tally, state } = await watch(board.metered);
  let factory = false;

  process.once("beforeExit", () => {
    const main = process.argv[1];
    if (main === undefined || tally.read().instances > 0) return;
    // In a turn of the event loop, which goes on for as long as the program has work.
    setImmediate(async () => {
      factory = await callFactory(main);
    });
  });
  const write = () => {
    const ms = performance.now() - (state.start ?? loaded);
    const [own, others] = [tally.read(), readBoard(board)];
    const both = (/** @type {"ink" | "operators" | "outside" | "refused"} */ name) =>
      String(own[name] + others[name]);
    /** @type {Report} */
    const report = {
      counts: {
        ...{ ink: both("ink"), operators: both("operators") },
        ...{ outside: both("outside"), refused: both("refused") },
      },
      instances: own.instances + others.instances,
      pages: Math.max(own.pages, others.pages),
      ...{ ms, factory, threads: others.threads, unheard: others.unheard },
      ...(state.unmetered === undefined ? {} : { unmetered: state.unmetered }),
    };
    writeFileSync(output, JSON.stringify(report));
  };
  process.on("exit", write);
  // There is no exit where old Emscriptens throw an exception once more, from their own handler.
  process.on("uncaughtExceptionMonitor", write);
}

async function watchThread() {
  const board = findBoard();
  if (!board) return;
  const { tally } = await watch(board.metered);
  keepBoard(board, tally.read);
}

if (isMainThread && file !== undefined) await watchProgram(file);
if (!isMainThread) await watchThread();
