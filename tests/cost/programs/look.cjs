// Looks at instances in every way that a program can. What it prints must not depend on whether
// the module was instrumented: node look.cjs MODULE
const { readFileSync } = require("node:fs");

const { Module, Instance, Memory, compile, instantiate } = WebAssembly;
const bytes = readFileSync(process.argv[2]);

function show(what, instance) {
  const { exports } = instance;
  console.log(what, Object.keys(exports).join(), Object.isFrozen(exports), exports.add(2, 3));
  console.log(Object.getPrototypeOf(exports), "__ink" in exports, instance instanceof Instance);
}

async function main() {
  const module = new Module(bytes);
  console.log(
    Module.exports(module)
      .map(({ name }) => name)
      .join(),
    module instanceof Module,
  );
  console.log(Module.imports(module).length, Module.customSections(module, "note").length);
  show("new", new Instance(module));
  show("instantiate a module", await instantiate(module));
  const both = await instantiate(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  show("instantiate bytes", both.instance);
  console.log(both.module instanceof Module);
  show("compile", await instantiate(await compile(bytes)));
  await instantiate(bytes.subarray(0, 20)).catch((error) => console.log(error.name));
  try {
    void new Module(new Uint8Array(4));
  } catch (error) {
    console.log(error.name);
  }
  try {
    new Memory({ initial: 1, maximum: 2 }).grow(5);
  } catch (error) {
    console.log(error.name);
  }
}

main();
