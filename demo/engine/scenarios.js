// The scenarios: what each shows, and its calls. Those that depend on where the heap stands ask it
// as they go; the others are scripts.

import { MOST_PAGES, PAGE } from "./log.js";
import { callsOf } from "./play.js";
import { parseScript } from "./script.js";

/** @typedef {import("./calls.js").Call} Call */
/** @typedef {import("./heap.js").Heap} Heap */

/**
 * @typedef {object} Scenario
 * @property {string} id for addresses
 * @property {string} name
 * @property {string} about one sentence
 * @property {string} [script]
 * @property {(heap: Heap, options: {pages: number}) => Generator<Call, void, number>} [calls] where
 *   there is no script; `pages` is where the walk stops
 */

/** Where the crate's walk stops, and where it stops in the crate: 2 GiB. */
export const WALK_PAGES = { short: 256, full: 32_768 };

/** @param {number} size @param {number} [align] @returns {Call} */
const mini = (size, align = 1) => ({ op: "mini_alloc", args: [size, align] });

/** @param {Heap} heap */
const fill = (heap) => mini(heap.at().slack);

// The crate's test edge_cases begins like this, and each scenario goes a step further.
const EDGES = /** @type {((heap: Heap) => Call)[]} */ ([
  () => mini(0),
  () => mini(0),
  fill,
  () => mini(1),
  fill,
  () => mini(4 * PAGE),
]);

/** @param {number} length @returns {NonNullable<Scenario["calls"]>} */
const edges = (length) =>
  function* (heap) {
    for (const call of EDGES.slice(0, length)) yield call(heap);
  };

/**
 * The crate's edge_cases to its end, without the requests for nothing by which it asks where it is;
 * and where the crate stops short of 4 GiB, this stops short of what the module may have.
 * @param {Heap} heap
 * @param {{pages: number}} options
 * @yields {Call}
 * @returns {Generator<Call, void, number>}
 */
function* walk(heap, { pages }) {
  yield* edges(EDGES.length)(heap, { pages });
  let random = 0;
  while (heap.at().pages < pages && heap.at().failed === 0) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    let size = [random % 1024, random % PAGE, 0, random % (PAGE * 200)][random % 4] ?? 0;
    const { bump } = heap.at();
    if (random % 4 === 2) {
      yield fill(heap);
      size = bump; // where that block is, as in the crate
    }
    yield mini(Math.min(size, MOST_PAGES * PAGE - heap.at().bump));
  }
}

/** @type {readonly Scenario[]} */
export const SCENARIOS = [
  {
    ...{ id: "first", name: "First calls" },
    about: "Each call moves the pointer by what was asked for, and up to the next multiple of 8.",
    script: "malloc(24)\nmalloc(100)\nmalloc(3)\nmalloc(100)",
  },
  {
    ...{ id: "alignment", name: "Alignment" },
    about: "The stricter the alignment, the more bytes may be lost before a block.",
    script:
      "loop 3 malloc(1)\naligned_alloc(8, 8)\naligned_alloc(16, 16)\naligned_alloc(32, 32)\naligned_alloc(4096, 4096)",
  },
  {
    ...{ id: "free", name: "free does nothing" },
    about: "Five blocks are freed, and the next one still comes after them all.",
    script: "loop 5 malloc(100)\nfree(p1)\nfree(p2)\nfree(p3)\nfree(p4)\nfree(p5)\nmalloc(100)",
  },
  {
    ...{ id: "zero", name: "Edge cases: nothing" },
    about: "mini_alloc of 0 bytes returns the same address twice; malloc, as C wants, never does.",
    script: "mini_alloc(0, 1)\nmini_alloc(0, 1)\nmalloc(0)\nmalloc(0)",
  },
  {
    ...{ id: "fill", name: "Edge cases: fill the page" },
    about: "A block that ends exactly at the limit adds no page.",
    calls: edges(3),
  },
  {
    ...{ id: "cross", name: "Edge cases: one byte more" },
    about: "The next byte adds one page, and is its first.",
    calls: edges(4),
  },
  {
    ...{ id: "refill", name: "Edge cases: fill it again" },
    about: "The rest of the new page is filled, and no other is added.",
    calls: edges(5),
  },
  {
    ...{ id: "jump", name: "Edge cases: four pages" },
    about: "One call adds four pages at once.",
    calls: edges(6),
  },
  {
    ...{ id: "walk", name: "Edge cases: the whole walk" },
    about: "The Rust crate's own test: sizes of every order until memory has 256 pages or more.",
    calls: walk,
  },
  {
    ...{ id: "doubling", name: "Doubling" },
    about:
      "Blocks twice as large each time lie end to end, and the last ones add pages by the dozen.",
    script: Array.from({ length: 22 }, (_, i) => `mini_alloc(${2 ** i}, 1)`).join("\n"),
  },
  {
    ...{ id: "vectors", name: "Small after large" },
    about: "Three large blocks end to end, then small ones with an alignment of their own.",
    script: [
      ...["mini_alloc(700, 1)", "mini_alloc(65536, 1)", "mini_alloc(700000, 1)"],
      ...["mini_alloc(4, 4)", "mini_alloc(1, 1)", "mini_alloc(2, 2)"],
    ].join("\n"),
  },
  {
    ...{ id: "failure", name: "Failure" },
    about: "What cannot be had is refused, the pointer stays, and the next call works again.",
    script: "malloc(100)\nmalloc(0xFFFFFFFF)\nmalloc(3000000000)\nmalloc(16)",
  },
  {
    ...{ id: "realloc", name: "realloc" },
    about: "The block that realloc returned last grows in place; any other moves, and is lost.",
    script: [
      ...["a = malloc(100)", "b = realloc(a, 200)", "c = realloc(b, 400)", "d = malloc(50)"],
      ...["e = realloc(c, 500)", "f = realloc(e, 250)", "realloc(NULL, 80)", "g = realloc(f, 0)"],
      "realloc(g, 0)",
    ].join("\n"),
  },
  {
    ...{ id: "calloc", name: "calloc and zero pages" },
    about: "Memory above the pointer is zero already, so calloc costs what malloc costs.",
    script: "malloc(8)\ncalloc(1, 65536)\nmalloc(65536)\ncalloc(1024, 64)",
  },
  {
    ...{ id: "requests", name: "A request handler" },
    about: "Mark, work, reset: one call gives all of a request back, and clears it for the next.",
    script: [
      "malloc(4096)",
      "loop 3 { m = mark(); malloc(24); malloc(40); calloc(8, 24); malloc(100); malloc(24); malloc(40); malloc(512); reset(m) }",
    ].join("\n"),
  },
  {
    ...{ id: "churn", name: "The bad case" },
    about: "Ten thousand blocks, each freed at once: others use one place again, mini-alloc none.",
    script: "loop 10000 { p = malloc(256); free(p) }",
  },
];

/**
 * Returns the calls of a scenario, to be played on this heap.
 * @param {Scenario} scenario
 * @param {Heap} heap a new one
 * @param {{pages?: number}} [options]
 */
export function scenarioCalls({ script = "", calls }, heap, { pages = WALK_PAGES.short } = {}) {
  return calls ? calls(heap, { pages }) : callsOf(parseScript(script).statements);
}
