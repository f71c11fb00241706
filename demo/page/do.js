// Your turn: calls by button, of a picked block, or typed.

import { FORMS, HeapError } from "../engine/calls.js";
import { ScriptError } from "../engine/tokens.js";
import { bytes } from "../engine/words.js";
import { fill, h } from "./dom.js";
import { FieldError, callFrom, fieldOf, parametersOf, verbOf } from "./fields.js";
import { repeatWhileHeld } from "./hold.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./session.js").Session} Session */

const ABOUT = /** @type {Readonly<Record<Call["op"], string>>} */ ({
  malloc: "Asks for a block of so many bytes.",
  calloc: "Asks for count times so many bytes, all zero.",
  realloc: "Asks for another size of a block; what is in it stays.",
  free: "Says that a block is not needed any more.",
  aligned_alloc: "Asks for a block at a multiple of the alignment.",
  mini_alloc: "The same for any power of two, even 1, as the Rust crate does it.",
  mark: "Notes where the bump pointer is.",
  reset: "Moves the bump pointer back to a mark, and clears what lies above.",
});

/**
 * @param {HTMLElement} root
 * @param {Session} session
 */
export function mountDo(root, session) {
  const error = h("p", { className: "error", role: "alert", id: "do-error" });
  const attempt = attemptsOf(error);
  const calls = callForm(session, attempt);
  const picked = pickedBlock(session, attempt);
  const typed = prompt(session, attempt);
  root.append(calls.form, error, picked.element, typed, edits(session));

  session.on(["log", "step", "selected"], () => {
    attempt.forget();
    calls.suggest();
    picked.render();
  });
  calls.suggest();
  picked.render();
}

/**
 * Does what may be refused, and shows why if it was.
 * @param {HTMLElement} error
 */
function attemptsOf(error) {
  /** @type {HTMLElement | undefined} */
  let wrong;
  const forget = () => {
    wrong?.removeAttribute("aria-invalid");
    wrong?.removeAttribute("aria-describedby");
    wrong = undefined;
    fill(error);
  };
  /** @param {() => Promise<unknown>} act @param {HTMLElement} [input] that is to blame */
  const attempt = async (act, input) => {
    forget();
    try {
      await act();
    } catch (reason) {
      const isOurs =
        reason instanceof HeapError ||
        reason instanceof ScriptError ||
        reason instanceof FieldError;
      if (!isOurs) throw reason;
      wrong = reason instanceof FieldError ? reason.field.input : input;
      wrong?.setAttribute("aria-invalid", "true");
      wrong?.setAttribute("aria-describedby", error.id);
      fill(error, `${reason.message[0]?.toUpperCase()}${reason.message.slice(1)}.`);
    }
  };
  return Object.assign(attempt, { forget });
}

/** @typedef {ReturnType<typeof attemptsOf>} Attempt */

/** @param {Session} session @param {Attempt} attempt */
function callForm(session, attempt) {
  /** @type {Call["op"]} */
  let op = "malloc";
  /** @type {Field[]} */
  let fields = [];
  const about = h("p", { className: "about" });
  const places = h("div", { className: "fields" });
  const go = h("button", { type: "submit", className: "primary", id: "do-call" });
  const hint = h("p", { className: "hint" });

  const choices = FORMS.map((form) => {
    const input = h("input", {
      ...{ type: "radio", name: "op", value: form.op, checked: form.op === op },
      onchange: () => choose(form.op),
    });
    return h("label", { className: "choice" }, input, h("span", {}, form.op));
  });
  const form = h(
    "form",
    { className: "call-form", noValidate: true },
    h("fieldset", { className: "ops" }, h("legend", {}, "Call"), ...choices),
    about,
    h("div", { className: "call-line" }, places, go),
    hint,
  );
  const name = () => fill(go, verbOf(op, fields));

  /** @param {Call["op"]} chosen */
  function choose(chosen) {
    op = chosen;
    const texts = new Map(fields.map(({ parameter, input }) => [parameter, input.value]));
    fields = parametersOf(op).map(fieldOf);
    for (const { parameter, input } of fields) input.value = texts.get(parameter) ?? input.value;
    places.replaceChildren(...fields.map(({ label }) => label));
    fill(about, ABOUT[op]);
    suggest();
  }

  // The block that is meant: the picked one, or the newest that is still in use.
  function suggest() {
    for (const { parameter, input } of fields) {
      if (document.activeElement === input) continue;
      if (parameter === "block") input.value = `p${session.selected || newestLive(session)}`;
      if (parameter === "block" && input.value === "p0") input.value = "NULL";
      if (parameter === "mark") input.value = `m${Math.max(session.history.marks.length, 1)}`;
    }
    name();
  }

  let made = 0;
  const call = async () => {
    await attempt(async () => {
      if (!(await session.perform(callFrom(op, fields)))) return;
      made++;
      fill(hint, made >= 3 && made < 12 && op === "malloc" ? "Hold it down to fill the page." : "");
    });
  };
  form.addEventListener("input", name);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void call();
  });
  repeatWhileHeld(go, call);
  choose(op);
  return { form, suggest };
}

