// All of memory, small: a tile for each page, and a bar that tells where in it the detail is.

import { PAGE } from "../engine/log.js";
import { placeOfTile } from "./geometry.js";

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./blocks.js").Blocks} Blocks */
/** @typedef {import("./geometry.js").Tiles} Tiles */
/** @typedef {import("./blocks.js").Density} Density */
/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, ratio: number}} Surface */

/**
 * What is used of memory, from low to high.
 * @param {import("../engine/history.js").History} history
 * @param {import("../engine/history.js").State} state
 * @returns {{color: keyof Palette, from: number, to: number}[]}
 */
function usedRanges({ places }, { bump }) {
  return [
    { color: "data", from: places.dataBegin, to: places.dataEnd },
    { color: "stack", from: places.stackBottom, to: places.stackTop },
    { color: "block", from: places.heapBase, to: bump },
  ];
}

/**
 * @param {Surface} surface
 * @param {Blocks} blocks
 * @param {{step: number, tiles: Tiles, palette: Palette, end: number, density: Density}} view
 */
export function paintTiles({ context }, blocks, { step, tiles, palette, end, density }) {
  const { history } = blocks;
  const state = history.at(step);
  const used = usedRanges(history, state);
  const bytesEach = tiles.pagesEach * PAGE;
  const grownFrom = (state.pages - state.pagesGrown) * PAGE;
  const heapColor = heapColors(palette);
  const parts = density.live.length;
  const colorOf = (/** @type {number} */ from, /** @type {number} */ to) => {
    const first = Math.floor((from / end) * parts);
    const last = Math.max(first + 1, Math.floor((to / end) * parts));
    const mean = (/** @type {Float32Array} */ shares) =>
      shares.subarray(first, last).reduce((sum, share) => sum + share, 0) / (last - first);
    return `rgb(${heapColor(mean(density.live), mean(density.dead)).join()})`;
  };
  for (let tile = 0; tile < tiles.count; tile++) {
    const { x, y } = placeOfTile(tile, tiles);
    const from = tile * bytesEach;
    const box = { x: x + 1, y: y + 1, size: tiles.pitch - 3 };
    const isGrown = state.pagesGrown > 0 && from + bytesEach > grownFrom;
    paintTile(context, box, { used, from, bytesEach, palette, colorOf });
    outlineTile(context, box, palette, isGrown);
  }
  context.fillStyle = palette.grown;
  for (const growth of blocks.growths) {
    if (growth.step >= step) break;
    const { x, y } = placeOfTile(Math.floor(growth.from / tiles.pagesEach), tiles);
    notch(context, x + 1, y + 1, Math.max(3, Math.round(tiles.pitch / 5)));
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, size: number}} box
 * @param {{used: ReturnType<typeof usedRanges>, from: number, bytesEach: number, palette: Palette,
 *   colorOf: (from: number, to: number) => string}} page `colorOf` a part of the heap
 */
function paintTile(context, { x, y, size }, { used, from, bytesEach, palette, colorOf }) {
  context.fillStyle = palette.raised;
  context.fillRect(x, y, size, size);
  for (const range of used) {
    const begin = Math.max(0, (range.from - from) / bytesEach);
    const end = Math.min(1, (range.to - from) / bytesEach);
    if (end <= begin) continue;
    const part = [Math.max(range.from, from), Math.min(range.to, from + bytesEach)];
    context.fillStyle =
      range.color === "block" ? colorOf(part[0] ?? 0, part[1] ?? 0) : palette[range.color];
    const width = Math.max((end - begin) * size, range.color === "data" ? 0 : 0.75);
    context.fillRect(x + begin * size, y, Math.min(width, size - begin * size), size);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, size: number}} box
 * @param {Palette} palette
 * @param {boolean} isGrown
 */
