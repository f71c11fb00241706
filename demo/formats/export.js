// The log as files: JSON, which the page reads again; CSV; a trace as `mini-alloc trace` writes it;
// and a C program that makes the same calls. Pure.

import { formOf } from "../engine/calls.js";
import { count, grouped } from "../engine/words.js";
import { FORMAT, VERSION } from "../../src/trace/format.js";
import { DEMO_FORMAT, DEMO_VERSION } from "./import-trace.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Event} Event */

/**
 * @param {History} history
 * @yields {Event}
 * @returns {Generator<Event, void, void>}
 */
function* events(history) {
  for (let step = 1; step <= history.steps; step++) yield history.event(step);
}

/**
 * A row of the log a line: its call, what it returned, and where the heap stood after it.
 * @param {History} history
 * @param {{title: string, step: number}} about
 */
export function toJson(history, { title, step }) {
  const { bump: base, pages } = history.start;
  const start = { base, pages, alignment: history.places.alignment };
  const columns = ["op", "args", "result", "bump", "limit", "pages", "ink"];
  const head = { format: DEMO_FORMAT, version: DEMO_VERSION, title, step, start, columns };
  const rows = [];
  for (const { op, args, result, after, ink } of events(history)) {
    rows.push(JSON.stringify([op, args, result, after.bump, after.limit, after.pages, ink]));
  }
  return `${JSON.stringify(head).slice(0, -1)},"log":[\n${rows.join(",\n")}\n]}\n`;
}

const CSV_HEAD =
  "step,call,size,count,align,given,result,padding,bump,limit,pages,pages grown,ink,failed";

/** A line for each step, numbers decimal. @param {History} history */
export function toCsv(history) {
  const lines = [CSV_HEAD];
  for (const event of events(history)) {
    const { step, op, args, result, padding, after, ink, failed } = event;
    const { parameters = [] } = formOf(op) ?? {};
    const given = Object.fromEntries(parameters.map((name, i) => [name, args[i]]));
    const { size, count: times, align, block, mark } = given;
    const what = block ? `p${block}` : mark ? `m${mark}` : block === 0 ? "NULL" : "";
    const { bump, limit, pages, pagesGrown } = after;
    const values = [step, op, size, times, align, what, result, padding, bump, limit, pages];
    lines.push([...values, pagesGrown, ink, failed ? 1 : 0].map((v) => v ?? "").join(","));
  }
  return `${lines.join("\r\n")}\r\n`;
}

// ---- trace ---------------------------------------------------------------------------------------

const LETTERS = {
  ...{ malloc: "m", calloc: "c", realloc: "r", free: "f" },
  ...{ aligned_alloc: "a", mini_alloc: "a", mark: "k", reset: "x" },
};

/** Blocks and marks in one row, as a trace numbers them. */
class Ids {
  made = 0;
  /** @type {number[]} */
  block = [0];
  /** @type {number[]} */
  mark = [0];

  /** @param {"block" | "mark"} kind */
  next(kind) {
    this.made++;
    this[kind].push(this.made);
    return this.made;
  }
}

/** @param {Event} event @param {Ids} ids */
function traceLine({ op, args, result: p, after }, ids) {
  const [first = 0, second = 0] = args;
  const g = after.pagesGrown > 0 ? { g: after.pages } : {};
  if (op === "free") return { op: "f", id: ids.block[first] ?? -1, ...g };
  if (op === "mark") return { op: "k", id: ids.next("mark"), p, ...g };
  if (op === "reset")
    return { op: "x", id: ids.mark[first] ?? -1, p: p === 0 ? after.bump : 0, ...g };
  const from = ids.block[first] ?? -1;
  const head = { op: LETTERS[op], id: p === 0 ? 0 : ids.next("block") };
  if (op === "malloc") return { ...head, n: first, p, ...g };
  if (op === "calloc") return { ...head, n: first, z: second, p, ...g };
  if (op === "realloc") return { ...head, from, n: second, p, ...g };
  const [n, a] = op === "mini_alloc" ? [first, second] : [second || 1, first];
  return { ...head, n, a, p, ...g };
}

/**
 * JSON Lines, which src/trace/format.js tells of.
 * @param {History} history
 * @param {{program: string, allocator: string}} about
 */
export function toTrace(history, { program, allocator }) {
  const { bump: base, pages } = history.start;
  const { alignment } = history.places;
  const head = { format: FORMAT, version: VERSION, allocator, program, alignment, base, pages };
  const lines = [JSON.stringify(head)];
  const ids = new Ids();
  for (const event of events(history)) lines.push(JSON.stringify(traceLine(event, ids)));
  const last = history.at(history.steps).pages;
  const end = { op: "end", calls: history.steps, unrecorded: 0, instances: 1, pages: last };
  return `${[...lines, JSON.stringify(end)].join("\n")}\n`;
}

// ---- C -------------------------------------------------------------------------------------------

/** The most calls of a program: more is no longer read by anybody. */
export const MOST_IN_C = 2000;

/** @param {Event} event */
function cStatement({ op, args, block, failed }, /** @type {number} */ marks) {
  const { parameters = [], symbol = "", returns = "nothing" } = formOf(op) ?? {};
  const list = parameters.map((parameter, i) => {
    const value = args[i] ?? 0;
    if (parameter === "block") return value === 0 ? "NULL" : `p[${value}]`;
    return parameter === "mark" ? `m[${value}]` : value > 0x7fff_ffff ? `${value}u` : String(value);
  });
  const call = `${symbol}(${list.join(", ")});`;
  if (returns === "mark") return `m[${marks}] = ${call}`;
  if (returns !== "block") return call;
  return `p[${block}] = ${call}${failed ? "  // NULL" : ""}`;
}

/**
 * A program that makes the calls up to a step, where it fits.
 * @param {History} history
 * @param {{title: string, steps?: number}} about
 */
export function toC(history, { title, steps = history.steps }) {
  const last = Math.min(steps, MOST_IN_C);
  const lines = [];
  let [marks, own] = [0, false];
  for (let step = 1; step <= last; step++) {
    const event = history.event(step);
    if (event.op === "mark") marks++;
    own ||= ["mini_alloc", "mark", "reset"].includes(event.op);
    lines.push(`  ${cStatement(event, marks)}`);
  }
  const cut = last < steps ? `, the first ${grouped(last)} of ${grouped(steps)}` : "";
  const blocks = lines.some((line) => line.includes("p["));
  // A title may come from a file: no end of comment, no end of line.
  const name = title.replaceAll(/[^\w .,:()-]+/g, " ").trim();
  return [
    `// ${name}: ${count(last, "call")}${cut}.`,
    "// p[3] is p3; p[0] is for calls that return NULL.",
    "#include <stdlib.h>",
    ...(own ? ["#include <mini_alloc.h>"] : []),
    "",
    ...(blocks ? [`static void *p[${history.at(last).blocks + 1}];`] : []),
    ...(marks > 0 ? [`static uintptr_t m[${marks + 1}];`] : []),
    "",
    "int main(void) {",
    ...lines,
    "}",
    "",
  ].join("\n");
}
