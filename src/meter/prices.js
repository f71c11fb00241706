// What an operator costs. Pure.
//
// The prices of the Stylus VM are facts read from OffchainLabs/nitro at commit 6dce8d1 (2026-04-23):
// crates/prover/src/programs/meter.rs (pricing_v1: operators, the block header), dynamic.rs (bytes
// of memory.copy and memory.fill), memory.rs (pages), crates/arbutil/src/operator.rs (what ends a
// block). Names of operators are those of the WebAssembly specification.

/** Ink of one gas. */
export const INK_PER_GAS = 10_000;

/**
 * @typedef {object} Operator what a price may depend on
 * @property {string} name
 * @property {number} targets of br_table, without its default
 * @property {number} parameters of the type that call_indirect names
 */

/**
 * @typedef {object} Schedule
 * @property {number} header what each basic block costs by itself
 * @property {number} byte what memory.copy and memory.fill cost for each byte, beside their price
 * @property {(operator: Operator) => number | undefined} price undefined for what the schedule does
 *   not know: it is counted apart, and adds nothing
 */

/** A basic block ends after each of these; in Stylus's set. */
const BRANCHES = "loop if else end br br_if br_table return call call_indirect";

// Ours, for what Stylus refuses: whatever can leave the straight line ends a block as a branch
// does. `try` and `try_table` begin one as `block` does, and end none.
const OTHER_BRANCHES =
  "catch catch_all throw rethrow throw_ref delegate return_call return_call_indirect call_ref " +
  "return_call_ref br_on_null br_on_non_null br_on_cast br_on_cast_fail";

const ENDS = new Set(`${BRANCHES} ${OTHER_BRANCHES}`.split(" "));

/** Whether a basic block ends after the operator. @param {string} name */
export const endsBlock = (name) => ENDS.has(name);

/** @type {readonly [number, string][]} */
const PRICES = [
  [1, "unreachable return nop i32.const i64.const block loop else end"],
  [9, "drop"],
  [765, "br br_if if"],
  [2400, "br_table"], // and for each target, below
  [1250, "select"],
  [3800, "call"],
  [13_610, "call_indirect"], // and for each parameter, below
  [75, "local.get local.tee"],
  [210, "local.set"],
  [225, "global.get"],
  [575, "global.set"],
  [670, "i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"],
  [680, "i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u"],
  [825, "i32.store i32.store8 i32.store16"],
  [950, "i64.store i64.store8 i64.store16 i64.store32"],
  [3000, "memory.size"],
  [8050, "memory.grow"],
  [950, "memory.copy memory.fill"], // and for each byte, at run time
  [170, comparisons("i32")],
  [225, comparisons("i64")],
  [210, "i32.clz i32.ctz i64.clz i64.ctz"],
  [2650, "i32.popcnt"],
  [6000, "i64.popcnt"],
  [70, arithmetic("i32")],
  [100, arithmetic("i64")],
  [160, "i32.mul i64.mul"],
  [1120, "i32.div_s i32.div_u i32.rem_s i32.rem_u"],
  [1270, "i64.div_s i64.div_u i64.rem_s i64.rem_u"],
  [100, "i32.wrap_i64 i64.extend_i32_s i64.extend_i32_u i32.extend8_s i32.extend16_s"],
  [100, "i64.extend8_s i64.extend16_s i64.extend32_s"],
];
const TARGET = 325;
const PARAMETER = 650;

/** @param {string} type */
function comparisons(type) {
  const names = "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u";
  return names.replaceAll(/\S+/g, `${type}.$&`);
}

/** @param {string} type */
function arithmetic(type) {
  return "add sub and or xor shl shr_s shr_u rotl rotr".replaceAll(/\S+/g, `${type}.$&`);
}

const priceOf = new Map(
  PRICES.flatMap(([price, names]) =>
    names.split(" ").map((name) => /** @type {const} */ ([name, price])),
  ),
);

/** @type {Readonly<Record<"stylus" | "operators", Schedule>>} */
export const schedules = {
  stylus: {
    header: 2450,
    byte: 100,
    price({ name, targets, parameters }) {
      const price = priceOf.get(name);
      if (price === undefined) return undefined;
      return price + targets * TARGET + parameters * PARAMETER;
    },
  },
  operators: { header: 0, byte: 0, price: () => 1 },
};

const FREE_PAGES = 2;
const PAGE_LIMIT = 128;
const GAS_PER_PAGE = 1000;
const GAS_OF_ALL_PAGES = 31_874_000; // of the exponential term, at the limit

/** @param {number} pages */
const exponential = (pages) => Math.floor(GAS_OF_ALL_PAGES ** (pages / PAGE_LIMIT));

/** Gas to have come from none to `pages`. @param {number} pages */
const gasToReach = (pages) =>
  pages <= FREE_PAGES
    ? 0
    : GAS_PER_PAGE * (pages - FREE_PAGES) + exponential(pages) - exponential(FREE_PAGES);

/**
 * Returns the ink that Stylus charges when memory grows, or undefined beyond the 128 pages that a
 * program may have there.
 * @param {number} from pages
 * @param {number} to pages
 */
export function pagesInk(from, to) {
  if (from === to) return 0;
  if (to > PAGE_LIMIT) return undefined;
  return (gasToReach(to) - gasToReach(from)) * INK_PER_GAS;
}
