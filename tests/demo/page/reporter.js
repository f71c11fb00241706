// Prints each test of the page in a line and each failure in full, and tells tests/run.js, which
// started this process, how many there were.

import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** @typedef {import("@playwright/test/reporter").TestCase} TestCase */
/** @typedef {import("@playwright/test/reporter").TestResult} TestResult */
/** @typedef {import("@playwright/test/reporter").TestError} TestError */

/** @param {string} text */
const plain = (text) => (process.stdout.isTTY ? text : stripVTControlCharacters(text));

/** @param {TestError} error */
function errorText({ message, stack, value, snippet }) {
  const text = stack ?? message ?? value ?? "";
  return plain([text, snippet].filter(Boolean).join("\n")).replaceAll(/^/gm, "    ");
}

/** @param {TestCase} test */
function titleOf(test) {
  const [, project, , ...titles] = test.titlePath();
  const file = relative(process.cwd(), test.location.file);
  return `${file} › ${titles.join(" › ")} (${project})`;
}

export default class Reporter {
  #count = { passed: 0, failed: 0, skipped: 0 };
  /** @type {import("@playwright/test/reporter").Suite | undefined} */
  #suite;

  /** @param {unknown} _config @param {import("@playwright/test/reporter").Suite} suite */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  printsToStdio() {
    return true;
  }

  /** @param {string | Buffer} text */
  onStdOut(text) {
    process.stdout.write(text);
  }

  /** @param {string | Buffer} text */
  onStdErr(text) {
    process.stderr.write(text);
  }

  /** What belongs to no test: a file that does not load, a server that does not start. */
  onError(/** @type {TestError} */ error) {
    this.#count.failed++;
    console.log(`✖ the tests of the page\n${errorText(error)}`);
  }

  /** @param {TestCase} test @param {TestResult} result */
  onTestEnd(test, { status, duration, errors, retry, attachments }) {
    if (status === "skipped") {
      const reason = test.annotations.find(({ type }) => type === "skip")?.description;
      console.log(`﹣ ${titleOf(test)} # ${reason ?? "skipped"}`);
      return;
    }
    const isExpected = status === test.expectedStatus;
    const again = retry > 0 ? `, attempt ${retry + 1}` : "";
    console.log(`${isExpected ? "✔" : "✖"} ${titleOf(test)} (${duration} ms${again})`);
    if (isExpected) return;
    for (const error of errors) console.log(errorText(error));
    for (const { name, path } of attachments) {
      if (path) console.log(`    ${name}: ${relative(process.cwd(), path)}`);
    }
  }

  /** @param {import("@playwright/test/reporter").FullResult} result */
  onEnd({ status }) {
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === "skipped") this.#count.skipped++;
      else if (outcome === "unexpected") this.#count.failed++;
      else this.#count.passed++;
      if (outcome === "flaky") console.log(`passed only when tried again: ${titleOf(test)}`);
    }
    if (status === "timedout") this.#count.failed++;
    process.send?.(this.#count);
  }
}
