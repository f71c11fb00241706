// Playwright's part of the tests, which tests/run.js starts. `hosted` is the page from a server,
// `file` the one file opened from the disk, for the tests whose titles have @file.

import { defineConfig } from "@playwright/test";
import { fileURLToPath } from "node:url";
import { launchOptions } from "../../../demo/build/browser.js";

/** @param {string} path */
const fromRoot = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export default defineConfig({
  testDir: ".",
  outputDir: fromRoot("build/tests/page"),
  snapshotPathTemplate: "{testDir}/screenshots/{arg}{ext}", // {arg} has the versions
  fullyParallel: true,
  forbidOnly: Boolean(process.env["CI"]),
  workers: 2,
  retries: 1, // of a busy machine; what passes only then is told
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [[fileURLToPath(new URL("reporter.js", import.meta.url))]],
  use: {
    browserName: "chromium",
    launchOptions: launchOptions(),
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    locale: "en-US",
    trace: "on-first-retry",
  },
  projects: [
    { name: "hosted", metadata: { served: true } },
    { name: "file", grep: /@file\b/, metadata: { served: false } },
  ],
  webServer: {
    // A free port, so that nobody's server is taken for ours. What it prints names it, and the
    // tests find it in the environment.
    command: `"${process.execPath}" demo/build/serve.js --port 0`,
    cwd: fromRoot("."),
    wait: { stdout: /at (?<mini_alloc_page>http:\S+)/ },
  },
});
