// Questions about the next call. A question knows nothing of allocators: the call is made on a
// module first, and what it did is the answer. Pure.

import { PAGE } from "../engine/log.js";
import { Heap } from "../engine/heap.js";
import { callText, why } from "../engine/why.js";
import { address, bytes, count, grouped } from "../engine/words.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("../engine/history.js").State} State */
/** @typedef {import("../engine/machine.js").Modules} Modules */
/** @typedef {(below: number) => number} Random whole numbers from 0 */

/** @typedef {"start" | "pages" | "moves" | "padding" | "largest" | "fails" | "realloc"} Kind */

/**
 * @typedef {object} Question
 * @property {Kind} kind
 * @property {string} text
 * @property {string} call that is asked about; empty if the size of it is the question
 * @property {State} before the call
 * @property {readonly string[]} calls before it as text, the last few
 * @property {number} answer an address, a number, or the place of a choice
 * @property {"address" | "number" | "choice"} unit
 * @property {readonly {value: number, text?: string}[]} choices without a text it is written in the
 *   unit; none where a number is to be entered
 * @property {number} guess where the arrow keys begin
 * @property {string} because the clause that decides
 * @property {Scratch} [scratch] the calls on which it was tried, if it is not about a log
 */

/** @typedef {{calls: readonly Call[], step: number}} Scratch the asked call leads to the step */

/** Calls before the one that is asked about, as shown. */
const SHOWN = 8;
/** More than the modules may ever have. */
const TOO_MUCH = 0x9000_0000;

const NO_OR_YES = [
  { value: 0, text: "No" },
  { value: 1, text: "Yes" },
];

const PLACES = [
  { value: 1, text: "at the same place" },
  { value: 2, text: "after everything else" },
  { value: 0, text: "nowhere: it returns NULL" },
];

/**
 * What each kind asks, what is the answer, and which clauses decide it, the best first.
 * @type {Readonly<Record<Kind, {text: (call: string) => string, answer: (event: Event) => number,
 *   markers: readonly string[]}>>}
 */
const KINDS = {
  start: {
    text: (call) => `Where will the block of ${call} start?`,
    answer: ({ result }) => result,
    markers: ["refuse", "odd-alignment", "align", "bump"],
  },
  pages: {
    text: (call) => `How many pages will there be after ${call}?`,
    answer: ({ after }) => after.pages,
    markers: ["refuse", "odd-alignment", "grow", "check", "in-place", "free", "bump"],
  },
  moves: {
    text: (call) => `Will ${call} move the bump pointer?`,
    answer: ({ before, after }) => Number(before.bump !== after.bump),
    markers: ["free", "in-place", "zero-size", "move", "reset", "mark", "bump", "refuse"],
  },
  padding: {
    text: (call) => `How many bytes of padding will ${call} leave?`,
    answer: ({ padding }) => padding,
    markers: ["align", "in-place", "refuse", "odd-alignment", "bump"],
  },
  largest: {
    text: () => "What is the largest size that malloc can take now without a new page?",
    answer: ({ size }) => size,
    markers: [],
  },
  fails: {
    text: (call) => `Will ${call} return NULL?`,
    answer: ({ failed }) => Number(failed),
    markers: ["refuse", "odd-alignment", "grow", "check", "product"],
  },
  realloc: {
    text: (call) => `Where will ${call} put the block?`,
    answer: ({ result, inPlace }) => (result === 0 ? 0 : inPlace ? 1 : 2),
    markers: ["in-place", "refuse", "move"],
  },
};

/** @typedef {import("../engine/history.js").History} History */

/**
 * Makes the question of a call that has been made.
 * @param {Kind} kind
 * @param {History} history
 * @param {number} step the call led to
 * @param {Random} random
 * @returns {Question}
 */
function questionOf(kind, history, step, random) {
  const event = history.event(step);
  const { text, answer } = KINDS[kind];
  const call = kind === "largest" ? "" : callText({ op: event.op, args: event.args });
  return {
    ...{ kind, text: text(call), call, before: event.before, answer: answer(event) },
    ...answersOf(kind, event, random),
    calls: textsBefore(history, step),
    because: because(kind, event),
  };
}

/** @param {History} history @param {number} step */
function textsBefore(history, step) {
  const texts = [];
  for (let one = Math.max(1, step - SHOWN); one < step; one++) {
    texts.push(callText(history.event(one)));
  }
  return texts;
}

/** @param {History} history @param {number} step */
function callsUntil(history, step) {
  const calls = [];
  for (let one = 1; one <= step; one++) calls.push(history.call(one));
  return calls;
}

