// The little language in which calls are typed, shared and kept. Pure.
//
//   p = malloc(100)              realloc(p, 200)          m = mark()
//   free(p)                      aligned_alloc(64, 128)   reset(m)
//   calloc(10, 16)               mini_alloc(100, 1)       loop 20 malloc(64)
//   loop 20 { p = malloc(64); free(p) }
//
// p3 is the third block and m1 the first mark, unless a script gives these names itself. NULL is no
// block. One statement a line, or more between semicolons; # begins a comment.

import { FORMS, formOf, LARGEST } from "./calls.js";
import { MOST_CALLS } from "./log.js";
import { ScriptError, tokensOf } from "./tokens.js";
import { grouped } from "./words.js";

/** @typedef {import("./calls.js").Form} Form */
/** @typedef {import("./tokens.js").Token} Token */

/** @typedef {{kind: "call", name: string | undefined, op: Form["op"], args: (number | string)[]}} CallStatement */

/** @typedef {CallStatement | {kind: "loop", count: number, body: CallStatement[]}} Statement */

const MOST_CHARACTERS = 1_000_000;
const NUMBERED = /^([pm])[1-9]\d{0,6}$/;
const CALLS = FORMS.map(({ op }) => op).join(", ");

/** @type {Readonly<Record<string, string>>} */
const MEANINGS = {
  size: "a size in bytes",
  count: "a count",
  align: "an alignment",
  block: "a block such as p1, or NULL",
  mark: "a mark such as m1",
};

/**
 * Reads a script.
 * @param {string} text
 * @param {ReadonlyMap<string, "block" | "mark">} [known] names that scripts before have given
 * @returns {{statements: Statement[], names: Map<string, "block" | "mark">}} with `known` in `names`
 * @throws {ScriptError}
 */
export function parseScript(text, known = new Map()) {
  if (text.length > MOST_CHARACTERS) {
    const most = grouped(MOST_CHARACTERS);
    throw new ScriptError({ line: 1, column: 1 }, `expected at most ${most} characters`);
  }
  const parser = new Parser(tokensOf(text), known);
  return { statements: parser.script(), names: parser.names };
}

class Parser {
  #at = 0;
  #calls = 0;

  /** @param {Token[]} tokens @param {ReadonlyMap<string, "block" | "mark">} known */
  constructor(tokens, known) {
    this.tokens = tokens;
    this.names = new Map(known);
  }

  /** @returns {Token} */
  #peek() {
    return /** @type {Token} */ (this.tokens[this.#at]);
  }

  /** @param {string} expected @param {Token} [token] @param {string} [more] @returns {never} */
  #fail(expected, token = this.#peek(), more = "") {
    const { kind, text } = token;
    const found = kind === "end" ? "the end" : kind === "newline" ? "a new line" : `'${text}'`;
    throw new ScriptError(token, `expected ${expected}, found ${found}${more}`);
  }

  /** Goes past a sign if it is there. @param {string} sign */
  #accept(sign) {
    const found = this.#peek().kind === "sign" && this.#peek().text === sign;
    if (found) this.#at++;
    return found;
  }

  /** @param {string} sign @param {string} expected */
  #demand(sign, expected) {
    if (!this.#accept(sign)) this.#fail(expected);
  }

  #skipSeparators() {
    while (this.#peek().kind === "newline" || this.#accept(";")) {
      if (this.#peek().kind === "newline") this.#at++;
    }
  }

  script() {
    /** @type {Statement[]} */
    const statements = [];
    this.#skipSeparators();
    while (this.#peek().kind !== "end") {
      statements.push(this.#peek().text === "loop" ? this.#loop() : this.#call(1));
      const { kind, text } = this.#peek();
      if (kind !== "newline" && kind !== "end" && text !== ";") this.#fail("a new line or ';'");
      this.#skipSeparators();
    }
    return statements;
  }

  /** @returns {Statement} */
  #loop() {
    this.#at++;
    const start = this.#peek();
    const count = this.#number(`how often, a number from 1 to ${grouped(MOST_CALLS)}`);
    if (count < 1 || count > MOST_CALLS) {
      this.#fail(`a number from 1 to ${grouped(MOST_CALLS)}`, start);
    }
    if (!this.#accept("{")) return { kind: "loop", count, body: [this.#call(count)] };
    /** @type {CallStatement[]} */
    const body = [];
    this.#skipSeparators();
    while (!this.#accept("}")) {
      body.push(this.#call(count));
      const { kind, text } = this.#peek();
      if (kind !== "newline" && text !== ";" && text !== "}") this.#fail("'}', ';' or a new line");
      this.#skipSeparators();
    }
    return { kind: "loop", count, body };
  }

  /** @param {number} times it will be made @returns {CallStatement} */
  #call(times) {
    const first = this.#peek();
    if (first.text === "loop") this.#fail("a call, for a loop holds no other");
    if (first.kind !== "name") this.#fail("a call such as malloc(100)");
    this.#at++;
    const name = this.#accept("=") ? first.text : undefined;
    const callee = name === undefined ? first : this.#peek();
    if (name !== undefined) this.#at++;
    const form = formOf(callee.text);
    if (!form) this.#fail(`one of ${CALLS}`, callee);
    const isNamable = form.returns === "block" || form.returns === "mark";
    if (name !== undefined && !isNamable)
      this.#fail("a call that returns a block or a mark", callee);
    if (name === "NULL" || name === "loop" || (name && formOf(name))) {
      this.#fail("a name that is not taken", first);
    }
    this.#calls += times;
    if (this.#calls > MOST_CALLS) this.#fail(`at most ${grouped(MOST_CALLS)} calls`, callee);
    const args = this.#arguments(form);
    if (name !== undefined) this.names.set(name, form.returns === "mark" ? "mark" : "block");
    return { kind: "call", name, op: form.op, args };
  }

  /** @param {Form} form */
  #arguments({ op, parameters }) {
    const takes = `${op}(${parameters.join(", ")})`;
    this.#demand("(", `'(' as in ${takes}`);
    const args = parameters.map((parameter, i) => {
      if (i > 0) this.#demand(",", `',' as in ${takes}`);
      const meaning = MEANINGS[parameter] ?? "";
      if (parameter === "block" || parameter === "mark") return this.#reference(parameter, meaning);
      return this.#number(meaning);
    });
    this.#demand(")", `')' as in ${takes}`);
    return args;
  }

  /** @param {string} meaning */
  #number(meaning) {
    const token = this.#peek();
    const { kind, text } = token;
    if (kind !== "number") this.#fail(meaning);
    if (!/^(\d+|0[xX][\da-fA-F]+)$/.test(text)) this.#fail("a number such as 100 or 0x64");
    if (Number(text) > LARGEST) this.#fail(`a number up to ${grouped(LARGEST)}`);
    this.#at++;
    return Number(text);
  }

  /** @param {"block" | "mark"} wanted @param {string} meaning */
  #reference(wanted, meaning) {
    const { kind, text } = this.#peek();
    if (kind !== "name") this.#fail(meaning);
    const [, letter] = NUMBERED.exec(text) ?? [];
    const numbered = letter === "p" ? "block" : letter === "m" ? "mark" : undefined;
    const is = text === "NULL" ? "block" : (this.names.get(text) ?? numbered);
    if (is === undefined) this.#fail(`${meaning}, or a name given before, as in q = malloc(100)`);
    if (is !== wanted) this.#fail(meaning, this.#peek(), `, which is a ${is}`);
    this.#at++;
    return text;
  }
}
