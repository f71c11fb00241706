// The operators that the interpreter knows: what Stylus asks for each, in ink, and what those that
// only compute do. Integers, as WebAssembly 1.0 has them, with sign extension and the two bulk
// operators of memory that have a price. An i32 is a number, signed; an i64 is a bigint, signed.

/** @typedef {"block" | "constant" | "index" | "targets"} Immediate */

/**
 * @typedef {object} Operator
 * @property {string} name
 * @property {number} ink
 * @property {readonly Immediate[]} immediates
 * @property {boolean} ends whether a basic block ends after it
 */

/** @type {Map<number, Operator>} */
export const operators = new Map();

/**
 * Operators of one price, from an opcode on.
 * @param {number} first @param {number} ink @param {string} names @param {...Immediate} immediates
 */
function priced(first, ink, names, ...immediates) {
  for (const [i, name] of names.split(" ").entries()) {
    const ends = /^(loop|if|else|end|br|br_if|br_table|return|call|call_indirect)$/.test(name);
    operators.set(first + i, { name, ink, immediates, ends });
  }
}

const compares = (/** @type {string} */ type) =>
  "eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u".replaceAll(/\w+/g, `${type}.$&`);

priced(0x00, 1, "unreachable nop");
priced(0x02, 1, "block loop", "block");
priced(0x04, 765, "if", "block");
priced(0x05, 1, "else");
priced(0x0b, 1, "end");
priced(0x0c, 765, "br br_if", "index");
priced(0x0e, 2400, "br_table", "targets"); // and 325 for each target
priced(0x0f, 1, "return");
priced(0x10, 3800, "call", "index");
priced(0x11, 13610, "call_indirect", "index", "index"); // and 650 for each parameter
priced(0x1a, 9, "drop");
priced(0x1b, 1250, "select");
priced(0x20, 75, "local.get", "index");
priced(0x21, 210, "local.set", "index");
priced(0x22, 75, "local.tee", "index");
priced(0x23, 225, "global.get", "index");
priced(0x24, 575, "global.set", "index");
priced(0x28, 670, "i32.load", "index", "index");
priced(0x29, 680, "i64.load", "index", "index");
priced(0x2c, 670, "i32.load8_s i32.load8_u i32.load16_s i32.load16_u", "index", "index");
priced(0x30, 680, "i64.load8_s i64.load8_u i64.load16_s i64.load16_u", "index", "index");
priced(0x34, 680, "i64.load32_s i64.load32_u", "index", "index");
priced(0x36, 825, "i32.store", "index", "index");
priced(0x37, 950, "i64.store", "index", "index");
priced(0x3a, 825, "i32.store8 i32.store16", "index", "index");
priced(0x3c, 950, "i64.store8 i64.store16 i64.store32", "index", "index");
priced(0x3f, 3000, "memory.size", "index");
priced(0x40, 8050, "memory.grow", "index");
priced(0x41, 1, "i32.const i64.const", "constant");
priced(0x45, 170, compares("i32"));
priced(0x50, 225, compares("i64"));
priced(0x67, 210, "i32.clz i32.ctz");
priced(0x69, 2650, "i32.popcnt");
priced(0x6a, 70, "i32.add i32.sub");
priced(0x6c, 160, "i32.mul");
priced(0x6d, 1120, "i32.div_s i32.div_u i32.rem_s i32.rem_u");
priced(0x71, 70, "i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr");
priced(0x79, 210, "i64.clz i64.ctz");
priced(0x7b, 6000, "i64.popcnt");
priced(0x7c, 100, "i64.add i64.sub");
priced(0x7e, 160, "i64.mul");
priced(0x7f, 1270, "i64.div_s i64.div_u i64.rem_s i64.rem_u");
priced(0x83, 100, "i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr");
priced(0xa7, 100, "i32.wrap_i64");
priced(0xac, 100, "i64.extend_i32_s i64.extend_i32_u");
priced(0xc0, 100, "i32.extend8_s i32.extend16_s");
priced(0xc2, 100, "i64.extend8_s i64.extend16_s i64.extend32_s");
priced(0xfc0a, 950, "memory.copy", "index", "index"); // and 100 for each byte
priced(0xfc0b, 950, "memory.fill", "index"); // and 100 for each byte

/** What WebAssembly calls a trap. */
export class Trap extends Error {}

const u32 = (/** @type {number} */ x) => x >>> 0;
const s64 = (/** @type {bigint} */ x) => BigInt.asIntN(64, x);
const u64 = (/** @type {bigint} */ x) => BigInt.asUintN(64, x);
const ones = (/** @type {string} */ binary) => binary.replaceAll("0", "").length;

