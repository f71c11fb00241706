// Random calls, the same for the same seed.

/** @typedef {import("../../demo/engine/calls.js").Call} Call */

/** Numbers below a bound. @param {number} seed @returns {(below: number) => number} */
export function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Mostly small, at times pages, now and then what cannot be had. @param {(n: number) => number} random */
function randomSize(random) {
  const kind = random(40);
  if (kind === 0) return 0xffff_ffff - random(100_000);
  if (kind < 3) return 0;
  if (kind < 8) return random(300_000);
  return random(2 ** random(12)) + 1;
}

/**
 * Makes random calls on a heap, with live blocks and marks only; and calls `look` after each.
 * @param {import("../../demo/engine/heap.js").Heap} heap
 * @param {{seed: number, length: number}} options
 * @param {(call: Call, step: number) => void} look
 */
export function randomCalls(heap, { seed, length }, look) {
  const random = randomNumbers(seed);
  /** @type {number[]} */
  let live = [];
  let marks = 0;
  const pick = () => live.splice(random(live.length), 1)[0] ?? 0;
  const forms = [
    () => ({ op: "malloc", args: [randomSize(random)] }),
    () => ({ op: "calloc", args: [random(9), randomSize(random)] }),
    () => ({ op: "realloc", args: [pick(), randomSize(random)] }),
    () => ({ op: "realloc", args: [live.pop() ?? 0, randomSize(random)] }),
    () => ({ op: "free", args: [pick()] }),
    () => ({ op: "aligned_alloc", args: [2 ** random(18), randomSize(random)] }),
    () => ({
      op: "mini_alloc",
      args: [randomSize(random), random(10) ? 2 ** random(random(9) ? 8 : 19) : 12],
    }),
    () => ({ op: "mark", args: [] }),
    () => ({ op: "reset", args: [1 + random(marks)] }),
  ];
  for (let i = 0; i < length; i++) {
    const kind = random(60);
    const form = kind > 8 ? forms[kind % 7] : forms[kind === 8 && marks === 0 ? 7 : kind];
    const call = /** @type {Call} */ (form?.());
    const { step, number } = heap.perform(call);
    if (call.op === "mark") marks = number;
    else if (number > 0) live.push(number);
    else if (call.op === "realloc" && call.args[0]) live.push(call.args[0]);
    if (call.op === "reset") {
      live = [];
      heap.history.eachBlock(step, (_, __, status, block) => {
        if (status === "live") live.unshift(block);
      });
    }
    look(call, step);
  }
}
