// Draws the detail: a base of what lies in memory, and over it what this step has done. In two
// directions of a band, along the addresses and across, so that a narrow stage is the same one turned.

import { pageBoundaries } from "./geometry.js";
import { drawRole } from "./patterns.js";

/** @typedef {import("./scene.js").Scene} Scene */
/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./labels.js").Layout} Layout */

/**
 * @typedef {object} Brush
 * @property {CanvasRenderingContext2D} context
 * @property {Palette} palette
 * @property {Layout} layout
 * @property {number} ratio
 */

/**
 * @param {Brush} brush
 * @param {number} begin along
 * @param {number} end
 * @param {readonly [number, number]} across
 */
function boxOf({ layout: { vertical } }, begin, end, [top, bottom]) {
  const [along, across] = [end - begin, bottom - top];
  return vertical
    ? { x: top, y: begin, width: across, height: along }
    : { x: begin, y: top, width: along, height: across };
}

/** @param {Brush} brush @param {readonly (readonly [number, number])[]} points along, across */
function path({ context, layout: { vertical } }, points) {
  context.beginPath();
  for (const [along, across] of points) {
    if (vertical) context.lineTo(across, along);
    else context.lineTo(along, across);
  }
}

/** @param {Brush} brush @param {number} at along @param {readonly [number, number]} across */
function crossLine(brush, at, [top, bottom]) {
  path(brush, [
    [at, top],
    [at, bottom],
  ]);
  brush.context.stroke();
}

/** What is seen of a range, along; undefined if nothing is. @param {Scene} scene @param {{from: number, to: number}} range */
function seen({ scale }, { from, to }) {
  if (to < scale.from || from > scale.to) return undefined;
  return [Math.max(scale.at(from), -4), Math.min(scale.at(to), scale.length + 4)];
}

// ---- the base --------------------------------------------------------------------------------------

/** @param {Brush} brush @param {Scene} scene */
export function paintBase(brush, scene) {
  const { context, palette, layout, ratio } = brush;
  const { vertical, length, breadth, band } = layout;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, vertical ? breadth : length, vertical ? length : breadth);
  const options = { ratio, turned: vertical };
  for (const { role, from, to } of scene.areas) {
    const [begin = 0, end = 0] = seen(scene, { from, to }) ?? [];
    const area = boxOf(brush, begin, end, band);
    context.globalAlpha = role === "untaken" ? 0.7 : 1;
    drawRole(context, palette, role, area, options);
    context.globalAlpha = 1;
  }
  if (scene.grown) paintGrown(brush, scene);
  paintStripes(brush, scene);
  for (const gap of scene.gaps) {
    const [begin = 0, end = 0] = seen(scene, gap) ?? [];
    drawRole(context, palette, "padding", boxOf(brush, begin, end, band), options);
  }
  for (const block of scene.blocks) paintBlock(brush, scene, block);
  const empty = scene.blocks.filter(({ from, to }) => from === to);
  for (const { from } of empty.slice(0, 100)) diamond(brush, scene.scale.at(from));
  paintPages(brush, scene);
  paintEdges(brush, scene);
  if (scene.cluster) paintNotch(brush, scene, scene.cluster);
}

/** Where blocks are that are too narrow to be seen. @param {Brush} brush @param {Scene} scene @param {import("./scene.js").Cluster} cluster */
function paintNotch(brush, { scale }, { from, to, isLive }) {
  if ((to - from) * scale.perByte > 3) return;
  const { context, palette, layout } = brush;
  const at = scale.at((from + to) / 2);
  const top = layout.band[0];
  const outer = Math.max(top - 9, 0);
  path(brush, [
    [at - 7, outer],
    [at + 7, outer],
    [at, top],
    [at - 7, outer],
  ]);
  context.fillStyle = isLive ? palette.block : palette.paper;
  context.strokeStyle = palette.block;
  context.lineWidth = 1;
  context.fill();
  context.stroke();
}