/** The binary digits of an i64. @param {bigint} x */
const binary64 = (x) => u64(x).toString(2).padStart(64, "0");

/** @param {number | bigint} divisor */
function divisible(divisor) {
  if (divisor === 0 || divisor === 0n) throw new Trap("divide by zero");
}

/** @typedef {(a: number, b: number) => number | bigint | boolean} OnI32 */
/** @type {Record<string, OnI32>} */
const onI32 = {
  eqz: (a) => a === 0,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => a < b,
  lt_u: (a, b) => u32(a) < u32(b),
  gt_s: (a, b) => a > b,
  gt_u: (a, b) => u32(a) > u32(b),
  le_s: (a, b) => a <= b,
  le_u: (a, b) => u32(a) <= u32(b),
  ge_s: (a, b) => a >= b,
  ge_u: (a, b) => u32(a) >= u32(b),
  clz: (a) => Math.clz32(a),
  ctz: (a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
  popcnt: (a) => ones(u32(a).toString(2)),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => Math.imul(a, b),
  div_s(a, b) {
    divisible(b);
    if (a === -(2 ** 31) && b === -1) throw new Trap("integer overflow");
    return a / b;
  },
  div_u: (a, b) => (divisible(b), u32(a) / u32(b)),
  rem_s: (a, b) => (divisible(b), a % b),
  rem_u: (a, b) => (divisible(b), u32(a) % u32(b)),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr_s: (a, b) => a >> b,
  shr_u: (a, b) => a >>> b,
  rotl: (a, b) => (a << b) | (a >>> -b),
  rotr: (a, b) => (a >>> b) | (a << -b),
  extend8_s: (a) => (a << 24) >> 24,
  extend16_s: (a) => (a << 16) >> 16,
};

/** @typedef {(a: bigint, b: bigint) => bigint | number | boolean} OnI64 */
/** @type {Record<string, OnI64>} */
const onI64 = {
  eqz: (a) => a === 0n,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt_s: (a, b) => a < b,
  lt_u: (a, b) => u64(a) < u64(b),
  gt_s: (a, b) => a > b,
  gt_u: (a, b) => u64(a) > u64(b),
  le_s: (a, b) => a <= b,
  le_u: (a, b) => u64(a) <= u64(b),
  ge_s: (a, b) => a >= b,
  ge_u: (a, b) => u64(a) >= u64(b),
  clz: (a) => BigInt(binary64(a).replace(/1.*/, "").length),
  ctz: (a) => BigInt(binary64(a).replace(/.*1/, "").length),
  popcnt: (a) => BigInt(ones(binary64(a))),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div_s(a, b) {
    divisible(b);
    if (a === -(2n ** 63n) && b === -1n) throw new Trap("integer overflow");
    return a / b;
  },
  div_u: (a, b) => (divisible(b), u64(a) / u64(b)),
  rem_s: (a, b) => (divisible(b), a % b),
  rem_u: (a, b) => (divisible(b), u64(a) % u64(b)),
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << (b & 63n),
  shr_s: (a, b) => a >> (b & 63n),
  shr_u: (a, b) => u64(a) >> (b & 63n),
  rotl: (a, b) => (u64(a) << (b & 63n)) | (u64(a) >> (-b & 63n)),
  rotr: (a, b) => (u64(a) >> (b & 63n)) | (u64(a) << (-b & 63n)),
  extend8_s: (a) => BigInt.asIntN(8, a),
  extend16_s: (a) => BigInt.asIntN(16, a),
  extend32_s: (a) => BigInt.asIntN(32, a),
};

/** A result as the stack holds it. @param {number | bigint | boolean} value */
const held = (value) => (typeof value === "bigint" ? s64(value) : Number(value) | 0);

/** @typedef {{operands: number, apply: (...operands: any[]) => number | bigint}} Computation */

/** What the operators compute from their operands alone. @type {Map<string, Computation>} */
export const computations = new Map();

for (const [type, functions] of Object.entries({ i32: onI32, i64: onI64 })) {
  for (const [name, apply] of Object.entries(functions)) {
    computations.set(`${type}.${name}`, {
      operands: apply.length,
      apply: (a, b) => held(apply(/** @type {never} */ (a), /** @type {never} */ (b))),
    });
  }
}
const conversion = (/** @type {(a: any) => number | bigint} */ apply) => ({ operands: 1, apply });
computations.set(
  "i32.wrap_i64",
  conversion((a) => Number(BigInt.asIntN(32, a))),
);
computations.set(
  "i64.extend_i32_s",
  conversion((a) => BigInt(a)),
);
computations.set(
  "i64.extend_i32_u",
  conversion((a) => BigInt(u32(a))),
);
