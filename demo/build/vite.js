// How Vite builds the page, in its two forms: files for a web server, and one file that opens by a
// double click, where a browser loads nothing that lies beside it.

import { join } from "node:path";
import { viteSingleFile } from "vite-plugin-singlefile";
import { contentSecurityPolicy } from "./policy.js";
import { virtualModules } from "./virtual.js";

/** @typedef {import("vite").InlineConfig} Config */

/** Those that know light-dark(), from 2024; an older target would have it rewritten. */
const BROWSERS = ["chrome123", "firefox121", "safari17.5"];

/** @param {string} root the folder that holds demo/ and build/ */
export const hostedFolder = (root) => join(root, "build/demo/dist");

/** @param {string} root */
export const singleFile = (root) => join(root, "build/demo.html");

/** @param {string} root @returns {Config} */
const common = (root) => ({
  configFile: false,
  root: join(root, "demo"),
  // Any folder of any server.
  base: "./",
  publicDir: false,
  logLevel: "warn",
  plugins: [virtualModules(root)],
  worker: { plugins: () => [virtualModules(root)] },
  build: {
    target: BROWSERS,
    // It would fetch, which the policy refuses.
    modulePreload: false,
    chunkSizeWarningLimit: 1000,
  },
});

/** @param {string} root @returns {Config} */
export function hostedConfig(root) {
  const config = common(root);
  return {
    ...config,
    plugins: [config.plugins, contentSecurityPolicy()],
    build: {
      ...config.build,
      outDir: hostedFolder(root),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  };
}

/** @param {string} root @returns {Config} */
export function singleConfig(root) {
  const config = common(root);
  return {
    ...config,
    plugins: [config.plugins, viteSingleFile(), contentSecurityPolicy()],
    build: { ...config.build, write: false },
  };
}
