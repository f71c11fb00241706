// Links and files that are broken, or made to break the page, and what somebody may type.

import { deflateRawSync } from "node:zlib";
import { expect, test } from "./fixtures.js";
import {
  emptyHeap,
  expectSteps,
  fileField,
  importText,
  logOf,
  make,
  openTab,
  stepsOf,
  type,
} from "./helpers.js";

/** @typedef {import("@playwright/test").Page} Page */

// ---- links ---------------------------------------------------------------------------------------

/** The bytes of a log with the two that they are checked by, as a link has them. */
function linkOfBytes(/** @type {number[]} */ bytes) {
  let [low, high] = [1, 0];
  for (const byte of bytes) [low, high] = [(low + byte) % 251, (low + byte + high) % 251];
  return deflateRawSync(Uint8Array.from([...bytes, low, high])).toString("base64url");
}

// In the order of the engine's table: 0 is malloc(size), 2 realloc(block, size), 7 reset(mark).
const ONE_MALLOC = [1, 0, 24];
const good = linkOfBytes(ONE_MALLOC);
const bomb = deflateRawSync(Buffer.alloc(100_000_000)).toString("base64url");

/**
 * What a link has after its #, and what the page says of it: nothing where that is empty. What
 * cannot be shown is replaced by the fourth step of the first scenario.
 * @type {Record<string, {hash: string, says: string, scenario?: string, step?: string}>}
 */
const LINKS = {
  "a log that is cut off": { hash: `v=1&log=${good.slice(0, -2)}`, says: "is cut off or changed" },
  "a log of nothing": { hash: "v=1&log=", says: "is cut off or changed" },
  "a log with one letter changed": {
    hash: `v=1&log=${good.slice(0, 2)}${good[2] === "A" ? "B" : "A"}${good.slice(3)}`,
    says: "is cut off or changed",
  },
  "a log with HTML": {
    hash: "v=1&log=<img src=x onerror=window.pwned=1>",
    says: "is cut off or changed",
  },
  "a log in Unicode": { hash: "v=1&log=📎漢字\u202E", says: "is cut off or changed" },
  "a log of a million letters": {
    hash: `v=1&log=${"A".repeat(1_000_000)}`,
    says: "is cut off or changed",
  },
  "a log that swells to 100 MB": {
    hash: `v=1&log=${bomb}`,
    says: "holds more calls than a log may have",
  },
  "more calls than a log may have": {
    hash: `v=1&log=${linkOfBytes([0x81, 0x89, 0x7a, 0, 24])}`,
    says: "has a number that is too large",
  },
  "fewer calls than it says": {
    hash: `v=1&log=${linkOfBytes([9, 0, 24])}`,
    says: "is cut off",
  },
  "more calls than it says": {
    hash: `v=1&log=${linkOfBytes([...ONE_MALLOC, 0, 24])}`,
    says: "goes on after its last call",
  },
  "a call that there is not": {
    hash: `v=1&log=${linkOfBytes([1, 99])}`,
    says: "has a call that there is not",
  },
  "a size beyond 32 bits": {
    hash: `v=1&log=${linkOfBytes([1, 0, 0xff, 0xff, 0xff, 0xff, 0x7f])}`,
    says: "has a number that is too large",
  },
  "a number that does not end": {
    hash: `v=1&log=${linkOfBytes([1, 0, ...Array(40).fill(0xff)])}`,
    says: "has a number that is too large",
  },
  "a block that nothing made": {
    hash: `v=1&log=${linkOfBytes([1, 2, 1, 24])}`,
    says: "uses a block that there is not",
  },
  "a mark that nothing made": {
    hash: `v=1&log=${linkOfBytes([1, 7, 1])}`,
    says: "uses a mark that there is not",
  },
  "another version": {
    hash: "v=2&s=first&n=1",
    says: "was made by another version of this page",
  },
  "a version in words": {
    hash: "v=<b>1</b>&s=first",
    says: "was made by another version of this page",
  },
  "a scenario that there is not": {
    hash: "v=1&s=nothing&n=1",
    says: "names a scenario that this page does not have",
  },
  "a scenario in capitals": {
    hash: "v=1&s=FIRST&n=1",
    says: "names a scenario that this page does not have",
  },
  "a scenario with HTML": {
    hash: "v=1&s=%3Cscript%3Ewindow.pwned=1%3C/script%3E",
    says: "names a scenario that this page does not have",
  },
  "a scenario of every object": {
    hash: "v=1&s=__proto__",
    says: "names a scenario that this page does not have",
  },
  "half a percent sign": {
    hash: "v=1&s=%E0%A4%A&n=%",
    says: "names a step that is no number",
  },
  "a step below nothing": { hash: "v=1&s=free&n=-1", says: "names a step that is no number" },
  "half a step": { hash: "v=1&s=free&n=1.5", says: "names a step that is no number" },
  "a step in words": { hash: "v=1&s=free&n=NaN", says: "names a step that is no number" },
  "a step beyond the last": {
    ...{ hash: "v=1&s=free&n=9999999", scenario: "free", step: "11" },
    says: "asks for step 9,999,999, but the last one is 11",
  },
  "a step of nothing": { hash: "v=1&n=3", says: "asks for step 3, but the last one is 0" },
  "names in capitals": { hash: "V=1&S=churn&N=5", says: "" },
  "everything twice": {
    ...{ hash: "v=1&v=2&s=free&s=first&n=2&n=7", scenario: "free", step: "2" },
    says: "",
  },
  "a scenario and a log": {
    ...{ hash: `v=1&s=free&log=${good}&n=2`, scenario: "free", step: "2" },
    says: "",
  },
  "a look that there is not": {
    hash: "v=1&s=free&n=2&t=<img src=x onerror=window.pwned=1>&m=%00&d=99&z=zzz-0&__proto__=1",
    ...{ says: "", scenario: "free", step: "2" },
  },
  "addresses of all that 32 bits have, the wrong way round": {
    ...{ hash: "v=1&s=free&n=2&z=100000000-0", scenario: "free", step: "2" },
    says: "",
  },
  "addresses of all that 32 bits have": {
    ...{ hash: "v=1&s=free&n=2&z=0-100000000", scenario: "free", step: "2" },
    says: "",
  },
  "no link of ours": { hash: "💥?&&==<script>window.pwned=1</script>", says: "" },
};

