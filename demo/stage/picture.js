// The stage as one picture to keep: its canvases one below the other, the words drawn in, a caption.

const MARGIN = 16;
const CAPTION = 28;

/**
 * @param {{tiles: HTMLCanvasElement, minimap: HTMLCanvasElement, base: HTMLCanvasElement,
 *   overlay: HTMLCanvasElement, pages: HTMLElement, grown: HTMLElement}} view
 * @param {{labels: readonly import("./labels.js").PlacedLabel[],
 *   palette: import("./palette.js").Palette, scale: number, caption: string,
 *   measure: import("./surface.js").Measure}} options
 * @returns {HTMLCanvasElement}
 */
export function composed(view, { labels, palette, scale, caption, measure }) {
  const parts = [view.tiles, view.minimap, view.base];
  const sizes = parts.map(({ style }) => ({
    width: Number.parseFloat(style.width),
    height: Number.parseFloat(style.height),
  }));
  const width = Math.max(...sizes.map((size) => size.width)) + 2 * MARGIN;
  const content = sizes.reduce((sum, { height }) => sum + height + 12, 0);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil((content + 2 * CAPTION + 2 * MARGIN) * scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(scale, scale);
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  context.fillStyle = palette.text;
  context.font = measure.font("block");
  const pages = [view.pages.textContent, view.grown.textContent].filter(Boolean).join("   ");
  context.fillText(pages, MARGIN, MARGIN + CAPTION / 2);
  let y = MARGIN + CAPTION;
  for (const [at, part] of parts.entries()) {
    const size = sizes[at] ?? { width: 0, height: 0 };
    context.drawImage(part, MARGIN, y, size.width, size.height);
    if (part === view.base) context.drawImage(view.overlay, MARGIN, y, size.width, size.height);
    if (part === view.base) drawLabels(context, { labels, palette, measure, top: y });
    y += size.height + 12;
  }
  context.fillStyle = palette.muted;
  context.font = measure.font("note");
  context.fillText(caption, MARGIN, y + CAPTION / 2);
  return canvas;
}

/** Which color the style sheet gives to the words of each kind. */
const COLORS = /** @type {const} */ ({
  bump: "bump",
  block: "paper",
  failed: "failed",
  grown: "grown",
  base: "text",
  limit: "text",
});

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{labels: readonly import("./labels.js").PlacedLabel[],
 *   palette: import("./palette.js").Palette, measure: import("./surface.js").Measure,
 *   top: number}} options
 */
function drawLabels(context, { labels, palette, measure, top }) {
  for (const { text, kind, place, box } of labels) {
    const own = COLORS[/** @type {keyof typeof COLORS} */ (kind)] ?? "text";
    const isOnBlock = kind === "block" && place === "inside";
    const x = MARGIN + box.x;
    if (place === "inside" && !isOnBlock) {
      context.fillStyle = palette.paper;
      context.fillRect(x - 4, top + box.y + 2, box.width + 6, box.height - 4);
    }
    context.font = measure.font(kind);
    context.fillStyle = palette[own === "paper" && !isOnBlock ? "text" : own];
    context.fillText(text, x, top + box.y + box.height / 2);
  }
}
