// What the looks on the stage mean: only of what is on it now.

import { h } from "../page/dom.js";
import { drawRole } from "./patterns.js";

/** @typedef {import("./palette.js").Role} Role */

/** @type {readonly (readonly [Role, string])[]} in the order of addresses */
const MEANINGS = [
  ["data", "data"],
  ["stack", "stack, grows toward low addresses"],
  ["block", "live blocks, in two shades"],
  ["padding", "padding, for alignment"],
  ["freed", "freed, not used again"],
  ["moved", "left behind by realloc"],
  ["zero", "0 bytes"],
  ["slack", "slack: owned, not used"],
  ["untaken", "not taken yet"],
  ["grown", "page added by this step"],
  ["failed", "refused"],
];

/**
 * Which of them can be seen.
 * @param {import("./scene.js").Scene} scene
 * @returns {Set<Role>}
 */
function rolesOf({ areas, blocks, gaps, stripes, ghost, grown }) {
  /** @type {Set<Role>} */
  const roles = new Set(areas.map(({ role }) => role));
  for (const { from, to, status } of blocks) {
    roles.add(
      to === from ? "zero" : status === "freed" ? "freed" : status === "moved" ? "moved" : "block",
    );
  }
  if (stripes.live.some((share) => share > 0)) roles.add("block");
  if (stripes.dead.some((share) => share > 0)) roles.add("freed");
  if (gaps.length > 0) roles.add("padding");
  if (ghost) roles.add("failed");
  if (grown) roles.add("grown");
  return roles;
}

const SWATCH = { width: 28, height: 16 };

/** @param {HTMLDetailsElement} root */
export function mountLegend(root) {
  const list = h("ul", { className: "stage-roles" });
  root.append(h("summary", {}, "What the patterns mean"), list);
  root.open = !matchMedia("(max-width: 40rem)").matches;
  let shown = "";
  /** @type {import("./palette.js").Palette | undefined} */
  let last;
  return {
    /** @param {import("./scene.js").Scene} scene @param {import("./palette.js").Palette} palette */
    show(scene, palette) {
      const roles = rolesOf(scene);
      const key = [...roles].toSorted().join(" ");
      if (key === shown && palette === last) return;
      [shown, last] = [key, palette];
      const present = MEANINGS.filter(([role]) => roles.has(role));
      list.replaceChildren(
        ...present.map(([role, text]) => h("li", {}, swatch(role, palette), h("span", {}, text))),
      );
    },
  };
}

/** @param {Role} role @param {import("./palette.js").Palette} palette */
function swatch(role, palette) {
  const canvas = h("canvas", { "aria-hidden": "true", className: "stage-swatch" });
  const ratio = 2;
  canvas.width = SWATCH.width * ratio;
  canvas.height = SWATCH.height * ratio;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  drawRole(context, palette, role, { x: 1, y: 1, width: 26, height: 14 }, { ratio });
  if (role === "block") {
    context.fillStyle = palette.blockNext;
    context.fillRect(14, 1, 13, 14);
  }
  return canvas;
}
