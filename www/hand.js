// The reader's hand: what is drawn anew between the press of a button and its release loses the click.

/** What is held down for longer is no click, and the answer waits no more. */
const CLICK_MS = 1000;
/** The click of a finger comes a little after its release. */
const TAP_MS = 50;

/** @type {Promise<void>} */
let lifted = Promise.resolve();
/** @type {(ms: number) => void} */
let lift = () => {};

/**
 * @param {import("./dom.js").Root} root
 * @param {AbortSignal} signal ends the listening
 */
export function listenToHand(root, signal) {
  const options = { capture: true, signal };
  const press = () => {
    lifted = new Promise((resolve) => {
      lift = (ms) => void setTimeout(resolve, ms);
      lift(CLICK_MS);
    });
  };
  root.addEventListener("pointerdown", press, options);
  addEventListener("pointerup", () => lift(TAP_MS), options);
  // After whoever else listens to it.
  addEventListener("click", () => lift(0), options);
}

/** Settled while nothing is held down: the time to draw what can be clicked. */
export const handLifted = () => lifted;
