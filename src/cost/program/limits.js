// Limits for a check: they hold for the first allocator of the list. Pure.

import { grouped } from "../../table.js";
import { LIMITED } from "./request.js";

/** @typedef {import("./outcome.js").Row} Row */

/**
 * @typedef {object} Verdict
 * @property {string} option
 * @property {bigint} limit
 * @property {bigint} [figure] missing if there is none
 * @property {boolean} held
 * @property {string} text
 */

/** @type {Record<(typeof LIMITED)[number], (row: Row) => bigint | number | undefined>} */
const FIGURES = {
  ink: ({ ink }) => ink,
  pages: ({ pages }) => pages,
  bytes: ({ bytes }) => bytes && bytes.wasm + bytes.js,
};

const UNITS = { ink: "ink", pages: "pages", bytes: "bytes of wasm and JavaScript" };

/**
 * @param {import("./request.js").Limits} limits
 * @param {Row} row
 * @returns {Verdict[]}
 */
export function checkLimits(limits, row) {
  return LIMITED.flatMap((what) => {
    const limit = limits[what];
    return limit === undefined ? [] : verdict(what, limit, row);
  });
}

/** @param {(typeof LIMITED)[number]} what @param {bigint} limit @param {Row} row @returns {Verdict[]} */
function verdict(what, limit, row) {
  const option = `--max-${what}`;
  // What did not come to its end has only begun to cost.
  const counts = row.kind === "done" || (what === "bytes" && row.bytes !== undefined);
  const value = counts ? FIGURES[what](row) : undefined;
  if (value === undefined) {
    const text = `${option} ${grouped(limit)} cannot be checked: ${row.allocator}: ${row.outcome}`;
    return [{ option, limit, held: false, text }];
  }
  const figure = BigInt(value);
  const held = figure <= limit;
  const verb = held ? "is kept" : "is exceeded";
  const text = `${option} ${grouped(limit)} ${verb}: ${row.allocator} has ${grouped(figure)} ${UNITS[what]}`;
  return [{ option, limit, figure, held, text }];
}
