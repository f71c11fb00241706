// Operators that wat2wasm cannot assemble, in modules written byte by byte; priced like the others
// that are outside Stylus's set. A test is skipped where this Node does not have them.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { buildFolder } from "../helpers/toolchain.js";
import { meter } from "./command.js";

/** @param {number[]} bytes */
const sized = (bytes) => [bytes.length, ...bytes];

/** The export of a function. @param {string} name @param {number} index */
const named = (name, index) => [...sized([...Buffer.from(name)]), 0, index];

/** A function without locals. @param {...number} code */
const body = (...code) => sized([0, ...code, 0x0b]);

/** A section of these entries. @param {number} id @param {...number[]} entries */
const section = (id, ...entries) => [id, ...sized([entries.length, ...entries.flat()])];

/** A module of sections. All lengths are below 128. @param {...number[]} sections */
const moduleOf = (...sections) =>
  Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);

/**
 * Why this Node cannot run a module, if it cannot. What stands behind a flag counts as there: the
 * meter turns it on.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {string | false}
 */
function missing(bytes, before = "") {
  try {
    void new WebAssembly.Module(bytes);
    return false;
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    const [flag = ""] = /--experimental-wasm-[\w-]+/.exec(message) ?? [];
    if (flag === "" || flag === before) return `Node ${process.version}: ${message}`;
    setFlagsFromString(flag);
    return missing(bytes, flag);
  }
}

/**
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {[call: string, ink: number, operators: number, outside: number, result: unknown][]} costs
 */
function counts(name, bytes, costs) {
  test(name, { skip: missing(bytes) }, async () => {
    const file = join(buildFolder("meter"), `${name.replaceAll(/\W+/g, "-")}.wasm`);
    writeFileSync(file, bytes);
    const asked = costs.map(([call]) => call);
    const { calls } = await meter(file, asked);
    const outcomes = calls.map(({ trap, result }) => (trap === undefined ? result : "trap"));
    assert.deepEqual(
      calls.map(({ ink, operators, outside }, i) => [
        asked[i],
        ink,
        operators,
        outside,
        outcomes[i],
      ]),
      costs,
    );
  });
}

const I32 = 0x7f;
const FUNCTION = 0x60;
const TO_NOTHING = [FUNCTION, 1, I32, 0];
const TO_I32 = [FUNCTION, 1, I32, 1, I32];
const [BLOCK, END, DROP, RETURN, CONST, GET] = [0x02, 0x0b, 0x1a, 0x0f, 0x41, 0x20];

// A  local.get if                      2450 + 75 + 765       = 3290
// B  local.get throw                   2450 + 75 + 0         = 2525
// C  end                               2450 + 1              = 2451
// D  block try_table local.get call    2450 + 1 + 0 + 75 + 3800 = 6326
// E  i32.const return                  2450 + 1 + 1          = 2452
// F  i32.const i32.add end             2450 + 1 + 70 + 1     = 2522
// G  return                            2450 + 1              = 2451
// H  throw_ref                         2450 + 0              = 2450
counts(
  "try_table is like block, and throw_ref ends a basic block",
  moduleOf(
    section(1, TO_NOTHING, TO_I32),
    section(3, [0], [1], [0]),
    section(13, [0, 0]),
    section(7, named("catch", 1), named("again", 2)),
    section(
      10,
      body(...[GET, 0, 0x04, 0x40], ...[GET, 0, 0x08, 0, END]), // A, B, C
      body(
        ...[BLOCK, I32, 0x1f, 0x40, 1, 0, 0, 0, GET, 0, 0x10, 0, END], // D, C; (catch $e 0)
        ...[CONST, 1, RETURN, END], // E
        ...[CONST, 10, 0x6a], // F
      ),
      body(
        ...[BLOCK, 0x69, 0x1f, 0x40, 1, 3, 0, GET, 0, 0x10, 0, END], // D, C; (catch_all_ref 0)
        ...[RETURN, END], // G
        0x0a, // H
      ),
    ),
  ),
  [
    ["catch:0", 6326 + 3290 + 2451 + 2451 + 2452, 10, 1, 1], // D + A + C + C + E
    ["catch:5", 6326 + 3290 + 2525 + 2522, 11, 2, 15], // D + A + B + F
    ["again:0", 6326 + 3290 + 2451 + 2451 + 2451, 9, 1, undefined], // D + A + C + C + G
    ["again:5", 6326 + 3290 + 2525 + 2450, 9, 3, "trap"], // D + A + B + H
  ],
);

