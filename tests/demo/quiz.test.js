// The quiz tells the truth: each answer against the model on paper; and each challenge by calls that
// meet it, and by calls that nearly do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../demo/cost/compare.js";
import { Heap } from "../../demo/engine/heap.js";
import { MOST_PAGES } from "../../demo/engine/log.js";
import { callsOf, play } from "../../demo/engine/play.js";
import { parseScript } from "../../demo/engine/script.js";
import { CHALLENGES, metBy, wonBy } from "../../demo/quiz/challenges.js";
import { check, question, questionFor, readAnswer } from "../../demo/quiz/questions.js";
import { Bare, Model } from "./model.js";
import { modulesOf, mutant } from "./modules.js";
import { randomCalls, randomNumbers } from "./random.js";

/** @typedef {import("../../demo/engine/calls.js").Call} Call */
/** @typedef {import("../../demo/engine/machine.js").Modules} Modules */
/** @typedef {import("../../demo/quiz/questions.js").Kind} Kind */
/** @typedef {import("../../demo/quiz/questions.js").Question} Question */

const SEEDS = 200;
const KINDS = /** @type {readonly Kind[]} */ ([
  ...["start", "pages", "moves", "padding", "largest", "fails", "realloc"],
]);

const modules = await modulesOf("mini-alloc");

/** A model after calls. @param {readonly Call[]} calls */
function modelAfter(calls) {
  const { base, pages, alignment } = new Bare(modules.plain).words;
  const model = new Model({ base, pages, alignment, maximum: MOST_PAGES });
  for (const call of calls) model.perform(call);
  return model;
}

/** What the model answers. @param {Question} asked @returns {number} */
function answerOnPaper({ kind, scratch }) {
  assert.ok(scratch);
  const { calls, step } = scratch;
  const model = modelAfter(calls.slice(0, step - 1));
  const call = /** @type {Call} */ (calls[step - 1]);
  const [bump, old] = [model.bump, model.blocks[call.args[0] ?? 0]];
  if (kind === "largest") return largestOnPaper(calls.slice(0, step - 1));
  const { result } = model.perform(call);
  const answers = {
    start: result,
    pages: model.pages,
    moves: Number(model.bump !== bump),
    padding: result === 0 ? 0 : result - bump,
    fails: Number(result === 0),
    realloc: result === 0 ? 0 : result === old ? 1 : 2,
  };
  return answers[kind];
}

/** By trying sizes: the last that adds no page. @param {readonly Call[]} calls */
function largestOnPaper(calls) {
  const { pages } = modelAfter(calls);
  let [fits, grows] = [0, 2 ** 20];
  while (grows - fits > 1) {
    const size = (fits + grows) >> 1;
    const tried = modelAfter([...calls, { op: "malloc", args: [size] }]);
    if (tried.pages === pages) fits = size;
    else grows = size;
  }
  return fits;
}

for (const kind of KINDS) {
  test(`the answers to questions of the kind '${kind}' are those of the model`, () => {
    const answers = new Set();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const asked = question(randomNumbers(seed * 7919), modules, kind);
      assert.equal(asked.answer, answerOnPaper(asked), `seed ${seed}: ${asked.text}`);
      answers.add(asked.answer);
    }
    assert.ok(answers.size > 1, "there is more than one answer");
  });
}

test("each choice is there once, the answer among them, and at least one that is wrong", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const kind of KINDS) {
      const { choices, answer, text } = question(randomNumbers(seed), modules, kind);
      if (choices.length === 0) continue;
      const values = choices.map(({ value }) => value);
      assert.equal(new Set(values).size, values.length, text);
      assert.ok(values.includes(answer) && values.length > 1, `${text} ${values.join(" ")}`);
    }
  }
});

test("the arrow keys do not begin at the answer of every question", () => {
  const guessed = new Map(KINDS.map((kind) => [kind, 0]));
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const kind of KINDS) {
      const { guess, answer } = question(randomNumbers(seed), modules, kind);
      if (guess === answer) guessed.set(kind, (guessed.get(kind) ?? 0) + 1);
    }
  }
  for (const [kind, times] of guessed) assert.ok(times < SEEDS * 0.9, `${kind}: ${times}`);
});

test("a question shows what is before the call, and its scratch calls lead there", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { before, calls, scratch, because } = question(randomNumbers(seed), modules);
    assert.ok(scratch);
    const heap = new Heap(modules);
    for (const call of scratch.calls) heap.perform(call);
    assert.equal(heap.steps, scratch.step);
    assert.deepEqual(heap.at(scratch.step - 1), before);
    assert.equal(calls.length, Math.min(scratch.step - 1, 8));
    assert.match(because, /\.$/);
  }
});

test("every call of a log can be asked about, and the model knows the answer", () => {
  const heap = new Heap(modules);
  randomCalls(heap, { seed: 5, length: 200 }, () => undefined);
  const kinds = new Set();
  const calls = Array.from({ length: heap.steps }, (_, i) => heap.history.call(i + 1));
  for (let step = 1; step <= heap.steps; step++) {
    const event = heap.event(step);
    const asked = questionFor(heap.history, event);
    kinds.add(asked.kind);
    const tried = { ...asked, scratch: { calls, step } };
    assert.equal(asked.answer, answerOnPaper(tried), `step ${step}: ${asked.text}`);
    assert.equal(asked.before.step, step - 1);
    assert.equal(check(asked, asked.answer).right, true);
  }
  assert.ok(kinds.size >= 5, [...kinds].join(" "));
});

