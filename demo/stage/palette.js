// The colors of the style sheet, as a canvas needs them. A canvas does not adapt by itself: whoever
// draws reads them again after a change.

/** @typedef {"data" | "stack" | "block" | "padding" | "freed" | "moved" | "slack" | "untaken"
 *   | "grown" | "failed" | "zero"} Role what may lie in memory, or seem to */

/** What each color is called in the style sheet, and what it becomes where colors are forced. */
const COLORS = /** @type {const} */ ({
  paper: ["--paper", "Canvas"],
  raised: ["--raised", "Canvas"],
  line: ["--line", "GrayText"],
  lineStrong: ["--line-strong", "CanvasText"],
  text: ["--text", "CanvasText"],
  muted: ["--muted", "CanvasText"],
  data: ["--data", "CanvasText"],
  stack: ["--stack", "GrayText"],
  block: ["--block", "LinkText"],
  blockNext: ["--block-next", "LinkText"],
  bump: ["--bump", "Highlight"],
  grown: ["--grown", "LinkText"],
  padding: ["--padding", "GrayText"],
  failed: ["--failed", "CanvasText"],
  focus: ["--focus", "Highlight"],
});

/** @typedef {Record<keyof typeof COLORS, string>} Palette */

const FORCED = "(forced-colors: active)";
const QUERIES = [FORCED, "(prefers-color-scheme: dark)", "(prefers-contrast: more)"];

/**
 * Reads the colors that hold for an element.
 * @param {Element} element
 * @returns {Palette}
 */
export function readPalette(element) {
  const isForced = matchMedia(FORCED).matches;
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none");
  probe.hidden = true;
  element.append(probe);
  const entries = Object.entries(COLORS).map(([name, [property, system]]) => {
    probe.style.color = isForced ? system : `var(${property})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return /** @type {Palette} */ (Object.fromEntries(entries));
}

/** Tells when colors or motion may be others. @param {() => void} changed */
export function watchPalette(changed) {
  for (const query of QUERIES) matchMedia(query).addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-theme", "data-motion", "data-patterns", "class"],
  });
}

/** Whether nothing may slide. */
export const isStill = () =>
  document.documentElement.dataset["motion"] === "off" ||
  matchMedia("(prefers-reduced-motion: reduce)").matches;
