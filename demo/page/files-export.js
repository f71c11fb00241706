// What goes out: pictures of what is shown, and its calls in the formats that others read.

import { count, grouped } from "../engine/words.js";
import { MOST_IN_C, toC, toCsv, toJson, toTrace } from "../formats/export.js";
import { fill, h } from "./dom.js";
import { copyButton, fileName, save, textFile } from "./save.js";

/** @typedef {import("./session.js").Session} Session */

/**
 * @typedef {object} Pictures
 * @property {{canvas: (how?: {scale?: 1 | 2, caption?: string}) => HTMLCanvasElement}} stage
 * @property {() => {name: string, canvas: HTMLCanvasElement | undefined}[]} charts
 */

/** @param {Session} session */
const captionOf = ({ title, step, steps }) =>
  `${title}: step ${grouped(step)} of ${grouped(steps)} · mini-alloc demo ${location.host}`.trim();

// ---- pictures ------------------------------------------------------------------------------------

const CAPTION = 28; // pixels

/**
 * A chart on paper, with a caption.
 * @param {HTMLCanvasElement} chart
 * @param {{scale: number, caption: string}} how
 */
function onPaper(chart, { scale, caption }) {
  const { clientWidth: width, clientHeight: height } = chart;
  const canvas = h("canvas", { width: width * scale, height: (height + CAPTION) * scale });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.body);
  context.scale(scale, scale);
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, width, height + CAPTION);
  context.drawImage(chart, 0, 0, width, height);
  context.fillStyle = style.color;
  context.font = `13px ${style.fontFamily}`;
  context.textBaseline = "middle";
  context.fillText(caption, 8, height + CAPTION / 2, width - 16);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob | null>} */
const pngOf = (canvas) =>
  new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });

/** @param {Session} session @param {Pictures} pictures @param {(text: string) => void} say */
function pictureButtons(session, { stage, charts }, say) {
  const twice = h("input", { type: "checkbox" });
  /** @param {string} name @param {(how: {scale: 1 | 2, caption: string}) => HTMLCanvasElement | undefined} draw */
  const button = (name, draw) => {
    const onclick = async () => {
      const canvas = draw({ scale: twice.checked ? 2 : 1, caption: captionOf(session) });
      const png = canvas && canvas.width > 0 && canvas.height > 0 ? await pngOf(canvas) : null;
      if (!png) return say(`There is no picture of the ${name} yet: scroll to it first.`);
      save(`${fileName(session.title)}-${fileName(name)}.png`, png);
      say(`Saved the ${name} as PNG.`);
    };
    return h("button", { type: "button", onclick }, `PNG of the ${name}`);
  };
  const chartButtons = charts().map(({ name }) =>
    button(`${name} chart`, (how) => {
      const chart = charts().find((one) => one.name === name)?.canvas;
      return chart && chart.clientWidth > 0 ? onPaper(chart, how) : undefined;
    }),
  );
  return [
    h("div", { className: "file-buttons" }, button("memory", stage.canvas), ...chartButtons),
    h("label", { className: "check" }, twice, h("span", {}, "twice as large")),
  ];
}

// ---- texts ---------------------------------------------------------------------------------------

/** @type {readonly {label: string, extension: string, type: string, make: (session: Session) => string}[]} */
const TEXTS = [
  {
    ...{ label: "JSON", extension: "json", type: "application/json" },
    make: ({ history, title, step }) => toJson(history, { title, step }),
  },
  {
    ...{ label: "CSV", extension: "csv", type: "text/csv" },
    make: ({ history }) => toCsv(history),
  },
  {
    ...{ label: "Trace", extension: "jsonl", type: "application/jsonl" },
    make: ({ history, isReadOnly }) =>
      toTrace(history, { program: "demo", allocator: isReadOnly ? "recorded" : "mini-alloc" }),
  },
];

/** Lets the browser draw what was said. */
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });

/** @param {Session} session @param {(text: string) => void} say */
function textButtons(session, say) {
  const buttons = TEXTS.map(({ label, extension, type, make }) => {
    const onclick = async () => {
      say(`Writing ${count(session.steps, "call")}.`);
      await frame();
      const file = `${fileName(session.title)}.${extension}`;
      save(file, textFile(make(session), type));
      say(`Saved ${file}: ${count(session.steps, "call")}.`);
    };
    return h("button", { type: "button", onclick }, label);
  });
  return h("div", { className: "file-buttons" }, ...buttons);
}

/** The calls as a program, written when it is opened. @param {Session} session */
function cProgram(session) {
  const code = h("pre", { className: "c-program", tabIndex: 0, "aria-label": "C program" });
  const [copy, status] = copyButton("Copy", () => ({
    text: code.textContent ?? "",
    select: () => getSelection()?.selectAllChildren(code),
  }));
  const details = h(
    "details",
    {},
    h("summary", {}, "As a C program"),
    h(
      "p",
      { className: "hint" },
      `The calls up to this step, at most ${grouped(MOST_IN_C)}, in a main that compiles.`,
    ),
    code,
    h("p", {}, copy, " ", status),
  );
  const render = () => {
    if (!details.open || details.closest("[hidden]")) return;
    const { title, step } = session;
    fill(code, toC(session.history, { title, steps: step }));
    fill(status, "");
  };
  details.addEventListener("toggle", render);
  session.on(["log", "step"], render);
  return details;
}

/**
 * @param {Session} session
 * @param {Pictures} pictures
 */
export function exportPanel(session, pictures) {
  const status = h("output", { className: "copy-status" });
  const say = (/** @type {string} */ text) => fill(status, text);
  return h(
    "section",
    { "aria-labelledby": "export-title" },
    h("h3", { id: "export-title" }, "What you see, as a file"),
    ...pictureButtons(session, pictures, say),
    h(
      "p",
      { className: "hint" },
      "All steps: as JSON, which this page opens again; as CSV for a spreadsheet; or as a trace, as " +
        "mini-alloc trace writes it.",
    ),
    textButtons(session, say),
    h("p", {}, status),
    cProgram(session),
  );
}
