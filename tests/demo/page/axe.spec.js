// axe finds nothing, in any state that the page can be in. It sees only the page as it is at that
// moment, so each state is brought about first, and seen to be there.

import { axe, expect, test } from "./fixtures.js";
import { emptyHeap, importText, openTab, type } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./fixtures.js").Open} Open */

const LOOKS = /** @type {const} */ ([
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "320 pixels wide", colorScheme: "light", viewport: { width: 320, height: 568 } },
]);

/** Brings a state about, and lets axe look at it. */
const state = (
  /** @type {Page} */ page,
  /** @type {string} */ name,
  /** @type {() => Promise<unknown>} */ reach,
) =>
  test.step(name, async () => {
    await reach();
    await axe(page);
  });

/** @param {Page} page */
const why = (page) => page.getByRole("region", { name: "Why", exact: true });

/** @param {Page} page */
const turn = (page) => page.getByRole("region", { name: "Your turn" });

/**
 * Goes to a step by the address, as a link in the same tab does.
 * @param {Page} page
 * @param {{scenario: string, step: number, sentence: RegExp}} place `sentence` is a reason there
 */
async function goTo(page, { scenario, step, sentence }) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#v=1&s=${scenario}&n=${step}`);
  const option = page.getByRole("combobox", { name: "Scenario" });
  await expect(option).toHaveValue(scenario, { timeout: 20_000 });
  await expect(page.locator("html")).toHaveAttribute("data-step", String(step));
  await expect(why(page).getByText(sentence).first()).toBeVisible();
}

/** Steps at which something else is seen than a block and a pointer. */
const PLACES = [
  { scenario: "first", step: 2, sentence: /^It still fits/ },
  { scenario: "first", step: 0, sentence: /^Before the first call/ },
  { scenario: "failure", step: 2, sentence: /NULL/ },
  { scenario: "jump", step: 6, sentence: /4 pages/ },
  { scenario: "realloc", step: 5, sentence: /copied/i },
  { scenario: "requests", step: 10, sentence: /^reset\(m1/ },
  { scenario: "churn", step: 20_000, sentence: /^free\(p10,?000\)/ },
];

/** @param {Page} page @param {Open} open */
async function checkSteps(page, open) {
  await state(page, "start", async () => {
    await open();
    const cost = page.getByRole("region", { name: "What it costs" });
    await cost.scrollIntoViewIfNeeded();
    await expect(cost.getByRole("table")).toBeVisible();
  });
  for (const place of PLACES) {
    const name = `${place.scenario}, step ${place.step}`;
    await state(page, name, () => goTo(page, place));
  }
  await state(page, "an empty heap", () => emptyHeap(page));
  await state(page, "a link that cannot be read", async () => {
    await page.evaluate(() => {
      location.hash = "#v=9";
    });
    await expect(page.getByRole("button", { name: "Dismiss" })).toBeVisible();
  });
}

// ---- what a reader does ---------------------------------------------------------------------------

/** Picks the block that a step made, by pointing at it. @param {Page} page @param {number} step */
async function pick(page, step) {
  await page.locator("#stage").scrollIntoViewIfNeeded();
  const { x, y } = await page.evaluate((at) => {
    const demo = /** @type {any} */ (window).miniAllocDemo;
    return demo.stageAt(demo.event(at).result + 1);
  }, step);
  await page.mouse.click(x, y);
}

/** Opens a dialog, lets axe look, and leaves it. @param {Page} page @param {string} name */
async function checkDialog(page, name) {
  const dialog = page.getByRole("dialog");
  await state(page, `dialog ${name}`, async () => {
    await page.getByRole("button", { name, exact: true }).click();
    await expect(dialog).toBeVisible();
    if (name === "Share") await expect(dialog.getByLabel("Link", { exact: true })).toBeVisible();
  });
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
}

/** @param {Page} page @param {Open} open */
async function checkTurn(page, open) {
  await open("#v=1&s=first&n=4");
  const error = turn(page).getByRole("alert");
  await state(page, "a field that holds no number", async () => {
    await turn(page).getByLabel("Bytes", { exact: true }).fill("many");
    await turn(page)
      .getByRole("button", { name: /^Allocate/ })
      .click();
    await expect(error).toContainText(/expected a number/i);
  });
  await turn(page).getByLabel("Bytes", { exact: true }).fill("48");
  await state(page, "a mistake in what was typed", async () => {
    await type(page, "malloc(100); mallok(3)");
    await expect(error).toContainText(/line 1, column 14/i);
  });
  await state(page, "a picked block", async () => {
    await pick(page, 2);
    await expect(turn(page).getByText(/^p2: 100 bytes/)).toBeVisible();
  });
  await state(page, "a call that was taken back", async () => {
    await turn(page).getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText(/^Replayed 3 calls in a new instance/)).toBeVisible();
  });
  await state(page, "the question where to go on from", async () => {
    await page.getByRole("button", { name: "Previous step" }).click();
    await turn(page).getByRole("button", { name: "Allocate 48" }).click();
    await expect(page.getByRole("dialog")).toContainText("1 call was made after it");
  });
  await page.getByRole("button", { name: "Cancel" }).click();
  for (const name of ["Help", "Settings", "Share"]) await checkDialog(page, name);
}

