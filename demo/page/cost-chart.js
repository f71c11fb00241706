// The bars of the cost panel: one for each allocator, its number at its end.

import { Chart, density, letters, resolved } from "./charts.js";

/** @typedef {import("../cost/measures.js").Row} Row */
/** @typedef {import("../cost/measures.js").Measure} Measure */

/** Pixels between a bar and its number. */
const GAP = 6;

export class CostChart {
  /** @type {import("chart.js").Chart<"bar", (number | null)[], string> | undefined} */
  #chart;

  /** @param {HTMLCanvasElement} canvas @param {HTMLElement} box that gives it its size */
  constructor(canvas, box) {
    this.canvas = canvas;
    this.box = box;
  }

  /** @param {readonly Row[]} rows @param {Measure} measure */
  draw(rows, measure) {
    this.#chart?.destroy();
    const { size } = letters(this.box);
    this.box.style.blockSize = `${rows.length * size * 2.6 + size * 4.5}px`;
    this.#chart = new Chart(this.canvas, this.#configuration(rows, measure));
    const told = rows.map((row) => `${row.name} ${textOf(row, measure)}`);
    this.canvas.setAttribute("aria-label", `Bar chart, ${measure.axis}: ${told.join(", ")}.`);
  }

  /**
   * @param {readonly Row[]} rows
   * @param {Measure} measure
   * @returns {import("chart.js").ChartConfiguration<"bar", (number | null)[], string>}
   */
  #configuration(rows, measure) {
    const font = letters(this.box);
    const color = (/** @type {string} */ text) => resolved(this.box, text);
    const [ours, others] = [color("var(--bump)"), color("var(--line-strong)")];
    const [text, muted, line] = ["--text", "--muted", "--line"].map((name) =>
      color(`var(${name})`),
    );
    const style = { font, text: text ?? "", line: line ?? "" };
    const values = rows.map((row) => measure.value(row) ?? null);
    const labels = rows.map((row) => textOf(row, measure));
    const names = rows.map(({ name }) => name);
    const room = this.box.clientWidth - widest(names, font) - 2 * font.size;
    const scale = scaleOf(values, {
      ...measure,
      wide: (widest(labels, font) + GAP) / room,
    });
    return {
      type: "bar",
      data: {
        labels: names,
        datasets: [
          {
            data: values,
            backgroundColor: rows.map(({ name }) => (name === "mini-alloc" ? ours : others)),
            barThickness: font.size * 1.15,
            borderRadius: 2,
          },
        ],
      },
      options: {
        indexAxis: "y",
        maintainAspectRatio: false,
        devicePixelRatio: density(),
        events: [],
        scales: {
          x: {
            ...scale,
            grid: { color: style.line, drawOnChartArea: false, tickLength: 5 },
            border: { color: style.line },
            title: { display: true, text: measure.axis, color: muted ?? "", font },
            ticks: {
              ...{
                color: muted ?? "",
                font,
                maxRotation: 0,
                maxTicksLimit: 6,
                includeBounds: false,
              },
              ...{ callback: (value) => COMPACT.format(Number(value)) },
            },
            afterBuildTicks: (axis) => {
              if (measure.isLog) axis.ticks = axis.ticks.filter(({ value }) => isPowerOfTen(value));
            },
          },
          y: {
            grid: { display: false },
            border: { color: style.line },
            ticks: { color: style.text, font, padding: 6 },
          },
        },
      },
      plugins: [ends(rows, labels, style)],
    };
  }
}

/** @param {Row} row @param {Measure} measure */
function textOf(row, { id, value, text }) {
  const own = value(row);
  if (own === undefined) return "not measured";
  return id === "ns" && row.timed?.isBelow ? `< ${text(own)}` : text(own);
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact" });

const isPowerOfTen = (/** @type {number} */ n) => Number.isInteger(Math.log10(n));

/** @param {readonly string[]} texts @param {{family: string, size: number}} font */
function widest(texts, { family, size }) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return 0;
  context.font = `${size}px ${family}`;
  return Math.max(...texts.map((text) => context.measureText(text).width));
}

/**
 * The axis goes far enough for the number at the end of the longest bar.
 * @param {readonly (number | null)[]} values
 * @param {{isLog: boolean, wide: number}} options `wide` is the part of the chart a number takes
 */
function scaleOf(values, { isLog, wide }) {
  const known = values.map(Number).filter((value) => value > 0);
  const most = Math.max(...known, 1);
  const part = Math.max(0.96 - wide, 0.2); // of the axis, for bars
  if (!isLog) return { type: /** @type {const} */ ("linear"), min: 0, max: most / part };
  // Bars on a log scale have no zero: they begin at a power of ten well below the least.
  const min = 10 ** Math.floor(Math.log10(Math.min(...known, most)) - 0.7);
  return { type: /** @type {const} */ ("logarithmic"), min, max: min * (most / min) ** (1 / part) };
}

/**
 * Writes each number at the end of its bar, and where there are samples, draws their range.
 * @param {readonly Row[]} rows
 * @param {readonly string[]} labels
 * @param {{font: {family: string, size: number}, text: string}} style
 * @returns {import("chart.js").Plugin<"bar">}
 */
const ends = (rows, labels, { font, text }) => ({
  id: "ends",
  afterDatasetsDraw(chart) {
    const { ctx, scales } = chart;
    const { x, y } = scales;
    if (!x || !y) return;
    ctx.save();
    ctx.font = `${font.size}px ${font.family}`;
    ctx.fillStyle = text;
    ctx.strokeStyle = text;
    ctx.textBaseline = "middle";
    for (const [i, bar] of chart.getDatasetMeta(0).data.entries()) {
      const timed = x.type === "linear" ? rows[i]?.timed : undefined;
      const isTime = timed !== undefined && chart.data.datasets[0]?.data[i] === timed.median;
      const end = Number.isNaN(bar.x) ? x.left : Math.max(bar.x, x.left);
      if (isTime && !timed.isBelow) {
        const [from, to] = [timed.least, timed.most].map((ns) =>
          Math.min(x.getPixelForValue(ns), x.right),
        );
        ctx.strokeRect(from ?? end, bar.y + font.size * 0.75, (to ?? end) - (from ?? end), 0);
      }
      ctx.fillText(labels[i] ?? "", end + GAP, bar.y);
    }
    ctx.restore();
  },
});
