// Reads what the meter needs to know of a module. Pure.
//
// Decoding is wasmparser's; it trusts its input, so the bytes must be a valid module.

import {
  BinaryReader,
  BinaryReaderState as State,
  ExternalKind,
  OperatorCodeNames,
  bytesToString,
} from "wasmparser";
import { MiniAllocError } from "../errors.js";
import { readUnsigned } from "./binary.js";

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

/**
 * @typedef {object} Operator
 * @property {string} name as in the specification
 * @property {number} start offset of its first byte
 * @property {number} end offset behind it
 * @property {number} targets of br_table, without its default
 * @property {number} parameters of the type that call_indirect names
 */

/**
 * @typedef {object} Body
 * @property {number} locals offset of the number of groups of locals
 * @property {number} code offset of the first operator
 * @property {number} end offset behind it
 * @property {number} declared locals beside the parameters
 */

/** What a module that no part of the meter was made for looks like. @param {number} offset */
const unsupported = (/** @type {string} */ what, offset) =>
  new MiniAllocError(
    `cannot meter ${what} at 0x${offset.toString(16)}`,
    "build the module without that feature",
  );

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

/** A reader of `bytes` at their beginning. @param {Uint8Array} bytes */
function readerOf(bytes) {
  const reader = new BinaryReader();
  // It takes some indices for one byte, which LLVM pads to five: the table of call_indirect.
  const { readVarUint32 } = /** @type {any} */ (reader);
  Object.assign(reader, { readVarUint1: readVarUint32 });
  // It wants the whole of a buffer.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  reader.setData(/** @type {ArrayBuffer} */ (own.buffer), 0, own.length);
  return reader;
}

// Sections that do not begin with the number of their entries: custom, start, data count.
const UNCOUNTED = new Set([0, 8, 12]);

/** The section that begins. @param {BinaryReader} reader */
const idOf = ({ result }) => /** @type {import("wasmparser").ISectionInformation} */ (result).id;

/**
 * Calls `visit` for everything that wasmparser tells of, with the offset at which it begins.
 * @param {Uint8Array} bytes
 * @param {(reader: BinaryReader, start: number) => void} visit
 * @throws {MiniAllocError} where wasmparser cannot go on
 */
function walk(bytes, visit) {
  const reader = readerOf(bytes);
  let start = 0;
  try {
    while (reader.read()) {
      if (reader.state === State.ERROR) throw reader.error;
      visit(reader, start);
      const counted = reader.state === State.BEGIN_SECTION && !UNCOUNTED.has(idOf(reader));
      start = counted ? readUnsigned(bytes, reader.position).end : reader.position;
    }
  } catch (error) {
    if (error instanceof MiniAllocError) throw error;
    throw unsupported(error instanceof Error ? `'${error.message}'` : "something", start);
  }
}

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

/** @param {Module} module @param {number} index @returns {FunctionType} */
const typeAt = (module, index) => module.types[index] ?? { parameters: [], results: [] };

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

/**
 * Calls `begin` for every function body of a module and `operator` for every operator in it.
 * @param {Uint8Array} bytes a valid module
 * @param {Module} module what readModule said of it
 * @param {{begin: (body: Body) => void, operator: (operator: Operator) => void}} visitor the
 *   operator that it is given changes with every call
 */
export function walkCode(bytes, module, visitor) {
  const operator = { name: "", start: 0, end: 0, targets: 0, parameters: 0 };
  walk(bytes, (reader, start) => {
    if (reader.state === State.CODE_OPERATOR) {
      const result = /** @type {import("wasmparser").IOperatorInformation} */ (reader.result);
      const { code, brTable, typeIndex = 0 } = result;
      operator.name = code === TYPED_SELECT ? "select (typed)" : (OperatorCodeNames[code] ?? "");
      operator.start = start;
      operator.end = reader.position;
      operator.targets = brTable ? brTable.length - 1 : 0;
      operator.parameters =
        code === CALL_INDIRECT ? typeAt(module, typeIndex).parameters.length : 0;
      visitor.operator(operator);
    } else if (reader.state === State.BEGIN_FUNCTION_BODY) {
      const { locals } = /** @type {import("wasmparser").IFunctionInformation} */ (reader.result);
      const size = readUnsigned(bytes, start);
      visitor.begin({
        locals: size.end,
        code: reader.position,
        end: size.end + size.value,
        declared: locals.reduce((sum, { count }) => sum + count, 0),
      });
    } else if (reader.state === State.BEGIN_SECTION) {
      if (idOf(reader) !== CODE) reader.skipSection();
    }
  });
}

const CODE = 10;
const CALL_INDIRECT = 0x11;
const TYPED_SELECT = 0x1c;
