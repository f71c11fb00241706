// The page tells the truth: each step of each scenario, of calls that a reader makes, and of calls
// taken back, against a model on paper and a bare instance of the module that the page has.

import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.js";
import { checkLog, checkScenario, expectPlace, hex, logOf, placeAt, startOf } from "./truth.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./truth.js").DemoWindow} DemoWindow */
/** @typedef {import("./truth.js").Told} Told */

const module = new WebAssembly.Module(readFileSync("build/demo/modules/mini-alloc.wasm"));
const PAGE = 65_536;

// ---- scenarios -----------------------------------------------------------------------------------

/** Each of them, and how many calls it makes; the walk makes as many as it needs. */
const SCENARIOS = {
  ...{ first: 4, alignment: 7, free: 11, zero: 4, fill: 3, cross: 4, refill: 5, jump: 6 },
  ...{ walk: undefined, doubling: 22, vectors: 6, failure: 4, realloc: 9, calloc: 4 },
  ...{ requests: 28, churn: 20_000 },
};

for (const [id, calls] of Object.entries(SCENARIOS)) {
  test(`scenario ${id}: every step is what the model and the module say`, async ({
    page,
    open,
  }) => {
    const told = await checkScenario(page, open, { id, module });
    if (calls === undefined) expect(placeAt(told, told.length).pages).toBeGreaterThanOrEqual(256);
    else expect(told).toHaveLength(calls);
  });
}

test("the page has these scenarios and no other", async ({ page, open }) => {
  await open();
  const options = page.getByRole("combobox", { name: "Scenario" }).getByRole("option");
  const values = await options.evaluateAll((all) =>
    all.map((one) => /** @type {HTMLOptionElement} */ (one).value),
  );
  expect(values.filter((value) => !["none", "walk-full"].includes(value))).toEqual(
    Object.keys(SCENARIOS),
  );
});

test("the full walk reaches 2 GiB, and each step of it is true", async ({ page, open }) => {
  await open("#v=1&s=walk&w=full&n=1");
  const told = await checkLog(page, module);
  expect(placeAt(told, told.length).pages).toBeGreaterThanOrEqual(32_768);
});

// ---- what a reader does --------------------------------------------------------------------------

/** @param {Page} page */
function yourTurn(page) {
  const region = page.getByRole("region", { name: "Your turn" });
  const call = region.getByRole("group", { name: "Call", exact: true });
  const prompt = region.getByLabel("Or type");
  return {
    region,
    prompt,
    error: region.getByRole("alert"),
    proof: page.getByRole("status").filter({ hasText: "in a new instance" }),
    undo: region.getByRole("button", { name: "Undo" }),
    redo: region.getByRole("button", { name: "Redo" }),
    empty: region.getByRole("button", { name: "Empty the heap" }),
    /** @param {string} op */
    choose: (op) => call.getByRole("radio", { name: op, exact: true }).check(),
    /** @param {string} label */
    field: (label) => region.getByLabel(label, { exact: true }),
    /** @param {string} name of the button that makes the call */
    go: (name) => region.getByRole("button", { name, exact: true }),
    /** @param {string} text */
    async type(text) {
      await prompt.fill(text);
      await region.getByRole("button", { name: "Run" }).click();
    },
  };
}

/** @param {Page} page @param {number} steps */
const expectSteps = (page, steps) =>
  expect
    .poll(() => page.evaluate(() => /** @type {DemoWindow} */ (window).miniAllocDemo.steps))
    .toBe(steps);

/** All that the page says of its log. @param {Page} page */
async function textOf(page) {
  return JSON.stringify(await logOf(page));
}

/** Each of the eight, as the form makes it, in a row, and what the log must have. */
const FORM = [
  { op: "malloc", fields: { Bytes: "100" }, go: "Allocate 100", args: [100] },
  {
    ...{ op: "calloc", fields: { Count: "10", Bytes: "1,000" }, go: "Allocate 10 × 1,000" },
    args: [10, 1000],
  },
  {
    ...{ op: "realloc", fields: { Block: "p1", Bytes: "0x200" }, go: "Resize p1 to 0x200" },
    args: [1, 512],
  },
  { op: "free", fields: { Block: "p2" }, go: "Free p2", args: [2] },
  {
    ...{ op: "aligned_alloc", fields: { Alignment: "64", Bytes: "128" } },
    ...{ go: "Allocate 128, aligned to 64", args: [64, 128] },
  },
  { op: "mark", fields: {}, go: "Note the pointer", args: [] },
  {
    ...{ op: "mini_alloc", fields: { Bytes: "7", Alignment: "1" } },
    ...{ go: "Allocate 7, aligned to 1", args: [7, 1] },
  },
  { op: "reset", fields: { Mark: "m1" }, go: "Go back to m1", args: [1] },
];

