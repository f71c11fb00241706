// The reasons of the step that is looked at: its call and its neighbors, why it did what it did, the
// lines of C that it ran, and what it changed.

import { linesOf, markersOf } from "../engine/lines.js";
import { PAGE } from "../engine/log.js";
import { callText, headline, why } from "../engine/why.js";
import { address, bytes, count, grouped } from "../engine/words.js";
import { fill, h } from "./dom.js";

/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("../engine/history.js").State} State */
/** @typedef {import("../engine/lines.js").Sources} Sources */
/** @typedef {import("../engine/lines.js").Run} Run */
/** @typedef {import("../engine/reasons.js").Clause} Clause */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {(at: number) => string} AddressText */

/** Of lines in a row that did not run, so many are shown; more are folded. */
const MOST_IDLE = 3;

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{changes: HTMLElement, sources: Sources, addressText: AddressText}} options `changes` is
 *   where the numbers before and after go, and the proof that they are real
 */
export function mountWhy(root, session, { changes, sources, addressText }) {
  const head = h("div", { className: "why-head" });
  const { element: neighbors, render: renderNeighbors } = neighborsOf(session);
  const clauses = h("ol", { className: "why-clauses" });
  const code = h("div", {
    className: "why-code",
    role: "region",
    tabindex: "0",
    "aria-label": "Source lines that this call ran",
  });
  const numbers = h("div", { className: "why-numbers" });
  const { element: replay, render: renderReplay } = replayOf(session, addressText);
  root.classList.add("why-panel");
  root.append(head, neighbors, clauses, code);
  changes.classList.add("why-changes");
  changes.append(numbers, replay);

  const light = (/** @type {number} */ clause) => {
    for (const line of code.querySelectorAll("[data-clauses]")) {
      const of = line.getAttribute("data-clauses")?.split(" ") ?? [];
      line.classList.toggle("is-lit", of.includes(String(clause)));
    }
  };

  const render = () => {
    const { event, history, isReadOnly } = session;
    const { isBump } = history.sums;
    const options = { address: addressText, isBump };
    const reasons = event ? why(event, options) : beginning(session, addressText);
    fill(head, ...headOf(session, event, options));
    renderNeighbors();
    const runs = event && isBump && !isReadOnly ? linesOf(event, sources, history) : [];
    fill(clauses, ...reasons.map((one, i) => clauseItem(one, i + 1, { code, light, runs })));
    code.hidden = runs.length === 0;
    code.scrollTop = 0;
    fill(code, ...runs.map((run) => excerpt(run, sources, reasons)));
    fill(numbers, numbersTable(session, addressText));
    renderReplay();
  };
  let frame = 0;
  session.on(["log", "step", "replayed", "settings"], () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      render();
    });
  });
  render();
}

/** @param {Session} session @param {Event | undefined} event @param {{address: AddressText}} options */
const headOf = ({ step, steps }, event, options) => [
  h("p", { className: "why-step" }, `Step ${grouped(step)} of ${grouped(steps)}`),
  event
    ? h("p", { className: "why-call" }, headline(event, options))
    : h("p", { className: "why-call is-words" }, "Before the first call"),
];

/** How things stand at step 0. @param {Session} session @param {AddressText} at @returns {Clause[]} */
function beginning({ state, history }, at) {
  if (!history.sums.isBump) return [{ text: "No call has been made yet." }];
  const all = `${count(state.pages, "page")}, ${bytes(state.pages * PAGE)}`;
  const below = "below it lie the program's own data and its stack";
  return [
    { text: `The heap begins at ${at(state.bump)}, the heap base: ${below}.` },
    { text: "That is where the bump pointer stands, so the first block will be there." },
    { text: `Memory has ${all}. The first request takes all that lie above the heap base.` },
  ];
}

// ---- neighbors -----------------------------------------------------------------------------------

/** @param {string} word @param {() => void} act */
function neighborButton(word, act) {
  const text = h("span", { className: "why-neighbor-call" });
  const onclick = () => {
    if (element.getAttribute("aria-disabled") !== "true") act();
  };
  const element = h(
    "button",
    { type: "button", className: "why-neighbor", onclick },
    h("span", {}, `${word}:`),
    " ",
    text,
  );
  return { element, text };
}

