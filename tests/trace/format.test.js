// A trace as text: what the recorder writes is what the reader reads, and nothing else is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { MiniAllocError } from "../../src/errors.js";
import { CALLS, isHeader, readTrace } from "../../src/trace/format.js";
import { newRecorder } from "../../src/trace/recorder.js";
import { root } from "../helpers/toolchain.js";

const HEADER =
  '{"format":"mini-alloc-trace","version":1,"allocator":"mini-alloc","program":"app.js",' +
  '"alignment":8,"base":1024,"pages":2}';
const END = '{"op":"end","calls":0,"unrecorded":0,"instances":1,"pages":2}';
const M = '{"op":"m","id":1,"n":10,"p":1024}';
const K = '{"op":"k","id":1,"p":1024}';

/**
 * The lines of these reports: instance, call, block, n, z, from, pages.
 * @param {[number, string, ...number[]][]} reports
 * @param {Partial<import("../../src/trace/recorder.js").Setting>} [setting]
 */
function linesOf(reports, setting = {}) {
  /** @type {string[]} */
  const lines = [];
  const write = (/** @type {string} */ line) => void lines.push(line);
  const { record, end } = newRecorder({ program: "app.js", limit: 100, write, ...setting });
  for (const [instance, op, ...rest] of reports) record(instance, op.charCodeAt(0), ...rest);
  const last = end();
  return last === undefined ? lines : [...lines, last];
}

/** @type {[number, string, ...number[]]} */
const BEGIN = [0, "h", 1024, 8, 0, 0, 2];

describe("the recorder", () => {
  test("writes nothing for a program that does not begin", () => {
    assert.deepEqual(linesOf([]), []);
  });

  test("writes a header and an end for a program that asks for nothing", () => {
    assert.deepEqual(linesOf([BEGIN]), [HEADER, END]);
  });

  test("takes numbers with a sign for those without", () => {
    const lines = linesOf([BEGIN, [1, "m", -(2 ** 31), -16, 0, 0, 32_768]]);
    assert.equal(lines[1], '{"op":"m","id":1,"n":4294967280,"p":2147483648,"g":32768}');
  });

  test("tells of pages when they have changed, and only then", () => {
    const blocks = [2, 5, 5, 6].map(
      (pages) => /** @type {[number, string, ...number[]]} */ ([1, "m", 1024, 1, 0, 0, pages]),
    );
    const { calls } = readTrace(linesOf([BEGIN, ...blocks]));
    assert.deepEqual(
      calls.map(({ g }) => g),
      [undefined, 5, undefined, 6],
    );
  });

  test("knows a block by its latest number where an address comes again", () => {
    const { calls } = readTrace(
      linesOf([
        BEGIN,
        [1, "m", 1024, 1, 0, 0, 2],
        [1, "m", 1024, 1, 0, 0, 2],
        [1, "f", 0, 0, 0, 1024, 2],
        [1, "f", 0, 0, 0, 1032, 2],
      ]),
    );
    assert.deepEqual(
      calls.map(({ id }) => id),
      [1, 2, 2, -1],
    );
  });

  test("stops at the limit, and counts what comes after", () => {
    const block = /** @type {[number, string, ...number[]]} */ ([1, "m", 1024, 1, 0, 0, 2]);
    const { calls, end } = readTrace(linesOf([BEGIN, block, block, block], { limit: 2 }));
    assert.equal(calls.length, 2);
    assert.deepEqual([end?.calls, end?.unrecorded], [2, 1]);
  });

  test("records the first instance, and counts the others", () => {
    const { record, end } = newRecorder({ program: "", limit: 9, write() {} });
    const begin = () => record(0, "h".charCodeAt(0), 1024, 8, 0, 0, 2);
    assert.deepEqual([begin(), begin()], [1, 2]);
    assert.equal(record(2, "m".charCodeAt(0), 1024, 1, 0, 0, 2), 2);
    assert.equal(end(), '{"op":"end","calls":0,"unrecorded":0,"instances":2,"pages":2}');
  });

  test("puts down whole microseconds since it began, where there is a clock", () => {
    let now = 100;
    const lines = linesOf([BEGIN, [1, "f", 0, 0, 0, 0, 2]], { clock: () => (now += 7.4) });
    assert.equal(lines[1], '{"op":"f","id":0,"t":7}');
  });
});

