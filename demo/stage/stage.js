// The stage: all of memory as tiles, a bar with a lens, and the addresses in the lens one by one.
// Everything is drawn from the log at the playhead; the words over the pictures are text of the page.

import { h, fill } from "../page/dom.js";
import { count, bytes } from "../engine/words.js";
import { whyText } from "../engine/why.js";
import { Blocks } from "./blocks.js";
import { composed } from "./picture.js";
import { PAGE } from "../engine/log.js";
import { autoWindow, centered, panned, tileAt, tileLayout, zoomed } from "./geometry.js";
import { labelsOf, placeLabels, shortBytes } from "./labels.js";
import { mountLegend } from "./legend.js";
import { paintLens, paintMinimap, paintTiles } from "./overview.js";
import { paintBase, paintOverlay } from "./paint.js";
import { isStill, readPalette, watchPalette } from "./palette.js";
import { sceneOf } from "./scene.js";
import { Tally } from "./tally.js";
import { layoutOf, Measure, surfaceOf } from "./surface.js";

/** @typedef {import("../page/session.js").Session} Session */
/** @typedef {import("./scene.js").Scene} Scene */

const SLIDE = 150;
const HELP =
  "Arrow keys pick the next or the previous block, Home and End the first and the last, Escape none. " +
  "Plus and minus zoom, 0 shows what the step was about, Page Up and Page Down move on.";

/**
 * Shows the stage of a session.
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{addressText: (address: number) => string}} options
 */
export function mountStage(root, session, options) {
  const stage = new Stage(root, session, options);
  return {
    /** All of it as one picture, with a caption. @param {{scale?: 1 | 2, caption?: string}} [how] */
    canvas: (how = {}) => stage.picture(how),
    /** Where a byte is, in CSS pixels of the window. @param {number} address */
    at: (address) => stage.at(address),
    redraw: () => stage.redraw(),
  };
}

class Stage {
  #frame = 0;
  #slide = { from: 0, to: 0, begun: -Infinity };
  #hovered = 0;
  #shownStep = -1;
  #tally = new Tally();
  /** @type {import("../engine/heap.js").Replay | undefined} */
  #replay;
  #tiles = tileLayout(1, { width: 26, height: 26 });
  /** @type {import("./geometry.js").Range | undefined} */
  #previous;
  /** @type {import("./palette.js").Palette | undefined} */
  #palette;
  /** @type {Scene | undefined} */
  #scene;
  /** @type {import("./labels.js").PlacedLabel[]} */
  #labels = [];

  /**
   * @param {HTMLElement} root
   * @param {Session} session
   * @param {{addressText: (address: number) => string}} options
   */
  constructor(root, session, { addressText }) {
    this.session = session;
    this.addressText = addressText;
    this.blocks = new Blocks(session.history);
    this.view = elements();
    root.classList.add("stage");
    root.append(...this.view.children);
    this.legend = mountLegend(this.view.legend);
    this.measure = new Measure(this.view.detail);
    this.layout = layoutOf(this.view.detail);
    this.#listen(root);
    this.redraw();
  }

  #listen(/** @type {HTMLElement} */ root) {
    const { session, view } = this;
    session.on(["log"], () => {
      const isOther = this.blocks.history !== session.history;
      if (isOther) this.#previous = undefined;
      // Whatever takes calls back tells of its replay.
      if (isOther || this.#replay !== session.replay) this.blocks = new Blocks(session.history);
      else this.blocks.extend();
      this.#replay = session.replay;
    });
    session.on(["log", "step", "selected", "window", "settings"], () => this.#later());
    session.on(["settings"], () => {
      // It has an address in it, which is written differently now.
      if (view.live.textContent) fill(view.live, this.#blockInWords(session.selected));
    });
    const restyle = () => {
      this.#palette = undefined;
      this.measure.forget();
      this.#later();
    };
    watchPalette(restyle);
    const sizes = new ResizeObserver(restyle);
    sizes.observe(root);
    sizes.observe(view.name); // which changes with a reader's own font and spacing of text
    void document.fonts.ready.then(restyle);
    this.#listenToDetail();
    this.#listenToOverview();
    view.larger.addEventListener("click", () => this.#zoom(1 / 2));
    view.smaller.addEventListener("click", () => this.#zoom(2));
    view.follow.addEventListener("click", () => session.show(undefined));
  }

  #later() {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.redraw();
    });
  }

  // ---- drawing -----------------------------------------------------------------------------------

  get #now() {
    const { history } = this.blocks; // while a scenario is loaded, still the one before
    return { history, step: Math.min(this.session.step, history.steps) };
  }

