// Counters of worker threads, where the main thread can read them after their end. The counters
// themselves are globals of each thread's instance, which nobody else can look at.
//
// A thread puts its counts down whenever a message has been dealt with: with Emscripten's threads
// that is when the thread's function has returned.

import process from "node:process";
import {
  Worker,
  getEnvironmentData,
  parentPort,
  setEnvironmentData,
  threadId,
} from "node:worker_threads";

/** @typedef {import("./tally.js").Tally} Tally */

const KEY = "mini-alloc";
const SLOTS = 1024; // threads in the life of a program
const FIELDS = /** @type {const} */ ([
  "ink",
  "operators",
  "outside",
  "refused",
  "pages",
  "instances",
]);
const [NONE, BUSY, IDLE] = [0, 1, 2];
const PATIENCE = 250; // milliseconds in all for threads that are about to put down their counts

/** @typedef {{metered: boolean, states: Int32Array, counts: BigInt64Array, patience: number}} Board */

/** Makes the place that threads to come will find. @param {boolean} metered @returns {Board} */
export function openBoard(metered) {
  const board = {
    metered,
    states: new Int32Array(new SharedArrayBuffer(4 * SLOTS)),
    counts: new BigInt64Array(new SharedArrayBuffer(8 * SLOTS * FIELDS.length)),
    patience: PATIENCE,
  };
  setEnvironmentData(KEY, board);
  // Who ends its threads at once would end their last words too.
  const { terminate } = Worker.prototype;
  Worker.prototype.terminate = function terminateInTime() {
    waitFor(board, this.threadId);
    return Reflect.apply(terminate, this, []);
  };
  return board;
}

/** The place that the main thread has made. @returns {Board | undefined} */
export const findBoard = () => /** @type {any} */ (getEnvironmentData(KEY));

/** @param {Board} board @param {number} id of a thread */
function waitFor(board, id) {
  const start = performance.now();
  if (id > 0 && id < SLOTS) Atomics.wait(board.states, id, BUSY, Math.max(0, board.patience));
  board.patience -= performance.now() - start;
}

/**
 * In a thread: puts down what `tally` tells, again and again.
 * @param {Board} board
 * @param {() => Tally} tally
 */
export function keepBoard(board, tally) {
  if (threadId >= SLOTS || !parentPort) return;
  const write = () => {
    const now = /** @type {Record<string, bigint | number>} */ ({ ...tally() });
    for (const [i, field] of FIELDS.entries()) {
      board.counts[threadId * FIELDS.length + i] = BigInt(now[field] ?? 0);
    }
    Atomics.store(board.states, threadId, IDLE);
    Atomics.notify(board.states, threadId);
  };
  process.on("exit", write);
  const port = /** @type {Record<string, any>} */ (parentPort);
  for (const method of ["on", "addListener"]) {
    const original = port[method];
    port[method] = (
      /** @type {string} */ event,
      /** @type {(message: unknown) => unknown} */ listener,
    ) => {
      const heard = event === "message" ? around(listener) : listener;
      return Reflect.apply(original, port, [event, heard]);
    };
  }
  const around =
    (/** @type {(message: unknown) => unknown} */ listener) => (/** @type {unknown} */ message) => {
      Atomics.store(board.states, threadId, BUSY);
      try {
        return listener(message);
      } finally {
        write();
      }
    };
}

/**
 * What all threads together have counted.
 * @param {Board} board
 * @returns {Tally & {threads: number, unheard: number}} `unheard` of them were still at work
 */
export function readBoard(board) {
  const ids = [...board.states.keys()].filter((id) => Atomics.load(board.states, id) !== NONE);
  for (const id of ids) waitFor(board, id);
  const at = (/** @type {number} */ id, /** @type {(typeof FIELDS)[number]} */ field) =>
    board.counts[id * FIELDS.length + FIELDS.indexOf(field)] ?? 0n;
  const sum = (/** @type {(typeof FIELDS)[number]} */ field) =>
    ids.reduce((total, id) => total + at(id, field), 0n);
  return {
    ...{ ink: sum("ink"), operators: sum("operators"), outside: sum("outside") },
    ...{ refused: sum("refused"), instances: Number(sum("instances")) },
    pages: Math.max(0, ...ids.map((id) => Number(at(id, "pages")))),
    threads: ids.length,
    unheard: ids.filter((id) => Atomics.load(board.states, id) === BUSY).length,
  };
}
