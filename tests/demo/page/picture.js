// The stage as it is on the screen: which colors are at which addresses. Along means along the
// addresses, across at right angles to them, in pixels from the middle of the band.

import { expect } from "./fixtures.js";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./truth.js").DemoWindow} DemoWindow */
/** @typedef {readonly [number, number, number]} Color */
/** @typedef {{from: number, to: number}} Range */

const TOKENS = /** @type {const} */ ([
  ...["paper", "line-strong", "text", "data", "stack", "block", "block-next", "bump", "grown"],
  ...["padding", "failed"],
]);

/** @typedef {(typeof TOKENS)[number]} Token */

/** What a screen may round off, of 255. */
const TOLERANCE = 8;

/** The colors of the style sheet, as they are in the stage. @param {Page} page */
async function colorsOf(page) {
  const texts = await detailOf(page).evaluate((detail, tokens) => {
    const probe = detail.ownerDocument.createElement("span");
    detail.append(probe);
    const found = tokens.map((token) => {
      probe.style.color = `var(--${token})`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    return found;
  }, TOKENS);
  const colors = texts.map((text) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number));
  return /** @type {Record<Token, Color>} */ (
    /** @type {unknown} */ (Object.fromEntries(TOKENS.map((token, i) => [token, colors[i]])))
  );
}

/** @param {Page} page */
export const detailOf = (page) => page.getByRole("group", { name: "Memory, address by address" });

/** The pixels of the detail on the screen, labels and all. @param {Page} page */
async function pixelsOf(page) {
  const box = await detailOf(page).evaluate((detail) => {
    detail.scrollIntoView({ block: "start" });
    const { x, y, width, height } = detail.getBoundingClientRect();
    return { x, y, width, height };
  });
  const clip = {
    ...{ x: Math.floor(box.x), y: Math.floor(box.y) },
    ...{ width: Math.floor(box.width), height: Math.floor(box.height) },
  };
  const png = (await page.screenshot({ clip })).toString("base64");
  const raw = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    if (!context) throw new Error("there is no context");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let binary = "";
    for (let at = 0; at < data.length; at += 8192) {
      binary += String.fromCharCode(...data.subarray(at, at + 8192));
    }
    return btoa(binary);
  }, png);
  return { clip, data: Buffer.from(raw, "base64") };
}

/**
 * Looks at the stage as it is now, once its picture is the one of this step.
 * @param {Page} page
 * @param {number} step
 */
export async function look(page, step) {
  await expect(page.locator("html")).toHaveAttribute("data-step", String(step));
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) await new Promise((done) => requestAnimationFrame(done));
  });
  const colors = await colorsOf(page);
  const { clip, data } = await pixelsOf(page);
  // The scale is linear: two addresses tell where all are.
  const [zero, far] = await page.evaluate(() => {
    const { miniAllocDemo: demo } = /** @type {DemoWindow} */ (window);
    return [demo.stageAt(0), demo.stageAt(0x10_0000)];
  });
  if (!zero || !far) throw new Error("the stage does not say where an address is");
  return new Picture({ clip, data, colors, zero, far });
}

class Picture {
  /**
   * @param {{clip: {x: number, y: number, width: number, height: number}, data: Buffer,
   *   colors: Record<Token, Color>, zero: {x: number, y: number}, far: {x: number, y: number}}} parts
   */
  constructor({ clip, data, colors, zero, far }) {
    this.clip = clip;
    this.data = data;
    this.colors = colors;
    this.isVertical = Math.abs(far.x - zero.x) < 1;
    const [from, to] = this.isVertical ? [zero.y, far.y] : [zero.x, far.x];
    this.perByte = (to - from) / 0x10_0000;
    // What it tells are the middles of bytes.
    this.start = from - this.perByte / 2;
    this.middle = this.isVertical ? zero.x : zero.y;
  }

  /** The pixel, along, where an address begins. @param {number} address */
  along(address) {
    return this.start + address * this.perByte;
  }

  /** @param {number} along @param {number} across @returns {Color} */
  #at(along, across) {
    const [x, y] = this.isVertical ? [this.middle + across, along] : [along, this.middle + across];
    const [left, top] = [Math.floor(x) - this.clip.x, Math.floor(y) - this.clip.y];
    const isWithin = left >= 0 && top >= 0 && left < this.clip.width && top < this.clip.height;
    if (!isWithin) throw new Error(`${left}, ${top} is outside of the picture`);
    const at = 4 * (top * this.clip.width + left);
    return [this.data[at] ?? -1, this.data[at + 1] ?? -1, this.data[at + 2] ?? -1];
  }

  /** @param {Color} found @param {Token} token @param {number} [within] */
  #is(found, token, within = TOLERANCE) {
    return found.every((part, i) => Math.abs(part - (this.colors[token][i] ?? 0)) <= within);
  }

  /**
   * The share of the pixels between two addresses that have a color.
   * @param {Token} token
   * @param {Range} addresses
   * @param {Range} across
   * @param {number} [within] of 255, where patterns are drawn with soft edges
   */
  share(token, { from, to }, across, within) {
    const [begin, end] = [Math.floor(this.along(from)), this.along(to)];
    let [count, all] = [0, 0];
    for (let at = begin; at < Math.max(end, begin + 1); at++) {
      for (let over = across.from; over < across.to; over++) {
        all++;
        if (this.#is(this.#at(at, over), token, within)) count++;
      }
    }
    return count / all;
  }

  /**
   * How much of a line at an address has a color. Of a line of two pixels, wherever it is, at least
   * one is wholly covered.
   * @param {Token} token
   * @param {number} address
   * @param {Range} across
   */
  line(token, address, across) {
    const at = Math.floor(this.along(address));
    let count = 0;
    for (let over = across.from; over < across.to; over++) {
      if ([-2, -1, 0, 1].some((by) => this.#is(this.#at(at + by, over), token))) count++;
    }
    return count / (across.to - across.from);
  }

  /** Half of the band's breadth, as a block that is not the newest shows it. @param {Range} block */
  halfBand({ from, to }) {
    const along = this.along(from + (to - from) / 4);
    const hits = [];
    for (let across = -60; across < 60; across++) {
      const found = this.#at(along, across);
      if (this.#is(found, "block") || this.#is(found, "block-next")) hits.push(across);
    }
    expect(hits.length, "a block is drawn from one edge of the band to the other").toBeGreaterThan(
      50,
    );
    return Math.max(...hits) + 1;
  }
}
