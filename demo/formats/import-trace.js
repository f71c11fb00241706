// Our own formats: traces of `mini-alloc trace`, and what the page exports as JSON. Pure.

import { FORMS } from "../engine/calls.js";
import { MOST_CALLS } from "../engine/log.js";
import { readTrace } from "../../src/trace/format.js";
import { Builder, ImportError } from "./imported.js";

/** @typedef {import("./imported.js").Imported} Imported */
/** @typedef {import("../../src/trace/format.js").Trace} Trace */

export const DEMO_FORMAT = "mini-alloc-demo";
export const DEMO_VERSION = 1;

// ---- traces --------------------------------------------------------------------------------------

/**
 * Reads a trace as far as it is whole: readTrace takes all or nothing, and names the line.
 * @param {string[]} lines
 * @param {Builder} builder
 * @returns {Trace}
 */
function readWhole(lines, builder) {
  try {
    return readTrace(lines);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const [, line, reason = ""] = /line (\d+): (.*)$/.exec(message) ?? [];
    const bad = Number(line ?? 0);
    if (bad <= 1) {
      const remedy = "Record it again: mini-alloc trace -- node app.js";
      throw new ImportError(`This trace cannot be read: ${reason || message}.`, remedy);
    }
    builder.ignore(bad, reason);
    for (let at = bad + 1; at <= lines.length; at++) {
      builder.ignore(at, `it comes after line ${bad}, which cannot be read`);
    }
    return readTrace(lines.slice(0, bad - 1));
  }
}

/** @param {Builder} builder @param {import("../../src/trace/format.js").Call} call @param {number} line */
function addCall(builder, { op, id, from = 0, n = 0, z = 0, a = 0, p = 0 }, line) {
  const outcome = { key: id, address: p, made: p !== 0 };
  if (op === "m") builder.make(line, { op: "malloc", size: n, ...outcome });
  else if (op === "c") builder.make(line, { op: "calloc", size: z, align: n, ...outcome });
  else if (op === "a") {
    // Only mini_alloc asks for nothing; where it asks for more, both are the same.
    builder.make(line, {
      op: n === 0 ? "mini_alloc" : "aligned_alloc",
      size: n,
      align: a,
      ...outcome,
    });
  } else if (op === "r") {
    builder.realloc(line, { from: from === 0 ? undefined : from, size: n, ...outcome });
  } else if (op === "f") builder.free(line, id === 0 ? undefined : id);
  else if (op === "k") builder.mark(line, id, p);
  else builder.reset(line, id, { done: p !== 0 });
}

/** @param {string[]} lines @param {string} title @returns {Imported} */
export function importTrace(lines, title) {
  const builder = new Builder();
  const { header, calls } = readWhole(lines, builder);
  builder.pages = header.pages;
  for (const [at, call] of calls.entries()) {
    builder.pages = call.g ?? builder.pages;
    addCall(builder, call, at + 2);
  }
  const { base, pages, alignment, allocator } = header;
  const start = allocator === "mini-alloc" ? { base, pages, alignment } : undefined;
  return builder.finish({ format: "trace", title, start });
}

// ---- what the page exports -----------------------------------------------------------------------

/** @param {unknown} value @param {number} [most] */
const isNumber = (value, most = 0xffff_ffff) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;

/**
 * @param {unknown} row
 * @returns {{form: import("../engine/calls.js").Form, args: number[], result: number, pages: number}
 *   | undefined}
 */
function readRow(row) {
  if (!Array.isArray(row)) return undefined;
  const [op, args, result, bump, limit, pages] = row;
  const form = FORMS.find((one) => one.op === op);
  if (!form || !Array.isArray(args) || args.length !== form.parameters.length) return undefined;
  if (![...args, result, bump, limit].every((value) => isNumber(value))) return undefined;
  return isNumber(pages, 65_535) ? { form, args, result, pages } : undefined;
}

/** @param {number} number */
const block = (number) => (number === 0 ? undefined : `p${number}`);

/** @param {Builder} builder @param {NonNullable<ReturnType<typeof readRow>>} row @param {string[]} keys */
function addRow(builder, { form, args, result }, keys, /** @type {number} */ line) {
  const [first = 0, second = 0] = args;
  const outcome = { key: keys[0] ?? "", address: result, made: result !== 0 };
  const { op } = form;
  if (op === "malloc") builder.make(line, { op, size: first, ...outcome });
  else if (op === "calloc") builder.make(line, { op, size: second, align: first, ...outcome });
  else if (op === "aligned_alloc")
    builder.make(line, { op, size: second, align: first, ...outcome });
  else if (op === "mini_alloc") builder.make(line, { op, size: first, align: second, ...outcome });
  else if (op === "realloc")
    builder.realloc(line, { from: block(first), size: second, ...outcome });
  else if (op === "free") builder.free(line, block(first));
  else if (op === "mark") builder.mark(line, keys[1] ?? "", result);
  else builder.reset(line, `m${first}`, { done: result === 0, isExact: true });
}

/** @param {string} text */
function parseDocument(text) {
  const remedy = "Choose the file as the page has written it.";
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImportError("This file is cut off or changed: it is no JSON.", remedy);
  }
  if (value?.format !== DEMO_FORMAT) throw new ImportError("This file is no export.", remedy);
  if (value.version !== DEMO_VERSION) {
    throw new ImportError("This export is of another version of the page.", "Use that version.");
  }
  if (!Array.isArray(value.log)) throw new ImportError("This export has no log.", remedy);
  return value;
}

/** @param {any} start */
function readStart(start) {
  const { base, pages, alignment } = start ?? {};
  if (!isNumber(base) || !isNumber(pages, 65_535) || !isNumber(alignment)) return undefined;
  return { base, pages, alignment };
}

/** @param {string} text @param {string} name of the file @returns {Imported} */
export function importDemo(text, name) {
  const { title, log, step, start: given } = parseDocument(text);
  const builder = new Builder();
  const start = readStart(given);
  let [blocks, marks] = [0, 0];
  for (const [at, value] of log.slice(0, MOST_CALLS + 1).entries()) {
    const row = readRow(value);
    if (!row) {
      builder.ignore(at + 1, "it is no row of a log");
      continue;
    }
    builder.pages = row.pages;
    const { returns } = row.form;
    if (returns === "block" && row.result !== 0) blocks++;
    if (returns === "mark") marks++;
    addRow(builder, row, [`p${blocks}`, `m${marks}`], at + 1);
  }
  return builder.finish({
    format: "demo",
    title: typeof title === "string" && title !== "" ? title.slice(0, 200) : name,
    start,
    step: isNumber(step, MOST_CALLS) ? step : undefined,
  });
}
