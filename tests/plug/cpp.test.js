// C++: new and delete in all their forms, the standard containers, and bad_alloc.

import { join } from "node:path";
import { test } from "node:test";
import { reportChecks } from "../helpers/checks.js";
import { archive, buildFolder, empp, include, node, source } from "../helpers/toolchain.js";
import { buildAndRun, consumer } from "./projects.js";

const common = [`-I${include}`, "-sMALLOC=none"];
const main = consumer("cpp/main.cpp");

for (const level of ["-O0", "-O2"]) {
  test(`new, delete and the containers, ${level}`, async (t) => {
    const out = join(buildFolder(`plug/cpp/main${level}`), "app.js");
    const options = ["-std=c++17", level, "-sALLOW_MEMORY_GROWTH"];
    await empp([main, archive(), ...common, ...options, "-o", out]);
    await reportChecks(t, await node(out));
  });

  for (const [memory, options] of Object.entries({
    fixed: ["-sINITIAL_MEMORY=16MB"],
    limited: ["-sINITIAL_MEMORY=8MB", "-sALLOW_MEMORY_GROWTH", "-sMAXIMUM_MEMORY=16MB"],
  })) {
    test(`bad_alloc where memory is ${memory}, ${level}`, async (t) => {
      const out = join(buildFolder(`plug/cpp/${memory}${level}`), "app.js");
      const program = consumer("cpp/exhausted.cpp");
      const flags = ["-std=c++17", "-fexceptions", level, ...options];
      await empp([program, archive(), ...common, ...flags, "-o", out]);
      await reportChecks(t, await node(out));
    });
  }
}

test("emcc compiles C++ and the one C file together", async (t) => {
  // Not -std=c++17: that is an error for the C file.
  const args = [main, source, ...common, "-faligned-allocation", "-sALLOW_MEMORY_GROWTH"];
  await reportChecks(t, await buildAndRun("cpp/one-file", args));
});
