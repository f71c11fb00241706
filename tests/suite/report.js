// The comparison as text: what the command prints, and the part of it that the README has. Pure.

import { counted, table } from "../../src/table.js";
import { judge } from "./compare.js";

/** @typedef {import("./compare.js").Compared} Compared */
/** @typedef {import("./compare.js").Judged} Judged */
/** @typedef {import("./compare.js").Kind} Kind */
/** @typedef {import("./compare.js").Reason} Reason */

/** @type {readonly (readonly [Kind, string])[]} */
const KINDS = [
  ["passed", "pass with both"],
  ["resize", "only `-resize.a` passes"],
  ["lost", "fail with mini-alloc"],
  ["failed", "fail with both"],
  ["only ours", "fail with dlmalloc"],
  ["skipped", "skipped"],
];

/** @param {string} test */
const modeOf = (test) => test.slice(0, test.indexOf("."));

/** @param {readonly Compared[]} compared */
export function countTable(compared) {
  const modes = [...new Set(compared.map(({ test }) => modeOf(test)))];
  const rows = modes.map((mode) => {
    const own = compared.filter(({ test }) => modeOf(test) === mode);
    const counts = KINDS.map(([kind]) => own.filter((one) => one.kind === kind).length);
    return [`\`${mode}\``].concat([own.length, ...counts].map(String));
  });
  const columns = ["tests", ...KINDS.map(([, title]) => title)].map((title) => ({ title }));
  return table([{ title: "mode", text: true }, ...columns], rows);
}

/** Tests that fail for the same reason, in one line. @param {Judged["excused"]} excused */
function excuses(excused) {
  /** @type {Map<string, Set<string>>} */
  const tests = new Map();
  for (const { reason } of excused) {
    const { test, modes, why } = reason;
    const name = `\`${test}\`${modes ? ` (${modes.join(", ")})` : ""}`;
    tests.set(why, (tests.get(why) ?? new Set()).add(name));
  }
  return [...tests].map(([why, names]) => `- ${[...names].join(", ")}: ${why}`).join("\n");
}

/** The exception that a traceback ends with, or else its first line. @param {string} why */
const inShort = (why) =>
  ([...why.matchAll(/^\w+(?:Error|Expired): .*$/gm)].at(-1)?.[0] ?? why).slice(0, 200);

/** @param {Compared} compared */
const line = ({ test, why }) => `  ${test}: ${inShort(why)}`;

/** @param {string} title @param {readonly string[]} lines */
const section = (title, lines) => (lines.length > 0 ? [`${title}\n${lines.join("\n")}`] : []);

/**
 * For the README: the counts, and what fails with mini-alloc only.
 * @param {readonly Compared[]} compared
 * @param {readonly Reason[]} reasons
 */
export function reportMarkdown(compared, reasons) {
  const { excused } = judge(compared, reasons);
  if (excused.length === 0) return countTable(compared);
  const title = "These pass with dlmalloc, and not with `libmini_alloc.a`:";
  return `${countTable(compared)}\n\n${title}\n\n${excuses(excused)}`;
}

/**
 * For the terminal: everything.
 * @param {readonly Compared[]} compared
 * @param {readonly Reason[]} reasons
 */
export function reportText(compared, reasons) {
  const { unexcused, stale } = judge(compared, reasons);
  const of = (/** @type {Kind} */ kind) => compared.filter((one) => one.kind === kind);
  const late = compared.filter(({ again, kind }) => again && kind === "passed");
  return [
    ...section("Skipped:", of("skipped").map(line)),
    ...section("Fail with dlmalloc too:", of("failed").map(line)),
    ...section("Fail with dlmalloc only:", of("only ours").map(line)),
    ...section(
      "Passed at the second try:",
      late.map(({ test }) => `  ${test}`),
    ),
    reportMarkdown(compared, reasons),
    ...section("Fail with mini-alloc only, and no reason is listed:", unexcused.map(line)),
    ...section(
      "Pass, though a reason is listed why they can not:",
      stale.map(({ test, why }) => `  ${test}: ${why}`),
    ),
    verdict(compared, unexcused.length, stale.length),
  ].join("\n\n");
}

/** @param {readonly Compared[]} compared @param {number} unexcused @param {number} stale */
function verdict(compared, unexcused, stale) {
  const all = counted(compared.length, "test");
  if (unexcused + stale === 0) return `${all}: what passes with dlmalloc passes, or can not.`;
  return `${all}: ${unexcused} failed without a listed reason, ${stale} listed for nothing`;
}

/**
 * Whether all is as it should be.
 * @param {readonly Compared[]} compared
 * @param {readonly Reason[]} reasons
 */
export function isGood(compared, reasons) {
  const { unexcused, stale } = judge(compared, reasons);
  return unexcused.length + stale.length === 0;
}
