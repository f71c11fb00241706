// Imports for a module that is run without its own JavaScript: those that a plain program needs
// really work, all others do nothing and return 0. What was filled in, and with what, is told.

import { counted } from "../table.js";
import { services } from "./services.js";

/** @typedef {import("./module.js").Module} Module */
/** @typedef {import("./module.js").Import} Import */
/** @typedef {import("./services.js").Service} Service */
/** @typedef {import("./services.js").Surroundings} Surroundings */

/**
 * @typedef {object} Filled
 * @property {string} module
 * @property {string} name
 * @property {string} kind
 * @property {string} filled what it does
 */

/**
 * Returns what a module imports.
 * @param {Module} module
 * @param {Surroundings} surroundings
 * @returns {{imports: Record<string, Record<string, any>>, filled: Filled[],
 *   attach: (memory: WebAssembly.Memory | undefined) => void}} `attach` wants the memory before the
 *   module calls anything
 */
export function fillImports(module, surroundings) {
  /** @type {{memory: WebAssembly.Memory | undefined}} */
  const seen = { memory: undefined };
  const known = services(() => seen.memory, module, surroundings);
  /** @type {Record<string, Record<string, any>>} */
  const imports = {};
  const filled = module.imports.map((entry) => {
    const { does, value } = fill(entry, known);
    if (entry.kind === "memory") seen.memory = value;
    const names = (imports[entry.module] ??= {});
    names[entry.name] = value;
    return { module: entry.module, name: entry.name, kind: entry.kind, filled: does };
  });
  const attach = (/** @type {WebAssembly.Memory | undefined} */ memory) => {
    seen.memory ??= memory;
  };
  return { imports, filled, attach };
}

/**
 * @param {Import} entry
 * @param {Readonly<Record<string, Service>>} known
 * @returns {{does: string, value: any}}
 */
function fill(entry, known) {
  switch (entry.kind) {
    case "function": {
      const service = Object.hasOwn(known, entry.name) ? known[entry.name] : undefined;
      if (service) return { does: service.does, value: service.call };
      const zeros = entry.type.results.map(zero);
      const value = () => (zeros.length > 1 ? zeros : zeros[0]);
      return { does: zeros.length > 0 ? "returns 0" : "does nothing", value };
    }
    case "memory": {
      const { limits, shared, is64 } = entry.memory;
      const value = new WebAssembly.Memory(memoryDescriptor(limits, shared, is64));
      return { does: `a memory of ${counted(limits.minimum, "page")}`, value };
    }
    case "table": {
      const { minimum, maximum } = entry.limits;
      const sizes = maximum === undefined ? { initial: minimum } : { initial: minimum, maximum };
      const value = new WebAssembly.Table({ element: entry.element, ...sizes });
      return { does: `a table of ${counted(minimum, "element")}`, value };
    }
    case "global": {
      const type = entry.type === "reference" ? "externref" : entry.type;
      const value = new WebAssembly.Global(
        { value: type, mutable: entry.mutable },
        zero(entry.type),
      );
      return { does: "0", value };
    }
    default:
      return { does: "a tag of its own", value: tag(entry.type.parameters) };
  }
}

/** @param {import("./module.js").ValueType} type */
const zero = (type) => (type === "i64" ? 0n : type === "reference" ? null : 0);

/** @param {string[]} parameters */
function tag(parameters) {
  const { Tag } = /** @type {any} */ (WebAssembly);
  return new Tag({ parameters });
}

/**
 * The page counts of a 64-bit memory are BigInt in new engines, under `address`; old ones, behind
 * a flag, want numbers and `index`.
 * @param {import("./module.js").Limits} limits
 * @param {boolean} shared
 * @param {boolean} is64
 * @returns {any}
 */
function memoryDescriptor({ minimum, maximum }, shared, is64) {
  const numbers = { initial: minimum, ...(maximum === undefined ? {} : { maximum }), shared };
  if (!is64) return numbers;
  const big = Object.fromEntries(
    Object.entries(numbers).map(([key, n]) => [key, typeof n === "number" ? BigInt(n) : n]),
  );
  try {
    const descriptor = /** @type {any} */ ({ ...big, address: "i64" });
    void new WebAssembly.Memory({ ...descriptor, initial: 0n });
    return descriptor;
  } catch {
    return { ...numbers, index: "i64" };
  }
}