/** The calls before and after, as buttons that go there. @param {Session} session */
function neighborsOf(session) {
  const prev = neighborButton("prev", () => session.previous());
  const now = h("span", { className: "why-neighbor-call" });
  const next = neighborButton("next", () => session.next());
  const here = h(
    "p",
    { className: "why-neighbor now", "aria-current": "step" },
    h("span", {}, "now:"),
    " ",
    now,
  );
  const group = {
    className: "why-neighbors",
    role: "group",
    "aria-label": "Calls around this step",
  };
  const element = h("div", group, prev.element, here, next.element);

  const render = () => {
    const { step, steps } = session;
    const nameOf = (/** @type {number} */ at) => nameOfStep(session, at);
    fill(prev.text, step > 1 ? nameOf(step - 1) : step === 1 ? "the beginning" : "nothing");
    fill(now, step > 0 ? nameOf(step) : "the beginning");
    fill(next.text, step < steps ? nameOf(step + 1) : "nothing yet");
    prev.element.setAttribute("aria-disabled", String(step === 0));
    next.element.setAttribute("aria-disabled", String(step === steps));
  };
  return { element, render };
}

/** @param {Session} session @param {number} step */
function nameOfStep({ history }, step) {
  return callText(history.event(step), history.marks.indexOf(step) + 1);
}

// ---- reasons -------------------------------------------------------------------------------------

/**
 * One sentence, and a button with its number that shows its lines.
 * @param {Clause} clause
 * @param {number} number
 * @param {{code: HTMLElement, light: (clause: number) => void, runs: readonly Run[]}} where
 */
function clauseItem({ text, marker }, number, { code, light, runs }) {
  const sentence = h("span", { className: "why-text" }, text);
  if (!marker || runs.length === 0) return h("li", { className: "is-plain" }, sentence);
  const show = () => {
    light(number);
    const line = code.querySelector(".is-lit");
    if (line instanceof HTMLElement) code.scrollTop = line.offsetTop - code.clientHeight / 3;
  };
  const label = `Show the lines of reason ${number}`;
  const button = h(
    "button",
    { type: "button", className: "why-number", "aria-label": label, onclick: show, onfocus: show },
    h("span", { className: "why-mark" }, number),
  );
  button.addEventListener("blur", () => light(0));
  const events = { onmouseenter: () => light(number), onmouseleave: () => light(0) };
  return h("li", events, button, sentence);
}

// ---- source --------------------------------------------------------------------------------------

/**
 * A function that ran, with its lines marked.
 * @param {Run} run
 * @param {Sources} sources
 * @param {readonly Clause[]} reasons
 */
function excerpt(run, sources, reasons) {
  const { name, file, from, to, omitted, executed } = run;
  const lines = sources.files.find((one) => one.name === file)?.lines ?? [];
  const markers = markersOf(sources, file);
  const ran = new Set(executed);
  const rows = [];
  /** @type {number[]} */
  let idle = [];
  const flush = () => {
    const isFolded = idle.length > MOST_IDLE;
    if (isFolded)
      rows.push(h("div", { className: "why-fold" }, `${idle.length} lines that did not run`));
    else
      rows.push(
        ...idle.map((line) => lineRow(line, lines[line - 1] ?? "", { ran: false, of: [] })),
      );
    idle = [];
  };
  for (let line = from; line <= to; line++) {
    if (omitted.includes(line)) continue;
    const isFrame = line === from || line === to;
    if (!isFrame && !ran.has(line)) {
      idle.push(line);
      continue;
    }
    flush();
    const here = markers.get(line) ?? [];
    const of = reasons.flatMap(({ marker }, i) => (marker && here.includes(marker) ? [i + 1] : []));
    const text = lines[line - 1] ?? "";
    rows.push(lineRow(line, text, { ran: ran.has(line), of: ran.has(line) ? of : [] }));
  }
  const caption = h("figcaption", {}, h("code", {}, name), ` ${file}, lines ${from} to ${to}`);
  return h(
    "figure",
    { className: "why-excerpt" },
    caption,
    h("div", { className: "why-lines" }, ...rows),
  );
}

/** @param {number} number @param {string} text @param {{ran: boolean, of: readonly number[]}} marks */
function lineRow(number, text, { ran, of }) {
  const marks = of.map((one) => h("span", { className: "why-mark" }, one));
  const properties = {
    className: ran ? "why-line is-run" : "why-line",
    "data-clauses": of.length > 0 && of.join(" "),
  };
  return h(
    "div",
    properties,
    h(
      "span",
      { className: "why-line-marks" },
      of.length > 0 && h("span", { className: "visually-hidden" }, "reason "),
      ...marks,
    ),
    h("span", { className: "why-line-arrow", "aria-hidden": "true" }, ran && "▸"),
    h("span", { className: "why-line-number" }, number),
    ran && h("span", { className: "visually-hidden" }, " ran: "),
    h("code", {}, text),
  );
}

