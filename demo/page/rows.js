// Rows of which only those in sight exist: for tables of a hundred million rows as for those of ten.
// They scroll by whole rows: what is drawn stays in sight, and a spacer below makes the scroll bar.

/** The most pixels that a browser lays out for sure. */
const TALLEST = 6_000_000;

export class Rows {
  count = 0;
  first = 0;
  visible = 1;
  #rowHeight = 32;
  #scrolledTo = 0;
  #isWaiting = false;

  /**
   * @param {HTMLElement} scroller
   * @param {{layer: HTMLElement, head: HTMLElement, draw: (first: number, visible: number) =>
   *   HTMLElement | undefined}} parts `layer` holds `head` and the rows, and `draw` makes them and
   *   returns one of them
   */
  constructor(scroller, { layer, head, draw }) {
    this.scroller = scroller;
    this.head = head;
    this.draw = draw;
    this.spacer = document.createElement("div");
    scroller.append(layer, this.spacer);
    scroller.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.redraw()).observe(scroller);
  }

  /** Rows that are not in sight. */
  get #hidden() {
    return Math.max(0, this.count - this.visible);
  }

  get #range() {
    return this.scroller.scrollHeight - this.scroller.clientHeight;
  }

  #scrolled() {
    if (Math.abs(this.scroller.scrollTop - this.#scrolledTo) < 1) return;
    this.#scrolledTo = this.scroller.scrollTop;
    const range = this.#range;
    this.first = range > 0 ? Math.round((this.#scrolledTo / range) * this.#hidden) : 0;
    this.redraw();
  }

  /** Another number of rows, or other rows. @param {number} count */
  fill(count) {
    this.count = count;
    this.redraw();
  }

  /** Draws in the next frame. */
  redraw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  #draw() {
    const height = this.scroller.clientHeight;
    if (height === 0) return; // hidden
    this.visible = Math.max(1, Math.floor((height - this.head.offsetHeight) / this.#rowHeight));
    this.first = Math.min(this.first, this.#hidden);
    const row = this.draw(this.first, Math.min(this.visible, this.count));
    const spacer = Math.min(this.#hidden * this.#rowHeight, TALLEST);
    const all = this.head.offsetHeight + this.count * this.#rowHeight;
    this.scroller.style.setProperty("--all-rows", `${Math.min(all, TALLEST)}px`);
    this.spacer.style.height = `${spacer}px`;
    this.#follow();
    const rowHeight = row?.offsetHeight ?? 0;
    if (rowHeight === 0 || rowHeight === this.#rowHeight) return;
    this.#rowHeight = rowHeight;
    this.redraw();
  }

  /** Puts the scroll bar where the first row is, unless it is there: it is coarser than rows. */
  #follow() {
    const [hidden, range, { scroller }] = [this.#hidden, this.#range, this];
    const at = hidden > 0 ? Math.round((scroller.scrollTop / range) * hidden) : 0;
    if (at === this.first) return;
    scroller.scrollTop = hidden > 0 ? (this.first / hidden) * range : 0;
    this.#scrolledTo = scroller.scrollTop;
  }

  /** Brings a row in sight. @param {number} index */
  reveal(index) {
    if (index < this.first) this.first = index;
    else if (index >= this.first + this.visible) this.first = index - this.visible + 1;
    this.redraw();
  }
}

/**
 * Where a key moves a row to; undefined if it moves none.
 * @param {string} key
 * @param {{index: number, count: number, page: number}} at
 */
export function movedRow(key, { index, count, page }) {
  const to = {
    ...{ ArrowUp: index - 1, ArrowDown: index + 1, PageUp: index - page, PageDown: index + page },
    ...{ Home: 0, End: count - 1 },
  }[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), count - 1);
}
