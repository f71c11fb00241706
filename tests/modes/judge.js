// For modes whose result is seen from outside the program only: the lines of check.h, by the host.

/** @typedef {import("../helpers/toolchain.js").Outcome} Outcome */

/**
 * The outcome of a program that has done right if all of `sentences` are true.
 * @param {Outcome} outcome
 * @param {Readonly<Record<string, boolean>>} sentences
 * @returns {Outcome}
 */
export function judge({ stderr, stdout }, sentences) {
  const verdicts = Object.entries(sentences);
  const lines = verdicts.map(([name, isTrue]) => `${isTrue ? "ok" : "not ok"} - ${name}`);
  const failed = verdicts.filter(([, isTrue]) => !isTrue).length;
  const end = `${verdicts.length - failed} passed, ${failed} failed`;
  // What the program printed is kept for whom it fails, but not as lines of its own.
  const said = stdout.replaceAll(/^/gm, "  ");
  return {
    code: failed > 0 ? 1 : 0,
    stdout: [...lines, end, said].join("\n"),
    stderr,
  };
}
