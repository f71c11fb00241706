// Canvases at the size of the screen's pixels, the measures of the detail, and the width of words.

/** @typedef {import("./labels.js").Layout} Layout */

const WIDE = 640;

/**
 * Makes a canvas the size it has on the page, in pixels of the screen, at most two for one.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size
 * @returns {import("./overview.js").Surface}
 */
export function surfaceOf(canvas, { width, height }) {
  const ratio = Math.min(Math.max(window.devicePixelRatio, 1), 2);
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (!canvas.classList.contains("stage-overlay")) context.clearRect(0, 0, width, height);
  return { canvas, context, ratio };
}

/**
 * How the detail is laid out in the room it has: in a row, or on a narrow page in a column.
 * @param {HTMLElement} detail
 * @returns {Layout}
 */
export function layoutOf(detail) {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const line = 1.375 * rem;
  const width = detail.clientWidth;
  if (width < WIDE) {
    const band = /** @type {const} */ ([6, Math.min(7.5 * rem, width * 0.4)]);
    const column = band[1] + 1.25 * rem;
    return {
      ...{ vertical: true, length: 24 * rem, breadth: width, band, line },
      rows: { flag: column, callout: column, pointer: column, note: column },
    };
  }
  const top = 2 * line + 10;
  const bottom = top + 4.5 * rem;
  return {
    ...{ vertical: false, length: width, breadth: bottom + 2 * line + 16, line },
    band: [top, bottom],
    rows: { flag: 0, callout: line, pointer: bottom + 13, note: bottom + line + 14 },
  };
}

/** @typedef {{font: string, letterSpacing: string, wordSpacing: string}} Type */

/** Widths of labels, from the type that style sheets give them: the page's, and the reader's own. */
export class Measure {
  #context = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  );
  /** @type {Map<string, number>} */
  #widths = new Map();
  /** @type {Map<string, Type>} */
  #types = new Map();

  /** @param {HTMLElement} element where the labels will be */
  constructor(element) {
    this.element = element;
  }

  forget() {
    this.#widths.clear();
    this.#types.clear();
  }

  /** @param {string} kind of label @returns {Type} */
  #typeOf(kind) {
    const known = this.#types.get(kind);
    if (known) return known;
    const probe = document.createElement("span");
    probe.className = `stage-label ${kind}`;
    this.element.append(probe);
    const style = getComputedStyle(probe); // is live: read while the probe is there
    const type = {
      font: `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`,
      letterSpacing: style.letterSpacing.replace("normal", "0px"),
      wordSpacing: style.wordSpacing,
    };
    probe.remove();
    this.#types.set(kind, type);
    return type;
  }

  /** @param {string} kind of label */
  font(kind) {
    return this.#typeOf(kind).font;
  }

  /** @param {string} text @param {string} kind */
  width(text, kind) {
    const key = `${kind} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    if (this.#widths.size > 5000) this.#widths.clear();
    Object.assign(this.#context, this.#typeOf(kind));
    const width = this.#context.measureText(text).width + 2;
    this.#widths.set(key, width);
    return width;
  }
}
