// What the detail shows at a step, as plain data: areas, blocks, gaps, and what was special about
// the call. Pure: painting and labels both start from it, so that they cannot tell different things.

import { PAGE } from "../engine/log.js";
import { endOf, scaleOf } from "./geometry.js";

/** @typedef {import("./geometry.js").Range} Range */
/** @typedef {import("./palette.js").Role} Role */
/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("./blocks.js").Placed} Placed */

/** Blocks narrower than this, in pixels, become stripes that are as dense as they are. */
const NARROWEST_BLOCK = 1.5;

/** Blocks that lie within so many pixels have one name together. */
const WIDEST_CLUSTER = 24;

/** @typedef {{role: Role, from: number, to: number}} Area */

/**
 * Blocks too narrow to be told apart, all in one place.
 * @typedef {object} Cluster
 * @property {number} from
 * @property {number} to
 * @property {number} first number of a block
 * @property {number} last all numbers between are of it, too
 * @property {boolean} isLive whether all of them are
 */

/**
 * @typedef {object} Scene
 * @property {History} history
 * @property {import("../engine/history.js").State} state
 * @property {Event | undefined} event
 * @property {import("./geometry.js").Scale} scale
 * @property {number} end of memory
 * @property {Area[]} areas data, stack, slack and what is not taken yet, where in view
 * @property {Placed[]} blocks in view that are wide enough
 * @property {Range[]} gaps of padding that are wide enough
 * @property {import("./blocks.js").Density} stripes of the blocks that are not, by pixel
 * @property {Cluster | undefined} cluster of what the stripes are of, and its narrow neighbors
 * @property {Placed | undefined} newest the block of this step
 * @property {Placed | undefined} selected
 * @property {Range | undefined} ghost where a refused block would have been
 * @property {Range | undefined} grown pages of this step
 */

/**
 * @param {import("./blocks.js").Blocks} blocks
 * @param {{step: number, selected: number, window: Range, length: number}} view `length` in pixels
 * @returns {Scene}
 */
export function sceneOf(blocks, { step, selected, window, length }) {
  const { history } = blocks;
  const state = history.at(step);
  const event = step === 0 ? undefined : history.event(step);
  const scale = scaleOf(window, length);
  const grownFrom = (state.pages - state.pagesGrown) * PAGE;
  return {
    ...{ history, state, event, scale, end: endOf(state) },
    areas: areasOf(history, state).filter(({ from, to }) => to > window.from && from < window.to),
    ...solidsOf(blocks, step, scale),
    newest: placed(blocks, step, event?.block ?? 0),
    selected: placed(blocks, step, selected),
    ghost: event?.failed && event.op !== "reset" ? ghostOf(event) : undefined,
    grown: state.pagesGrown > 0 ? { from: grownFrom, to: state.pages * PAGE } : undefined,
  };
}

/** @param {History} history @param {import("../engine/history.js").State} state @returns {Area[]} */
function areasOf({ places, sums }, state) {
  const { bump, limit } = state;
  const { dataBegin, dataEnd, stackBottom, stackTop } = places;
  /** @type {Area[]} */
  const areas = [
    { role: "data", from: dataBegin, to: dataEnd },
    { role: "stack", from: stackBottom, to: stackTop },
    { role: "slack", from: bump, to: limit },
    // Of a mini-alloc, all memory is its own from the first request on.
    { role: "untaken", from: Math.max(bump, limit), to: sums.isBump ? endOf(state) : 0 },
  ];
  return areas.filter(({ from, to }) => to > from);
}

/** @param {Event} event @returns {Range} */
function ghostOf({ before, align, size }) {
  const isPower = align > 0 && Number.isInteger(Math.log2(align));
  const from = isPower ? Math.ceil(before.bump / align) * align : before.bump;
  return { from, to: from + size };
}

/**
 * @param {import("./blocks.js").Blocks} blocks
 * @param {number} step
 * @param {number} number
 * @returns {Placed | undefined}
 */
function placed(blocks, step, number) {
  const block = blocks.byNumber(step, number);
  if (!block) return undefined;
  const { address, taken, status } = block;
  return { number, from: address, to: address + taken, status };
}

/**
 * The blocks, the gaps between them, and the stripes of what is narrower than either may be.
 * @param {import("./blocks.js").Blocks} blocks
 * @param {number} step
 * @param {import("./geometry.js").Scale} scale
 */
function solidsOf(blocks, step, scale) {
  /** @type {Placed[]} */
  const solid = [];
  /** @type {Range[]} */
  const gaps = [];
  const { isBump } = blocks.history.sums;
  const { made, number } = blocks.at(step);
  const stripes = blocks.scan(step, scale, {
    parts: Math.max(1, Math.ceil(scale.length)),
    narrow: NARROWEST_BLOCK / scale.perByte,
    block(from, to, at) {
      const status = blocks.status(made[at] ?? 0, step);
      solid.push({ number: number ? (number[at] ?? 0) : at + 1, from, to, status });
    },
    gap(from, to) {
      if (isBump) gaps.push({ from, to });
    },
  });
  const cluster = clusterOf(blocks, step, { solid, stripes, scale });
  return { blocks: solid, gaps, stripes, cluster };
}

/**
 * @param {import("./blocks.js").Blocks} blocks
 * @param {number} step
 * @param {{solid: readonly Placed[], stripes: import("./blocks.js").Density,
 *   scale: import("./geometry.js").Scale}} drawn
 * @returns {Cluster | undefined}
 */
function clusterOf(blocks, step, { solid, stripes, scale }) {
  const { start, taken, number } = blocks.at(step);
  const { count, first, last } = stripes;
  if (count === 0 || last - first + 1 !== count || number) return undefined;
  const from = start[first] ?? 0;
  let [to, end] = [(start[last] ?? 0) + (taken[last] ?? 0), last + 1];
  const reach = WIDEST_CLUSTER / scale.perByte;
  let isLive = !stripes.dead.some((share) => share > 0);
  for (const block of solid) {
    if (block.number !== end + 1 || block.to - from > reach) continue;
    [to, end] = [block.to, block.number];
    isLive &&= block.status === "live";
  }
  return to - from > reach ? undefined : { from, to, first: first + 1, last: end, isLive };
}
