// How addresses are written: 0x00010448, or 66,632 for who asked for it.

import { address, grouped } from "../engine/words.js";

/**
 * Returns the function that writes addresses as the settings say at that moment.
 * @param {import("./settings.js").Settings} settings
 * @returns {(at: number) => string}
 */
export const numbersOf = (settings) => (at) =>
  settings.get("numbers") === "hex" ? address(at) : grouped(at);
