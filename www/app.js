// Starts the page and holds what it shows: what was given, the report on it, the case, the language.

import * as cases from "./case.js";
import { byId, el, goTo, inline, replace } from "./dom.js";
import { Broken, Engine } from "./engine.js";
import { EXAMPLES } from "./examples.js";
import * as store from "./store.js";
import { answer, plain } from "./view/answer.js";
import { proofId } from "./view/cites.js";
import { guideSection } from "./view/guide.js";
import { findMark, pasted } from "./view/pasted.js";
import * as words from "./words.js";
import { counted, known, t } from "./words.js";

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Form} Form */
/** @typedef {import("./report.js").Lang} Lang */

/**
 * @typedef {{ kind: "none" }
 *   | { kind: "text", text: string, html: string | null }
 *   | { kind: "file", name: string, bytes: Uint8Array }
 *   | { kind: "section", section: string }} Source what was given
 */

/** Bytes of a file, or characters of a text, that are still read. */
const LIMIT = 30 * 1024 * 1024;
const TYPING_MS = 300;
const LANGS = /** @type {Lang[]} */ (["en", "es"]);

const field = /** @type {HTMLTextAreaElement} */ (byId("field"));
const file = /** @type {HTMLInputElement} */ (byId("file"));
const desk = byId("desk");
const examples = /** @type {HTMLDetailsElement} */ (byId("examples"));
const places = { answer: byId("answer"), pasted: byId("pasted"), runs: byId("runs"), guide: byId("guide") };

/** @type {Engine} */
let engine;
/** @type {Lang} */
let lang = LANGS.find((one) => one === document.documentElement.lang) ?? "en";

const page = {
  /** @type {Source} */
  source: { kind: "none" },
  /** @type {Report | null} */
  report: null,
  /** An answer of the page's own: `too_large`, `unreadable`, `broken`. @type {string | null} */
  own: null,
  active: 0,
  /** @type {"edit" | "read"} */
  mode: "edit",
  case: cases.load(),
  /** Whether ticks were set since the input came, so that they need no word of where they are from. */
  touched: false,
  announced: "",
  /** @type {(() => void) | null} */
  takeBack: null,
  /** @type {string} */
  undoable: "",
};

// ── What is given ────────────────────────────────────────────────────────────

/**
 * @param {Source} source
 * @param {{ whole: boolean }} how whole: pasted, dropped or chosen; otherwise still being typed
 */
function give(source, { whole }) {
  page.source = source;
  if (whole) {
    page.touched = false;
    page.active = 0;
  }
  forgetUndo();
  byId("resume").hidden = true;
  showClear();
  void examine({ whole });
}

/**
 * @param {string} text
 * @param {string | null} html
 */
function giveText(text, html) {
  if (text.length > LIMIT) {
    return own("too_large");
  }
  field.value = text;
  give({ kind: "text", text, html }, { whole: true });
}

/** @param {File} chosen */
async function giveFile(chosen) {
  if (chosen.size > LIMIT) {
    return own("too_large");
  }
  try {
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    field.value = "";
    give({ kind: "file", name: chosen.name, bytes }, { whole: true });
  } catch {
    own("unreadable");
  }
}

/**
 * Shows an answer of the page's own; what was there before goes.
 * @param {string} name
 */
function own(name) {
  page.own = name;
  page.report = null;
  if (page.mode === "read") {
    page.mode = "edit";
  }
  render();
  announce();
  goToAnswer();
}

/** @param {Source} source @returns {Form[]} */
function forms(source) {
  switch (source.kind) {
    case "text":
      return [
        { kind: "text", text: source.text },
        ...(source.html === null ? [] : [/** @type {Form} */ ({ kind: "html", text: source.html })]),
      ];
    case "file":
      return [{ kind: "file", name: source.name, bytes: source.bytes }];
    case "section":
      return [{ kind: "text", text: source.section }];
    case "none":
      return [{ kind: "text", text: "" }];
  }
}