// A  local.get i32.const i32.add end   2450 + 75 + 1 + 70 + 1 = 2597
// B  local.get ref.func call_ref       2450 + 75 + 0 + 0      = 2525, also with return_call_ref
// C  end                               2450 + 1               = 2451
counts(
  "call_ref and return_call_ref end a basic block",
  moduleOf(
    section(1, TO_I32),
    section(3, [0], [0], [0]),
    section(7, named("call", 1), named("tail", 2)),
    section(9, [3, 0, 1, 0]),
    section(
      10,
      body(GET, 0, CONST, 1, 0x6a), // A
      body(GET, 0, 0xd2, 0, 0x14, 0), // B, C
      body(GET, 0, 0xd2, 0, 0x15, 0), // B
    ),
  ),
  [
    ["call:4", 2525 + 2597 + 2451, 8, 2, 5],
    ["tail:4", 2525 + 2597, 7, 2, 5],
  ],
);

const [FUNCREF, REF] = [0x70, 0x64];

// A  block ref.null br_on_null         2450 + 1 + 0 + 0       = 2451, and so for the other two
// B  i32.const end                     2450 + 1 + 1           = 2452
// C  drop i32.const return             2450 + 9 + 1 + 1       = 2461
// D  drop i32.const end                2450 + 9 + 1 + 1       = 2461
counts(
  "branches on references end a basic block",
  moduleOf(
    section(1, TO_I32),
    section(3, [0], [0], [0], [0]),
    section(7, named("null", 0), named("some", 1), named("other", 2), named("cast", 3)),
    section(9, [3, 0, 1, 0]),
    section(
      10,
      body(
        ...[BLOCK, 0x40, 0xd0, FUNCREF, 0xd5, 0], // A
        ...[DROP, CONST, 1, RETURN, END, CONST, 2], // C, B
      ),
      body(...[BLOCK, 0x40, 0xd2, 0, 0xd5, 0], ...[DROP, CONST, 1, RETURN, END, CONST, 2]),
      body(
        ...[BLOCK, REF, FUNCREF, 0xd2, 0, 0xd6, 0], // A
        ...[CONST, 3, RETURN, END, DROP, CONST, 4], // D
      ),
      body(
        ...[BLOCK, REF, FUNCREF, 0xd2, 0, 0xfb, 24, 0, 0, FUNCREF, FUNCREF], // A
        ...[DROP, CONST, 5, RETURN, END, DROP, CONST, 6], // D
      ),
    ),
  ),
  [
    ["null:0", 2451 + 2452, 5, 2, 2],
    ["some:0", 2451 + 2461, 6, 2, 1],
    ["other:0", 2451 + 2461, 6, 2, 4],
    ["cast:0", 2451 + 2461, 6, 2, 6],
  ],
);

const ZERO = [0x80, 0x80, 0x80, 0x80, 0]; // as linkers write a 0 that they may still have to change
const [ONE_TABLE, ONE_PAGE] = [
  [FUNCREF, 0, 1],
  [0, 1],
];

// A  local.get end                          2450 + 75 + 1             = 2526
// B  local.get i32.const call_indirect      2450 + 75 + 1 + 14260     = 16786
// C  end                                    2450 + 1                  = 2451
// D  local.get i32.const return_call_indirect  2450 + 75 + 1 + 0      = 2526
counts(
  "the index of a table may be longer than it needs to be",
  moduleOf(
    section(1, TO_I32),
    section(3, [0], [0], [0]),
    section(4, ONE_TABLE),
    section(7, named("call", 1), named("tail", 2)),
    section(9, [0, CONST, 0, END, 1, 0]),
    section(
      10,
      body(GET, 0), // A
      body(GET, 0, CONST, 0, 0x11, ...ZERO, ...ZERO), // B, C
      body(GET, 0, CONST, 0, 0x13, ...ZERO, ...ZERO), // D
    ),
  ),
  [
    ["call:4", 16786 + 2526 + 2451, 6, 0, 4],
    ["tail:4", 2526 + 2526, 5, 1, 4],
  ],
);

// A  memory.size end                        2450 + 3000 + 1           = 5451
// B  local.get memory.grow end              2450 + 75 + 8050 + 1      = 10576
// C  3 x i32.const memory.fill memory.size end   2450 + 3 + 950 + 3000 + 1 = 6404, so with copy
counts(
  "the index of a memory may be longer than it needs to be",
  moduleOf(
    section(1, TO_I32),
    section(3, [0], [0], [0], [0]),
    section(5, ONE_PAGE),
    section(7, named("size", 0), named("grow", 1), named("fill", 2), named("copy", 3)),
    section(
      10,
      body(0x3f, ...ZERO), // A
      body(GET, 0, 0x40, ...ZERO), // B
      body(CONST, 0, CONST, 7, CONST, 9, 0xfc, 11, ...ZERO, 0x3f, 0), // C
      body(CONST, 0, CONST, 7, CONST, 9, 0xfc, 10, ...ZERO, ...ZERO, 0x3f, 0), // C
    ),
  ),
  [
    ["size:0", 5451, 2, 0, 1],
    ["grow:1", 10576, 3, 0, 1],
    ["fill:0", 6404 + 9 * 100, 6, 0, 2],
    ["copy:0", 6404 + 9 * 100, 6, 0, 2],
  ],
);
