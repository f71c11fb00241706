// Between scripts and calls: makes the calls of a script, and writes calls down as a script.

import { formOf } from "./calls.js";

/** @typedef {import("./calls.js").Call} Call */
/** @typedef {import("./script.js").Statement} Statement */
/** @typedef {import("./script.js").CallStatement} CallStatement */

const NUMBERED = /^[pm](\d+)$/;

/**
 * @param {readonly Statement[]} statements
 * @yields {CallStatement} one after another, loops unrolled
 */
function* unrolled(statements) {
  for (const statement of statements) {
    const [count, body] =
      statement.kind === "loop" ? [statement.count, statement.body] : [1, [statement]];
    for (let i = 0; i < count; i++) yield* body;
  }
}

/**
 * Returns the calls of a script, one at a time: after each, the numbers of the block or mark that it
 * made must be passed to `next`, 0 for NULL. A name whose call has failed is NULL.
 * @param {readonly Statement[]} statements
 * @param {Map<string, number>} [numbers] what the names of scripts before stand for; added to
 * @yields {Call}
 * @returns {Generator<Call, void, number>}
 */
export function* callsOf(statements, numbers = new Map()) {
  for (const { name, op, args } of unrolled(statements)) {
    const values = args.map((arg) => (typeof arg === "number" ? arg : numberOf(arg, numbers)));
    const number = yield { op, args: values };
    if (name !== undefined) numbers.set(name, number);
  }
}

/** @param {string} name @param {ReadonlyMap<string, number>} numbers */
function numberOf(name, numbers) {
  const given = numbers.get(name);
  if (given !== undefined) return given;
  return Number(NUMBERED.exec(name)?.[1] ?? 0);
}

/**
 * Makes calls on a heap. A generator, so that a page can pause between two.
 * @param {Generator<Call, void, number>} calls
 * @param {import("./heap.js").Heap} heap
 * @yields {number} the step it led to
 * @returns {Generator<number, void, void>}
 * @throws {import("./calls.js").HeapError} at a call that cannot be made; those before it stay
 */
export function* play(calls, heap) {
  let next = calls.next(0);
  while (!next.done) {
    const { step, number } = heap.perform(next.value);
    yield step;
    next = calls.next(number);
  }
}

/**
 * Returns the script that makes calls: the same ones in a row become a loop.
 * @param {Iterable<Call>} calls
 * @returns {Statement[]}
 */
export function statementsOf(calls) {
  /** @type {{count: number, text: string, call: CallStatement}[]} */
  const runs = [];
  for (const { op, args } of calls) {
    const parameters = formOf(op)?.parameters ?? [];
    const named = args.map((arg, i) => {
      if (parameters[i] === "mark") return `m${arg}`;
      return parameters[i] !== "block" ? arg : arg === 0 ? "NULL" : `p${arg}`;
    });
    const call = /** @type {CallStatement} */ ({ kind: "call", name: undefined, op, args: named });
    const text = printCall(call);
    const last = runs.at(-1);
    if (last?.text === text) last.count++;
    else runs.push({ count: 1, text, call });
  }
  return runs.map(({ count, call }) =>
    count === 1 ? call : { kind: "loop", count, body: [call] },
  );
}

/** @param {CallStatement} call */
const printCall = ({ name, op, args }) => `${name ? `${name} = ` : ""}${op}(${args.join(", ")})`;

/**
 * Writes a script, a line for each statement.
 * @param {readonly Statement[]} statements
 */
export const printScript = (statements) =>
  statements
    .map((statement) => {
      if (statement.kind === "call") return printCall(statement);
      const body = statement.body.map(printCall).join("; ");
      return `loop ${statement.count} ${statement.body.length === 1 ? body : `{ ${body} }`}`;
    })
    .join("\n");
