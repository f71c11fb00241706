// Measures time in a worker, which is made for it and ended after it.

import Timer from "./timer.js?worker&inline";

/** @typedef {import("./timing.js").Timed} Timed */

/**
 * @typedef {object} Listener
 * @property {(tick: number) => void} ticks milliseconds that the clock can tell apart
 * @property {(part: number) => void} progress from 0 to 1
 * @property {(timed: Record<string, Timed>) => void} done
 * @property {(message: string) => void} failed
 */

/**
 * @param {import("./timer.js").Order} order
 * @param {Listener} listener
 * @returns {() => void} ends it; nothing more is heard of it
 */
export function measureTime(order, listener) {
  const worker = new Timer();
  const end = () => worker.terminate();
  /** @param {MessageEvent<import("./timer.js").Answer>} event */
  const hear = ({ data }) => {
    if ("tick" in data) return listener.ticks(data.tick);
    if ("done" in data) return listener.progress(data.done);
    end();
    if ("timed" in data) listener.done(data.timed);
    else listener.failed(data.failure);
  };
  worker.addEventListener("message", hear);
  worker.addEventListener("error", () => {
    end();
    listener.failed("the browser refused to start a worker");
  });
  worker.postMessage(
    order,
    order.map(({ script }) => script.buffer),
  );
  return end;
}