// ---- numbers -------------------------------------------------------------------------------------

/** @typedef {{name: string, of: keyof State, isAddress?: boolean}} Quantity */

/** @type {readonly Quantity[]} */
const QUANTITIES = [
  { name: "Bump pointer", of: "bump", isAddress: true },
  { name: "Limit", of: "limit", isAddress: true },
  { name: "Pages", of: "pages" },
  { name: "Used", of: "used" },
  { name: "Slack", of: "slack" },
  { name: "Padding", of: "padding" },
  { name: "Live bytes", of: "liveBytes" },
];

/** Of other allocators, whose inside is not known. @type {readonly Quantity[]} */
const SEEN = QUANTITIES.filter(({ of }) => of === "pages" || of === "liveBytes");

/** @param {Session} session @param {AddressText} at */
function numbersTable({ event, state, history }, at) {
  const rows = (history.sums.isBump ? QUANTITIES : SEEN).map((quantity) => {
    const now = textOf(quantity, state, at);
    if (!event) return h("tr", {}, h("th", { scope: "row" }, quantity.name), h("td", {}, now));
    const { before, after } = event;
    const change = after[quantity.of] - before[quantity.of];
    const cells = [textOf(quantity, before, at), textOf(quantity, after, at)];
    return h(
      "tr",
      { className: change === 0 ? "" : "is-changed" },
      h("th", { scope: "row" }, quantity.name),
      ...cells.map((text) => h("td", {}, text)),
      h("td", {}, signed(change)),
    );
  });
  const heads = event ? ["", "before", "after", "change"] : ["", "now"];
  const cells = heads.map((text) => (text ? h("th", { scope: "col" }, text) : h("td", {})));
  const caption = event ? "Before and after this call" : "Where things stand";
  return h(
    "table",
    {},
    h("caption", {}, caption, h("span", { className: "why-unit" }, ", in bytes but for pages")),
    h("thead", {}, h("tr", {}, ...cells)),
    h("tbody", {}, ...rows),
  );
}

/** @param {Quantity} quantity @param {State} state @param {AddressText} at */
const textOf = ({ of, isAddress = false }, state, at) =>
  isAddress ? at(state[of]) : grouped(state[of]);

/** @param {number} change */
function signed(change) {
  if (change === 0) return "same";
  return `${change > 0 ? "+" : "\u2212"}${grouped(Math.abs(change))}`;
}

// ---- replay --------------------------------------------------------------------------------------

/** How the last undo or check went. @param {Session} session @param {AddressText} at */
function replayOf(session, at) {
  const text = h("p", { role: "status" });
  const check = h("button", { type: "button", onclick: () => session.verify() }, "Check now");
  const element = h("div", { className: "why-replay" }, text, check);
  const render = () => {
    const { replay, isReadOnly } = session;
    element.hidden = isReadOnly;
    const differs = replay?.identical === false;
    element.classList.toggle("is-different", differs);
    fill(
      text,
      replay
        ? replayText(replay, at)
        : "Every step can be run again, to see if it comes out the same.",
    );
  };
  return { element, render };
}

/** @param {import("../engine/heap.js").Replay} replay @param {AddressText} at */
function replayText({ replayed, firstDifference }, at) {
  if (!firstDifference) {
    return `Replayed ${count(replayed, "call")} in a new instance: every address identical \u2713`;
  }
  const { step, what, expected, found } = firstDifference;
  const value = (/** @type {number} */ n) => (what === "pages" ? grouped(n) : at(n));
  const where = `\u2717 The replay differs at step ${grouped(step)}`;
  return `${where}: the ${what} was ${value(expected)}, and is ${value(found)} in a new instance. Nothing was taken back.`;
}

// ---- for who does not see it ---------------------------------------------------------------------

/**
 * One sentence on a step.
 * @param {Event | undefined} event
 * @param {State} state
 */
export function announcement(event, state) {
  if (!event)
    return `Step 0: before the first call, the bump pointer is at ${address(state.bump)}.`;
  const { padding, after, before } = event;
  const moved = after.bump - before.bump;
  const parts = [
    `Step ${grouped(event.step)}: ${headline(event).replace(" \u2192 ", " returned ")}`,
    ...(padding > 0 ? [`${bytes(padding)} of padding`] : []),
    moved === 0
      ? "the bump pointer stays"
      : `the bump pointer moved ${moved > 0 ? "up" : "back"} ${bytes(Math.abs(moved))}`,
    after.pagesGrown > 0 ? `${count(after.pagesGrown, "page")} added` : "no page added",
  ];
  return `${parts.join(", ")}.`;
}
