// The calls of a log on every allocator, in slices: a generator, so that a page can stay alive
// between two and can give up when the log has changed. Pure.

import { HeapError } from "../engine/calls.js";
import { grouped } from "../engine/words.js";
import { Contender } from "./contender.js";
import { translate } from "./translate.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("./contender.js").Result} Result */

/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {number} bytes of its module
 * @property {import("../engine/machine.js").Modules} modules with a metered one
 */

/** @typedef {{name: string, moduleBytes: number} & Result} Compared */

/**
 * @typedef {object} Outcome
 * @property {Compared[]} rows
 * @property {{name: string, why: string}[]} failed those that did not get through the calls: a rival
 *   may break at what mini-alloc refuses
 */

/** Calls between two looks at the clock. */
const SLICE = 200;

const hasMarks = (/** @type {WebAssembly.Module} */ module) =>
  WebAssembly.Module.exports(module).some(({ name }) => name === "mini_alloc_mark");

/** The calls as this allocator gets them. @param {History} history @param {Entry} entry */
export const programFor = (history, { modules }) =>
  translate(history, { marks: hasMarks(modules.plain) });

/**
 * @param {History} history
 * @param {Iterable<Entry>} entries
 * @yields {{done: number, total: number}} calls made of all
 * @returns {Generator<{done: number, total: number}, Outcome, void>}
 */
export function* compare(history, entries) {
  const running = [...entries].flatMap(({ name, bytes, modules }) => {
    const { plain, metered } = modules;
    if (!metered) return [];
    const program = programFor(history, { name, bytes, modules: { plain } });
    return [{ name, moduleBytes: bytes, contender: new Contender(metered, program) }];
  });
  const lefts = () => running.reduce((sum, { contender }) => sum + contender.left, 0);
  const total = lefts();
  /** @type {Outcome} */
  const outcome = { rows: [], failed: [] };
  for (const { name, moduleBytes, contender } of running) {
    try {
      while (contender.left > 0) {
        contender.advance(SLICE);
        yield { done: total - lefts(), total };
      }
      outcome.rows.push(Object.assign(contender.result, { name, moduleBytes }));
    } catch (error) {
      if (!(error instanceof HeapError)) throw error;
      const call = grouped(contender.done + 1);
      outcome.failed.push({ name, why: `it stopped at call ${call}, ${error.message}` });
    }
  }
  return outcome;
}
