// A button that goes on while it is held: eight times a second, and after two seconds sixty.

const FIRST = 500;
const SLOW = 125;
const FAST = 1000 / 60;
const SLOWLY = 2000;

/**
 * Calls `act` again and again while the button is held by a pointer. The first time is the click's.
 * (A key that is held repeats by itself.)
 * @param {HTMLButtonElement} button
 * @param {() => Promise<void>} act
 */
export function repeatWhileHeld(button, act) {
  let press = 0; // number of the press that holds; 0 if none does
  let presses = 0;
  let repeated = false;

  const again = async (/** @type {number} */ mine, /** @type {number} */ started) => {
    if (press !== mine) return;
    repeated = true;
    await act();
    const wait = performance.now() - started < SLOWLY ? SLOW : FAST;
    window.setTimeout(again, wait, mine, started);
  };
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    repeated = false;
    press = ++presses;
    window.setTimeout(again, FIRST, press, performance.now());
  });
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    button.addEventListener(end, () => (press = 0));
  }
  button.addEventListener("keydown", () => (repeated = false));
  // The click that ends a long press is not one more call.
  button.addEventListener(
    "click",
    (event) => {
      if (repeated) event.preventDefault();
      repeated = false;
    },
    { capture: true },
  );
}
