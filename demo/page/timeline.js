// The timeline: where the bump pointer and the limit were at every step. A press goes there.
//
// Chart.js draws the lines; what moves with the playhead lies over them as elements, so that a step
// redraws nothing. What a pointer is told comes from the log, never from the chart, which thins out
// what it draws.

import { count, grouped } from "../engine/words.js";
import { Chart, density, letters, onAppearance, resolved, whenDisplayed } from "./charts.js";
import { fill, h } from "./dom.js";
import { growths, stepsShown, axisOf } from "./timeline-data.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {(at: number) => string} AddressText */

/** Steps from which on it can be zoomed: fewer can be told apart. */
const ZOOMABLE = 200;

/** An address for an axis that ends at `most`. @param {number} at @param {number} most */
function sizeText(at, most) {
  if (at === 0) return "0";
  return most < 2 ** 20 ? `${at / 1024} KiB` : `${grouped(at / 2 ** 20)} MiB`;
}

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{addressText: AddressText}} options
 */
export function mountTimeline(root, session, { addressText }) {
  const view = new Timeline(root, session, addressText);
  session.on(["log"], () => view.logChanged());
  session.on(["step"], () => view.renderPlayhead());
  onAppearance(session, () => view.restyle());
  return { canvas: () => view.canvas };
}

class Timeline {
  /** @type {import("chart.js").Chart<"line", {x: number, y: number}[]> | undefined} */
  #chart;
  /** @type {{from: number, to: number} | undefined} steps shown; undefined for all */
  #zoom;
  #colors = { bump: "", limit: "", slack: "", line: "", muted: "", grown: "" };

