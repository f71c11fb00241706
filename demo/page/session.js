// The one state of the page: a heap, the log of its calls, and the step that is looked at. Views
// listen; only what is here changes it.
//
// Two things are kept apart. Calls change the log, and the last of them is where the heap is. The
// playhead (`step`) only looks: it may stand anywhere in the log, and moving it makes no call.

import { HeapError } from "../engine/calls.js";
import { Heap } from "../engine/heap.js";
import { callsOf, play } from "../engine/play.js";
import { SCENARIOS, scenarioCalls } from "../engine/scenarios.js";
import { parseScript } from "../engine/script.js";
import { count } from "../engine/words.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("../engine/history.js").History} History */

/**
 * What happened: `log` calls were added or taken away, or it is another log; `step` the playhead
 * moved; `window` the addresses shown; `selected` a block was picked; `playing`; `busy` a long run
 * goes on; `replayed` the heap was run again from the beginning; `settings`.
 * @typedef {"log" | "step" | "window" | "selected" | "playing" | "busy" | "replayed"
 *   | "settings"} Topic
 */

/** @typedef {{from: number, to: number}} Window addresses, the last one not included */

/**
 * A log that no heap of this page has made: recorded addresses, as they are.
 * @typedef {{history: History, title: string}} Recording
 */

/** Of what is made in one go, the longest that the page may stand still, in milliseconds. */
const SLICE = 12;

export class Session {
  #listeners = /** @type {Map<Topic, Set<() => void>>} */ (new Map());
  #timer = 0;
  /** Number of the run that makes calls now; another one, or none, ends it. */
  #run = 0;
  /** @type {Map<string, number>} numbers of the names that typed scripts have given */
  #numbers = new Map();
  /** @type {Map<string, "block" | "mark">} */
  #names = new Map();

  /** @type {Recording | undefined} */
  #recording;

  /**
   * @param {ReadonlyMap<string, import("./modules.js").Allocator>} allocators with "mini-alloc"
   */
  constructor(allocators) {
    this.allocators = allocators;
    this.heap = this.#newHeap();
    this.step = 0;
    this.title = "Your calls";
    /** @type {string | undefined} id of the scenario that was loaded, until other calls follow */
    this.scenario = undefined;
    /** Number of the picked block; 0 for none. */
    this.selected = 0;
    /** @type {Window | undefined} undefined: the stage chooses, and follows */
    this.window = undefined;
    this.playing = false;
    /** Steps a second. */
    this.speed = 2;
    /** @type {{text: string, done: number, total: number | undefined} | undefined} */
    this.busy = undefined;
    /** @type {import("../engine/heap.js").Replay | undefined} how the last undo or check went */
    this.replay = undefined;
    /**
     * Asks what to do with a call while the playhead is in the past.
     * @type {(later: number) => Promise<"here" | "end" | "cancel">}
     */
    this.chooseBranch = async () => "end";
    /**
     * Told before the playhead goes on to the next step; false keeps it where it is.
     * @type {() => boolean}
     */
    this.mayAdvance = () => true;
  }

