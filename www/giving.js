// How something is given: typed, pasted, dropped, or chosen as a file.

import { byId } from "./dom.js";

/** @typedef {import("./desk.js").Desk} Desk */

const TYPING_MS = 300;

/** @param {EventTarget | null} target */
export const takesText = (target) =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** @param {string} text */
const lines = (text) => text.replace(/\r\n?/g, "\n");

/**
 * @param {Desk} desk
 * @param {AbortSignal} signal ends the listening
 */
export function listenToGiving(desk, signal) {
  const { root, field } = desk;
  const file = /** @type {HTMLInputElement} */ (byId(root, "file"));
  /** @type {number | undefined} */
  let timer;
  /** @type {{ text: string, html: string } | null} */
  let clip = null;

  field.addEventListener(
    "input",
    (event) => {
      clearTimeout(timer);
      const text = field.value;
      const pastedNow = event instanceof InputEvent && event.inputType === "insertFromPaste";
      const html = pastedNow && clip !== null && clip.html !== "" && lines(clip.text) === text ? clip.html : null;
      clip = null;
      if (text === "" || pastedNow) {
        desk.giveTyped(text, html, pastedNow);
      } else {
        timer = setTimeout(() => desk.giveTyped(text, null, false), TYPING_MS);
        desk.showClear();
      }
    },
    { signal },
  );

  const read = () => {
    clearTimeout(timer);
    desk.readField();
  };
  byId(root, "read").addEventListener("click", read, { signal });
  field.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        read();
      }
    },
    { signal },
  );

  byId(root, "choose").addEventListener("click", () => file.click(), { signal });
  file.addEventListener(
    "change",
    () => {
      const chosen = file.files?.[0];
      file.value = "";
      if (chosen !== undefined) {
        void desk.giveFile(chosen);
      }
    },
    { signal },
  );

  /** @param {ClipboardEvent} event */
  const paste = (event) => {
    const data = event.clipboardData;
    const text = data?.getData("text/plain") ?? "";
    const html = data?.getData("text/html") ?? "";
    const carried = data?.files[0];
    clip = null;
    if (event.target !== field && takesText(event.target)) {
      return;
    }
    if (text === "" && html === "" && carried !== undefined) {
      event.preventDefault();
      void desk.giveFile(carried);
    } else if (text === "" && html !== "") {
      event.preventDefault();
      desk.giveText("", html);
    } else if (text !== "" && event.target === field) {
      clip = { text, html };
    } else if (text !== "") {
      event.preventDefault();
      desk.giveText(lines(text), html === "" ? null : html);
    }
  };
  root.addEventListener("paste", (event) => paste(/** @type {ClipboardEvent} */ (event)), { signal });
  listenToDrops(desk, signal);
}

/**
 * @param {Desk} desk
 * @param {AbortSignal} signal
 */
function listenToDrops(desk, signal) {
  const { root, field, frame } = desk;
  let depth = 0;
  const over = (/** @type {boolean} */ on) => frame.classList.toggle("dropping", on);
  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") === true;
  /**
   * @param {"dragenter" | "dragleave" | "dragover" | "drop"} kind
   * @param {(event: DragEvent) => void} act
   */
  const on = (kind, act) => root.addEventListener(kind, (event) => act(/** @type {DragEvent} */ (event)), { signal });
  on("dragenter", (event) => {
    depth += 1;
    over(carries(event));
  });
  on("dragleave", () => {
    depth -= 1;
    over(depth > 0 && frame.classList.contains("dropping"));
  });
  on("dragover", (event) => {
    if (event.target !== field || carries(event)) {
      event.preventDefault();
    }
  });
  on("drop", (event) => {
    depth = 0;
    over(false);
    const dropped = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (dropped !== undefined) {
      event.preventDefault();
      void desk.giveFile(dropped);
    } else if (event.target !== field) {
      event.preventDefault();
      if (text !== "") {
        desk.giveText(lines(text), event.dataTransfer?.getData("text/html") || null);
      }
    }
  });
}
