// What the engine says in words: why a call did what it did, and what is wrong with a script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap } from "../../demo/engine/heap.js";
import { callsOf, play, printScript, statementsOf } from "../../demo/engine/play.js";
import { SCENARIOS } from "../../demo/engine/scenarios.js";
import { parseScript } from "../../demo/engine/script.js";
import { MARKERS, callText, headline, why, whyText } from "../../demo/engine/why.js";
import { modulesOf } from "./modules.js";
import { randomCalls } from "./random.js";

const modules = await modulesOf("mini-alloc");

/** A heap after a script. @param {string} text */
function after(text) {
  const heap = new Heap(modules);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

// Addresses differ by version of Emscripten; here each is the distance from the heap base.
/** Why the last call of a script did what it did. @param {string} script */
function lastWhy(script) {
  const heap = after(script);
  const { heapBase } = heap.places;
  return whyText(heap.event(heap.steps)).replaceAll(/0x([\da-f]{8})/g, (_, digits) => {
    const from = Number.parseInt(digits, 16) - heapBase;
    if (from < 60_000) return `base+${from}`;
    const [page, within] = [Math.floor((from + heapBase) / 65_536), (from + heapBase) % 65_536];
    return `page ${page}${within > 0 ? `+${within}` : ""}`;
  });
}

// Fills the two pages there are, whose rest depends on the heap base.
const base = new Heap(modules).places.heapBase;
const FULL = `mini_alloc(${131_072 - base}, 1)\n`;

const STAYS = "It still fits, so no page was added.";

/** @type {Readonly<Record<string, [string, string]>>} */
const REASONS = {
  "the first request": [
    "malloc(100)",
    "The first request takes all memory there is, 2 pages. It fits, so no page was added. Moved the bump pointer 100 bytes, to base+100.",
  ],
  "a block that fits": [
    "malloc(8)\nmalloc(1)",
    `${STAYS} Moved the bump pointer 1 byte, to base+9.`,
  ],
  padding: [
    "malloc(3)\nmalloc(100)",
    `Rounded base+3 up to base+8, a multiple of 8: 5 bytes of padding. ${STAYS} Moved the bump pointer 100 bytes, to base+108.`,
  ],
  "a block that ends at the limit": [
    `malloc(8)\nmini_alloc(${131_072 - base - 8}, 1)`,
    `It fits to the last byte, so no page was added. Moved the bump pointer ${(131_064 - base).toLocaleString("en")} bytes, to page 2.`,
  ],
  growth: [
    `${FULL}malloc(70000)`,
    "The block would end 70,000 bytes past the limit, page 2. 2 pages were added, and the limit is page 4 now. Moved the bump pointer 70,000 bytes, to page 3+4464.",
  ],
  "growth by an eighth": [
    `${FULL}malloc(2000000)\nmalloc(65536)`,
    "The block would end 33,920 bytes past the limit, page 33. 1 page would do, but memory grows by an eighth at least: 4 pages were added, and the limit is page 37 now. Moved the bump pointer 65,536 bytes, to page 33+33920.",
  ],
  "growth for nothing": [
    `${FULL}malloc(1)\nmalloc(65528)\nmini_alloc(0, 65536)\nmini_alloc(0, 131072)`,
    "For 0 bytes mini_alloc takes none, and returns the bump pointer. Rounded page 3 up to page 4, a multiple of 131,072: 65,536 bytes of padding. The block would end 65,536 bytes past the limit, page 3. 2 pages were added, and the limit is page 5 now.",
  ],
  "growth of a full memory for nothing": [
    `${FULL}mini_alloc(0, 131072)`,
    "For 0 bytes mini_alloc takes none, and returns the bump pointer. Memory is full up to the limit, page 2. 1 page was added, and the limit is page 3 now.",
  ],
  "malloc of nothing": [
    "malloc(8)\nmalloc(0)",
    `For 0 bytes malloc takes 1, so that no other block has the same address. ${STAYS} Moved the bump pointer 1 byte, to base+9.`,
  ],
  "mini_alloc of nothing": [
    "malloc(8)\nmini_alloc(0, 1)",
    "For 0 bytes mini_alloc takes none, and returns the bump pointer.",
  ],
  "what memory refuses": [
    "malloc(8)\nmalloc(0xFFFFFFFF)",
    "4,294,967,295 bytes need 65,535 more pages, and memory may not grow that far: it returned NULL. Nothing moved.",
  ],
  "no power of two": [
    "aligned_alloc(24, 48)",
    "An alignment has to be a power of two, and 24 is none: it returned NULL. Nothing moved.",
  ],
  "what would end beyond the last address": [
    "malloc(8)\nmini_alloc(4000000000, 0x80000000)",
    "4,000,000,000 bytes at a multiple of 2,147,483,648 would end beyond the last address there is: it returned NULL. Nothing moved.",
  ],
  calloc: [
    "malloc(8)\ncalloc(10, 16)",
    `10 times 16 bytes is 160 bytes. ${STAYS} Moved the bump pointer 160 bytes, to base+168. There is nothing to clear: all bytes above the bump pointer are zero already.`,
  ],
  "calloc beyond 32 bits": [
    "malloc(8)\ncalloc(65536, 65536)",
    "65,536 times 65,536 bytes is 4,294,967,296 bytes, more than 32 bits can count: it returned NULL. Nothing moved.",
  ],
  free: [
    "malloc(100)\nfree(p1)",
    "free does nothing: the bump pointer stays at base+100, and the 100 bytes of p1 stay taken.",
  ],
  "free of one byte": [
    "malloc(0)\nfree(p1)",
    "free does nothing: the bump pointer stays at base+1, and the 1 byte of p1 stays taken.",
  ],
  "free of NULL": ["free(NULL)", "free(NULL) does nothing, as C demands."],
  "realloc that moves": [
    "malloc(100)\nmalloc(4)\nrealloc(p1, 200)",
    `p1 moves: only the block that realloc returned last can stay, as long as nothing follows it. Rounded base+108 up to base+112, a multiple of 8: 4 bytes of padding. ${STAYS} Moved the bump pointer 200 bytes, to base+312. Copied 108 bytes, all up to the bump pointer, since mini-alloc keeps no sizes; the 100 bytes of p1 stay taken.`,
  ],
  "realloc in place": [
    "realloc(NULL, 100)\nrealloc(p1, 200)",
    `p1 is the last block, and realloc knows its size, so it stays in place. ${STAYS} Moved the bump pointer 100 bytes, to base+200.`,
  ],
  "realloc in place that shrinks": [
    "realloc(NULL, 100)\nrealloc(p1, 60)",
    "p1 is the last block, and realloc knows its size, so it stays in place: the bump pointer goes back 40 bytes, to base+60, and what lies above it is set to zero.",
  ],
  "realloc to the same": [
    "realloc(NULL, 100)\nrealloc(p1, 100)",
    "p1 is the last block, and realloc knows its size, so it stays in place. Nothing moves.",
  ],
  "realloc that is refused": [
    "malloc(8)\nrealloc(p1, 0xFFFFFFFF)",
    "4,294,967,295 bytes need 65,535 more pages, and memory may not grow that far: it returned NULL. Nothing moved. p1 is as it was.",
  ],
  mark: ["malloc(10)\nmark()", "Noted where the bump pointer is, base+10. Nothing moved."],
  reset: [
    "mark()\nmalloc(100)\nreset(m1)",
    "Moved the bump pointer back 100 bytes, to base+0, and set what lies above it to zero. The pages stay: memory never shrinks.",
  ],
  "reset to where it is": [
    "malloc(8)\nmark()\nreset(m1)",
    "Moved the bump pointer back 0 bytes, to base+8. The pages stay: memory never shrinks.",
  ],
  "reset that is refused": [
    "mark()\nmalloc(100)\nmark()\nreset(m1)\nreset(m2)",
    "m2 is above the bump pointer or outside the heap, so it returned -1. Nothing moved.",
  ],
};

test("the reason of each kind of call, in full", async (t) => {
  for (const [name, [script, text]] of Object.entries(REASONS)) {
    await t.test(name, () => assert.equal(lastWhy(script), text));
  }
});

test("every marker is used, and every call has a reason", () => {
  const heap = new Heap(modules);
  const used = new Set();
  randomCalls(heap, { seed: 7, length: 1500 }, (_, step) => {
    const clauses = why(heap.event(step));
    assert.ok(clauses.length > 0);
    for (const { text, marker } of clauses) {
      assert.ok(marker);
      used.add(marker);
      assert.match(text, /^[\w(].*\.$/);
      assert.doesNotMatch(text, /[a-z]\. [a-z]|\bNaN\b|\b(?:1 byte|1 page) (?:are|need)\b/);
      assert.doesNotMatch(text, /undefined|NaN|Infinity|(?<!returned )-\d|\b1 (bytes|pages)/, text);
    }
  });
  used.add(why(after("malloc(1)\ncalloc(65536, 65536)").event(2))[0]?.marker);
  assert.deepEqual([...used].toSorted(), MARKERS.toSorted());
});

test("addresses in the reasons are written as the reader wants them", () => {
  const heap = after("malloc(3)\nmalloc(100)");
  const options = { address: (/** @type {number} */ at) => `<${at - base}>` };
  assert.equal(
    whyText(heap.event(2), options),
    `Rounded <3> up to <8>, a multiple of 8: 5 bytes of padding. ${STAYS} Moved the bump pointer 100 bytes, to <108>.`,
  );
  assert.equal(headline(heap.event(2), options), "malloc(100) → <8>");
});

/** @type {Readonly<Record<string, [string, string, string]>>} */
const CALLS = {
  "malloc(100)": ["p1 = malloc(100)", "malloc(100) → 0x", ""],
  "malloc(0xFFFFFFFF)": ["malloc(4294967295)", "malloc(4294967295) → NULL", "refused"],
  "malloc(8)\nfree(p1)": ["free(p1)", "free(p1)", ""],
  "free(NULL)": ["free(NULL)", "free(NULL)", ""],
  "malloc(8)\nrealloc(p1, 200)": ["p2 = realloc(p1, 200)", "realloc(p1, 200) → 0x", ""],
  "calloc(10, 16)": ["p1 = calloc(10, 16)", "calloc(10, 16) → 0x", ""],
  "mini_alloc(8, 1)": ["p1 = mini_alloc(8, 1)", "mini_alloc(8, 1) → 0x", ""],
  "mark()": ["m1 = mark()", "mark() → 0x", ""],
  "mark()\nreset(m1)": ["reset(m1)", "reset(m1) → 0", ""],
  "mark()\nmalloc(1)\nmark()\nreset(m1)\nreset(m2)": ["reset(m2)", "reset(m2) → -1", "refused"],
};

test("a call is written as C has it, with the name of what it made and what it returned", async (t) => {
  for (const [script, [text, head, failed]] of Object.entries(CALLS)) {
    await t.test(script, () => {
      const heap = after(script);
      const event = heap.event(heap.steps);
      const mark = event.op === "mark" ? heap.history.marks.length : 0;
      assert.equal(callText(event, mark), text);
      assert.equal(headline(event).replace(/(?<=0x)[\da-f]{8}$/, ""), head);
      assert.equal(event.failed, failed === "refused");
    });
  }
});

test("of another allocator, only what can be seen from outside is said", () => {
  const heap = after(
    "malloc(8)\nfree(p1)\nrealloc(NULL, 9)\nrealloc(p2, 90000)\nmalloc(0xFFFFFFFF)",
  );
  const options = { address: (/** @type {number} */ at) => `<${at - base}>`, isBump: false };
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((step) => whyText(heap.event(step), options)),
    [
      "It returned <0>. Memory did not grow.",
      "p1 was freed. Memory did not grow.",
      "It returned <8>. Memory did not grow.",
      "p2 stays at <8>. Memory did not grow.",
      "It returned NULL. Memory did not grow.",
    ],
  );
});

// ---- scripts -------------------------------------------------------------------------------------

/** @type {Readonly<Record<string, string>>} */
const ERRORS = {
  "malloc(": "line 1, column 8: expected a size in bytes, found the end",
  "malloc 100": "line 1, column 8: expected '(' as in malloc(size), found '100'",
  "malloc(x)": "line 1, column 8: expected a size in bytes, found 'x'",
  "malloc(100, 2)": "line 1, column 11: expected ')' as in malloc(size), found ','",
  "calloc(10)": "line 1, column 10: expected ',' as in calloc(count, size), found ')'",
  "malloc(12ab)": "line 1, column 8: expected a number such as 100 or 0x64, found '12ab'",
  "malloc(4294967296)":
    "line 1, column 8: expected a number up to 4,294,967,295, found '4294967296'",
  "malloc(-1)": "line 1, column 8: expected a size in bytes, found '-'",
  "  molloc(1)":
    "line 1, column 3: expected one of malloc, calloc, realloc, free, aligned_alloc, mini_alloc, mark, reset, found 'molloc'",
  "free(3)": "line 1, column 6: expected a block such as p1, or NULL, found '3'",
  "free(q)":
    "line 1, column 6: expected a block such as p1, or NULL, or a name given before, as in q = malloc(100), found 'q'",
  "m = mark()\nfree(m)":
    "line 2, column 6: expected a block such as p1, or NULL, found 'm', which is a mark",
  "reset(NULL)": "line 1, column 7: expected a mark such as m1, found 'NULL', which is a block",
  "p = free(p1)": "line 1, column 5: expected a call that returns a block or a mark, found 'free'",
  "NULL = malloc(1)": "line 1, column 1: expected a name that is not taken, found 'NULL'",
  "malloc(1) malloc(2)": "line 1, column 11: expected a new line or ';', found 'malloc'",
  "loop malloc(1)":
    "line 1, column 6: expected how often, a number from 1 to 1,000,000, found 'malloc'",
  "loop 0 malloc(1)": "line 1, column 6: expected a number from 1 to 1,000,000, found '0'",
  "loop 2 loop 2 malloc(1)":
    "line 1, column 8: expected a call, for a loop holds no other, found 'loop'",
  "loop 2 { malloc(1)": "line 1, column 19: expected '}', ';' or a new line, found the end",
  "loop 999999 malloc(1)\nmalloc(1)\nmalloc(1)":
    "line 3, column 1: expected at most 1,000,000 calls, found 'malloc'",
  "=": "line 1, column 1: expected a call such as malloc(100), found '='",
};

test("what is wrong with a script is told with its column", async (t) => {
  for (const [script, message] of Object.entries(ERRORS)) {
    await t.test(script, () => {
      assert.throws(() => parseScript(script), { name: "ScriptError", message });
    });
  }
  assert.throws(() => parseScript("#".repeat(1_000_001)), {
    message: "line 1, column 1: expected at most 1,000,000 characters",
  });
});

test("a script may have comments, blank lines, semicolons and hexadecimal numbers", () => {
  const { statements } = parseScript(
    "# one\n\n p = malloc(0x10) ; free(p) // done\n;;\r\nmalloc(1)\n",
  );
  assert.equal(printScript(statements), "p = malloc(16)\nfree(p)\nmalloc(1)");
});

test("what is printed is read as the same", () => {
  for (const { script } of SCENARIOS) {
    if (script === undefined) continue;
    const { statements } = parseScript(script);
    assert.deepEqual(parseScript(printScript(statements)).statements, statements);
  }
});

test("the log of random calls becomes a script that makes the same calls", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 11, length: 500 }, () => {});
  for (let i = 0; i < 5; i++) heap.perform({ op: "malloc", args: [64] });
  const calls = Array.from({ length: heap.steps }, (_, i) => heap.history.call(i + 1));
  const text = printScript(statementsOf(calls));
  assert.match(text, /\nloop 5 malloc\(64\)$/);
  const again = after(text);
  assert.deepEqual(again.history.log.columns, heap.history.log.columns);
});

test("names last from one script to the next, and a name whose call failed is NULL", () => {
  const heap = new Heap(modules);
  const numbers = new Map();
  const first = parseScript("q = malloc(100); r = malloc(0xFFFFFFFF)");
  for (const _ of play(callsOf(first.statements, numbers), heap));
  const second = parseScript("free(q); free(r)", first.names);
  for (const _ of play(callsOf(second.statements, numbers), heap));
  assert.deepEqual(
    [3, 4].map((step) => heap.history.call(step).args),
    [[1], [0]],
  );
});
