// What tally.h computes, by other means: for the tests to compare with.

const MASK = (1n << 64n) - 1n;

/** @param {bigint} hash @param {Iterable<number>} bytes */
function fnv1a(hash, bytes) {
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK;
  return hash;
}

/** The 8 bytes of a number. @param {bigint} value */
const littleEndian = (value) => new Uint8Array(new BigUint64Array([value]).buffer);

/**
 * The text of transfers that ledger.c makes from a seed.
 * @param {number} seed
 * @param {number} count
 */
export function transfers(seed, count) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
  const line = () => {
    const digits = String(1 + (next() % 900));
    const letters = [...digits].toReversed().map((digit) => "abcdefghij"[Number(digit)]);
    return `${letters.join("")} ${next() % 10_000_000}\n`;
  };
  return Array.from({ length: count }, line).join("");
}

/** The digest of a text, and how many names there are. @param {string} text */
export function tally(text) {
  /** @type {Map<string, bigint>} */
  const sums = new Map();
  for (const line of text.trimEnd().split("\n")) {
    const [name = "", amount = ""] = line.split(" ");
    sums.set(name, (sums.get(name) ?? 0n) + BigInt(amount));
  }
  let digest = 0xcbf29ce484222325n;
  for (const [name, sum] of sums) {
    digest = fnv1a(fnv1a(digest, Buffer.from(name)), littleEndian(sum));
  }
  return { digest, accounts: sums.size };
}