/** @param {Kind} kind @param {Event} event @returns {string} */
function because(kind, event) {
  const { before, align, padding, failed } = event;
  if (kind === "largest") {
    const start = address(event.result);
    return `The next block starts at ${start}, and from there to the limit are ${bytes(event.size)}.`;
  }
  if ((kind === "start" || kind === "padding") && padding === 0 && !failed && !event.inPlace) {
    return `${address(before.bump)} is a multiple of ${grouped(align)} already: no padding.`;
  }
  const clauses = why(event);
  for (const marker of KINDS[kind].markers) {
    const found = clauses.find((one) => one.marker === marker);
    if (found) return found.text;
  }
  return clauses.map(({ text }) => text).join(" ");
}

// ---- what can be answered ------------------------------------------------------------------------

/**
 * @param {Kind} kind
 * @param {Event} event
 * @param {Random} random
 * @returns {Pick<Question, "unit" | "choices" | "guess">}
 */
function answersOf(kind, event, random) {
  const { before } = event;
  if (kind === "moves" || kind === "fails") return { unit: "choice", choices: NO_OR_YES, guess: 0 };
  if (kind === "realloc") return { unit: "choice", choices: PLACES, guess: 0 };
  if (kind === "pages") return { unit: "number", choices: pagesFor(event), guess: before.pages };
  if (kind === "padding") return { unit: "number", choices: [], guess: 0 };
  if (kind === "largest") return { unit: "number", choices: [], guess: before.slack };
  const choices = event.failed || random(2) > 0 ? startsFor(event) : [];
  return { unit: "address", choices, guess: before.bump };
}

/** Each once, in order. @param {readonly number[]} values */
const choicesOf = (values) =>
  [...new Set(values)].toSorted((a, b) => a - b).map((value) => ({ value }));

/** The answer, and who forgot what the bytes need, or thought that all of it is new. @param {Event} event */
function pagesFor({ before, after, taken }) {
  const { pages } = before;
  const whole = Math.min(Math.ceil(taken / PAGE), 40_000);
  return choicesOf([after.pages, pages, pages + 1, pages + whole, pages + whole + 1]);
}

/** The answer, and who forgot to round up, rounded to a page, or thought of a hole. @param {Event} event */
function startsFor({ before, result, align, taken }) {
  const { bump, limit } = before;
  const next = Math.ceil((bump + 1) / align) * align;
  const starts = choicesOf([result, bump, next, limit, bump + Math.min(taken, PAGE)]);
  const some = starts.filter(({ value }) => value !== 0).slice(0, 5);
  return [...some.map(({ value }) => ({ value })), { value: 0, text: "nowhere: it returns NULL" }];
}

// ---- a scratch heap ------------------------------------------------------------------------------

const SIZES = [1, 3, 5, 8, 12, 24, 31, 64, 100, 250, 700, 1_000];

/** @param {Random} random @param {readonly number[]} values */
const pick = (random, values) => values[random(values.length)] ?? 1;

/** A few calls that a program might make. @param {Random} random @param {Modules} modules */
function scratchHeap(random, modules) {
  const heap = new Heap(modules);
  const length = 2 + random(4);
  for (let i = 0; i < length; i++) heap.perform(malloc(pick(random, SIZES) + random(7)));
  if (random(2) === 0) {
    heap.perform(malloc(heap.at().slack - PAGE * random(2) - 1 - random(3_000)));
  }
  return heap;
}

/** @param {number} size @returns {Call} */
const malloc = (size) => ({ op: "malloc", args: [size] });

/**
 * The call that each kind asks about; before it, calls that lead there may be made.
 * @type {Readonly<Record<Kind, (heap: Heap, random: Random) => Call>>}
 */
const NEXT = {
  start: (_, random) =>
    random(3) > 0
      ? malloc(pick(random, SIZES))
      : { op: "aligned_alloc", args: [2 ** (4 + random(4)), pick(random, SIZES)] },
  pages: (heap, random) => {
    const { slack } = heap.at();
    const some = [PAGE * (1 + random(4)), slack - random(40), slack + 1 + random(PAGE), 4 * PAGE];
    return malloc(pick(random, [...some, pick(random, SIZES)]));
  },
  moves: (heap, random) => nextOfMoves(heap, random),
  padding: (_, random) =>
    random(2) > 0
      ? malloc(pick(random, SIZES))
      : { op: "aligned_alloc", args: [2 ** (4 + random(5)), pick(random, SIZES)] },
  largest: (heap) => malloc(largestOf(heap)),
  fails: (_, random) => nextOfFails(random),
  realloc: (heap, random) => nextOfRealloc(heap, random),
};

/** @param {Heap} heap @param {Random} random @returns {Call} */
function nextOfMoves(heap, random) {
  const { blocks } = heap.at();
  const block = 1 + random(blocks);
  switch (random(5)) {
    case 0:
      return { op: "mini_alloc", args: [0, 1] };
    case 1:
      return malloc(0);
    case 2: {
      const { number } = heap.perform({ op: "realloc", args: [blocks, 40 + random(40)] });
      return { op: "realloc", args: [number, 1 + random(30)] };
    }
    default:
      return { op: "free", args: [block] };
  }
}