  get palette() {
    return (this.#palette ??= readPalette(this.view.detail));
  }

  /** Draws everything, if it can be seen. */
  redraw() {
    if (this.view.detail.clientWidth === 0) return;
    performance.mark("stage");
    const { history, step } = this.#now;
    this.layout = layoutOf(this.view.detail);
    const window = this.#window(history, step);
    const view = { step, selected: this.session.selected, window, length: this.layout.length };
    this.#scene = sceneOf(this.blocks, view);
    this.#drawOverview(this.#scene, window);
    this.#drawDetail(this.#scene);
    this.legend.show(this.#scene, this.palette);
    performance.measure("stage", "stage");
  }

  /** @param {import("../engine/history.js").History} history @param {number} step */
  #window(history, step) {
    const { window } = this.session;
    if (window) return window;
    const options = { width: this.layout.length, previous: this.#previous };
    this.#previous = autoWindow(history, step, options);
    return this.#previous;
  }

  /** @param {Scene} scene @param {import("./geometry.js").Range} window */
  #drawOverview({ state, end }, window) {
    const { view, palette, blocks } = this;
    const { step } = state;
    const width = view.tiles.parentElement?.clientWidth ?? 0;
    const tiles = tileLayout(state.pages, { width, height: this.layout.vertical ? 80 : 78 });
    const size = { width: tiles.columns * tiles.pitch, height: tiles.rows * tiles.pitch };
    const bar = { end, width: view.minimap.parentElement?.clientWidth ?? 0, height: 20, palette };
    const surface = surfaceOf(view.minimap, bar);
    const parts = Math.max(1, surface.canvas.width);
    const density = this.#tally.at(blocks, { step, end, parts });
    paintTiles(surfaceOf(view.tiles, size), blocks, { step, tiles, palette, end, density });
    paintMinimap(surface, blocks, { step, ...bar, density });
    paintLens(surface.context, window, bar);
    const each = tiles.pagesEach === 1 ? "" : ` · each tile is ${tiles.pagesEach} pages`;
    fill(view.pages, `${count(state.pages, "page")} = ${shortBytes(state.pages * PAGE)}${each}`);
    fill(view.grown, state.pagesGrown > 0 ? `+${count(state.pagesGrown, "page")}` : "");
    view.tiles.setAttribute("aria-label", pagesInWords(state));
    this.#tiles = tiles;
  }

  /** @param {Scene} scene */
  #drawDetail(scene) {
    const { view, layout } = this;
    const size = layout.vertical
      ? { width: layout.breadth, height: layout.length }
      : { width: layout.length, height: layout.breadth };
    const base = surfaceOf(view.base, size);
    paintBase({ ...base, palette: this.palette, layout }, scene);
    const labels = labelsOf(scene, { vertical: layout.vertical, addressText: this.addressText });
    this.#labels = placeLabels(labels, layout, (text, kind) => this.measure.width(text, kind));
    this.#showLabels();
    view.base.setAttribute("aria-label", this.#inWords(scene));
    this.#move(scene);
  }

  /** Lets the bump pointer slide to where it is now, if it was one call away. @param {Scene} scene */
  #move({ state }) {
    const isNext = Math.abs(state.step - this.#shownStep) === 1;
    const now = performance.now();
    if (state.step !== this.#shownStep) {
      const from = isNext && !isStill() ? this.#slide.to : state.bump;
      this.#slide = { from, to: state.bump, begun: isNext && !isStill() ? now : -Infinity };
      this.#shownStep = state.step;
    }
    this.#drawOverlay();
  }

  #drawOverlay() {
    const { layout, palette, view } = this;
    const scene = this.#scene;
    if (!scene) return;
    const share = Math.min(1, (performance.now() - this.#slide.begun) / SLIDE);
    const eased = 1 - (1 - share) ** 3;
    const pointer = this.#slide.from + (this.#slide.to - this.#slide.from) * eased;
    const { event, state } = scene;
    const hasMoved = event !== undefined && event.before.bump !== state.bump;
    const size = layout.vertical
      ? { width: layout.breadth, height: layout.length }
      : { width: layout.length, height: layout.breadth };
    paintOverlay({ ...surfaceOf(view.overlay, size), palette, layout }, scene, {
      pointer: share === 1 ? state.bump : pointer,
      trace: hasMoved && isStill() ? event.before.bump : undefined,
      hovered: this.#hovered,
      pulse: share,
      labels: this.#labels,
    });
    if (share < 1) requestAnimationFrame(() => this.#drawOverlay());
  }

  #showLabels() {
    const { labels } = this.view;
    while (labels.childElementCount > this.#labels.length) labels.lastElementChild?.remove();
    while (labels.childElementCount < this.#labels.length) labels.append(h("span"));
    for (const [at, { text, kind, place, box }] of this.#labels.entries()) {
      const span = /** @type {HTMLElement} */ (labels.children[at]);
      span.className = `stage-label ${place} ${kind}`;
      span.style.transform = `translate(${Math.round(box.x)}px, ${Math.round(box.y)}px)`;
      if (span.textContent !== text) span.textContent = text;
    }
  }

  /** @param {Scene} scene */
  #inWords({ state, event, history }) {
    const { isBump } = history.sums;
    const { addressText: address } = this;
    const places = isBump
      ? `Bump pointer at ${address(state.bump)}, limit at ${address(state.limit)}.`
      : `${count(state.live, "live block")}.`;
    return event ? `${whyText(event, { address, isBump })} ${places}` : `No call yet. ${places}`;
  }

  // ---- what a reader does ------------------------------------------------------------------------

  /** Around the picked block, if it is in view, or else the bump pointer. */
  #zoom(
    /** @type {number} */ factor,
    around = this.#scene?.selected?.from ?? this.session.state.bump,
  ) {
    const scene = this.#scene;
    if (scene) this.session.show(zoomed(scene.scale, factor, { around, end: scene.end }));
  }

  #pan(/** @type {number} */ share) {
    const scene = this.#scene;
    if (scene) this.session.show(panned(scene.scale, share, scene.end));
  }

  /** Picks a block, and shows it if it is out of view. @param {number} number */
  #pick(number) {
    const { session, blocks } = this;
    const block = blocks.byNumber(this.#now.step, number);
    session.select(block ? number : 0);
    const scene = this.#scene;
    if (!block || !scene) return fill(this.view.live, block ? "" : "No block is picked.");
    fill(this.view.live, this.#blockInWords(number));
    const { from, to } = scene.scale;
    if (block.address >= to || block.address + block.taken <= from) {
      session.show(centered({ from, to }, block.address, scene.end));
    }
  }

  /** @param {number} number */
  #blockInWords(number) {
    const block = this.blocks.byNumber(this.#now.step, number);
    if (!block) return "";
    const status = { live: "live", freed: "freed, not used again", moved: "moved by realloc" }[
      /** @type {string} */ (block.status)
    ];
    const made = `made by step ${block.step}`;
    return `p${number}, ${bytes(block.size)} at ${this.addressText(block.address)}, ${status}, ${made}`;
  }

  #listenToDetail() {
    const { view, session } = this;
    view.detail.addEventListener("keydown", (event) => this.#key(event));
    view.detail.addEventListener("pointermove", (event) => this.#hover(event));
    view.detail.addEventListener("pointerleave", () => this.#hover(undefined));
    view.detail.addEventListener("click", (event) => {
      const block = this.#blockUnder(event);
      session.select(block && block.number !== session.selected ? block.number : 0);
    });
    const wheel = (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#addressUnder(event));
    };
    view.detail.addEventListener("wheel", wheel, { passive: false });
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { session, blocks } = this;
    const { step } = this.#now;
    const next = (/** @type {1 | -1} */ direction, from = session.selected) =>
      this.#pick(blocks.neighbor(step, from, direction));
    /** @type {Record<string, (() => void) | undefined>} */
    const keys = {
      ArrowLeft: () => next(-1),
      ArrowUp: () => next(-1),
      ArrowRight: () => next(1),
      ArrowDown: () => next(1),
      Home: () => next(1, 0),
      End: () => next(-1, 0),
      Escape: () => this.#pick(0),
      Enter: () => this.#pick(session.selected),
      "+": () => this.#zoom(1 / 2),
      "=": () => this.#zoom(1 / 2),
      "-": () => this.#zoom(2),
      0: () => session.show(undefined),
      PageDown: () => this.#pan(1 / 2),
      PageUp: () => this.#pan(-1 / 2),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #addressUnder(/** @type {MouseEvent} */ event) {
    const { left, top } = this.view.detail.getBoundingClientRect();
    const pixel = this.layout.vertical ? event.clientY - top : event.clientX - left;
    return this.#scene?.scale.addressAt(pixel) ?? 0;
  }

  #blockUnder(/** @type {MouseEvent} */ event) {
    const { left, top } = this.view.detail.getBoundingClientRect();
    const { vertical, band } = this.layout;
    const across = vertical ? event.clientX - left : event.clientY - top;
    if (across < band[0] || across > band[1]) return undefined;
    return this.blocks.holding(this.#now.step, this.#addressUnder(event));
  }

  #hover(/** @type {PointerEvent | undefined} */ event) {
    const { tip, detail } = this.view;
    const block = event && event.pointerType === "mouse" ? this.#blockUnder(event) : undefined;
    const number = block?.number ?? 0;
    tip.hidden = number === 0;
    if (event && number > 0) {
      fill(tip, this.#blockInWords(number));
      const { left, top, width } = detail.getBoundingClientRect();
      const x = Math.min(event.clientX - left + 12, width - tip.offsetWidth);
      tip.style.transform = `translate(${Math.max(0, x)}px, ${event.clientY - top + 18}px)`;
    }
    if (number === this.#hovered) return;
    this.#hovered = number;
    this.#drawOverlay();
  }

  #listenToOverview() {
    const { minimap, tiles } = this.view;
    const show = (/** @type {PointerEvent} */ event) => {
      const scene = this.#scene;
      const { left, width } = minimap.getBoundingClientRect();
      if (!scene || width === 0) return;
      const at = ((event.clientX - left) / width) * scene.end;
      this.session.show(centered(scene.scale, at, scene.end));
    };
    minimap.addEventListener("pointerdown", (event) => {
      minimap.setPointerCapture(event.pointerId);
      show(event);
    });
    minimap.addEventListener("pointermove", (event) => {
      if (minimap.hasPointerCapture(event.pointerId)) show(event);
    });
    tiles.addEventListener("pointermove", (event) => {
      tiles.title = this.#tileInWords(tileAt({ x: event.offsetX, y: event.offsetY }, this.#tiles));
    });
    tiles.addEventListener("click", (event) => {
      const tile = tileAt({ x: event.offsetX, y: event.offsetY }, this.#tiles);
      const each = this.#tiles.pagesEach * PAGE;
      if (tile >= 0) this.session.show({ from: tile * each, to: (tile + 1) * each });
    });
  }

  #tileInWords(/** @type {number} */ tile) {
    if (tile < 0) return "";
    const page = tile * this.#tiles.pagesEach;
    const { step } = this.#now;
    const by = this.blocks.growths.find(
      (one) => one.from <= page && page < one.to && one.step <= step,
    );
    const since = by ? `added by step ${by.step}` : "there from the beginning";
    return `page ${page}, from ${this.addressText(page * PAGE)}, ${since}`;
  }

  // ---- for others --------------------------------------------------------------------------------

  /** The middle of a byte, in CSS pixels of the window. @param {number} address */
  at(address) {
    const along = this.#scene?.scale.at(address + 0.5) ?? 0;
    const across = (this.layout.band[0] + this.layout.band[1]) / 2;
    const { x, y } = this.view.base.getBoundingClientRect();
    return this.layout.vertical ? { x: x + across, y: y + along } : { x: x + along, y: y + across };
  }

  /** @param {{scale?: 1 | 2, caption?: string}} how */
  picture({ scale = 1, caption }) {
    this.redraw();
    const { step } = this.#now;
    const own = `${this.session.title}, step ${step} of ${this.session.steps}`;
    return composed(this.view, {
      ...{ labels: this.#labels, palette: this.palette, scale, caption: caption ?? own },
      measure: this.measure,
    });
  }
}

/** @param {import("../engine/history.js").State} state */
const pagesInWords = ({ pages, pagesGrown }) =>
  `${count(pages, "page")} of memory${pagesGrown > 0 ? `, ${pagesGrown} added by this step` : ""}`;

/** @param {string} text @param {string} label */
const button = (text, label) =>
  h(
    "button",
    { type: "button", className: "stage-button", "aria-label": label, title: label },
    text,
  );

/** The elements of the stage. */
function elements() {
  const tiles = h("canvas", {
    role: "img",
    className: "stage-tiles",
    "aria-label": "Pages of memory",
  });
  const minimap = h("canvas", { className: "stage-minimap", "aria-hidden": "true" });
  const base = h("canvas", { role: "img", "aria-label": "Memory" });
  const overlay = h("canvas", { className: "stage-overlay", "aria-hidden": "true" });
  const labels = h("div", { className: "stage-labels", "aria-hidden": "true" });
  const tip = h("div", { className: "stage-tip", hidden: true, "aria-hidden": "true" });
  const help = h("p", { id: "stage-help", className: "visually-hidden" }, HELP);
  const live = h("p", { className: "visually-hidden", "aria-live": "polite" });
  const group = {
    ...{ className: "stage-detail", tabIndex: 0, role: "group" },
    ...{ "aria-label": "Memory, address by address", "aria-describedby": "stage-help" },
  };
  const detail = h("div", group, base, overlay, labels, tip);
  const pages = h("span", { className: "stage-pages" });
  const grown = h("strong", { className: "stage-grown" });
  const [smaller, larger] = [
    button("−", "Show more addresses"),
    button("+", "Show fewer addresses"),
  ];
  const follow = button("Follow", "Follow the step");
  const tools = h("div", { className: "stage-tools" }, smaller, larger, follow);
  const legend = h("details", { className: "stage-legend", open: true });
  const overview = h("div", { className: "stage-overview" }, tiles);
  const head = h("div", { className: "stage-top" }, pages, grown, overview, tools);
  const bar = h("div", { className: "stage-bar" }, minimap);
  const name = h("span", {}, "whole memory");
  const whole = h("div", { className: "stage-whole" }, name, bar);
  return {
    ...{ children: [head, whole, detail, legend, help, live] },
    ...{ tiles, minimap, base, overlay, labels, tip, live, detail, name, pages, grown, legend },
    ...{ smaller, larger, follow },
  };
}
