// Puts the page together. The one place that knows all panels, and the address of the page.

import { manifest } from "virtual:modules";
import { sources } from "virtual:sources";
import { mountStage } from "../stage/stage.js";
import { mountAsk } from "./ask.js";
import { mountBytes } from "./bytes.js";
import { mountCalls } from "./calls.js";
import { Progress, mountChallenges } from "./challenges.js";
import { mountCost } from "./cost.js";
import { branchQuestion, mountHelp, mountSettings } from "./dialogs.js";
import { mountDo } from "./do.js";
import { byId, fill } from "./dom.js";
import { mountDrops, mountFiles } from "./files.js";
import { loadAllocators } from "./modules.js";
import { numbersOf } from "./numbers.js";
import { mountQuiz } from "./quiz.js";
import { mountScenario } from "./scenario.js";
import { Session } from "./session.js";
import { Settings } from "./settings.js";
import { mountShare, openAddress } from "./share.js";
import { mountTabs } from "./tabs.js";
import { mountTimeline } from "./timeline.js";
import { mountTransport } from "./transport.js";
import { announcement, mountWhy } from "./why.js";

/** What is shown to who comes without a link: four blocks, and two gaps. */
const FIRST = { scenario: "first", step: 4 };

const dialog = (/** @type {string} */ id) => /** @type {HTMLDialogElement} */ (byId(id));

/** One sentence for a screen reader: at most one a second, the last one wins. */
function announcer() {
  const element = byId("announcer");
  let timer = 0;
  let last = -Infinity;
  const hush = () => window.clearTimeout(timer);
  const say = (/** @type {string} */ text) => {
    hush();
    const wait = Math.max(0, last + 1000 - performance.now());
    timer = window.setTimeout(() => {
      last = performance.now();
      fill(element, text);
    }, wait);
  };
  return { say, hush };
}

/** Tells each step; of those that are played, only the last. */
function announceSteps(
  /** @type {Session} */ session,
  /** @type {ReturnType<typeof announcer>} */ { say, hush },
) {
  session.on(["step", "playing"], () => {
    if (session.playing) hush();
    else say(announcement(session.event, session.state));
  });
}

// For tests, and for whoever looks with the developer tools.
/** @param {Session} session @param {ReturnType<typeof mountStage>} stage */
function tellRoot(session, stage) {
  const { dataset } = document.documentElement;
  const render = () => {
    const { step, bump, limit, pages } = session.state;
    Object.assign(dataset, { step, bump, limit, pages });
  };
  session.on(["log", "step"], render);
  render();
  Object.defineProperty(window, "miniAllocDemo", {
    value: Object.freeze({
      get step() {
        return session.step;
      },
      get steps() {
        return session.steps;
      },
      /** What is known of a step: its call, what it returned, sums before and after. */
      event: (/** @type {number} */ step) => structuredClone(session.history.event(step)),
      at: (/** @type {number} */ step) => ({ ...session.history.at(step) }),
      places: Object.freeze({ ...session.history.places }),
      manifest: structuredClone(manifest),
      /** Where the stage has a byte, in CSS pixels of the window. */
      stageAt: stage.at,
    }),
  });
}

/** @param {Session} session @param {Record<string, () => void>} keys */
function listenToKeys(session, keys) {
  for (const id of ["stage", "transport"]) {
    byId(id).addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLSelectElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }
}

/** @param {Settings} settings */
function mountDialogs(settings) {
  for (const name of ["help", "settings", "share"]) {
    byId(`${name}-button`).addEventListener("click", () => dialog(`${name}-dialog`).showModal());
  }
  mountHelp(dialog("help-dialog"));
  mountSettings(dialog("settings-dialog"), settings);
}

async function start() {
  const settings = new Settings();
  const session = new Session(await loadAllocators());
  const progress = new Progress(session);
  session.chooseBranch = branchQuestion(dialog("branch-dialog"));
  settings.on(() => session.settingsChanged());
  const addressText = numbersOf(settings);
  const voice = announcer();

  mountDialogs(settings);
  const select = /** @type {HTMLSelectElement} */ (byId("scenario"));
  mountScenario(select, byId("scenario-about"), session);
  const stage = mountStage(byId("stage"), session, { addressText });
  const transport = mountTransport(byId("transport"), session, { settings, say: voice.say });
  mountAsk(byId("ask"), session, { settings, addressText });
  mountWhy(byId("why-body"), session, { changes: byId("changes-body"), sources, addressText });
  mountDo(byId("do-body"), session);
  const cost = mountCost(byId("cost-body"), session);
  const timeline = mountTimeline(byId("timeline-body"), session, { addressText });
  const charts = () => [
    { name: "cost", canvas: cost.canvas() },
    { name: "timeline", canvas: timeline.canvas() },
  ];
  const tabs = mountTabs(
    byId("tabs"),
    [
      { id: "calls", name: "Calls", mount: (panel) => mountCalls(panel, session, { addressText }) },
      { id: "bytes", name: "Bytes", mount: (panel) => mountBytes(panel, session, { addressText }) },
      { id: "quiz", name: "Quiz", mount: (panel) => mountQuiz(panel, session, { addressText }) },
      {
        id: "challenges",
        name: "Challenges",
        mount: (panel) => mountChallenges(panel, session, progress),
      },
      {
        id: "files",
        name: "Import, export",
        mount: (panel) => mountFiles(panel, session, { stage, charts }),
      },
    ],
    "Look closer",
  );
  tabs.open("calls"); // the picture in words
  mountDrops(() => tabs.open("files"));
  mountShare(dialog("share-dialog"), session, { settings });
  byId("load-churn").addEventListener("click", () => void session.load("churn"));
  listenToKeys(session, transport.keys);

  const { opened } = await openAddress(session, location.hash, { settings });
  if (!opened) await session.load(FIRST.scenario, FIRST);
  tellRoot(session, stage);
  announceSteps(session, voice);
  const { modules, emcc } = manifest;
  const names = modules.map(({ name }) => name).join(", ");
  fill(
    byId("colophon"),
    `Built by Emscripten ${emcc}: ${names}. Nothing you do here leaves this page.`,
  );
  document.documentElement.dataset["ready"] = "true";
}

void start();
