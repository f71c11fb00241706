// Ask me first: before the playhead goes on, one question about the call that comes.

import { address } from "../engine/words.js";
import { questionFor } from "../quiz/questions.js";
import { fill, h } from "./dom.js";
import { questionForm } from "./quiz.js";

/** @typedef {import("./session.js").Session} Session */

/**
 * @param {HTMLElement} root hidden while nothing is asked
 * @param {Session} session
 * @param {{settings: import("./settings.js").Settings, addressText?: (at: number) => string}} page
 */
export function mountAsk(root, session, { settings, addressText = address }) {
  /** @type {{step: number, wasPlaying: boolean} | undefined} the step that is asked about */
  let open;
  let isAnswered = false;

  function close() {
    open = undefined;
    root.hidden = true;
    root.replaceChildren();
  }

  /** @param {boolean} isShown whether it was shown rather than answered */
  function goOn(isShown) {
    if (!open) return;
    const { wasPlaying } = open;
    const said = isShown ? "" : (root.querySelector(".feedback")?.textContent ?? "");
    isAnswered = true;
    session.next();
    isAnswered = false;
    close();
    if (said) leave(said);
    if (wasPlaying && session.step < session.steps) session.play();
    document.getElementById("next-step")?.focus();
  }

  /** Lets the answer stand until the next question. @param {string} said */
  function leave(said) {
    root.hidden = false;
    fill(root, h("p", { className: "feedback", "data-right": "true", role: "status" }, said));
  }

  function ask() {
    const step = session.step + 1;
    const wasPlaying = session.playing;
    open = { step, wasPlaying };
    const asked = questionFor(session.history, session.history.event(step));
    const show = h("button", { type: "button", onclick: () => goOn(true) }, "Show me");
    const { form, first } = questionForm(asked, {
      ...{ alignment: session.history.places.alignment, addressText, buttons: [show] },
      answered: (right) => {
        if (right) goOn(false);
      },
    });
    root.replaceChildren(form);
    root.hidden = false;
    // While it plays nobody has asked for the focus to move.
    if (!wasPlaying) first.focus();
  }

  session.mayAdvance = () => {
    const isOff = !settings.get("askFirst") || session.isReadOnly;
    if (isOff || isAnswered || session.step >= session.steps) return true;
    if (open?.step !== session.step + 1) ask();
    else root.querySelector("input")?.focus();
    return false;
  };

  const follow = () => {
    if (isAnswered) return;
    if (!settings.get("askFirst") || open?.step !== session.step + 1) close();
  };
  session.on(["log", "step", "settings"], follow);
}
