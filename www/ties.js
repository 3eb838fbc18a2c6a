// The tie between the marked words and what they prove: followed in both directions, and lit up from either end.

import { goTo } from "./dom.js";
import { proofId } from "./view/cites.js";
import { findMark } from "./view/pasted.js";

/** @typedef {import("./desk.js").Desk} Desk */

/**
 * @param {Desk} desk
 * @param {AbortSignal} signal ends the listening
 */
export function listenToTies(desk, signal) {
  const { root } = desk;
  root.addEventListener(
    "click",
    (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const href = target?.closest("a")?.getAttribute("href") ?? "";
      if (href.startsWith("#mark-")) {
        event.preventDefault();
        goToMark(desk, href.slice("#mark-".length));
      } else if (href.startsWith("#proof-")) {
        event.preventDefault();
        goToProof(desk, Number(href.slice("#proof-".length)));
      }
    },
    { signal },
  );
  for (const kind of ["pointerover", "focusin"]) {
    root.addEventListener(kind, (event) => light(desk, event.target), { signal });
  }
}

/**
 * @param {Desk} desk
 * @param {string} n
 */
function goToMark(desk, n) {
  desk.showText();
  const mark = findMark(desk.places.runs, n);
  if (mark !== null) {
    goTo(mark);
    flash(mark);
  }
}

/**
 * @param {Desk} desk
 * @param {number} n
 */
function goToProof({ root }, n) {
  const proof = root.getElementById(proofId(n));
  if (proof !== null) {
    for (let fold = proof.closest("details"); fold !== null; fold = fold.parentElement?.closest("details") ?? null) {
      fold.open = true;
    }
    goTo(proof);
    flash(proof);
  }
}

/** @param {HTMLElement} element */
function flash(element) {
  element.classList.add("found");
  setTimeout(() => element.classList.remove("found"), 2000);
}

/**
 * Lights up everything that rests on the same words.
 * @param {Desk} desk
 * @param {EventTarget | null} target
 */
function light({ root }, target) {
  const citing = (/** @type {EventTarget | null} */ one) => (one instanceof Element ? one.closest("[data-cites]")?.getAttribute("data-cites") : null);
  // A pointer that passes over nothing of the kind leaves lit what has the focus.
  const cites = citing(target) ?? citing(root.activeElement);
  for (const lit of root.querySelectorAll(".lit")) {
    lit.classList.remove("lit");
  }
  for (const n of cites?.split(" ") ?? []) {
    for (const same of root.querySelectorAll(`[data-cites~="${n}"]`)) {
      same.classList.add("lit");
    }
  }
}
