// The cost panel: the calls of the log on every allocator of this page. Ink, bytes and pages are
// counted again after each change of the log; time is measured when somebody asks for it.

import { manifest } from "virtual:modules";
import { compare, programFor } from "../cost/compare.js";
import { MEASURES, rounded, verdict } from "../cost/measures.js";
import { SlicedRun } from "../cost/run.js";
import { measureTime } from "../cost/stopwatch.js";
import { SLOTS, encode } from "../cost/timing.js";
import { count, grouped } from "../engine/words.js";
import { onAppearance, whenDisplayed } from "./charts.js";
import { CostChart } from "./cost-chart.js";
import { costTable } from "./cost-table.js";
import { fill, h } from "./dom.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("../cost/measures.js").Row} Row */

const KNOWN = ["mini-alloc", "dlmalloc", "emmalloc", "mimalloc"];
/** Milliseconds without another change, after which the calls are made. */
const QUIET = 150;
/** More than this in pages is too much to be made again and again. */
const MOST_TIMED_PAGES = 2048;

const GROWTH =
  "× and 1/ compare with mini-alloc. Gas for new pages is a model of ArbOS parameters, read from OffchainLabs/nitro at commit " +
  "6dce8d1: two pages are free, 128 are the limit. Published tables leave it out; here it stands beside the ink.";
const TIMED =
  "Each of 15 samples begins with a new instance and makes the calls again and again, with all " +
  "that they leave behind; the allocators take turns. The number is the median, the line below a " +
  "bar the range. It is noisy on battery or in a background tab.";

/** @param {HTMLElement} root @param {Session} session */
export function mountCost(root, session) {
  const panel = new CostPanel(root, session);
  session.on(["log"], () => panel.logChanged());
  onAppearance(session, () => panel.draw());
  return { canvas: () => panel.chart.canvas };
}

class CostPanel {
  #run = new SlicedRun();
  #timer = 0;
  /** @type {readonly Row[]} */
  #rows = [];
  #endTiming = () => {};

