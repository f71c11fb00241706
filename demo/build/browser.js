// Finds Chromium: the one named by $CHROMIUM, Playwright's own where it was installed, or the
// system's. `node demo/build/browser.js` prints which.

import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { MiniAllocError } from "../../src/errors.js";
import { command } from "./command.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string} */
function findChromium() {
  const named = process.env["CHROMIUM"];
  if (named) {
    if (isProgram(named)) return named;
    throw new MiniAllocError(`there is no program '${named}'`, "CHROMIUM=/usr/bin/chromium");
  }
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = paths.find((path) => isProgram(path));
  if (found) return found;
  throw new MiniAllocError(
    "Chromium is not found",
    "npx playwright install chromium, or name it by CHROMIUM",
  );
}

/**
 * How Playwright starts it.
 * @returns {import("@playwright/test").LaunchOptions}
 * @throws {MiniAllocError} if there is none
 */
export const launchOptions = () => ({
  executablePath: findChromium(),
  // Root cannot have the sandbox, and loads only this page.
  chromiumSandbox: process.getuid?.() !== 0,
  args: ["--disable-gpu"],
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await command(async () => console.log(findChromium()));
}