  #newHeap() {
    const ours = this.allocators.get("mini-alloc");
    if (!ours) throw new Error("the page has no module of mini-alloc");
    return new Heap(ours.modules);
  }

  // ---- listening ---------------------------------------------------------------------------------

  /**
   * Calls `listener` after each change of one of the topics.
   * @param {readonly Topic[]} topics
   * @param {() => void} listener
   */
  on(topics, listener) {
    for (const topic of topics) {
      const listeners = this.#listeners.get(topic) ?? new Set();
      this.#listeners.set(topic, listeners.add(listener));
    }
  }

  #changed(/** @type {Topic[]} */ ...topics) {
    const sets = topics.map((topic) => this.#listeners.get(topic) ?? new Set());
    for (const listener of new Set(sets.flatMap((set) => Array.from(set)))) listener();
  }

  // ---- looking -----------------------------------------------------------------------------------

  /** What is shown: of the heap, or of a recording. @returns {History} */
  get history() {
    return this.#recording?.history ?? this.heap.history;
  }

  /** Whether nothing can be called: a recording is only looked at. */
  get isReadOnly() {
    return this.#recording !== undefined;
  }

  get steps() {
    return this.history.steps;
  }

  /** Sums and places at the playhead. */
  get state() {
    return this.history.at(this.step);
  }

  /** The call that led to the playhead; undefined at step 0. */
  get event() {
    return this.step === 0 ? undefined : this.history.event(this.step);
  }

  /** @param {number} step what is beyond the ends is taken as the end */
  goTo(step) {
    this.pause();
    this.#look(step);
  }

  #look(/** @type {number} */ step) {
    const next = Math.min(Math.max(Math.trunc(step), 0), this.steps);
    if (next === this.step) return;
    this.step = next;
    this.#changed("step");
  }

  next() {
    this.pause();
    if (this.step < this.steps && this.mayAdvance()) this.#look(this.step + 1);
  }

  previous() {
    this.goTo(this.step - 1);
  }

  /**
   * Goes to the nearest step of a kind.
   * @param {(event: import("../engine/history.js").Event) => boolean} is
   * @param {1 | -1} direction
   * @returns {boolean} whether there was one
   */
  seek(is, direction) {
    for (let step = this.step + direction; step > 0 && step <= this.steps; step += direction) {
      if (!is(this.history.event(step))) continue;
      this.goTo(step);
      return true;
    }
    return false;
  }

  /** @param {number} number of a block; 0 for none */
  select(number) {
    if (number === this.selected) return;
    this.selected = number;
    this.#changed("selected");
  }

  /** @param {Window | undefined} window undefined: the stage chooses */
  show(window) {
    this.window = window;
    this.#changed("window");
  }

  // ---- playing -----------------------------------------------------------------------------------

  play() {
    if (this.playing || this.steps === 0) return;
    this.playing = true; // before the playhead moves: playing is not announced step by step
    if (this.step === this.steps) this.#look(0);
    this.#changed("playing");
    this.#tick();
  }

  // At most 60 changes a second; beyond, more steps at once.
  #tick() {
    const wait = Math.max(1000 / this.speed, 1000 / 60);
    this.#timer = window.setTimeout(() => {
      if (!this.mayAdvance()) return this.pause();
      this.#look(this.step + Math.max(1, Math.round((this.speed * wait) / 1000)));
      if (this.step === this.steps) return this.pause();
      this.#tick();
    }, wait);
  }

  pause() {
    if (!this.playing) return;
    window.clearTimeout(this.#timer);
    this.playing = false;
    this.#changed("playing");
  }

  /** @param {number} stepsASecond */
  setSpeed(stepsASecond) {
    this.speed = stepsASecond;
    this.#changed("settings");
  }

  /** Tells the views that what a reader prefers has changed. */
  settingsChanged() {
    this.#changed("settings");
  }

  // ---- calls -------------------------------------------------------------------------------------

  /**
   * Makes a call, at the playhead or at the end as is chosen, and goes to it.
   * @param {Call} call
   * @returns {Promise<boolean>} whether it was made
   * @throws {HeapError} if it cannot be
   */
  async perform(call) {
    const { steps } = this;
    if (!(await this.#ready())) return false;
    let made = false;
    try {
      this.heap.perform(call);
      made = true;
    } finally {
      // Even if it is refused, later calls may have been dropped for it.
      if (made || this.steps !== steps) this.#grown();
    }
    return true;
  }

  /** Goes to where a call can be made. */
  async #ready() {
    this.pause();
    if (this.isReadOnly) throw new HeapError("this is a recording: open it as calls to go on");
    if (this.busy) throw new HeapError("calls are being made: wait, or stop them");
    const later = this.steps - this.step;
    const choice = later === 0 ? "end" : await this.chooseBranch(later);
    if (choice === "cancel") return false;
    if (choice === "here") this.#takeBack(this.step);
    return true;
  }

  /** After calls were made on the heap. */
  #grown() {
    this.step = this.steps;
    this.scenario = undefined;
    this.title = "Your calls";
    this.#changed("log", "step");
  }

  /**
   * Makes the calls of a script, which may use the names of those before.
   * @param {string} text
   * @returns {Promise<boolean>} whether they were made
   * @throws {import("../engine/tokens.js").ScriptError | HeapError} those before the refused one stay
   */
  async run(text) {
    const { statements, names } = parseScript(text, this.#names);
    if (!(await this.#ready())) return false;
    const { heap, steps } = this;
    try {
      await this.#make(callsOf(statements, this.#numbers));
      if (heap === this.heap) this.#names = names;
    } finally {
      if (heap === this.heap && this.steps > steps) this.#grown();
    }
    return true;
  }

  /**
   * Makes calls in slices, so that the page stays alive, until they end or another run begins.
   * @param {Generator<Call, void, number>} calls
   * @param {number} [total]
   */
  async #make(calls, total) {
    const { heap } = this;
    const mine = ++this.#run;
    const steps = play(calls, heap);
    try {
      for (let until = performance.now() + SLICE; mine === this.#run && !steps.next().done;) {
        if (performance.now() < until) continue;
        this.busy = { text: count(heap.steps, "call"), done: heap.steps, total };
        this.#changed("busy");
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
        until = performance.now() + SLICE;
      }
    } finally {
      if (this.busy && heap === this.heap) {
        this.busy = undefined;
        this.#changed("busy");
      }
    }
  }

  /** Ends what is being made; what was made stays. */
  stop() {
    this.#run++;
  }

  // ---- other logs --------------------------------------------------------------------------------

  #begin(/** @type {string} */ title) {
    this.pause();
    this.stop();
    this.#recording = undefined;
    this.heap = this.#newHeap();
    this.busy = undefined;
    this.#numbers.clear();
    this.#names.clear();
    this.title = title;
    this.scenario = undefined;
    this.replay = undefined;
    this.step = 0;
    this.selected = 0;
    this.window = undefined;
  }

  /** A new heap, without a call. */
  clear() {
    this.#begin("Your calls");
    this.#changed("log", "step", "selected", "window", "replayed");
  }

  /**
   * Loads a scenario.
   * @param {string} id
   * @param {{step?: number, pages?: number}} [options] `step` to look at, the first if not given
   */
  async load(id, { step = 0, pages } = {}) {
    const scenario = SCENARIOS.find((one) => one.id === id);
    if (!scenario) throw new HeapError(`there is no scenario '${id}'`);
    this.#begin(scenario.name);
    const { heap } = this;
    const options = pages === undefined ? {} : { pages };
    await this.#make(scenarioCalls(scenario, heap, options));
    if (heap !== this.heap) return; // something else was loaded meanwhile
    this.scenario = id;
    this.step = Math.min(step, this.steps);
    this.#changed("log", "step", "selected", "window", "replayed");
  }

  /**
   * Makes calls on a new heap: of a link or of a question.
   * @param {readonly Call[]} calls
   * @param {{title: string, step?: number}} options
   */
  async open(calls, options) {
    await this.openSteps(callsIn(calls), { ...options, total: calls.length });
  }

  /**
   * Makes calls on a new heap that depend on those before, as those of a file do.
   * @param {Generator<Call, void, number>} calls which are told the numbers of their blocks
   * @param {{title: string, step?: number, total?: number}} options
   */
  async openSteps(calls, { title, step = 0, total }) {
    this.#begin(title);
    const { heap } = this;
    try {
      await this.#make(calls, total);
    } finally {
      if (heap === this.heap) {
        this.step = Math.min(step, this.steps);
        this.#changed("log", "step", "selected", "window", "replayed");
      }
    }
  }

  /** Shows a recording as it is. @param {Recording} recording @param {number} [step] */
  view(recording, step = 0) {
    this.#begin(recording.title);
    this.#recording = recording;
    this.step = Math.min(step, this.steps);
    this.#changed("log", "step", "selected", "window", "replayed");
  }

  // ---- back and forth ----------------------------------------------------------------------------

  get canUndo() {
    return !this.isReadOnly && !this.busy && this.heap.canUndo;
  }

  get canRedo() {
    return !this.isReadOnly && !this.busy && this.heap.canRedo;
  }

  undo() {
    if (!this.canUndo) return;
    this.#takeBack(this.steps - 1);
    this.step = this.steps;
    this.scenario = undefined;
    this.#changed("log", "step", "replayed");
  }

  redo() {
    if (!this.canRedo) return;
    this.heap.redo();
    this.replay = undefined;
    this.step = this.steps;
    this.#changed("log", "step", "replayed");
  }

  #takeBack(/** @type {number} */ step) {
    this.pause();
    this.replay = this.heap.truncate(step);
    if (this.selected > this.history.sums.blocks) this.selected = 0;
  }

  /** Makes all calls again in another instance, and compares. */
  verify() {
    if (this.isReadOnly) return;
    this.replay = this.heap.verify();
    this.#changed("replayed");
  }
}

/**
 * @param {readonly Call[]} calls
 * @yields {Call}
 * @returns {Generator<Call, void, number>}
 */
function* callsIn(calls) {
  for (const call of calls) yield call;
}
