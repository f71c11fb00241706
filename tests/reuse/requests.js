// 10,000 requests to one instance: node requests.js service.wasm

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { startService } from "./host.js";

const service = startService(readFileSync(process.argv[2] ?? "service.wasm"));

for (let number = 1; number <= 10_000; number++) {
  const repeated = number === 50 ? 20_000 : number % 99; // the 50th is by far the largest
  const request = new TextEncoder().encode(`request ${number} `.repeat(repeated));
  assert.deepEqual(service.ask(request), request.toSorted());
  const { pages, isZero } = service.look();
  assert.ok(isZero, `request ${number} left something`);
  if ([1, 49, 50, 100, 10_000].includes(number))
    console.log(`pages after request ${number}: ${pages}`);
}
