// What a reader prefers: kept in this browser, and carried by links.

/**
 * @typedef {object} Values
 * @property {"auto" | "light" | "dark"} theme
 * @property {"auto" | "off"} motion
 * @property {"hex" | "decimal"} numbers how addresses are written
 * @property {boolean} askFirst a question before each step
 */

const KEY = "mini-alloc";

/** @type {Readonly<{[Name in keyof Values]: readonly Values[Name][]}>} the first is the default */
const CHOICES = {
  theme: ["auto", "light", "dark"],
  motion: ["auto", "off"],
  numbers: ["hex", "decimal"],
  askFirst: [false, true],
};

export class Settings {
  /** @type {Values} */
  #values = { theme: "auto", motion: "auto", numbers: "hex", askFirst: false };
  /** @type {Record<string, unknown>} what the reader has chosen, of which a link changes nothing */
  #kept = read();
  /** @type {(() => void)[]} */
  #listeners = [];

  constructor() {
    for (const name of /** @type {(keyof Values)[]} */ (Object.keys(CHOICES))) {
      this.#take(name, this.#kept[name]);
    }
    this.#apply();
  }

  /**
   * @template {keyof Values} Name
   * @param {Name} name
   * @param {unknown} value taken only if it is one of the choices
   */
  #take(name, value) {
    const choice = CHOICES[name].find((one) => one === value);
    if (choice !== undefined) this.#values[name] = choice;
  }

  /** @template {keyof Values} Name @param {Name} name @returns {Values[Name]} */
  get(name) {
    return this.#values[name];
  }

  /** @template {keyof Values} Name @param {Name} name @param {Values[Name]} value */
  set(name, value) {
    this.#kept[name] = value;
    write(this.#kept);
    this.borrow(name, value);
  }

  /**
   * Takes a value that is not the reader's own, such as that of a link, for as long as the page
   * stays.
   * @template {keyof Values} Name
   * @param {Name} name
   * @param {Values[Name]} value
   */
  borrow(name, value) {
    if (this.#values[name] === value) return;
    this.#take(name, value);
    this.#apply();
    for (const listener of this.#listeners) listener();
  }

  /** @param {() => void} listener called after each change */
  on(listener) {
    this.#listeners.push(listener);
  }

  // Style sheets, and whoever draws, read the root element.
  #apply() {
    const { dataset } = document.documentElement;
    dataset["theme"] = this.#values.theme;
    dataset["motion"] = this.#values.motion;
  }
}

// A page opened from a file, or in a private window, may have no storage: then nothing is kept.

/** @returns {Record<string, unknown>} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} values */
function write(values) {
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // It is forgotten with the page.
  }
}
