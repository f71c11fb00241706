// Goals that calls can reach. Each is a condition on what the module did, not on what was typed. Pure.

import { FORMS } from "../engine/calls.js";

/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("../engine/history.js").History} History */

/**
 * @typedef {object} Challenge
 * @property {string} id
 * @property {string} goal
 * @property {string} hint
 * @property {(event: Event, log: Counted) => boolean} [isMet] by a call
 * @property {(ours: number, theirs: number) => boolean} [wins] by the pages of both allocators
 */

/**
 * The calls that count.
 * @typedef {object} Counted
 * @property {History} history
 * @property {number} first step that counts
 * @property {(back: number) => Event | undefined} recent `recent(1)` is the call before
 */

/** @param {Event | undefined} event */
const growsInPlace = (event) => event !== undefined && event.op === "realloc" && event.inPlace;

/** @param {Event | undefined} event */
const isOddAndTight = (event) =>
  event !== undefined && event.block > 0 && event.size % 2 === 1 && event.padding === 0;

/** Whether an earlier block began where this one begins. @param {Event} event @param {Counted} counted */
function hadAddress({ block, inPlace, step, result }, { history, first }) {
  const { log, sums, marks } = history;
  if (block === 0 || inPlace) return false;
  // Without a reset only a block of no bytes can share its address, with those beside it.
  const from = marks.length > 0 ? first : Math.max(step - 1, first);
  for (let at = step - 2; at >= from - 1; at--) {
    if (log.columns.result[at] === result && sums.isBlock(at)) return true;
  }
  return false;
}

/** @type {readonly Challenge[]} */
export const CHALLENGES = [
  {
    id: "waste-13",
    goal: "Waste exactly 13 bytes of padding, all calls together.",
    hint: "malloc rounds each start up to a multiple of 8. After a block of 1 byte the next start is 7 bytes further. Which size leaves 6?",
    isMet: ({ after, padding }, { history, first }) =>
      padding > 0 && after.padding - history.at(first - 1).padding === 13,
  },
  {
    id: "grow-4",
    goal: "Add exactly 4 pages with one call.",
    hint: "A page is 65,536 bytes. What does not fit into the slack must fit into the new pages.",
    isMet: ({ after }) => after.pagesGrown === 4,
  },
  {
    id: "fill",
    goal: "Fill the page to its last byte, so that the bump pointer is at the limit.",
    hint: "The slack is limit minus bump pointer. Mind the padding: begin with sizes that are multiples of 8.",
    isMet: ({ after, taken, block }) => block > 0 && taken > 0 && after.slack === 0,
  },
  {
    id: "null",
    goal: "Make an allocation return NULL.",
    hint: "Ask for more than memory can ever have: 4,294,967,295 bytes is the largest number it understands.",
    isMet: ({ op, failed }) => failed && FORMS.some((f) => f.op === op && f.returns === "block"),
  },
  {
    id: "in-place",
    goal: "Let realloc keep a block at its place three times in a row.",
    hint: "Only the block that realloc itself returned last can stay, while nothing comes after it. The first realloc moves it.",
    isMet: (event, { recent }) => [event, recent(1), recent(2)].every(growsInPlace),
  },
  {
    id: "tight",
    goal: "Make three blocks of odd sizes in a row, with no padding at all.",
    hint: "malloc cannot, for its starts are multiples of 8. mini_alloc takes the alignment as its second argument, and 1 is allowed.",
    isMet: (event, { recent }) => [event, recent(1), recent(2)].every(isOddAndTight),
  },
  {
    id: "same-address",
    goal: "Get the same address for two blocks.",
    hint: "Note the pointer, allocate, go back, allocate again. A block of no bytes is another way.",
    isMet: hadAddress,
  },
  {
    id: "all-back",
    goal: "Bring the bump pointer back to the heap base.",
    hint: "free does not. Note the pointer before the first block, and go back to it after the last.",
    isMet: ({ op, before, after }) => op === "reset" && before.used > 0 && after.used === 0,
  },
  {
    id: "beat",
    goal: "Need fewer pages than dlmalloc for the same calls.",
    hint: "dlmalloc keeps a few bytes beside each block. Make many small blocks, and free none.",
    wins: (ours, theirs) => ours < theirs,
  },
  {
    id: "lose",
    goal: "Need more pages than dlmalloc for the same calls.",
    hint: "dlmalloc uses freed bytes again. Allocate and free, many times.",
    wins: (ours, theirs) => ours > theirs,
  },
];

/**
 * Which goals a call has reached.
 * @param {History} history
 * @param {number} step the call led to
 * @param {number} first step that counts
 * @returns {string[]} ids
 */
export function metBy(history, step, first) {
  const event = history.event(step);
  const recent = (/** @type {number} */ back) =>
    step - back >= first ? history.event(step - back) : undefined;
  const counted = { history, first, recent };
  return CHALLENGES.filter(({ isMet }) => isMet?.(event, counted)).map(({ id }) => id);
}

/**
 * Which goals the pages of two allocators have reached.
 * @param {number} ours
 * @param {number} theirs
 * @returns {string[]} ids
 */
export const wonBy = (ours, theirs) =>
  CHALLENGES.filter(({ wins }) => wins?.(ours, theirs)).map(({ id }) => id);