let busy = false;
/** @type {{ whole: boolean } | null} */
let next = null;

/**
 * Asks the engine about the present source. While it works, only the latest wish is kept.
 * @param {{ whole: boolean }} wish
 */
async function examine(wish) {
  next = { whole: wish.whole || (next?.whole ?? false) };
  if (busy) {
    return;
  }
  busy = true;
  const slow = setTimeout(() => desk.classList.add("reading"), 400);
  while (next !== null) {
    const { whole } = next;
    next = null;
    const { source } = page;
    try {
      let report = await engine.examine(forms(source), { lang, answers: answersFor(source) });
      if (page.case.answers.length > 0 && !isOfCase(report)) {
        report = await engine.examine(forms(source), { lang, answers: [] });
      }
      if (next === null && source === page.source) {
        shown(report, whole);
      }
    } catch (error) {
      if (next === null && source === page.source) {
        console.error(error);
        own(error instanceof Broken ? "broken" : "engine_lost");
      }
    }
  }
  clearTimeout(slow);
  desk.classList.remove("reading");
  busy = false;
}

/**
 * The reader's own; where the text is gone, also those that it once gave.
 * @param {Source} source
 */
function answersFor(source) {
  const one = source.kind === "section" ? page.case.sections.find(({ section }) => section === source.section) : undefined;
  return [...new Set([...page.case.answers, ...(one?.inForce ?? [])])];
}

/** @param {Report} report */
const sections = (report) => report.findings.map((finding) => finding.section);
/** @param {Report} report */
const isOfCase = (report) => cases.isAbout(page.case, sections(report));

/**
 * @param {Report} report
 * @param {boolean} whole
 */
function shown(report, whole) {
  page.report = report;
  page.own = null;
  page.active = Math.min(page.active, Math.max(0, report.findings.length - 1));
  if (page.source.kind === "section" && !sections(report).includes(page.source.section)) {
    // This section cannot be shown from its id alone; its ticks come back with the text.
    page.source = { kind: "none" };
    return own("paste_again");
  }
  if (whole) {
    const readable = report.parts.length > 0 && page.source.kind !== "section";
    page.mode = readable && (report.findings.length > 0 || page.source.kind === "file") ? "read" : "edit";
  }
  render();
  announce();
  if (whole) {
    goToAnswer();
    showFirstMark(report);
  }
}

/**
 * Where the text scrolls in a panel of its own, brings the first words in view that the finding rests on.
 * @param {Report} report
 */
function showFirstMark(report) {
  const because = report.findings[page.active]?.because ?? [];
  const mark = because.map((n) => findMark(places.runs, String(n))).find((one) => one !== null);
  const panel = places.runs;
  panel.scrollTop = mark === undefined || mark === null ? 0 : Math.max(0, mark.offsetTop - panel.clientHeight / 3);
}

// ── What is shown ────────────────────────────────────────────────────────────

function render() {
  const { report } = page;
  const answered = report !== null || page.own !== null;
  desk.dataset.mode = page.mode;
  document.body.classList.toggle("answered", answered);
  places.answer.hidden = !answered;
  places.pasted.hidden = page.mode !== "read" || report === null;
  byId("guide-door").hidden = !answered;
  if (!answered) {
    openGuide(false);
  }

  if (page.own !== null) {
    replace(places.answer, plain(ownAnswer(page.own)));
  } else if (report !== null) {
    replace(
      places.answer,
      answer({
        report,
        active: page.active,
        resumed: page.source.kind === "section",
        continued: isOfCase(report) && !cases.isEmpty(page.case) && !page.touched,
        given: page.source.kind === "section" ? answersFor(page.source) : isOfCase(report) ? page.case.answers : [],
        ticks: (section) => (isOfCase(report) ? cases.ticks(page.case, section) : []),
        onTick: (section, step, on) => {
          caseOf(report);
          cases.tick(page.case, section, step, on);
          keepAnswers(report);
          cases.save(page.case);
        },
        onAnswer: (question, choice) => {
          caseOf(report);
          const others = question.answers.map((one) => one.id);
          page.case.answers = [...page.case.answers.filter((id) => !others.includes(id)), choice];
          for (const one of page.case.sections) {
            one.inForce = one.inForce.filter((id) => !others.includes(id));
          }
          cases.save(page.case);
          void examine({ whole: false });
        },
        onFinding: (index) => {
          page.active = index;
          render();
        },
        onAfresh: startAfresh,
      }),
    );
  } else {
    places.answer.replaceChildren();
  }

  if (!places.pasted.hidden && report !== null) {
    const { source } = page;
    byId("edit").textContent = t(source.kind === "text" ? "pasted.edit" : "pasted.other");
    byId("pasted-about").replaceChildren(
      source.kind === "file" ? `${source.name} · ` : "",
      report.evidence.length > 0 ? t("pasted.about") : t("pasted.nothing"),
      report.input.truncated ? ` ${t("pasted.truncated")}` : "",
    );
    replace(places.runs, pasted(report));
  } else if (report === null) {
    places.runs.replaceChildren();
  }
  showClear();
}

