// What calls.c must be recorded as, by a bump pointer of our own.

/** @typedef {import("../../src/trace/format.js").Header} Header */
/** @typedef {import("../../src/trace/format.js").Call} Call */

/** @param {Header} header the only thing that is not known before: where the heap is @returns {Call[]} */
export function expectedCalls({ base, pages }) {
  let top = base;
  let id = 0;
  const take = (/** @type {number} */ size, align = 8) => {
    const p = Math.ceil(top / align) * align;
    top = p + size;
    return p;
  };
  const next = () => ++id;
  const mark = { at: 0 };
  const [first, zeroed, moved] = [take(100), take(15), take(200)];
  top = moved + 300; // the last block, grown where it is
  /** @type {Call[]} */
  const calls = [
    { op: "m", id: next(), n: 100, p: first },
    { op: "c", id: next(), n: 3, z: 5, p: zeroed },
    { op: "r", id: next(), from: 1, n: 200, p: moved },
    { op: "r", id: next(), from: 3, n: 300, p: moved },
    { op: "f", id: 4 },
    { op: "f", id: 0 },
    { op: "f", id: -1 },
    { op: "r", id: next(), from: 0, n: 10, p: take(10) },
    { op: "a", id: next(), n: 1, a: 64, p: take(1, 64) },
    { op: "a", id: next(), n: 5, a: 32, p: take(5, 32) },
    { op: "a", id: next(), n: 7, a: 16, p: take(7, 16) },
    { op: "a", id: next(), n: 3, a: 1, p: take(3, 1) },
    { op: "k", id: next(), p: (mark.at = top) },
    { op: "a", id: next(), n: 0, a: 1, p: top },
    { op: "m", id: next(), n: 0, p: take(1) },
    { op: "x", id: 10, p: (top = mark.at) },
    { op: "x", id: -1, p: 0 },
    { op: "m", id: next(), n: 6, p: take(6) },
  ];
  const large = take(20 << 20);
  const grown = Math.max(pages + Math.floor(pages / 8), Math.ceil(top / 65_536));
  return [
    ...calls,
    { op: "m", id: next(), n: 20 << 20, p: large, g: grown },
    { op: "m", id: 0, n: 0xf0000000, p: 0 },
    { op: "c", id: 0, n: 65_536, z: 65_536, p: 0 },
    { op: "r", id: 0, from: 14, n: 0xffffffff, p: 0 },
    { op: "a", id: 0, n: 8, a: 3, p: 0 },
    { op: "r", id: next(), from: 14, n: 16, p: take(16) },
  ];
}
