// Which lines of the C source a call ran. Pure.
//
// What decides at each condition of the allocator is in the event: so the path of a call is the list
// of the functions that it ran, each with the outcomes of its conditions in the order in which they
// were met; and `walk` reads off the lines. A test compares them to what a compiler counts.
//
// Left out: helpers of one statement, and the reports of trace.h, which are compiled away.

import { LARGEST } from "./calls.js";
import { PAGE } from "./log.js";
import { isFirst, isPowerOfTwo, MARKERS } from "./reasons.js";

/** @typedef {import("./history.js").Event} Event */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./reasons.js").Marker} Marker */

/**
 * @typedef {object} SourceFunction
 * @property {string} name
 * @property {string} file
 * @property {number} from its first line, counted from 1
 * @property {number} to its last
 * @property {number[]} omitted lines of it that the preprocessor takes away
 */

/**
 * @typedef {object} Sources
 * @property {{name: string, lines: string[]}[]} files
 * @property {SourceFunction[]} functions
 * @property {Record<Marker, {file: string, lines: number[]}[]>} markers
 */

/** A function that ran, and its lines that did. @typedef {SourceFunction & {executed: number[]}} Run */

/** @typedef {{name: string, outcomes: boolean[]}} Path */

/** @param {string} name @param {...boolean} outcomes @returns {Path} */
const ran = (name, ...outcomes) => ({ name, outcomes });

/**
 * Returns the functions that a call of mini-alloc ran, in the order in which they began.
 * @param {Event} event
 * @param {Sources} sources
 * @param {History} history that has the event
 * @returns {Run[]}
 */
export function linesOf(event, sources, history) {
  /** @type {Run[]} */
  const runs = [];
  for (const { name, outcomes } of pathOf(event, history)) {
    const found = sources.functions.find((one) => one.name === name);
    if (!found) throw new Error(`the source has no function ${name}`);
    const lines = sources.files.find((file) => file.name === found.file)?.lines ?? [];
    runs.push({ ...found, executed: new Walk(found, lines, outcomes).executed });
  }
  return runs;
}

/**
 * Returns the markers of each line of a file.
 * @param {Sources} sources
 * @param {string} file
 * @returns {Map<number, Marker[]>}
 */
export function markersOf(sources, file) {
  /** @type {Map<number, Marker[]>} */
  const found = new Map();
  for (const marker of MARKERS) {
    for (const place of sources.markers[marker]) {
      if (place.file !== file) continue;
      for (const line of place.lines) found.set(line, [...(found.get(line) ?? []), marker]);
    }
  }
  return found;
}

// ---- from outcomes to lines ----------------------------------------------------------------------

// Which reads as much C as our functions have: `if` with a block, or with one statement in its line
// or in the next; `while` and `do` and `for (;;)`; statements of one line.
class Walk {
  /** @type {number[]} */
  executed = [];
  #at = 0;
  /** @type {"on" | "broken" | "returned"} */
  #going = "on";

  /** @param {SourceFunction} of @param {readonly string[]} lines @param {readonly boolean[]} outcomes */
  constructor({ name, from, to, omitted }, lines, outcomes) {
    this.name = name;
    this.outcomes = [...outcomes];
    this.lines = lines
      .slice(from, to - 1)
      .map((line, i) => ({ number: from + i + 1, text: line.replace(/\s*\/\/.*$/, "").trim() }))
      .filter(({ number, text }) => text !== "" && text[0] !== "#" && !omitted.includes(number));
    while (this.#at < this.lines.length) this.#statement(true);
    if (this.outcomes.length > 0) throw this.#unfit();
  }

  #unfit() {
    return new Error(`demo/engine/lines.js does not fit the conditions of ${this.name} any more`);
  }

  /** The next line, which ran if `runs`. @param {boolean} runs */
  #take(runs) {
    const { number, text } = this.lines[this.#at++] ?? { number: 0, text: "" };
    if (runs && !this.executed.includes(number)) this.executed.push(number);
    return text;
  }

