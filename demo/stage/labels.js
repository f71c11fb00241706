// What is written beside the picture: which words, where they would like to be, and where they find
// room without covering each other. Pure: whoever shows them knows how wide they are.

import { PAGE } from "../engine/log.js";
import { pageBoundaries, ticks } from "./geometry.js";
import { count, grouped } from "../engine/words.js";

/** @typedef {import("./scene.js").Scene} Scene */

/**
 * @typedef {object} Label
 * @property {string} key
 * @property {string} kind names its style
 * @property {readonly string[]} texts the longest first; one that finds no room is replaced by the
 *   next
 * @property {number} at what it belongs to, in pixels along the address space
 * @property {readonly [number, number]} [span] it must lie within, along
 * @property {"flag" | "callout" | "inside" | "pointer" | "note"} place
 * @property {number} priority the highest are placed first
 * @property {boolean} [before] rather to the left of what it belongs to
 * @property {boolean} [isPinned] what it belongs to is out of view
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {Label & {text: string, box: Box}} PlacedLabel */
/** @typedef {(address: number) => string} AddressText */

/** Bytes, short: 100 B, 41 KiB. @param {number} bytes @param {number} [exactBelow] */
export function shortBytes(bytes, exactBelow = 10_000) {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < 3; unit++) value /= 1024;
  const digits = value >= 100 || Number.isInteger(value) ? 0 : 1;
  return bytes < exactBelow
    ? `${grouped(bytes)} B`
    : `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/**
 * @param {Scene} scene
 * @param {{vertical: boolean, addressText: AddressText}} options
 * @returns {Label[]}
 */
export function labelsOf(scene, options) {
  return [
    ...pointerLabels(scene, options),
    ...edgeLabels(scene, options),
    ...blockLabels(scene),
    ...gapLabels(scene),
    ...areaLabels(scene, options),
    ...pageLabels(scene),
    ...rulerLabels(scene, options),
  ];
}

/** @param {Scene} scene @param {number} address */
const isInView = ({ scale }, address) => address >= scale.from && address <= scale.to;

/**
 * The text of a place that may be out of view: then at the edge, with an arrow to where it is.
 * @param {Scene} scene
 * @param {number} address
 * @param {{texts: readonly string[], vertical: boolean}} words
 */
function pinned(scene, address, { texts, vertical }) {
  const { scale } = scene;
  if (isInView(scene, address)) return { texts, at: scale.at(address), isPinned: false };
  const isBefore = address < scale.from;
  const arrow = vertical ? (isBefore ? "↑" : "↓") : isBefore ? "←" : "→";
  const pointed = texts.map((text) => (isBefore ? `${arrow} ${text}` : `${text} ${arrow}`));
  return { texts: pointed, at: isBefore ? 0 : scale.length, isPinned: true };
}

/** @param {Scene} scene @param {{vertical: boolean, addressText: AddressText}} options @returns {Label[]} */
function pointerLabels(scene, { vertical, addressText }) {
  const { state, event, history } = scene;
  if (!history.sums.isBump) return [];
  const texts = [`bump ${addressText(state.bump)}`];
  const bump = pinned(scene, state.bump, { texts, vertical });
  const told = event && noteOf(event);
  return [
    { key: "bump", kind: "bump", place: "pointer", priority: 100, ...bump },
    ...(told ? [{ key: "note", ...told, place: /** @type {const} */ ("note"), at: bump.at }] : []),
  ];
}

const note = (/** @type {string[]} */ ...texts) => ({ kind: "note", priority: 90, texts });

/**
 * What the picture alone would not tell of a call.
 * @param {import("../engine/history.js").Event} event
 * @returns {{kind: string, priority: number, texts: string[]} | undefined}
 */
function noteOf({ op, failed, source, inPlace, before, after, size, align }) {
  if (op === "free") return note("free: nothing moves");
  if (op === "mark") return note("mark: nothing moves");
  if (op === "reset" && !failed) return note("memory never shrinks");
  if (failed && op !== "reset") {
    const end = Math.ceil(before.bump / Math.max(align, 1)) * align + size;
    const more = Math.ceil(end / PAGE) - before.pages;
    const pages = count(more, "page");
    const needs = [`needs ${count(more, "more page")}: refused`, `refused: ${pages}`];
    return { kind: "failed", priority: 95, texts: [...(more > 0 ? needs : []), "refused"] };
  }
  if (op !== "realloc" || !source) return undefined;
  const lost = `${shortBytes(source.taken)} lost`;
  if (!inPlace) return note(`copied, ${lost}`, lost);
  if (after.bump === before.bump) return note("nothing moves");
  return note(after.bump > before.bump ? "extended in place" : "shrunk in place");
}

/** @param {Scene} scene @param {{vertical: boolean, addressText: AddressText}} options @returns {Label[]} */
function edgeLabels(scene, { vertical, addressText }) {
  const { state, history } = scene;
  if (!history.sums.isBump) return [];
  const { heapBase } = history.places;
  const baseTexts = [`heap base ${addressText(heapBase)}`, "heap base"];
  const base = pinned(scene, heapBase, { texts: baseTexts, vertical });
  const priority = base.isPinned ? 40 : 80;
  /** @type {Label[]} */
  const labels = [{ key: "base", kind: "base", place: "flag", priority, ...base }];
  if (state.limit === heapBase) return labels;
  const limitText = `limit ${addressText(state.limit)}`;
  const texts = [`${limitText} (${count(state.pages, "page")})`, limitText, "limit"];
  const limit = pinned(scene, state.limit, { texts, vertical });
  labels.push({ key: "limit", kind: "limit", place: "flag", priority: 85, before: true, ...limit });
  return labels;
}

/** What is seen of a range, in pixels. @param {Scene} scene @param {{from: number, to: number}} range */
const spanOf = ({ scale }, { from, to }) =>
  /** @type {const} */ ([Math.max(scale.at(from), 0), Math.min(scale.at(to), scale.length)]);

/** @param {readonly [number, number]} span */
const middleOf = ([begin, end]) => (begin + end) / 2;

/** More blocks than that have no name each. */
const MOST_NAMED = 400;

/** What reaches in by a few pixels is not. @param {import("./blocks.js").Placed} block @param {Scene} scene */
function isNamed(block, scene) {
  const [begin, end] = spanOf(scene, block);
  return end - begin >= 24 || (block.from >= scene.scale.from && block.to <= scene.scale.to);
}

/** @param {Scene} scene @returns {Label[]} */
function blockLabels(scene) {
  const { cluster, stripes } = scene;
  const named = scene.blocks.filter((block) => isNamed(block, scene) && !isOf(cluster, block));
  if (named.length > MOST_NAMED) named.length = 0;
  const labels = named.map((block) => blockLabel(scene, block));
  if (cluster) return [clusterLabel(scene, cluster), ...labels];
  return stripes.count > 0 ? [mergedLabel(scene), ...labels] : labels;
}

/** @type {Partial<Record<import("../engine/history.js").Status, readonly string[]>>} */
const AFTERWORDS = {
  freed: [", freed, not used again", ", freed"],
  moved: [", moved by realloc", ", moved"],
};

/** @param {Scene} scene @param {import("./blocks.js").Placed} block @returns {Label} */
function blockLabel(scene, block) {
  const { scale, newest, selected } = scene;
  const { number, from, to, status } = block;
  const span = spanOf(scene, block);
  const isSpecial = number === newest?.number || number === selected?.number;
  const pixels = (to - from) * scale.perByte;
  const name = `p${number}`;
  const sized = `${name} ${shortBytes(to - from, 100_000)}`;
  const isWidened = isSpecial && to > from && pixels < 2;
  const words = isWidened ? [" (not to scale)"] : (AFTERWORDS[status] ?? []);
  return {
    key: name,
    kind: status === "live" ? "block" : "dead",
    texts: [...words.map((word) => sized + word), sized, name],
    at: middleOf(span),
    span,
    place: span[1] - span[0] < 24 ? "callout" : "inside",
    priority: (isSpecial ? 70 : 50) + Math.min(pixels, 100) / 100,
  };
}

/** @param {import("./scene.js").Cluster | undefined} cluster @param {import("./blocks.js").Placed} block */
const isOf = (cluster, { number }) =>
  cluster !== undefined && cluster.first <= number && number <= cluster.last;

/** @param {Scene} scene @param {import("./scene.js").Cluster} cluster @returns {Label} */
function clusterLabel(scene, { from, to, first, last, isLive }) {
  const span = spanOf(scene, { from, to });
  const name = first === last ? `p${first}` : `p${first}–p${last}`;
  const one = `${name} ${shortBytes(to - from, 100_000)}`;
  const more =
    first === last ? [`${one} (not to scale)`, one] : [`${name}, ${last - first + 1} blocks`];
  const kind = isLive ? "block" : "dead";
  return {
    ...{ key: "merged", kind, texts: [...more, name], at: middleOf(span), span },
    ...{ place: "callout", priority: 65 },
  };
}

/** @param {Scene} scene @returns {Label} */
function mergedLabel({ stripes, scale }) {
  const { begin, end } = longestRun(stripes.live.map((live, at) => live + (stripes.dead[at] ?? 0)));
  const many = count(stripes.count, "block");
  const span = /** @type {const} */ ([begin, Math.min(end, scale.length)]);
  return {
    ...{ key: "merged", kind: "chip", place: "inside", priority: 45, span, at: middleOf(span) },
    texts: [`${many}, too narrow to tell apart`, many],
  };
}

/** Where the most values in a row are above zero. @param {Float32Array} values */
function longestRun(values) {
  let longest = { begin: 0, end: 0 };
  for (let begin = 0; begin < values.length; begin++) {
    let end = begin;
    while ((values[end] ?? 0) > 0) end++;
    if (end - begin > longest.end - longest.begin) longest = { begin, end };
    begin = end;
  }
  return longest;
}

/** @param {Scene} scene @returns {Label[]} */
function gapLabels(scene) {
  const { gaps, event } = scene;
  const named = gaps.length > MOST_NAMED ? [] : gaps;
  return named.map((gap) => {
    const span = spanOf(scene, gap);
    const isNew = event !== undefined && event.padding > 0 && event.result === gap.to;
    return {
      key: `pad ${gap.from}`,
      kind: "padding",
      texts: [`pad ${shortBytes(gap.to - gap.from)}`],
      at: middleOf(span),
      span,
      place: "callout",
      priority: isNew ? 75 : 48,
    };
  });
}

/** @param {Scene} scene @param {{vertical: boolean}} options @returns {Label[]} */
function areaLabels(scene, { vertical }) {
  const arrow = vertical ? "↑" : "←";
  // What was refused lies over the rest, which would seem to be its name.
  const areas = scene.areas.filter(
    ({ role }) => !scene.ghost || role === "data" || role === "stack",
  );
  return areas.map((area) => {
    const span = spanOf(scene, area);
    const size = shortBytes(area.to - area.from);
    const texts = {
      data: ["data"],
      stack: [`${arrow} stack`, "stack"],
      slack: [`slack ${size}`, "slack"],
      untaken: [`not taken yet ${size}`, "not taken yet"],
    }[/** @type {string} */ (area.role)] ?? [area.role];
    const kind = `area ${area.role}`;
    return { key: area.role, kind, texts, at: middleOf(span), span, priority: 30, place: "inside" };
  });
}

/** @param {Scene} scene @returns {Label[]} */
function pageLabels({ scale, grown, end }) {
  const boundaries = pageBoundaries(scale).filter((at) => at < end);
  return boundaries.map((at) => {
    const isGrown = grown !== undefined && at >= grown.from && at < grown.to;
    return {
      key: `page ${at}`,
      kind: isGrown ? "grown" : "page",
      texts: [`${isGrown ? "+ " : ""}page ${at / PAGE}`],
      at: scale.at(at),
      place: "flag",
      priority: isGrown && at === grown.from ? 78 : 20,
    };
  });
}

/** @param {Scene} scene @param {{vertical: boolean, addressText: AddressText}} options @returns {Label[]} */
function rulerLabels({ scale, end }, { vertical, addressText }) {
  const places = ticks(scale, vertical ? 88 : 180).filter((at) => at <= end);
  return places.map((at) => ({
    key: `tick ${at}`,
    kind: "tick",
    texts: [addressText(at)],
    at: scale.at(at),
    place: "note",
    priority: 10,
  }));
}

// ---- room ------------------------------------------------------------------------------------------

/**
 * @typedef {object} Layout
 * @property {boolean} vertical whether addresses go down
 * @property {number} length along the addresses
 * @property {number} breadth across
 * @property {readonly [number, number]} band where the memory is drawn, across
 * @property {number} line height of a line of text
 * @property {Record<"flag" | "callout" | "pointer" | "note", number>} rows where each begins, across
 */

const APART = 6;

/** How far a word may go from what it names, in its own widths: a line leads back. */
const SHIFTS = [0, 0.35, -0.35, 0.7, -0.7, 1, -1, 1.4, -1.4, 1.9, -1.9, 2.4, -2.4];

/**
 * Places labels, the important ones first; who finds no room is left out.
 * @param {readonly Label[]} labels
 * @param {Layout} layout
 * @param {(text: string, kind: string) => number} widthOf
 * @returns {PlacedLabel[]}
 */
export function placeLabels(labels, layout, widthOf) {
  /** @type {PlacedLabel[]} */
  const placed = [];
  for (const label of labels.toSorted((a, b) => b.priority - a.priority)) {
    const found = placeOne(label, placed, { layout, widthOf });
    if (found) placed.push(found);
  }
  return layout.vertical ? inOrder(placed) : placed;
}

/** In one column no two lines back may cross. @param {PlacedLabel[]} placed */
function inOrder(placed) {
  const column = placed.filter(({ place }) => place !== "inside");
  const tops = column.map(({ box }) => box.y).toSorted((a, b) => a - b);
  const ordered = column.toSorted((a, b) => a.at - b.at || a.box.y - b.box.y);
  for (const [at, { box }] of ordered.entries()) box.y = tops[at] ?? 0;
  return placed;
}

/**
 * @param {Label} label
 * @param {readonly PlacedLabel[]} others
 * @param {{layout: Layout, widthOf: (text: string, kind: string) => number}} room
 * @returns {PlacedLabel | undefined}
 */
function placeOne(label, others, room) {
  const { layout, widthOf } = room;
  for (const text of label.texts) {
    const width = widthOf(text, label.kind);
    const free = candidates(label, width, layout).find(
      (box) =>
        isWithin(box, layout) &&
        others.every((other) => !overlap(box, other.box) && !crosses(label, box, other)),
    );
    if (free) return { ...label, text, box: free };
  }
  const [begin = 0, end = 0] = label.span ?? [];
  const isBlock = label.place === "inside" && (label.kind === "block" || label.kind === "dead");
  if (!isBlock || end - begin < 6) return undefined;
  return placeOne({ ...label, place: "callout", texts: label.texts.slice(-2) }, others, room);
}

/** @param {Box} a @param {Box} b */
export const overlap = (a, b) =>
  a.x < b.x + b.width + APART &&
  b.x < a.x + a.width + APART &&
  a.y < b.y + b.height &&
  b.y < a.y + a.height;

/** Whether the lines back of two callouts would cross. @param {Label} label @param {Box} box @param {PlacedLabel} other */
function crosses(label, box, other) {
  if (label.place !== "callout" || other.place !== "callout" || box.y !== other.box.y) return false;
  return label.at < other.at !== box.x + box.width / 2 < other.box.x + other.box.width / 2;
}

/** @param {Box} box @param {Layout} layout */
function isWithin({ x, y, width, height }, { vertical, length, breadth }) {
  const [right, bottom] = vertical ? [breadth, length] : [length, breadth];
  return x >= 0 && y >= 0 && x + width <= right + 0.5 && y + height <= bottom + 0.5;
}

/**
 * Where a label may be, the best first.
 * @param {Label} label
 * @param {number} width
 * @param {Layout} layout
 * @returns {Box[]}
 */
function candidates(label, width, layout) {
  if (label.place === "inside") return inside(label, width, layout);
  return layout.vertical ? beside(label, width, layout) : above(label, width, layout);
}

/** @param {Label} label @param {number} width @param {Layout} layout @returns {Box[]} */
function inside({ at, span = [at, at] }, width, { vertical, band, line: height }) {
  const [begin, end] = span;
  const across = (band[0] + band[1]) / 2;
  if (vertical) {
    if (end - begin < height || width + 8 > band[1] - band[0]) return [];
    return [{ x: across - width / 2, y: at - height / 2, width, height }];
  }
  return end - begin < width + 8
    ? []
    : [{ x: at - width / 2, y: across - height / 2, width, height }];
}

/** Wide stages: rows above and below. @param {Label} label @param {number} width @param {Layout} layout */
function above({ place, at, before }, width, { rows, line: height, length }) {
  const y = place === "inside" ? 0 : rows[place];
  const clampX = (/** @type {number} */ x) => Math.min(Math.max(x, 0), length - width);
  const box = (/** @type {number} */ x) => ({ x, y, width, height });
  if (place === "flag") {
    const sides = [at + 2 * APART, at - width - 2 * APART];
    return [...(before ? sides.toReversed() : sides), clampX(at - width / 2)].map(box);
  }
  const middle = at - width / 2;
  if (place === "pointer") return [box(clampX(middle))];
  const shifts = place === "note" ? [0] : SHIFTS;
  const boxes = shifts.map((shift) => box(clampX(middle + shift * width)));
  return place === "callout" ? boxes : [...boxes, box(at + APART), box(at - width - APART)];
}

/** Narrow stages: one column beside the band. @param {Label} label @param {number} width @param {Layout} layout */
function beside({ place, at, kind }, width, { rows, line: height, length }) {
  const x = place === "inside" ? 0 : rows[place];
  const middle = Math.min(Math.max(at - height / 2, 0), length - height);
  const steps =
    kind === "tick" || kind === "page" ? [0] : [0, 0.5, -0.5, 1, -1, 1.5, -1.5, 2, -2, 3, -3];
  return steps.map((step) => ({ x, y: middle + step * height, width, height }));
}
