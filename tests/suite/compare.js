// What the outcomes with dlmalloc and with mini-alloc say together. Pure.

/** @typedef {import("./outcomes.js").Outcome} Outcome */

/**
 * @typedef {"passed" | "skipped" | "failed" | "only ours" | "resize" | "lost"} Kind
 *   passed, skipped: with both; failed: with dlmalloc too; only ours: fails with dlmalloc only;
 *   resize: passes with libmini_alloc-resize.a, but not with libmini_alloc.a; lost: neither does it
 *
 * @typedef {object} Compared
 * @property {string} test
 * @property {Kind} kind
 * @property {string} why it has not passed, if it has not
 * @property {boolean} again whether it took a second try
 */

/**
 * @param {Outcome} theirs with dlmalloc
 * @param {Outcome} ours
 * @returns {Exclude<Kind, "resize">}
 */
export function kindOf(theirs, ours) {
  if (theirs.verdict === "passed") return ours.verdict === "passed" ? "passed" : "lost";
  if (ours.verdict === "passed") return "only ours";
  return theirs.verdict === "skipped" && ours.verdict === "skipped" ? "skipped" : "failed";
}

/**
 * @param {Outcome} theirs
 * @param {Outcome} ours
 * @param {Outcome | undefined} resized ours, with libmini_alloc-resize.a
 * @returns {Compared}
 */
export function compare(theirs, ours, resized) {
  const kind = kindOf(theirs, ours);
  return {
    test: ours.test,
    kind: kind === "lost" && resized?.verdict === "passed" ? "resize" : kind,
    why: kind === "only ours" ? theirs.why : ours.why || theirs.why,
    again: (theirs.again ?? false) || (ours.again ?? false),
  };
}

/**
 * @typedef {object} Reason why a test can not pass
 * @property {string} test without its mode
 * @property {readonly string[]} [modes] where it is so; without: in all
 * @property {boolean} [resize] passes with libmini_alloc-resize.a, though
 * @property {boolean} [atTimes] may pass as well: what it does depends on the clock
 * @property {string} why
 */

/** @param {Reason} reason @param {string} name with its mode */
function concerns({ test, modes }, name) {
  const [mode = "", rest] = name.split(".");
  return test === rest && (modes?.includes(mode) ?? true);
}

/**
 * @typedef {object} Judged
 * @property {(Compared & {reason: Reason})[]} excused fail with us only, for a listed reason
 * @property {Compared[]} unexcused fail with us only
 * @property {Reason[]} stale reasons of tests that have passed
 */

/**
 * Sets reasons against what has failed with us only.
 * @param {readonly Compared[]} compared
 * @param {readonly Reason[]} reasons
 * @returns {Judged}
 */
export function judge(compared, reasons) {
  const differing = compared.filter(({ kind }) => kind === "lost" || kind === "resize");
  const excused = differing.flatMap((one) => {
    const reason = reasons.find(
      (each) => concerns(each, one.test) && (each.resize ?? false) === (one.kind === "resize"),
    );
    return reason ? [{ ...one, reason }] : [];
  });
  const passed = compared.filter(({ kind }) => kind === "passed");
  return {
    excused,
    unexcused: differing.filter(({ test }) => !excused.some((one) => one.test === test)),
    stale: reasons.filter(
      (reason) => !reason.atTimes && passed.some(({ test }) => concerns(reason, test)),
    ),
  };
}
