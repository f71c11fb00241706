// The quiz: a question about a heap that was made for it. What the module did is the answer.

import { answerText, check, knownOf, question, readAnswer } from "../quiz/questions.js";
import { address } from "../engine/words.js";
import { fill, h } from "./dom.js";

/** @typedef {import("../quiz/questions.js").Question} Question */
/** @typedef {import("./session.js").Session} Session */

/**
 * @typedef {object} QuestionForm
 * @property {HTMLFormElement} form
 * @property {HTMLElement} first what gets the focus
 */

let forms = 0; // names of radio groups, each its own

/**
 * Makes the form of a question: its state, and what can be answered.
 * @param {Question} asked
 * @param {{alignment: number, addressText: (at: number) => string, answered: (right: boolean) =>
 *   void, buttons?: readonly Node[]}} page
 * @returns {QuestionForm}
 */
export function questionForm(asked, { alignment, addressText, answered, buttons = [] }) {
  const { fields, first, read } =
    asked.choices.length > 0 ? choiceFields(asked, addressText) : entryField(asked, addressText);
  const feedback = h("p", { className: "feedback", role: "status" });
  const form = h(
    "form",
    { className: "question", noValidate: true },
    stateOf(asked, { alignment, addressText }),
    fields,
    h(
      "div",
      { className: "question-buttons" },
      h("button", { className: "primary" }, "Check"),
      ...buttons,
    ),
    feedback,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = read();
    if (value === undefined) {
      fill(feedback, "Choose an answer, or enter a number such as 16 or 0x4410.");
      return;
    }
    const { right, text } = check(asked, value);
    feedback.dataset["right"] = String(right);
    fill(feedback, text);
    answered(right);
  });
  return { form, first };
}

/** @param {Question} asked @param {{alignment: number, addressText: (at: number) => string}} page */
function stateOf({ before, calls }, page) {
  const known = knownOf(before, page).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value)),
  );
  const isCut = before.step > calls.length;
  return h(
    "div",
    { className: "question-state" },
    calls.length > 0 && h("p", {}, isCut ? "The last calls:" : "The calls so far:"),
    calls.length > 0 && h("ol", { start: before.step - calls.length + 1 }, ...calls.map(codeItem)),
    h("dl", {}, ...known),
  );
}

/** @param {string} text */
const codeItem = (text) => h("li", {}, h("code", {}, text));

/** @param {Question} asked @param {(at: number) => string} addressText */
function choiceFields({ text, choices, unit }, addressText) {
  const name = `answer-${++forms}`;
  const inputs = choices.map(({ value }) => h("input", { type: "radio", name, value }));
  const labels = choices.map((choice, i) =>
    h(
      "label",
      { className: "choice" },
      inputs[i],
      h("span", {}, choice.text ?? answerText(unit, choice.value, addressText)),
    ),
  );
  const read = () => {
    const chosen = inputs.find(({ checked }) => checked);
    return chosen && Number(chosen.value);
  };
  const fields = h(
    "fieldset",
    {},
    h("legend", {}, text),
    h("div", { className: "answers" }, ...labels),
  );
  return { fields, first: inputs[0] ?? fields, read };
}

/** @param {Question} asked @param {(at: number) => string} addressText */
function entryField({ text, unit, guess }, addressText) {
  const hint = `answer-hint-${++forms}`;
  const input = h("input", {
    ...{ type: "text", className: "field", autocomplete: "off", spellcheck: false },
    ...{ "aria-describedby": hint, inputmode: unit === "address" ? "text" : "numeric" },
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 8, PageDown: -8 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const from = input.value === "" ? guess : readAnswer(input.value);
    if (from !== undefined) input.value = answerText(unit, Math.max(0, from + by), addressText);
  });
  const begin = answerText(unit, guess, addressText);
  const fields = h(
    "div",
    { className: "entry" },
    h("label", {}, h("span", { className: "question-text" }, text), input),
    h(
      "p",
      { className: "hint", id: hint },
      `The arrow keys move the guess, from ${begin}: up and down by 1, Page up and Page down by 8.`,
    ),
  );
  return { fields, first: input, read: () => readAnswer(input.value) };
}

/** @param {number} below */
const random = (below) => Math.floor(Math.random() * below);

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{addressText?: (at: number) => string}} [page]
 */
export function mountQuiz(root, session, { addressText = address } = {}) {
  let [right, tries] = [0, 0];
  const score = h("output", { className: "score" }, "No tries yet.");
  const place = h("div", {});

  /** @param {boolean} isRight */
  function answered(isRight) {
    tries++;
    if (isRight) right++;
    fill(score, `${right} right of ${tries} ${tries === 1 ? "try" : "tries"}`);
  }

  let asked = question(random, session.heap.modules);
  let zero = addressText(0);

  /** @param {{focus: boolean}} how */
  function show({ focus }) {
    const another = button("Another question", () => {
      asked = question(random, session.heap.modules);
      show({ focus: true });
    });
    const form = questionForm(asked, {
      ...{ alignment: session.heap.places.alignment, addressText, answered },
      buttons: [button("Show it", () => void showIt(session, asked)), another],
    });
    place.replaceChildren(form.form);
    if (focus) form.first.focus();
  }

  session.on(["settings"], () => {
    if (addressText(0) === zero) return;
    zero = addressText(0);
    show({ focus: false });
  });

  root.append(
    h("div", { className: "quiz-head" }, h("h3", {}, "What will the next call do?"), score),
    place,
    h(
      "p",
      { className: "hint" },
      "The numbers are random. The answer is what the module did when it was called. “Show it” puts these calls in the picture, in place of those there. The count stays on this page.",
    ),
  );
  show({ focus: false });
}

/** @param {string} text @param {() => void} onclick */
const button = (text, onclick) => h("button", { type: "button", onclick }, text);

/** @param {Session} session @param {Question} asked */
async function showIt(session, { scratch }) {
  if (!scratch) return;
  await session.open(scratch.calls, { title: "Quiz", step: scratch.step });
  document.getElementById("stage")?.scrollIntoView({ block: "start" });
}