/** Nothing that came from outside has become part of the page. @param {Page} page */
async function expectNoHtml(page) {
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  await expect(page.locator("img, script:not([type]), iframe")).toHaveCount(0);
}

/** Some of the links, each in a test of its own that two of can run at once. */
const PARTS = 4;

for (let part = 0; part < PARTS; part++) {
  const some = Object.entries(LINKS).filter((_, i) => i % PARTS === part);
  const first = some.map(([what]) => what).slice(0, 3);
  test(`links are survived, and told of: ${first.join(", ")} and others`, async ({
    page,
    open,
  }) => {
    for (const [what, { hash, says, scenario = "first", step = "4" }] of some) {
      await test.step(what, async () => {
        await open(`#${hash}`);
        const notice = page.getByRole("alert").filter({ hasText: /./ });
        if (says !== "") await expect(notice).toHaveText(`This link ${says}.Dismiss`);
        else await expect(notice).toHaveCount(0);
        await expect(page.getByLabel("Scenario")).toHaveValue(scenario);
        await expect(page.locator("html")).toHaveAttribute("data-step", step);
        await expectNoHtml(page);
        // And the page works.
        await page.getByRole("button", { name: "Previous step" }).click();
        await expect(page.locator("html")).toHaveAttribute("data-step", String(Number(step) - 1));
      });
    }
  });
}

test("a step of thirty digits is a step beyond the last, not no number", async ({ page, open }) => {
  await open(`#v=1&s=free&n=${"9".repeat(30)}`);
  const notice = page.getByRole("alert").filter({ hasText: "This link" });
  await expect(notice).toBeVisible();
  await expect(notice).not.toContainText("no number", { timeout: 1000 });
});

test("what was said of a link can be dismissed", async ({ page, open }) => {
  await open("#v=1&s=nothing");
  const notice = page.getByRole("alert").filter({ hasText: "This link" });
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice).toHaveCount(0);
});

