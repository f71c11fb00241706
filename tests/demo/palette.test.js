// The colors of the page by the rules of WCAG, in both themes; and that no role of the stage rests
// on its color alone. What a canvas draws no other tool would check.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LOOKS } from "../../demo/stage/patterns.js";
import { root } from "../helpers/toolchain.js";

/** @param {string} file @returns {Map<string, readonly [string, string]>} light and dark, by name */
function tokensOf(file) {
  const css = readFileSync(join(root, "demo", "styles", file), "utf8");
  const found = css.matchAll(/(--[\w-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)/g);
  return new Map([...found].map(([, name = "", light = "", dark = ""]) => [name, [light, dark]]));
}

const tokens = new Map([...tokensOf("base.css"), ...tokensOf("stage.css")]);

/** @param {string} hex */
function luminance(hex) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} name @param {string} on @param {0 | 1} theme */
function contrast(name, on, theme) {
  const colors = [name, on].map((one) => luminance(tokens.get(one)?.[theme] ?? ""));
  const [light = 0, dark = 0] = colors.toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {readonly string[]} names @param {readonly string[]} grounds @param {number} least */
function check(names, grounds, least) {
  for (const name of names) {
    for (const ground of grounds) {
      for (const theme of /** @type {const} */ ([0, 1])) {
        const ratio = contrast(name, ground, theme);
        const where = `${name} on ${ground}, ${theme === 0 ? "light" : "dark"}`;
        assert.ok(ratio >= least, `${where}: ${ratio.toFixed(2)}`);
      }
    }
  }
}

test("the measure of contrast is that of WCAG", () => {
  assert.equal(Math.round(contrast("--text", "--text", 0)), 1);
  assert.equal((luminance("#ffffff") + 0.05) / (luminance("#000000") + 0.05), 21);
});

test("words are read at 4.5 to 1 on the paper and on what is raised", () => {
  const words = ["--text", "--muted", "--accent", "--link", "--bump", "--grown", "--failed"];
  check(words, ["--paper"], 4.5);
  check(["--text", "--muted", "--link"], ["--raised"], 4.5);
  check(["--on-accent"], ["--accent"], 4.5);
});

test("words on a block are read at 4.5 to 1, on either of the two blues", () => {
  check(["--paper"], ["--block", "--block-next"], 4.5);
});

test("what is drawn is seen at 3 to 1", () => {
  const roles = ["--data", "--stack", "--block", "--bump", "--grown", "--padding", "--failed"];
  check([...roles, "--line-strong", "--focus"], ["--paper"], 3);
});

test("two blocks side by side differ in lightness", () => {
  for (const theme of /** @type {const} */ ([0, 1])) {
    assert.ok(contrast("--block", "--block-next", theme) >= 1.2);
  }
});

test("no two roles look alike without their color", () => {
  const looks = Object.entries(LOOKS).map(([role, { pattern, height, outline, mark }]) => ({
    role,
    look: [pattern, height, outline, mark].join(" "),
  }));
  assert.equal(new Set(looks.map(({ look }) => look)).size, looks.length, JSON.stringify(looks));
});