/** @param {Random} random @returns {Call} */
function nextOfFails(random) {
  switch (random(6)) {
    case 0:
      return malloc(0xffff_ffff - random(PAGE));
    case 1:
      return malloc(TOO_MUCH + random(PAGE));
    case 2:
      return { op: "calloc", args: [PAGE, PAGE + random(9)] };
    case 3:
      return { op: "aligned_alloc", args: [8 * (3 + 2 * random(5)), pick(random, SIZES)] };
    case 4:
      return { op: "aligned_alloc", args: [2 ** (4 + random(6)), pick(random, SIZES)] };
    default:
      return malloc(1 + random(6 * PAGE));
  }
}

/** @param {Heap} heap @param {Random} random @returns {Call} */
function nextOfRealloc(heap, random) {
  const { blocks } = heap.at();
  const size = 1 + random(600);
  const kind = random(5);
  if (kind === 0) return { op: "realloc", args: [blocks, TOO_MUCH + random(PAGE)] };
  if (kind === 1) return { op: "realloc", args: [1 + random(blocks), size] };
  const { number } = heap.perform({ op: "realloc", args: [blocks, 10 + random(90)] });
  if (kind === 2) heap.perform(malloc(1 + random(20)));
  return { op: "realloc", args: [number, size] };
}

/** What lies between the next block's start and the limit: where it starts, the module is asked. @param {Heap} heap */
function largestOf(heap) {
  const probe = new Heap(heap.modules);
  for (const call of callsUntil(heap.history, heap.steps)) probe.perform(call);
  const { result } = probe.perform(malloc(1));
  return heap.at().limit - result;
}

const RANDOM_KINDS = /** @type {readonly Kind[]} */ (Object.keys(NEXT));

/**
 * Makes a question about a heap that nobody else sees.
 * @param {Random} random
 * @param {Modules} modules of mini-alloc
 * @param {Kind} [kind] any if not given
 * @returns {Question}
 */
export function question(random, modules, kind = RANDOM_KINDS[random(RANDOM_KINDS.length)]) {
  const asked = kind ?? "start";
  const heap = scratchHeap(random, modules);
  if (asked === "largest") while (heap.at().slack < 16) heap.perform(malloc(PAGE));
  const { step } = heap.perform(NEXT[asked](heap, random));
  const calls = callsUntil(heap.history, step);
  return { ...questionOf(asked, heap.history, step, random), scratch: { calls, step } };
}

/**
 * Makes a question about a call of a log: one that its kind of call can be asked.
 * @param {History} history
 * @param {Event} event
 * @returns {Question}
 */
export function questionFor(history, event) {
  const kinds = kindsFor(event);
  // The same question at the same step, and not the same at each.
  const kind = kinds[(event.step * 7) % kinds.length] ?? "moves";
  return questionOf(kind, history, event.step, () => 1);
}

/** @param {Event} event @returns {readonly Kind[]} */
function kindsFor({ op, source, failed }) {
  if (op === "free" || op === "mark" || op === "reset") return ["moves"];
  if (source) return ["realloc"];
  if (failed) return ["fails", "start"];
  return ["start", "pages", "padding", "start", "pages", "fails"];
}

// ---- answers -------------------------------------------------------------------------------------

/**
 * Says whether an answer is right, and why.
 * @param {Question} asked
 * @param {number} value
 * @returns {{right: boolean, text: string}}
 */
export function check({ answer, because: clause }, value) {
  const right = value === answer;
  return { right, text: `${right ? "Right." : "No."} ${clause}` };
}

/**
 * Reads what was entered.
 * @param {string} text a number, in hex if it begins with 0x; commas may be in it
 * @returns {number | undefined}
 */
export function readAnswer(text) {
  const plain = text.trim().replaceAll(",", "");
  if (/^null$/i.test(plain)) return 0;
  return /^(\d+|0x[\da-f]+)$/i.test(plain) ? Number(plain) : undefined;
}

/**
 * A value as the question writes it.
 * @param {Question["unit"]} unit
 * @param {number} value
 * @param {(at: number) => string} addressText
 */
export const answerText = (unit, value, addressText) =>
  unit === "address" ? addressText(value) : grouped(value);

/**
 * What is known before the call, as names and values.
 * @param {State} before
 * @param {{alignment: number, addressText: (at: number) => string}} page
 * @returns {[string, string][]}
 */
export const knownOf = ({ bump, limit, pages }, { alignment, addressText }) => [
  ["bump pointer", addressText(bump)],
  ["limit", addressText(limit)],
  ["pages", count(pages, "page")],
  ["malloc aligns to", count(alignment, "byte")],
];