test("each of the eight functions can be called by the form @file", async ({ page, open }) => {
  await open("#v=1&s=first&n=4");
  const turn = yourTurn(page);
  await turn.empty.click();
  await expectPlace(page, startOf(module));
  for (const [i, { op, fields, go }] of FORM.entries()) {
    await turn.choose(op);
    for (const [label, text] of Object.entries(fields)) await turn.field(label).fill(text);
    await turn.go(go).click();
    await expectSteps(page, i + 1);
  }
  const told = await checkLog(page, module);
  expect(told.map(({ call }) => call)).toEqual(FORM.map(({ op, args }) => ({ op, args })));
  await expectPlace(page, placeAt(told, FORM.length));
  expect(placeAt(told, 8).bump, "where the mark was").toBe(placeAt(told, 5).bump);
});

test("a picked block can be freed and resized", async ({ page, open }) => {
  await open("#v=1&s=first&n=4&m=off");
  const turn = yourTurn(page);
  const told = await logOf(page);
  /** @param {number} step that made it */
  const pick = async (step) => {
    const at = told[step - 1]?.answer.result ?? 0;
    const { x, y } = await page.evaluate(
      (address) => /** @type {DemoWindow} */ (window).miniAllocDemo.stageAt(address),
      at + 1,
    );
    await page.mouse.click(x, y);
  };
  await pick(2);
  await expect(turn.region.getByText("p2: 100 bytes, made by step 2, live")).toBeVisible();
  await turn.region.getByLabel("New size in bytes").fill("300");
  await turn.go("realloc to").click();
  await expectSteps(page, 5);
  await pick(1);
  await expect(turn.region.getByText("p1: 24 bytes, made by step 1, live")).toBeVisible();
  await turn.go("free").click();
  await expectSteps(page, 6);
  await expect(turn.region.getByText("p1: 24 bytes, made by step 1, freed")).toBeVisible();
  await expect(turn.go("free"), "nothing can be done with it any more").toBeHidden();
  const after = await checkLog(page, module);
  expect(after.slice(4).map(({ call }) => call)).toEqual([
    { op: "realloc", args: [2, 300] },
    { op: "free", args: [1] },
  ]);
});

test("typed calls are made, and go on with the names of those before", async ({ page, open }) => {
  await open();
  const turn = yourTurn(page);
  await turn.empty.click();
  await turn.type("loop 20 malloc(64)");
  await expectSteps(page, 20);
  await turn.type("buffer = malloc(10); m = mark()");
  await expectSteps(page, 22);
  await turn.type("buffer = realloc(buffer, 99); free(p3); reset(m)");
  await expectSteps(page, 25);
  const told = await checkLog(page, module);
  expect(told.slice(22).map(({ call }) => call)).toEqual([
    { op: "realloc", args: [21, 99] },
    { op: "free", args: [3] },
    { op: "reset", args: [1] },
  ]);
  await expectPlace(page, placeAt(told, 25));
});

/** What is typed, and the sentence that must stand beside it. */
const MISTAKES = {
  "loop 20 malloc(64": /line 1, column 18: expected '\)'.*found the end/i,
  "malloc(100); mallok(3)": /line 1, column 14: expected one of malloc.*found 'mallok'/i,
  "free(q)": /column 6: expected a block.*found 'q'/i,
  "malloc(4294967296)": /column 8: expected a number up to 4,294,967,295/i,
  "free(p99)": /there is no p99/i,
};

/** The error must be close to its field, not only belong to it. @param {import("@playwright/test").Locator[]} both */
async function expectNear(...both) {
  const [a, b] = await Promise.all(both.map((one) => one.boundingBox()));
  if (!a || !b) throw new Error("one of the two is not shown");
  const [above, below] = a.y < b.y ? [a, b] : [b, a];
  expect(below.y - (above.y + above.height), "pixels between them").toBeLessThan(100);
}

