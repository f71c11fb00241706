// The picture shows what is true: the colors on the screen at addresses of which the log says what
// lies there, in both themes, and with the addresses in a row and in a column.

import { expect, test } from "./fixtures.js";
import { detailOf, look } from "./picture.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./truth.js").DemoWindow} DemoWindow */
/** @typedef {import("./picture.js").Range} Range */

const PAGE = 65_536;

const LAYOUTS = [
  { layout: "wide", size: { width: 1280, height: 800 } },
  { layout: "phone", size: { width: 390, height: 844 } },
];
const VARIANTS = LAYOUTS.flatMap((one) =>
  ["light", "dark"].map((theme) => Object.assign({ theme }, one)),
);
/** Of the four, the two in which everything is looked at; in the others, what is most often seen. */
const WHOLE = new Set(["wide light", "phone dark"]);

/** Where the log says that the blocks are, and the rest. @param {Page} page */
const toldBy = (page) =>
  page.evaluate(() => {
    const { miniAllocDemo: demo } = /** @type {DemoWindow} */ (window);
    const events = Array.from({ length: demo.steps }, (_, i) => demo.event(i + 1));
    return {
      places: demo.places,
      bumps: [demo.at(0), ...events.map(({ after }) => after)].map(({ bump }) => bump),
      limits: [demo.at(0), ...events.map(({ after }) => after)].map(({ limit }) => limit),
      blocks: events
        .filter(({ block }) => block > 0)
        .map(({ result, taken }) => ({ from: result, to: result + taken })),
    };
  });

/** @param {Page} page */
const widthOf = (page) => detailOf(page).evaluate(({ clientWidth }) => clientWidth);

/** A part of a range. @param {Range} range @param {number} from share @param {number} to */
const partOf = (range, from, to) => ({
  from: range.from + (range.to - range.from) * from,
  to: range.from + (range.to - range.from) * to,
});

/** @param {number} from @param {number} to */
const windowText = (from, to) => `${from.toString(16)}-${to.toString(16)}`;

/** The heap base, which the addresses of the pictures need. @param {Page} page */
const baseOf = (page) =>
  page.evaluate(() => /** @type {DemoWindow} */ (window).miniAllocDemo.places.heapBase);

/**
 * Addresses of the page: a scenario, its step, and the addresses in view.
 * @param {string} theme
 * @returns {(scenario: string, step: number, view?: string) => string}
 */
const hashesOf = (theme) => (scenario, step, view) =>
  `#v=1&s=${scenario}&n=${step}&t=${theme}&m=off${view ? `&z=${view}` : ""}`;

