// The icons of index.html, drawn in the color of the text around.

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} name as in index.html */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.append(use);
  return svg;
}
