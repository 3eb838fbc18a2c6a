// What the site fetches before it takes input: the engine, and of one language a file of words for the page and one for
// the engine. A second engine, the whole one, is fetched when something is first taken along, or is given that the first
// cannot read.

import { Engine, inWorker, onPage } from "./engine.js";
import { fileAddress } from "./files.js";
import { BINDINGS, LATER, trusted, WHOLE_BINDINGS, WHOLE_WORKER, WORKER } from "./scripts.js";

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./words.js").Words} Words */

/** @type {Promise<Engine> | undefined} */
let awake;

/** The engine, one for the whole page; asked for again after a failure. */
export function engine() {
  awake ??= start("ndr_doctor.wasm", WORKER, BINDINGS, whole);
  awake.catch(() => {
    awake = undefined;
  });
  return awake;
}

/** @type {Promise<Engine> | undefined} */
let second;

/** The whole engine; asked for again after a failure. */
function whole() {
  second ??= start("whole.wasm", WHOLE_WORKER, WHOLE_BINDINGS);
  second.catch(() => {
    second = undefined;
  });
  return second;
}

/**
 * Fetches the module as bytes, so that it does not matter how the server labels it.
 * @param {string} module
 * @param {string} worker
 * @param {string} script the module's bindings
 * @param {() => Promise<Engine>} [other] the whole engine, where this one is not
 */
async function start(module, worker, script, other) {
  const address = fileAddress(module);
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  const wasm = await answer.arrayBuffer();
  return new Engine(async () => {
    try {
      return await inWorker(trusted(worker), wasm);
    } catch (error) {
      console.info("NDR Doctor runs on the page itself:", error);
      /** @type {typeof import("./engine/ndr_doctor.js")} */
      const bindings = await import(script);
      return onPage(bindings, wasm);
    }
  }, other).awake();
}

/** @type {Promise<typeof import("./later.js")> | undefined} */
let rest;
let asked = 0;

/** What no first answer needs. */
export function later() {
  if (rest === undefined) {
    asked += 1;
    // A browser may remember that a module did not come; with another fragment it asks again.
    rest = import(asked === 1 ? LATER : `${LATER}#${asked}`);
    rest.catch(() => {
      rest = undefined;
    });
  }
  return rest;
}

/** @type {Map<Lang, Promise<Words>>} */
const fetched = new Map();

/**
 * Both files of a language, asked for once.
 * @param {Lang} lang
 * @returns {Promise<Words>}
 */
export function words(lang) {
  let both = fetched.get(lang);
  if (both === undefined) {
    both = request(lang);
    fetched.set(lang, both);
    both.catch(() => fetched.delete(lang));
  }
  return both;
}

/**
 * @param {Lang} lang
 * @returns {Promise<Words>}
 */
async function request(lang) {
  const answers = await Promise.all([
    fetch(fileAddress(`page.${lang}.json`)),
    fetch(fileAddress(`words.${lang}.txt`)),
  ]);
  const missing = answers.find((answer) => !answer.ok);
  if (missing !== undefined) {
    throw new Error(`${missing.url}: ${missing.status}`);
  }
  const [page, engine] = await Promise.all(answers.map((answer) => answer.text()));
  return { page: JSON.parse(page ?? ""), engine: engine ?? "" };
}
