// The engine in a thread of its own: forms in, reports out.

import engine from "./bindings.js";

/**
 * @typedef {{ id: number, init: ArrayBuffer }
 *   | { id: number, lang: string, words: string }
 *   | { id: number, parts: import("./report.js").Form[], options: import("./report.js").Options }
 *   | { id: number, parts: import("./report.js").Form[], options: import("./report.js").Options, wish: import("./report.js").Wish }} Order
 */

/** @param {Order} order */
async function obey(order) {
  if ("init" in order) {
    await engine.default({ module_or_path: order.init });
    return null;
  }
  if ("words" in order) {
    engine.load_words(order.lang, order.words);
    // The whole engine is asked at once.
    if (!("hand_over" in engine)) {
      setTimeout(() => prepare(order.lang));
    }
    return null;
  }
  if ("wish" in order) {
    return engine.hand_over(order.parts, order.options, order.wish);
  }
  return engine.examine(order.parts, order.options);
}

let prepared = false;

/**
 * Reads a code, so that what the engine makes at its first reading is there when the reader's own text comes.
 * @param {string} lang
 */
function prepare(lang) {
  if (!prepared) {
    prepared = true;
    last = last.then(() => void engine.examine([{ kind: "text", text: "550 5.1.1" }], { lang, answers: [] })).catch(() => {});
  }
}

// One at a time: words must be in before a report is asked for.
let last = Promise.resolve();

addEventListener("message", ({ data }) => {
  last = last.then(async () => {
    try {
      postMessage({ id: data.id, value: await obey(data) });
    } catch (error) {
      postMessage({ id: data.id, error: String(error) });
    }
  });
});

postMessage({ id: 0, value: "awake" });
