// The page: one desk in the document, and around it the language, the theme, the guide and the offline copy.

import { byId, inline, relabel, replace } from "./dom.js";
import { Desk } from "./desk.js";
import { handLifted } from "./hand.js";
import * as store from "./store.js";

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./offline.js").Offline} Offline */

/**
 * @typedef {object} Given what differs between the site and the single file
 * @property {import("./desk.js").Options["engine"]} engine
 * @property {import("./desk.js").Options["words"]} words
 * @property {import("./desk.js").Options["later"]} later
 * @property {import("./desk.js").Options["reference"]} reference without a section: the list of all
 * @property {string} [prefers] the language to speak where none was chosen; that of the page where none is given
 * @property {(around: import("./offline.js").Around) => Offline} [offline]
 */

const LANGS = /** @type {Lang[]} */ (["en", "es"]);
const page = document.documentElement;
const guide = byId(document, "guide");
/** @type {Given["engine"]} */
let engine;
/** @type {Given["later"]} */
let later;
/** @type {Given["reference"]} */
let reference;
/** @type {Offline | undefined} */
let offline;

/** @param {Given} given */
async function start(given) {
  ({ engine, later, reference } = given);
  const desk = new Desk(document, {
    lang: LANGS.find((one) => one === page.lang) ?? "en",
    engine,
    words: given.words,
    later,
    store,
    reference,
    link: (fragment) => new URL(`#${fragment}`, location.href).href,
    onSpoken,
    onShown,
  });
  await desk.ready;
  listenToLanguages(desk);
  listenToGuide(desk);
  page.classList.add("ready");
  offline = given.offline?.({ say: () => desk.say, holds: () => desk.answered || desk.field.value !== "" });
  const choice = LANGS.find((one) => one === (store.read("lang") ?? given.prefers));
  if (choice !== undefined && choice !== desk.lang) {
    await speak(desk, choice);
  }
  await openLink(desk);
  addEventListener("hashchange", () => void openLink(desk));
  await offline?.begin();
}

/**
 * A link to a checklist: `#section=…&lang=…&role=…&answers=…`.
 * @param {Desk} desk
 */
async function openLink(desk) {
  const fragment = location.hash.slice(1);
  const wanted = LANGS.find((one) => one === new URLSearchParams(fragment).get("lang"));
  if (wanted !== undefined && wanted !== desk.lang) {
    await speak(desk, wanted);
  }
  desk.open(fragment);
}

/** @param {Desk} desk */
function onShown({ answered, say }) {
  document.body.classList.toggle("answered", answered);
  byId(document, "guide-door").hidden = !answered;
  if (!answered) {
    openGuide(false, say);
  }
}

// ── Language and theme ───────────────────────────────────────────────────────

/** @param {Desk} desk */
function onSpoken({ lang, say }) {
  page.lang = lang;
  document.title = say.t("page.title");
  relabel(document, say);
  for (const link of document.querySelectorAll("[data-lang]")) {
    if (link.getAttribute("data-lang") === lang) {
      link.setAttribute("aria-current", "true");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  openGuide(document.body.classList.contains("guide-open"), say);
  offline?.show();
}

/**
 * @param {Desk} desk
 * @param {Lang} wanted
 */
async function speak(desk, wanted) {
  await desk.speak(wanted);
  if (desk.lang === wanted) {
    await translateGuide(desk);
  }
}

/** @param {Desk} desk */
function listenToLanguages(desk) {
  for (const link of document.querySelectorAll("a[data-lang]")) {
    link.addEventListener("click", (event) => {
      const wanted = LANGS.find((one) => one === link.getAttribute("data-lang"));
      if (wanted !== undefined && event instanceof MouseEvent && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        store.write("lang", wanted);
        void speak(desk, wanted);
      }
    });
  }
}

function listenToTheme() {
  const select = /** @type {HTMLSelectElement} */ (byId(document, "theme"));
  select.value = store.read("theme") ?? "auto";
  select.addEventListener("change", () => {
    const chosen = select.value === "auto" ? null : select.value;
    store.write("theme", chosen);
    if (chosen === null) {
      delete page.dataset.theme;
    } else {
      page.dataset.theme = chosen;
    }
  });
}

// ── The guide ────────────────────────────────────────────────────────────────

/** @param {Desk} desk */
function listenToGuide(desk) {
  byId(document, "open-guide").addEventListener("click", () => openGuide(!document.body.classList.contains("guide-open"), desk.say));
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target !== null && guide.contains(target)) {
      openGuide(true, desk.say);
      target.scrollIntoView();
    }
  });
}

/**
 * @param {boolean} open
 * @param {import("./words.js").Speech} say
 */
function openGuide(open, { t }) {
  document.body.classList.toggle("guide-open", open);
  const door = byId(document, "open-guide");
  door.setAttribute("aria-expanded", String(open));
  door.textContent = t(open ? "guide.close" : "guide.open");
}

/**
 * The guide in the present language: each section as the engine has it, by its id.
 * @param {Desk} desk
 */
async function translateGuide(desk) {
  const { lang, say } = desk;
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (guide.querySelectorAll("a[data-reference]"))) {
    link.href = (reference("", lang) ?? "") + link.hash;
  }
  const [it, { guideSection }] = await Promise.all([engine(), later()]);
  for (const section of guide.querySelectorAll("[data-section]")) {
    const id = section.getAttribute("data-section") ?? "";
    const report = await it.examine([{ kind: "text", text: id }], { lang, answers: [] });
    const entry = report.findings.find((finding) => finding.section === id);
    await handLifted();
    if (lang !== desk.lang) {
      return;
    }
    if (entry !== undefined) {
      section.setAttribute("lang", lang);
      replace(/** @type {HTMLElement} */ (section), guideSection(entry, id, section.getAttribute("data-code") ?? "", say));
      guide.querySelector(`[data-title-of="${id}"]`)?.replaceChildren(.../** @type {Node[]} */ (inline(entry.title)));
    }
  }
}

/**
 * Starts the page, unless early.js found that this browser cannot run it, or is about to leave it.
 * @param {Given} given
 */
export function begin(given) {
  if (page.classList.contains("js") && !page.classList.contains("leaving")) {
    listenToTheme();
    void painted().then(() => start(given));
  }
}

/** Once the page can be read: what it fetches would only hold that up. In a frame that is not shown, nothing is painted. */
const painted = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, document.visibilityState === "hidden" ? 0 : 3000);
  });