test("an allocator that forgets to align gives other answers than the model", async () => {
  const faulty = await mutant("quiz-unaligned", {
    file: "src/mini_alloc.c",
    is: "word left = room & -ALIGNMENT;",
    becomes: "word left = room & -(ALIGNMENT / 2);",
  });
  const wrong = KINDS.filter((kind) => kind === "start" || kind === "padding").map((kind) => {
    let different = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const asked = question(randomNumbers(seed), faulty, kind);
      if (asked.answer !== answerOnPaper(asked)) different++;
    }
    return different;
  });
  for (const different of wrong) assert.ok(different > 10, String(different));
});

test("a wrong answer is told the reason, and a right one too", () => {
  const asked = question(randomNumbers(3), modules, "padding");
  assert.deepEqual(check(asked, asked.answer), { right: true, text: `Right. ${asked.because}` });
  const wrong = check(asked, asked.answer + 1);
  assert.deepEqual(wrong, { right: false, text: `No. ${asked.because}` });
});

test("an entry is a number, in hex with 0x, or NULL", () => {
  assert.equal(readAnswer(" 65,536 "), 65_536);
  assert.equal(readAnswer("0x00010448"), 0x10448);
  assert.equal(readAnswer("NULL"), 0);
  for (const text of ["", "ten", "-1", "1.5", "0x", "1e3"]) {
    assert.equal(readAnswer(text), undefined, text);
  }
});

// ---- challenges ----------------------------------------------------------------------------------

/** A heap after a script. @param {string} text @param {Modules} [on] */
function after(text, on = modules) {
  const heap = new Heap(on);
  for (const _ of play(callsOf(parseScript(text).statements), heap));
  return heap;
}

/** The goals that the calls of a script reach. @param {string} text */
function reached(text) {
  const { history, steps } = after(text);
  const ids = new Set();
  for (let step = 1; step <= steps; step++) metBy(history, step, 1).forEach((id) => ids.add(id));
  return ids;
}

const SLACK = new Heap(modules).at().pages * 65_536 - new Heap(modules).places.heapBase;

/** Scripts that reach a goal, and those that miss it by little. @type {Record<string, [string, string]>} */
const SCRIPTS = {
  "waste-13": ["malloc(1); malloc(2); malloc(1)", "malloc(1); malloc(3); malloc(1)"],
  "grow-4": [`malloc(${SLACK + 4 * 65_536})`, `malloc(${SLACK + 4 * 65_536 + 1})`],
  fill: [`malloc(${SLACK})`, `malloc(${SLACK - 1})`],
  null: ["malloc(0xFFFFFFFF)", "malloc(65536)"],
  "in-place": [
    "a = malloc(8); b = realloc(a, 9); c = realloc(b, 20); d = realloc(c, 30); realloc(d, 40)",
    "a = malloc(8); b = realloc(a, 9); c = realloc(b, 20); realloc(c, 30)",
  ],
  tight: ["mini_alloc(3, 1); mini_alloc(5, 1); mini_alloc(7, 1)", "loop 3 malloc(3)"],
  "same-address": [
    "m = mark(); malloc(8); reset(m); malloc(8)",
    "m = mark(); malloc(8); malloc(8)",
  ],
  "all-back": ["m = mark(); malloc(8); reset(m)", "malloc(8); m = mark(); malloc(8); reset(m)"],
};

for (const [id, [meets, misses]] of Object.entries(SCRIPTS)) {
  test(`the challenge '${id}' is met by calls that do it, and not by calls that nearly do`, () => {
    assert.ok(reached(meets).has(id), meets);
    assert.ok(!reached(misses).has(id), misses);
  });
}

test("blocks of no bytes share an address", () => {
  assert.ok(reached("mini_alloc(0, 1); mini_alloc(0, 1)").has("same-address"));
  assert.ok(!reached("malloc(0); malloc(0)").has("same-address"));
});

test("calls before the first that counts do not help", () => {
  const { history } = after("mini_alloc(3, 1); mini_alloc(5, 1); mini_alloc(7, 1)");
  assert.ok(metBy(history, 3, 1).includes("tight"));
  assert.ok(!metBy(history, 3, 2).includes("tight"));
});

test("dlmalloc's own module decides who needs fewer pages", async () => {
  const names = ["mini-alloc", "dlmalloc"];
  const entries = await Promise.all(
    names.map(async (name) => ({ name, bytes: 0, modules: await modulesOf(name) })),
  );
  /** @param {string} text */
  const won = (text) => {
    const steps = compare(after(text).history, entries);
    let now = steps.next();
    while (!now.done) now = steps.next();
    const [ours, theirs] = now.value.rows.map(({ pages }) => pages);
    return wonBy(ours ?? 0, theirs ?? 0);
  };
  assert.deepEqual(won("loop 20000 malloc(8)"), ["beat"]);
  const churn = Array.from({ length: 30 }, (_, i) => `malloc(60000); free(p${i + 1})`).join("; ");
  assert.deepEqual(won(churn), ["lose"]);
  assert.deepEqual(won("malloc(8)"), []);
});

test("each challenge has a goal, a hint, and one way to be met", () => {
  assert.equal(new Set(CHALLENGES.map(({ id }) => id)).size, CHALLENGES.length);
  for (const { id, goal, hint, isMet, wins } of CHALLENGES) {
    assert.match(goal, /\.$/);
    assert.match(hint, /[.?]$/);
    assert.notEqual(isMet === undefined, wins === undefined, id);
    assert.ok(wins || id in SCRIPTS, id);
  }
});
