// The address of the page: which calls, which step, and how they are looked at, all after the #, so
// that no server is told. Pure.
//
//   #v=1&s=first&n=3                  step 3 of a scenario
//   #v=1&log=c9OQ...&n=3&d=1          step 3 of these calls (codec.js), with decimal addresses
//
//   v  version: 1                     t  theme: dark or light
//   s  id of a scenario               m  off: no motion
//   w  full: its long form            d  1: decimal addresses
//   log  calls, if no scenario        z  addresses shown, from-to in hexadecimal
//   n  step

import { SCENARIOS } from "../engine/scenarios.js";
import { grouped } from "../engine/words.js";
import { CodecError, MOST_BYTES, decodeCalls, encodeCalls } from "./codec.js";
import { deflate, inflate } from "./deflate.js";

/** @typedef {import("../engine/calls.js").Call} Call */

/**
 * @typedef {object} View
 * @property {"dark" | "light"} [theme]
 * @property {boolean} [still] no motion
 * @property {boolean} [decimal]
 * @property {{from: number, to: number}} [window] addresses
 */

/** @typedef {View & {scenario?: string, full?: boolean, calls?: Call[], step?: number}} Address */

/** A sentence for whoever has opened the link. */
export class AddressError extends Error {
  /** @param {string} what the rest of "This link ..." */
  constructor(what) {
    super(`This link ${what}.`);
    this.name = "AddressError";
  }
}

const VERSION = "1";

/** Longer links are cut off by some programs that carry them. */
export const LONGEST_LINK = 2000;

const MOST_CHARACTERS = 4_000_000;
const MOST_ADDRESS = 2 ** 32;

// ---- writing -------------------------------------------------------------------------------------

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * Returns the part of an address that holds calls. It is the dear part, so whoever writes many
 * addresses of one log keeps it.
 * @param {Iterable<Call>} calls
 * @param {number} length how many
 */
export const packCalls = async (calls, length) =>
  base64url(await deflate(encodeCalls(calls, length)));

/**
 * Returns the address, from its #.
 * @param {View & {scenario?: string | undefined, full?: boolean, log?: string, step: number}} parts
 *   `log` from packCalls, where there is no scenario
 */
export function writeAddress({ scenario, full, log, step, theme, still, decimal, window }) {
  const parts = new URLSearchParams({ v: VERSION });
  if (scenario !== undefined) parts.set("s", scenario);
  else if (log !== undefined) parts.set("log", log);
  if (scenario !== undefined && full) parts.set("w", "full");
  parts.set("n", String(step));
  if (theme) parts.set("t", theme);
  if (still) parts.set("m", "off");
  if (decimal) parts.set("d", "1");
  if (window) parts.set("z", `${window.from.toString(16)}-${window.to.toString(16)}`);
  return `#${parts}`;
}

// ---- reading -------------------------------------------------------------------------------------

/** @param {string} text */
function fromBase64url(text) {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) {
    throw new CodecError("is cut off or changed");
  }
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {string} log */
async function unpackCalls(log) {
  try {
    return decodeCalls(await inflate(fromBase64url(log), MOST_BYTES));
  } catch (error) {
    throw error instanceof CodecError ? new AddressError(error.message) : error;
  }
}

/** @param {string} id */
function checkScenario(id) {
  if (SCENARIOS.some((scenario) => scenario.id === id)) return id;
  throw new AddressError("names a scenario that this page does not have");
}

/** @param {string} text */
function readStep(text) {
  // Digits beyond any log need not be exact.
  if (/^\d{1,300}$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  throw new AddressError("names a step that is no number");
}

/** @param {URLSearchParams} parts @returns {View} */
function readView(parts) {
  const theme = parts.get("t");
  const window = readWindow(parts.get("z"));
  return {
    ...(theme === "dark" || theme === "light" ? { theme } : {}),
    ...(parts.get("m") === "off" ? { still: true } : {}),
    ...(parts.get("d") === "1" ? { decimal: true } : {}),
    ...(window ? { window } : {}),
  };
}

/** What cannot be shown is not: the calls are what matters. @param {string | null} text */
function readWindow(text) {
  const [, low = "", high = ""] = /^([\da-f]{1,9})-([\da-f]{1,9})$/i.exec(text ?? "") ?? [];
  const [from, to] = [Number.parseInt(low, 16), Number.parseInt(high, 16)];
  return from < to && to <= MOST_ADDRESS ? { from, to } : undefined;
}

/**
 * Reads what comes after the # of an address.
 * @param {string} hash with its # or without
 * @returns {Promise<Address | undefined>} undefined if it is none of ours, as #stage
 * @throws {AddressError}
 */
export async function readAddress(hash) {
  if (hash.length > MOST_CHARACTERS) throw new AddressError("is too long");
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const version = parts.get("v");
  if (version === null) return undefined;
  if (version !== VERSION) throw new AddressError("was made by another version of this page");
  const [id, log, n] = ["s", "log", "n"].map((name) => parts.get(name));
  /** @type {Address} */
  const address = readView(parts);
  if (typeof n === "string") address.step = readStep(n);
  if (typeof id === "string") {
    address.scenario = checkScenario(id);
    if (parts.get("w") === "full") address.full = true;
  } else if (typeof log === "string") {
    address.calls = await unpackCalls(log);
    checkStep(address.step, address.calls.length);
  }
  return address;
}

/** @param {number | undefined} step @param {number} steps */
export function checkStep(step, steps) {
  if (step === undefined || step <= steps) return;
  throw new AddressError(`asks for step ${grouped(step)}, but the last one is ${grouped(steps)}`);
}
