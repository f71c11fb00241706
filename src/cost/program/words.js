// Says in words who wins by how much, and where mini-alloc loses. Pure.

import { grouped } from "../../table.js";
import { list, times } from "../words.js";
import { apart } from "./times.js";

/** @typedef {import("./outcome.js").Row} Row */

const OURS = "mini-alloc";
const SHORTEST = 1; // milliseconds: below, starting and ending are too much of it

const ENOUGH_RUNS = 4; // with fewer, chance alone may put all of one before all of another

const SAME = 1.005; // less is nobody's gain
const FEW = 1.2; // up to here it is said in percent

/**
 * @param {number} ours
 * @param {number} theirs
 * @param {{less: string, more: string}} words
 */
function amount(ours, theirs, { less, more }) {
  const [large, small] = [Math.max(ours, theirs), Math.min(ours, theirs)];
  const factor = large / small;
  const percent = ours < theirs ? 1 - ours / theirs : ours / theirs - 1;
  const much = factor < FEW ? `${grouped(percent * 100, 1)} %` : times(factor);
  return `${much} ${ours < theirs ? less : more}`;
}

/**
 * Sorts the rivals by whether they have more than we, and says how much.
 * @param {Row} own
 * @param {readonly Row[]} rivals
 * @param {(row: Row) => number | undefined} figure
 * @param {{less: string, more: string}} words
 * @param {(rival: Row) => boolean} [counts]
 */
function sorted(own, rivals, figure, words, counts = () => true) {
  const ours = figure(own);
  /** @type {Record<"wins" | "losses" | "equals", string[]>} */
  const said = { wins: [], losses: [], equals: [] };
  for (const rival of rivals) {
    const theirs = figure(rival);
    if (!ours || !theirs) continue;
    const text = `${amount(ours, theirs, words)} than ${rival.allocator}`;
    const same = Math.max(ours, theirs) / Math.min(ours, theirs) < SAME;
    if (same || !counts(rival)) said.equals.push(rival.allocator);
    else (ours < theirs ? said.wins : said.losses).push(text);
  }
  return said;
}

/** Whether it is long enough to be timed. @param {Row} row */
export const tooShort = ({ ms }) => ms !== undefined && ms.median < SHORTEST;

/** @param {string} title @param {readonly string[]} texts @param {readonly unknown[]} [of] nothing if that is empty */
const line = (title, texts, of = texts) =>
  of.length > 0 ? [`${title}${/ (?:as|from)$/.test(title) ? "" : ":"} ${list(texts)}.`] : [];

/** @param {Row} own @param {readonly Row[]} rivals */
function inkLines(own, rivals) {
  if (own.threads !== undefined) return []; // much of it is waiting
  const said = sorted(own, rivals, ({ ink }) => Number(ink ?? 0n), { less: "less", more: "more" });
  return [
    ...line(`${own.allocator} takes less ink`, said.wins),
    ...line(`${own.allocator} loses in ink`, said.losses),
    ...line(`${own.allocator} takes the same ink, within half a percent, as`, said.equals),
  ];
}

/** @param {Row} own @param {readonly Row[]} rivals */
function timeLines(own, rivals) {
  if (tooShort(own) || !own.ms || rivals.length === 0) return [];
  const runs = own.ms.runs.length;
  if (runs < ENOUGH_RUNS)
    return [`Times of ${runs} ${runs > 1 ? "runs" : "run"} tell no winner: --runs 5.`];
  const speed = { less: "faster", more: "slower" };
  const counts = (/** @type {Row} */ rival) => apart(own.ms, rival.ms);
  const said = sorted(own, rivals, ({ ms }) => ms?.median, speed, counts);
  return [
    ...line(`${own.allocator} takes less time`, said.wins),
    ...line(`${own.allocator} loses in time`, said.losses),
    ...line(`${own.allocator} differs in time by no more than chance from`, said.equals),
  ];
}

const MEGABYTE = 16; // pages

/** @param {number} pages */
const size = (pages) => `${grouped(pages)} pages (${grouped(pages / MEGABYTE, 1)} MiB)`;

/** Who needs how much, once where it is the same. @param {readonly Row[]} rivals */
function needs(rivals) {
  const amounts = [...new Set(rivals.map(({ pages = 0 }) => pages))].toSorted((a, b) => a - b);
  return amounts.map((pages) => {
    const who = rivals.filter((rival) => rival.pages === pages).map(({ allocator }) => allocator);
    return `${list(who)} ${who.length > 1 ? "need" : "needs"} ${size(pages)}`;
  });
}

/** @param {Row} own @param {readonly Row[]} rivals */
function pagesLines({ allocator, pages = 0 }, rivals) {
  const better = rivals.filter((rival) => rival.pages !== undefined && rival.pages < pages);
  const worse = rivals.filter((rival) => pages > 0 && (rival.pages ?? 0) > pages);
  const reason = allocator === OURS ? ", as it gives nothing back" : "";
  return [
    ...line(
      `${allocator} loses in memory${reason}`,
      [`${size(pages)}, where ${list(needs(better))}`],
      better,
    ),
    ...line(
      `${allocator} needs less memory`,
      [`${size(pages)}, where ${list(needs(worse))}`],
      worse,
    ),
  ];
}

/** @param {Row} row */
const total = ({ bytes }) => (bytes ? bytes.wasm + bytes.js : 0);

/** @param {Row} own @param {readonly Row[]} rivals */
function bytesLines(own, rivals) {
  const differing = rivals.filter((rival) => total(rival) !== total(own));
  const said = (/** @type {readonly Row[]} */ some) =>
    some.map((rival) => {
      const difference = total(own) - total(rival);
      const word = difference < 0 ? "fewer" : "more";
      return `${grouped(Math.abs(difference))} bytes ${word} than ${rival.allocator}`;
    });
  return [
    ...line(
      `${own.allocator} makes the smaller program`,
      said(differing.filter((rival) => total(rival) > total(own))),
    ),
    ...line(
      `${own.allocator} makes the larger program`,
      said(differing.filter((rival) => total(rival) < total(own))),
    ),
  ];
}

/** @param {readonly Row[]} rows */
function memoryLines(rows) {
  const starved = rows.filter(({ kind }) => kind === "memory");
  const able = rows.filter(({ kind, pages }) => kind === "done" && pages !== undefined);
  const [best] = able.toSorted((a, b) => (a.pages ?? 0) - (b.pages ?? 0));
  const instead = best
    ? `, or take ${best.allocator}, which needed ${grouped(best.pages ?? 0)} pages`
    : "";
  return starved.map(({ allocator, pages }) => {
    const where = pages === undefined ? "" : ` at ${grouped(pages)} pages`;
    const why =
      allocator === OURS ? ": it gives nothing back, so all that is ever allocated must fit" : "";
    return (
      `${allocator} ran out of memory${where}${why}. ` +
      `Allow more: -sALLOW_MEMORY_GROWTH, -sMAXIMUM_MEMORY=4GB${instead}.`
    );
  });
}

/**
 * Returns the lines that end a report.
 * @param {readonly Row[]} rows
 * @returns {string[]}
 */
export function conclusions(rows) {
  const done = rows.filter(({ kind }) => kind === "done");
  const named = rows.find(({ allocator }) => allocator === OURS) ?? rows[0];
  const own = done.find((row) => row === named);
  const rivals = done.filter((row) => row !== own);
  const compared = own ? [inkLines, timeLines, pagesLines, bytesLines] : [];
  return [...compared.flatMap((lines) => (own ? lines(own, rivals) : [])), ...memoryLines(rows)];
}
