// Numbers in words: the same everywhere, whatever the language of the browser. Pure.

/** Digits in threes: 65,536. @param {number} n */
export const grouped = (n) => String(n).replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** An address: 0x00010448. @param {number} at */
export const address = (at) => `0x${at.toString(16).padStart(8, "0")}`;

/** A number of things: 1 page, 2 pages. @param {number} n @param {string} thing */
export const count = (n, thing) => `${grouped(n)} ${thing}${n === 1 ? "" : "s"}`;

/** @param {number} n */
export const bytes = (n) => count(n, "byte");
