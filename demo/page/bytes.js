// The bytes of the memory at the playhead, and whose they are. They are read where they are: in the
// module's own memory, or in that of another instance which has made only the calls until then.

import { grouped } from "../engine/words.js";
import { fill, h } from "./dom.js";
import { addressOf, ownerName, Owners, ownerText } from "./owners.js";
import { Rows } from "./rows.js";

/** @typedef {import("../engine/machine.js").Machine} Machine */
/** @typedef {import("./owners.js").Owner} Owner */
/** @typedef {import("./session.js").Session} Session */

/** Memory at a step. @typedef {{machine: Machine, owners: Owners, end: number}} Snapshot */

/** Below this width in pixels, a row has 8 bytes. */
const NARROW = 620;
/** How long the playhead must rest until the calls are made again, in milliseconds. */
const REST = 150;

/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, "0");

/** @param {number} byte */
const character = (byte) => (byte > 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : "·");

const NOTE =
  "The page writes the number of each new block to its first 64 bytes, as a program writes to what it has asked for; and nothing after calloc, which is for who wants zeros. So you can see what realloc copies, and what a reset clears.";

/** What the marks mean: kind, status, words. */
const LEGEND = /** @type {const} */ ([
  ["block", "live", "live block"],
  ["block", "freed", "freed"],
  ["block", "moved", "left behind"],
  ["padding", "", "padding"],
  ["slack", "", "slack"],
  ["data", "", "static data"],
  ["stack", "", "stack"],
]);

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{addressText: (at: number) => string}} page
 */
export function mountBytes(root, session, { addressText }) {
  const view = new View(session, addressText);
  const none = h(
    "p",
    { hidden: true },
    "A recording has addresses only. There is no memory to look at: open it as calls to have one.",
  );
  const panel = h("div", { className: "bytes-panel" });
  panel.append(
    toolbar(session, view),
    view.line,
    view.grid,
    legend(),
    h("p", { className: "hint", id: "bytes-note" }, NOTE),
  );
  root.append(none, panel);

  const show = () => {
    if (root.hidden) return;
    none.hidden = !session.isReadOnly;
    panel.hidden = session.isReadOnly;
    if (!session.isReadOnly) view.follow();
  };
  session.on(["log", "step", "settings"], show);
  session.on(["selected"], () => {
    if (root.hidden || session.isReadOnly || session.selected === 0) return;
    view.goTo(`p${session.selected}`);
  });
  root.addEventListener("open", show);
  show();
}

/** The rows of bytes, and the one that the cursor is at. */
class View {
  cursor = 0;
  #timer = 0;
  #perRow = 16;
  /** @type {Snapshot | undefined} */
  #now;

