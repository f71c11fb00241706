// Readers of single lines, for traces that others make. Each takes a line, its number from 1, and
// tells the builder what it says. Pure.
//
//   .rep         malloc lab: four lines of numbers, then `a ID BYTES`, `r ID BYTES`, `f ID`
//   mtrace       glibc: `@ PLACE + ADDRESS SIZE`; - is free, < and > the two halves of realloc, ! a
//                refused one
//   ltrace       `malloc(100) = 0x1234`, with whatever ltrace puts before it
//   Emscripten   `onMalloc(ADDRESS, SIZE)`, `onFree(ADDRESS)`, `onRealloc(OLD, NEW, SIZE)`: what its
//                memory profiler is told, a line for each call; also as JSON, ["onMalloc", 4660, 100]

/** @typedef {import("./imported.js").Builder} Builder */

/** @typedef {(line: string, number: number, builder: Builder) => void} LineReader */

const NO_CALL = "it is no call of an allocator";

/** An address, or 0 for what stands for NULL; NaN if it is neither. @param {string} text */
function pointer(text) {
  if (/^(\(?nil\)?|NULL|0)$/i.test(text)) return 0;
  const value = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** A number as C prints it; NaN if it is none. @param {string | undefined} text */
const size = (text = "") => (/^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN);

/** A block or NULL as the builder wants it. @param {number} at */
const keyOf = (at) => (at === 0 ? undefined : at);

// ---- .rep ----------------------------------------------------------------------------------------

export const REP_HEADER = 4; // lines

/** @type {LineReader} */
export function readRep(line, number, builder) {
  const text = line.trim();
  if (number <= REP_HEADER) {
    if (!/^\d+$/.test(text)) builder.ignore(number, "the first four lines are numbers");
    return;
  }
  const [, op, id = "", bytes] = /^([arf])\s+(-?\d+)(?:\s+(\d+))?$/.exec(text) ?? [];
  if (op === "f" && bytes === undefined) {
    builder.free(number, id === "-1" ? undefined : id);
  } else if (op === "a" && bytes !== undefined) {
    builder.make(number, { op: "malloc", size: size(bytes), key: id, made: true });
  } else if (op === "r" && bytes !== undefined) {
    builder.realloc(number, { from: id, size: size(bytes), key: id, made: true });
  } else builder.ignore(number, NO_CALL);
}

// ---- mtrace --------------------------------------------------------------------------------------

const MTRACE = /^(?:@ .*? )?([-+<>!]) (0x[\da-f]+|\(nil\)|0)(?: (0x[\da-f]+|\d+))?\s*$/i;

/** @param {string} line */
export const isMtrace = (line) => MTRACE.test(line) || /^= (Start|End)\s*$/.test(line);

/** A reader that remembers the first half of a realloc. @returns {LineReader} */
export function mtraceReader() {
  /** @type {{line: number, from: number} | undefined} */
  let half;
  return (line, number, builder) => {
    const [, sign, where = "", bytes] = MTRACE.exec(line) ?? [];
    const at = pointer(where);
    if (sign === undefined) {
      if (!isMtrace(line)) builder.ignore(number, NO_CALL);
      return;
    }
    const made = at !== 0;
    const from = half?.from;
    if (half && sign !== ">")
      builder.ignore(half.line, "the other half of this realloc is missing");
    half = sign === "<" ? { line: number, from: at } : undefined;
    if (sign === "-") builder.free(number, keyOf(at));
    else if (sign === "+") {
      builder.make(number, { op: "malloc", size: size(bytes), key: at, address: at, made });
    } else if (sign === "!") {
      builder.realloc(number, { from: keyOf(at), size: size(bytes), key: at, made: false });
    } else if (sign === ">" && from === undefined) {
      builder.ignore(number, "the other half of this realloc is missing");
    } else if (sign === ">") {
      const call = { from: keyOf(from ?? 0), size: size(bytes), key: at, address: at, made };
      builder.realloc(number, call);
    }
  };
}

// ---- ltrace --------------------------------------------------------------------------------------

const LTRACE =
  /(?:^|[\s>.])(malloc|calloc|realloc|reallocarray|free|cfree|memalign|aligned_alloc|posix_memalign|valloc|pvalloc)\(([^()]*|[^()]*\(nil\)[^()]*)\)\s*=\s*(\S+)/;
const HALF = /<unfinished|<\.\.\. .*resumed/;

/** @param {string} line */
export const isLtrace = (line) => LTRACE.test(line);

/** @type {LineReader} */
export function readLtrace(line, number, builder) {
  const [, name, list = "", answer = ""] = LTRACE.exec(line) ?? [];
  if (name === undefined) {
    const half = "half a call: another thread's came between";
    builder.ignore(number, HALF.test(line) ? half : NO_CALL);
    return;
  }
  const args = list.split(",").map((arg) => arg.trim());
  const [first = "", second] = args;
  if (name === "free" || name === "cfree") {
    builder.free(number, keyOf(pointer(first)));
    return;
  }
  const address = pointer(answer);
  if (Number.isNaN(address)) return builder.ignore(number, "it does not say what was returned");
  const outcome = { key: address, address, made: address !== 0 };
  if (name === "malloc") builder.make(number, { op: "malloc", size: size(first), ...outcome });
  else if (name === "calloc") {
    builder.make(number, { op: "calloc", size: size(second), align: size(first), ...outcome });
  } else if (name === "memalign" || name === "aligned_alloc") {
    const call = { size: size(second), align: size(first), ...outcome };
    builder.make(number, { op: "aligned_alloc", ...call });
  } else if (name === "realloc") {
    builder.realloc(number, { from: keyOf(pointer(first)), size: size(second), ...outcome });
  } else builder.ignore(number, `${name} is not read`);
}

// ---- Emscripten ----------------------------------------------------------------------------------

const NUMBER = "(0x[\\da-f]+|\\d+)";
const EMSCRIPTEN = new RegExp(
  `\\bon(Malloc|Free|Realloc)\\b["'\\s(:,[]+${NUMBER}(?:\\s*,\\s*${NUMBER})?(?:\\s*,\\s*${NUMBER})?`,
  "i",
);

/** @param {string} line */
export const isEmscripten = (line) => EMSCRIPTEN.test(line);

/** @type {LineReader} */
export function readEmscripten(line, number, builder) {
  const [, name, ...texts] = EMSCRIPTEN.exec(line) ?? [];
  const given = texts.filter((text) => text !== undefined);
  const [first = 0, second = 0, third = 0] = given.map(pointer);
  const wanted = { Free: 1, Malloc: 2, Realloc: 3 }[name ?? ""];
  if (wanted === undefined) builder.ignore(number, NO_CALL);
  else if (given.length < wanted) builder.ignore(number, `on${name} has ${wanted} numbers`);
  else if (name === "Free") builder.free(number, keyOf(first));
  else if (name === "Malloc") {
    const made = first !== 0;
    builder.make(number, { op: "malloc", size: second, key: first, address: first, made });
  } else {
    const made = second !== 0;
    const call = { from: keyOf(first), size: third, key: second, address: second, made };
    builder.realloc(number, call);
  }
}
