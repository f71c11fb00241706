// The numbers of the timeline: ticks, where memory grew, which steps are shown. Pure.

import { PAGE } from "../engine/log.js";
const MOST_TICKS = 6;
const LEAST_TICK = 16;
/** The part of what is ours that the pointer must reach for all of it to be shown. */
const NEAR = 8;
const FEWEST_STEPS = 20;

/** @typedef {{min: number, max: number, step: number}} Axis addresses, and what lies between ticks */

/**
 * Returns the part of memory to show, with ticks a power of two apart: all of it, at whole pages; or
 * where the pointer never comes far, only where it goes, for else its line would be flat.
 * @param {{base: number, bump: number, limit: number}} highest `base` is where the pointer begins
 * @returns {Axis}
 */
export function axisOf({ base, bump, limit }) {
  const isFar = bump - base > (limit - base) / NEAR;
  let step = isFar ? PAGE : LEAST_TICK;
  const [from, to] = isFar ? [0, limit] : [base, Math.max(bump, base + 1)];
  while ((to - from) / step > MOST_TICKS) step *= 2;
  return { min: Math.floor(from / step) * step, max: Math.ceil(to / step) * step, step };
}

/**
 * Returns the steps at which memory grew.
 * @param {ArrayLike<number>} pages after each step
 * @param {number} first pages before the first
 * @param {number} steps
 */
export function growths(pages, first, steps) {
  const found = [];
  let before = first;
  for (let at = 0; at < steps; at++) {
    const now = pages[at] ?? before;
    if (now > before) found.push({ step: at + 1, pages: now - before });
    before = now;
  }
  return found;
}

/**
 * Returns the steps to show after zooming, around the playhead if it was seen.
 * @param {{step: number, steps: number, shown: {from: number, to: number}, factor: number}} now
 * @returns {{from: number, to: number} | undefined} undefined for all
 */
export function stepsShown({ step, steps, shown, factor }) {
  const all = steps + 1;
  const length = Math.max(FEWEST_STEPS, Math.round((shown.to - shown.from) * factor));
  if (length >= all) return undefined;
  const isSeen = step >= shown.from && step < shown.to;
  const middle = isSeen ? step + 0.5 : (shown.from + shown.to) / 2;
  const from = Math.round(Math.min(Math.max(middle - length / 2, 0), all - length));
  return { from, to: from + length };
}
