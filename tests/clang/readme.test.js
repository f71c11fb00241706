// The commands of the README that build programs of these tests, as they stand there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EMCC, built, root, run } from "../helpers/toolchain.js";
import { BARE, WASI, missing } from "./clang.js";

const CC = process.env.CC_NATIVE ?? "clang";

const readme = readFileSync(join(root, "README.md"), "utf8");

const BLOCK = /^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms;
const blocks = [...readme.matchAll(BLOCK)]
  .map(([, commands = "", printed]) => ({ commands, printed }))
  .filter(({ commands }) => /tests\/(?:clang|reuse)\//.test(commands));

const reasons = { bare: await missing(BARE), wasi: await missing(WASI) };

/** Why the commands cannot run here. @param {string} commands */
function reason(commands) {
  if (commands.startsWith("emcc")) return false;
  return (commands.includes(WASI.name) ? reasons.wasi : reasons.bare) ?? false;
}

test("the README builds without Emscripten, for WASI, and a service in two ways", () => {
  assert.equal(blocks.length, 4);
});

for (const { commands, printed } of blocks) {
  const [target] = /wasm32-\w+|emcc/.exec(commands) ?? [];
  const what = /tests\/\w+\/\w+\.c/.exec(commands)?.[0];
  test(`the README's commands for ${what}, ${target}`, { skip: reason(commands) }, async () => {
    const here = commands
      .replace(/^emcc /, `${EMCC} `)
      .replace(/^clang /, `${CC} `)
      .replace(/^node /gm, `"${process.execPath}" `)
      .replaceAll(" build/", ` ${built}/`);
    const { code, stdout, stderr } = await run("sh", ["-e", "-c", here]);
    assert.equal(code, 0, stdout + stderr);
    assert.notEqual(stdout, "");
    if (printed !== undefined) assert.equal(stdout, printed);
  });
}

test("the lines of host.js in the README are those of the file", () => {
  const [, shown = ""] = /^```js\n(ask.*?)^```$/ms.exec(readme) ?? [];
  const host = readFileSync(join(root, "tests/reuse/host.js"), "utf8");
  assert.ok(shown.includes("mini_alloc_reset") && host.replaceAll(/^ {4}/gm, "").includes(shown));
});
