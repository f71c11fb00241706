// Adds up what the instances of one thread have counted.

/** @typedef {import("../../../meter/instrument.js").Counts} Counts */

/**
 * @typedef {Counts & {pages: number, instances: number}} Tally `pages` of the largest memory: it
 *   never shrinks, so these are the most that it has had
 */

const PAGE = 65_536;

/** @type {Counts} */
const NOTHING = { ink: 0n, operators: 0n, outside: 0n, refused: 0n };

/**
 * @param {((exports: Record<string, any>) => Counts) | undefined} readCounters of an instance that
 *   has them; not given where nothing is metered
 */
export function newTally(readCounters) {
  /** @type {Record<string, any>[]} */
  const counted = [];
  /** @type {Set<WebAssembly.Memory>} */
  const memories = new Set();
  let instances = 0;
  let refusals = 0n;
  return {
    /**
     * @param {Record<string, any>} exports
     * @param {WebAssembly.Memory[]} own
     * @param {boolean} metered
     */
    add(exports, own, metered) {
      instances++;
      if (metered) counted.push(exports);
      for (const memory of own) memories.add(memory);
    },
    refuse() {
      refusals++;
    },
    /** @returns {Tally} */
    read() {
      const sum = { ...NOTHING, refused: refusals };
      for (const exports of counted) {
        const counts = readCounters?.(exports) ?? NOTHING;
        for (const name of /** @type {(keyof Counts)[]} */ (Object.keys(sum))) {
          sum[name] += counts[name];
        }
      }
      const pages = [...memories].map(({ buffer }) => buffer.byteLength / PAGE);
      return { ...sum, pages: Math.max(0, ...pages), instances };
    },
  };
}
