// Copying: a button that says so when it is done, also where the page may not touch the clipboard.

import { el, rootOf } from "./dom.js";

/** How long a button says that it has copied. */
const SAID_MS = 2500;

/**
 * A button, and the place where it is said aloud.
 * @param {() => string} text
 * @param {HTMLElement} shown holds the text; it is selected where nothing else works
 * @param {string} key
 * @param {import("./words.js").Speech} say
 * @param {{ label?: string, class?: string }} [options] without a label of its own, the text that is shown tells which it copies
 */
export function copyButton(text, shown, key, { t }, options = {}) {
  const label = options.label ?? t("command.copy");
  const said = el("span", { role: "status", class: "visually-hidden" });
  const tells = options.label === undefined && shown.id;
  const button = el("button", { type: "button", class: options.class ?? "small", "data-key": key, "aria-describedby": tells || false }, label);
  button.addEventListener("click", async () => {
    const copied = await copy(text(), shown);
    button.textContent = said.textContent = t(copied ? "command.copied" : "command.selected");
    setTimeout(() => {
      button.textContent = label;
      said.textContent = "";
    }, SAID_MS);
  });
  return [button, said];
}

/**
 * @param {string} text
 * @param {HTMLElement} shown
 * @returns {Promise<boolean>} false: the text is selected and waits for the reader's own copy key
 */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Frames of other sites have no clipboard; a selected field can be copied all the same.
    const place = el("textarea", { class: "visually-hidden", tabindex: -1, "aria-hidden": "true" });
    const before = rootOf(shown).activeElement;
    place.value = text;
    shown.after(place);
    place.select();
    const copied = document.execCommand("copy");
    place.remove();
    if (before instanceof HTMLElement) {
      before.focus({ preventScroll: true });
    }
    if (!copied) {
      getSelection()?.selectAllChildren(shown);
    }
    return copied;
  }
}
