// The engine behind two functions, however its files are read.

import start, { examine as ask, hand_over, load_words } from "./engine.js";

const LANGS = ["en", "es"];

/** What is taken along where nothing else is wished. */
const WISH = { what: "ticket", form: "markdown", reader: "own_it", finding: null, shown: [], hidden: [], ticked: [], note: "" };

/**
 * @param {(name: string) => Promise<Uint8Array>} read a file that lies beside this one
 */
export function doctor(read) {
  /** @type {Promise<unknown> | undefined} */
  let engine;
  /** @type {Map<string, Promise<void>>} */
  const words = new Map();

  /** @param {string} lang */
  async function learn(lang) {
    const [text] = await Promise.all([read(`words.${lang}.txt`), (engine ??= begin())]);
    load_words(lang, new TextDecoder().decode(text));
  }

  async function begin() {
    try {
      await start({ module_or_path: await read("ndr_doctor.wasm") });
    } catch (error) {
      engine = undefined;
      throw error;
    }
  }

  /** @param {string} lang */
  async function load(lang = "en") {
    if (!LANGS.includes(lang)) {
      throw new TypeError(`no language "${lang}": there are ${LANGS.join(", ")}`);
    }
    let learned = words.get(lang);
    if (learned === undefined) {
      learned = learn(lang);
      words.set(lang, learned);
      learned.catch(() => words.delete(lang));
    }
    await learned;
  }

  /**
   * @param {string | Uint8Array | ArrayBuffer | import("./report.js").Form[]} input
   * @param {{ lang?: string, answers?: string[], name?: string }} [options]
   */
  async function examine(input, { lang = "en", answers = [], name = "" } = {}) {
    await load(lang);
    return ask(forms(input, name), { lang, answers });
  }

  /**
   * @param {string | Uint8Array | ArrayBuffer | import("./report.js").Form[]} input
   * @param {Partial<import("./report.js").Wish>} [wish]
   * @param {{ lang?: string, answers?: string[], name?: string }} [options]
   */
  async function handOver(input, wish = {}, { lang = "en", answers = [], name = "" } = {}) {
    await load(lang);
    return hand_over(forms(input, name), { lang, answers }, { ...WISH, ...wish });
  }

  return { load, examine, handOver };
}

/**
 * @param {string | Uint8Array | ArrayBuffer | import("./report.js").Form[]} input
 * @param {string} name
 * @returns {import("./report.js").Form[]}
 */
function forms(input, name) {
  if (typeof input === "string") {
    return [{ kind: "text", text: input }];
  }
  if (input instanceof Uint8Array || input instanceof ArrayBuffer) {
    return [{ kind: "file", name, bytes: new Uint8Array(input) }];
  }
  if (Array.isArray(input)) {
    return input;
  }
  throw new TypeError("the input is a string, bytes, or a list of forms");
}