// ---- questions -----------------------------------------------------------------------------------

/** @param {Page} page @param {Open} open */
async function checkAsked(page, open) {
  await open("#v=1&s=free&n=4");
  const question = page.getByRole("region", { name: "Question" });
  const next = page.getByRole("button", { name: "Next step" });
  const answer = async (/** @type {string} */ text) => {
    await question.getByText(text, { exact: true }).click();
    await question.getByRole("button", { name: "Check" }).click();
  };
  await state(page, "asked before a malloc", async () => {
    await page.getByRole("checkbox", { name: "Ask me first" }).check();
    await next.click();
    await expect(question.getByRole("button", { name: "Check" })).toBeVisible();
  });
  await question.getByRole("button", { name: "Show me" }).click();
  await next.click();
  await expect(question.getByText(/free\(p1\) move the bump pointer/)).toBeVisible();
  await state(page, "answered wrong", async () => {
    await answer("Yes");
    await expect(question.getByRole("status")).toHaveText(/^No\. ./);
  });
  await state(page, "answered right", async () => {
    await answer("No");
    await expect(question.getByRole("status")).toHaveText(/^Right\. ./);
  });
  await page.getByRole("checkbox", { name: "Ask me first" }).uncheck();
}

/** Asks again until there is a question with such fields. @param {Page} page */
async function askFor(page, /** @type {"radio" | "textbox"} */ role) {
  const quiz = page.getByRole("tabpanel", { name: "Quiz" });
  await expect(async () => {
    if ((await quiz.getByRole(role).count()) > 0) return;
    await quiz.getByRole("button", { name: "Another question" }).click();
    throw new Error(`no ${role} in this question`);
  }).toPass({ intervals: [0], timeout: 30_000 });
}

/** Chooses one after the other: each but one of them is wrong. @param {Page} page */
async function checkAnswers(page) {
  const quiz = page.getByRole("tabpanel", { name: "Quiz" });
  const feedback = quiz.locator(".feedback");
  const choices = quiz.getByRole("radio");
  /** @type {Set<string>} */
  const seen = new Set();
  for (let i = 0; i < (await choices.count()) && seen.size < 2; i++) {
    await choices.nth(i).check({ force: true });
    await quiz.getByRole("button", { name: "Check" }).click();
    await expect(quiz.getByText(new RegExp(`of ${i + 1} (?:try|tries)$`))).toBeVisible();
    const said = /^(?:No|Right)\./.exec((await feedback.textContent()) ?? "")?.[0] ?? "";
    if (seen.has(said)) continue;
    await state(page, `quiz: ${said}`, async () => seen.add(said));
  }
  expect([...seen].toSorted()).toEqual(["No.", "Right."]);
}