/**
 * The case that ticks and answers of this report belong to: the last one, or a new one in its place.
 * @param {Report} report
 */
function caseOf(report) {
  if (!isOfCase(report)) {
    page.case = cases.fresh();
    sections(report).forEach((section) => cases.enter(page.case, section));
  }
  page.touched = true;
}

/** @param {Report} report */
function keepAnswers(report) {
  for (const finding of report.findings) {
    for (const one of page.case.sections.filter(({ section }) => section === finding.section)) {
      one.inForce = finding.questions.map(({ answer: id }) => id).filter((id) => id !== null);
    }
  }
}

/** @param {string} name */
function ownAnswer(name) {
  const advice = [1, 2, 3].map((n) => known(`${name}.advice_${n}`, "")).filter((line) => line !== "");
  return { id: name, title: t(`${name}.title`), text: t(`${name}.text`), advice };
}

/** Says what changed, once; nothing while the answer stays the same. */
function announce() {
  const { report, own: name } = page;
  const finding = report?.findings[page.active];
  const said =
    name !== null
      ? t(`${name}.title`)
      : report === null
        ? ""
        : [page.source.kind === "section" ? undefined : report.answer.title, finding?.title]
            .filter((part) => part !== undefined)
            .join(": ");
  if (said !== page.announced) {
    page.announced = said;
    byId("status").textContent = said;
  }
}

/** @param {"edit" | "read"} mode */
function setMode(mode) {
  page.mode = mode;
  render();
}

/** @param {boolean} open */
function openGuide(open) {
  document.body.classList.toggle("guide-open", open);
  const door = byId("open-guide");
  door.setAttribute("aria-expanded", String(open));
  door.textContent = t(open ? "guide.close" : "guide.open");
}

function showClear() {
  const nothing = page.source.kind === "none" && field.value === "" && page.own === null;
  for (const button of document.querySelectorAll(".clear")) {
    /** @type {HTMLElement} */ (button).hidden = nothing;
  }
}

// ── Clear, start afresh, and taking it back ──────────────────────────────────

function clear() {
  const before = { ...page, text: field.value };
  field.value = "";
  Object.assign(page, { source: { kind: "none" }, report: null, own: null, mode: "edit", announced: "" });
  next = null;
  byId("status").textContent = "";
  render();
  offerUndo("undo.cleared", () => {
    const { text, ...rest } = before;
    field.value = text;
    // What was ticked meanwhile stays.
    Object.assign(page, { ...rest, case: page.case, takeBack: null });
    render();
    announce();
    if (page.report !== null && page.report.lang !== lang) {
      void examine({ whole: false });
    }
    if (page.mode === "edit") {
      goTo(field, "nearest");
    } else {
      goToAnswer();
    }
  });
  field.focus();
}

