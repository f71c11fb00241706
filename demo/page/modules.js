// The allocators of the page, compiled: from where the build has put them.

import { manifest, wasm } from "virtual:modules";

/**
 * @typedef {object} Allocator
 * @property {string} name
 * @property {string} about for a reader
 * @property {number} bytes of its plain module
 * @property {import("../engine/machine.js").Modules} modules
 * @property {Uint8Array} timed a module that runs scripts in a loop, for the clock
 */

/** @returns {Promise<Map<string, Allocator>>} in the order of the manifest, mini-alloc first */
export async function loadAllocators() {
  const all = manifest.modules.map(async ({ name, about, bytes }) => {
    const [plain, metered] = await Promise.all(
      [wasm[`${name}.wasm`], wasm[`${name}.ink.wasm`]].map((code) =>
        WebAssembly.compile(/** @type {BufferSource} */ (code)),
      ),
    );
    const modules = /** @type {import("../engine/machine.js").Modules} */ ({ plain, metered });
    const timed = /** @type {Uint8Array} */ (wasm[`${name}.time.wasm`]);
    return /** @type {const} */ ([name, { name, about, bytes, modules, timed }]);
  });
  return new Map(await Promise.all(all));
}
