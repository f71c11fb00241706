// Describes a module: what the meter needs to know of it beside its code. Pure.

import { BinaryReaderState as State, ExternalKind, bytesToString } from "wasmparser";
import { readUnsigned } from "./binary.js";
import { unsupported, walk } from "./reader.js";

/** @typedef {"i32" | "i64" | "f32" | "f64" | "v128" | "reference"} ValueType */

/**
 * @typedef {object} FunctionType
 * @property {ValueType[]} parameters
 * @property {ValueType[]} results
 */

/**
 * @typedef {object} Limits of a memory or table; of a memory in pages
 * @property {number} minimum
 * @property {number | undefined} maximum
 */

/**
 * @typedef {object} Memory
 * @property {Limits} limits
 * @property {boolean} shared
 * @property {boolean} is64 its addresses are i64
 */

/**
 * @typedef {{kind: "function", type: FunctionType} | {kind: "memory", memory: Memory}
 *   | {kind: "table", limits: Limits, element: "externref" | "anyfunc"}
 *   | {kind: "global", type: ValueType, mutable: boolean}
 *   | {kind: "tag", type: FunctionType}} External
 */

/** @typedef {{module: string, name: string} & External} Import */

/** @typedef {{name: string, kind: External["kind"], index: number}} Export */

/**
 * @typedef {object} Section
 * @property {number} id as the binary format has it; 0 is a custom section
 * @property {string} name of a custom section
 * @property {number} start offset of its contents
 * @property {number} end offset behind it
 */

/**
 * @typedef {object} Module
 * @property {Section[]} sections in their order
 * @property {FunctionType[]} types those that are none of a function are empty
 * @property {Import[]} imports
 * @property {Export[]} exports
 * @property {FunctionType[]} functions imported ones first
 * @property {number} importedFunctions
 * @property {number} globals imported ones included
 * @property {Memory | undefined} memory the only one
 */

// Type codes of the binary format as wasmparser has them: one signed byte.
/** @type {Readonly<Record<number, ValueType>>} */
const VALUE_TYPES = { [-1]: "i32", [-2]: "i64", [-3]: "f32", [-4]: "f64", [-5]: "v128" };
const EXTERNREF = -17;

/** @param {import("wasmparser").Type} type @returns {ValueType} */
const valueType = (type) => VALUE_TYPES[type.kind] ?? "reference";

/** @param {import("wasmparser").ITypeEntry} entry @returns {FunctionType} */
const functionType = ({ params = [], returns = [] }) => ({
  parameters: params.map(valueType),
  results: returns.map(valueType),
});

/** @param {import("wasmparser").IResizableLimits} limits @returns {Limits} */
const limitsOf = ({ initial, maximum }) => ({ minimum: initial, maximum });

/** @param {import("wasmparser").IMemoryType} type @param {number} flags @returns {Memory} */
const memoryOf = (type, flags) => ({
  limits: limitsOf(type.limits),
  shared: type.shared,
  is64: (flags & 4) !== 0,
});

const KINDS = /** @type {const} */ (["function", "table", "memory", "global", "tag"]);

/**
 * Describes a module.
 * @param {Uint8Array} bytes a valid module
 * @returns {Module}
 * @throws {MiniAllocError} if it has what cannot be metered
 */
export function readModule(bytes) {
  /** @type {Module} */
  const module = {
    ...{ sections: [], types: [], imports: [], exports: [], functions: [] },
    ...{ importedFunctions: 0, globals: 0, memory: undefined },
  };
  const { sections, types, functions } = module;
  /** @type {Readonly<Record<number, (result: any, start: number) => void>>} */
  const entries = {
    [State.TYPE_SECTION_ENTRY]: (entry) => types.push(functionType(entry)),
    [State.FUNCTION_SECTION_ENTRY]: ({ typeIndex }) => functions.push(typeAt(module, typeIndex)),
    [State.BEGIN_GLOBAL_SECTION_ENTRY]: () => module.globals++,
    [State.IMPORT_SECTION_ENTRY]: (entry, start) => addImport(module, entry, bytes, start),
    [State.MEMORY_SECTION_ENTRY]: (entry, start) =>
      setMemory(module, memoryOf(entry, bytes[start] ?? 0), start),
    [State.EXPORT_SECTION_ENTRY]: ({ field, kind, index }) => {
      module.exports.push({ name: bytesToString(field), kind: KINDS[kind] ?? "function", index });
    },
  };
  walk(bytes, (reader, start) => {
    if (reader.state === State.BEGIN_SECTION) {
      const { id, name } = /** @type {import("wasmparser").ISectionInformation} */ (reader.result);
      const contents = readUnsigned(bytes, start + 1);
      const end = contents.end + contents.value;
      sections.push({ id, name: name ? bytesToString(name) : "", start: contents.end, end });
      if (SKIPPED.has(id)) reader.skipSection();
    } else {
      entries[reader.state]?.(reader.result, start);
    }
  });
  return module;
}

// Custom, element, code and data sections: nothing in them describes the module.
const SKIPPED = new Set([0, 9, 10, 11]);

/** The type with that index. @param {Module} module @param {number} index @returns {FunctionType} */
export const typeAt = (module, index) => module.types[index] ?? { parameters: [], results: [] };

/** @param {Module} module @param {Memory} memory @param {number} offset */
function setMemory(module, memory, offset) {
  if (module.memory) throw unsupported("a second memory", offset);
  module.memory = memory;
}

/**
 * @param {Module} module
 * @param {import("wasmparser").IImportEntry} entry
 * @param {Uint8Array} bytes
 * @param {number} start of the entry
 */
function addImport(module, entry, bytes, start) {
  const external = externalOf(module, entry, flagsOfImport(bytes, start));
  if (external.kind === "function") {
    module.functions.push(external.type);
    module.importedFunctions++;
  }
  if (external.kind === "global") module.globals++;
  if (external.kind === "memory") setMemory(module, external.memory, start);
  const names = { module: bytesToString(entry.module), name: bytesToString(entry.field) };
  module.imports.push({ ...names, ...external });
}

/**
 * @param {Module} module
 * @param {import("wasmparser").IImportEntry} entry
 * @param {number} flags of its limits, if it is a memory
 * @returns {External}
 */
function externalOf(module, { kind, funcTypeIndex = 0, type }, flags) {
  const any = /** @type {any} */ (type);
  switch (kind) {
    case ExternalKind.Function:
      return { kind: "function", type: typeAt(module, funcTypeIndex) };
    case ExternalKind.Memory:
      return { kind: "memory", memory: memoryOf(any, flags) };
    case ExternalKind.Table: {
      const element = any.elementType.kind === EXTERNREF ? "externref" : "anyfunc";
      return { kind: "table", limits: limitsOf(any.limits), element };
    }
    case ExternalKind.Global:
      return { kind: "global", type: valueType(any.contentType), mutable: any.mutability === 1 };
    default:
      return { kind: "tag", type: typeAt(module, any.typeIndex) };
  }
}

/** The byte behind the two names and the kind of an import. wasmparser does not tell of memory64. */
function flagsOfImport(/** @type {Uint8Array} */ bytes, /** @type {number} */ start) {
  const module = readUnsigned(bytes, start);
  const name = readUnsigned(bytes, module.end + module.value);
  return bytes[name.end + name.value + 1] ?? 0;
}
