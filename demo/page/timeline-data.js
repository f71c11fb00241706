// The numbers of the timeline: ticks, where memory grew, which steps are shown. Pure.

const PAGE = 65_536;
const MOST_TICKS = 6;
const FEWEST_STEPS = 20;

/**
 * Returns ticks at whole pages, a power of two apart.
 * @param {number} highest address
 * @returns {{step: number, most: number}} `most` is where the axis ends
 */
export function ticksOf(highest) {
  let step = PAGE;
  while (highest / step > MOST_TICKS) step *= 2;
  return { step, most: Math.ceil(highest / step) * step };
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
