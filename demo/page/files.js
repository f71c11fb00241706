// The panel for files: traces of other programs come in, and what the page shows goes out.

import { examples } from "virtual:examples";
import { HeapError } from "../engine/calls.js";
import { count, grouped } from "../engine/words.js";
import { CodecError, MOST_BYTES, decodeCalls } from "../formats/codec.js";
import { inflate } from "../formats/deflate.js";
import { FORMAT_NAMES } from "../formats/import.js";
import { ImportError } from "../formats/imported.js";
import { replayOf, viewOf } from "../formats/replay.js";
import { fill, h } from "./dom.js";
import { exportPanel } from "./files-export.js";
import { readFile } from "./read-file.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("../formats/imported.js").Imported} Imported */
/** @typedef {(typeof examples)[number]} Example */

const FORMATS = ".jsonl,.json,.rep,.txt,.log,.trace,.mtrace,.ltrace";
const MOST_REPORTS = 4; // each keeps the calls of its file
const RECORD = `emcc app.c build/libmini_alloc-trace.a -sMALLOC=none -o app.js
npx mini-alloc trace -o app.jsonl -- node app.js`;

/** @param {DragEvent} event */
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;

/**
 * Lets files be dropped anywhere on the page, instead of leaving it for them.
 * @param {() => void} openPanel
 */
export function mountDrops(openPanel) {
  window.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    openPanel();
    const files = [...(event.dataTransfer?.files ?? [])];
    document.querySelector(".drop")?.dispatchEvent(new CustomEvent("files", { detail: files }));
  });
}

/**
 * @param {HTMLElement} root
 * @param {Session} session
 * @param {import("./files-export.js").Pictures} pictures
 */
export function mountFiles(root, session, pictures) {
  const shown = h("output", { className: "hint" });
  const error = h("p", { className: "error", role: "alert" });
  const reports = h("div", { className: "reports" });
  const progress = newProgress(session);
  const opening = newOpening(session, { error, progress });
  const drop = dropArea((files) => void readAll(files, { progress, error, reports, opening }));
  const render = () => fill(shown, shownText(session));
  session.on(["log"], render);
  render();
  root.append(
    h(
      "div",
      { className: "files" },
      h(
        "section",
        { "aria-labelledby": "import-title" },
        h("h3", { id: "import-title" }, "Calls of another program"),
        h("p", {}, shown),
        drop,
        progress.element,
        error,
        reports,
        ...examples.map((example) => exampleButton(example, opening)),
        recordHelp(),
      ),
      exportPanel(session, pictures),
    ),
  );
}

/** @param {Session} session */
function shownText({ title, isReadOnly, steps }) {
  const how = isReadOnly ? "View, read-only" : "on mini-alloc";
  return `Shown now (${how}): ${title}, ${count(steps, "call")}.`;
}

/** @param {(files: File[]) => void} take */
function dropArea(take) {
  const input = h("input", {
    ...{ type: "file", id: "import-file", multiple: true, accept: FORMATS },
    "aria-describedby": "import-about",
    onchange() {
      take([...(input.files ?? [])]);
      input.value = ""; // so that the same file can be chosen again
    },
  });
  const about =
    "A trace of mini-alloc trace, mtrace, ltrace or Emscripten's memory profiler, a malloc lab .rep, " +
    "or an export of this page. Nothing leaves this machine.";
  const area = h(
    "div",
    { className: "drop" },
    h("label", { htmlFor: "import-file" }, "Choose a file, or drop it here"),
    input,
    h("p", { className: "hint", id: "import-about" }, about),
  );
  const over = (/** @type {boolean} */ is) => area.toggleAttribute("data-over", is);
  area.addEventListener("dragenter", () => over(true));
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(/** @type {Node | null} */ (event.relatedTarget))) over(false);
  });
  area.addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    over(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation(); // what is dropped elsewhere comes from mountDrops
    take([...(event.dataTransfer?.files ?? [])]);
  });
  area.addEventListener("files", (event) => {
    take(/** @type {CustomEvent<File[]>} */ (event).detail);
  });
  return area;
}

// ---- progress ------------------------------------------------------------------------------------

/** @typedef {ReturnType<typeof newProgress>} Progress */

/** What is being read or replayed, and a button that ends it. @param {Session} session */
function newProgress(session) {
  const bar = h("progress", { "aria-labelledby": "reading-text", max: 1 });
  const text = h("span", { id: "reading-text" });
  /** @type {(() => void) | undefined} */
  let cancel;
  const button = h("button", { type: "button", onclick: () => cancel?.() }, "Cancel");
  const element = h("div", { className: "reading", hidden: true }, text, bar, button);

  /** @param {string} what @param {number | undefined} part @param {() => void} stop */
  function show(what, part, stop) {
    fill(text, what);
    if (part === undefined) bar.removeAttribute("value");
    else bar.value = part;
    cancel = stop;
    element.hidden = false;
  }
  const hide = () => {
    element.hidden = true;
  };
  let isReplaying = false;
  session.on(["busy"], () => {
    const { busy } = session;
    if (!isReplaying) return;
    if (!busy) return hide();
    const part = busy.total ? busy.done / busy.total : undefined;
    show(`Replaying: ${busy.text}`, part, () => session.stop());
  });
  const replaying = (/** @type {boolean} */ is) => {
    isReplaying = is;
    if (!is) hide();
  };
  return { element, show, hide, replaying };
}

