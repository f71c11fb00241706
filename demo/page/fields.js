// The fields of a call: what each parameter is asked for by, and how its text is read.

import { FORMS, LARGEST } from "../engine/calls.js";
import { grouped } from "../engine/words.js";
import { h } from "./dom.js";

/** @typedef {import("../engine/calls.js").Call} Call */
/** @typedef {import("../engine/calls.js").Form} Form */
/** @typedef {import("../engine/calls.js").Parameter} Parameter */

/** @type {Readonly<Record<Parameter, {label: string, hint: string, first: string}>>} */
const PARAMETERS = {
  size: {
    label: "Bytes",
    hint: "a number from 0 to 4,294,967,295, such as 100 or 0x64",
    first: "100",
  },
  count: { label: "Count", hint: "a number from 0 to 4,294,967,295, such as 10", first: "10" },
  align: { label: "Alignment", hint: "a power of two, such as 64", first: "64" },
  block: { label: "Block", hint: "a block such as p1, or NULL", first: "" },
  mark: { label: "Mark", hint: "a mark such as m1", first: "m1" },
};

/** A text that is not what its field asks for. */
export class FieldError extends Error {
  /** @param {Field} field */
  constructor(field) {
    super(`expected ${PARAMETERS[field.parameter].hint}`);
    this.name = "FieldError";
    this.field = field;
  }
}

/**
 * Reads a field's text; blocks and marks are returned as their numbers, NULL as 0.
 * @param {Parameter} parameter
 * @param {string} text
 * @returns {number | undefined} undefined if it is not what is asked for
 */
function readField(parameter, text) {
  const plain = text.trim().replaceAll(",", "");
  if (parameter === "block" && /^(null|0)$/i.test(plain)) return 0;
  if (parameter === "block" || parameter === "mark") {
    const letter = parameter === "block" ? "p" : "m";
    const [, number] = new RegExp(`^${letter}?([1-9]\\d{0,6})$`, "i").exec(plain) ?? [];
    return number === undefined ? undefined : Number(number);
  }
  if (!/^(\d+|0x[\da-f]+)$/i.test(plain)) return undefined;
  return Number(plain) <= LARGEST ? Number(plain) : undefined;
}

/**
 * @typedef {object} Field
 * @property {Parameter} parameter
 * @property {HTMLLabelElement} label with the input in it
 * @property {HTMLInputElement} input
 */

/**
 * Makes the field of a parameter.
 * @param {Parameter} parameter
 * @returns {Field}
 */
export function fieldOf(parameter) {
  const { label: name, first } = PARAMETERS[parameter];
  const input = h("input", {
    ...{ type: "text", autocomplete: "off", spellcheck: false, className: `field ${parameter}` },
    ...{ value: first, "data-parameter": parameter },
    inputmode: parameter === "block" || parameter === "mark" ? "text" : "numeric",
  });
  return { parameter, input, label: h("label", {}, h("span", {}, name), input) };
}

/**
 * Reads the fields of a call.
 * @param {Form["op"]} op
 * @param {readonly Field[]} fields
 * @returns {Call}
 * @throws {FieldError} at the first that cannot be read
 */
export function callFrom(op, fields) {
  const args = fields.map((field) => {
    const value = readField(field.parameter, field.input.value);
    if (value === undefined) throw new FieldError(field);
    return value;
  });
  return { op, args };
}

/** What the button says of each. @type {Readonly<Record<Form["op"], (args: string[]) => string>>} */
const VERBS = {
  malloc: ([size]) => `Allocate ${size}`,
  calloc: ([count, size]) => `Allocate ${count} × ${size}`,
  realloc: ([block, size]) => `Resize ${block || "…"} to ${size}`,
  free: ([block]) => `Free ${block || "…"}`,
  aligned_alloc: ([align, size]) => `Allocate ${size}, aligned to ${align}`,
  mini_alloc: ([size, align]) => `Allocate ${size}, aligned to ${align}`,
  mark: () => "Note the pointer",
  reset: ([mark]) => `Go back to ${mark || "…"}`,
};

/**
 * What the button of a call says.
 * @param {Form["op"]} op
 * @param {readonly Field[]} fields
 */
export function verbOf(op, fields) {
  const texts = fields.map(({ parameter, input }) => {
    const text = input.value.trim();
    const isNumber = parameter === "size" || parameter === "count" || parameter === "align";
    return isNumber && /^\d+$/.test(text) ? grouped(Number(text)) : text;
  });
  return VERBS[op](texts);
}

/** @param {Form["op"]} op */
export const parametersOf = (op) => FORMS.find((form) => form.op === op)?.parameters ?? [];
