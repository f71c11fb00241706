// Goes before the program (--pre-js): as much of a web page as Emscripten's memory profiler needs
// to show itself, and a last word in which it says what it has drawn.
// @ts-nocheck: it becomes a part of what emcc writes
/* global Module, emscriptenMemoryProfiler */

const elements = new Map();
const rectangles = [];

const element = (id) => {
  if (!elements.has(id)) {
    elements.set(id, {
      innerHTML: "",
      style: {},
      value: "",
      options: [{ value: "bytes" }],
      selectedIndex: 0,
      addEventListener() {},
      appendChild() {},
      clientWidth: 1000,
      width: 1000,
      height: 50,
      getContext: () => ({
        fillStyle: "",
        fillRect(...rectangle) {
          rectangles.push([this.fillStyle, ...rectangle]);
        },
        beginPath() {},
        moveTo() {},
        lineTo() {},
        stroke() {},
      }),
    });
  }
  return elements.get(id);
};

globalThis.document = {
  getElementById: element,
  createElement: () => element("new"),
  body: element("body"),
  documentElement: element("html"),
};
globalThis.location = { search: "" };
globalThis.setInterval = () => 0;

Module.preRun = [
  () => {
    emscriptenMemoryProfiler.detailedHeapUsage = true;
    emscriptenMemoryProfiler.initialize();
  },
];
Module.postRun = [
  () => {
    emscriptenMemoryProfiler.updateUi();
    console.log(element("memoryprofiler_summary").innerHTML);
    const drawn = new Set(rectangles.map(([color]) => color));
    console.log(`\ncolors: ${[...drawn].join(" ")}`);
    console.log(`blocks: ${Object.values(emscriptenMemoryProfiler.sizeOfAllocatedPtr).join(" ")}`);
  },
];
