// The engine and the words of every language, as the build packed them into the page itself. Nothing is fetched.

import bindings from "./bindings.js";
import { Engine, onPage } from "./engine.js";

/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./words.js").Words} Words */

/** @type {Promise<Map<string, Uint8Array>> | undefined} */
let unpacked;

/** The files by their names. The pack is base64 of gzip of: a line of JSON with names and lengths, then the files. */
function files() {
  unpacked ??= unpack();
  return unpacked;
}

async function unpack() {
  const text = document.getElementById("inside")?.textContent ?? "";
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  const head = all.indexOf(10);
  /** @type {[string, number][]} */
  const list = JSON.parse(new TextDecoder().decode(all.subarray(0, head)));
  const found = new Map();
  let at = head + 1;
  for (const [name, length] of list) {
    found.set(name, all.slice(at, at + length));
    at += length;
  }
  return found;
}

/** @param {string} name */
async function file(name) {
  const bytes = (await files()).get(name);
  if (bytes === undefined) {
    throw new Error(`${name} is not inside`);
  }
  return bytes;
}

/** @type {Promise<Engine> | undefined} */
let awake;

export function engine() {
  awake ??= start();
  return awake;
}

async function start() {
  const wasm = await file("ndr_doctor.wasm");
  return new Engine(() => onPage(bindings, /** @type {ArrayBuffer} */ (wasm.buffer))).awake();
}

/**
 * @param {Lang} lang
 * @returns {Promise<Words>}
 */
export async function words(lang) {
  const [page, engine] = await Promise.all([file(`page.${lang}.json`), file(`words.${lang}.txt`)]);
  const text = new TextDecoder();
  return { page: JSON.parse(text.decode(page)), engine: text.decode(engine) };
}
