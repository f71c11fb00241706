// Tabs, after the pattern of the ARIA Authoring Practices: arrows move between them, Tab goes on.

import { h } from "./dom.js";

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {string} name
 * @property {(panel: HTMLElement) => void} mount called when the tab is opened first
 */

/**
 * @param {HTMLElement} root
 * @param {readonly Tab[]} tabs
 * @param {string} label
 */
export function mountTabs(root, tabs, label) {
  const mounted = new Set();
  const panels = tabs.map(({ id }) =>
    h("div", { id: `panel-${id}`, role: "tabpanel", hidden: true, "aria-labelledby": `tab-${id}` }),
  );
  const buttons = tabs.map(({ id, name }, i) =>
    h(
      "button",
      {
        ...{ type: "button", role: "tab", id: `tab-${id}`, tabIndex: i === 0 ? 0 : -1 },
        ...{ "aria-controls": `panel-${id}`, "aria-selected": "false" },
        onclick: () => open(id),
      },
      name,
    ),
  );

  /** @param {string} id */
  function open(id) {
    for (const [i, tab] of tabs.entries()) {
      const [button, panel] = [buttons[i], panels[i]];
      if (!button || !panel) continue;
      const isOpen = tab.id === id;
      button.ariaSelected = String(isOpen);
      button.tabIndex = isOpen ? 0 : -1;
      panel.hidden = !isOpen;
      if (!isOpen) continue;
      if (!mounted.has(id)) tab.mount(panel);
      mounted.add(id);
      panel.dispatchEvent(new CustomEvent("open"));
    }
  }

  const list = h("div", { role: "tablist", "aria-label": label }, ...buttons);
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[
      event.key
    ];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const button = buttons[(to + buttons.length) % buttons.length];
    button?.focus();
    button?.click();
  });
  root.append(list, ...panels);
  return { open };
}
