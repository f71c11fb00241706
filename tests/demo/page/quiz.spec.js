// The quiz, whose answers a bare module gives here, and the challenges.

import { readFileSync } from "node:fs";
import { Bare } from "../model.js";
import { expect, test } from "./fixtures.js";
import {
  emptyHeap,
  expectSteps,
  logOf,
  openTab,
  randomNumbers,
  stateAt,
  stepsOf,
  type,
} from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */
/** @typedef {import("../../../demo/engine/calls.js").Call} Call */

const module = new WebAssembly.Module(readFileSync("build/demo/modules/mini-alloc.wasm"));
const PAGE = 65_536;

/** A call as the page writes it. @param {string} text @returns {Call} */
function callOf(text) {
  const [, op, list = ""] = /^(?:\w+ = )?(\w+)\((.*)\)$/.exec(text.trim()) ?? [];
  const args = list
    .split(/, (?=\D|\d)/)
    .filter((one) => one !== "")
    .map((one) => (one === "NULL" ? 0 : Number(one.replace(/^[pm]/, "").replaceAll(",", ""))));
  return { op: /** @type {Call["op"]} */ (op), args };
}

/** A module on which these calls were made. @param {readonly string[]} texts */
function heapAfter(texts) {
  const bare = new Bare(module);
  for (const text of texts) bare.perform(callOf(text));
  return bare;
}

/** The largest size for which no page comes: found by trying. @param {readonly string[]} texts */
function largestAfter(texts) {
  const { pages } = heapAfter(texts).words;
  let [fits, not] = [0, 2 * PAGE];
  while (not - fits > 1) {
    const size = Math.floor((fits + not) / 2);
    const grows = heapAfter(texts).perform({ op: "malloc", args: [size] }).pages > pages;
    if (grows) not = size;
    else fits = size;
  }
  return fits;
}

/** What the module answers. @param {string} question @param {readonly string[]} texts */
function truthOf(question, texts) {
  if (question.startsWith("What is the largest size")) {
    return { kind: "largest", answer: largestAfter(texts) };
  }
  const [asked = ""] = /\w+\([^)]*\)/.exec(question) ?? [];
  const call = callOf(asked);
  const bare = heapAfter(texts);
  const { bump } = bare.words;
  const given = bare.blocks[call.args[0] ?? 0];
  const done = bare.perform(call);
  const isMade = done.result !== 0;
  const inPlace = call.op === "realloc" && done.result === given;
  const place = inPlace ? "at the same place" : "after everything else";
  const nowhere = "nowhere: it returns NULL";
  if (question.startsWith("Where will the block")) {
    return { kind: "start", answer: isMade ? done.result : nowhere };
  }
  if (question.startsWith("How many pages")) return { kind: "pages", answer: done.pages };
  if (question.includes("move the bump pointer")) {
    return { kind: "moves", answer: done.bump === bump ? "No" : "Yes" };
  }
  if (question.includes("bytes of padding")) {
    return { kind: "padding", answer: isMade && !inPlace ? done.result - bump : 0 };
  }
  if (question.includes("return NULL")) return { kind: "fails", answer: isMade ? "No" : "Yes" };
  if (question.startsWith("Where will")) {
    return { kind: "realloc", answer: isMade ? place : nowhere };
  }
  throw new Error(`the test does not know '${question}'`);
}

/** A number or an address as the page writes it, or words. @param {string} text */
const valueOf = (text) =>
  /^[\d,x a-f]+$/.test(text) && /\d/.test(text) ? Number(text.replaceAll(",", "")) : text;

/** Answers the question wrong, then right. @param {Locator} panel @param {string | number} truth */
async function answerBoth(panel, truth) {
  const check = panel.getByRole("button", { name: "Check" });
  const feedback = panel.locator(".feedback");
  const choices = panel.getByRole("radio");
  const labels = await choices.evaluateAll((all) =>
    all.map((one) => one.closest("label")?.textContent?.trim() ?? ""),
  );
  const values = labels.map(valueOf);
  if (labels.length > 0) expect(values, labels.join(" | ")).toContain(truth);
  const pick = async (/** @type {boolean} */ right) => {
    if (labels.length > 0) {
      const at = values.findIndex((value) => (value === truth) === right);
      await choices.nth(at).check({ force: true });
    } else {
      const value = Number(truth) + (right ? 0 : 1);
      await panel.getByRole("textbox").fill(String(value));
    }
    await check.click();
  };
  await pick(false);
  await expect(feedback).toHaveText(/^No\. ./);
  await pick(true);
  await expect(feedback).toHaveText(/^Right\. ./);
}

