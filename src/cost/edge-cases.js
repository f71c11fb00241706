// The crate's own test as a measure, beside what was published of it.

import { freemem } from "node:os";
import { instrument } from "../meter/instrument.js";
import { INK_PER_GAS } from "../meter/prices.js";
import { runCalls } from "../meter/run.js";
import { moduleOf } from "./build.js";

/** @typedef {import("./report.js").EdgeCost} EdgeCost */

// README of the crate mini-alloc (OffchainLabs/stylus-sdk-rs): gas in the Stylus VM with the price
// of memory's growth switched off.
const CONDITIONS = "published; in Rust, opt-level s, with its asserts";

/** What the crate's README says. */
export const EDGE_CASES_PUBLISHED = [
  { name: "MiniAlloc", alloc: 333, allocZeroed: 329, conditions: CONDITIONS },
  { name: "WeeAlloc", alloc: 721, allocZeroed: 95_000_000, conditions: CONDITIONS },
  { name: "Rust std", alloc: 516, allocZeroed: 48_000_000, conditions: CONDITIONS },
];

const FILLED = 4 * 2 ** 30; // bytes, at most, that an allocator writes to zero them

/** Whether this machine can have an allocator fill all that memory. */
export const canFill = () => freemem() > FILLED;

/**
 * Measures both exports, each on an instance of its own.
 * @param {import("./build.js").Built} built
 * @param {{zeroed: boolean}} what
 * @returns {{alloc: EdgeCost | undefined, allocZeroed: EdgeCost | undefined}}
 */
export function measureEdgeCases(built, { zeroed }) {
  const metered = instrument(moduleOf(built));
  const cost = (/** @type {string} */ name) => {
    const [call] = runCalls(metered, [{ name, args: [] }], { write() {} }).calls;
    if (!call || call.result !== 0) return undefined;
    return { gas: Number(call.ink) / INK_PER_GAS, pages: call.pagesAfter };
  };
  const allocZeroed = zeroed ? cost("edge_cases_alloc_zeroed") : undefined;
  return { alloc: cost("edge_cases_alloc"), allocZeroed };
}