function startAfresh() {
  const before = page.case;
  page.case = cases.fresh();
  page.touched = false;
  cases.save(page.case);
  showResume();
  if (page.report !== null) {
    void examine({ whole: false });
  }
  offerUndo("undo.afresh", () => {
    page.case = before;
    cases.save(before);
    page.touched = false;
    if (page.report !== null) {
      void examine({ whole: false });
    } else {
      showResume();
    }
  });
}

/**
 * @param {string} key says what was done
 * @param {() => void} takeBack
 */
function offerUndo(key, takeBack) {
  page.takeBack = takeBack;
  page.undoable = key;
  writeUndo();
}

function writeUndo() {
  const bar = byId("undo");
  bar.hidden = page.takeBack === null;
  const undo = () => {
    const takeBack = page.takeBack;
    forgetUndo();
    takeBack?.();
  };
  const children = page.takeBack === null ? [] : [t(page.undoable), " ", el("button", { type: "button", class: "link", click: undo, "data-key": "undo" }, t("undo.take_back"))];
  replace(bar, children);
}

function forgetUndo() {
  page.takeBack = null;
  writeUndo();
}

/** Offers the last checklist, as long as nothing was given. */
function showResume() {
  const bar = byId("resume");
  const one = page.case.sections.find(({ ticks }) => ticks.length > 0) ?? page.case.sections[0];
  bar.hidden = one === undefined || cases.isEmpty(page.case) || page.source.kind !== "none" || page.own !== null;
  if (one === undefined || bar.hidden) {
    return;
  }
  replace(bar, [
    el("p", {}, counted("resume.text", one.ticks.length).replace("{section}", known(`section.${one.section}`, one.section))),
    el(
      "div",
      { class: "buttons" },
      el(
        "button",
        { type: "button", class: "primary", "data-key": "resume", click: () => give({ kind: "section", section: one.section }, { whole: true }) },
        t("resume.continue"),
      ),
      el("button", { type: "button", "data-key": "resume-afresh", click: startAfresh }, t("checklist.afresh")),
    ),
  ]);
}

// ── Language and theme ───────────────────────────────────────────────────────

/** @param {Lang} wanted */
async function speak(wanted) {
  try {
    const both = await words.load(wanted);
    await engine.teach(wanted, both.engine);
    words.use(both);
  } catch (error) {
    return trouble(error, () => void speak(wanted));
  }
  lang = wanted;
  relabel();
  if (page.report !== null) {
    await examine({ whole: false });
  } else {
    render();
  }
  await translateGuide();
}

/** Writes every string of the page anew; elements stay, and with them the focus. */
function relabel() {
  document.documentElement.lang = lang;
  document.title = t("page.title");
  for (const element of document.querySelectorAll("[data-t]")) {
    element.replaceChildren(.../** @type {Node[]} */ (inline(t(element.getAttribute("data-t") ?? ""))));
  }
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  }
  for (const link of document.querySelectorAll("[data-lang]")) {
    if (link.getAttribute("data-lang") === lang) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  field.placeholder = t("entry.placeholder");
  openGuide(document.body.classList.contains("guide-open"));
  listExamples();
  showResume();
  writeUndo();
}

/** The guide in the present language: each section as the engine has it, by its id. */
async function translateGuide() {
  const spoken = lang;
  for (const section of places.guide.querySelectorAll("[data-section]")) {
    const id = section.getAttribute("data-section") ?? "";
    const report = await engine.examine([{ kind: "text", text: id }], { lang: spoken, answers: [] });
    const entry = report.findings.find((finding) => finding.section === id);
    if (spoken !== lang) {
      return;
    }
    if (entry !== undefined) {
      section.setAttribute("lang", lang);
      replace(/** @type {HTMLElement} */ (section), guideSection(entry, id, section.getAttribute("data-code") ?? ""));
      const title = places.guide.querySelector(`[data-title-of="${CSS.escape(id)}"]`);
      title?.replaceChildren(.../** @type {Node[]} */ (inline(entry.title)));
    }
  }
}

