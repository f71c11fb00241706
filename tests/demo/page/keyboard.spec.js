// Without a mouse: all that the page can do, by keys alone; one always sees where one is, and gets
// away from there again.

import { expect, test } from "./fixtures.js";
import { expectSteps, logOf, stepsOf } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("@playwright/test").Locator} Locator */

const MOST_PRESSES = 150;

/**
 * Presses Tab, or Shift+Tab, until an element has the focus.
 * @param {Page} page
 * @param {Locator} target
 * @param {"Tab" | "Shift+Tab"} key
 */
async function reach(page, target, key = "Tab") {
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} does not reach ${target}`);
}

/** @param {Page} page @param {string} name */
const button = (page, name) => page.getByRole("button", { name, exact: true });

/** @param {Page} page @param {number | string} step */
const expectStep = (page, step) =>
  expect(page.locator("html")).toHaveAttribute("data-step", String(step));

/** @param {Page} page */
const memory = (page) => page.getByRole("group", { name: "Memory, address by address" });

/** @param {Page} page */
const yourTurn = (page) => page.getByRole("region", { name: "Your turn" });

/** @param {Page} page */
const why = (page) => page.getByRole("region", { name: "Why", exact: true });

// ---- what a reader does --------------------------------------------------------------------------

test("a scenario is stepped through from its beginning to its end and back @file", async ({
  page,
  open,
}) => {
  await open("#v=1&s=first&n=0");
  await reach(page, button(page, "Next step"));
  for (const [at, call] of ["malloc(24)", "malloc(100)", "malloc(3)", "malloc(100)"].entries()) {
    await page.keyboard.press("Enter");
    await expectStep(page, at + 1);
    await expect(why(page)).toContainText(`now: p${at + 1} = ${call}`);
  }
  // There is no further step, and the focus stays where it is.
  await page.keyboard.press("Enter");
  await expectStep(page, 4);
  await expect(button(page, "Next step")).toBeFocused();

  await page.keyboard.press(",");
  await expectStep(page, 3);
  await page.keyboard.press(".");
  await expectStep(page, 4);
  await reach(page, button(page, "To the beginning"), "Shift+Tab");
  await page.keyboard.press("Space");
  await expectStep(page, 0);

  await reach(page, page.getByRole("slider", { name: "Step" }));
  await page.keyboard.press("ArrowRight");
  await expectStep(page, 1);
  await page.keyboard.press("End");
  await expectStep(page, 4);
});

test("a key plays, and jumps to the next growth", async ({ page, open }) => {
  await open("#v=1&s=jump&n=0");
  await reach(page, page.getByLabel("Speed"));
  await page.keyboard.type("60");
  await expect(page.getByLabel("Speed")).toHaveValue("60");
  await reach(page, button(page, "Play"), "Shift+Tab");
  await page.keyboard.press("p");
  const steps = await stepsOf(page);
  await expectStep(page, steps);

  await page.keyboard.press("[");
  const { rows, step } = await logOf(page);
  const grown = rows.findLastIndex(({ pages }, at) => at > 0 && pages > (rows[at - 1]?.pages ?? 0));
  expect(step, "the last growth before the end").toBe(grown + 1 < steps ? grown + 1 : step);
  expect(step).toBeLessThan(steps);
  await page.keyboard.press("]");
  expect((await logOf(page)).step).toBeGreaterThan(step);
});

test("a scenario is chosen by its number", async ({ page, open }) => {
  await open();
  const select = page.getByRole("combobox", { name: "Scenario" });
  await reach(page, select);
  await page.keyboard.type("12");
  await expect(select).toHaveValue("failure");
  await expectStep(page, 0);
  await expectSteps(page, 4);
});

test("a call is chosen by the arrows, and made by Enter", async ({ page, open }) => {
  await open();
  await reach(page, page.getByRole("radio", { name: "malloc", exact: true }));
  await page.keyboard.press("Tab");
  await expect(yourTurn(page).getByLabel("Bytes", { exact: true })).toBeFocused();
  await page.keyboard.type("64");
  await page.keyboard.press("Enter");
  await expectSteps(page, 5);

  await reach(page, page.getByRole("radio", { name: "malloc", exact: true }), "Shift+Tab");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "calloc", exact: true })).toBeChecked();
  await reach(page, button(page, "Allocate 10 × 64"));
  await page.keyboard.press("Space");
  await expectSteps(page, 6);
  const { rows } = await logOf(page);
  expect(rows.slice(4)).toMatchObject([
    { op: "malloc", args: [64] },
    { op: "calloc", args: [10, 64] },
  ]);
});

test("a script is typed and run, taken back, and made again", async ({ page, open }) => {
  await open();
  await reach(page, page.getByLabel("Or type"));
  await page.keyboard.type("q = malloc(8); loop 3 malloc(16)");
  await page.keyboard.press("Enter");
  await expectSteps(page, 8);
  // What was typed is selected, so that the next replaces it.
  await page.keyboard.type("free(q)");
  await expect(page.getByLabel("Or type")).toHaveValue("free(q)");
  await page.keyboard.press("Enter");
  await expectSteps(page, 9);

  await reach(page, button(page, "Undo"));
  await page.keyboard.press("Enter");
  await expectSteps(page, 8);
  await expect(button(page, "Undo")).toBeFocused();
  await reach(page, button(page, "Redo"));
  await page.keyboard.press("Enter");
  await expectSteps(page, 9);
});

test("a refused script says why, and the focus stays in it", async ({ page, open }) => {
  await open();
  await reach(page, page.getByLabel("Or type"));
  await page.keyboard.type("malloc(");
  await page.keyboard.press("Enter");
  await expect(yourTurn(page).getByRole("alert")).toContainText("column");
  await expect(page.getByLabel("Or type")).toBeFocused();
  await expectSteps(page, 4);
});

test("the arrows pick a block in the memory, and it is freed", async ({ page, open }) => {
  await open();
  await reach(page, memory(page));
  await page.keyboard.press("Home");
  await expect(yourTurn(page)).toContainText("p1: 24 bytes");
  await page.keyboard.press("ArrowRight");
  await expect(yourTurn(page)).toContainText("p2: 100 bytes");
  await page.keyboard.press("ArrowLeft");
  await expect(yourTurn(page)).toContainText("p1: 24 bytes");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await expect(yourTurn(page)).toContainText("p3: 3 bytes");
  await expect(page.getByText(/^p3, 3 bytes at 0x0000\w{4}, live, made by step 3$/)).toBeAttached();

  await reach(page, button(page, "free"));
  await page.keyboard.press("Enter");
  await expectSteps(page, 5);
  const { rows } = await logOf(page);
  expect(rows[4]).toMatchObject({ op: "free", args: [3] });

  await reach(page, memory(page), "Shift+Tab");
  await page.keyboard.press("Escape");
  await expect(button(page, "free")).toBeHidden();
});

test("the first Tab offers to go to the memory, and the next one is in it", async ({
  page,
  open,
}) => {
  await open("#v=1&s=free&n=3");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "To the memory" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  const stage = page.locator("#stage");
  expect(await stage.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await expectStep(page, 3);
  await expect(page.getByRole("combobox", { name: "Scenario" })).toHaveValue("free");
});

test("Ask me first: a question is answered, and the step follows", async ({ page, open }) => {
  await open("#v=1&s=first&n=1");
  await reach(page, page.getByLabel("Ask me first"));
  await page.keyboard.press("Space");
  await reach(page, button(page, "Next step"), "Shift+Tab");
  await page.keyboard.press("Enter");
  const question = page.getByRole("region", { name: "Question" });
  const field = question.getByRole("textbox", { name: "bytes of padding" });
  await expect(field).toBeFocused();
  await expectStep(page, 1);

  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await expect(question.getByRole("status")).toContainText("No.");
  await expectStep(page, 1);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0");
  await page.keyboard.press("Enter");
  await expectStep(page, 2);
  await expect(question.getByRole("status")).toContainText("Right.");
  await expect(button(page, "Next step")).toBeFocused();

  await page.keyboard.press("Enter");
  await reach(page, question.getByRole("button", { name: "Show me" }));
  await page.keyboard.press("Enter");
  await expectStep(page, 3);
});

/**
 * Tries each of the answers, by the arrows, until one is right.
 * @param {Page} page
 * @param {Locator} panel
 */
async function findChoice(page, panel) {
  const choices = panel.getByRole("radio");
  await page.keyboard.press("Space");
  for (let tries = await choices.count(); tries > 0; tries--) {
    await page.keyboard.press("Enter");
    const feedback = panel.getByRole("status").last();
    await expect(feedback).toContainText(/^(Right|No)\./);
    if ((await feedback.textContent())?.startsWith("Right.")) return;
    await page.keyboard.press("ArrowDown");
  }
  throw new Error("no answer is right");
}

test("a quiz question is answered", async ({ page, open }) => {
  await open();
  await reach(page, page.getByRole("tab").first());
  for (let presses = 0; presses < 5; presses++) {
    if (await page.getByRole("tab", { name: "Quiz", selected: true }).count()) break;
    await page.keyboard.press("ArrowRight");
  }
  const panel = page.getByRole("tabpanel", { name: "Quiz" });
  await expect(panel).toBeVisible();
  const choices = panel.getByRole("radio");
  let asked = 0;
  while ((await choices.count()) === 0 && asked++ < 40) {
    await reach(page, panel.getByRole("button", { name: "Another question" }));
    await page.keyboard.press("Enter");
    // The new question has the focus; if it wants a number, the arrows change it.
    const field = panel.getByRole("textbox");
    if ((await field.count()) === 0) continue;
    await expect(field).toBeFocused();
    await page.keyboard.press("ArrowUp");
    await expect(field).not.toHaveValue("");
  }
  if (!(await choices.first().evaluate((element) => element === document.activeElement))) {
    await reach(page, choices.first());
  }
  await findChoice(page, panel);
  await expect(panel).toContainText(/1 right of \d/);
});

test("the arrows go round the tabs, each opens, and Tab goes on into it", async ({
  page,
  open,
}) => {
  await open();
  const tabs = page.getByRole("tab");
  const names = await tabs.allTextContents();
  await reach(page, tabs.first());
  await page.keyboard.press("End");
  for (const name of names) {
    await page.keyboard.press("ArrowRight");
    const tab = page.getByRole("tab", { name, exact: true, selected: true });
    await expect(tab).toBeFocused();
    await expect(page.getByRole("tabpanel")).toHaveCount(1);
    const panel = page.getByRole("tabpanel", { name, exact: true });
    await page.keyboard.press("Tab");
    const isInside = await panel.evaluate((element) => element.contains(document.activeElement));
    expect(isInside, `Tab from "${name}" goes into its panel`).toBe(true);
    await page.keyboard.press("Shift+Tab");
    await expect(tab).toBeFocused();
  }
});

test("in the table of calls the arrows move, and Enter goes to the step", async ({
  page,
  open,
}) => {
  await open("#v=1&s=requests&n=28");
  await reach(page, page.getByRole("tab", { name: "Calls" }));
  await page.keyboard.press("Enter");
  const grid = page.getByRole("grid", { name: "Calls" });
  await reach(page, grid);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expectStep(page, 28);
  await page.keyboard.press("Enter");
  await expectStep(page, 3);
  await expect(grid).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await expectStep(page, 28);
});

// ---- dialogs -------------------------------------------------------------------------------------

test("the link is copied", async ({ page, open, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await open("#v=1&s=free&n=2");
  await reach(page, button(page, "Share"));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Share this step" });
  await expect(dialog.getByLabel("Link")).toHaveValue(/#v=1&s=free&n=2$/);
  await reach(page, dialog.getByRole("button", { name: "Copy", exact: true }));
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Copied", { exact: true })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/#v=1&s=free&n=2$/);
});

test("a setting is changed, and undone", async ({ page, open }) => {
  await open();
  await reach(page, button(page, "Settings"));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Settings" });
  const addresses = dialog.getByRole("group", { name: "Addresses" }).getByRole("radio");
  await reach(page, addresses.first());
  await page.keyboard.press("ArrowDown");
  await expect(addresses.last()).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(why(page)).not.toContainText("0x0000");
  await page.keyboard.press("Enter");
  await reach(page, addresses.last());
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Escape");
  await expect(why(page)).toContainText("0x0000");
});

for (const name of ["Settings", "Share", "Help"]) {
  test(`${name} keeps the focus until Escape or Close, and gives it back`, async ({
    page,
    open,
  }) => {
    await open();
    const opener = button(page, name);
    const dialog = page.getByRole("dialog");
    await reach(page, opener);
    for (const close of ["Escape", "Close"]) {
      await page.keyboard.press("Enter");
      await expect(dialog).toBeVisible();
      // Nothing behind it is reached: outside the dialog there is only the browser's own.
      for (let presses = 0; presses < 15; presses++) {
        const isWithin = await page.evaluate(() => {
          const { activeElement, body } = document;
          return activeElement === body || activeElement?.closest("dialog[open]") !== null;
        });
        expect(isWithin, "the focus is in the dialog").toBe(true);
        await page.keyboard.press("Tab");
      }
      if (close === "Close") {
        await reach(page, dialog.getByRole("button", { name: "Close", exact: true }));
        await page.keyboard.press("Enter");
      } else await page.keyboard.press("Escape");
      await expect(dialog).toBeHidden();
      await expect(opener).toBeFocused();
    }
  });
}

test("a call in the past asks; Escape makes none and gives the focus back", async ({
  page,
  open,
}) => {
  await open("#v=1&s=first&n=2");
  const allocate = button(page, "Allocate 100");
  await reach(page, allocate);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "You are looking at an earlier step" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(allocate).toBeFocused();
  expect(await logOf(page)).toMatchObject({ step: 2, steps: 4 });

  await page.keyboard.press("Enter");
  await reach(page, dialog.getByRole("button", { name: "Go to the end first" }));
  await page.keyboard.press("Enter");
  await expectSteps(page, 5);
  await expectStep(page, 5);
});

// ---- typing --------------------------------------------------------------------------------------

/** Keys that do something while the memory or the steps have the focus. */
const LETTERS = "p.,[]+-0";

test("keys of the memory do nothing while one types", async ({ page, open }) => {
  await open("#v=1&s=first&n=2");
  const places = [page.getByLabel("Or type"), yourTurn(page).getByLabel("Bytes", { exact: true })];
  for (const field of places) {
    await reach(page, field, field === places[0] ? "Tab" : "Shift+Tab");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(LETTERS);
    await expect(field).toHaveValue(LETTERS);
  }
  const jumps = page.getByRole("combobox", { name: "Jump to" });
  await reach(page, jumps, "Shift+Tab");
  await page.keyboard.type("p");
  await expect(jumps).toHaveValue("padding");
  await expect(button(page, "Play")).toBeVisible();
  await expectStep(page, 2);
});

test("they do nothing either while nothing or something else has the focus", async ({
  page,
  open,
}) => {
  await open("#v=1&s=first&n=2");
  await page.keyboard.type(LETTERS);
  await reach(page, button(page, "Help"));
  await page.keyboard.type(LETTERS);
  await reach(page, button(page, "Undo"));
  await page.keyboard.type(LETTERS);
  await expect(button(page, "Play")).toBeVisible();
  await expectStep(page, 2);
});

test("they leave alone what the browser does with Ctrl, Alt and Meta", async ({ page, open }) => {
  await open("#v=1&s=first&n=2");
  await reach(page, memory(page));
  for (const key of ["Control+.", "Alt+.", "Meta+.", "Control+ArrowRight"]) {
    await page.keyboard.press(key);
  }
  await expectStep(page, 2);
  await page.keyboard.press(".");
  await expectStep(page, 3);
});

// ---- the whole way -------------------------------------------------------------------------------

/**
 * Where the focus is, and how well one sees it.
 * @typedef {object} Focus
 * @property {string} name
 * @property {number} place of the element in the page; of radio buttons that of the first
 * @property {string} problem empty if there is none
 */

/** @param {Page} page @returns {Promise<Focus | undefined>} undefined if nothing has it */
const focusOf = (page) =>
  page.evaluate(() => {
    const element = /** @type {HTMLElement} */ (document.activeElement);
    if (!element || element === document.body) return undefined;
    const all = Array.from(document.querySelectorAll("*"));
    const { name: group, type } = /** @type {HTMLInputElement} */ (element);
    const stop =
      type === "radio" ? document.querySelector(`input[name="${CSS.escape(group)}"]`) : element;
    const name = `${element.tagName.toLowerCase()} ${
      element.getAttribute("aria-label") ??
      (element.textContent?.trim().slice(0, 40) || group || element.id)
    }`;

    /** What shows the focus: a field that is itself unseen has something beside it that does. */
    const isUnseen = getComputedStyle(element).opacity === "0";
    const shown = isUnseen ? (element.nextElementSibling ?? element) : element;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
    const isMarked =
      outlineStyle !== "none" &&
      Number.parseFloat(outlineWidth) >= 2 &&
      !/^transparent$|, 0\)$/.test(outlineColor);

    const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
    const transport = document.querySelector(".transport-main");
    const isFixed = transport !== null && getComputedStyle(transport).position === "fixed";
    const isOfTransport = transport?.contains(element) === true;
    const floor =
      isFixed && !isOfTransport ? transport.getBoundingClientRect().top : window.innerHeight;
    const fits = height <= floor;
    const side = document.documentElement.clientWidth;
    // A pixel or two more or less are rounding.
    const isIn = fits
      ? top >= -2 && bottom <= floor + 2
      : Math.min(bottom, floor) - Math.max(top, 0) >= floor / 2;
    const [x, y] = [left + width / 2, (Math.max(top, 0) + Math.min(bottom, floor)) / 2];
    const hit = document.elementFromPoint(x, y);
    const isOnTop =
      hit !== null && (shown.contains(hit) || hit.contains(shown) || element.contains(hit));
    const problems = [
      !isMarked && "has no outline",
      !isIn && `is at ${Math.round(top)} to ${Math.round(bottom)}, of ${Math.round(floor)}`,
      (left < -2 || right > side + 2) && `is at ${left} to ${right}, of ${side} across`,
      isIn && !isOnTop && `is behind ${hit?.outerHTML.slice(0, 60)}`,
    ];
    return {
      name,
      place: all.indexOf(stop ?? element),
      problem: problems.filter(Boolean).join(", "),
    };
  });

/**
 * Goes through the page, from where the focus is, until it ends or begins again.
 * @param {Page} page
 * @param {"Tab" | "Shift+Tab"} key
 */
async function walk(page, key) {
  /** @type {Focus[]} */
  const stops = [];
  let focus = await focusOf(page);
  while (focus && focus.place !== stops[0]?.place) {
    stops.push(focus);
    if (stops.length > MOST_PRESSES) {
      throw new Error(`${key} comes to no end: ${stops.map(({ name }) => name).join(", ")}`);
    }
    await page.keyboard.press(key);
    focus = await focusOf(page);
  }
  return stops;
}

const WAYS = [
  { width: 1280, height: 800, tabs: ["Calls", "Challenges"] },
  { width: 390, height: 844, tabs: ["Calls", "Bytes", "Import, export"] },
  { width: 320, height: 568, tabs: ["Quiz"] },
];

for (const { tabs, ...size } of WAYS) {
  test(`at ${size.width} pixels Tab goes through all of the page, and Shift+Tab back, in sight`, async ({
    page,
    open,
  }) => {
    await page.emulateMedia({ reducedMotion: "reduce" }); // or it would still be scrolling
    await page.setViewportSize(size);
    await open();
    await memory(page).press("Home"); // what can be done with a picked block belongs to the way
    for (const name of tabs) {
      await page.getByRole("tab", { name, exact: true }).press("Enter");
      await expect(page.getByRole("tabpanel", { name, exact: true })).toBeVisible();
      await page.getByRole("link", { name: "To the memory" }).focus();
      const there = await walk(page, "Tab");
      const places = there.map(({ place }) => place);
      expect(there[0]?.name).toBe("a To the memory");
      expect(there.at(-1)?.name, "the last of the page").toBe("button The bad case");
      expect(places, "in the order of the page").toEqual(places.toSorted((a, b) => a - b));
      await page.keyboard.press("Shift+Tab"); // from beyond the end, where the way was over
      const back = await walk(page, "Shift+Tab");
      const backwards = back.map(({ place }) => place).toReversed();
      expect(backwards, "the same way back").toEqual(places);
      const problems = [...there, ...back].filter(({ problem }) => problem !== "");
      expect
        .soft(
          problems.map((stop) => `${stop.name}: ${stop.problem}`),
          `${name} is open`,
        )
        .toEqual([]);
    }
  });
}
