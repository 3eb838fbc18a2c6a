// The desk: where a report is given and answered. It lives in a document or in a shadow root (`desk.html` is its
// markup), knows nothing around it, and there may be several on a page, each in its own language.

import * as cases from "./case.js";
import { byId, el, goTo, relabel, replace } from "./dom.js";
import { Broken, Missing } from "./engine.js";
import { seen } from "./follow.js";
import { listenToGiving, takesText } from "./giving.js";
import { handLifted, listenToHand } from "./hand.js";
import { listenToTies } from "./ties.js";
import { answer, plain } from "./view/answer.js";
import { ROLES } from "./view/checklist.js";
import { clock } from "./view/clock.js";
import { findMark, pasted } from "./view/pasted.js";
import { speech } from "./words.js";

/** @typedef {import("./dom.js").Root} Root */
/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Form} Form */
/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./words.js").Speech} Speech */

/** @typedef {typeof import("./later.js")} Later */
/** @typedef {Pick<Engine, "examine" | "handOver" | "teach">} Asked */

/**
 * @typedef {object} Options what the desk is given from outside
 * @property {Lang} lang
 * @property {() => Promise<Asked>} engine may be one for several desks; asked again after a failure
 * @property {(lang: Lang) => Promise<import("./words.js").Words>} words
 * @property {() => Promise<Later>} later what no first answer needs; asked again after a failure
 * @property {import("./case.js").Store} store keeps the case
 * @property {import("./view/answer.js").Role} [role] whose eyes the answer is for, until the reader says
 * @property {(section: string, lang: Lang) => string | null} reference the address of a section's own page, if there is one
 * @property {(fragment: string) => string} [link] the address that opens a checklist, from what `open` takes
 * @property {() => number} [now] the present, in milliseconds
 * @property {(desk: Desk) => void} [onSpoken] the desk speaks another language now, or its first
 * @property {(desk: Desk) => void} [onShown] another answer is shown, or none: `desk.report`, `desk.answered`
 * @property {(error: unknown) => void} [onError] it could not be loaded, or the engine broke on what was given
 */

/**
 * @typedef {{ kind: "none" }
 *   | { kind: "text", text: string, html: string | null }
 *   | { kind: "file", name: string, bytes: Uint8Array }
 *   | { kind: "section", section: string, linked: boolean }} Source what was given
 */

/** Bytes of a file, or characters of a text, that are still read. */
const LIMIT = 30 * 1024 * 1024;

/** The examples by their ids; their texts come later. */
const EXAMPLES = ["dns", "timeout", "refused", "certificate", "closed", "validation", "other", "delay", "unknown_user", "headers"];

export class Desk {
  /** @type {Source} */
  #source = { kind: "none" };
  /** @type {Report | null} */
  report = null;
  /** An answer of the page's own: `too_large`, `unreadable`, `broken`, `part_missing`. @type {string | null} */
  #own = null;
  #active = 0;
  /** @type {"edit" | "read"} */
  #mode = "edit";
  /** @type {cases.Case} */
  #case;
  /** Whether ticks were set since the input came, so that they need no word of where they are from. */
  #touched = false;
  #announced = "";
  /** The error that the next one is held against. @type {import("./follow.js").Seen | null} */
  #comparing = null;
  /** @type {string[]} */
  #compared = [];
  /** What the last answer changed in the steps. */
  #changed = "";
  /** @type {Map<string, string> | null} steps before an answer, and whether they applied */
  #stepsBefore = null;
  /** @type {import("./view/checklist.js").Platform} */
  #platform;
  /** What can be taken back: the string that says what was done, and how. @type {{ key: string, takeBack: () => void } | null} */
  #undo = null;
  #busy = false;
  /** @type {{ whole: boolean } | null} */
  #next = null;
  /** @type {Asked | null} */
  #engine = null;
  #ends = new AbortController();

  /** @type {Speech} */
  say;
  /** Settled once the desk takes input. @type {Promise<void>} */
  ready;