function listExamples() {
  const items = EXAMPLES.map((example) => {
    const choose = () => {
      examples.open = false;
      giveText(example.text[lang] ?? example.text.en, null);
    };
    return el("li", {}, el("button", { type: "button", "data-key": example.id, "data-example": example.id, click: choose }, t(`example.${example.id}`)));
  });
  replace(byId("example-list"), items);
}

function listenToTheme() {
  const select = /** @type {HTMLSelectElement} */ (byId("theme"));
  select.value = store.read("theme") ?? "auto";
  select.addEventListener("change", () => {
    const chosen = select.value === "auto" ? null : select.value;
    store.write("theme", chosen);
    if (chosen === null) {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = chosen;
    }
  });
}

// ── Listening ────────────────────────────────────────────────────────────────

/** @param {EventTarget | null} target */
const takesText = (target) =>
  target instanceof HTMLElement && target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function listen() {
  /** @type {number | undefined} */
  let timer;
  /** @type {{ text: string, html: string } | null} */
  let clip = null;
  const lines = (/** @type {string} */ text) => text.replace(/\r\n?/g, "\n");

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    const text = field.value;
    const pastedNow = event instanceof InputEvent && event.inputType === "insertFromPaste";
    const html = pastedNow && clip !== null && clip.html !== "" && lines(clip.text) === text ? clip.html : null;
    clip = null;
    if (text === "") {
      page.source = { kind: "none" };
      Object.assign(page, { report: null, own: null, announced: "" });
      byId("status").textContent = "";
      render();
    } else if (text.length > LIMIT) {
      own("too_large");
    } else if (pastedNow) {
      give({ kind: "text", text, html }, { whole: true });
    } else {
      timer = setTimeout(() => give({ kind: "text", text, html: null }, { whole: false }), TYPING_MS);
      showClear();
    }
  });

  const read = () => {
    clearTimeout(timer);
    const { source } = page;
    const same = source.kind === "text" && source.text === field.value;
    give(same ? { ...source } : { kind: "text", text: field.value, html: null }, { whole: true });
  };
  byId("read").addEventListener("click", read);

  byId("choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (chosen !== undefined) {
      void giveFile(chosen);
    }
  });

  document.addEventListener("paste", (event) => {
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
      void giveFile(carried);
    } else if (text === "" && html !== "") {
      event.preventDefault();
      field.value = "";
      give({ kind: "text", text: "", html }, { whole: true });
    } else if (text !== "" && event.target === field) {
      clip = { text, html };
    } else if (text !== "") {
      event.preventDefault();
      giveText(lines(text), html === "" ? null : html);
    }
  });

  listenToDrops();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === field) {
      event.preventDefault();
      read();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      if (examples.open) {
        examples.open = false;
        examples.querySelector("summary")?.focus();
      } else if (!takesText(event.target) && page.mode === "read") {
        setMode("edit");
        goTo(field, "nearest");
      }
    }
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (examples.open && target !== null && !examples.contains(target)) {
      examples.open = false;
    }
    const href = target?.closest("a")?.getAttribute("href") ?? "";
    if (href.startsWith("#mark-")) {
      event.preventDefault();
      goToMark(href.slice("#mark-".length));
    } else if (href.startsWith("#proof-")) {
      event.preventDefault();
      goToProof(Number(href.slice("#proof-".length)));
    } else if (target?.closest(".clear")) {
      clear();
    }
  });
  byId("edit").addEventListener("click", () => {
    setMode("edit");
    goTo(field, "nearest");
  });
  byId("open-guide").addEventListener("click", () => openGuide(!document.body.classList.contains("guide-open")));
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target !== null && places.guide.contains(target)) {
      openGuide(true);
      target.scrollIntoView();
    }
  });

  for (const kind of /** @type {const} */ (["pointerover", "focusin"])) {
    document.addEventListener(kind, (event) => light(event.target));
  }
  for (const link of document.querySelectorAll("a[data-lang]")) {
    link.addEventListener("click", (event) => {
      const wanted = LANGS.find((one) => one === link.getAttribute("data-lang"));
      if (wanted !== undefined && event instanceof MouseEvent && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        store.write("lang", wanted);
        void speak(wanted);
      }
    });
  }
  addEventListener("beforeprint", () => unfold(true));
  addEventListener("afterprint", () => unfold(false));
}

