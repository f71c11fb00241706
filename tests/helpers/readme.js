// The parts of README.md that commands write, between two comments.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./toolchain.js";

/**
 * Puts text between the comments `NAME:begin ...` and `NAME:end`.
 * @param {string} name
 * @param {string} text
 */
export function writeReadme(name, text) {
  const readme = join(root, "README.md");
  const old = readFileSync(readme, "utf8");
  const begin = new RegExp(`<!-- ${name}:begin\\b[^>]*-->\n`).exec(old);
  const end = `<!-- ${name}:end -->`;
  const from = begin ? begin.index + begin[0].length : -1;
  const to = old.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`README.md: no ${name} markers`);
  writeFileSync(readme, `${old.slice(0, from)}\n${text}\n\n${old.slice(to)}`);
}
