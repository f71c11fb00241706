// Elements in one expression. Text is always text: nothing here, or anywhere in the page, takes HTML.

/** @typedef {Node | string | number | false | null | undefined} Child */

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties] `on…` are listeners; what the element has as a
 *   property is set as such, anything else is an attribute, absent if undefined or false
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (name in element && !name.includes("-") && name !== "list" && name !== "form") {
      /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (element))[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...nodes(children));
  return element;
}

/** @param {readonly Child[]} children @returns {(Node | string)[]} */
const nodes = (children) =>
  children
    .filter((child) => child !== false && child !== null && child !== undefined)
    .map((child) => (child instanceof Node ? child : String(child)));

/**
 * Puts other children into an element, if they are not the same text already: a live region must
 * not be told twice.
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  const texts = children.every((child) => !(child instanceof Node));
  const text = nodes(children).join("");
  if (texts && element.childElementCount === 0 && element.textContent === text) return;
  element.replaceChildren(...nodes(children));
}

/**
 * The element of the page with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element '${id}'`);
  return element;
}