/** @param {Brush} brush @param {Scene} scene @param {import("./blocks.js").Placed} block */
function paintBlock(brush, scene, { number, from, to, status }) {
  const { context, palette, layout, ratio } = brush;
  if (to === from) return;
  const [begin = 0, end = 0] = seen(scene, { from, to }) ?? [];
  const gap = end - begin > 4 ? 0.5 : 0;
  const box = boxOf(brush, begin + gap, end - gap, layout.band);
  const role = status === "live" ? "block" : status === "freed" ? "freed" : "moved";
  if (role !== "block") {
    context.fillStyle = palette.paper;
    context.fillRect(box.x, box.y, box.width, box.height);
    return drawRole(context, palette, role, box, { ratio, turned: layout.vertical });
  }
  context.fillStyle = number % 2 ? palette.block : palette.blockNext;
  context.fillRect(box.x, box.y, box.width, box.height);
}

/** @param {Brush} brush @param {number} at */
function diamond(brush, at) {
  const { context, palette, layout } = brush;
  const middle = (layout.band[0] + layout.band[1]) / 2;
  path(brush, [
    [at, middle - 8],
    [at + 6, middle],
    [at, middle + 8],
    [at - 6, middle],
    [at, middle - 8],
  ]);
  context.fillStyle = palette.paper;
  context.strokeStyle = palette.block;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

const level = (/** @type {number} */ share) => Math.round(Math.min(share, 1) * 16) / 16;

/** Many blocks in a pixel: as dark as they are dense; neighbors alike are one rectangle. @param {Brush} brush @param {Scene} scene */
function paintStripes(brush, { stripes: { live, dead } }) {
  const { context, palette, layout } = brush;
  for (const [shares, alpha] of /** @type {const} */ ([
    [dead, 0.35],
    [live, 1],
  ])) {
    context.fillStyle = palette.block;
    for (let at = 0; at < shares.length;) {
      const share = level(shares[at] ?? 0);
      const begin = at;
      while (at < shares.length && level(shares[at] ?? 0) === share) at++;
      if (share === 0) continue;
      context.globalAlpha = share * alpha;
      const { x, y, width, height } = boxOf(brush, begin, at, layout.band);
      context.fillRect(x, y, width, height);
    }
  }
  context.globalAlpha = 1;
}

/** @param {Brush} brush @param {Scene} scene */
function paintGrown(brush, scene) {
  const { context, palette, layout } = brush;
  const [begin = 0, end = 0] = (scene.grown && seen(scene, scene.grown)) ?? [];
  if (end <= begin) return;
  const { x, y, width, height } = boxOf(brush, begin, end, layout.band);
  context.strokeStyle = palette.grown;
  context.lineWidth = 2;
  context.strokeRect(x, y - 4, width, height + 8);
  context.globalAlpha = 0.08;
  context.fillStyle = palette.grown;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 1;
}

/** @param {Brush} brush @param {Scene} scene */
function paintPages(brush, { scale, end }) {
  const { context, palette, layout } = brush;
  const { band, line, vertical } = layout;
  context.lineWidth = 1;
  context.strokeStyle = palette.lineStrong;
  context.setLineDash([3, 3]);
  for (const at of pageBoundaries(scale)) {
    if (at < end)
      crossLine(brush, scale.at(at), [band[0] - (vertical ? 4 : line * 2), band[1] + 4]);
  }
  context.setLineDash([]);
}

/** The heap base with its flag, the limit, and the frame. @param {Brush} brush @param {Scene} scene */
function paintEdges(brush, { history, state, scale }) {
  const { context, palette, layout } = brush;
  const { band, vertical, rows, line } = layout;
  const top = vertical ? band[0] - 4 : rows.flag + line / 2;
  const isSeen = (/** @type {number} */ at) => at >= scale.from && at <= scale.to;
  const { heapBase } = history.places;
  if (!history.sums.isBump) return;
  context.strokeStyle = context.fillStyle = palette.text;
  if (isSeen(heapBase)) {
    const at = scale.at(heapBase);
    context.lineWidth = 2;
    crossLine(brush, at, [top, band[1] + 4]);
    path(brush, [
      [at, top - 5],
      [at + 9, top],
      [at, top + 5],
    ]);
    if (!vertical) context.fill();
  }
  if (!isSeen(state.limit) || state.limit === heapBase) return;
  context.lineWidth = 5;
  const at = Math.min(scale.at(state.limit), scale.length - 2.5);
  crossLine(brush, at, [vertical ? top : rows.callout, band[1] + 4]);
}

// ---- what the step has done ------------------------------------------------------------------------

/**
 * @typedef {object} Moment
 * @property {number} pointer where the bump pointer is drawn: an address, or between two
 * @property {number | undefined} trace where it was before, if nothing slides
 * @property {number} hovered number of a block
 * @property {number} pulse how far the ring has come, 0 to 1
 * @property {readonly import("./labels.js").PlacedLabel[]} labels
 */

/** @param {Brush} brush @param {Scene} scene @param {Moment} moment */
export function paintOverlay(brush, scene, moment) {
  const { context, layout } = brush;
  const { vertical, length, breadth } = layout;
  context.clearRect(0, 0, vertical ? breadth : length, vertical ? length : breadth);
  paintLeaders(brush, moment);
  if (!scene.history.sums.isBump) return paintPicked(brush, scene, moment);
  if (scene.ghost) paintGhost(brush, scene);
  if (scene.event?.source && !scene.event.inPlace && scene.newest) paintArc(brush, scene);
  if (scene.event?.inPlace) paintBracket(brush, scene);
  paintPicked(brush, scene, moment);
  paintPointer(brush, scene, moment);
}

/** @param {Brush} brush @param {Moment} moment */
function paintLeaders(brush, { labels }) {
  const { context, palette, layout } = brush;
  context.strokeStyle = palette.lineStrong;
  context.lineWidth = 1;
  for (const { place, kind, at, box, isPinned } of labels) {
    const isBeside = layout.vertical;
    const isFar = isBeside && Math.abs(box.y + box.height / 2 - at) > 4;
    if (place === "inside" || isPinned || (place === "pointer" && !isFar)) continue;
    if (kind === "tick") crossLine(brush, at, [layout.band[1] + 2, layout.band[1] + 6]);
    if (kind === "tick" || (place !== "callout" && !isBeside)) continue;
    const middle = isBeside
      ? box.y + box.height / 2
      : Math.min(Math.max(at, box.x + 3), box.x + box.width - 3);
    const edge = isBeside ? layout.band[1] + 2 : layout.band[0] - 2;
    const near = isBeside ? box.x - 3 : box.y + box.height;
    path(brush, [
      [at, edge],
      [middle, near],
    ]);
    context.stroke();
  }
}

/** @param {Brush} brush @param {Scene} scene @param {Moment} moment */
function paintPointer(brush, { scale, event }, { pointer, trace, pulse }) {
  const { context, palette, layout } = brush;
  const { band } = layout;
  const at = scale.at(pointer);
  context.strokeStyle = context.fillStyle = palette.bump;
  if (trace !== undefined) {
    context.globalAlpha = 0.6;
    context.lineWidth = 1.5;
    context.setLineDash([2, 4]);
    crossLine(brush, scale.at(trace), [band[0] - 8, band[1] + 10]);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  if (at < -1 || at > scale.length + 1) return;
  context.lineWidth = 2;
  crossLine(brush, at, [band[0] - 8, band[1] + 8]);
  path(brush, [
    [at, band[1] + 1],
    [at + 7, band[1] + 12],
    [at - 7, band[1] + 12],
  ]);
  context.fill();
  if (event?.op !== "free" && event?.op !== "mark") return;
  const size = 6 + 4 * pulse;
  const [x, y] = layout.vertical ? [band[1] + 8, at] : [at, band[1] + 7];
  context.beginPath();
  context.arc(x, y, size, 0, 2 * Math.PI);
  context.stroke();
}

/** The newest block, the picked one, the one under the mouse. @param {Brush} brush @param {Scene} scene @param {Moment} moment */
function paintPicked(brush, scene, { hovered }) {
  const { newest, selected, blocks } = scene;
  const { palette } = brush;
  const under = blocks.find(({ number }) => number === hovered);
  if (under) outline(brush, scene, under, { color: palette.text, width: 1.5, outside: 2 });
  if (newest) outline(brush, scene, newest, { color: palette.bump, width: 3, outside: 0 });
  if (selected) outline(brush, scene, selected, { color: palette.text, width: 2.5, outside: 5 });
}

/**
 * @param {Brush} brush
 * @param {Scene} scene
 * @param {{from: number, to: number}} range
 * @param {{color: string, width: number, outside: number}} style
 */
function outline(brush, scene, range, { color, width, outside }) {
  const [begin, end] = seen(scene, range) ?? [];
  if (begin === undefined || end === undefined) return;
  const { context, layout } = brush;
  const wide = Math.max(end - begin, 2);
  const [top, bottom] = layout.band;
  const box = boxOf(brush, begin - outside, begin + wide + outside, [
    top - outside,
    bottom + outside,
  ]);
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(box.x, box.y, box.width, box.height);
}

/** The block that was refused: from the pointer past the limit. @param {Brush} brush @param {Scene} scene */
function paintGhost(brush, scene) {
  const { context, palette, layout, ratio } = brush;
  const [begin = 0, end = 0] = (scene.ghost && seen(scene, scene.ghost)) ?? [];
  if (end <= begin) return;
  const [top, bottom] = layout.band;
  const box = boxOf(brush, begin, end, [top + 6, bottom - 6]);
  context.globalAlpha = 0.07;
  context.fillStyle = palette.failed;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  drawRole(context, palette, "failed", box, { ratio, turned: layout.vertical });
}

/** From where a block was to where realloc has moved it. @param {Brush} brush @param {Scene} scene */
function paintArc(brush, { event, newest, scale }) {
  const { context, palette, layout } = brush;
  if (!event?.source || !newest) return;
  const { address, taken } = event.source;
  const middle = (/** @type {number} */ from, /** @type {number} */ to) =>
    Math.min(Math.max((scale.at(from) + scale.at(to)) / 2, 0), scale.length);
  const [from, to] = [middle(address, address + taken), middle(newest.from, newest.to)];
  const base = layout.band[1] + 3;
  const depth = base + Math.min(layout.vertical ? 18 : 26, Math.abs(to - from) / 3);
  const turn = (/** @type {number} */ along, /** @type {number} */ across) =>
    /** @type {[number, number]} */ (layout.vertical ? [across, along] : [along, across]);
  context.strokeStyle = palette.block;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(...turn(from, base));
  context.bezierCurveTo(...turn(from, depth), ...turn(to, depth), ...turn(to, base));
  context.stroke();
  path(brush, [
    [to - 5, base + 7],
    [to, base],
    [to + 5, base + 7],
  ]);
  context.stroke();
}

/** The end of a block that stayed where it is. @param {Brush} brush @param {Scene} scene */
function paintBracket(brush, { event, newest, scale }) {
  const { context, palette, layout } = brush;
  if (!event?.source || !newest) return;
  const { address, taken } = event.source;
  const at = scale.at(address + taken);
  const [top, bottom] = layout.band;
  context.strokeStyle = palette.paper;
  context.lineWidth = 2;
  context.setLineDash([4, 3]);
  crossLine(brush, at, [top, bottom]);
  context.setLineDash([]);
  context.strokeStyle = palette.bump;
  const [before, after] = [at, scale.at(newest.to)];
  path(brush, [
    [before, top - 6],
    [after, top - 6],
  ]);
  context.stroke();
}
