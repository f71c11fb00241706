// A bump allocator on paper, written without a look at the engine: what mini-alloc must answer. And
// a bare instance of a module, driven without the engine.

const PAGE = 65_536;

/** @typedef {import("../../demo/engine/calls.js").Call} Call */

/** @typedef {{result: number, bump: number, limit: number, pages: number}} Answer */

const up = (/** @type {number} */ at, /** @type {number} */ to) => Math.ceil(at / to) * to;

export class Model {
  /** @type {number[]} */ blocks = [0];
  /** @type {number[]} */ marks = [0];
  last = { block: 0, end: 0 }; // what realloc remembers

  /** @param {{base: number, pages: number, alignment: number, maximum: number}} start */
  constructor({ base, pages, alignment, maximum }) {
    this.base = base;
    this.bump = base;
    this.limit = base;
    this.pages = pages;
    this.alignment = alignment;
    this.maximum = maximum;
  }

  /** @param {number} size @param {number} align @param {number} [spare] */
  take(size, align, spare = 0, from = this.bump) {
    if (!(align > 0 && Number.isInteger(Math.log2(align)))) return 0;
    const start = up(from, align);
    const lacking = start + size + spare - this.pages * PAGE;
    if (lacking > 0) {
      const need = up(lacking, PAGE) / PAGE;
      const eighth = Math.max(need, Math.floor(this.pages / 8));
      const more = this.pages + eighth > this.maximum ? need : eighth;
      if (this.pages + more > this.maximum) return 0;
      this.pages += more;
    }
    this.limit = this.pages * PAGE;
    this.bump = start + size;
    return start;
  }

  /** @param {number} block @param {number} size */
  realloc(block, size) {
    const isLast = block !== 0 && block === this.last.block && this.bump === this.last.end;
    const got = this.take(size, isLast ? 1 : this.alignment, 0, isLast ? block : this.bump);
    if (got !== 0) this.last = { block: got, end: got + size };
    return got;
  }

  /** What mini_alloc(0, align) makes sure of, where it has to look at all: that a byte is there. */
  #spare(/** @type {number} */ size, /** @type {number} */ align) {
    return size === 0 && (this.limit === this.base || align > PAGE) ? 1 : 0;
  }

  /** @param {number} mark */
  reset(mark) {
    if (mark > this.bump || mark < this.base) return 0xffff_ffff;
    this.bump = mark;
    this.last = { block: 0, end: 0 };
    return 0;
  }

  /** @param {Call} call @returns {Answer} */
  perform({ op, args: [first = 0, second = 0] }) {
    const block = this.blocks[first] ?? 0;
    const result = {
      malloc: () => this.take(first || 1, this.alignment),
      calloc: () => this.take(first * second || 1, this.alignment),
      realloc: () => this.realloc(block, second || 1),
      free: () => 0,
      aligned_alloc: () => this.take(second || 1, first),
      mini_alloc: () => this.take(first, second, this.#spare(first, second)),
      mark: () => this.bump,
      reset: () => this.reset(this.marks[first] ?? 0),
    }[op]();
    if (op === "mark") this.marks.push(result);
    else if (op !== "free" && op !== "reset" && result !== 0) this.blocks.push(result);
    return { result, bump: this.bump, limit: this.limit, pages: this.pages };
  }
}

/** The module itself, driven by hand. */
export class Bare {
  /** @type {number[]} */ blocks = [0];
  /** @type {number[]} */ marks = [0];

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const env = { emscripten_notify_memory_growth() {} };
    const instance = new WebAssembly.Instance(module, { env });
    this.exports = /** @type {Record<string, any>} */ (instance.exports);
    this.exports._initialize?.();
  }

  /** @param {string} name */
  #get(name) {
    return this.exports[name]() >>> 0;
  }

  /** @returns {Answer & {base: number, alignment: number}} */
  get words() {
    const words = { bump: this.#get("bump"), limit: this.#get("limit"), pages: this.#get("pages") };
    return { result: 0, ...words, base: this.#get("heap_base"), alignment: this.#get("alignment") };
  }

  /** @param {Call} call @returns {Answer} */
  perform({ op, args: [first = 0, second = 0] }) {
    const own = { mark: "mini_alloc_mark", reset: "mini_alloc_reset" };
    const name = op === "mark" || op === "reset" ? own[op] : op;
    const given =
      op === "free" || op === "realloc"
        ? this.blocks[first]
        : op === "reset"
          ? this.marks[first]
          : first;
    const result = (this.exports[name](given, second) ?? 0) >>> 0;
    if (op === "mark") this.marks.push(result);
    else if (op !== "free" && op !== "reset" && result !== 0) this.blocks.push(result);
    const { bump, limit, pages } = this.words;
    return { result, bump, limit, pages };
  }
}
