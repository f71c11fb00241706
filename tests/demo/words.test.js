// What the engine says in words: why a call did what it did, and what is wrong with a script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Heap } from "../../demo/engine/heap.js";
import { callsOf, play, printScript, statementsOf } from "../../demo/engine/play.js";
import { SCENARIOS } from "../../demo/engine/scenarios.js";
import { parseScript } from "../../demo/engine/script.js";
import { MARKERS, why, whyText } from "../../demo/engine/why.js";
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
    return from > 60_000 ? `limit ${(from + heapBase) / 65_536}` : `base+${from}`;
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
    "The first request takes all memory there is, 2 pages. Moved the bump pointer by 100 bytes. It fits, so no page was added.",
  ],
  "a block that fits": ["malloc(8)\nmalloc(1)", `Moved the bump pointer by 1 byte. ${STAYS}`],
  padding: [
    "malloc(3)\nmalloc(100)",
    `Rounded up base+3 to base+8: 5 bytes of padding. Moved the bump pointer by 100 bytes. ${STAYS}`,
  ],
  "a block that ends at the limit": [
    `malloc(8)\nmini_alloc(${131_072 - base - 8}, 1)`,
    `Moved the bump pointer by ${(131_064 - base).toLocaleString("en")} bytes. It fits to the last byte, so no page was added.`,
  ],
  growth: [
    `${FULL}malloc(70000)`,
    "Moved the bump pointer by 70,000 bytes. 70,000 bytes did not fit: added 2 pages, the limit is limit 4 now.",
  ],
  "growth by an eighth": [
    `${FULL}malloc(2000000)\nmalloc(65536)`,
    "Moved the bump pointer by 65,536 bytes. 33,920 bytes did not fit: 1 page would do, but it grows by an eighth at least: added 4 pages, the limit is limit 37 now.",
  ],
  "growth for nothing": [
    `${FULL}malloc(1)\nmalloc(65528)\nmini_alloc(0, 65536)\nmini_alloc(0, 131072)`,
    "For 0 bytes mini_alloc takes none: it returned the bump pointer. Rounded up limit 3 to limit 4: 65,536 bytes of padding. 65,536 bytes did not fit: added 2 pages, the limit is limit 5 now.",
  ],
  "growth of a full memory for nothing": [
    `${FULL}mini_alloc(0, 131072)`,
    "For 0 bytes mini_alloc takes none: it returned the bump pointer. Memory was full: added 1 page, the limit is limit 3 now.",
  ],
  "malloc of nothing": [
    "malloc(8)\nmalloc(0)",
    `For 0 bytes malloc takes 1, so that the address is nobody else's. Moved the bump pointer by 1 byte. ${STAYS}`,
  ],
  "mini_alloc of nothing": [
    "malloc(8)\nmini_alloc(0, 1)",
    "For 0 bytes mini_alloc takes none: it returned the bump pointer.",
  ],
  "what memory refuses": [
    "malloc(8)\nmalloc(0xFFFFFFFF)",
    "4,294,967,295 bytes need 65,535 more pages, which were refused: it returned NULL. Nothing moved.",
  ],
  "no power of two": [
    "aligned_alloc(24, 48)",
    "24 is no power of two, so it returned NULL. Nothing moved.",
  ],
  calloc: [
    "malloc(8)\ncalloc(10, 16)",
    `10 times 16 bytes is 160 bytes. Moved the bump pointer by 160 bytes. ${STAYS} Nothing to clear: what lies above the pointer is zero.`,
  ],
  "calloc beyond 32 bits": [
    "malloc(8)\ncalloc(65536, 65536)",
    "65,536 times 65,536 bytes is 4,294,967,296 bytes, more than 32 bits can count: it returned NULL. Nothing moved.",
  ],
  free: [
    "malloc(100)\nfree(p1)",
    "free does nothing: the bump pointer stays at base+100, and the 100 bytes of p1 are not used again.",
  ],
  "free of NULL": ["free(NULL)", "free(NULL) does nothing, as C demands."],
  "realloc that moves": [
    "malloc(100)\nmalloc(4)\nrealloc(p1, 200)",
    `p1 moves: only the block that realloc returned last stays, and only while nothing follows it. Rounded up base+108 to base+112: 4 bytes of padding. Moved the bump pointer by 200 bytes. ${STAYS} Copied 108 bytes, for nobody noted that p1 has fewer; the 100 bytes of p1 are lost.`,
  ],
  "realloc in place": [
    "realloc(NULL, 100)\nrealloc(p1, 200)",
    `p1 is the last block, and realloc knows its size: it stays in place, and grows by 100 bytes. ${STAYS}`,
  ],
  "realloc in place that shrinks": [
    "realloc(NULL, 100)\nrealloc(p1, 60)",
    "p1 is the last block, and realloc knows its size: it stays in place, and its last 40 bytes are cleared and free again.",
  ],
  "realloc to the same": [
    "realloc(NULL, 100)\nrealloc(p1, 100)",
    "p1 is the last block, and realloc knows its size: it stays in place, and nothing moves.",
  ],
  "realloc that is refused": [
    "malloc(8)\nrealloc(p1, 0xFFFFFFFF)",
    "4,294,967,295 bytes need 65,535 more pages, which were refused: it returned NULL. Nothing moved. p1 is as it was.",
  ],
  mark: ["malloc(10)\nmark()", "Noted the bump pointer, base+10: nothing moves."],
  reset: [
    "mark()\nmalloc(100)\nreset(m1)",
    "Moved the bump pointer back by 100 bytes to base+0, and cleared them. The pages stay: memory never shrinks.",
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
      used.add(marker);
      assert.match(text, /^[\w(].*\.$/);
      assert.doesNotMatch(text, /undefined|NaN|Infinity|(?<!returned )-\d|\b1 (bytes|pages)/, text);
    }
  });
  used.add(why(after("malloc(1)\ncalloc(65536, 65536)").event(2))[0]?.marker);
  assert.deepEqual([...used].toSorted(), MARKERS.toSorted());
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
  "malloc(-1)": "line 1, column 8: expected a call such as malloc(100), found '-'",
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
