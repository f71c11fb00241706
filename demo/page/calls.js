// The table of all calls: the same as the picture, in words. Of its rows only those in sight exist.

import { FORMS } from "../engine/calls.js";
import { callText } from "../engine/why.js";
import { grouped } from "../engine/words.js";
import { fill, h } from "./dom.js";
import { movedRow, Rows } from "./rows.js";

/** @typedef {import("../engine/history.js").History} History */
/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {(at: number) => string} AddressText */

const code = (/** @type {string} */ name) => FORMS.findIndex(({ op }) => op === name);
const [REALLOC, RESET] = [code("realloc"), code("reset")];
const RETURNS_BLOCK = FORMS.map(({ returns }) => returns === "block");

/** Which rows of the log are shown. @type {Readonly<Record<string, (history: History, at: number) => boolean>>} */
const FILTERS = {
  all: () => true,
  growth: ({ log, start }, at) =>
    (log.columns.pages[at] ?? 0) > (at === 0 ? start.pages : (log.columns.pages[at - 1] ?? 0)),
  failed: ({ log, sums }, at) => {
    const { op, result } = log.columns;
    if (op[at] === RESET) return result[at] !== 0;
    return RETURNS_BLOCK[op[at] ?? 0] === true && result[at] === 0 && !sums.isFreeing(at);
  },
  moved: ({ log, sums }, at) => {
    const { op, result, source } = log.columns;
    const from = source[at] ?? 0;
    return op[at] === REALLOC && from > 0 && sums.isBlock(at) && result[at] !== result[from - 1];
  },
  padding: ({ sums }, at) => sums.padding(at) > 0,
};

const COLUMNS = ["step", "call", "returned", "padding", "bump", "pages", "ink"];
const HEADS = ["Step", "Call", "Returned", "Padding", "Bump", "Pages", "Ink"];

/** Steps of the calls that a filter shows, from 1. @param {History} history @param {string} name */
export function stepsOf(history, name) {
  const is = FILTERS[name] ?? (() => true);
  const steps = new Uint32Array(history.steps);
  let count = 0;
  for (let at = 0; at < history.steps; at++) if (is(history, at)) steps[count++] = at + 1;
  return steps.subarray(0, count);
}

/**
 * The cells of a call.
 * @param {Event} event
 * @param {AddressText} addressText
 * @returns {string[]} in the order of the columns
 */
function cellsOf(event, addressText) {
  const { step, op, failed, result, padding, ink, after } = event;
  const returns = FORMS.find((form) => form.op === op)?.returns;
  const returned = {
    ...{ nothing: "", status: failed ? "−1" : "0", mark: addressText(result) },
    block: result === 0 ? "NULL" : addressText(result),
  }[returns ?? "nothing"];
  const grown = after.pagesGrown > 0 ? ` (+${grouped(after.pagesGrown)})` : "";
  return [
    ...[grouped(step), callText(event), returned, padding > 0 ? `${padding} B` : ""],
    ...[addressText(after.bump), `${grouped(after.pages)}${grown}`, grouped(ink)],
  ];
}

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{addressText: AddressText}} page
 */
export function mountCalls(root, session, { addressText }) {
  let filter = "all";
  let shown = new Uint32Array();
  let active = 0; // place in `shown`

  const count = h("span", { className: "count" });
  const layer = h("div", { role: "rowgroup", className: "rows-layer" });
  const head = h(
    "div",
    { role: "row", className: "calls-row calls-head", "aria-rowindex": 1 },
    ...HEADS.map((name, i) => h("span", { role: "columnheader", className: COLUMNS[i] }, name)),
  );
  const grid = h("div", {
    ...{ role: "grid", tabIndex: 0, className: "rows calls", "aria-label": "Calls" },
    ...{ "aria-readonly": "true", "aria-describedby": "calls-keys", "aria-colcount": HEADS.length },
  });
  const rows = new Rows(grid, { layer, head, draw });

  /** @param {number} index @returns {HTMLElement} */
  function row(index) {
    const step = shown[index] ?? 0;
    const event = session.history.event(step);
    const isCurrent = step === session.step;
    const classes = ["calls-row", isCurrent && "current", event.failed && "failed"];
    const cells = cellsOf(event, addressText).map((text, i) =>
      h("span", { role: "gridcell", className: COLUMNS[i], "data-head": HEADS[i] }, text),
    );
    return h(
      "div",
      {
        ...{ role: "row", id: `call-${index}`, "aria-rowindex": index + 2 },
        ...{ className: classes.filter(Boolean).join(" "), "data-active": index === active },
        "aria-current": isCurrent && "step",
        onclick: () => choose(index),
      },
      ...cells,
    );
  }

  /** @param {number} first @param {number} visible */
  function draw(first, visible) {
    const made = Array.from({ length: visible }, (_, i) => row(first + i));
    const none = session.steps === 0 ? "No calls yet." : "No call is of this kind.";
    layer.replaceChildren(head, ...(made.length > 0 ? made : [emptyRow(none)]));
    grid.ariaRowCount = String(shown.length + 1);
    // What is not drawn cannot be the active one.
    const isDrawn = active >= first && active < first + visible;
    if (isDrawn) grid.setAttribute("aria-activedescendant", `call-${active}`);
    else grid.removeAttribute("aria-activedescendant");
    return made[0];
  }

  /** @param {number} index */
  function choose(index) {
    active = index;
    session.goTo(shown[index] ?? 0);
    rows.redraw();
  }

  function readLog() {
    if (root.hidden) return;
    shown = stepsOf(session.history, filter);
    const all = grouped(session.steps);
    fill(count, filter === "all" ? `${all} calls` : `${grouped(shown.length)} of ${all} calls`);
    rows.fill(shown.length);
    followStep();
  }

  function followStep() {
    if (root.hidden) return;
    active = Math.max(0, lastUpTo(shown, session.step));
    rows.reveal(active);
  }

  grid.addEventListener("keydown", (event) => {
    if (event.key === "Enter") choose(active);
    const at = { index: active, count: shown.length, page: rows.visible };
    const to = shown.length > 0 ? movedRow(event.key, at) : undefined;
    if (to === undefined && event.key !== "Enter") return;
    event.preventDefault();
    active = to ?? active;
    rows.reveal(active);
  });

  const setFilter = (/** @type {string} */ name) => {
    filter = name;
    readLog();
  };
  root.append(
    filters(setFilter, count),
    grid,
    h(
      "p",
      { id: "calls-keys", className: "hint" },
      "Arrows, Page up, Page down, Home and End move through the calls. Enter shows the step in the picture.",
    ),
  );
  session.on(["log", "settings"], readLog);
  session.on(["step"], followStep);
  root.addEventListener("open", readLog);
  readLog();
}

/** @param {string} text */
const emptyRow = (text) =>
  h(
    "div",
    { role: "row", className: "calls-row", "aria-rowindex": 2 },
    h("span", { role: "gridcell", className: "empty" }, text),
  );

/** Place of the last step that is not after another; -1 if all are. @param {Uint32Array} steps @param {number} step */
function lastUpTo(steps, step) {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** @param {(name: string) => void} set @param {HTMLElement} count */
function filters(set, count) {
  const choices = Object.keys(FILTERS).map((name) => {
    const input = h("input", { type: "radio", name: "calls-filter", checked: name === "all" });
    input.addEventListener("change", () => set(name));
    return h("label", { className: "choice" }, input, h("span", {}, name));
  });
  return h(
    "div",
    { className: "calls-filters" },
    h("fieldset", {}, h("legend", {}, "Show"), ...choices),
    count,
  );
}