test("every kind of question has the answer that the module gives", async ({ page, open }) => {
  test.slow();
  const random = randomNumbers(20);
  const numbers = Array.from({ length: 20_000 }, () => random(1e6) / 1e6);
  await page.addInitScript((all) => {
    let at = 0;
    Math.random = () => all[at++ % all.length] ?? 0;
  }, numbers);
  await open();
  const panel = await openTab(page, "Quiz");
  /** @type {Set<string>} */
  const kinds = new Set();
  let asked = 0;
  for (; asked < 60 && kinds.size < 7; asked++) {
    const texts = await panel.getByRole("listitem").allTextContents();
    const question = panel.locator("legend, .question-text").first();
    const { kind, answer: truth } = truthOf((await question.textContent()) ?? "", texts);
    if (!kinds.has(kind)) {
      await answerBoth(panel, truth);
      kinds.add(kind);
      const tries = 2 * kinds.size;
      await expect(panel.getByText(`${kinds.size} right of ${tries} tries`)).toBeVisible();
    }
    await panel.getByRole("button", { name: "Another question" }).click();
  }
  expect([...kinds].toSorted()).toEqual(
    ["fails", "largest", "moves", "padding", "pages", "realloc", "start"].toSorted(),
  );
  expect(await stepsOf(page), "the picture is left alone").toBe(4);
});

test("“Show it” puts the calls of the question into the picture", async ({ page, open }) => {
  await open();
  const panel = await openTab(page, "Quiz");
  const texts = await panel.getByRole("listitem").allTextContents();
  await panel.getByRole("button", { name: "Show it" }).click();
  await expect(page.getByRole("option", { name: "Quiz" })).toBeAttached();
  await expectSteps(page, texts.length + 1);
  const { rows, step } = await logOf(page);
  expect(step).toBe(rows.length);
  const told = texts.map((text) => callOf(text));
  expect(rows.slice(0, -1).map(({ op, args }) => ({ op, args }))).toEqual(told);
});

test("no answer is no try", async ({ page, open }) => {
  await open();
  const panel = await openTab(page, "Quiz");
  await panel.getByRole("button", { name: "Check" }).click();
  await expect(panel.getByText(/Choose an answer, or enter a number/)).toBeVisible();
  await expect(panel.getByText("No tries yet.")).toBeVisible();
});

// ---- challenges ----------------------------------------------------------------------------------

/**
 * What reaches each goal from an empty heap; `slack` is what is free then. The pages of dlmalloc come
 * first, for some of the others beat it on the way; and odd sizes, which reach no other goal.
 */
const WAYS = /** @type {Record<string, (slack: number) => string>} */ ({
  beat: () => "loop 20000 malloc(13)",
  lose: () => "loop 5000 { p = malloc(253); free(p) }",
  "waste-13": () => "malloc(1); malloc(2); malloc(8)", // 7 and 6
  "grow-4": (slack) => `malloc(${slack + 4 * PAGE - 100})`,
  fill: (slack) => `mini_alloc(${slack}, 1)`,
  null: () => "malloc(0xFFFFFFFF)",
  "in-place": () =>
    "a = malloc(8); b = realloc(a, 16); c = realloc(b, 24); d = realloc(c, 32); realloc(d, 40)",
  tight: () => "mini_alloc(1, 1); mini_alloc(3, 1); mini_alloc(5, 1)",
  "same-address": () => "malloc(8); m = mark(); malloc(8); reset(m); malloc(8)",
  "all-back": () => "m = mark(); malloc(100); reset(m)",
});

/** @param {Page} page */
const challengesOf = (page) => page.getByRole("tabpanel", { name: "Challenges" });

/** @param {Page} page @param {string} id */
const challenge = (page, id) => challengesOf(page).locator(`[data-challenge="${id}"]`);

/** An empty heap, and how much of it is free: its first block begins at its base. @param {Page} page */
async function slackOf(page) {
  await emptyHeap(page);
  const { pages, bump } = await stateAt(page, 0);
  return pages * PAGE - bump;
}

test("each goal is reached by calls of one's own, and by no others", async ({ page, open }) => {
  test.slow();
  await open();
  await openTab(page, "Challenges");
  await expect(challengesOf(page).getByText("0 of 10 done")).toBeVisible();
  let done = 0;
  for (const [id, way] of Object.entries(WAYS)) {
    await test.step(id, async () => {
      const script = way(await slackOf(page));
      await expect(challenge(page, id)).toContainText("not yet");
      await type(page, script);
      await expect(challenge(page, id)).toContainText("✓ done", { timeout: 20_000 });
      done = await challengesOf(page).locator('[data-done="true"]').count();
      await expect(challengesOf(page).getByText(`${done} of 10 done`)).toBeVisible();
    });
  }
  expect(done).toBe(10);
});

test("what a scenario or a link brings reaches no goal", async ({ page, open }) => {
  await open("#v=1&s=failure&n=4");
  await openTab(page, "Challenges");
  const state = challengesOf(page).getByText("0 of 10 done");
  await expect(state).toBeVisible();
  for (const [id, steps] of /** @type {const} */ ([
    ["fill", 3],
    ["jump", 6],
    ["realloc", 9],
    ["churn", 20_000],
  ])) {
    await page.getByLabel("Scenario").selectOption(id);
    await expectSteps(page, steps);
    await expect(state).toBeVisible();
  }
  // One call of one's own after it is what counts.
  await page.getByLabel("Scenario").selectOption("failure");
  await expectSteps(page, 4);
  await page.getByRole("button", { name: "To the end" }).click();
  await type(page, "malloc(0xFFFFFFFF)");
  await expect(challenge(page, "null")).toContainText("✓ done");
  await expect(challengesOf(page).getByText("1 of 10 done")).toBeVisible();
});
