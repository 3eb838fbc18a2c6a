// The desk alone in a page, for frames: ?lang=es&theme=dark&code=4.4.316&parent=https://wiki.example
// A code is all that an address may bring; what is pasted never leaves the frame.

import { Desk } from "./desk.js";
import { grow } from "./dom.js";
import { contact, fitted } from "./fitted.js";
import { engine, words } from "./inside.js";
import * as later from "./later.js";
import * as store from "./store.js";
import { ROLES } from "./view/checklist.js";

/** @typedef {import("./report.js").Lang} Lang */

const page = document.documentElement;
const asked = new URLSearchParams(location.search);
const behind = new URLSearchParams(location.hash.slice(1));

/** The origin of the page around, where it wants to be told the height and may send a code. */
const around = (() => {
  try {
    return window.parent === window ? null : new URL(asked.get("parent") ?? "").origin;
  } catch {
    return null;
  }
})();

/** An error's code or an entry's name, and nothing that could hold more. @param {unknown} text */
const isCode = (text) => typeof text === "string" && /^[a-z0-9#. -]{1,40}$/i.test(text);

const own = () => {
  const tags = [behind.get("lang"), asked.get("lang"), ...(navigator.languages ?? [navigator.language])];
  const known = tags.map((tag) => (tag ?? "").slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "es");
  return /** @type {Lang} */ (known ?? "en");
};

async function start() {
  page.lang = own();
  const theme = asked.get("theme");
  if (theme === "light" || theme === "dark") {
    page.dataset.theme = theme;
  }
  tellHeight();
  const place = /** @type {HTMLElement} */ (document.getElementById("place"));
  try {
    const { page: strings } = await words(own());
    document.title = strings["page.title"] ?? "NDR Doctor";
    if (typeof WebAssembly !== "object") {
      place.textContent = strings["page.no_wasm_here"] ?? "";
      return;
    }
  } catch {
    // A browser without DecompressionStream: the page's own sentence stands.
    return;
  }
  place.replaceWith(grow(TREES[own()]));
  const desk = new Desk(document, {
    lang: own(),
    engine: fitted(engine),
    role: ROLES.find((one) => one === asked.get("role")),
    words,
    later: async () => later,
    store,
    reference: () => null,
  });
  await desk.ready;
  document.body.append(...contact(desk.say.t));
  page.classList.add("ready");
  show(desk, behind.get("code") ?? asked.get("code"));
  addEventListener("hashchange", () => show(desk, new URLSearchParams(location.hash.slice(1)).get("code")));
  addEventListener("message", (event) => {
    if (around !== null && event.source === window.parent && event.origin === around && event.data?.to === "ndr-doctor") {
      show(desk, event.data.code);
    }
  });
}

/**
 * @param {Desk} desk
 * @param {unknown} code
 */
function show(desk, code) {
  if (typeof code === "string" && isCode(code)) {
    desk.giveCode(code);
  }
}

function tellHeight() {
  if (around !== null) {
    const origin = around;
    const tell = () => window.parent.postMessage({ from: "ndr-doctor", height: Math.ceil(document.body.getBoundingClientRect().height) }, origin);
    new ResizeObserver(tell).observe(document.body);
  }
}

void start();
