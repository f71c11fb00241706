// Where things go: the scale, the window of addresses, the tiles of the overview. Pure: addresses
// stay integers until the last multiplication.

import { PAGE } from "../engine/log.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("../engine/history.js").State} State */
/** @typedef {{from: number, to: number}} Range addresses, the last one not included */

const HIGHEST = 2 ** 32;

/** Widths of the windows that are chosen: 384 bytes, 512, 768, 1024 and so on. */
const WIDTHS = Array.from({ length: 50 }, (_, i) => (i % 2 ? 512 : 384) * 2 ** (i >> 1));
const NARROWEST = 16;

/** A heap of so many bytes is shown as a whole, if its blocks can still be seen. */
const SMALL_HEAP = 4096;

// ---- scale -----------------------------------------------------------------------------------------

/**
 * @typedef {object} Scale
 * @property {number} from
 * @property {number} to
 * @property {number} length in pixels
 * @property {number} perByte pixels
 * @property {(address: number) => number} at the pixel of an address
 * @property {(pixel: number) => number} addressAt the address of a pixel
 */

/** @param {Range} window @param {number} length in pixels @returns {Scale} */
export function scaleOf({ from, to }, length) {
  const perByte = length / (to - from);
  return {
    ...{ from, to, length, perByte },
    at: (address) => (address - from) * perByte,
    addressAt: (pixel) => Math.floor(from + pixel / perByte),
  };
}

// ---- the window that is chosen ---------------------------------------------------------------------

/** The end of what a step has to show: memory, whether the allocator owns it or not. */
export const endOf = (/** @type {State} */ { pages, limit }) => Math.max(pages * PAGE, limit);

/**
 * Returns the addresses a reader must see at a step. The previous window stays if that is all in it,
 * and large enough.
 * @param {History} history
 * @param {number} step
 * @param {{width: number, previous?: Range | undefined}} view `width` in pixels
 * @returns {Range}
 */
export function autoWindow(history, step, { width, previous }) {
  const state = history.at(step);
  if (step === 0) return { from: 0, to: endOf(state) };
  const event = history.event(step);
  const subject = subjectOf(event);
  if (previous && stays(previous, { subject, width, event })) return previous;
  return windowAround(subject, { event, base: history.start.bump, end: endOf(state) });
}

/**
 * What a call was about.
 * @param {Event} event
 * @returns {Range}
 */
function subjectOf(event) {
  const { before, after, failed, source, op } = event;
  const end = after.bump;
  if (op === "reset" && !failed) return { from: after.bump, to: before.bump };
  if (failed) return { from: end, to: after.limit + (after.limit - end) / 3 };
  const from = event.padding > 0 ? event.result - event.padding : event.result || end;
  const own = { from: op === "free" ? end : Math.min(from, end), to: end };
  if (!source || event.inPlace) return own;
  const isNear = end - source.address <= 32 * Math.max(event.taken, source.taken, 64);
  return isNear ? { from: source.address, to: end } : own;
}

/**
 * @param {Range} previous
 * @param {{subject: Range, width: number, event: Event}} now
 */
function stays({ from, to }, { subject, width, event }) {
  const bytes = to - from;
  const pixels = ((subject.to - subject.from) * width) / bytes;
  const edge = bytes / 64;
  const isWithin = subject.from >= from && subject.to + (to > event.after.limit ? 0 : edge) <= to;
  return isWithin && (event.taken === 0 || pixels >= 6);
}

/**
 * A small heap is shown from its beginning; else a small block with some of what is before it.
 * @param {Range} subject
 * @param {{event: Event, base: number, end: number}} heap beyond the end there is little to see
 * @returns {Range}
 */
