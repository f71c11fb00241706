// The look of each role: a color, a pattern and a shape, so that none rests on its color alone. The
// stage and its legend are drawn by the same functions.

/** @typedef {import("./palette.js").Palette} Palette */
/** @typedef {import("./palette.js").Role} Role */

/**
 * @typedef {object} Look
 * @property {keyof Palette} color
 * @property {"solid" | "dots" | "lines" | "hatch" | "none"} pattern
 * @property {"full" | "half"} height
 * @property {"none" | "line" | "dashed"} outline
 * @property {"none" | "strike" | "cross" | "arrow" | "baseline" | "plus" | "diamond"} mark
 */

/** @type {Record<Role, Look>} */
export const LOOKS = {
  data: { color: "data", pattern: "dots", height: "full", outline: "line", mark: "none" },
  stack: { color: "stack", pattern: "lines", height: "full", outline: "line", mark: "none" },
  block: { color: "block", pattern: "solid", height: "full", outline: "none", mark: "none" },
  padding: { color: "padding", pattern: "hatch", height: "half", outline: "line", mark: "none" },
  freed: { color: "block", pattern: "none", height: "full", outline: "line", mark: "strike" },
  moved: { color: "block", pattern: "none", height: "full", outline: "dashed", mark: "arrow" },
  slack: {
    color: "lineStrong",
    pattern: "none",
    height: "full",
    outline: "none",
    mark: "baseline",
  },
  untaken: { color: "line", pattern: "hatch", height: "full", outline: "none", mark: "baseline" },
  grown: { color: "grown", pattern: "none", height: "full", outline: "line", mark: "plus" },
  failed: { color: "failed", pattern: "none", height: "full", outline: "dashed", mark: "cross" },
  zero: { color: "block", pattern: "none", height: "full", outline: "none", mark: "diamond" },
};

const SIZE = { dots: 7, lines: 6, hatch: 6 };

/** @type {WeakMap<Palette, Map<string, CanvasPattern>>} */
const made = new WeakMap();

/**
 * Returns what fills the area of a role, in pixels of the screen times `ratio`.
 * @param {CanvasRenderingContext2D} context
 * @param {Palette} palette
 * @param {Look} look
 * @param {{ratio: number, turned?: boolean}} options
 * @returns {CanvasPattern | string | undefined} undefined for none
 */
function fillOf(context, palette, { color, pattern }, { ratio, turned = false }) {
  if (pattern === "none") return undefined;
  if (pattern === "solid") return palette[color];
  const own = made.get(palette) ?? new Map();
  made.set(palette, own);
  const key = `${color} ${pattern} ${ratio} ${turned}`;
  const known = own.get(key);
  if (known) return known;
  const tile = drawTile(palette[color], pattern, { ratio, turned });
  const filling = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  filling.setTransform(new DOMMatrix().scale(1 / ratio));
  own.set(key, filling);
  return filling;
}

/**
 * @param {string} color
 * @param {keyof typeof SIZE} pattern
 * @param {{ratio: number, turned: boolean}} options
 */
function drawTile(color, pattern, { ratio, turned }) {
  const size = SIZE[pattern];
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(size * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  context.scale(tile.width / size, tile.width / size);
  context.fillStyle = context.strokeStyle = color;
  context.globalAlpha = 0.16;
  context.fillRect(0, 0, size, size);
  context.globalAlpha = 0.9;
  if (pattern === "dots") {
    context.beginPath();
    context.arc(size / 2, size / 2, 1.1, 0, 2 * Math.PI);
    context.fill();
  } else if (pattern === "lines") {
    context.fillRect(0, 0, turned ? 1.2 : size, turned ? size : 1.2);
  } else {
    context.lineWidth = 1.1;
    context.beginPath();
    for (const at of [-size, 0, size]) {
      context.moveTo(at - 1, size + 1);
      context.lineTo(at + size + 1, -1);
    }
    context.stroke();
  }
  return tile;
}

/**
 * Draws an area of a role; the marks that need an end in sight (a strike, a cross) go from corner to
 * corner.
 * @param {CanvasRenderingContext2D} context
 * @param {Palette} palette
 * @param {Role} role
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {{ratio: number, turned?: boolean}} options
 */
export function drawRole(context, palette, role, box, options) {
  const look = LOOKS[role];
  const area = look.height === "half" ? halved(box, options.turned) : box;
  const { x, y, width, height } = area;
  const filling = fillOf(context, palette, look, options);
  context.save();
  if (filling) {
    context.fillStyle = filling;
    context.fillRect(x, y, width, height);
  }
  context.strokeStyle = palette[look.color];
  context.lineWidth = look.outline === "none" ? 1 : 1.25;
  if (look.outline === "dashed") context.setLineDash([4, 3]);
  const inset = context.lineWidth / 2;
  if (look.outline !== "none" && width > 2 && height > 2) {
    context.strokeRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset);
  }
  context.setLineDash([]);
  drawMark(context, look.mark, area, options.turned);
  context.restore();
}

/** @param {{x: number, y: number, width: number, height: number}} box @param {boolean} [turned] */
function halved({ x, y, width, height }, turned) {
  return turned
    ? { x: x + width / 2, y, width: width / 2, height }
    : { x, y: y + height / 2, width, height: height / 2 };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Look["mark"]} mark
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {boolean} [turned]
 */
function drawMark(context, mark, { x, y, width, height }, turned) {
  if (Math.min(width, height) < 5) return;
  context.beginPath();
  if (mark === "strike" || mark === "cross") {
    context.moveTo(x + 1, y + height - 1);
    context.lineTo(x + width - 1, y + 1);
  }
  if (mark === "cross") {
    context.moveTo(x + 1, y + 1);
    context.lineTo(x + width - 1, y + height - 1);
  }
  if (mark === "baseline") {
    context.setLineDash([1.5, 4.5]);
    context.lineWidth = 1.5;
    if (turned) linePath(context, x + width - 1, y + 2, x + width - 1, y + height);
    else linePath(context, x + 2, y + height - 1, x + width, y + height - 1);
  }
  const [left, top] = [x + width / 2, y + height / 2];
  if (mark === "plus") {
    linePath(context, left - 4, top, left + 4, top);
    linePath(context, left, top - 4, left, top + 4);
  }
  if (mark === "diamond") {
    linePath(context, left, top - 6, left + 5, top);
    context.lineTo(left, top + 6);
    context.lineTo(left - 5, top);
    context.closePath();
  }
  if (mark === "arrow") zigzag(context, x + width / 2, y + height - 9, Math.min(width - 6, 18));
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} toX
 * @param {number} toY
 */
function linePath(context, x, y, toX, toY) {
  context.moveTo(x, y);
  context.lineTo(toX, toY);
}

/** The arrow of what has moved elsewhere. @param {CanvasRenderingContext2D} context */
function zigzag(
  context,
  /** @type {number} */ x,
  /** @type {number} */ y,
  /** @type {number} */ width,
) {
  const left = x - width / 2;
  const right = x + width / 2;
  context.moveTo(left, y);
  context.lineTo(left + width / 4, y - 3);
  context.lineTo(left + width / 2, y);
  context.lineTo(right, y);
  context.moveTo(right - 4, y - 3);
  context.lineTo(right, y);
  context.lineTo(right - 4, y + 3);
}