  /** @param {HTMLElement} root @param {Session} session */
  constructor(root, session) {
    this.root = root;
    this.session = session;
    this.measure = MEASURES[0];
    this.canvas = h("canvas", { role: "img" });
    this.plot = h("div", { className: "cost-plot" }, this.canvas);
    this.chart = new CostChart(this.canvas, this.plot);
    this.status = h("p", { className: "cost-status" });
    this.about = h("p", { className: "cost-about" });
    this.verdict = h("p", { className: "cost-verdict" });
    this.clock = this.#clock();
    this.table = h("div", {
      ...{ className: "cost-scroll", role: "region", tabIndex: 0 },
      "aria-label": "All numbers of all allocators",
    });
    this.results = h(
      "div",
      { className: "cost-results", hidden: true },
      h("div", {}, this.#choices(), this.about, this.plot, this.clock.root, this.verdict),
      h("div", {}, this.table, h("p", { className: "cost-note" }, GROWTH), ...absent(session)),
    );
    // Until there are numbers, their place is kept.
    root.classList.add("cost", "is-waiting");
    root.append(this.status, this.results);
    this.compare = whenDisplayed(root, () => this.#compareSoon());
    this.draw = whenDisplayed(root, () => this.#draw());
    // How much of the chart is left for the bars depends on its width.
    new ResizeObserver(() => this.draw()).observe(this.table);
    this.logChanged();
  }

  #choices() {
    const choose = (/** @type {import("../cost/measures.js").Measure} */ measure) => {
      this.measure = measure;
      this.draw();
    };
    return h(
      "fieldset",
      { className: "cost-choices" },
      h("legend", { className: "visually-hidden" }, "What to compare"),
      ...MEASURES.map((measure) => {
        const radio = h("input", {
          ...{ type: "radio", name: "cost-measure", value: measure.id },
          ...{ checked: measure === this.measure, onchange: () => choose(measure) },
        });
        return h("label", {}, radio, h("span", {}, measure.name));
      }),
    );
  }

  #clock() {
    const start = h(
      "button",
      { type: "button", onclick: () => this.#measureTime() },
      "Measure time",
    );
    const stop = h(
      "button",
      { type: "button", hidden: true, onclick: () => this.#stopTiming() },
      "Stop",
    );
    const progress = h("progress", {
      max: 1,
      value: 0,
      hidden: true,
      "aria-label": "Samples taken",
    });
    const note = h("p", { className: "cost-note" }, TIMED);
    const state = h("span", { role: "status" });
    const line = h("div", { className: "cost-clock-line" }, start, stop, progress, state);
    const root = h("div", { className: "cost-clock" }, line, note);
    return { root, start, stop, progress, state };
  }

  // ---- counting ----------------------------------------------------------------------------------

  /** Whatever was counted or timed is of another log. */
  logChanged() {
    this.#run.stop();
    this.#stopTiming();
    window.clearTimeout(this.#timer);
    this.compare();
  }

  #compareSoon() {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#compare(), QUIET);
  }

  async #compare() {
    const { session } = this;
    this.root.classList.remove("is-waiting");
    const why = session.isReadOnly
      ? "This is a recording: its addresses are shown as they were. Open it as calls, and they run on every allocator here."
      : session.steps === 0
        ? "Make a call, and what it costs each allocator stands here."
        : "";
    if (why || session.busy) {
      this.results.hidden = true;
      fill(this.status, why);
      return;
    }
    const work = compare(session.history, session.allocators.values());
    const outcome = await this.#run
      .start(work, ({ done, total }) => {
        fill(this.status, `Running the calls: ${Math.floor((100 * done) / total)} %`);
      })
      .catch((error) => {
        this.results.hidden = true;
        fill(this.status, `The calls cannot be compared: ${error.message}`);
      });
    if (!outcome) return;
    this.#rows = outcome.rows;
    this.results.hidden = false;
    const all = `All ${count(session.steps, "call")} of this log, on each allocator.`;
    const leftOut = outcome.failed.map((one) => `${one.name} is left out: ${one.why}.`);
    fill(this.status, [all, ...leftOut].join(" "));
    this.#draw();
  }

  // ---- time --------------------------------------------------------------------------------------

  #measureTime() {
    const order = this.#order();
    if (typeof order === "string") {
      fill(this.clock.state, order);
      return;
    }
    this.#showTiming(true);
    fill(this.clock.state, "Measuring");
    let clock = "";
    this.#endTiming = measureTime(order, {
      ticks: (tick) => (clock = `The clock ticks every ${rounded(1000 * tick)} µs.`),
      progress: (part) => (this.clock.progress.value = part),
      failed: (message) => {
        this.#showTiming(false);
        fill(this.clock.state, `Time was not measured: ${message}.`);
      },
      done: (timed) => {
        this.#showTiming(false);
        fill(this.clock.state, clock);
        this.#rows = this.#rows.map((row) => Object.assign({}, row, { timed: timed[row.name] }));
        this.draw();
      },
    });
  }

  /** @returns {import("../cost/timer.js").Order | string} or why there is none */
  #order() {
    const { history, allocators } = this.session;
    if (this.#rows.some(({ name, pages }) => name !== "mimalloc" && pages > MOST_TIMED_PAGES)) {
      return `These calls take more than ${grouped(MOST_TIMED_PAGES)} pages: too many to make them again and again.`;
    }
    try {
      return [...allocators.values()].flatMap((entry) => {
        const { name, timed } = entry;
        if (!this.#rows.some((row) => row.name === name)) return [];
        return [{ name, bytes: timed, script: encode(programFor(history, entry), SLOTS) }];
      });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #stopTiming() {
    this.#endTiming();
    this.#endTiming = () => {};
    this.#showTiming(false);
    fill(this.clock.state, "");
  }

  #showTiming(/** @type {boolean} */ runs) {
    const { start, stop, progress } = this.clock;
    const hadFocus = document.activeElement === (runs ? start : stop);
    start.hidden = runs;
    stop.hidden = !runs;
    progress.hidden = !runs;
    progress.value = 0;
    if (hadFocus) (runs ? stop : start).focus();
  }

  // ---- drawing -----------------------------------------------------------------------------------

  #draw() {
    const { measure } = this;
    if (this.#rows.length === 0 || this.results.hidden || !measure) return;
    const isTime = measure.id === "ns";
    const hasBars = !isTime || this.#rows.some(({ timed }) => timed);
    fill(this.about, measure.about);
    this.clock.root.hidden = !isTime;
    this.plot.hidden = !hasBars;
    if (hasBars) this.chart.draw(this.#rows, measure);
    fill(this.verdict, verdict(this.#rows).join(" "));
    const about = (/** @type {string} */ name) => this.session.allocators.get(name)?.about ?? "";
    fill(this.table, costTable(this.#rows, about));
  }
}

/** Says which allocators this page has not, and why. @param {Session} session */
const absent = ({ allocators }) =>
  KNOWN.filter((name) => !allocators.has(name)).map((name) =>
    h(
      "p",
      { className: "cost-note" },
      `${name} is not here: Emscripten ${manifest.emcc}, which built this page, does not have it.`,
    ),
  );