function windowAround(subject, { event, base, end }) {
  const own = subject.to - subject.from;
  const isSmallHeap = event.after.bump - base <= Math.max(SMALL_HEAP, 4 * own);
  const from = isSmallHeap ? Math.min(base, subject.from) : subject.from;
  const bytes = subject.to - from;
  const room = isSmallHeap || bytes > 4 * SMALL_HEAP ? 1.25 : 5;
  const width = WIDTHS.find((one) => one >= bytes * room) ?? HIGHEST;
  const context = Math.min(width / (isSmallHeap ? 8 : 3), (width - bytes) / 2);
  const grid = width / 16;
  const first = Math.max(0, Math.floor((from - context) / grid) * grid);
  const last = Math.max(end, subject.to) + width / 24;
  return clamped({ from: first, to: Math.min(first + width, last) }, HIGHEST);
}

/** @param {Range} window @param {number} end @returns {Range} */
function clamped(window, end) {
  const bytes = Math.min(Math.max(Math.round(window.to - window.from), NARROWEST), end);
  const from = Math.min(Math.max(Math.round(window.from), 0), end - bytes);
  return { from, to: from + bytes };
}

/**
 * @param {Range} window
 * @param {number} factor 2 shows twice as many bytes
 * @param {{around: number, end: number}} where an address that stays where it is, if it is in view
 */
export function zoomed(window, factor, { around, end }) {
  const bytes = window.to - window.from;
  const isInView = around >= window.from && around < window.to;
  const still = isInView ? around : window.from + bytes / 2;
  const from = still - (still - window.from) * factor;
  return clamped({ from, to: from + bytes * factor }, end);
}

/** @param {Range} window @param {number} share of its width @param {number} end */
export function panned(window, share, end) {
  const by = (window.to - window.from) * share;
  return clamped({ from: window.from + by, to: window.to + by }, end);
}

/** The same width around an address. @param {Range} window @param {number} at @param {number} end */
export function centered(window, at, end) {
  const half = (window.to - window.from) / 2;
  return clamped({ from: at - half, to: at + half }, end);
}

// ---- overview --------------------------------------------------------------------------------------

const PITCHES = [26, 22, 18, 14, 12, 10];
const MOST_A_ROW = 64;

/**
 * @typedef {object} Tiles
 * @property {number} pitch from one tile to the next, with the gap
 * @property {number} columns
 * @property {number} rows
 * @property {number} count
 * @property {number} pagesEach
 */

/**
 * Returns the largest tiles that fit; where even the smallest do not, a tile is several pages.
 * @param {number} pages
 * @param {{width: number, height: number}} room in pixels
 * @returns {Tiles}
 */
export function tileLayout(pages, { width, height }) {
  for (let pagesEach = 1; ; pagesEach *= 2) {
    const count = Math.ceil(pages / pagesEach);
    for (const pitch of PITCHES) {
      const columns = Math.max(1, Math.min(MOST_A_ROW, Math.floor(width / pitch)));
      const rows = Math.ceil(count / columns);
      if (rows * pitch <= height || count <= 1) return { pitch, columns, rows, count, pagesEach };
    }
  }
}

/** @param {number} tile @param {Tiles} tiles */
export const placeOfTile = (tile, { pitch, columns }) => ({
  x: (tile % columns) * pitch,
  y: Math.floor(tile / columns) * pitch,
});

/** The tile at a place, or -1. @param {{x: number, y: number}} place @param {Tiles} tiles */
export function tileAt({ x, y }, { pitch, columns, count }) {
  const column = Math.floor(x / pitch);
  const tile = Math.floor(y / pitch) * columns + column;
  return column < 0 || column >= columns || y < 0 || tile >= count ? -1 : tile;
}

// ---- ruler -----------------------------------------------------------------------------------------

/**
 * Round addresses, at least so many pixels apart.
 * @param {Scale} scale
 * @param {number} apart
 */
export function ticks({ from, to, perByte }, apart) {
  let every = 1;
  while (every * perByte < apart) every *= 2;
  const found = [];
  for (let at = Math.ceil(from / every) * every; at < to; at += every) found.push(at);
  return found;
}

/** Page boundaries in view, if they are not too many to be told apart. @param {Scale} scale */
export function pageBoundaries({ from, to, perByte }) {
  if (PAGE * perByte < 4) return [];
  const found = [];
  for (let at = Math.max(1, Math.ceil(from / PAGE)) * PAGE; at <= to; at += PAGE) found.push(at);
  return found;
}