describe("the reader", () => {
  test("takes text and lines, with a newline at the end and without", () => {
    const text = [HEADER, M].join("\n");
    const expected = readTrace([HEADER, M]);
    assert.deepEqual(readTrace(text), expected);
    assert.deepEqual(readTrace(`${text}\n`), expected);
    assert.deepEqual(expected.calls, [{ op: "m", id: 1, n: 10, p: 1024 }]);
    assert.equal(expected.end, undefined, "it was cut off");
  });

  test("tells a trace by its first line", () => {
    assert.equal(isHeader(HEADER), true);
    assert.equal(isHeader(M), false);
    assert.equal(isHeader("# notes"), false);
  });

  /** @type {[string, string[], string][]} */
  const errors = [
    ["nothing", [], "line 1: there is nothing"],
    ["an empty text", [""], "line 1: it is no JSON"],
    ["an array", ["[]"], "line 1: it is no JSON object"],
    ["another format", ['{"format":"rep"}'], "line 1: 'format' is not \"mini-alloc-trace\""],
    ["a later version", [HEADER.replace(":1,", ":2,")], "line 1: version 2 is not 1"],
    ["no pages", [HEADER.replace(',"pages":2', "")], "line 1: 'pages' is missing"],
    ["a program of 1", [HEADER.replace('"app.js"', "1")], "line 1: 'program' is no string"],
    ["a base of -1", [HEADER.replace("1024", "-1")], "line 1: 'base' cannot be -1"],
    ["a second header", [HEADER, HEADER], "line 2: there is no op undefined"],
    ["an unknown op", [HEADER, '{"op":"q"}'], 'line 2: there is no op "q"'],
    ["a call cut off", [HEADER, M, M.slice(0, 20)], "line 3: it is no JSON"],
    ["no size", [HEADER, '{"op":"m","id":1,"p":8}'], "line 2: 'n' is missing"],
    ["a foreign field", [HEADER, M.replace("}", ',"a":8}')], "line 2: 'a' does not belong there"],
    [
      "a time before the beginning",
      [HEADER, M.replace("}", ',"t":-1}')],
      "line 2: 't' cannot be -1",
    ],
    ["65,537 pages", [HEADER, M.replace("}", ',"g":65537}')], "line 2: 'g' cannot be 65537"],
    ["a block before all", [HEADER, '{"op":"f","id":-2}'], "line 2: 'id' cannot be -2"],
    ["a size below 0", [HEADER, M.replace("10", "-1")], "line 2: 'n' cannot be -1"],
    ["a half byte", [HEADER, M.replace("10", "0.5")], "line 2: 'n' cannot be 0.5"],
    ["2^32 bytes", [HEADER, M.replace("10", "4294967296")], "line 2: 'n' cannot be 4294967296"],
    ["a size in words", [HEADER, M.replace("10", '"10"')], "line 2: 'n' cannot be \"10\""],
    ["a number twice", [HEADER, M, M], "line 3: 'id' is 1, not 2"],
    ["a number for nothing", [HEADER, M.replace("1024", "0")], "line 2: 'id' is 1, not 0"],
    ["a block to come", [HEADER, '{"op":"f","id":1}'], "line 2: 'id' is 1, which is not made yet"],
    ["a mark freed", [HEADER, K, '{"op":"f","id":1}'], "line 3: 'id' is 1, which is a mark"],
    [
      "a block for a mark",
      [HEADER, M, '{"op":"x","id":1,"p":8}'],
      "line 3: 'id' is 1, which is no mark",
    ],
    [
      "a block that is its own origin",
      [HEADER, '{"op":"r","id":1,"from":1,"n":8,"p":8}'],
      "line 2: 'from' is 1, which is not made yet",
    ],
    ["a wrong count", [HEADER, M, END], "line 3: 'calls' is 0, but 1 are above"],
    ["more after the end", [HEADER, END, M], "line 3: it comes after the end"],
  ];
  for (const [what, lines, message] of errors) {
    test(`refuses ${what}`, () => {
      assert.throws(() => readTrace(lines), {
        name: "MiniAllocError",
        message: `cannot read the trace: ${message}`,
        remedy: "record it again: mini-alloc trace -- node app.js",
      });
      assert.throws(() => readTrace(lines), MiniAllocError);
    });
  }
});

describe("the README", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");

  test("has a row for each op, with its fields", () => {
    const rows = [...readme.matchAll(/^\| `(\w)` +\|[^|]+\| (`id`[^|]*)\|$/gm)];
    const documented = rows.map(([, op, fields = ""]) => [op, fields.match(/\w+/g)]);
    assert.deepEqual(Object.fromEntries(documented), CALLS);
  });

  test("shows a trace that can be read", () => {
    const example = /^\{"format"[^`]*/m.exec(readme)?.[0] ?? "";
    assert.equal(readTrace(example).end?.calls, 3);
  });
});
