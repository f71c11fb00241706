import assert from "node:assert/strict";
import { test } from "node:test";
import { modesTable } from "./table.js";

test("the table has a row for each mode, a column for each version, and each note once", () => {
  const note = "With any allocator: `no such thing`";
  const old = [
    { mode: "`-O2`", cell: "works" },
    { mode: "`NEW`", cell: "no", note },
    { mode: "`NEWER`", cell: "no", note },
  ];
  const recent = [
    { mode: "`-O2`", cell: "works, `-resize`", note: "a remark" },
    { mode: "`NEW`", cell: "works" },
  ];
  const text = modesTable([
    { emscripten: "10.0.0", group: "memory", rows: recent },
    { emscripten: "3.1.6", group: "memory", rows: old },
  ]);
  assert.deepEqual(
    text.split("\n").map((line) => line.replaceAll(/ +/g, " ").replaceAll(/-+ /g, "- ")),
    [
      "| mode | 3.1.6 | 10.0.0 |",
      "| :- | :- | :- |",
      "| **memory** | | |",
      "| `-O2` | works | works, `-resize` (1) |",
      "| `NEW` | no (2) | works |",
      "| `NEWER` | no (2) | not run |",
      "",
      "1. a remark",
      "2. With any allocator: `no such thing`",
    ],
  );
});