for (const { layout, size, theme } of VARIANTS) {
  test.describe(`${layout}, ${theme}`, () => {
    test.use({ viewport: size });

    const hash = hashesOf(theme);
    const beside = layout === "wide" ? { from: -42, to: -38 } : { from: -62, to: -59 };

    test("blocks, the newest one, the pointer and slack", async ({ page, open }) => {
      await open(hash("first", 4));
      const base = await baseOf(page);
      await open(hash("first", 4, windowText(base - 20, base + 268)));
      const { blocks, bumps } = await toldBy(page);
      const [p1, p2, p3, p4] = /** @type {[Range, Range, Range, Range]} */ (
        /** @type {unknown} */ (blocks)
      );
      const picture = await look(page, 4);
      const half = picture.halfBand(p2);
      expect(picture.isVertical).toBe(layout === "phone");
      const ends = [picture.along(base - 20), picture.along(base + 268)];
      const { x, y, width } = picture.clip;
      const [begin, length] = layout === "phone" ? [y, 384] : [x, width];
      expect(Math.abs((ends[0] ?? 0) - begin), "the window begins there").toBeLessThan(1.5);
      expect(Math.abs((ends[1] ?? 0) - begin - length), "and ends there").toBeLessThan(1.5);
      const upper = { from: 6 - half, to: 14 - half };
      const lower = { from: half - 14, to: half - 6 };
      for (const [block, color] of /** @type {const} */ ([
        [p1, "block"],
        [p2, "block-next"],
        [p3, "block"],
        [p4, "block-next"],
      ])) {
        const inner = partOf(block, 0.2, 0.35);
        expect(picture.share(color, inner, upper), `${color} at ${block.from}`).toBe(1);
        expect(picture.share(color, inner, lower), `${color} at ${block.from}`).toBe(1);
      }

      const edge = { from: -half - 1, to: 1 - half };
      expect(picture.share("bump", partOf(p4, 0.1, 0.9), edge), "newest").toBe(1);
      expect(picture.share("bump", partOf(p2, 0.1, 0.9), edge), "not the newest").toBe(0);

      const bump = bumps[4] ?? 0;
      expect(bump).toBe(p4.to);
      const full = { from: -half - 6, to: half + 6 };
      expect(picture.line("bump", bump, full), "the pointer").toBe(1);
      expect(picture.line("bump", bump + 12, full), "and nowhere else").toBe(0);
      const slack = { from: bump + 8, to: bump + 24 };
      expect(picture.share("paper", slack, upper), "slack").toBe(1);
      expect(
        picture.share("line-strong", slack, { from: half - 2, to: half }, 70),
        "its baseline",
      ).toBeGreaterThan(0.05);
    });

    if (!WHOLE.has(`${layout} ${theme}`)) return;

    test("padding is hatched, and of half the height", async ({ page, open }) => {
      await open(hash("first", 4));
      const { blocks } = await toldBy(page);
      const [, p2, p3, p4] = /** @type {[Range, Range, Range, Range]} */ (
        /** @type {unknown} */ (blocks)
      );
      await open(hash("first", 4, windowText(p2.to - 20, p2.to + 40)));
      const picture = await look(page, 4);
      const upper = { from: -34, to: -26 };
      const lower = { from: 22, to: 30 };
      for (const gap of [
        { from: p2.to, to: p3.from },
        { from: p3.to, to: p4.from },
      ]) {
        expect(gap.to - gap.from).toBeGreaterThan(3);
        const inner = partOf(gap, 0.15, 0.8);
        expect(picture.share("paper", inner, upper), "nothing above").toBe(1);
        expect(picture.share("paper", inner, lower), "tinted below").toBeLessThan(0.2);
        expect(picture.share("padding", inner, lower, 40), "hatched").toBeGreaterThan(0.1);
        expect(picture.share("padding", inner, lower, 40), "but not full").toBeLessThan(0.6);
      }
      const inside = partOf(p3, 0.2, 0.8);
      expect(picture.share("block", inside, lower), "a block is no padding").toBe(1);
    });

    test("each step changes the picture at its own address", async ({ page, open }) => {
      await open(hash("free", 0));
      const base = await baseOf(page);
      await open(hash("free", 0, windowText(base - 20, base + 620)));
      const { blocks, bumps } = await toldBy(page);
      const next = page.getByRole("button", { name: "Next step" });
      for (let step = 0; step <= 5; step++) {
        if (step > 0) await next.click();
        const picture = await look(page, step);
        for (const [i, block] of blocks.slice(0, 5).entries()) {
          const color = i % 2 === 0 ? "block" : "block-next";
          const drawn = picture.share(color, partOf(block, 0.15, 0.3), { from: -28, to: -20 });
          expect(drawn, `p${i + 1} at step ${step}`).toBe(i < step ? 1 : 0);
          const edge = picture.share("bump", partOf(block, 0.3, 0.7), { from: -60, to: -30 });
          expect(edge > 0, `p${i + 1} is the newest of step ${step}`).toBe(i === step - 1);
        }
        // Beside the band, where the newest block's outline does not reach.
        const line = picture.line("bump", bumps[step] ?? 0, beside);
        expect(line, `the pointer at step ${step}`).toBe(1);
      }
    });

    test("freed blocks are empty, outlined and struck", async ({ page, open }) => {
      await open(hash("free", 8));
      const base = await baseOf(page);
      await open(hash("free", 8, windowText(base - 20, base + 700)));
      const { blocks } = await toldBy(page);
      const picture = await look(page, 8);
      const live = blocks[3] ?? { from: 0, to: 0 };
      const half = picture.halfBand(live);
      /** The strike goes from the lower left to the upper right. */
      const below = { from: Math.round(half / 2) - 8, to: Math.round(half / 2) + 8 };
      const above = { from: -below.to, to: -below.from };
      for (const [i, block] of blocks.slice(0, 5).entries()) {
        const quarter = partOf(block, 0.24, 0.27);
        const color = i % 2 === 0 ? "block" : "block-next";
        const inner = picture.share(color, quarter, above);
        if (i < 3) {
          expect(inner, `p${i + 1} is freed`).toBe(0);
          expect(picture.share("paper", quarter, above)).toBe(1);
          expect(picture.share("paper", quarter, below), "the strike").toBeLessThan(0.98);
          const edge = { from: -half, to: 1 - half };
          expect(picture.share("block", partOf(block, 0.2, 0.8), edge), "outline").toBe(1);
        } else {
          expect(inner, `p${i + 1} is live`).toBe(1);
        }
      }
    });

    test("page boundaries, the limit, and pages added by the step", async ({ page, open }) => {
      await open(hash("cross", 4));
      const { limits, bumps } = await toldBy(page);
      // A pixel for each unit, and page boundaries in the middle of pixels: thin lines are crisp.
      const [unit, length, from] =
        layout === "wide" ? [256, await widthOf(page), 128] : [768, 384, 640];
      await open(hash("cross", 4, windowText(from, from + unit * length)));
      expect([limits[3], limits[4], bumps[4]]).toEqual([2 * PAGE, 3 * PAGE, 2 * PAGE + 1]);
      const picture = await look(page, 4);
      const band = { from: -30, to: 30 };
      expect(picture.line("text", 3 * PAGE, band), "the limit").toBe(1);
      expect(picture.line("text", 2 * PAGE, band), "no limit any more").toBe(0);
      const dashes = picture.line("line-strong", PAGE, band);
      expect(dashes, "a dashed line at a page").toBeGreaterThan(0.1);
      expect(dashes).toBeLessThan(0.7);
      expect(picture.line("line-strong", PAGE + 8192, band), "and only there").toBe(0);
      const grown = { from: 2 * PAGE + 8192, to: 3 * PAGE - 8192 };
      const around = { from: -60, to: -30 };
      expect(picture.share("grown", grown, around), "outline").toBeGreaterThan(0.04);
      const old = { from: PAGE + 8192, to: 2 * PAGE - 8192 };
      expect(picture.share("grown", old, around)).toBe(0);

      expect(limits[1]).toBe(2 * PAGE);
      await page.getByRole("slider", { name: "Step" }).fill("1");
      const before = await look(page, 1);
      expect(before.line("text", 2 * PAGE, band), "the limit, before").toBe(1);
      expect(before.line("text", 3 * PAGE, band)).toBe(0);
      expect(before.share("grown", grown, around)).toBe(0);
    });

    test("a refused block is a ghost past the limit, and the pointer stays", async ({
      page,
      open,
    }) => {
      await open(hash("failure", 1));
      const { bumps, limits } = await toldBy(page);
      const [bump = 0, limit = 0] = [bumps[1], limits[1]];
      const z = windowText(bump - 4096, limit + 20_000);
      await open(hash("failure", 1, z));
      const next = page.getByRole("button", { name: "Next step" });
      const ghost = { from: bump + 2000, to: limit + 12_000 };
      for (const step of [1, 2, 3, 4]) {
        if (step > 1) await next.click();
        const picture = await look(page, step);
        const failed = picture.share("failed", ghost, { from: -55, to: 55 });
        if (step === 2 || step === 3) {
          expect(failed, `the ghost of step ${step}`).toBeGreaterThan(0.01);
          const past = { from: limit + 4000, to: limit + 12_000 };
          expect(picture.share("failed", past, { from: -55, to: 55 })).toBeGreaterThan(0.005);
        } else {
          expect(failed, `no ghost at step ${step}`).toBe(0);
        }
        expect(picture.line("bump", bump, beside), `the pointer at step ${step}`).toBe(1);
      }
    });

    test("data and stack lie below the heap base", async ({ page, open }) => {
      await open(hash("first", 4));
      const { places } = await toldBy(page);
      const { stackBottom, stackTop, dataBegin, dataEnd, heapBase } = places;
      expect(Math.max(stackTop, dataEnd)).toBeLessThanOrEqual(heapBase);
      const all = { from: -20, to: 20 };
      for (const { token, other, range } of /** @type {const} */ ([
        { token: "stack", other: "data", range: { from: stackBottom, to: stackTop } },
        { token: "data", other: "stack", range: { from: dataBegin, to: dataEnd } },
      ])) {
        const z = windowText(range.from, Math.max(range.to, range.from + 16));
        await open(hash("first", 4, z));
        const picture = await look(page, 4);
        const inner = partOf(range, 0.2, 0.8);
        expect(picture.share("paper", inner, all), `${token} is tinted`).toBeLessThan(0.2);
        expect(picture.share(other, inner, all), `${token} is no ${other}`).toBe(0);
        expect(picture.share("block", inner, all), `${token} is no block`).toBe(0);
        expect(picture.line(token, range.from + 2 / picture.perByte, all)).toBeGreaterThan(0.3);
      }
    });
  });
}