/** The number of the newest block in use at the end of the log, or 0. @param {Session} session */
function newestLive({ history, steps }) {
  let newest = 0;
  const last = history.sums.blocks;
  // The last thousand will do: it is a suggestion.
  for (let number = last; number > Math.max(last - 1000, 0) && newest === 0; number--) {
    if (history.blockOf(history.sums.stepOf(number), steps).status === "live") newest = number;
  }
  return newest;
}

/** What can be done with the picked block. @param {Session} session @param {Attempt} attempt */
function pickedBlock(session, attempt) {
  const title = h("p", { className: "picked-title" });
  const size = h("input", {
    type: "text",
    inputmode: "numeric",
    className: "field size",
    value: "200",
    "aria-label": "New size in bytes",
  });
  const buttons = h("div", { className: "picked-buttons" });
  const element = h("div", { className: "picked", hidden: true }, title, buttons);
  /** @param {Call} call */
  const perform = (call) => attempt(() => session.perform(call));
  const freeIt = h(
    "button",
    { type: "button", onclick: () => perform({ op: "free", args: [session.selected] }) },
    "free",
  );
  const resize = h(
    "button",
    {
      type: "button",
      onclick: () => {
        const field = { parameter: /** @type {const} */ ("size"), input: size, label: h("label") };
        return attempt(async () => {
          const [bytesAsked = 0] = callFrom("malloc", [field]).args;
          await session.perform({ op: "realloc", args: [session.selected, bytesAsked] });
        });
      },
    },
    "realloc to",
  );
  buttons.append(freeIt, resize, size);

  const render = () => {
    const { selected, history, step } = session;
    const made = selected === 0 ? 0 : history.sums.stepOf(selected);
    element.hidden = made === 0 || made > step;
    if (element.hidden) return;
    const block = history.blockOf(made, step);
    fill(title, `p${selected}: ${bytes(block.size)}, made by step ${made}, ${block.status}`);
    buttons.hidden = block.status !== "live" || session.isReadOnly;
  };
  return { element, render };
}

/** @param {Session} session @param {Attempt} attempt */
function prompt(session, attempt) {
  const input = h("input", {
    ...{ type: "text", id: "prompt", className: "field prompt", autocomplete: "off" },
    ...{ spellcheck: false, autocapitalize: "off", placeholder: "loop 20 malloc(64)" },
  });
  const progress = h("p", { className: "hint busy", hidden: true });
  const text = h("span");
  const stop = h(
    "button",
    { type: "button", className: "quiet", onclick: () => session.stop() },
    "Stop",
  );
  progress.append(text, stop);
  session.on(["busy"], () => {
    progress.hidden = session.busy === undefined;
    fill(text, session.busy ? `Made ${session.busy.text} so far. ` : "");
  });
  const form = h(
    "form",
    { className: "prompt-form" },
    h("label", { htmlFor: "prompt" }, "Or type"),
    h("div", { className: "call-line" }, input, h("button", { type: "submit" }, "Run")),
    progress,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(async () => {
      if (await session.run(input.value)) input.select();
    }, input);
  });
  return form;
}

/** @param {Session} session */
function edits(session) {
  const undo = h("button", { type: "button", onclick: () => session.undo() }, "Undo");
  const redo = h("button", { type: "button", onclick: () => session.redo() }, "Redo");
  const clear = h("button", { type: "button", onclick: () => session.clear() }, "Empty the heap");
  const render = () => {
    undo.ariaDisabled = String(!session.canUndo);
    redo.ariaDisabled = String(!session.canRedo);
    clear.ariaDisabled = String(session.steps === 0);
  };
  session.on(["log", "busy"], render);
  render();
  return h("div", { className: "edits" }, undo, redo, clear);
}
