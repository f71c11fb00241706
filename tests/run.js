// Runs all tests, or those whose files are named, and ends with one line that counts them:
// `N passed, M failed`, with `, K skipped` where a reason was printed above.
//
//   node tests/run.js [--also EMCC]... [--if-there EMCC]... [FILE]...
//
// With --also, the tests whose subject is the allocator in a program run on that Emscripten too,
// with archives of its own; everything built is below build/emscripten/VERSION. With --if-there
// they are skipped, loudly, where there is no such file.
//
// NAME.test.js are Node's own tests. NAME.spec.js are those of the demo's page, which Playwright
// runs in a browser, after the others: some look at the clock.

import { run } from "node:test";
import { spec } from "node:test/reporters";
import { execFileSync, fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const tests = fileURLToPath(new URL(".", import.meta.url));
const root = join(tests, "..");

/** @param {string} folder @returns {string[]} */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.(?:test|spec)\.js$/.test(entry.name) ? [path] : [];
  });
}

const { values, positionals } = parseArgs({
  options: {
    also: { type: "string", multiple: true, default: [] },
    "if-there": { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});
const named = positionals.map((file) => resolve(file));
const files = named.length > 0 ? named : testFiles(tests).toSorted();
console.log(`${files.length} files: ${files.map((file) => relative(tests, file)).join(", ")}`);

const count = { passed: 0, failed: 0, skipped: 0 };
process.on("exit", () => {
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
  process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`);
});

/** @param {string[]} ofNode */
async function runNode(ofNode) {
  const stream = run({ files: ofNode, concurrency: cpus().length, timeout: 30 * 60 * 1000 });
  stream.on("test:pass", (event) => {
    if (event.skip !== undefined) count.skipped++;
    else count.passed++;
  });
  stream.on("test:fail", () => {
    count.failed++;
  });
  const report = stream.compose(new spec());
  report.pipe(process.stdout);
  await finished(report);
}

/** @param {string[]} ofPage */
async function runPlaywright(ofPage) {
  const command = join(root, "node_modules/@playwright/test/cli.js");
  const config = join(tests, "demo/page/playwright.config.js");
  // It takes patterns, not names.
  const patterns = ofPage.map((file) => file.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const child = fork(command, ["test", "-c", config, ...patterns], { cwd: root });
  let isCounted = false;
  child.on("message", (/** @type {typeof count} */ { passed, failed, skipped }) => {
    isCounted = true;
    count.passed += passed;
    count.failed += failed;
    count.skipped += skipped;
  });
  /** @type {number | null} */
  const code = await new Promise((done) => {
    child.on("exit", done);
  });
  // Such as a configuration that does not load; what it was is printed.
  if (!isCounted || (code !== 0 && count.failed === 0)) count.failed++;
}

/** What differs from one Emscripten to another. The rest is tested with the first one. */
const OF_EMSCRIPTEN = ["wasm", "plug", "programs", "modes", "reuse"];

/**
 * Builds the archives with another Emscripten, and runs its tests.
 * @param {string} emcc
 * @param {string[]} ofNode
 */
async function runAlso(emcc, ofNode) {
  const [, version] = /(\d+\.\d+\.\d+)/.exec(execFileSync(emcc, ["--version"]).toString()) ?? [];
  console.log(`\nemcc ${version}: ${emcc}`);
  const build = join("build/emscripten", version ?? "unknown");
  // MAKEFLAGS: the make above this one must not pass on its options.
  execFileSync("make", ["lib", `EMCC=${emcc}`, `BUILD=${build}`], {
    cwd: root,
    env: { ...process.env, MAKEFLAGS: "" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  Object.assign(process.env, { EMCC: emcc, BUILD: build });
  const folders = OF_EMSCRIPTEN.map((folder) => join(tests, folder) + sep);
  await runNode(ofNode.filter((file) => folders.some((folder) => file.startsWith(folder))));
}

const ofPage = files.filter((file) => file.endsWith(".spec.js"));
const ofNode = files.filter((file) => !file.endsWith(".spec.js"));
if (ofNode.length > 0) await runNode(ofNode);
if (ofPage.length > 0) await runPlaywright(ofPage);
for (const emcc of values["if-there"].filter((file) => !existsSync(file))) {
  console.log(`\nSKIPPED: all tests on ${emcc}, which is not there (make toolchains)`);
  count.skipped++;
}
for (const emcc of [...values["if-there"].filter((file) => existsSync(file)), ...values.also]) {
  try {
    await runAlso(emcc, ofNode);
  } catch (error) {
    console.log(`\nFAILED: no archives with ${emcc}: ${error}`);
    count.failed++;
  }
}
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