test("a link of a million calls opens", async ({ page, open }) => {
  const million = [0xc0, 0x84, 0x3d];
  const bytes = [...million, ...Array.from({ length: 1_000_000 }, () => [0, 1]).flat()];
  await open(`#v=1&n=1000000&log=${linkOfBytes(bytes)}`);
  expect(await stepsOf(page)).toBe(1_000_000);
  await page.getByRole("button", { name: "Previous step" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-step", "999999");
});

// ---- files ---------------------------------------------------------------------------------------

const HTML = "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>";

/** @param {Page} page */
const errorOf = (page) => page.getByRole("tabpanel").getByRole("alert").filter({ hasText: /./ });

/** @param {Page} page */
const reportOf = (page) =>
  page.getByRole("tabpanel").getByRole("status").filter({ hasText: /Read/ });

/** Of which nothing can be read, and what is said. @type {Record<string, [string | Uint8Array, RegExp]>} */
const BROKEN = {
  nothing: ["", /This is no trace/],
  "spaces alone": [" \n\t\n \r\n", /This is no trace/],
  "a program": [Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), /This is no trace/],
  "zero bytes": [new Uint8Array(70_000), /This is no trace/],
  HTML: [`<!doctype html><body>${HTML}</body>`, /This is no trace/],
  "one line without end": ["a".repeat(3_000_000), /This is no trace/],
  "JSON that is no export": ['{"format":"something else","log":[]}', /This is no trace/],
  "an export that is cut off": [
    '{"format":"mini-alloc-demo","version":1,"log":[["malloc",[2',
    /cut off or changed: it is no JSON/,
  ],
  "an export without a log": ['{"format":"mini-alloc-demo","version":1}', /has no log/],
  "an export whose log is a word": [
    '{"format":"mini-alloc-demo","version":1,"log":"malloc"}',
    /has no log/,
  ],
  "an export of another version": [
    '{"format":"mini-alloc-demo","version":99,"log":[]}',
    /another version/,
  ],
  "an export of no calls": [
    '{"format":"mini-alloc-demo","version":1,"log":[]}',
    /There is no call in this file/,
  ],
  "an export of wrong types": [
    `{"format":"mini-alloc-demo","version":1,"title":${JSON.stringify(HTML)},"step":"x","start":[],"log":[1,null,"x",{},[],["malloc"],["malloc",["24"],1,1,1,1],["malloc",[-1],1,1,1,1],["malloc",[1.5],1,1,1,1],["malloc",[1e99],1,1,1,1],["eval",[1],1,1,1,1]]}`,
    /There is no call in this file: line 1, it is no row of a log/,
  ],
  "a trace with a header of wrong types": [
    '{"format":"mini-alloc-trace","version":"1","allocator":7,"program":null,"alignment":"8","base":-1,"pages":{}}\n',
    /This trace cannot be read/,
  ],
  "a trace of another version": [
    '{"format":"mini-alloc-trace","version":2,"allocator":"mini-alloc","program":"x","alignment":8,"base":17424,"pages":2}\n',
    /This trace cannot be read/,
  ],
};

test("files of which nothing can be read are refused in a sentence", async ({ page, open }) => {
  await open();
  for (const [what, [contents, says]] of Object.entries(BROKEN)) {
    await test.step(what, async () => {
      const name = `${what}.jsonl`;
      await importText(page, name, contents);
      await expect(errorOf(page)).toContainText(`${name}: `);
      await expect(errorOf(page)).toHaveText(says);
      await expect(reportOf(page)).toHaveCount(0);
      expect(await stepsOf(page)).toBe(4);
      await expectNoHtml(page);
    });
  }
});

const HEADER = {
  ...{ format: "mini-alloc-trace", version: 1, allocator: "mini-alloc", program: HTML },
  ...{ alignment: 8, base: 17_424, pages: 2 },
};

/** @param {object[]} lines @param {string} [end] */
const jsonl = (lines, end = "\n") => lines.map((line) => JSON.stringify(line)).join(end) + end;

test("HTML in the name and in every field of a file stays text", async ({ page, open }) => {
  await open();
  const name = `${HTML}.json`;
  const rows = [
    ["malloc", [24], 17_424, 17_448, 131_072, 2, 0],
    ["malloc", [HTML], 17_424, 17_448, 131_072, 2, 0],
    [HTML, [24], HTML, HTML, HTML, HTML, HTML],
    ["malloc", [8], 17_448, 17_456, 131_072, 2, HTML],
  ];
  const head = { format: "mini-alloc-demo", version: 1, title: HTML, step: HTML, columns: [HTML] };
  await importText(page, name, JSON.stringify({ ...head, log: rows }));
  await expect(reportOf(page)).toHaveText(/: 2 calls, 2 lines ignored\./);
  await page.getByText("Why 2 lines were ignored").click();
  for (const how of ["Replay on mini-alloc", "View as recorded"]) {
    await page.getByRole("button", { name: how }).click();
    await expectSteps(page, 2);
    await expect(page.getByText(/^Shown now/)).toContainText(HTML);
    for (const tab of ["Calls", "Bytes", "Import, export"]) await openTab(page, tab);
    await page.getByText("As a C program").click();
    await expectNoHtml(page);
  }
  await importText(page, name, "nothing");
  await expect(errorOf(page)).toContainText(name);
  await importText(
    page,
    name,
    jsonl([{ ...HEADER }, { op: "m", id: 1, n: 24, p: 17_424 }, { op: HTML, id: HTML, n: HTML }]),
  );
  await expect(reportOf(page).first()).toHaveText(/: 1 call, 1 line ignored\./);
  await page.getByText("Why 1 line was ignored").click();
  await page.getByRole("button", { name: "View as recorded" }).first().click();
  await expectSteps(page, 1);
  await expectNoHtml(page);
});

test("of a trace that is cut off in a line, the lines before are read", async ({ page, open }) => {
  await open();
  const whole = jsonl([
    { ...HEADER, program: "cut.js" },
    { op: "m", id: 1, n: 24, p: 17_424 },
    { op: "m", id: 2, n: 100, p: 17_448 },
    { op: "f", id: 1 },
  ]);
  await importText(page, "cut.jsonl", whole.slice(0, -6));
  await expect(reportOf(page)).toHaveText(/: 2 calls, 1 line ignored\./);
  await page.getByText("Why 1 line was ignored").click();
  await expect(page.getByRole("list", { name: "Ignored lines" })).toContainText("Line 4: ");
});

test("byte order marks and the line ends of Windows change nothing", async ({ page, open }) => {
  const files = {
    "a.jsonl": jsonl([
      { ...HEADER, program: "a.js" },
      { op: "m", id: 1, n: 24, p: 17_424 },
      { op: "m", id: 2, n: 100, p: 17_448 },
      { op: "f", id: 1 },
    ]),
    "b.rep": "20000\n2\n3\n1\na 0 24\na 1 100\nf 0\n",
    "c.mtrace": "= Start\n@ ./a:[0x1] + 0x10 0x18\n@ ./a:[0x1] + 0x30 0x64\n@ ./a:[0x2] - 0x10\n",
  };
  const changes = /** @type {const} */ ({
    "with a mark": (/** @type {string} */ text) => `\uFEFF${text}`,
    "of Windows": (/** @type {string} */ text) => text.replaceAll("\n", "\r\n"),
    "with both and no end": (/** @type {string} */ text) =>
      `\uFEFF${text.trimEnd().replaceAll("\n", "\r\n")}`,
  });
  await open();
  for (const [what, change] of Object.entries(changes)) {
    for (const [name, text] of Object.entries(files)) {
      await test.step(`${name} ${what}`, async () => {
        await importText(page, `${what} ${name}`, change(text));
        const report = page.getByRole("region", { name: `${what} ${name}`, exact: true });
        await expect(report.getByRole("status")).toHaveText(/: 3 calls, 0 lines ignored\./);
      });
    }
  }
});

/** As many calls as a log may have, and as the file says. */
const millionLines = () => `20000\n1000000\n1000000\n1\n${"a 0 16\n".repeat(1_000_000)}`;

test("a file of a million lines is read while the page stays alive, and its replay can be ended", async ({
  page,
  open,
}) => {
  await open();
  await importText(page, "million.rep", millionLines());
  await page.getByRole("button", { name: "Previous step" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-step", "3");
  await expect(reportOf(page)).toHaveText(/: 1,000,000 calls, 0 lines ignored\./, {
    timeout: 30_000,
  });
  await page.getByRole("button", { name: "Replay on mini-alloc" }).click();
  const reading = page.getByText(/^Replaying: [\d,]+ calls$/);
  await expect(reading).toBeVisible();
  await page.getByRole("tabpanel").getByRole("button", { name: "Cancel" }).click();
  await expect(reading).toBeHidden();
  await expect.poll(() => stepsOf(page)).toBeGreaterThan(0);
  const made = await stepsOf(page);
  expect(made).toBeLessThan(1_000_000);
  await expect(page.getByText(/^Shown now/)).toContainText(made.toLocaleString("en-US"));
  // What was made stays, is at its end, and others can follow.
  await expect(page.locator("html")).toHaveAttribute("data-step", String(made));
  await make(page, "malloc(8)", made + 1);
});

test("the reading of a file can be ended, and another file read then", async ({ page, open }) => {
  await open();
  await openTab(page, "Import, export");
  // Pressed as soon as it is there: whether the disk is fast or slow is all the same.
  await page.evaluate(() => {
    const watcher = new MutationObserver(() => {
      const buttons = document.querySelectorAll("[role=tabpanel]:not([hidden]) button");
      for (const button of buttons) {
        if (button.textContent !== "Cancel" || button.closest("[hidden]")) continue;
        watcher.disconnect();
        /** @type {HTMLButtonElement} */ (button).click();
      }
    });
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const big = { name: "million.rep", mimeType: "text/plain", buffer: Buffer.from(millionLines()) };
  await fileField(page).setInputFiles(big);
  await expect(page.getByText("Reading million.rep")).toBeHidden();
  await importText(page, "small.rep", "20000\n1\n1\n1\na 0 24\n");
  await expect(reportOf(page)).toHaveText(/: 1 call, 0 lines ignored\./);
  await expect(errorOf(page)).toHaveCount(0);
});

// ---- what is typed -------------------------------------------------------------------------------

/** What is refused, and what is said. @type {Record<string, [string, RegExp]>} */
const TYPED = {
  "an unknown name": ["q = malloc(8); free(r)", /column 21: expected a block .* found 'r'/],
  "an unknown function": ["window(8)", /column 1: expected one of malloc/],
  HTML: [HTML, /expected a call such as malloc\(100\)/i],
  "a number beyond 32 bits": ["malloc(0x100000000)", /a number up to 4,294,967,295/],
  "a loop beyond a log": ["loop 1000001 malloc(1)", /a number from 1 to 1,000,000/],
  "loops that come to more than a log": [
    "loop 999999 malloc(1); loop 2 malloc(1)",
    /at most 1,000,000 calls/,
  ],
  "a loop in a loop": ["loop 1000 { loop 1000 { malloc(1) } }", /a loop holds no other/],
  "a block that nothing made": ["free(p999999)", /p999,?999/],
  "digits of others": ["malloc(٣)", /column 8/],
  "letters that look like others": ["mаlloc(8)", /column [12]/], // the second one is Cyrillic
  "more than a script may have": [`malloc(1)${" ".repeat(1_000_001)}`, /at most 1,000,000 char/],
};

test("what cannot be read or made is answered, and makes no call", async ({ page, open }) => {
  await open();
  const before = await logOf(page);
  const error = page.getByRole("region", { name: "Your turn" }).getByRole("alert");
  for (const [what, [script, says]] of Object.entries(TYPED)) {
    await test.step(what, async () => {
      await type(page, script);
      await expect(error).toHaveText(says);
      await expect(page.getByLabel("Or type")).toHaveAttribute("aria-invalid", "true");
      await expectNoHtml(page);
      expect(await logOf(page)).toEqual(before);
    });
  }
  await make(page, "malloc(8)", 5);
  await expect(error).toHaveText("");
});

test("a number below nothing is answered by what is expected there", async ({ page, open }) => {
  await open();
  await type(page, "malloc(-1)");
  const error = page.getByRole("region", { name: "Your turn" }).getByRole("alert");
  await expect(error).toContainText("column 8");
  await expect(error).not.toContainText("a call such as", { timeout: 1000 });
});

test("the largest numbers are calls like others: the module refuses them", async ({
  page,
  open,
}) => {
  await open();
  await emptyHeap(page);
  const calls = [
    ...["malloc(0xFFFFFFFF)", "malloc(4294967295)", "calloc(0xFFFFFFFF, 0xFFFFFFFF)"],
    ...["aligned_alloc(0xFFFFFFFF, 1)", "mini_alloc(1, 0xFFFFFFFF)", "realloc(NULL, 0xFFFFFFFF)"],
    "mini_alloc(0xFFFFFFFF, 0x80000000)",
  ];
  await make(page, calls.join("; "), calls.length);
  const { rows } = await logOf(page);
  expect(rows.map(({ result }) => result)).toEqual(calls.map(() => 0));
  expect(new Set(rows.map(({ bump }) => bump)).size).toBe(1);
  await make(page, "malloc(8)", calls.length + 1);
  expect((await logOf(page)).rows.at(-1)?.result).toBeGreaterThan(0);
});

test("a loop of a million calls can be stopped, and what was made stays", async ({
  page,
  open,
}) => {
  await open();
  await emptyHeap(page);
  await type(page, "loop 1000000 malloc(1)");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByText(/^Made .* so far/)).toBeHidden();
  const made = await stepsOf(page);
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThan(1_000_000);
  await make(page, "malloc(8)", made + 1);
});

test("half a million marks do not stop the page", async ({ page, open }) => {
  await open();
  await emptyHeap(page);
  await type(page, "loop 500000 { m = mark(); reset(m) }");
  await expectSteps(page, 1_000_000, 40_000);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(page.getByRole("dialog").getByLabel("Link")).toHaveValue(/#v=1&log=/);
});