  /** @param {string} condition the line that has it */
  #outcome(condition) {
    if (condition.includes("(THREADS && ")) return false; // a constant
    const outcome = this.outcomes.shift();
    if (outcome === undefined) throw this.#unfit();
    return outcome;
  }

  /** @param {boolean} reached */
  #statement(reached) {
    const runs = reached && this.#going === "on";
    const start = this.#at;
    const text = this.#take(runs);
    const isCondition = /^(if|while) \(/.test(text);
    const holds = runs && (isCondition ? this.#outcome(text) : true);
    if (text.startsWith("} while")) throw this.#unfit();
    if (text.endsWith("{")) {
      this.#block(holds);
      if (holds && text.startsWith("while") && this.#going === "on") this.#again(start);
      if (text.startsWith("for") && this.#going === "broken") this.#going = "on";
    } else if (isCondition && !text.endsWith(";")) {
      this.#statement(holds);
    } else if (holds) {
      this.#leave(text);
    }
  }

  #again(/** @type {number} */ start) {
    this.#at = start;
    this.#statement(true);
  }

  #leave(/** @type {string} */ text) {
    if (/^(if \(.*\) )?return\b/.test(text)) this.#going = "returned";
    else if (/^(if \(.*\) )?break;/.test(text)) this.#going = "broken";
  }

  /** @param {boolean} reached */
  #block(reached) {
    while (!this.lines[this.#at]?.text.startsWith("}")) {
      if (this.#at === this.lines.length) throw this.#unfit();
      this.#statement(reached);
    }
    // What ends a `do` is run; a brace alone is nothing.
    const { text } = this.lines[this.#at] ?? { text: "" };
    const isTested = reached && this.#going === "on" && text.startsWith("} while");
    this.#take(isTested);
    if (isTested && this.#outcome(text)) throw this.#unfit();
  }
}

// ---- from events to outcomes ---------------------------------------------------------------------

const down = (/** @type {number} */ n, /** @type {number} */ align) => n - (n % align);

/** @param {Event} event @param {History} history @returns {Path[]} */
function pathOf(event, history) {
  const { op, size, align, failed } = event;
  switch (op) {
    case "malloc":
      return [ran("emscripten_builtin_malloc"), ...allocate(event, size)];
    case "calloc":
      return [ran("emscripten_builtin_calloc"), ...allocate(event, Math.min(size, LARGEST))];
    case "realloc":
      return realloc(event, history);
    case "free":
      return [ran("emscripten_builtin_free")];
    case "aligned_alloc":
      return [ran("emscripten_builtin_memalign"), ...miniAlloc(event, size || 1, align)];
    case "mini_alloc":
      return miniAlloc(event, size, align);
    case "mark":
      return [ran("mini_alloc_mark")];
    default:
      return [ran("mini_alloc_reset", failed), ...(failed ? [ran("fail")] : [])];
  }
}

/** @param {Event} event @param {number} size @param {number} [room] @returns {Path[]} */
function allocate(event, size, room = event.before.slack) {
  const { align } = event;
  const isSlow = size === 0 || size > down(room, align);
  const slow = () => refill(event, { size, spare: 0, align, room });
  return [ran("allocate", isSlow), ...(isSlow ? slow() : [])];
}

/** @param {Event} event @param {number} size @param {number} align @returns {Path[]} */
function miniAlloc(event, size, align) {
  const room = event.before.slack;
  const spare = size === 0 ? 1 : 0;
  if (!isPowerOfTwo(align) || align > PAGE) {
    return [ran("mini_alloc", true), ...refillOdd(event, { size, spare, align, room })];
  }
  const isSlow = isFirst(event.before) || size > down(room, align);
  const slow = () => refill(event, { size, spare, align, room });
  return [ran("mini_alloc", isSlow), ...(isSlow ? slow() : [])];
}

/** @typedef {{size: number, spare: number, align: number, room: number}} Request */

/** @param {Event} event @param {Request} request @returns {Path[]} */
function refill(event, { size, spare, align, room }) {
  const { before, failed } = event;
  const want = Math.max(size, 1 - spare) + spare;
  let left = down(room, align);
  if (want <= left) return [ran("refill", false)];
  const isAtBreak = isFirst(before);
  if (isAtBreak) left = down(before.pages * PAGE - before.bump, align);
  const grows = want > left;
  const outcomes = [true, isAtBreak, grows && failed, ...(failed ? [] : [isAtBreak])];
  return [
    ran("refill", ...outcomes),
    ...(isAtBreak ? [ran("behind_break")] : []),
    ...(grows ? grow(event, want - left) : []),
    ...(failed ? [ran("fail")] : []),
  ];
}

/** @param {Event} event @param {number} missing bytes @returns {Path[]} */
function grow({ failed, before, after }, missing) {
  const need = Math.ceil(missing / PAGE);
  const more = Math.max(need, Math.floor(before.pages / 8));
  // For each refusal: whether it was the last.
  const isRefusedOnce = more > need && (failed || after.pagesGrown < more);
  const refusals = [...(isRefusedOnce ? [true, false] : []), ...(failed ? [true, true] : [false])];
  return [ran("grow", false, ...refusals), ran("growth")];
}

/** @param {Event} event @param {Request} request @returns {Path[]} */
function refillOdd(event, { size, spare, align, room }) {
  const { before, failed } = event;
  if (!isPowerOfTwo(align)) return [ran("refill_odd", true), ran("fail")];
  if (size + spare > 2 ** 32 - align) return [ran("refill_odd", false, true), ran("fail")];
  const taken = Math.ceil(before.bump / align) * align - before.bump + size;
  const end = failed ? [true, false] : [false, true]; // nobody else has grown memory
  return [
    ran("refill_odd", false, false, isFirst(before), ...end),
    ...refill(event, { size: taken, spare, align: 1, room }),
  ];
}

/** @param {Event} event @param {History} history @returns {Path[]} */
function realloc(event, history) {
  const { size, source, before, failed } = event;
  const isLast = source !== undefined && isLastOfRealloc(event, source, history);
  const held = isLast ? source.taken : 0;
  const isInline = isLast && size > held && size - held <= before.slack;
  const entry = ran("emscripten_builtin_realloc", !isInline);
  if (isInline) return [entry];
  const remembered = failed ? [] : [ran("remember")];
  const wanted = size || 1;
  if (isLast) {
    const resized = ran("resize_last", ...(failed ? [false, true, true] : [true, wanted < held]));
    const asked = allocate(event, wanted, before.slack + held);
    return [entry, ran("reallocate", true), resized, ...asked, ...remembered];
  }
  const moved = ran("reallocate", false, failed, ...(failed ? [] : [source !== undefined]));
  return [entry, moved, ...allocate(event, wanted), ...remembered];
}

/**
 * Whether it is the block that realloc returned last, at the bump pointer, with no reset since.
 * @param {Event} event
 * @param {import("./history.js").Block} source
 * @param {History} history
 */
function isLastOfRealloc({ step, inPlace, failed, before }, source, history) {
  if (inPlace) return true;
  if (!failed || history.call(source.step).op !== "realloc") return false;
  if (source.address + source.taken !== before.bump) return false;
  for (let at = source.step; at < step - 1; at++) if (history.sums.isReset(at)) return false;
  return true;
}
