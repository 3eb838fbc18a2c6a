// The message from a sender to their IT, in the answer itself.

import { copyButton } from "../copy.js";
import { el, fold, replace } from "../dom.js";
import { trouble, waiting } from "./trouble.js";

/**
 * The message from a sender to their IT, ready to copy.
 * @param {import("./takeaway.js").Hands} hands
 * @param {string} subject of a mail; holds the code and nothing else
 */
export function messageToIt(hands, subject) {
  const { say } = hands;
  const { t } = say;
  const words = el("div", { class: "preview", tabindex: 0, role: "group", "aria-label": t("to_it.title") });
  const buttons = el(
    "fieldset",
    { class: "buttons", disabled: true },
    copyButton(() => written, words, "to-it-copy", say, { class: "primary", label: t("to_it.copy") }),
    el("a", { class: "button", href: `mailto:?subject=${encodeURIComponent(subject)}`, "data-key": "to-it-mail" }, t("to_it.mail")),
  );
  let written = "";
  const message = fold("to-it", [el("span", { class: "label" }, t("to_it.title"))], [
    el("p", { class: "quiet" }, t("to_it.about")),
    words,
    buttons,
  ], { class: "fold to-it" });
  async function write() {
    try {
      const { runs } = await hands.handOver({ what: "to_it", form: "plain", reader: "own_it", finding: hands.finding, shown: [], hidden: [], ticked: hands.ticked(), note: hands.note });
      written = runs.map((run) => run.text).join("");
      words.textContent = written;
      buttons.disabled = false;
    } catch (error) {
      console.error(error);
      replace(words, trouble(say, () => void write()));
    }
  }
  message.addEventListener("toggle", () => {
    if (message.open) {
      if (written === "") {
        replace(words, [waiting(say)]);
      }
      void write();
    }
  });
  return message;
}
