// A reader of modules: wasmparser, with what it lacks. Pure.
//
// wasmparser trusts its input: the bytes must be a valid module.

import { BinaryReader, BinaryReaderState as State } from "wasmparser";
import { MiniAllocError } from "../errors.js";
import { readUnsigned } from "./binary.js";

/**
 * The error for a valid module that the meter was not made for.
 * @param {string} what
 * @param {number} offset
 */
export const unsupported = (what, offset) =>
  new MiniAllocError(
    `cannot meter ${what} at 0x${offset.toString(16)}`,
    "build the module without that feature",
  );

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
export const idOf = ({ result }) =>
  /** @type {import("wasmparser").ISectionInformation} */ (result).id;

/**
 * Calls `visit` for everything that wasmparser tells of, with the offset at which it begins.
 * @param {Uint8Array} bytes
 * @param {(reader: BinaryReader, start: number) => void} visit
 * @throws {MiniAllocError} where wasmparser cannot go on
 */
export function walk(bytes, visit) {
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