function listenToDrops() {
  let depth = 0;
  const over = (/** @type {boolean} */ on) => document.body.classList.toggle("dropping", on);
  const carries = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") === true;
  document.addEventListener("dragenter", (event) => {
    depth += 1;
    over(carries(event));
  });
  document.addEventListener("dragleave", () => {
    depth -= 1;
    over(depth > 0 && document.body.classList.contains("dropping"));
  });
  document.addEventListener("dragover", (event) => {
    if (event.target !== field || carries(event)) {
      event.preventDefault();
    }
  });
  document.addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    const dropped = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/plain") ?? "";
    if (dropped !== undefined) {
      event.preventDefault();
      void giveFile(dropped);
    } else if (event.target !== field) {
      event.preventDefault();
      if (text !== "") {
        giveText(text.replace(/\r\n?/g, "\n"), event.dataTransfer?.getData("text/html") || null);
      }
    }
  });
}

/** Puts the focus on the answer's title, and its beginning in view where it is not. */
function goToAnswer() {
  byId("answer-title").focus({ preventScroll: true });
  const { top } = places.answer.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 3) {
    places.answer.scrollIntoView({ block: "start" });
  }
}

/** @param {string} n */
function goToMark(n) {
  if (page.mode === "edit" && page.report !== null && page.source.kind !== "section") {
    setMode("read");
  }
  const mark = findMark(places.runs, n);
  if (mark !== null) {
    goTo(mark);
    flash(mark);
  }
}

/** @param {number} n */
function goToProof(n) {
  const proof = document.getElementById(proofId(n));
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
 * @param {EventTarget | null} target
 */
function light(target) {
  const cites = target instanceof Element ? target.closest("[data-cites]")?.getAttribute("data-cites") : null;
  for (const lit of document.querySelectorAll(".lit")) {
    lit.classList.remove("lit");
  }
  for (const n of cites?.split(" ") ?? []) {
    for (const same of document.querySelectorAll(`[data-cites~="${n}"]`)) {
      same.classList.add("lit");
    }
  }
}

/** @type {HTMLDetailsElement[]} */
let folded = [];

/** @param {boolean} open for the printer */
function unfold(open) {
  if (open) {
    folded = [...places.answer.querySelectorAll("details")].filter((one) => !one.open);
  }
  for (const one of folded) {
    one.open = open;
  }
}

// ── Start ────────────────────────────────────────────────────────────────────

/**
 * @param {unknown} error
 * @param {() => void} again
 */
function trouble(error, again) {
  console.error(error);
  const bar = byId("trouble");
  bar.hidden = false;
  const retry = () => {
    bar.hidden = true;
    again();
  };
  // Where the words did not come either, the page has no string of its own to say it with.
  const text = known("page.trouble", field.dataset.trouble ?? "");
  replace(bar, [el("p", {}, text), el("button", { type: "button", click: retry }, known("page.retry", field.dataset.retry ?? ""))]);
}

async function start() {
  try {
    const [both, fetched] = await Promise.all([words.load(lang), Engine.fetch()]);
    words.use(both);
    engine = fetched;
    await engine.teach(lang, both.engine);
  } catch (error) {
    return trouble(error, () => void start());
  }
  relabel();
  listen();
  field.disabled = false;
  for (const id of ["read", "choose"]) {
    /** @type {HTMLButtonElement} */ (byId(id)).disabled = false;
  }
  document.documentElement.classList.add("ready");
  const choice = LANGS.find((one) => one === store.read("lang"));
  if (choice !== undefined && choice !== lang) {
    await speak(choice);
  }
}

if (document.documentElement.classList.contains("js") && !document.documentElement.classList.contains("leaving")) {
  listenToTheme();
  void start();
}
