// Whose each byte of memory is at a step. Pure.

import { grouped } from "../engine/words.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Status} Status */

/**
 * @typedef {object} Owner
 * @property {"block" | "padding" | "slack" | "data" | "stack" | "none"} kind
 * @property {number} number of the block, or 0
 * @property {number} offset from where it begins
 * @property {Status} [status] of a block
 */

/** @typedef {{from: number, to: number, number: number, status: Status}} Span of a block */

/** @param {Owner["kind"]} kind @param {number} offset @returns {Owner} */
const other = (kind, offset) => ({ kind, number: 0, offset });

export class Owners {
  /** @type {Span[]} in the order of addresses */
  #spans = [];

  /** @param {History} history @param {number} step */
  constructor(history, step) {
    this.places = history.places;
    this.base = history.start.bump;
    this.state = history.at(step);
    history.eachBlock(step, (from, taken, status, number) => {
      if (taken > 0) this.#spans.push({ from, to: from + taken, number, status });
    });
    this.#spans.sort((a, b) => a.from - b.from);
  }

  /** Whose a byte is. @param {number} at @returns {Owner} */
  of(at) {
    const { base, state, places } = this;
    if (at >= base) return this.#inHeap(at);
    if (at >= places.dataBegin && at < places.dataEnd) return other("data", at - places.dataBegin);
    const isStack = at >= places.stackBottom && at < places.stackTop;
    return isStack ? other("stack", at - places.stackBottom) : other("none", at - state.limit);
  }

  /** @param {number} at @returns {Owner} */
  #inHeap(at) {
    const { bump, limit } = this.state;
    if (at >= limit) return other("none", at - limit);
    if (at >= bump) return other("slack", at - bump);
    const span = this.#spanAt(at);
    if (!span || at >= span.to) return other("padding", at - (span?.to ?? this.base));
    return { kind: "block", number: span.number, offset: at - span.from, status: span.status };
  }

  /** The last block that begins at an address or before. @param {number} at */
  #spanAt(at) {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.from ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return this.#spans[low - 1];
  }
}

/** @type {Readonly<Record<Status, string>>} */
const STATUSES = {
  live: "live",
  freed: "freed, and not used again",
  moved: "left behind by realloc",
  resized: "resized",
  "given back": "given back",
};

/** @type {Readonly<Record<Exclude<Owner["kind"], "block">, string>>} */
const OTHERS = {
  padding: "padding",
  slack: "slack: ours, not used yet",
  data: "static data",
  stack: "stack",
  none: "nobody's",
};

/** In words: byte 3 of p2, live. @param {Owner} owner */
export const ownerText = ({ kind, number, offset, status }) =>
  kind === "block"
    ? `byte ${grouped(offset)} of p${number}, ${STATUSES[status ?? "live"]}`
    : OTHERS[kind];

/** In a word or two: p2 freed. @param {Owner} owner */
export function ownerName({ kind, number, status }) {
  if (kind !== "block") return kind === "none" ? "" : kind;
  return status === "live" ? `p${number}` : `p${number} ${status}`;
}

/**
 * The address that is meant by a text.
 * @param {string} text an address, a block such as p3, or base, bump or limit
 * @param {{history: History, step: number, end: number}} at `end` of the memory
 * @returns {number | string} the address, or what is wrong with it
 */
export function addressOf(text, { history, step, end }) {
  const plain = text.trim().toLowerCase().replaceAll(",", "");
  const { bump, limit } = history.at(step);
  const named = { base: history.start.bump, bump, limit: limit - 1 }[plain];
  if (named !== undefined) return Math.min(named, end - 1);
  const [, number] = /^p([1-9]\d{0,6})$/.exec(plain) ?? [];
  if (number !== undefined) {
    const made = history.sums.stepOf(Number(number));
    if (made > 0 && made <= step) return history.log.columns.result[made - 1] ?? 0;
    return `there is no p${number} at this step`;
  }
  if (!/^(\d+|0x[\da-f]+)$/.test(plain)) {
    return "expected an address such as 0x4400, a block such as p1, or base, bump or limit";
  }
  return Number(plain) < end ? Number(plain) : `memory ends at ${grouped(end)} bytes`;
}
