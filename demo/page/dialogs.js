// The dialogs that belong to no panel: help, settings, and where a call shall go on from.

import { count } from "../engine/words.js";
import { fill, h } from "./dom.js";

/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("./settings.js").Values} Values */

/** @param {HTMLDialogElement} dialog */
export const closeButton = (dialog) =>
  h("button", { type: "button", onclick: () => dialog.close() }, "Close");

const KEYS = [
  [".", "next step"],
  [",", "previous step"],
  ["]", "next landmark: growth, or what is chosen beside it"],
  ["[", "previous landmark"],
  ["p", "play, pause"],
  ["← →", "in the memory: the block before, the block after"],
  ["Enter, Esc", "in the memory: pick the block, pick none"],
  ["+ − 0", "in the memory: zoom in, zoom out, follow the step"],
];

/** @param {HTMLDialogElement} dialog */
export function mountHelp(dialog) {
  dialog.append(
    // A dialog shows what has the focus: of this one the beginning, not the button at its end.
    h("h2", { id: "help-title", tabIndex: -1, autofocus: true }, "Help"),
    h(
      "p",
      {},
      "What you see is no simulation: the page holds the compiled allocator, calls its functions, and " +
        "draws what they returned. The steps only look back; a call is made when you make one. Undo " +
        "starts a new instance, makes all calls but the last again, and compares every address.",
    ),
    h(
      "p",
      {},
      "Addresses begin with 0x and count in sixteens; sizes are plain numbers with their unit.",
    ),
    h(
      "p",
      {},
      "The stack in the picture is the one in linear memory, for what has an address. Variables of " +
        "WebAssembly itself are not in memory at all. The byte at 0x00000000 is one like any other; " +
        "malloc returns 0 to say that it failed.",
    ),
    h("h3", {}, "Keys, while the memory or the steps have the focus"),
    h(
      "dl",
      { className: "keys" },
      ...KEYS.flatMap(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]),
    ),
    closeButton(dialog),
  );
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Settings} settings
 */
export function mountSettings(dialog, settings) {
  dialog.append(
    h("h2", { id: "settings-title" }, "Settings"),
    choice(settings, "theme", "Colors", [
      ["auto", "as the system"],
      ["light", "light"],
      ["dark", "dark"],
    ]),
    choice(settings, "motion", "Motion", [
      ["auto", "as the system"],
      ["off", "none"],
    ]),
    choice(settings, "numbers", "Addresses", [
      ["hex", "0x00010448"],
      ["decimal", "66,632"],
    ]),
    h("p", { className: "hint" }, "Kept in this browser, and nowhere else."),
    closeButton(dialog),
  );
}

/**
 * @template {"theme" | "motion" | "numbers"} Name
 * @param {Settings} settings
 * @param {Name} name
 * @param {string} legend
 * @param {[Values[Name], string][]} options
 */
function choice(settings, name, legend, options) {
  const inputs = options.map(([value, text]) => {
    const input = h("input", {
      ...{ type: "radio", name, value, checked: settings.get(name) === value },
      onchange: () => settings.set(name, value),
    });
    return { value, input, label: h("label", { className: "choice" }, input, h("span", {}, text)) };
  });
  settings.on(() => {
    for (const { value, input } of inputs) input.checked = settings.get(name) === value;
  });
  return h("fieldset", {}, h("legend", {}, legend), ...inputs.map(({ label }) => label));
}

/**
 * Asks where to go on from, when the playhead is in the past.
 * @param {HTMLDialogElement} dialog
 * @returns {(later: number) => Promise<"here" | "end" | "cancel">}
 */
export function branchQuestion(dialog) {
  const here = h("button", { className: "primary", value: "here" });
  const about = h("p");
  const buttons = [
    here,
    h("button", { value: "end" }, "Go to the end first"),
    h("button", { className: "quiet", value: "cancel" }, "Cancel"),
  ];
  const title = h("h2", { id: "branch-title" }, "You are looking at an earlier step");
  dialog.append(
    h(
      "form",
      { method: "dialog" },
      title,
      about,
      h("div", { className: "dialog-buttons" }, ...buttons),
    ),
  );
  return (later) =>
    new Promise((resolve) => {
      fill(about, `${count(later, "call")} ${later === 1 ? "was" : "were"} made after it.`);
      fill(here, `Continue from here (drops ${count(later, "later call")})`);
      const answer = () => {
        const { returnValue: chosen } = dialog;
        resolve(chosen === "here" || chosen === "end" ? chosen : "cancel"); // such as by Escape
      };
      dialog.addEventListener("close", answer, { once: true });
      dialog.showModal();
      here.focus();
    });
}