/**
 * @param {readonly File[]} files
 * @param {{progress: Progress, error: HTMLElement, reports: HTMLElement, opening: Opening}} panel
 */
async function readAll(files, { progress, error, reports, opening }) {
  fill(error, "");
  for (const file of files) {
    const stop = new AbortController();
    const cancel = () => stop.abort();
    const show = (/** @type {number} */ read, /** @type {number} */ total) =>
      progress.show(`Reading ${file.name}`, total > 0 ? read / total : undefined, cancel);
    show(0, file.size);
    try {
      const imported = await readFile(file, { progress: show, signal: stop.signal });
      reports.prepend(report(imported, opening));
      while (reports.childElementCount > MOST_REPORTS) reports.lastElementChild?.remove();
    } catch (reason) {
      if (stop.signal.aborted) return;
      if (!(reason instanceof ImportError)) throw reason;
      fill(error, `${file.name}: ${reason.message} ${reason.remedy}`);
    } finally {
      progress.hide();
    }
  }
}

// ---- opening -------------------------------------------------------------------------------------

const END = Number.MAX_SAFE_INTEGER; // the session stops at its last step

/** @typedef {ReturnType<typeof newOpening>} Opening */

/**
 * What the buttons of a report and of an example do.
 * @param {Session} session
 * @param {{error: HTMLElement, progress: Progress}} panel
 */
function newOpening(session, { error, progress }) {
  /** @param {() => Promise<void> | void} open */
  async function guarded(open) {
    fill(error, "");
    progress.replaying(true);
    try {
      await open();
    } catch (reason) {
      if (!(reason instanceof HeapError || reason instanceof CodecError)) throw reason;
      fill(error, `It stops after ${count(session.steps, "call")}: ${reason.message}.`);
    } finally {
      progress.replaying(false);
    }
  }
  return {
    /** @param {Imported} imported */
    replay: (imported) =>
      guarded(() => {
        const { title, length, step = END } = imported;
        return session.openSteps(replayOf(imported), { title, step, total: length });
      }),
    /** @param {Imported} imported */
    view: (imported) => guarded(() => session.view(viewOf(imported), imported.step ?? END)),
    /** @param {Example} example */
    example: ({ title, data }) =>
      guarded(async () => {
        const calls = decodeCalls(await inflate(data, MOST_BYTES));
        await session.open(calls, { title, step: END });
      }),
  };
}

/** @param {Example} example @param {Opening} opening */
const exampleButton = (example, opening) =>
  h(
    "div",
    { className: "report" },
    h("h4", {}, `Example: ${example.title}`),
    h("p", {}, `${example.about} ${count(example.calls, "call")}.`),
    h(
      "button",
      { type: "button", onclick: () => void opening.example(example) },
      `Replay ${example.title}`,
    ),
  );

// ---- report --------------------------------------------------------------------------------------

/** @param {Imported} imported @param {Opening} opening */
function report(imported, opening) {
  const { title, format, length, ignored, hasAddresses } = imported;
  const found = `${count(length, "call")}, ${count(ignored.count, "line")} ignored.`;
  const view = h(
    "button",
    { type: "button", disabled: !hasAddresses, onclick: () => void opening.view(imported) },
    "View as recorded",
  );
  return h(
    "section",
    { className: "report", "aria-label": title },
    h("h4", {}, title),
    h("p", { role: "status" }, `Read as ${FORMAT_NAMES[format]}: ${found}`),
    h(
      "div",
      { className: "file-buttons" },
      h(
        "button",
        { type: "button", className: "primary", onclick: () => void opening.replay(imported) },
        "Replay on mini-alloc",
      ),
      view,
    ),
    h(
      "p",
      { className: "hint" },
      "Replay makes the same calls here: the sizes are the program's, the addresses ours. ",
      hasAddresses
        ? "View shows the recorded addresses as they are, and makes no call."
        : "There is nothing to view: this format has no addresses.",
    ),
    ignored.count > 0 && ignoredList(ignored),
  );
}

/** @param {Imported["ignored"]} ignored */
function ignoredList({ count: all, first }) {
  const more = all - first.length;
  return h(
    "details",
    {},
    h("summary", {}, `Why ${count(all, "line")} ${all === 1 ? "was" : "were"} ignored`),
    h(
      "ol",
      { tabIndex: 0, "aria-label": "Ignored lines" },
      ...first.map(({ line, reason }) => h("li", {}, `Line ${grouped(line)}: ${reason}.`)),
      more > 0 && h("li", {}, `And ${grouped(more)} more.`),
    ),
  );
}

const recordHelp = () =>
  h(
    "details",
    { className: "record" },
    h("summary", {}, "Record a program of your own"),
    h("p", {}, "Link it with the archive that reports its calls, and run it under the recorder:"),
    h("pre", { tabIndex: 0 }, h("code", {}, RECORD)),
    h(
      "p",
      {},
      "Choose app.jsonl above. For a program of glibc: set MALLOC_TRACE and call mtrace(), or run " +
        "ltrace -e malloc+calloc+realloc+free. For Emscripten's own allocators: print a line such as " +
        "onMalloc(0x1234, 100), onFree(0x1234) or onRealloc(0x1234, 0x5678, 200) for each call.",
    ),
  );
