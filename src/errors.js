// What goes wrong where somebody can do something about it. Pure.

/** A failure with its remedy: two lines on stderr, and an exit code. */
export class MiniAllocError extends Error {
  /**
   * @param {string} message what failed, and why; lower case, no full stop
   * @param {string} remedy what to do next, naming the option
   * @param {number} [code] exit code: 2 for wrong use, 1 where a comparison failed a limit
   */
  constructor(message, remedy, code = 2) {
    super(message);
    this.name = "MiniAllocError";
    this.remedy = remedy;
    this.code = code;
  }
}

/** What ends everything when a user has pressed Ctrl-C: nothing to tell. */
export class Interrupted extends Error {}

/**
 * Returns the steps from one word to another: letters put in, left out or replaced.
 * @param {string} from
 * @param {string} to
 */
function distance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/**
 * Returns the one of `names` that was probably meant: begun like this, or at most two steps away.
 * @param {string} typed
 * @param {readonly string[]} names
 * @returns {string | undefined}
 */
export function nearest(typed, names) {
  const steps = (/** @type {string} */ name) =>
    typed.length > 1 && name.startsWith(typed) ? 0 : distance(typed, name);
  const best = names.reduce((a, b) => (steps(b) < steps(a) ? b : a));
  return steps(best) <= 2 ? best : undefined;
}