  /** @param {Session} session @param {(at: number) => string} addressText */
  constructor(session, addressText) {
    this.session = session;
    this.addressText = addressText;
    this.line = h("p", { className: "byte-line", role: "status" });
    this.grid = h("div", {
      ...{
        role: "grid",
        tabIndex: 0,
        className: "rows bytes",
        "aria-label": "Bytes of the memory",
      },
      ...{ "aria-readonly": "true", "aria-describedby": "bytes-note" },
    });
    this.layer = h("div", { role: "rowgroup", className: "rows-layer" });
    this.head = h("div", { role: "row", className: "bytes-row bytes-head", "aria-rowindex": 1 });
    this.rows = new Rows(this.grid, {
      ...{ layer: this.layer, head: this.head },
      draw: (first, visible) => this.#draw(first, visible),
    });
    this.grid.addEventListener("keydown", (event) => this.#key(event));
    this.grid.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.#resize()).observe(this.grid);
  }

  /** Reads memory at the playhead, once it rests; goes to the block that the step has made. */
  follow() {
    const { session } = this;
    const isNow = session.step === session.steps;
    if (session.playing && this.#timer !== 0) return;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#read(), isNow ? 0 : REST);
  }

  #read() {
    this.#timer = 0;
    const { heap, history, step, event, isReadOnly, busy } = this.session;
    if (isReadOnly || busy) return;
    const isNew = this.#now === undefined;
    const machine = heap.replica(step);
    this.#now = { machine, owners: new Owners(history, step), end: machine.bytes.length };
    const isWatched = this.grid.contains(document.activeElement);
    if (event && event.block > 0 && !isWatched) this.cursor = event.result;
    else if (isNew) this.cursor = history.start.bump;
    this.cursor = Math.min(this.cursor, this.#now.end - 1);
    this.#center();
    this.#fill();
  }

  /** Brings the cursor in sight, if it is not, with some rows before it. */
  #center() {
    const { rows } = this;
    const row = Math.floor(this.cursor / this.#perRow);
    if (row >= rows.first && row < rows.first + rows.visible) return;
    rows.first = Math.max(0, row - (rows.visible >> 2));
  }

  #fill() {
    if (!this.#now) return;
    this.rows.fill(Math.ceil(this.#now.end / this.#perRow));
    this.#moved();
  }

  #resize() {
    const perRow = this.grid.clientWidth < NARROW ? 8 : 16;
    if (perRow === this.#perRow || this.grid.clientWidth === 0) return;
    this.rows.first = Math.floor((this.rows.first * this.#perRow) / perRow);
    this.#perRow = perRow;
    this.#fill();
  }

  /**
   * Goes to what a text names.
   * @param {string} text
   * @returns {string} what is wrong with it, or nothing
   */
  goTo(text) {
    if (!this.#now) return "";
    const { history, step } = this.session;
    const at = addressOf(text, { history, step, end: this.#now.end });
    if (typeof at === "string") return at;
    this.cursor = at;
    this.#center();
    this.#moved();
    return "";
  }

  /** Moves by pages of rows. @param {1 | -1} direction */
  turn(direction) {
    this.#moveTo(this.cursor + direction * this.#perRow * this.rows.visible);
  }

  #moveTo(/** @type {number} */ at) {
    this.cursor = Math.min(Math.max(at, 0), (this.#now?.end ?? 1) - 1);
    this.#moved();
  }

  #moved() {
    if (!this.#now) return;
    const { machine, owners } = this.#now;
    const byte = machine.bytes[this.cursor] ?? 0;
    const owner = ownerText(owners.of(this.cursor));
    fill(this.line, `${this.addressText(this.cursor)}: ${hex(byte)}, ${owner}`);
    this.rows.reveal(Math.floor(this.cursor / this.#perRow));
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const [at, width] = [this.cursor, this.#perRow];
    const page = width * this.rows.visible;
    const begin = event.ctrlKey ? 0 : at - (at % width);
    const end = event.ctrlKey ? (this.#now?.end ?? 1) - 1 : at - (at % width) + width - 1;
    const to = {
      ...{ ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - width, ArrowDown: at + width },
      ...{ PageUp: at - page, PageDown: at + page, Home: begin, End: end },
    }[event.key];
    if (to === undefined || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (to >= 0 && to < (this.#now?.end ?? 0)) this.#moveTo(to);
    else if (event.key.startsWith("Page")) this.#moveTo(to);
  }

  #click(/** @type {MouseEvent} */ event) {
    const cell = event.target instanceof Element ? event.target.closest("[data-at]") : null;
    if (cell instanceof HTMLElement) this.#moveTo(Number(cell.dataset["at"]));
  }

  // ---- rows --------------------------------------------------------------------------------------

  /** @param {number} first @param {number} visible */
  #draw(first, visible) {
    if (!this.#now) return undefined;
    const { bytes } = this.#now.machine; // fresh: growth detaches what was read before
    this.grid.style.setProperty("--per-row", String(this.#perRow));
    this.head.replaceChildren(...headsOf(this.#perRow));
    const made = Array.from({ length: visible }, (_, i) => this.#row(first + i, bytes));
    this.layer.replaceChildren(this.head, ...made);
    this.grid.ariaRowCount = String(this.rows.count + 1);
    const row = Math.floor(this.cursor / this.#perRow);
    if (row >= first && row < first + visible) {
      this.grid.setAttribute("aria-activedescendant", `byte-${this.cursor}`);
    } else this.grid.removeAttribute("aria-activedescendant");
    return made[0];
  }

  /** @param {number} index @param {Uint8Array} bytes */
  #row(index, bytes) {
    const from = index * this.#perRow;
    const part = bytes.subarray(from, from + this.#perRow);
    const owners = Array.from(part, (_, i) =>
      /** @type {Snapshot} */ (this.#now).owners.of(from + i),
    );
    const names = [...new Set(owners.map(ownerName))].filter((name) => name !== "");
    const text = Array.from(part, character).join("");
    return h(
      "div",
      { role: "row", className: "bytes-row", "aria-rowindex": index + 2 },
      h("span", { role: "rowheader", className: "at" }, this.addressText(from)),
      ...Array.from(part, (byte, i) =>
        this.#cell(from + i, byte, /** @type {Owner} */ (owners[i])),
      ),
      h("span", { role: "gridcell", className: "ascii" }, text),
      h(
        "span",
        { role: "gridcell", className: "whose", title: names.join(", ") },
        names.join(", "),
      ),
    );
  }

  /** @param {number} at @param {number} byte @param {Owner} owner */
  #cell(at, byte, owner) {
    const { kind, status, number, offset } = owner;
    return h(
      "span",
      {
        ...{ role: "gridcell", id: `byte-${at}`, className: "byte", "data-at": at },
        ...{ "data-kind": kind, "data-status": status, "data-even": number % 2 === 0 },
        ...{ "data-first": kind === "block" && offset === 0, "data-zero": byte === 0 },
        "data-active": at === this.cursor,
      },
      hex(byte),
    );
  }
}

/** @param {number} perRow */
const headsOf = (perRow) => [
  h("span", { role: "columnheader", className: "at" }, "Address"),
  ...Array.from({ length: perRow }, (_, i) =>
    h("span", { role: "columnheader", className: "byte" }, `+${i.toString(16)}`),
  ),
  h("span", { role: "columnheader", className: "ascii" }, "Text"),
  h("span", { role: "columnheader", className: "whose" }, "Whose"),
];

/** @param {string} name @param {() => void} run */
const to = (name, run) => h("button", { type: "button", onclick: run }, name);

/** @param {Session} session @param {View} view */
function toolbar(session, view) {
  const error = h("p", { className: "error", id: "bytes-error", role: "alert" });
  const input = h("input", {
    ...{ type: "text", className: "field", autocomplete: "off", spellcheck: false },
    ...{ "aria-describedby": "bytes-error", placeholder: "p1" },
  });
  const go = (/** @type {string} */ text) => {
    const wrong = view.goTo(text);
    fill(error, wrong);
    input.setAttribute("aria-invalid", String(wrong !== ""));
  };
  const form = h(
    "form",
    { className: "bytes-go" },
    h("label", {}, h("span", {}, "Address or block "), input),
    h("button", {}, "Go"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(input.value);
  });
  const selected = to("Picked block", () => go(`p${session.selected}`));
  const showSelected = () => {
    selected.hidden = session.selected === 0;
    fill(selected, `p${grouped(session.selected)}`);
  };
  session.on(["selected", "log"], showSelected);
  showSelected();
  const jumps = h("div", { className: "bytes-jumps", role: "group", "aria-label": "Go to" });
  jumps.append(
    to("Heap base", () => go("base")),
    to("Bump pointer", () => go("bump")),
    to("Limit", () => go("limit")),
    selected,
    to("Rows before", () => view.turn(-1)),
    to("Rows after", () => view.turn(1)),
  );
  return h("div", { className: "bytes-tools" }, form, jumps, error);
}

const legend = () =>
  h(
    "ul",
    { className: "bytes-legend", "aria-label": "What the marks mean" },
    ...LEGEND.map(([kind, status, words]) =>
      h(
        "li",
        {},
        h(
          "span",
          {
            ...{ className: "byte", "aria-hidden": "true" },
            ...{ "data-kind": kind, "data-status": status || undefined },
          },
          "2a",
        ),
        words,
      ),
    ),
  );