  /** @param {HTMLElement} root @param {Session} session @param {AddressText} addressText */
  constructor(root, session, addressText) {
    this.session = session;
    this.addressText = addressText;
    this.canvas = h("canvas", { role: "img" });
    this.playhead = h("div", {
      ...{ className: "timeline-playhead", hidden: true, "aria-hidden": "true" },
    });
    this.tooltip = h("div", { className: "timeline-tooltip", hidden: true, "aria-hidden": "true" });
    this.plot = h("div", { className: "timeline-plot" }, this.canvas, this.playhead, this.tooltip);
    this.empty = h("p", { className: "timeline-empty" }, "Make a call, and its line begins here.");
    this.range = h("output", { className: "timeline-range" });
    this.zoom = this.#zoomButtons();
    root.classList.add("timeline");
    root.append(this.plot, this.empty, this.zoom);
    this.#listen();
    this.render = whenDisplayed(this.plot, () => this.#draw());
    this.renderPlayhead = whenDisplayed(this.plot, () => this.#placePlayhead());
    this.logChanged();
  }

  #zoomButtons() {
    const button = (
      /** @type {string} */ text,
      /** @type {string} */ label,
      /** @type {number} */ by,
    ) =>
      h("button", { type: "button", "aria-label": label, onclick: () => this.#zoomBy(by) }, text);
    return h(
      "div",
      { className: "timeline-zoom", role: "group", "aria-label": "Steps shown" },
      button("−", "Show more steps", 2),
      button("+", "Show fewer steps", 1 / 2),
      h("button", { type: "button", onclick: () => this.#zoomBy(Infinity) }, "All"),
      this.range,
    );
  }

  #zoomBy(/** @type {number} */ factor) {
    const { step, steps } = this.session;
    this.#zoom = stepsShown({ step, steps, shown: this.#shown, factor });
    this.render();
  }

  get #shown() {
    return this.#zoom ?? { from: 0, to: this.session.steps + 1 };
  }

  /** Another log, or a longer one. */
  logChanged() {
    const { steps } = this.session;
    if (this.#zoom && this.#zoom.to > steps + 1) this.#zoom = undefined;
    this.empty.hidden = steps > 0;
    this.plot.classList.toggle("is-empty", steps === 0);
    this.zoom.hidden = steps < ZOOMABLE;
    this.#points = undefined;
    this.render();
  }

  restyle() {
    this.#chart?.destroy();
    this.#chart = undefined;
    this.render();
  }

  // ---- drawing -----------------------------------------------------------------------------------

  /** @type {{bump: {x: number, y: number}[], limit: {x: number, y: number}[]} | undefined} */
  #points;
  /** @type {import("./timeline-data.js").Axis} */
  #axis = { min: 0, max: 0, step: 0 };

  // The last value goes on for one step more, so that the last step has a width too.
  #pointsOf() {
    const { steps, history } = this.session;
    const { start, log } = history;
    const bump = [{ x: 0, y: start.bump }];
    const limit = [{ x: 0, y: start.limit }];
    for (let at = 0; at < steps; at++) {
      bump.push({ x: at + 1, y: log.columns.bump[at] ?? 0 });
      limit.push({ x: at + 1, y: log.columns.limit[at] ?? 0 });
    }
    bump.push({ x: steps + 1, y: bump.at(-1)?.y ?? 0 });
    limit.push({ x: steps + 1, y: limit.at(-1)?.y ?? 0 });
    return { bump, limit };
  }

  #draw() {
    this.#points ??= this.#pointsOf();
    this.#chart ??= this.#newChart();
    const chart = this.#chart;
    const { from, to } = this.#shown;
    const [bump, limit] = chart.data.datasets;
    // Thinned out, `data` is no longer what was given: always given again.
    if (bump) bump.data = this.#points.bump;
    if (limit) limit.data = this.#points.limit;
    this.#axis = this.#axisOfLog();
    const { min, max, step } = this.#axis;
    Object.assign(chart.options.scales?.["x"] ?? {}, { min: from, max: to });
    const { y } = chart.options.scales ?? {};
    Object.assign(y ?? {}, { min, max });
    Object.assign(y?.ticks ?? {}, { stepSize: step });
    chart.update("none");
    fill(this.range, `Steps ${grouped(Math.floor(from))} to ${grouped(Math.ceil(to) - 1)}`);
    this.canvas.setAttribute("aria-label", this.#label());
  }

  #axisOfLog() {
    const { steps, history } = this.session;
    const { start, log } = history;
    const highest = (/** @type {"bump" | "limit"} */ name) =>
      log.columns[name].subarray(0, steps).reduce((most, at) => Math.max(most, at), start[name]);
    return axisOf({ base: start.bump, bump: highest("bump"), limit: highest("limit") });
  }

  #label() {
    const { steps, history } = this.session;
    if (steps === 0) return "Timeline: no call yet.";
    const { bump, limit, pages } = history.at(steps);
    const grew = growths(history.log.columns.pages, history.start.pages, steps).length;
    return (
      `Timeline of ${count(steps, "step")}: the bump pointer goes from ` +
      `${this.addressText(history.start.bump)} to ${this.addressText(bump)}, the limit from ` +
      `${this.addressText(history.start.limit)} to ${this.addressText(limit)}. ` +
      `Memory grew ${grew === 1 ? "once" : `${grouped(grew)} times`}, to ${count(pages, "page")}.`
    );
  }

  #readStyle() {
    const color = (/** @type {string} */ text) => resolved(this.plot, text);
    this.#colors = {
      bump: color("var(--bump)"),
      limit: color("var(--text)"),
      slack: color("color-mix(in srgb, var(--block) 10%, transparent)"),
      line: color("var(--line)"),
      muted: color("var(--muted)"),
      grown: color("var(--grown)"),
    };
  }

  #newChart() {
    this.#readStyle();
    const { bump, limit, slack, line, muted } = this.#colors;
    const font = letters(this.plot);
    const grid = { color: line, drawTicks: false };
    // What a call has led to holds until the next one. Chart.js names that after where a step is
    // drawn: before the point that ends it.
    const common = { stepped: /** @type {const} */ ("before"), borderWidth: 2, pointRadius: 0 };
    /** @type {import("chart.js").ChartConfiguration<"line", {x: number, y: number}[]>} */
    const configuration = {
      type: "line",
      data: {
        datasets: [
          { ...common, data: [], borderColor: bump },
          { ...common, data: [], borderColor: limit, fill: "-1", backgroundColor: slack },
        ],
      },
      options: {
        parsing: false,
        normalized: true,
        maintainAspectRatio: false,
        devicePixelRatio: density(),
        events: [],
        font,
        // Room for the names of the lines, and for the marks of growth.
        layout: { padding: { right: font.size * 3.6 + 8, top: font.size + 10 } },
        plugins: { decimation: { enabled: true, algorithm: "min-max" } },
        scales: {
          x: {
            type: "linear",
            grid: { display: false },
            border: { color: line },
            title: { display: true, text: "step", color: muted, font },
            ticks: {
              ...{ color: muted, font, precision: 0, maxRotation: 0, maxTicksLimit: 8 },
              includeBounds: false,
            },
            afterBuildTicks: (scale) => {
              scale.ticks = scale.ticks.filter(
                ({ value }) => Number.isInteger(value) && value <= this.session.steps,
              );
            },
          },
          y: {
            type: "linear",
            grid,
            border: { display: false },
            ticks: {
              ...{ color: muted, font, padding: 6 },
              callback: (at, _, ticks) =>
                this.#axis.min > 0
                  ? this.addressText(Number(at))
                  : sizeText(Number(at), ticks.at(-1)?.value ?? 0),
            },
          },
        },
      },
      plugins: [this.#marks()],
    };
    return new Chart(this.canvas, configuration);
  }

  /** Where memory grew, and the names of the lines at their ends. */
  #marks() {
    /** @type {import("chart.js").Plugin<"line">} */
    const plugin = {
      id: "marks",
      afterDatasetsDraw: (chart) => {
        const { ctx, chartArea, scales } = chart;
        const { x, y } = scales;
        if (!x || !y || this.session.steps === 0) return;
        const font = letters(this.plot);
        ctx.save();
        ctx.font = `${font.size}px ${font.family}`;
        this.#drawGrowths(ctx, { x, top: chartArea.top, size: font.size });
        const { from, to } = this.#shown;
        const last = this.session.history.at(Math.max(from, Math.ceil(to) - 1));
        const isAbove = last.limit > y.max;
        const limitAt = isAbove ? chartArea.top + font.size / 2 : y.getPixelForValue(last.limit);
        // Where the lines end close to each other, their names still do not.
        const bumpAt = Math.max(y.getPixelForValue(last.bump), limitAt + font.size * 1.2);
        ctx.textBaseline = "middle";
        ctx.fillStyle = this.#colors.limit;
        ctx.fillText(isAbove ? "limit ↑" : "limit", chartArea.right + 6, limitAt);
        ctx.fillStyle = this.#colors.bump;
        ctx.fillText("bump", chartArea.right + 6, bumpAt);
        ctx.restore();
      },
      afterDraw: () => this.#placePlayhead(),
    };
    return plugin;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {{x: import("chart.js").Scale, top: number, size: number}} place
   */
  #drawGrowths(ctx, { x, top, size }) {
    const { steps, history } = this.session;
    ctx.fillStyle = this.#colors.grown;
    ctx.textBaseline = "bottom";
    let labelEnd = -Infinity;
    let drawn = -Infinity;
    for (const { step, pages } of growths(history.log.columns.pages, history.start.pages, steps)) {
      if (step < x.min || step >= x.max) continue;
      const at = Math.round(x.getPixelForValue(step));
      if (at - drawn < 3) continue;
      drawn = at;
      ctx.fillRect(at - 1, top - 6, 2, 6);
      const text = labelEnd < 0 ? `+${count(pages, "page")}` : `+${grouped(pages)}`;
      const width = ctx.measureText(text).width;
      if (at - width / 2 < labelEnd + size) continue;
      ctx.fillText(text, at - width / 2, top - 7);
      labelEnd = at + width / 2;
    }
  }

  // ---- the playhead and the pointer --------------------------------------------------------------

  #placePlayhead() {
    const { x, y } = this.#chart?.scales ?? {};
    const area = this.#chart?.chartArea;
    const { step, steps, state } = this.session;
    const isShown = x && y && area && steps > 0 && step >= x.min && step < x.max;
    this.playhead.hidden = !isShown;
    if (!isShown) return;
    const { style } = this.playhead;
    style.translate = `${x.getPixelForValue(step)}px ${area.top}px`;
    style.height = `${area.bottom - area.top}px`;
    style.setProperty("--dot", `${y.getPixelForValue(state.bump) - area.top}px`);
  }

  /** The step whose values are drawn there. @param {PointerEvent} event */
  #stepAt(event) {
    const x = this.#chart?.scales["x"];
    if (!x) return 0;
    const at = x.getValueForPixel(event.clientX - this.canvas.getBoundingClientRect().left) ?? 0;
    return Math.min(Math.max(Math.floor(at), Math.ceil(x.min), 0), this.session.steps);
  }

  #listen() {
    const { plot } = this;
    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.session.steps === 0) return;
      plot.setPointerCapture(event.pointerId);
      this.session.goTo(this.#stepAt(event));
    });
    plot.addEventListener("pointermove", (event) => {
      if (this.session.steps === 0) return;
      if (plot.hasPointerCapture(event.pointerId)) this.session.goTo(this.#stepAt(event));
      this.#tell(event);
    });
    for (const type of ["pointerleave", "pointercancel"]) {
      plot.addEventListener(type, () => {
        this.tooltip.hidden = true;
      });
    }
  }

  #tell(/** @type {PointerEvent} */ event) {
    const step = this.#stepAt(event);
    const { bump, limit, slack, pages } = this.session.history.at(step);
    const { left, width } = this.plot.getBoundingClientRect();
    const rows = [
      ["bump", this.addressText(bump)],
      ["limit", this.addressText(limit)],
      ["slack", `${grouped(slack)} bytes`],
      ["memory", count(pages, "page")],
    ];
    fill(
      this.tooltip,
      h("strong", {}, `Step ${grouped(step)}`),
      h("dl", {}, ...rows.flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)])),
    );
    this.tooltip.hidden = false;
    const at = event.clientX - left;
    const isRight = at > width / 2;
    this.tooltip.style.translate = isRight ? `calc(${at - 12}px - 100%) 0` : `${at + 12}px 0`;
  }
}
