// <ndr-doctor>: the desk as an element for other pages, in a shadow root of its own. Its engine and words lie beside
// the script. ndr-doctor.js gives the element its name; this file only says what it is.

import bindings from "./bindings.js";
import { Desk } from "./desk.js";
import { el, grow } from "./dom.js";
import { Engine, onPage } from "./engine.js";
import { contact, fitted } from "./fitted.js";
import * as later from "./later.js";
import * as store from "./store.js";
import { ROLES } from "./view/checklist.js";

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./words.js").Words} Words */

const LANGS = /** @type {Lang[]} */ (["en", "es"]);
const THEMES = ["auto", "light", "dark"];

/** Elements of the desk that other pages may style, by the name of their part. @type {Record<string, string>} */
const PARTS = { desk: "frame", field: "field", read: "read", answer: "answer", pasted: "pasted", privacy: "privacy" };

/** @param {string} name @returns {URL} of a file that lies beside this script */
const beside = (name) => new URL(name, import.meta.url);

/**
 * Fetches a file of this build and no other: its digest was put in here.
 * @param {string} name
 */
async function file(name) {
  const answer = await fetch(beside(name), { integrity: FILES[name], credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) {
    throw new Error(`${name}: ${answer.status}`);
  }
  return answer;
}

/**
 * Asks again only after a failure.
 * @template T
 * @param {() => Promise<T>} ask
 */
function once(ask) {
  /** @type {Promise<T> | undefined} */
  let answer;
  return () => {
    answer ??= ask();
    answer.catch(() => {
      answer = undefined;
    });
    return answer;
  };
}

// One engine, and the words of a language, for all elements of a page.
const engine = once(async () => {
  const wasm = await (await file("ndr_doctor.wasm")).arrayBuffer();
  return new Engine(() => onPage(bindings, wasm)).awake();
});

/** @type {Map<Lang, () => Promise<Words>>} */
const speeches = new Map(
  LANGS.map((lang) => [
    lang,
    once(async () => {
      const [page, text] = await Promise.all([file(`page.${lang}.json`), file(`words.${lang}.txt`)]);
      return { page: await page.json(), engine: await text.text() };
    }),
  ]),
);

/** @param {Lang} lang */
const words = (lang) => /** @type {() => Promise<Words>} */ (speeches.get(lang))();

/** Whether the policy of the page lets WebAssembly run; the smallest module there is tells. */
const runsHere = once(async () => {
  try {
    await WebAssembly.instantiate(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    return true;
  } catch {
    return false;
  }
});

/** @type {CSSStyleSheet | undefined} */
let sheet;

function styles() {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
  }
  return sheet;
}

/**
 * @fires ndr-diagnosis
 * @fires ndr-error
 */
export class NdrDoctor extends HTMLElement {
  static observedAttributes = ["lang", "theme", "code", "role", "share-report"];

  /** @type {Desk | null} */
  #desk = null;
  #shadow = this.attachShadow({ mode: "open", delegatesFocus: true });
  #begun = false;

  // ── Attributes as properties ───────────────────────────────────────────────
  // `lang` and `role` are properties of every element.

  get theme() {
    const theme = this.getAttribute("theme") ?? "auto";
    return THEMES.includes(theme) ? theme : "auto";
  }

  set theme(theme) {
    this.setAttribute("theme", theme);
  }

  get code() {
    return this.getAttribute("code") ?? "";
  }

  set code(code) {
    this.setAttribute("code", code);
  }

  get shareReport() {
    return this.hasAttribute("share-report");
  }

  set shareReport(share) {
    this.toggleAttribute("share-report", share);
  }

  /** Reads a text as if it were pasted. @param {string} text */
  read(text) {
    this.#desk?.giveText(text, null);
  }

  connectedCallback() {
    if (!this.#begun) {
      this.#begun = true;
      void this.#begin();
    }
  }

  disconnectedCallback() {
    // An element that is only moved comes back at once.
    queueMicrotask(() => {
      if (!this.isConnected) {
        this.#desk?.destroy();
        this.#desk = null;
        this.#begun = false;
        this.#shadow.replaceChildren();
      }
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    if (before === now || this.#desk === null) {
      return;
    }
    if (name === "lang") {
      void this.#desk.speak(this.#spoken());
    } else if (name === "code") {
      this.#showCode(this.#desk);
    } else if (name === "role" || name === "share-report") {
      this.#desk.options.role = this.#reader();
      this.#desk.readAgain();
    }
  }

  /** @returns {Lang} its own language; where it has none, that of the page around it, or the browser's */
  #spoken() {
    const around = this.closest("[lang]")?.getAttribute("lang");
    const tags = [this.getAttribute("lang"), around, ...(navigator.languages ?? [navigator.language])];
    const known = tags.map((tag) => LANGS.find((lang) => lang === tag?.slice(0, 2).toLowerCase()));
    return known.find((lang) => lang !== undefined) ?? "en";
  }

  #reader() {
    return ROLES.find((one) => one === this.getAttribute("role"));
  }

  async #begin() {
    this.#shadow.adoptedStyleSheets = [styles()];
    const slot = (/** @type {string} */ name) => el("div", { part: name }, el("slot", { name }));
    if (!(await runsHere())) {
      this.#shadow.replaceChildren(slot("intro"), ...this.#framed(), slot("footer"));
      return this.#fail("webassembly-refused");
    }
    const desk = /** @type {HTMLElement} */ (grow(TREES[this.#spoken()]));
    for (const [part, id] of Object.entries(PARTS)) {
      (desk.id === id ? desk : desk.querySelector(`#${id}`))?.setAttribute("part", part);
    }
    const place = el("div");
    this.#shadow.replaceChildren(slot("intro"), desk, place, slot("footer"));
    const mounted = new Desk(this.#shadow, {
      lang: this.#spoken(),
      engine: fitted(engine),
      role: this.#reader(),
      words,
      later: async () => later,
      store,
      reference: () => null,
      onSpoken: ({ say }) => place.replaceChildren(...contact(say.t)),
      onShown: (shown) => this.#tell(shown),
      onError: (error) => this.#fail(String(error)),
    });
    this.#desk = mounted;
    await mounted.ready;
    this.#showCode(mounted);
  }

  /** @param {Desk} desk */
  #showCode(desk) {
    if (this.code !== "") {
      desk.giveCode(this.code);
    }
  }

  /** Where the page forbids WebAssembly, a frame has a policy of its own. */
  #framed() {
    const address = beside("embed.html");
    address.searchParams.set("lang", this.#spoken());
    address.searchParams.set("theme", this.theme);
    address.searchParams.set("parent", location.origin);
    if (this.code !== "") {
      address.searchParams.set("code", this.code);
    }
    const said = NOTES[this.#spoken()];
    const frame = el("iframe", { src: address.href, title: "NDR Doctor", part: "frame", class: "own-frame", referrerpolicy: "no-referrer", allow: "clipboard-write" });
    addEventListener("message", ({ data, origin, source }) => {
      if (source === frame.contentWindow && origin === address.origin && data?.from === "ndr-doctor" && Number.isFinite(data.height)) {
        frame.style.height = `${Math.min(Math.max(data.height, 200), 20000)}px`;
      }
    });
    return [el("p", { class: "note" }, said.framed, " ", el("a", { href: address.href, target: "_blank", rel: "noreferrer" }, said.open)), frame];
  }

  /** @param {Desk} desk */
  #tell({ report }) {
    if (report === null) {
      return;
    }
    const findings = report.findings.map((one) => ({
      section: one.section,
      codes: [...new Set([one.status, one.cause_status].filter((code) => code !== null))],
      stage: one.stage,
      outcome: one.outcome,
    }));
    const [first = { section: null, codes: [], stage: "none", outcome: "unknown" }] = findings;
    // The report holds what was pasted: it goes only to a page that asked for it.
    const detail = { verdict: report.verdict, ...first, findings, ...(this.shareReport ? { report } : {}) };
    this.dispatchEvent(new CustomEvent("ndr-diagnosis", { detail, bubbles: true, composed: true }));
  }

  /** @param {string} reason */
  #fail(reason) {
    this.dispatchEvent(new CustomEvent("ndr-error", { detail: { reason }, bubbles: true, composed: true }));
  }
}
