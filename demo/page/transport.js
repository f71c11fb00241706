// The transport: moves the playhead, and never makes a call.

import { callText } from "../engine/why.js";
import { grouped } from "../engine/words.js";
import { fill, h } from "./dom.js";
import { icon } from "./icon.js";

/** @typedef {import("../engine/history.js").Event} Event */
/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./settings.js").Settings} Settings */

/** What can be jumped to. @type {readonly {id: string, name: string, is: (event: Event) => boolean}[]} */
const LANDMARKS = [
  { id: "growth", name: "growth", is: ({ after }) => after.pagesGrown > 0 },
  { id: "failure", name: "failure", is: ({ failed }) => failed },
  {
    ...{ id: "move", name: "move by realloc" },
    is: ({ op, source, inPlace, failed }) =>
      op === "realloc" && source !== undefined && !inPlace && !failed,
  },
  { id: "padding", name: "padding", is: ({ padding }) => padding > 0 },
];

/** Steps a second, and their names. */
const SPEEDS = /** @type {const} */ ([
  [1, "1 step a second"],
  [2, "2 steps a second"],
  [8, "8 steps a second"],
  [60, "60 steps a second"],
  [1000, "1,000 steps a second"],
]);

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {{settings: Settings, say: (text: string) => void}} page
 */
export function mountTransport(root, session, { settings, say }) {
  const first = iconButton("first", "To the beginning", () => session.goTo(0));
  const previous = iconButton("previous", "Previous step", () => session.previous());
  const play = iconButton("play", "Play", () =>
    session.playing ? session.pause() : session.play(),
  );
  const next = iconButton("next", "Next step", () => session.next());
  const last = iconButton("last", "To the end", () => session.goTo(session.steps));
  next.id = "next-step";

  const slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Step" });
  slider.addEventListener("input", () => session.goTo(Number(slider.value)));
  const position = h("span", { className: "position" });

  const kind = h(
    "select",
    {},
    ...LANDMARKS.map(({ id, name }) => h("option", { value: id }, name)),
  );
  /** @param {1 | -1} direction */
  const jump = (direction) => {
    const { is, name } = LANDMARKS.find(({ id }) => id === kind.value) ?? LANDMARKS[0] ?? {};
    if (is && !session.seek(is, direction)) {
      say(`There is no ${name} ${direction > 0 ? "after" : "before"} this step.`);
    }
  };
  const jumpBack = iconButton("previous", "Jump back", () => jump(-1));
  const jumpOn = iconButton("next", "Jump on", () => jump(1));

  const speed = h(
    "select",
    { onchange: () => session.setSpeed(Number(speed.value)) },
    ...SPEEDS.map(([value, name]) =>
      h("option", { value, selected: value === session.speed }, name),
    ),
  );
  const ask = h("input", {
    type: "checkbox",
    onchange: () => settings.set("askFirst", ask.checked),
  });

  root.append(
    h("div", { className: "transport-main" }, first, previous, play, next, last, slider, position),
    h(
      "div",
      { className: "transport-more" },
      h(
        "div",
        { className: "jump", role: "group", "aria-label": "Jump" },
        h("label", {}, h("span", {}, "Jump to "), kind),
        jumpBack,
        jumpOn,
      ),
      h("label", { className: "speed" }, h("span", {}, "Speed "), speed),
      h("label", { className: "check" }, ask, h("span", {}, "Ask me first")),
    ),
  );

  const render = () => {
    const { step, steps, playing, event } = session;
    // Not `disabled`, which would take the focus away from who has just pressed it.
    for (const back of [first, previous]) back.ariaDisabled = String(step === 0);
    for (const on of [next, last]) on.ariaDisabled = String(step === steps);
    play.ariaDisabled = String(steps === 0);
    const label = playing ? "Pause" : "Play";
    play.replaceChildren(icon(playing ? "pause" : "play"));
    play.setAttribute("aria-label", label);
    play.title = label;
    slider.max = String(steps);
    slider.value = String(step);
    slider.disabled = steps === 0;
    slider.style.setProperty("--done", `${steps === 0 ? 0 : (100 * step) / steps}%`);
    const at = `Step ${grouped(step)} of ${grouped(steps)}`;
    slider.setAttribute(
      "aria-valuetext",
      event ? `${at}: ${callText(event)}, ${grewText(event)}` : at,
    );
    fill(position, at);
    ask.checked = settings.get("askFirst");
  };
  session.on(["log", "step", "playing", "settings"], render);
  render();
  return { keys: keysOf(session, jump) };
}

/**
 * @param {string} name of the icon
 * @param {string} label
 * @param {() => void} onclick
 */
const iconButton = (name, label, onclick) =>
  h(
    "button",
    { type: "button", className: "icon", title: label, "aria-label": label, onclick },
    icon(name),
  );

/** @param {Event} event */
const grewText = ({ after: { pagesGrown } }) =>
  pagesGrown === 0
    ? "no page added"
    : `${grouped(pagesGrown)} ${pagesGrown === 1 ? "page" : "pages"} added`;

/**
 * What single keys do, while the stage or the transport has the focus.
 * @param {Session} session
 * @param {(direction: 1 | -1) => void} jump
 * @returns {Readonly<Record<string, () => void>>}
 */
const keysOf = (session, jump) => ({
  ".": () => session.next(),
  ",": () => session.previous(),
  "]": () => jump(1),
  "[": () => jump(-1),
  p: () => (session.playing ? session.pause() : session.play()),
});
