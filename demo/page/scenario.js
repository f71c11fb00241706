// Which scenario is shown, and what it shows.

import { SCENARIOS, WALK_PAGES } from "../engine/scenarios.js";
import { fill, h } from "./dom.js";

const NONE = "none";
const FULL = "walk-full";

/**
 * @param {HTMLSelectElement} select
 * @param {HTMLElement} about
 * @param {import("./session.js").Session} session
 */
export function mountScenario(select, about, session) {
  const own = h("option", { value: NONE }, "Your calls");
  select.append(
    own,
    ...SCENARIOS.map(({ id, name }, i) => h("option", { value: id }, `${i + 1}. ${name}`)),
    h("option", { value: FULL }, "Edge cases: the full walk, 2 GiB"),
  );
  select.addEventListener("change", () => {
    if (select.value === NONE) return session.clear();
    if (select.value === FULL) return fullWalk();
    void session.load(select.value);
  });

  // Its blocks are never written to, so that no memory is really taken for most of its pages.
  function fullWalk() {
    void session.load("walk", { pages: WALK_PAGES.full });
  }

  const render = () => {
    const { scenario, title, isReadOnly } = session;
    own.textContent = scenario === undefined ? title : "Your calls";
    select.value = scenario ?? NONE;
    const known = SCENARIOS.find(({ id }) => id === scenario)?.about;
    fill(about, known ?? (isReadOnly ? "A recording, as it was: nothing can be called." : ""));
  };
  session.on(["log"], render);
  render();
}
