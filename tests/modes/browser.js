// Runs a program in Chromium, where Node is too old for what it needs, or is not what is asked.

import { chromium } from "@playwright/test";
import { launchOptions } from "../../demo/build/browser.js";

/** Why no program can be run in a browser here, or undefined. */
export function missingBrowser() {
  try {
    launchOptions();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const SECONDS = 60;
const END = /^\d+ passed, \d+ failed$/m;

/**
 * Runs a script (built with -sSINGLE_FILE) in a page of its own, until check.h's last line.
 * @param {string} file
 * @returns {Promise<import("../helpers/toolchain.js").Outcome>}
 */
export async function inBrowser(file) {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage();
    const said = { stdout: "", stderr: "" };
    page.on("console", (message) => (said.stdout += `${message.text()}\n`));
    page.on("pageerror", (error) => (said.stderr += `${error}\n`));
    await page.addScriptTag({ path: file });
    const end = Date.now() + SECONDS * 1000;
    while (Date.now() < end && !END.test(said.stdout) && !said.stderr) {
      await page.waitForTimeout(100);
    }
    return { code: said.stderr || !/, 0 failed$/m.test(said.stdout) ? 1 : 0, ...said };
  } finally {
    await browser.close();
  }
}