/** @param {Page} page @param {Open} open */
async function checkTabs(page, open) {
  await open("#v=1&s=failure&n=2");
  await state(page, "tab Calls", async () => {
    const calls = await openTab(page, "Calls");
    await expect(calls.getByRole("gridcell", { name: "NULL" }).first()).toBeVisible();
  });
  await state(page, "a filter of which there is none", async () => {
    const calls = page.getByRole("tabpanel", { name: "Calls" });
    await calls.getByRole("radio", { name: "moved" }).check({ force: true });
    await expect(calls.getByText("No call is of this kind.")).toBeVisible();
  });
  await state(page, "tab Bytes", async () => {
    const bytes = await openTab(page, "Bytes");
    await expect(bytes.getByRole("gridcell").first()).toBeVisible();
  });
  await state(page, "tab Quiz, a number to enter", async () => {
    await openTab(page, "Quiz");
    await askFor(page, "textbox");
  });
  await state(page, "tab Quiz, answers to choose from, and none chosen", async () => {
    await askFor(page, "radio");
    const quiz = page.getByRole("tabpanel", { name: "Quiz" });
    await quiz.getByRole("button", { name: "Check" }).click();
    await expect(quiz.getByText(/^Choose an answer/)).toBeVisible();
  });
  await checkAnswers(page);
  await state(page, "tab Challenges, one done, and a hint open", async () => {
    const challenges = await openTab(page, "Challenges");
    await emptyHeap(page);
    await type(page, "malloc(0xFFFFFFFF)");
    await expect(challenges.getByText("✓ done")).toBeVisible();
    await challenges.getByText("Hint").first().click();
    await expect(challenges.locator("details[open] p")).toBeVisible();
  });
}

// ---- files, and the clock ------------------------------------------------------------------------

const MTRACE =
  "@ a:[0x1] + 0x5010 0x64\nwhat is this\n@ a:[0x2] + 0x5080 0x20\n@ a:[0x3] - 0x5010\n";

/** @param {Page} page @param {Open} open */
async function checkFiles(page, open) {
  await open();
  const panel = page.getByRole("tabpanel", { name: "Import, export" });
  await state(page, "tab Import, export, and how to record", async () => {
    await openTab(page, "Import, export");
    await panel.getByText("Record a program of your own").click();
    await expect(panel.getByText("mini-alloc trace -o app.jsonl")).toBeVisible();
  });
  await state(page, "a file that is no trace", async () => {
    await importText(page, "nothing.txt", "nothing\n");
    await expect(panel.getByRole("alert")).toContainText("nothing.txt");
  });
  await state(page, "a report with ignored lines", async () => {
    await importText(page, "some.mtrace", MTRACE);
    await panel.getByText("Why 1 line was ignored").click();
    await expect(panel.getByText(/^Line 2: /)).toBeVisible();
  });
  await state(page, "a recording that is viewed", async () => {
    await panel.getByRole("button", { name: "View as recorded" }).click();
    await expect(panel.getByText(/^Shown now \(View, read-only\)/)).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-step", "3");
  });
  await state(page, "a recording that is to be shared", async () => {
    await page.getByRole("button", { name: "Share", exact: true }).click();
    await expect(page.getByRole("dialog")).toContainText("A recording fits into no link");
  });
}

/** @param {Page} page @param {Open} open */
async function checkClock(page, open) {
  await open("#v=1&s=first&n=4");
  const cost = page.getByRole("region", { name: "What it costs" });
  await cost.scrollIntoViewIfNeeded();
  const measure = cost.getByRole("button", { name: "Measure time" });
  await state(page, "time that nobody has measured", async () => {
    await cost.getByRole("radio", { name: "Time" }).check({ force: true });
    await expect(measure).toBeVisible();
  });
  await state(page, "time measured", async () => {
    await measure.click();
    await expect(cost.getByText(/^The clock ticks every/)).toBeVisible({ timeout: 60_000 });
  });
}

// ---- all of it, in each look ---------------------------------------------------------------------

const CHECKS = {
  "at any step": checkSteps,
  "in what a reader does": checkTurn,
  "in questions before a step, and in the cost of time": async (
    /** @type {Page} */ page,
    /** @type {Open} */ open,
  ) => {
    await checkAsked(page, open);
    await checkClock(page, open);
  },
  "in the tabs": checkTabs,
  "in files and recordings": checkFiles,
};

for (const { name, ...look } of LOOKS) {
  test.describe(name, () => {
    test.use(look);
    for (const [where, check] of Object.entries(CHECKS)) {
      test(`axe finds nothing ${where}, ${name}`, async ({ page, open }) => {
        test.slow();
        await check(page, open);
      });
    }
  });
}

test("axe sees what is wrong: too little contrast, and a button without a name", async ({
  page,
  open,
}) => {
  await open();
  await page.locator(".lead p").evaluate((text) => (text.style.color = "#bbb"));
  await expect(axe(page)).rejects.toThrow(/color-contrast: /);
  await open();
  await page.getByRole("button", { name: "Next step" }).evaluate((next) => {
    for (const name of ["aria-label", "title"]) next.removeAttribute(name);
  });
  await expect(axe(page)).rejects.toThrow(/button-name: /);
});
