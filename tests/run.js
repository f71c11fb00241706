// Runs all tests, or those whose files are named, and ends with one line that counts them:
// `N passed, M failed`, with `, K skipped` where a reason was printed above.

import { run } from "node:test";
import { spec } from "node:test/reporters";
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL(".", import.meta.url));

/** @param {string} folder @returns {string[]} */
function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith(".test.js") ? [path] : [];
  });
}

const named = process.argv.slice(2).map((file) => resolve(file));
const files = named.length > 0 ? named : testFiles(tests).toSorted();
console.log(`${files.length} files: ${files.map((file) => relative(tests, file)).join(", ")}`);

const count = { passed: 0, failed: 0, skipped: 0 };

const stream = run({ files, concurrency: cpus().length, timeout: 30 * 60 * 1000 });
stream.on("test:pass", (event) => {
  if (event.skip !== undefined) count.skipped++;
  else count.passed++;
});
stream.on("test:fail", () => {
  count.failed++;
});
const reporter = new spec();
stream.compose(reporter).pipe(process.stdout);
stream.on("end", () => {
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
});
process.on("exit", () => {
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
  process.stdout.write(`${count.passed} passed, ${count.failed} failed${skipped}\n`);
});