test("a mistake names its column and stays beside what was typed", async ({ page, open }) => {
  await open("#v=1&s=first&n=4");
  const turn = yourTurn(page);
  for (const [text, sentence] of Object.entries(MISTAKES)) {
    await turn.type(text);
    await expect(turn.error).toHaveText(sentence);
    await expect(turn.prompt).toHaveAccessibleDescription(sentence);
    await expect(turn.prompt).toHaveAttribute("aria-invalid", "true");
    await expect(turn.prompt).toHaveValue(text);
    await expectNear(turn.error, turn.prompt);
  }
  await expectSteps(page, 4);
  await turn.type("malloc(1)");
  await expect(turn.error).toBeEmpty();
  await expect(turn.prompt).not.toHaveAttribute("aria-invalid");
  await checkLog(page, module);
});

test("a field that holds no number says so, and no call is made", async ({ page, open }) => {
  await open("#v=1&s=first&n=4");
  const turn = yourTurn(page);
  for (const text of ["many", "", "-1", "1e9", "4294967296"]) {
    await turn.field("Bytes").fill(text);
    await turn.region.getByRole("button", { name: /^Allocate/ }).click();
    await expect(turn.field("Bytes")).toHaveAccessibleDescription(/expected a number from 0 to/i);
    await expectNear(turn.error, turn.field("Bytes"));
  }
  await expectSteps(page, 4);
});

test("a button that is held fills the page, and stops when let go", async ({ page, open }) => {
  await open();
  const turn = yourTurn(page);
  await turn.empty.click();
  await turn.field("Bytes").fill("4000");
  await turn.go("Allocate 4,000").hover();
  await page.mouse.down();
  await expect(page.locator("html")).not.toHaveAttribute("data-pages", "2");
  await page.mouse.up();
  const steps = () =>
    page.evaluate(async () => {
      // Longer than from one call to the next.
      for (let i = 0; i < 20; i++) await new Promise((done) => requestAnimationFrame(done));
      return /** @type {DemoWindow} */ (window).miniAllocDemo.steps;
    });
  const held = await steps();
  expect(await steps(), "none after it was let go").toBe(held);
  const told = await checkLog(page, module);
  expect(told.length).toBeGreaterThan(25);
  expect(told.every(({ call }) => call.op === "malloc" && call.args[0] === 4000)).toBe(true);
});

// ---- time ----------------------------------------------------------------------------------------

test("what is undone and done again has the same addresses", async ({ page, open }) => {
  await open("#v=1&s=realloc&n=9");
  const turn = yourTurn(page);
  const told = await checkLog(page, module);
  const before = await textOf(page);
  for (const left of [8, 7, 6]) {
    await turn.undo.click();
    const sentence = `Replayed ${left} calls in a new instance: every address identical ✓`;
    await expect(turn.proof).toHaveText(sentence);
    await expectPlace(page, placeAt(told, left));
    await expectSteps(page, left);
  }
  for (const step of [7, 8, 9]) {
    await turn.redo.click();
    await expectPlace(page, placeAt(told, step));
  }
  expect(await textOf(page)).toBe(before);
  for (const left of [8, 7, 6, 5, 4, 3, 2, 1, 0]) {
    await turn.undo.click();
    await expectSteps(page, left);
  }
  await expectPlace(page, startOf(module));
  await expect(turn.undo).toHaveAttribute("aria-disabled", "true");
  await turn.type("malloc(77)");
  await expectSteps(page, 1);
  await checkLog(page, module);
  await expect(turn.redo, "another call has taken its place").toHaveAttribute(
    "aria-disabled",
    "true",
  );
});

test("a call while an earlier step is shown asks where to go on from", async ({ page, open }) => {
  await open("#v=1&s=free&n=3");
  const turn = yourTurn(page);
  const told = await logOf(page);
  const dialog = page.getByRole("dialog", { name: "You are looking at an earlier step" });
  const go = turn.go("Allocate 48");
  await turn.field("Bytes").fill("48");

  await go.click();
  await expect(dialog.getByText("8 calls were made after it.")).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expectPlace(page, placeAt(told, 3));
  await expectSteps(page, 11);

  await go.click();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expectSteps(page, 11);

  await go.click();
  await dialog.getByRole("button", { name: "Go to the end first" }).click();
  await expectSteps(page, 12);
  const longer = await checkLog(page, module);
  expect(longer.slice(0, 11)).toEqual(told);
  await expectPlace(page, placeAt(longer, 12));

  await page.getByRole("slider", { name: "Step" }).fill("3");
  await go.click();
  await dialog.getByRole("button", { name: "Continue from here (drops 9 later calls)" }).click();
  await expectSteps(page, 4);
  await expect(turn.proof).toHaveText(
    "Replayed 3 calls in a new instance: every address identical ✓",
  );
  const shorter = await checkLog(page, module);
  expect(shorter.slice(0, 3)).toEqual(told.slice(0, 3));
  expect(shorter[3]?.call).toEqual({ op: "malloc", args: [48] });
  await expectPlace(page, placeAt(shorter, 4));
});

