// Takes the text of a script apart into words, numbers and signs. Pure.

/** @typedef {"name" | "number" | "sign" | "newline" | "other" | "end"} Kind what is
 *   of no use anywhere is `other`: the parser tells what it expected there */

/** @typedef {{kind: Kind, text: string, line: number, column: number}} Token */

/** What is wrong with a script, where, and what was expected instead. */
export class ScriptError extends Error {
  /** @param {{line: number, column: number}} place both from 1 @param {string} what */
  constructor({ line, column }, what) {
    super(`line ${line}, column ${column}: ${what}`);
    this.name = "ScriptError";
    this.line = line;
    this.column = column;
  }
}

const PARTS =
  /(?<skip>[ \t\r]+|(?:#|\/\/)[^\n]*)|(?<name>[A-Za-z_]\w*)|(?<number>\d\w*)|(?<newline>\n)|(?<sign>[=(),;{}])|(?<other>.)/suy;

/**
 * @param {string} text
 * @returns {Token[]} the last one is the end
 */
export function tokensOf(text) {
  const tokens = [];
  let [line, lineStart] = [1, 0];
  PARTS.lastIndex = 0;
  while (PARTS.lastIndex < text.length) {
    const start = PARTS.lastIndex;
    const place = { line, column: start - lineStart + 1 };
    const groups = PARTS.exec(text)?.groups ?? {};
    const [kind, part = ""] = Object.entries(groups).find(([, found]) => found) ?? ["skip"];
    if (kind === "skip") continue;
    tokens.push({ kind: /** @type {Kind} */ (kind), text: part, ...place });
    if (kind === "newline") [line, lineStart] = [line + 1, PARTS.lastIndex];
  }
  tokens.push({
    kind: /** @type {Kind} */ ("end"),
    text: "",
    line,
    column: text.length - lineStart + 1,
  });
  return tokens;
}
