// Taking the answer along: what to take, for whom, in which form, and a preview in which each mask can be lifted.

import { copyButton } from "../copy.js";
import { el, fold, replace, segments } from "../dom.js";
import { trouble, waiting } from "./trouble.js";

/** @typedef {import("../report.js").Handover} Handover */
/** @typedef {import("../report.js").Wish} Wish */
/** @typedef {import("../report.js").What} What */
/** @typedef {import("../report.js").Reader} Reader */
/** @typedef {import("../report.js").Written} Written */
/** @typedef {import("../words.js").Speech} Speech */

/**
 * @typedef {object} Hands
 * @property {Speech} say
 * @property {(wish: Wish) => Promise<Handover>} handOver
 * @property {() => string[]} ticked ids of the ticked steps
 * @property {string} note the reader's own on the case
 * @property {number} finding the one that is shown
 * @property {string | null} link to this checklist, without anything that was pasted
 */

/** For whom each thing is, as long as the reader does not say otherwise. @type {Record<What, Reader>} */
const READER = { ticket: "own_it", partner: "partner", to_it: "own_it", report: "own_it", wrong_answer: "public" };

/** A message is written as text, all else as Markdown, as long as the reader does not say otherwise. @param {What} what @returns {Written} */
const usual = (what) => (what === "partner" || what === "to_it" ? "plain" : "markdown");

const WHATS = /** @type {const} */ (["ticket", "partner", "to_it", "report", "wrong_answer"]);
const READERS = /** @type {const} */ (["own_it", "partner", "public"]);
const FORMS = /** @type {const} */ (["markdown", "plain"]);

/**
 * Opens the dialog; it goes when it is closed.
 * @param {HTMLElement} place
 * @param {What} what
 * @param {Hands} hands
 */
export function takeAlong(place, what, hands) {
  // Asked for twice while it was on its way, it comes once.
  if (place.querySelector("dialog.take[open]") !== null) {
    return;
  }
  const { say } = hands;
  const { t } = say;
  /** @type {Wish} */
  const wish = { what, form: usual(what), reader: READER[what], finding: hands.finding, shown: [], hidden: [], ticked: hands.ticked(), note: hands.note };
  /** @type {Handover | null} */
  let held = null;
  let asked = 0;

  const text = () => held?.runs.map((run) => run.text).join("") ?? "";
  const choices = el("div", { class: "choices-of" });
  const preview = el("div", { class: "preview", role: "group", "aria-label": t("take.preview"), tabindex: 0 });
  const out = el(
    "fieldset",
    { class: "buttons", disabled: true },
    copyButton(text, preview, "take-copy", say, { class: "primary", label: t("take.copy") }),
    save("markdown", "take.save"),
    save("html", "take.save_html"),
    save("json", "take.save_json"),
    hands.link !== null && copyButton(() => hands.link ?? "", preview, "take-link", say, { class: "", label: t("take.link") }),
  );
  const masks = el("p", { class: "quiet", role: "status" });
  const close = el("button", { type: "button", class: "small" }, t("take.close"));
  const note = el("textarea", { id: "take-note", rows: 2 });
  note.value = wish.note;
  const dialog = el(
    "dialog",
    { class: "take", "aria-labelledby": "take-title" },
    el("div", { class: "title-line" }, el("h2", { id: "take-title", tabindex: -1 }, t("take.title")), close),
    choices,
    el("p", { class: "quiet" }, t("take.masked")),
    preview,
    masks,
    fold("take-note", [t("take.note")], [el("label", { for: "take-note", class: "quiet" }, t("take.note_about")), note]),
    out,
    hands.link !== null && el("p", { class: "quiet" }, t("take.link_about")),
  );

  /**
   * @param {Written} form of the file; Markdown stands for the form that is chosen
   * @param {string} key
   */
  function save(form, key) {
    const click = async () => {
      const made = form === "markdown" ? held : await ask({ ...wish, form });
      if (made !== null) {
        download(made);
      }
    };
    return el("button", { type: "button", "data-key": `save:${form}`, click: () => void click() }, t(key));
  }

  /** @param {Wish} of */
  async function ask(of) {
    try {
      return await hands.handOver(of);
    } catch (error) {
      console.error(error);
      held = null;
      masks.textContent = "";
      replace(preview, trouble(say, () => void show()));
      return null;
    }
  }

  async function show() {
    asked += 1;
    const mine = asked;
    preview.setAttribute("aria-busy", "true");
    const made = await ask(wish);
    if (mine !== asked) {
      return;
    }
    preview.setAttribute("aria-busy", "false");
    if (made === null) {
      return;
    }
    held = made;
    out.disabled = false;
    const hidden = made.masks.filter((mask) => mask.hidden).length;
    replace(preview, made.runs.map((run, at) => shown(run, at)));
    masks.textContent = say.counted("take.hidden", hidden);
  }

  /**
   * @param {import("../report.js").MaskedRun} run
   * @param {number} at
   */
  function shown({ text: words, mask: id }, at) {
    const mask = held?.masks.find((one) => one.id === id);
    if (mask === undefined) {
      return words;
    }
    const lift = () => {
      wish.shown = wish.shown.filter((one) => one !== mask.id);
      wish.hidden = wish.hidden.filter((one) => one !== mask.id);
      (mask.hidden ? wish.shown : wish.hidden).push(mask.id);
      void show();
    };
    const first = held?.runs.findIndex((run) => run.mask === id) === at;
    return el(
      "button",
      {
        type: "button",
        class: mask.hidden ? "mask" : "mask lifted",
        "aria-pressed": String(mask.hidden),
        title: t(mask.hidden ? "take.lift" : "take.hide"),
        "data-mask": mask.id,
        "data-key": `mask:${mask.id}${first ? "" : `:${at}`}`,
        click: lift,
      },
      words,
    );
  }

  function choose() {
    replace(choices, [
      segments("take-what", t("take.what"), WHATS.map((one) => [one, t(`take.${one}`)]), wish.what, (one) => {
        wish.what = /** @type {What} */ (one);
        wish.reader = READER[wish.what];
        wish.form = usual(wish.what);
        choose();
        void show();
      }),
      segments("take-reader", t("take.reader"), READERS.map((one) => [one, t(`take.${one}_reads`)]), wish.reader, (one) => {
        wish.reader = /** @type {Reader} */ (one);
        void show();
      }),
      segments("take-form", t("take.form"), FORMS.map((one) => [one, t(`take.${one}`)]), wish.form, (one) => {
        wish.form = /** @type {Written} */ (one);
        void show();
      }),
    ]);
  }

  note.addEventListener("input", () => {
    wish.note = note.value;
    void show();
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  // What is pasted into the dialog's own field is not a new report.
  for (const kind of ["paste", "drop", "dragover", "keydown"]) {
    dialog.addEventListener(kind, (event) => event.stopPropagation());
  }
  choose();
  place.append(dialog);
  dialog.showModal();
  replace(preview, [waiting(say)]);
  void show();
}

/** @param {Handover} made */
function download({ file_name: name, media_type: type, runs }) {
  const href = URL.createObjectURL(new Blob(runs.map((run) => run.text), { type: `${type};charset=utf-8` }));
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
