// The challenges: goals for one's own calls, and which of them these have reached.

import { compare } from "../cost/compare.js";
import { CHALLENGES, metBy, wonBy } from "../quiz/challenges.js";
import { count } from "../engine/words.js";
import { fill, h } from "./dom.js";

/** @typedef {import("./session.js").Session} Session */

/** Of what is looked at in one go, the longest that the page may stand still, in milliseconds. */
const SLICE = 8;
/** How long the log must rest until dlmalloc gets the calls too. */
const REST = 400;

const pause = () =>
  new Promise((resolve) => {
    setTimeout(resolve);
  });

/** What was reached: it stays so, whatever is undone later. */
export class Progress {
  /** @type {Set<string>} ids */
  done = new Set();
  /** @type {{ours: number, theirs: number} | undefined} pages, for the calls of this moment */
  pages;
  /** @type {() => void} */
  changed = () => undefined;

  #first = 1; // the first step that counts
  #seen = 0;
  #round = 0;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    session.on(["log"], () => void this.#look());
    void this.#look();
  }

  /** Whether all calls of the log are the reader's. */
  get isOwn() {
    return this.#first === 1;
  }

  /** Bytes of padding that the reader's calls have left. */
  get padding() {
    const { history, steps } = this.session;
    return history.at(steps).padding - history.at(this.#first - 1).padding;
  }

  async #look() {
    const { session } = this;
    const { steps, isReadOnly, scenario, title } = session;
    const round = ++this.#round;
    this.pages = undefined;
    // What was loaded or opened was not made by the reader; what follows is.
    if (isReadOnly || scenario !== undefined || title !== "Your calls") {
      this.#first = steps + 1;
      this.#seen = steps;
    }
    this.#first = Math.min(this.#first, steps + 1);
    this.#seen = Math.min(this.#seen, steps);
    for (let until = performance.now() + SLICE; this.#seen < steps;) {
      this.#seen++;
      for (const id of metBy(session.history, this.#seen, this.#first)) this.done.add(id);
      if (performance.now() < until) continue;
      await pause();
      if (round !== this.#round) return;
      until = performance.now() + SLICE;
    }
    this.changed();
    if (this.isOwn && steps > 0) window.setTimeout(() => void this.#compare(round), REST);
  }

  /** Gives the calls to dlmalloc, too. @param {number} round */
  async #compare(round) {
    const { allocators, history } = this.session;
    const entry = allocators.get("dlmalloc");
    if (!entry || round !== this.#round) return;
    const steps = compare(history, [entry]);
    let until = performance.now() + SLICE;
    let now = steps.next();
    while (!now.done) {
      if (performance.now() > until) {
        await pause();
        if (round !== this.#round) return;
        until = performance.now() + SLICE;
      }
      now = steps.next();
    }
    const [theirs] = now.value.rows;
    if (!theirs) return;
    this.pages = { ours: history.at(history.steps).pages, theirs: theirs.pages };
    for (const id of wonBy(this.pages.ours, this.pages.theirs)) this.done.add(id);
    this.changed();
  }
}

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {Progress} [progress] that has looked at the calls since the page was opened
 */
export function mountChallenges(root, session, progress = new Progress(session)) {
  const total = h("p", { className: "score", role: "status" });
  const items = CHALLENGES.map(({ id, goal, hint, wins }) => {
    const state = h("span", { className: "challenge-state" });
    const now = h("p", { className: "challenge-now" });
    const item = h(
      "li",
      { className: "challenge", "data-challenge": id },
      state,
      h(
        "div",
        {},
        h("p", { className: "challenge-goal" }, goal),
        now,
        h("details", {}, h("summary", {}, "Hint"), h("p", {}, hint)),
      ),
    );
    return { id, item, state, now, wins };
  });

  const render = () => {
    if (root.hidden) return;
    const { done, pages } = progress;
    fill(total, `${done.size} of ${CHALLENGES.length} done`);
    for (const { id, item, state, now, wins } of items) {
      const isDone = done.has(id);
      item.dataset["done"] = String(isDone);
      fill(state, isDone ? "✓ done" : "not yet");
      fill(now, nowText({ id, isPages: wins !== undefined, pages }));
    }
  };

  /** @param {{id: string, isPages: boolean, pages: Progress["pages"]}} challenge */
  function nowText({ id, isPages, pages }) {
    if (id === "waste-13") return `Now: ${count(progress.padding, "byte")}.`;
    if (!isPages) return "";
    if (pages) return `Now: ${count(pages.ours, "page")}, dlmalloc ${count(pages.theirs, "page")}.`;
    return progress.isOwn ? "" : "This one needs an empty heap to start with.";
  }

  root.append(
    h(
      "div",
      { className: "quiz-head" },
      h(
        "p",
        {},
        "Goals for calls that you make yourself: what a scenario, a link or a file brought does not count.",
      ),
      total,
    ),
    h("button", { type: "button", onclick: () => session.clear() }, "Start with an empty heap"),
    h("ul", { className: "challenges" }, ...items.map(({ item }) => item)),
  );
  progress.changed = render;
  session.on(["log"], render);
  root.addEventListener("open", render);
  render();
}
