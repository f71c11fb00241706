// Takes the README's pictures of the demo, light and dark: the first screen of build/demo.html. `make
// picture` runs it.

import { chromium } from "@playwright/test";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { launchOptions } from "./browser.js";
import { command } from "./command.js";
import { singleFile } from "./vite.js";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

const PICTURES = /** @type {const} */ ([
  ["light", "demo/picture.png"],
  ["dark", "demo/picture-dark.png"],
]);

await command(async () => {
  const browser = await chromium.launch(launchOptions());
  try {
    for (const [colorScheme, file] of PICTURES) {
      const page = await browser.newPage({
        viewport: { width: 1280, height: 800 },
        colorScheme,
        reducedMotion: "reduce",
      });
      await page.goto(pathToFileURL(singleFile(root)).href);
      await page.locator("html[data-ready]").waitFor();
      await page.evaluate("document.fonts.ready.then(() => true)");
      await page.screenshot({ path: join(root, file), animations: "disabled" });
      await page.close();
      console.log(file);
    }
  } finally {
    await browser.close();
  }
});
