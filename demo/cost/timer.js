// The worker that measures time. It is given compiled code as bytes, so that it needs no address
// to load anything from.

import { tickOf, timing } from "./timing.js";

/**
 * @typedef {{done: number} | {tick: number}
 *   | {timed: Record<string, import("./timing.js").Timed>} | {failure: string}} Answer
 */

/** @typedef {{name: string, bytes: Uint8Array, script: Uint32Array}[]} Order */

const answer = (/** @type {Answer} */ message) => self.postMessage(message, {});
const now = () => performance.now();

/** @param {Order} order */
async function measure(order) {
  answer({ tick: tickOf(now) });
  const runners = await Promise.all(
    order.map(async ({ name, bytes, script }) => {
      const module = await WebAssembly.compile(/** @type {BufferSource} */ (bytes));
      return { name, module, script };
    }),
  );
  const samples = timing(runners, now);
  let next = samples.next();
  for (; !next.done; next = samples.next()) answer({ done: next.value });
  answer({ timed: next.value });
}

self.addEventListener("message", ({ data }) => {
  measure(data).catch((error) => answer({ failure: String(error?.message ?? error) }));
});