function outlineTile(context, { x, y, size }, palette, isGrown) {
  context.strokeStyle = isGrown ? palette.grown : palette.lineStrong;
  context.lineWidth = isGrown ? 2 : 1;
  const inset = isGrown ? 0 : 0.5;
  context.strokeRect(x + inset, y + inset, size - 2 * inset, size - 2 * inset);
  if (!isGrown || size < 9) return;
  const arm = Math.min(4, size / 4);
  const [left, top] = [x + size / 2, y + size / 2];
  context.fillStyle = palette.paper;
  context.fillRect(left - arm - 2, top - arm - 2, 2 * arm + 4, 2 * arm + 4);
  context.lineWidth = 1.75;
  context.beginPath();
  context.moveTo(left - arm, top);
  context.lineTo(left + arm, top);
  context.moveTo(left, top - arm);
  context.lineTo(left, top + arm);
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} size */
function notch(context, x, y, size) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + size + 1, y);
  context.lineTo(x, y + size + 1);
  context.fill();
}

// ---- the bar ---------------------------------------------------------------------------------------

/** @type {HTMLCanvasElement | undefined} one row of pixels, to be stretched */
let row;

/**
 * One pass over the blocks into a row of pixels: a rectangle for each would take a hundred times as
 * long.
 * @param {Surface} surface
 * @param {Blocks} blocks
 * @param {{step: number, palette: Palette, end: number, width: number, height: number,
 *   density: Density}} view `density` by pixel of the screen
 */
export function paintMinimap({ context }, blocks, { step, palette, end, width, height, density }) {
  const { live, dead } = density;
  const parts = live.length;
  const colors = rgbOf(palette);
  const pixels = new Uint32Array(parts).fill(packed(colors.raised));
  const used = usedRanges(blocks.history, blocks.history.at(step));
  for (const { color, from, to } of used) {
    const last = Math.min(parts, Math.ceil((to / end) * parts));
    const ground = color === "block" ? mixed(colors.padding, colors.raised, 0.55) : colors[color];
    for (let at = Math.floor((from / end) * parts); at < last; at++) pixels[at] = packed(ground);
  }
  const heapColor = heapColors(palette);
  for (let at = 0; at < parts; at++) {
    const [alive, gone] = [live[at] ?? 0, dead[at] ?? 0];
    if (alive + gone > 0) pixels[at] = packed(heapColor(alive, gone));
  }
  row ??= document.createElement("canvas");
  row.width = parts;
  row.height = 1;
  const data = new ImageData(new Uint8ClampedArray(pixels.buffer), parts, 1);
  /** @type {CanvasRenderingContext2D} */ (row.getContext("2d")).putImageData(data, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(row, 0, 0, width, height);
}

/** @typedef {readonly [number, number, number]} Rgb */

/**
 * A part of the heap by what is live in it and what was; the rest is padding.
 * @param {Palette} palette
 */
function heapColors(palette) {
  const { block, padding, raised } = rgbOf(palette);
  const [freed, ground] = [mixed(block, raised, 0.35), mixed(padding, raised, 0.55)];
  return (/** @type {number} */ live, /** @type {number} */ dead) => {
    const alive = Math.min(1, live);
    return mixed(block, mixed(freed, ground, Math.min(1 - alive, dead)), alive);
  };
}

/** @param {Palette} palette @returns {Record<keyof Palette, Rgb>} */
function rgbOf(palette) {
  const entries = Object.entries(palette).map(([name, color]) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return [name, [red, green, blue]];
  });
  return Object.fromEntries(entries);
}

/** @param {Rgb} over @param {Rgb} under @param {number} share @returns {Rgb} */
const mixed = (over, under, share) => [
  over[0] * share + under[0] * (1 - share),
  over[1] * share + under[1] * (1 - share),
  over[2] * share + under[2] * (1 - share),
];

/** For an image: little-endian, opaque. @param {Rgb} color */
const packed = ([red, green, blue]) =>
  (0xff000000 | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/**
 * The window of the detail, as a lens on the bar.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./geometry.js").Range} window
 * @param {{palette: Palette, end: number, width: number, height: number}} view
 */
export function paintLens(context, { from, to }, { palette, end, width, height }) {
  const left = Math.max(0, (from / end) * width);
  const right = Math.min(width, (to / end) * width);
  const wide = Math.max(right - left, 6);
  const x = Math.min(Math.max((left + right - wide) / 2, 0), width - wide);
  context.strokeStyle = palette.paper;
  context.lineWidth = 4;
  context.strokeRect(x + 1, 1, wide - 2, height - 2);
  context.strokeStyle = palette.text;
  context.lineWidth = 2;
  context.strokeRect(x + 1, 1, wide - 2, height - 2);
}
