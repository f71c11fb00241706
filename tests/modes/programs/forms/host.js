// Runs pure.c: node host.js FILE.wasm grows. All that the module imports is told; what it may import is
// the news that memory has grown, which a host without views of the memory has no use for.

import { readFileSync } from "node:fs";

const module = new WebAssembly.Module(readFileSync(process.argv[2] ?? ""));
console.log(
  "imports:",
  WebAssembly.Module.imports(module)
    .map((one) => one.name)
    .join(" "),
);
const { exports } = new WebAssembly.Instance(module, {
  env: { emscripten_notify_memory_growth() {} },
});

/** @param {string} name @returns {(n: number) => number} */
const call = (name) => /** @type {(n: number) => number} */ (exports[name]);

let passed = 0;
let failed = 0;
/** @param {string} name @param {boolean} ok */
function check(name, ok) {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? "ok" : "not ok"} - ${name}`);
}

/** @type {() => void} */ (exports._initialize ?? (() => {}))();
const memory = /** @type {WebAssembly.Memory} */ (exports.memory);
const before = memory.buffer.byteLength;
check("all was had that was asked for", call("allocate")(12_000_000) === 1);
check("and more", call("allocate")(12_000_000) === 1);
check(
  "memory grew, if it may",
  memory.buffer.byteLength > before === (process.argv[3] === "grows"),
);
for (const [i, fault] of ["dirty", "misaligned", "overlapping", "damaged"].entries()) {
  check(`no block is ${fault}`, call("count")(i) === 0);
}
check("hundreds of blocks were read", call("count")(4) > 200);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
