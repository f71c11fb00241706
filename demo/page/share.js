// Sharing a step: the dialog with its link, and the address of the page, which follows the playhead.

import { HeapError } from "../engine/calls.js";
import { WALK_PAGES } from "../engine/scenarios.js";
import { grouped } from "../engine/words.js";
import {
  AddressError,
  LONGEST_LINK,
  checkStep,
  packCalls,
  readAddress,
  writeAddress,
} from "../formats/address.js";
import { toJson } from "../formats/export.js";
import { closeButton } from "./dialogs.js";
import { byId, fill, h } from "./dom.js";
import { copyButton, fileName, save, textFile } from "./save.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("../formats/address.js").View} View */

const PAUSE = 500; // milliseconds between two changes of the address
const MOST_FOLLOWED = 10_000; // calls that are packed without being asked for

// ---- writing -------------------------------------------------------------------------------------

/** Calls as links have them, packed once for each log. */
class Packed {
  #log = Promise.resolve("");
  #isOld = true;

  /** @param {Session} session */
  constructor(session) {
    this.session = session;
    session.on(["log"], () => {
      this.#isOld = true;
    });
  }

  log() {
    const { steps, history } = this.session;
    if (this.#isOld) this.#log = packCalls(callsOf(history), steps);
    this.#isOld = false;
    return this.#log;
  }
}

/**
 * @param {import("../engine/history.js").History} history
 * @yields {import("../engine/calls.js").Call}
 * @returns {Generator<import("../engine/calls.js").Call, void, void>}
 */
function* callsOf(history) {
  for (let step = 1; step <= history.steps; step++) yield history.call(step);
}

/** How the page is looked at. @param {Session} session @param {Settings} settings @returns {View} */
function viewOf({ window }, settings) {
  const theme = settings.get("theme");
  return {
    ...(theme === "auto" ? {} : { theme }),
    ...(settings.get("motion") === "off" ? { still: true } : {}),
    ...(settings.get("numbers") === "decimal" ? { decimal: true } : {}),
    ...(window ? { window: { from: Math.floor(window.from), to: Math.ceil(window.to) } } : {}),
  };
}

/** @param {Session} session @param {Packed} packed @param {View} view */
async function hashOf(session, packed, view) {
  const { scenario, step } = session;
  if (scenario === undefined) return writeAddress({ log: await packed.log(), step, ...view });
  const full = session.history.at(session.steps).pages >= WALK_PAGES.full;
  return writeAddress({ scenario, full, step, ...view });
}

/** @param {string} hash */
const linkOf = (hash) => location.href.replace(/#.*$/, "") + hash;

/** Keeps the address of the page up to date. @param {Session} session @param {() => Promise<string>} hash */
function follow(session, hash) {
  let timer = 0;
  let last = -Infinity;
  let known = location.hash;
  window.addEventListener("hashchange", () => (known = location.hash));
  const update = async () => {
    timer = 0;
    const isKnown = session.scenario !== undefined || session.steps <= MOST_FOLLOWED;
    const text = session.isReadOnly || session.busy || !isKnown ? "" : await hash();
    last = performance.now();
    if (location.hash !== known) return; // another one was given, and is about to be opened
    // An address that would not bring this back says nothing.
    const fits = text.length <= LONGEST_LINK ? text : "";
    try {
      history.replaceState(null, "", fits || location.pathname + location.search);
      known = location.hash;
    } catch {
      // Not in every frame, and not a hundred times in a row: the dialog has the link.
    }
  };
  session.on(["log", "step", "window", "settings", "busy"], () => {
    timer ||= window.setTimeout(update, Math.max(0, last + PAUSE - performance.now()));
  });
}

/**
 * Fills the dialog that shares the step, and keeps the address of the page.
 * @param {HTMLDialogElement} dialog
 * @param {Session} session
 * @param {{settings: Settings}} options
 */
export function mountShare(dialog, session, { settings }) {
  const packed = new Packed(session);
  const about = h("p");
  const field = h("input", { id: "share-link", className: "field", readOnly: true });
  const withView = h("input", { type: "checkbox", checked: true, onchange: () => void render() });
  const [copy, status] = copyButton("Copy", () => ({
    text: field.value,
    select: () => field.select(),
  }));
  copy.classList.add("primary");
  const link = h(
    "div",
    {},
    h("label", { htmlFor: "share-link" }, "Link"),
    h("div", { className: "share-line" }, field, copy, status),
    h(
      "label",
      { className: "check" },
      withView,
      h("span", {}, "with colors, zoom and address format as they are now"),
    ),
  );
  const file = h(
    "button",
    {
      type: "button",
      onclick() {
        const { title, step } = session;
        const text = toJson(session.history, { title, step });
        save(`${fileName(title)}.json`, textFile(text, "application/json"));
      },
    },
    "Save as a file",
  );

  async function render() {
    const { step, steps } = session;
    fill(status, "");
    if (session.isReadOnly) {
      link.hidden = true;
      fill(
        about,
        "A recording fits into no link. Share the file: who opens it under Import sees it.",
      );
      return;
    }
    fill(about, "Preparing the link.");
    const url = linkOf(
      await hashOf(session, packed, withView.checked ? viewOf(session, settings) : {}),
    );
    field.value = url;
    link.hidden = url.length > LONGEST_LINK;
    fill(
      about,
      link.hidden
        ? `These calls make a link of ${grouped(url.length)} characters, which some programs cut off. ` +
            "Share a file: who opens it under Import has the same calls."
        : `Whoever opens this link sees step ${grouped(step)} of ${grouped(steps)}. All of it is in ` +
            "the link; nothing is sent anywhere.",
    );
  }

  const title = h("h2", { id: "share-title" }, "Share this step");
  dialog.append(
    title,
    about,
    link,
    h("div", { className: "dialog-buttons" }, file, closeButton(dialog)),
  );
  byId("share-button").addEventListener("click", () => void render());
  follow(session, () => hashOf(session, packed, viewOf(session, settings)));
  // Of the event, since the address may be another one again.
  window.addEventListener("hashchange", ({ newURL }) => {
    void openAddress(session, new URL(newURL).hash, { settings });
  });
}

// ---- opening -------------------------------------------------------------------------------------

/** Says above the memory what is wrong with a link; nothing if all is well. @param {string} text */
function notice(text) {
  document.getElementById("link-notice")?.remove();
  if (text === "") return;
  const dismiss = () => element.remove();
  const element = h(
    "p",
    { id: "link-notice", role: "alert" },
    h("span", { className: "error" }, text),
    h("button", { type: "button", className: "quiet", onclick: dismiss }, "Dismiss"),
  );
  byId("stage-section").prepend(element);
}

/** @param {View} view @param {Session} session @param {Settings} settings */
function applyView({ theme, still, decimal, window }, session, settings) {
  if (theme) settings.borrow("theme", theme);
  if (still) settings.borrow("motion", "off");
  if (decimal) settings.borrow("numbers", "decimal");
  if (window) session.show(window);
}

/**
 * Opens what an address says. What is wrong with it is also said on the page.
 * @param {Session} session
 * @param {string} hash
 * @param {{settings: Settings}} options
 * @returns {Promise<{opened: boolean, error?: string}>}
 */
export async function openAddress(session, hash, { settings }) {
  notice("");
  try {
    const address = await readAddress(hash);
    if (!address) return { opened: false };
    const { scenario, calls, full, step = 0 } = address;
    if (scenario !== undefined) {
      await session.load(scenario, { step, ...(full ? { pages: WALK_PAGES.full } : {}) });
    } else if (calls) await session.open(calls, { title: "Calls of a link", step });
    applyView(address, session, settings);
    checkStep(address.step, session.steps);
    return { opened: scenario !== undefined || calls !== undefined };
  } catch (error) {
    if (!(error instanceof AddressError || error instanceof HeapError)) throw error;
    const text =
      error instanceof AddressError ? error.message : `This link stops early: ${error.message}.`;
    notice(text);
    return { opened: session.steps > 0, error: text };
  }
}
