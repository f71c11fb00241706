// What Python's unittest has printed (`-v`, as Emscripten's runner always does), as data. Pure.
//
//   test_sbrk (test_core.core0.test_sbrk) ... ok
//
// What the compiler says to stderr may stand between the dots and the verdict, and the reasons of
// failures follow after all tests.

/**
 * @typedef {"passed" | "failed" | "skipped"} Verdict
 * @typedef {object} Outcome
 * @property {string} test such as core0.test_sbrk
 * @property {Verdict} verdict
 * @property {string} why it was skipped or has failed; else empty
 * @property {boolean} [again] it was the second try
 */

/** @type {Readonly<Record<string, Verdict>>} */
const VERDICTS = {
  ok: "passed",
  "expected failure": "passed",
  FAIL: "failed",
  ERROR: "failed",
  "unexpected success": "failed",
};

const BEGINNING = /^(test_\w+) \(test_core\.(\w+)[.\w]*\) \.\.\. /gm;
const VERDICT =
  /(?:^|\.\.\. )(?:(ok|FAIL|ERROR|expected failure|unexpected success)|skipped (['"])(.*)\2)$/gm;
const END_OF_TESTS = /\n\n(?:={70}|-{70})\n/;
const FAILURE = /^={70}\n(?:FAIL|ERROR): (test_\w+) \(test_core\.(\w+)[.\w]*\)\n-{70}\n/gm;

/** @param {RegExpExecArray} match of BEGINNING or FAILURE */
const testOf = (match) => `${match[2]}.${match[1]}`;

/** What stands between one match and the next. @param {string} text @param {RegExp} pattern */
function parts(text, pattern) {
  const matches = [...text.matchAll(pattern)];
  return matches.map((match, i) => {
    const rest = text.slice(match.index + match[0].length, matches[i + 1]?.index);
    return { test: testOf(match), rest };
  });
}

/** The last thing a test said that looks like a verdict is it. @param {string} said */
function verdictOf(said) {
  const [, word, , reason] = [...said.matchAll(VERDICT)].at(-1) ?? [];
  if (reason !== undefined) return { verdict: /** @type {const} */ ("skipped"), why: reason };
  const verdict = word === undefined ? undefined : VERDICTS[word];
  return verdict && { verdict, why: "" };
}

/** The reasons of failures, by test. @param {string} text */
function failures(text) {
  const found = parts(text, FAILURE).map(({ test, rest }) => {
    const end = /\n\n-{70}\nRan \d+ tests?/.exec(rest);
    return /** @type {const} */ ([test, rest.slice(0, end?.index).trim()]);
  });
  return new Map(found);
}

/**
 * Returns the outcomes in what the runner has printed so far, and the test that has begun but not
 * ended, if there is one.
 * @param {string} text
 * @returns {{outcomes: Outcome[], running: string | undefined}}
 */
export function readOutcomes(text) {
  const end = END_OF_TESTS.exec(text);
  const why = failures(end ? text.slice(end.index) : "");
  /** @type {Outcome[]} */
  const outcomes = [];
  let running;
  for (const { test, rest } of parts(text.slice(0, end?.index), BEGINNING)) {
    // A pattern's ^ and $ have to see the line as it was.
    const said = verdictOf(`... ${rest}`);
    running = said ? undefined : test;
    if (said) outcomes.push({ test, ...said, why: said.why || (why.get(test) ?? "") });
  }
  return { outcomes, running };
}
