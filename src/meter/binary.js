// The few pieces of WebAssembly's binary format that the meter writes. Pure.

/** Bytes that grow as they are written. */
export class Writer {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** @param {number} more */
  #reserve(more) {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** @param {...number} values */
  byte(...values) {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.#length++] = value;
    return this;
  }

  /** @param {Uint8Array} bytes */
  bytes(bytes) {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** An unsigned number as LEB128. @param {number} value */
  unsigned(value) {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    return this.byte(rest);
  }

  /** A number from 0 to 2 ** 53 as signed LEB128: what i64.const takes. @param {number} value */
  signed(value) {
    let rest = value;
    for (; rest > 0x3f; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    return this.byte(rest);
  }

  /** @param {string} text */
  name(text) {
    return this.sized(new TextEncoder().encode(text));
  }

  /** Bytes with their number before them. @param {Uint8Array} bytes */
  sized(bytes) {
    return this.unsigned(bytes.length).bytes(bytes);
  }

  /** What has been written so far. */
  get written() {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets it all, and keeps the space. */
  clear() {
    this.#length = 0;
    return this;
  }
}

/**
 * Reads an unsigned LEB128 number that is known to be whole.
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {{value: number, end: number}}
 */
export function readUnsigned(bytes, at) {
  let value = 0;
  let scale = 1;
  for (let end = at; ; end++, scale *= 0x80) {
    const byte = bytes[end] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: end + 1 };
  }
}