  /**
   * @param {Root} root holds the elements of `desk.html`
   * @param {Options} options
   */
  constructor(root, options) {
    this.root = root;
    this.options = options;
    this.frame = byId(root, "frame");
    this.field = /** @type {HTMLTextAreaElement} */ (byId(root, "field"));
    this.examples = /** @type {HTMLDetailsElement} */ (byId(root, "examples"));
    this.places = { desk: byId(root, "desk"), answer: byId(root, "answer"), pasted: byId(root, "pasted"), runs: byId(root, "runs") };
    this.say = speech(options.lang, {});
    this.#case = cases.load(options.store);
    this.#platform = platform(options.store.read("platform"));
    this.ready = new Promise((resolve) => void this.#start(resolve));
  }

  get lang() {
    return this.say.lang;
  }

  /** Whether an answer is shown, the desk's own included. */
  get answered() {
    return this.report !== null || this.#own !== null;
  }

  /** Ends all listening. The elements stay as they are: they are the owner's. */
  destroy() {
    this.#ends.abort();
    this.#source = { kind: "none" };
    this.#next = null;
  }

  /** @param {() => void} ready */
  async #start(ready) {
    const { lang, words, engine } = this.options;
    try {
      const [both, it] = await Promise.all([words(lang), engine()]);
      await it.teach(lang, both.engine);
      this.#engine = it;
      this.say = speech(lang, both.page);
    } catch (error) {
      return this.#trouble(error, () => void this.#start(ready));
    }
    if (this.#ends.signal.aborted) {
      return;
    }
    this.#relabel();
    this.#listen();
    this.field.disabled = false;
    for (const id of ["read", "choose"]) {
      /** @type {HTMLButtonElement} */ (byId(this.root, id)).disabled = false;
    }
    ready();
  }

  // ── What is given ──────────────────────────────────────────────────────────

