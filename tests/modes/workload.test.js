// The judge of all modes is judged: a malloc with one fault, and what the workload says of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { buildFolder, cc, root, run } from "../helpers/toolchain.js";

/** @param {string} fault */
async function countsWith(fault) {
  const out = join(buildFolder("modes/workload"), fault);
  const source = join(root, "tests/modes/workload-faults.c");
  await cc(["-D_GNU_SOURCE", "-O1", "-w", `-DFAULT=${fault}`, source, "-o", out]);
  const { stdout } = await run(out, []);
  const counts = [...stdout.matchAll(/(\w+) (\d+)(?= |$)/gm)].slice(0, 5);
  return Object.fromEntries(counts.map(([, name, count]) => [name, Number(count)]));
}

const NONE = { refused: 0, dirty: 0, misaligned: 0, overlapping: 0, damaged: 0 };

test("a right malloc has no faults", async () => assert.deepEqual(await countsWith("none"), NONE));

const SEEN = {
  refuse: "refused",
  dirty: "dirty",
  misalign: "misaligned",
  overlap: "overlapping",
  damage: "damaged",
  shortcopy: "damaged",
};

for (const [fault, name] of Object.entries(SEEN)) {
  test(`the workload sees ${fault}`, async () => {
    const counts = await countsWith(fault);
    assert.ok((counts[name] ?? 0) > 0, JSON.stringify(counts));
  });
}
