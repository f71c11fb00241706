// How long calls take: samples of the modules that replay scripts in a loop. No clock of its own:
// whoever measures passes one. Pure.
//
// Samples take turns between the allocators, so that what slows the machine down slows all. Each
// begins with a new instance. How often it makes the script is found out before: as often as it
// takes to fill a sample, but a heap that gets nothing back must not grow beyond a bound; where
// that is too soon, a sample has several instances.

import { OPS } from "./translate.js";

/** @typedef {import("./translate.js").Program} Program */

/** @typedef {{name: string, module: WebAssembly.Module, script: Uint32Array}} Runner */

/**
 * @typedef {object} Timed nanoseconds a call of the script
 * @property {number} median
 * @property {number} least
 * @property {number} most
 * @property {boolean} isBelow whether the clock is too coarse: then it is less than `median`
 */

/** @typedef {() => number} Clock milliseconds */

/** Numbers of one call in a script. */
const WORDS = 4;
/** As in replay.c: blocks that can live at a time, and be asked for again. */
export const SLOTS = 65_536;
/** As in replay.c: slot 1 is always NULL, and realloc of NULL is a call of its own. */
const NULL_SLOT = 1;
const REALLOC_NULL = 8;
const WANTED = 10; // milliseconds of a sample
const MOST_BYTES = 64 * 2 ** 20;
const MOST_INSTANCES = 16;
const MOST_ROUNDS = 2 ** 24;
const SURE_TICKS = 5;

export const SAMPLES = 15;

/** More blocks at a time than the modules have slots for. */
export class TooManyBlocks extends Error {}

/**
 * Returns a program as replay.c reads it. A slot is taken by a block from its birth to its end, if
 * there is another call that wants it.
 * @param {Program} program
 * @param {number} slots that there are
 * @throws {TooManyBlocks}
 */
export function encode({ op, first, second, source, name }, slots) {
  const wanted = new Set(source);
  const slotOf = new Map([[0, NULL_SLOT]]);
  /** @type {number[]} */
  const idle = [];
  let used = NULL_SLOT;
  const take = () => {
    const slot = idle.pop() ?? ++used;
    if (slot >= slots) throw new TooManyBlocks("more blocks live at a time than can be timed");
    return slot;
  };
  const script = new Uint32Array(op.length * WORDS);
  for (const [i, kind] of op.entries()) {
    const [from, made] = [source[i] ?? 0, name[i] ?? 0];
    const isMade = made > 0 && from === 0;
    // realloc leaves the block, moved or not, in the slot where it was.
    const slot = isMade ? (wanted.has(made) ? take() : 0) : (slotOf.get(from) ?? NULL_SLOT);
    if (made > 0) slotOf.set(made, slot);
    if (kind === OPS.FREE && from > 0) idle.push(slot);
    const how = kind === OPS.REALLOC && from === 0 ? REALLOC_NULL : kind;
    script.set([how, first[i] ?? 0, second[i] ?? 0, slot], i * WORDS);
  }
  return script;
}

/** @param {Clock} now @returns {number} the smallest difference that the clock shows, in milliseconds */
export function tickOf(now) {
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    const start = now();
    let next = now();
    while (next === start) next = now();
    least = Math.min(least, next - start);
  }
  return least;
}

/** One instance, which has a heap of its own. */
class Replay {
  /** @param {Runner} runner */
  constructor({ module, script }) {
    /** @type {Record<string, Record<string, () => number>>} */
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      (imports[from] ??= {})[name] = () => 0;
    }
    const exports = /** @type {Record<string, any>} */ (
      new WebAssembly.Instance(module, imports).exports
    );
    exports["_initialize"]?.();
    this.exports = exports;
    this.script = script;
    this.most = exports["script_capacity"]() * WORDS;
    if (script.length <= this.most) this.#write(script);
  }

  #write(/** @type {Uint32Array} */ part) {
    const { memory } = this.exports;
    new Uint32Array(memory.buffer, this.exports["script_at"](), part.length).set(part);
  }

  get byteLength() {
    return this.exports["memory"].buffer.byteLength;
  }

  /**
   * Makes the script some times; one that is too long for the module goes there in pieces.
   * @param {number} rounds
   * @param {Clock} now
   * @returns {number} milliseconds that it ran
   */
  run(rounds, now) {
    if (this.script.length <= this.most) return this.#replay(this.script.length, rounds, now);
    let sum = 0;
    for (let round = 0; round < rounds; round++) {
      for (let at = 0; at < this.script.length; at += this.most) {
        const part = this.script.subarray(at, at + this.most);
        this.#write(part);
        sum += this.#replay(part.length, 1, now);
      }
    }
    return sum;
  }

  /** @param {number} words @param {number} rounds @param {Clock} now */
  #replay(words, rounds, now) {
    const start = now();
    this.exports["replay"](words / WORDS, rounds);
    return now() - start;
  }
}

/**
 * Finds out how often to make a script.
 * @param {Runner} runner
 * @param {Clock} now
 * @returns {{rounds: number, instances: number}}
 */
function calibrate(runner, now) {
  let atOnce = Infinity; // what some take at their first call, for all that follow
  for (let rounds = 1; ; rounds *= 2) {
    const replay = new Replay(runner);
    const before = replay.byteLength;
    const took = replay.run(rounds, now);
    const grown = replay.byteLength - before;
    atOnce = Math.min(atOnce, grown);
    const isFull = grown * 2 > Math.max(MOST_BYTES, 2 * atOnce) || rounds >= MOST_ROUNDS;
    if (took < WANTED && !isFull) continue;
    const instances = Math.ceil(WANTED / Math.max(took, WANTED / MOST_INSTANCES));
    return { rounds, instances };
  }
}

/**
 * @param {readonly Runner[]} runners
 * @param {Clock} now
 * @yields {number} part of the work that is done, from 0 to 1
 * @returns {Generator<number, Record<string, Timed>, void>}
 */
export function* timing(runners, now) {
  const tick = tickOf(now);
  const steps = runners.length * (SAMPLES + 1);
  let done = 0;
  const planned = [];
  for (const runner of runners) {
    planned.push({ runner, ...calibrate(runner, now), samples: /** @type {number[]} */ ([]) });
    yield ++done / steps;
  }
  for (let round = 0; round < SAMPLES; round++) {
    for (const { runner, rounds, instances, samples } of planned) {
      let sum = 0;
      for (let i = 0; i < instances; i++) sum += new Replay(runner).run(rounds, now);
      samples.push(sum);
      yield ++done / steps;
    }
  }
  return Object.fromEntries(
    planned.map(({ runner, rounds, instances, samples }) => {
      const calls = (runner.script.length / WORDS) * rounds * instances;
      return [runner.name, summary(samples, { calls, tick })];
    }),
  );
}

/**
 * @param {readonly number[]} samples milliseconds
 * @param {{calls: number, tick: number}} options
 * @returns {Timed}
 */
function summary(samples, { calls, tick }) {
  const sorted = samples.map((sample) => (sample * 1e6) / calls).toSorted((a, b) => a - b);
  const sure = (SURE_TICKS * tick * 1e6) / calls;
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return { median: Math.max(median, sure), least, most, isBelow: median < sure };
}
