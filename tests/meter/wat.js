// The modules of wat/, assembled, and what their comments expect of them. A comment counts by hand:
//
//   ;;   A = 2450 + 2 x 75 + 70 + 1 = 2671
//   ;; expect: add:2,3 ink=2671 operators=4 outside=0 result=5 by A
//
// A is a basic block: its header, then the price of each of its operators in their order, 0 for one
// that is outside Stylus's set. A call costs the blocks that it enters (`by A + 3 B`), and what is
// copied or filled (`+ 10 bytes`). `setup` is what runs before the first call; `trap=yes` stands
// in place of a result; pages are those before and after.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildFolder, root, succeed } from "../helpers/toolchain.js";

const folder = join(root, "tests/meter/wat");

/** The modules, by their names. */
export const modules = readdirSync(folder).map((file) => file.replace(/\.wat$/, ""));

const FEATURES = ["exceptions", "memory64", "tail-call", "threads"];

/**
 * Assembles a module, and returns the path of the result.
 * @param {string} name
 */
export async function assemble(name) {
  const out = join(buildFolder("meter"), `${name}.wasm`);
  const enable = FEATURES.map((feature) => `--enable-${feature}`);
  await succeed("wat2wasm", [...enable, join(folder, `${name}.wat`), "-o", out]);
  return out;
}

/** @typedef {{ink: number, operators: number, outside: number}} Count */

/**
 * @typedef {object} Expectation
 * @property {string} call as --call has it
 * @property {Record<string, string>} said what is expected, by its name
 * @property {Count} sum of what it is made of
 */

const PER_BYTE = 100;
const BLOCK = /^;; {3}([A-Z]) = (.*) = (\d+)$/gm; // the first term is the header
const EXPECTED = /^;; expect: (\S+) (.*) by (.*)$/gm;

/** What `terms` (`A + 3 B`, `2450 + 2 x 75`) consist of. @param {string} terms */
const parts = (terms) =>
  terms.split(" + ").map((term) => {
    const [, times = "1", what = ""] = /^(?:(\d+) (?:x )?)?(\w+)$/.exec(term) ?? [];
    return { times: Number(times), what };
  });

/** @param {string} terms @param {(what: string) => Count} count @returns {Count} */
function add(terms, count) {
  const sum = { ink: 0, operators: 0, outside: 0 };
  for (const { times, what } of parts(terms)) {
    const { ink, operators, outside } = count(what);
    sum.ink += times * ink;
    sum.operators += times * operators;
    sum.outside += times * outside;
  }
  return sum;
}

/** An operator of this price. @param {string} price @returns {Count} */
const operator = (price) => ({ ink: Number(price), operators: 1, outside: price === "0" ? 1 : 0 });

/** Returns what the comments of a module expect. @param {string} name */
export function expectations(name) {
  const text = readFileSync(join(folder, `${name}.wat`), "utf8");
  /** @type {Map<string, Count & {written: number}>} */
  const blocks = new Map();
  for (const [, letter = "", terms = "", sum] of text.matchAll(BLOCK)) {
    const { ink, operators, outside } = add(terms, operator);
    blocks.set(letter, { ink, operators: operators - 1, outside, written: Number(sum) });
  }
  /** @param {string} what @returns {Count} */
  const block = (what) => {
    if (what === "bytes") return { ink: PER_BYTE, operators: 0, outside: 0 };
    const found = blocks.get(what);
    if (!found) throw new Error(`${name}.wat: no block ${what}`);
    return found;
  };
  /** @type {Expectation[]} */
  const expected = [];
  for (const [, call = "", words = "", terms = ""] of text.matchAll(EXPECTED)) {
    const said = Object.fromEntries(words.split(" ").map((word) => word.split("=")));
    expected.push({ call, said, sum: add(terms, block) });
  }
  return { blocks, expected };
}
