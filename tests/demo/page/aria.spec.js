// What a screen reader is told: the parts of the page by role and name, and what it says by itself.

import { expect, test } from "./fixtures.js";
import { openTab } from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./fixtures.js").Open} Open */

/**
 * Something that was said without being asked for: in which live region, when, and what.
 * @typedef {{region: string, at: number, text: string}} Said
 */

const ANNOUNCER = "announcer";

/** Writes down from now on what live regions say. @param {Page} page */
async function listen(page) {
  await page.evaluate(() => {
    /** @type {Said[]} */
    const said = [];
    Object.assign(window, { said });
    const live = "[aria-live], [role=status], [role=alert], [role=log], output";
    const regionOf = (/** @type {Node} */ node) => {
      const element = node instanceof Element ? node : node.parentElement;
      const region = element?.closest(live);
      return region?.getAttribute("aria-live") === "off" ? null : region;
    };
    new MutationObserver((mutations) => {
      const regions = new Set(mutations.map(({ target }) => regionOf(target)));
      for (const region of regions) {
        const text = region?.textContent?.trim();
        if (!region?.checkVisibility() || !text) continue;
        said.push({ region: region.id || region.className, at: performance.now(), text });
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

/** What was said since it was asked last. @param {Page} page @returns {Promise<Said[]>} */
const heard = (page) =>
  page.evaluate(() =>
    /** @type {typeof globalThis & {said: Said[]}} */ (/** @type {unknown} */ (window)).said.splice(
      0,
    ),
  );

/** The page with a clock that moves when it is told to. @param {Page} page @param {Open} open */
async function openStill(page, open, /** @type {string} */ hash) {
  await page.clock.install();
  await open(hash);
  await page.clock.pauseAt(Date.now() + 3_600_000);
  await page.clock.runFor(3000);
  await listen(page);
}

/** All that is said in so many milliseconds. @param {Page} page */
async function heardIn(page, /** @type {number} */ milliseconds) {
  await page.clock.runFor(milliseconds);
  return heard(page);
}

/** Longer than any pause between two sentences. */
const LONG = 5000;

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Only the announcer has said something, and only this. @param {Said[]} all @param {RegExp} text */
function expectOnly(all, text) {
  expect(all.map(({ region }) => region)).toEqual([ANNOUNCER]);
  expect(all[0]?.text).toMatch(text);
}

// ---- what is there -------------------------------------------------------------------------------

test("a screen reader finds the same in words @file", async ({ page, open }) => {
  await open("#v=1&s=first&n=4");
  await test.step("transport", async () => {
    await expect(page.getByRole("group", { name: "Steps" })).toMatchAriaSnapshot(`
      - group "Steps":
        - button "To the beginning"
        - button "Previous step"
        - button "Play"
        - button "Next step" [disabled]
        - button "To the end" [disabled]
        - slider "Step": "4"
        - group "Jump":
          - combobox "Jump to":
            - option "growth" [selected]
            - option "failure"
            - option "move by realloc"
            - option "padding"
          - button "Jump back"
          - button "Jump on"
        - combobox "Speed":
          - option "1 step a second"
          - option "2 steps a second" [selected]
          - option "8 steps a second"
          - option "60 steps a second"
          - option "1,000 steps a second"
        - checkbox "Ask me first"
    `);
    await expect(page.getByRole("group", { name: "Steps" })).toContainText("Step 4 of 4");
    await expect(page.getByRole("slider", { name: "Step" })).toHaveAttribute(
      "aria-valuetext",
      "Step 4 of 4: p4 = malloc(100), no page added",
    );
  });
  await test.step("why", async () => {
    await expect(page.getByRole("region", { name: "Why", exact: true })).toMatchAriaSnapshot(`
      - region "Why":
        - heading "Why" [level=2]
        - paragraph: Step 4 of 4
        - paragraph: /^malloc\\(100\\) → 0x[0-9a-f]{8}$/
        - group "Calls around this step":
          - 'button "prev: p3 = malloc(3)"'
          - paragraph: "now: p4 = malloc(100)"
          - 'button "next: nothing yet" [disabled]'
        - list:
          - listitem:
            - button "Show the lines of reason 1": "1"
            - text: '/^Rounded 0x[0-9a-f]{8} up to 0x[0-9a-f]{8}, a multiple of 8: 5 bytes of padding\\.$/'
          - listitem:
            - button "Show the lines of reason 2": "2"
            - text: It still fits, so no page was added.
          - listitem:
            - button "Show the lines of reason 3": "3"
            - text: /^Moved the bump pointer 100 bytes, to 0x[0-9a-f]{8}\\.$/
        - region "Source lines that this call ran":
          - figure /^emscripten_builtin_malloc src\\/mini_alloc\\.c, lines \\d+ to \\d+$/
          - figure /^allocate src\\/mini_alloc\\.c, lines \\d+ to \\d+$/
    `);
  });
  await test.step("your turn", async () => {
    await expect(page.getByRole("region", { name: "Your turn" })).toMatchAriaSnapshot(`
      - region "Your turn":
        - heading "Your turn" [level=2]
        - group "Call":
          - radio "malloc" [checked]
          - radio "calloc"
          - radio "realloc"
          - radio "free"
          - radio "aligned_alloc"
          - radio "mini_alloc"
          - radio "mark"
          - radio "reset"
        - paragraph: Asks for a block of so many bytes.
        - textbox "Bytes": "100"
        - button "Allocate 100"
        - alert
        - textbox "Or type":
          - /placeholder: loop 20 malloc(64)
        - button "Run"
        - button "Undo"
        - button "Redo" [disabled]
        - button "Empty the heap"
    `);
  });
  await test.step("memory", async () => {
    await expect(page.getByRole("region", { name: "Memory" })).toMatchAriaSnapshot(`
      - region "Memory":
        - heading "Memory" [level=2]
        - combobox "Scenario"
        - img "2 pages of memory"
        - button "Show more addresses"
        - button "Show fewer addresses"
        - button "Follow the step"
        - group "Memory, address by address":
          - img /^Rounded 0x[0-9a-f]{8} up to 0x[0-9a-f]{8}, .* no page was added\\. Moved .* Bump pointer at 0x[0-9a-f]{8}, limit at 0x00020000\\.$/
        - group:
          - text: What the patterns mean
          - list:
            - listitem: stack, grows toward low addresses
            - listitem: live blocks, in two shades
            - listitem: padding, for alignment
            - listitem: "slack: owned, not used"
    `);
    const memory = page.getByRole("group", { name: "Memory, address by address" });
    await expect(memory).toHaveAccessibleDescription(/^Arrow keys pick .* Escape none\./);
  });
  await test.step("before and after", async () => {
    const address = "0x[0-9a-f]{8}";
    await expect(page.getByRole("region", { name: "Before and after" })).toMatchAriaSnapshot(`
      - table "Before and after this call, in bytes but for pages":
        - rowgroup:
          - row "before after change"
        - rowgroup:
          - row /^Bump pointer ${address} ${address} \\+105$/
          - row "Limit 0x00020000 0x00020000 same"
          - row "Pages 2 2 same"
          - row "Used 131 236 +105"
          - row /^Slack [\\d,]+ [\\d,]+ −105$/
          - row "Padding 4 9 +5"
          - row "Live bytes 127 227 +100"
    `);
  });
  await test.step("calls", async () => {
    const calls = await openTab(page, "Calls");
    const address = "0x[0-9a-f]{8}";
    await expect(calls).toMatchAriaSnapshot(`
      - tabpanel "Calls":
        - group "Show":
          - radio "all" [checked]
          - radio "growth"
          - radio "failed"
          - radio "moved"
          - radio "padding"
        - grid "Calls":
          - rowgroup:
            - row "Step Call Returned Padding Bump Pages Ink":
              - columnheader "Step"
              - columnheader "Call"
              - columnheader "Returned"
              - columnheader "Padding"
              - columnheader "Bump"
              - columnheader "Pages"
              - columnheader "Ink"
            - row /^1 p1 = malloc\\(24\\) ${address} ${address} 2 [\\d,]+$/
            - row /^2 p2 = malloc\\(100\\) ${address} ${address} 2 [\\d,]+$/
            - row /^3 p3 = malloc\\(3\\) ${address} 4 B ${address} 2 [\\d,]+$/
            - row /^4 p4 = malloc\\(100\\) ${address} 5 B ${address} 2 [\\d,]+$/:
              - gridcell "4"
              - gridcell "p4 = malloc(100)"
              - gridcell /^${address}$/
              - gridcell "5 B"
              - gridcell /^${address}$/
              - gridcell "2"
              - gridcell /^[\\d,]+$/
    `);
    const grid = calls.getByRole("grid");
    await expect(grid).toHaveAttribute("aria-rowcount", "5");
    await expect(grid).toHaveAttribute("aria-activedescendant", "call-3");
    const current = grid.locator("[aria-current=step]");
    await expect(current).toHaveAttribute("aria-rowindex", "5");
    await expect(current).toHaveCount(1);
  });
});

// ---- what is said --------------------------------------------------------------------------------

test("a step is heard once, and only there", async ({ page, open }) => {
  await openStill(page, open, "#v=1&s=jump&n=2");
  await openTab(page, "Calls");
  await heardIn(page, LONG);
  await press(page, "Next step");
  expectOnly(
    await heardIn(page, LONG),
    /^Step 3: mini_alloc\([\d,]+, 1\) returned 0x[0-9a-f]{8}, the bump pointer moved up [\d,]+ bytes, no page added\.$/,
  );
  await page.getByRole("slider", { name: "Step" }).fill("6");
  expectOnly(await heardIn(page, LONG), /^Step 6: .* moved up 262,144 bytes, 4 pages added\.$/);
  await press(page, "Previous step");
  expectOnly(await heardIn(page, LONG), /^Step 5: [^.]*\.$/);
  await press(page, "Jump on");
  expectOnly(await heardIn(page, LONG), /^Step 6: [^.]*\.$/);
  await press(page, "Jump on");
  expectOnly(await heardIn(page, LONG), /^There is no growth after this step\.$/);
  await press(page, "To the beginning");
  expectOnly(await heardIn(page, LONG), /^Step 0: before the first call, [^.]*\.$/);
  expect(await heardIn(page, LONG), "and then it is quiet").toEqual([]);
});

test("steps in a hurry: at most one sentence a second, and the last one is of the last step", async ({
  page,
  open,
}) => {
  await openStill(page, open, "#v=1&s=doubling&n=0");
  const all = [];
  await page.getByRole("button", { name: "Next step" }).focus();
  for (let step = 1; step <= 15; step++) {
    await page.keyboard.press(".");
    all.push(...(await heardIn(page, 150)));
  }
  all.push(...(await heardIn(page, LONG)));
  const said = all.filter(({ region }) => region === ANNOUNCER);
  expect(said.length).toBeGreaterThan(0);
  for (const [i, { at }] of said.slice(1).entries()) {
    expect(at - (said[i]?.at ?? 0), "milliseconds between two").toBeGreaterThanOrEqual(1000);
  }
  expect(said.at(-1)?.text).toMatch(/^Step 15: /);
  expect(new Set(said.map(({ text }) => text)).size, "none of them twice").toBe(said.length);
});

test("nothing is said while it plays, and one sentence when it stops", async ({ page, open }) => {
  await openStill(page, open, "#v=1&s=doubling&n=0");
  const root = page.locator("html");
  await page.getByRole("combobox", { name: "Speed" }).selectOption("8 steps a second");
  await press(page, "Play");
  expect(await heardIn(page, 1500), "while it plays").toEqual([]);
  const step = Number(await root.getAttribute("data-step"));
  expect(step, "it does play").toBeGreaterThan(5);
  expect(step).toBeLessThan(22);
  await press(page, "Pause");
  expectOnly(await heardIn(page, LONG), new RegExp(`^Step ${step}: `));
  await press(page, "Play");
  const rest = await heardIn(page, 2 * LONG);
  await expect(root).toHaveAttribute("data-step", "22");
  expectOnly(rest, /^Step 22: /);
});

test("nothing of before is said after it has begun to play", async ({ page, open }) => {
  await openStill(page, open, "#v=1&s=doubling&n=0");
  const root = page.locator("html");
  await page.getByRole("combobox", { name: "Speed" }).selectOption("8 steps a second");
  await test.step("what was waiting for its turn", async () => {
    await press(page, "Next step");
    expect((await heardIn(page, 100)).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Step 1: /),
    );
    await press(page, "Next step"); // of which nothing is said yet
    await press(page, "Play");
    const said = await heardIn(page, 1500);
    await expect(root).not.toHaveAttribute("data-step", "22");
    expect(said.filter(({ region }) => region === ANNOUNCER)).toEqual([]);
    await press(page, "Pause");
    await heardIn(page, LONG);
  });
  await test.step("the beginning, when it plays from the end", async () => {
    await press(page, "To the end");
    await heardIn(page, LONG);
    await press(page, "Play");
    const said = await heardIn(page, 1500);
    await expect(root).not.toHaveAttribute("data-step", "22");
    expect(said.filter(({ region }) => region === ANNOUNCER)).toEqual([]);
  });
});

test("a call is heard once", async ({ page, open }) => {
  await openStill(page, open, "#v=1&s=first&n=4");
  await press(page, "Allocate 100");
  expectOnly(
    await heardIn(page, LONG),
    /^Step 5: malloc\(100\) returned 0x[0-9a-f]{8}, .* the bump pointer moved up \d+ bytes, no page added\.$/,
  );
  await page.getByLabel("Or type").fill("malloc(0xFFFFFFFF)");
  await press(page, "Run");
  expectOnly(
    await heardIn(page, LONG),
    /^Step 6: malloc\(.*\) returned NULL, the bump pointer stays, no page added\.$/,
  );
});

const proof = (/** @type {number} */ calls) =>
  `Replayed ${calls} calls in a new instance: every address identical ✓`;

test("an undo is heard once, and so is its proof", async ({ page, open }) => {
  await openStill(page, open, "#v=1&s=realloc&n=9");
  for (const left of [8, 7]) {
    await press(page, "Undo");
    const said = (await heardIn(page, LONG)).map(({ text }) => text);
    expect(said, "its proof, once").toContain(proof(left));
    const others = said.filter((text) => text !== proof(left));
    expect(said.length - others.length, "the proof, so many times").toBe(1);
    // Where it stands now is another sentence; nothing else is said.
    for (const text of others) expect(text).toMatch(new RegExp(`^Step ${left}: .*\\.$`));
    expect(others.length, "the announcer, so many times").toBeLessThanOrEqual(1);
  }
  await press(page, "Previous step");
  expectOnly(await heardIn(page, LONG), /^Step 6: /);
});