test("play runs to the end, and pause keeps the step", async ({ page, open }) => {
  await open("#v=1&s=doubling&n=0");
  const told = await logOf(page);
  const root = page.locator("html");
  await page.getByRole("button", { name: "Play" }).click();
  await expect(root).not.toHaveAttribute("data-step", "0");
  await page.getByRole("button", { name: "Pause" }).click();
  const step = Number(await root.getAttribute("data-step"));
  await expectPlace(page, placeAt(told, step));
  await page.getByRole("combobox", { name: "Speed" }).selectOption("60 steps a second");
  await expect(root, "still paused").toHaveAttribute("data-step", String(step));
  await page.getByRole("button", { name: "Play" }).click();
  await expect(root).toHaveAttribute("data-step", "22");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expectPlace(page, placeAt(told, 22));
});

test("a jump lands on the nearest step that added pages", async ({ page, open }) => {
  await open("#v=1&s=walk&n=0");
  const told = await checkLog(page, module);
  const jump = page.getByRole("group", { name: "Jump" });
  await jump.getByRole("combobox").selectOption("growth");
  const growths = told.flatMap(({ grown }, i) => (grown > 0 ? [i + 1] : []));
  expect(growths.length).toBeGreaterThan(2);
  for (const step of growths.slice(0, 5)) {
    await jump.getByRole("button", { name: "Jump on" }).click();
    await expectPlace(page, placeAt(told, step));
  }
  await jump.getByRole("button", { name: "Jump back" }).click();
  const back = growths[Math.min(growths.length, 5) - 2] ?? 0;
  await expectPlace(page, placeAt(told, back));
});

// ---- questions before a step ---------------------------------------------------------------------

/** @param {boolean} is */
const yesOrNo = (is) => (is ? ["Yes", "No"] : ["No", "Yes"]);

/**
 * The right answer as the model knows it, and a wrong one, of any question that is asked.
 * @param {string} text of the question
 * @param {{before: import("./truth.js").Place, told: Told}} step
 */
function answersOf(text, { before, told: { answer, padding, failed } }) {
  if (text.startsWith("Where")) return [hex(answer.result), hex(answer.result + PAGE)];
  if (text.startsWith("How many pages")) return [`${answer.pages}`, `${answer.pages + 1}`];
  if (text.startsWith("How many bytes of padding")) return [`${padding}`, `${padding + 1}`];
  if (text.includes("return NULL")) return yesOrNo(failed);
  if (text.includes("move the bump pointer")) return yesOrNo(answer.bump !== before.bump);
  throw new Error(`nobody knows the answer to '${text}'`);
}

test("asked first, the step waits for the right answer @file", async ({ page, open }) => {
  await open("#v=1&s=free&n=0");
  const told = await checkLog(page, module);
  const question = page.getByRole("region", { name: "Question" });
  const next = page.getByRole("button", { name: "Next step" });
  await page.getByRole("checkbox", { name: "Ask me first" }).check();
  await expect(question).toBeHidden();
  let wrongOnes = 0;
  for (const [i, step] of told.entries()) {
    const before = i === 0 ? startOf(module) : placeAt(told, i);
    await next.click();
    await expect(question.getByRole("button", { name: "Check" })).toBeVisible();
    await expectPlace(page, before);
    const text = (await question.getByText(/\?$/).first().textContent()) ?? "";
    const [right = "", wrong = ""] = answersOf(text, { before, told: step });
    const entry = question.getByRole("textbox");
    const isEntry = await entry.isVisible();
    /** @param {string} answer */
    const give = async (answer) => {
      if (isEntry) await entry.fill(answer);
      else await question.getByText(answer, { exact: true }).click();
      await question.getByRole("button", { name: "Check" }).click();
    };
    if (isEntry || (await question.getByText(wrong, { exact: true }).count()) > 0) {
      wrongOnes++;
      await give(wrong);
      await expect(question.getByRole("status")).toHaveText(/^No\. ./);
      await expectPlace(page, before);
    }
    await give(right);
    await expect(question.getByRole("status")).toHaveText(/^Right\. ./);
    await expectPlace(page, placeAt(told, i + 1));
  }
  expect(wrongOnes).toBeGreaterThan(6);
});