  /**
   * @param {Source} source
   * @param {{ whole: boolean }} how whole: pasted, dropped or chosen; otherwise still being typed
   */
  #give(source, { whole }) {
    this.#source = source;
    this.#changed = "";
    if (whole) {
      this.#touched = false;
      this.#active = 0;
      this.#compared = [];
    }
    this.#forgetUndo();
    byId(this.root, "resume").hidden = true;
    this.showClear();
    void this.#examine({ whole });
  }

  /**
   * As if it had been pasted.
   * @param {string} text
   * @param {string | null} [html]
   */
  giveText(text, html = null) {
    if (text.length > LIMIT) {
      return this.#showOwn("too_large");
    }
    this.field.value = text;
    this.#give({ kind: "text", text, html }, { whole: true });
  }

  /** @param {File} chosen */
  async giveFile(chosen) {
    if (chosen.size > LIMIT) {
      return this.#showOwn("too_large");
    }
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer());
      this.field.value = "";
      this.#give({ kind: "file", name: chosen.name, bytes }, { whole: true });
    } catch {
      this.#showOwn("unreadable");
    }
  }

  /**
   * Shows the checklist of a section, without a text.
   * @param {string} section
   */
  giveSection(section) {
    this.#give({ kind: "section", section, linked: false }, { whole: true });
  }

  /**
   * Shows what a link asks for; false where it asks for no checklist.
   * @param {string} fragment
   */
  open(fragment) {
    const asked = new URLSearchParams(fragment);
    const section = asked.get("section");
    if (section === null) {
      return false;
    }
    if (!cases.isAbout(this.#case, [section])) {
      this.#case = cases.fresh();
      cases.enter(this.#case, section);
    }
    const role = ROLES.find((one) => one === asked.get("role"));
    this.#case.role = role ?? this.#case.role;
    this.#case.answers = [...new Set([...this.#case.answers, ...(asked.get("answers") ?? "").split(" ").filter(Boolean)])];
    this.#give({ kind: "section", section, linked: true }, { whole: true });
    return true;
  }

  /** @param {Report} report */
  #link(report) {
    const finding = report.findings[this.#active];
    const answers = finding?.questions.map(({ answer: id }) => id).filter((id) => id !== null) ?? [];
    const fragment = new URLSearchParams({ section: finding?.section ?? "", lang: this.lang, role: this.#role(report), answers: answers.join(" ") });
    return this.options.link?.(fragment.toString()) ?? null;
  }

  /** Asks the engine again about what is there, for instance after its reader changed. */
  readAgain() {
    if (this.report !== null) {
      void this.#examine({ whole: false });
    }
  }

  /**
   * Puts a code into the field and answers it, without taking the focus.
   * @param {string} code
   */
  giveCode(code) {
    this.field.value = code;
    this.giveTyped(code, null, false);
  }

  /**
   * What the field holds now.
   * @param {string} text
   * @param {string | null} html
   * @param {boolean} whole
   */
  giveTyped(text, html, whole) {
    if (text === "") {
      this.#source = { kind: "none" };
      Object.assign(this, { report: null });
      this.#own = null;
      this.#hush();
      this.#render();
    } else if (text.length > LIMIT) {
      this.#showOwn("too_large");
    } else {
      this.#give({ kind: "text", text, html }, { whole });
    }
  }

  /** Reads what the field holds, at once, and goes to the answer. */
  readField() {
    const source = this.#source;
    const same = source.kind === "text" && source.text === this.field.value;
    this.#give(same ? { ...source } : { kind: "text", text: this.field.value, html: null }, { whole: true });
  }

  /**
   * Shows an answer of the page's own; what was there before goes.
   * @param {string} name
   */
  #showOwn(name) {
    this.#own = name;
    this.report = null;
    this.#mode = "edit";
    this.#render();
    this.#announce();
    this.#goToAnswer();
  }

  /**
   * Asks the engine about the present source. While it works, only the latest wish is kept.
   * @param {{ whole: boolean }} wish
   */
  async #examine(wish) {
    this.#next = { whole: wish.whole || (this.#next?.whole ?? false) };
    if (this.#busy || this.#engine === null) {
      return;
    }
    this.#busy = true;
    const slow = setTimeout(() => {
      this.places.desk.classList.add("reading");
      this.field.placeholder = this.say.t("entry.reading");
    }, 400);
    while (this.#next !== null) {
      const { whole } = this.#next;
      this.#next = null;
      const source = this.#source;
      const { lang } = this;
      try {
        let report = await this.#engine.examine(forms(source), { lang, answers: this.#answersFor(source) });
        if (this.#case.answers.length > 0 && !this.#isOfCase(report)) {
          report = await this.#engine.examine(forms(source), { lang, answers: [] });
        }
        await this.#holdAgainst(report, whole, source);
        await handLifted();
        if (this.#next === null && source === this.#source) {
          this.#shown(report, whole);
        }
      } catch (error) {
        if (this.#next === null && source === this.#source) {
          console.error(error);
          this.options.onError?.(error);
          this.#showOwn(error instanceof Broken ? "broken" : error instanceof Missing ? "part_missing" : "engine_lost");
        }
      }
    }
    clearTimeout(slow);
    this.places.desk.classList.remove("reading");
    this.#invite();
    this.#busy = false;
  }

  /**
   * Holds a new error against the last one, where the reader wished it: then both are of one case.
   * @param {Report} report
   * @param {boolean} whole
   * @param {Source} source
   */
  async #holdAgainst(report, whole, source) {
    const before = this.#comparing;
    const now = report.findings[0];
    if (!whole || before === null || now === undefined || source.kind === "section" || this.#engine === null) {
      return;
    }
    this.#comparing = null;
    const known = await this.#engine.examine([{ kind: "text", text: before.section }], { lang: this.lang, answers: [] });
    const { compare } = await this.options.later();
    this.#compared = compare(before, now, known.findings.find(({ section }) => section === before.section), this.say);
    sections(report).forEach((section) => cases.enter(this.#case, section));
    this.#case.seen = seen(now);
    this.#save();
  }

  /** Takes the next error of the same case. */
  #pasteNew() {
    const finding = this.report?.findings[this.#active];
    if (this.report !== null && finding !== undefined && this.#source.kind !== "section") {
      this.#caseOf(this.report);
      this.#case.seen = seen(finding);
      this.#save();
    }
    this.#comparing = this.#case.seen;
    byId(this.root, "resume").hidden = true;
    this.field.value = "";
    this.#setMode("edit");
    goTo(this.field, "nearest");
  }

  /**
   * The reader's own; where the text is gone, also those that it once gave.
   * @param {Source} source
   */
  #answersFor(source) {
    const one = source.kind === "section" ? this.#case.sections.find(({ section }) => section === source.section) : undefined;
    return [...new Set([...this.#case.answers, ...(one?.inForce ?? [])])];
  }

  /** @param {Report} report */
  #isOfCase(report) {
    return cases.isAbout(this.#case, sections(report));
  }

  /**
   * @param {Report} report
   * @param {boolean} whole
   */
  #shown(report, whole) {
    const source = this.#source;
    this.report = report;
    this.#own = null;
    this.#active = Math.min(this.#active, Math.max(0, report.findings.length - 1));
    if (source.kind === "section" && !sections(report).includes(source.section)) {
      // This section cannot be shown from its id alone; its ticks come back with the text.
      this.#source = { kind: "none" };
      return this.#showOwn("paste_again");
    }
    if (whole) {
      const readable = report.parts.length > 0 && source.kind !== "section";
      this.#mode = readable && (report.findings.length > 0 || source.kind === "file") ? "read" : "edit";
    }
    this.#sayChange(report);
    this.#render();
    this.#announce();
    if (whole) {
      this.#goToAnswer();
      this.#showFirstMark(report);
    }
  }

  /**
   * After an answer: how many steps apply now that did not, and how many fell away.
   * @param {Report} report
   */
  #sayChange(report) {
    const before = this.#stepsBefore;
    if (before !== null) {
      const now = applying(report.findings[this.#active]);
      /** @param {string} state */
      const became = (state) => [...now].filter(([id, is]) => is === state && before.has(id) && before.get(id) !== state).length;
      const [came, went] = [became("applies"), became("dropped")];
      const { t } = this.say;
      this.#changed = came + went === 0 ? t("question.changed_nothing") : t("question.changed", { came, went });
      this.#stepsBefore = null;
      byId(this.root, "status").textContent = this.#changed;
    }
  }

  /**
   * Where the text scrolls in a panel of its own, brings the first words in view that the finding rests on.
   * @param {Report} report
   */
  #showFirstMark(report) {
    const panel = this.places.runs;
    const because = report.findings[this.#active]?.because ?? [];
    const mark = because.map((n) => findMark(panel, String(n))).find((one) => one !== null);
    panel.scrollTop = mark === undefined || mark === null ? 0 : Math.max(0, mark.offsetTop - panel.clientHeight / 3);
  }

  // ── What is shown ──────────────────────────────────────────────────────────

  #render() {
    const { report, places, say, answered } = this;
    places.desk.dataset.mode = this.#mode;
    places.desk.classList.toggle("answered", answered);
    places.answer.hidden = !answered;
    places.pasted.hidden = this.#mode !== "read" || report === null;
    if (this.#own !== null) {
      const again = () => void this.#examine({ whole: true });
      replace(places.answer, [
        ...plain(this.#ownAnswer(this.#own)),
        this.#own === "part_missing" && el("button", { type: "button", class: "primary", "data-key": "again", click: again }, say.t("page.retry")),
      ]);
    } else if (report !== null) {
      replace(places.answer, answer(this.#context(report)));
    } else {
      places.answer.replaceChildren();
    }

    if (!places.pasted.hidden && report !== null) {
      const source = this.#source;
      byId(this.root, "edit").textContent = say.t(source.kind === "text" ? "pasted.edit" : "pasted.other");
      byId(this.root, "pasted-about").replaceChildren(
        source.kind === "file" ? `${source.name} · ` : "",
        report.evidence.length > 0 ? say.t("pasted.about") : say.t("pasted.nothing"),
        report.input.truncated ? ` ${say.t("pasted.truncated")}` : "",
      );
      replace(places.runs, pasted(report, say));
    } else if (report === null) {
      places.runs.replaceChildren();
    }
    this.#invite();
    this.showClear();
    this.options.onShown?.(this);
  }

  #invite() {
    this.field.placeholder = this.say.t(this.#comparing === null ? "entry.placeholder" : "follow.placeholder");
  }

  /**
   * @param {Report} report
   * @returns {import("./view/answer.js").Context}
   */
  #context(report) {
    const ofCase = this.#isOfCase(report);
    const source = this.#source;
    return {
      report,
      say: this.say,
      active: this.#active,
      resumed: source.kind === "section",
      continued: ofCase && !cases.isEmpty(this.#case) && !this.#touched,
      now: () => this.#now(),
      linked: source.kind === "section" && source.linked,
      compared: this.#compared,
      note: ofCase ? this.#case.note : "",
      kept: this.options.store.keeps?.() === true ? "kept" : this.options.store.keep !== undefined ? "may_keep" : "not_kept",
      hands: this.#hands(report),
      onTake: (what) => {
        const hands = this.#hands(report);
        if (hands !== null) {
          void this.#withLater(({ takeAlong }) => takeAlong(this.frame, what, hands));
        }
      },
      onPasteNew: () => this.#pasteNew(),
      onNote: (note) => {
        this.#caseOf(report);
        this.#case.note = note.trim();
        this.#save();
      },
      onKeep: () => {
        this.options.store.keep?.();
        this.#save();
        this.#render();
      },
      onErase: () => this.#erase(),
      role: this.#role(report),
      platform: this.#platform,
      changed: this.#changed,
      onRole: (role) => {
        this.#caseOf(report);
        this.#case.role = role;
        this.#save();
        this.#render();
      },
      onPlatform: (platform) => {
        this.#platform = platform;
        this.options.store.write("platform", platform);
        this.#render();
      },
      given: source.kind === "section" ? this.#answersFor(source) : ofCase ? this.#case.answers : [],
      reference: (section) => this.options.reference(section, this.lang),
      ticks: (section) => (this.#isOfCase(report) ? cases.ticks(this.#case, section) : []),
      onTick: (section, step, on) => {
        this.#caseOf(report);
        cases.tick(this.#case, section, step, on);
        this.#keepAnswers(report);
        this.#save();
      },
      onAnswer: (question, choice) => {
        this.#caseOf(report);
        const others = question.answers.map((one) => one.id);
        this.#case.answers = [...this.#case.answers.filter((id) => !others.includes(id)), choice];
        for (const one of this.#case.sections) {
          one.inForce = one.inForce.filter((id) => !others.includes(id));
        }
        this.#save();
        this.#stepsBefore = applying(report.findings[this.#active]);
        void this.#examine({ whole: false });
      },
      onFinding: (index) => {
        this.#active = index;
        this.#render();
      },
      onAfresh: () => this.#startAfresh(),
    };
  }

  #now() {
    return (this.options.now ?? Date.now)();
  }

  /** The clock goes on; only its end is worth a word aloud. */
  #moveClock() {
    const old = this.places.answer.querySelector("[data-clock]");
    const finding = this.report?.findings[this.#active];
    const fresh = old === null || finding === undefined ? null : clock(finding, this.#now(), this.say);
    if (old === null || fresh === null) {
      return;
    }
    if (fresh.classList.contains("over") && !old.classList.contains("over")) {
      this.#render();
      byId(this.root, "status").textContent = this.say.t("clock.again");
    } else {
      old.replaceWith(fresh);
    }
  }

  /**
   * The role that the reader chose for this case; else the one that is likely theirs.
   * @param {Report} report
   * @returns {import("./view/answer.js").Role}
   */
  #role(report) {
    const chosen = this.#isOfCase(report) || this.#source.kind === "section" ? this.#case.role : null;
    const acts = report.findings[this.#active]?.acts;
    return chosen ?? this.options.role ?? (acts === "sender" || acts === "nobody" ? "sender" : "admin");
  }

  /**
   * What taking along needs; nothing where only a section's checklist is shown.
   * @param {Report} report
   * @returns {import("./view/takeaway.js").Hands | null}
   */
  #hands(report) {
    const source = this.#source;
    const finding = report.findings[this.#active];
    const engine = this.#engine;
    return engine === null || finding === undefined || source.kind === "section"
      ? null
      : {
          say: this.say,
          handOver: async (wish) => {
            const made = await engine.handOver(forms(source), { lang: this.lang, answers: this.#isOfCase(report) ? this.#case.answers : [] }, wish);
            await handLifted();
            return made;
          },
          ticked: () => (this.#isOfCase(report) ? cases.ticks(this.#case, finding.section) : []),
          note: this.#isOfCase(report) ? this.#case.note : "",
          finding: this.#active,
          link: this.#link(report),
        };
  }

  /** Forgets everything that this browser keeps. */
  #erase() {
    this.options.store.erase?.();
    this.#case = cases.fresh();
    this.#touched = false;
    this.#comparing = null;
    this.#render();
    this.#showResume();
    byId(this.root, "status").textContent = this.say.t("follow.erased");
    if (this.report !== null) {
      void this.#examine({ whole: false });
    }
  }

  /**
   * The case that ticks and answers of this report belong to: the last one, or a new one in its place.
   * @param {Report} report
   */
  #caseOf(report) {
    if (!this.#isOfCase(report)) {
      this.#case = cases.fresh();
      sections(report).forEach((section) => cases.enter(this.#case, section));
    }
    this.#touched = true;
  }

  /** @param {Report} report */
  #keepAnswers(report) {
    for (const finding of report.findings) {
      for (const one of this.#case.sections.filter(({ section }) => section === finding.section)) {
        one.inForce = finding.questions.map(({ answer: id }) => id).filter((id) => id !== null);
      }
    }
  }

  #save() {
    cases.save(this.options.store, this.#case);
  }

  /** @param {string} name */
  #ownAnswer(name) {
    const { t, known } = this.say;
    const advice = [1, 2, 3].map((n) => known(`${name}.advice_${n}`, "")).filter((line) => line !== "");
    return { id: name, title: t(`${name}.title`), text: t(`${name}.text`), advice };
  }

  /** Says what changed, once; nothing while the answer stays the same. */
  #announce() {
    const { report, say } = this;
    const own = this.#own;
    const finding = report?.findings[this.#active];
    const said =
      own !== null
        ? say.t(`${own}.title`)
        : report === null
          ? ""
          : [this.#source.kind === "section" ? undefined : report.answer.title, finding?.title]
              .filter((part) => part !== undefined)
              .join(": ");
    if (said !== this.#announced) {
      this.#announced = said;
      byId(this.root, "status").textContent = said;
    }
  }

  #hush() {
    this.#announced = "";
    byId(this.root, "status").textContent = "";
  }

  /** @param {"edit" | "read"} mode */
  #setMode(mode) {
    this.#mode = mode;
    this.#render();
  }

  /** Shows the text with its marks where the field stands in its place. */
  showText() {
    if (this.#mode === "edit" && this.report !== null && this.#source.kind !== "section") {
      this.#setMode("read");
    }
  }

  showClear() {
    const nothing = this.#source.kind === "none" && this.field.value === "" && this.#own === null;
    for (const button of this.root.querySelectorAll(".clear")) {
      /** @type {HTMLElement} */ (button).hidden = nothing;
    }
  }

  /** Puts the focus on the answer's title, and its beginning in view where it is not. */
  #goToAnswer() {
    byId(this.root, "answer-title").focus({ preventScroll: true });
    const { top } = this.places.answer.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 3) {
      this.places.answer.scrollIntoView({ block: "start" });
    }
  }

  // ── Clear, start afresh, and taking it back ────────────────────────────────

  #clear() {
    const before = { source: this.#source, report: this.report, own: this.#own, active: this.#active, mode: this.#mode, touched: this.#touched, text: this.field.value };
    this.field.value = "";
    this.#source = { kind: "none" };
    this.report = null;
    this.#own = null;
    this.#mode = "edit";
    this.#next = null;
    this.#hush();
    this.#render();
    this.#offerUndo("undo.cleared", () => {
      this.field.value = before.text;
      // What was ticked meanwhile stays.
      this.#source = before.source;
      this.report = before.report;
      this.#own = before.own;
      this.#active = before.active;
      this.#mode = before.mode;
      this.#touched = before.touched;
      this.#render();
      this.#announce();
      if (this.report !== null && this.report.lang !== this.lang) {
        void this.#examine({ whole: false });
      }
      if (this.#mode === "edit") {
        goTo(this.field, "nearest");
      } else {
        this.#goToAnswer();
      }
    });
    this.field.focus();
  }

  #startAfresh() {
    const before = this.#case;
    /** @param {cases.Case} it */
    const become = (it) => {
      this.#case = it;
      this.#touched = false;
      this.#save();
      this.#showResume();
      if (this.report !== null) {
        void this.#examine({ whole: false });
      }
    };
    become(cases.fresh());
    this.#offerUndo("undo.afresh", () => become(before));
  }

  /**
   * @param {string} key says what was done
   * @param {() => void} takeBack
   */
  #offerUndo(key, takeBack) {
    this.#undo = { key, takeBack };
    this.#writeUndo();
    byId(this.root, "status").textContent = this.say.t(key);
  }

  #writeUndo() {
    const bar = byId(this.root, "undo");
    const undo = this.#undo;
    bar.hidden = undo === null;
    const click = () => {
      this.#forgetUndo();
      undo?.takeBack();
    };
    const { t } = this.say;
    replace(bar, undo === null ? [] : [t(undo.key), " ", el("button", { type: "button", class: "link", click, "data-key": "undo" }, t("undo.take_back"))]);
  }

  #forgetUndo() {
    this.#undo = null;
    this.#writeUndo();
  }

  /** Offers the last checklist, as long as nothing was given. */
  #showResume() {
    const bar = byId(this.root, "resume");
    const { t, counted, known } = this.say;
    const one = this.#case.sections.find(({ ticks }) => ticks.length > 0) ?? this.#case.sections[0];
    const nothing = cases.isEmpty(this.#case) && this.#case.seen === null;
    bar.hidden = one === undefined || nothing || this.#source.kind !== "none" || this.#own !== null;
    if (one === undefined || bar.hidden) {
      // Not only hidden: where the focus was in it, the field takes over.
      return replace(bar, []);
    }
    replace(bar, [
      el("p", {}, (one.ticks.length > 0 ? counted("resume.text", one.ticks.length) : t("resume.seen")).replace("{section}", known(`section.${one.section}`, one.section))),
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "button", class: "primary", "data-key": "resume", click: () => this.giveSection(one.section) }, t("resume.continue")),
        this.#case.seen !== null && el("button", { type: "button", "data-key": "resume-new", click: () => this.#pasteNew() }, t("follow.paste_new")),
        el("button", { type: "button", "data-key": "resume-afresh", click: () => this.#startAfresh() }, t("checklist.afresh")),
      ),
      el("p", { class: "quiet" }, t("follow.kept"), " ", el("button", { type: "button", class: "link", "data-key": "resume-erase", click: () => this.#erase() }, t("follow.erase"))),
    ]);
  }

  // ── Language ───────────────────────────────────────────────────────────────

  /**
   * Speaks another language from now on; the text and the answer stay.
   * @param {Lang} wanted
   */
  async speak(wanted) {
    try {
      const both = await this.options.words(wanted);
      await this.#engine?.teach(wanted, both.engine);
      this.say = speech(wanted, both.page);
    } catch (error) {
      return this.#trouble(error, () => void this.speak(wanted));
    }
    this.#relabel();
    if (this.report !== null) {
      await this.#examine({ whole: false });
    } else {
      this.#render();
    }
  }

  /** Writes every string anew; elements stay, and with them the focus. */
  #relabel() {
    this.frame.lang = this.lang;
    relabel(this.frame, this.say);
    this.#invite();
    this.#listExamples();
    this.#showResume();
    this.#writeUndo();
    this.options.onSpoken?.(this);
  }

  #listExamples() {
    const items = EXAMPLES.map((id) => {
      const choose = () => {
        this.examples.open = false;
        void this.#withLater((later) => {
          const text = later.EXAMPLES[id];
          this.giveText(text?.[this.lang] ?? text?.en ?? "");
        });
      };
      return el("li", {}, el("button", { type: "button", "data-key": id, "data-example": id, click: choose }, this.say.t(`example.${id}`)));
    });
    replace(byId(this.root, "example-list"), items);
  }

  // ── Listening ──────────────────────────────────────────────────────────────

  #listen() {
    const { root, examples } = this;
    const { signal } = this.#ends;
    listenToGiving(this, signal);
    listenToTies(this, signal);
    listenToHand(root, signal);
    const edit = () => {
      this.#setMode("edit");
      goTo(this.field, "nearest");
    };
    byId(root, "edit").addEventListener("click", edit, { signal });
    root.addEventListener(
      "keydown",
      (event) => {
        if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || event.defaultPrevented) {
          return;
        }
        if (examples.open) {
          examples.open = false;
          examples.querySelector("summary")?.focus();
        } else if (!takesText(event.target) && this.#mode === "read") {
          edit();
        }
      },
      { signal },
    );
    root.addEventListener(
      "click",
      ({ target }) => {
        if (target instanceof Element && target.closest(".clear") !== null) {
          this.#clear();
        }
      },
      { signal },
    );
    // A click anywhere else closes the menu. From outside of a shadow root, its inside looks like its host.
    document.addEventListener(
      "click",
      (event) => {
        if (examples.open && !event.composedPath().includes(examples)) {
          examples.open = false;
        }
      },
      { signal },
    );
    const minute = setInterval(() => this.#moveClock(), 60_000);
    signal.addEventListener("abort", () => clearInterval(minute));
    // Timers sleep where the page is not seen.
    document.addEventListener("visibilitychange", () => this.#moveClock(), { signal });
    addEventListener("beforeprint", () => this.#unfold(true), { signal });
    addEventListener("afterprint", () => this.#unfold(false), { signal });
  }

  /** @type {HTMLDetailsElement[]} */
  #folded = [];

  /**
   * On paper, the steps of one's own list stand open; all else that is folded stays away.
   * @param {boolean} open
   */
  #unfold(open) {
    if (open) {
      const inner = /** @type {NodeListOf<HTMLDetailsElement>} */ (this.places.answer.querySelectorAll("details.inner"));
      this.#folded = [...inner].filter((one) => !one.open);
    }
    for (const one of this.#folded) {
      one.open = open;
    }
  }

  /**
   * Uses what comes only when it is first asked for.
   * @param {(later: Later) => void} use
   */
  async #withLater(use) {
    /** @type {Later} */
    let later;
    try {
      later = await this.options.later();
    } catch (error) {
      this.#trouble(error, () => void this.#withLater(use), "page.trouble_part");
      return goTo(byId(this.root, "trouble"));
    }
    use(later);
  }

  /**
   * @param {unknown} error
   * @param {() => void} again
   * @param {string} [key] says what did not come
   */
  #trouble(error, again, key = "page.trouble") {
    console.error(error);
    this.options.onError?.(error);
    const bar = byId(this.root, "trouble");
    bar.hidden = false;
    const retry = () => {
      bar.hidden = true;
      again();
    };
    const { known } = this.say;
    const { dataset } = this.field;
    // Where the words did not come either, there is no string to say it with but those in the markup.
    replace(bar, [
      el("p", {}, known(key, dataset.trouble ?? "")),
      el("button", { type: "button", click: retry }, known("page.retry", dataset.retry ?? "")),
    ]);
  }
}

/** @param {Report} report */
const sections = (report) => report.findings.map((finding) => finding.section);

/**
 * Every step: whether it applies, fell away, or depends on an answer that is missing.
 * @param {import("./report.js").Finding | undefined} finding
 */
function applying(finding) {
  const inForce = finding?.questions.map(({ answer: id }) => id) ?? [];
  /** @type {Map<string, string>} */
  const found = new Map();
  /** @param {import("./report.js").Step[]} list @param {string} above */
  const walk = (list, above) => {
    for (const step of list) {
      const own = step.dropped ? "dropped" : step.only_if.every((id) => inForce.includes(id)) ? "applies" : "open";
      const state = above === "applies" || own === "dropped" ? own : above;
      found.set(step.id, state);
      walk(step.steps, state);
    }
  };
  walk(finding?.steps ?? [], "applies");
  return found;
}

/**
 * The platform that was chosen, else the one that the browser runs on.
 * @param {string | null} chosen
 */
function platform(chosen) {
  return chosen === "windows" || chosen === "unix" ? chosen : /Mac|Linux|X11|Android|iPhone|iPad/.test(navigator.userAgent) ? "unix" : "windows";
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
