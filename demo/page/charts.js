// What both charts share: Chart.js with the parts that are used, and its colors and letters, which
// do not follow the style sheet by themselves.

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Decimation,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, LogarithmicScale);
Chart.register(LineController, LineElement, PointElement, Decimation, Filler);
Chart.defaults.animation = false;

export { Chart };

/**
 * The color that a style sheet gives to a text: variables, light-dark() and system colors are
 * resolved by the browser.
 * @param {Element} within
 * @param {string} color as CSS has it, var(--bump) for one
 */
export function resolved(within, color) {
  const probe = document.createElement("span");
  probe.style.color = color;
  probe.hidden = true;
  within.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Letters as they are around a chart, whatever size a reader has chosen. @param {Element} within */
export function letters(within) {
  const { fontFamily: family, fontSize } = getComputedStyle(within);
  const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { family, size: Math.min(0.8125 * root, parseFloat(fontSize)) };
}

/** In how dense dots a chart is drawn: more than 2 a pixel nobody sees. */
export const density = () => Math.min(window.devicePixelRatio, 2);

/**
 * Calls `redraw` when colors or letters may have changed.
 * @param {import("./session.js").Session} session
 * @param {() => void} redraw
 */
export function onAppearance(session, redraw) {
  session.on(["settings"], redraw);
  const queries = [
    ...["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"],
  ];
  for (const query of queries) window.matchMedia(query).addEventListener("change", redraw);
  document.fonts.ready.then(redraw, () => {});
}

/**
 * Calls `render` at the next frame, however often it was asked for; and while the element is not
 * displayed, when it is again. Far below the window counts as displayed: print and pictures show
 * what nobody has scrolled to.
 * @param {Element} element
 * @param {() => void} render
 * @returns {() => void} asks for it
 */
export function whenDisplayed(element, render) {
  let [isAsked, isDisplayed, isPlanned] = [false, false, false];
  const plan = () => {
    if (!isAsked || !isDisplayed || isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      [isPlanned, isAsked] = [false, false];
      render();
    });
  };
  const observer = new IntersectionObserver(
    (entries) => {
      isDisplayed = entries.at(-1)?.isIntersecting ?? false;
      plan();
    },
    { rootMargin: "50000px" },
  );
  observer.observe(element);
  return () => {
    isAsked = true;
    plan();
  };
}
