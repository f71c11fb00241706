// Compression as browsers and Node have it, and back; what grows beyond a limit is refused while it
// grows. Pure.

import { CodecError } from "./codec.js";

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function deflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {number} most bytes that may come out
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {CodecError}
 */
export async function inflate(bytes, most) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new CodecError("is cut off or changed");
    });
    if (done) return new Uint8Array(await new Blob(pieces).arrayBuffer());
    pieces.push(value);
    length += value.length;
    if (length <= most) continue;
    await reader.cancel().catch(() => {});
    throw new CodecError("holds more calls than a log may have");
  }
}
