// Asks the engine whether a module is one, and turns its answer into ours.

import { setFlagsFromString } from "node:v8";
import { MiniAllocError } from "../errors.js";

const ARCHITECTURE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** @param {Uint8Array} bytes @returns {string | undefined} what is wrong, in the engine's words */
function complaint(bytes) {
  try {
    void new WebAssembly.Module(/** @type {BufferSource} */ (bytes));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Returns what is still wrong, and whether the module needs what is not part of the engine yet.
 * Turns on what the engine has but does not offer by itself, as far as the module needs it:
 * memory64 in Node 20, for one. The engine's complaint names the flag.
 * @param {Uint8Array} bytes
 */
function complaintWithFeatures(bytes) {
  /** @type {Set<string>} */
  const tried = new Set();
  for (;;) {
    const message = complaint(bytes);
    const [flag] = /--experimental-wasm-[\w-]+/.exec(message ?? "") ?? [];
    if (flag === undefined || tried.has(flag)) return { message, experimental: tried.size > 0 };
    tried.add(flag);
    setFlagsFromString(flag);
  }
}

/** What an engine says of a feature that it has never heard of. */
const NOT_KNOWN = /feature|limits flags|(?:invalid|unknown) (?:opcode|prefix|value type)/i;

/**
 * Checks that this engine can run a module.
 * @param {Uint8Array} bytes
 * @param {string} name what an error calls it
 * @throws {MiniAllocError} with the offset at which it is damaged
 */
export function validate(bytes, name) {
  const different = ARCHITECTURE.findIndex((byte, i) => bytes[i] !== byte);
  if (different >= 0) {
    throw new MiniAllocError(
      `cannot meter '${name}': not a WebAssembly module, at 0x${different.toString(16)}`,
      "name the .wasm file that emcc writes beside its JavaScript, or with -o NAME.wasm",
    );
  }
  const { message, experimental } = complaintWithFeatures(bytes);
  if (message === undefined) return;
  const [, why = message, offset] = /^[^:]*: (.*?)(?: @\+(\d+))?$/s.exec(message) ?? [];
  const place = offset === undefined ? "" : `, at 0x${Number(offset).toString(16)}`;
  const unknown = experimental || NOT_KNOWN.test(why);
  throw new MiniAllocError(
    `cannot meter '${name}': ${why}${place}`,
    unknown
      ? "a newer Node, or a build without that feature"
      : "build the module again: the file is damaged or not whole",
  );
}
