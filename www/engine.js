// Loads the engine and keeps it alive: in a worker, restarted after a fault; on the page itself where a worker or the
// Trusted Types policy is refused.

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Form} Form */
/** @typedef {import("./report.js").Options} Options */
/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./worker.js").Order} Order */
/** @typedef {Order extends infer O ? O extends unknown ? Omit<O, "id"> : never : never} Task */

const WORKER = new URL("./worker.js", import.meta.url).href;
const WASM = new URL("./engine/ndr_doctor_bg.wasm", import.meta.url);
const BINDINGS = "./engine/ndr_doctor.js";

/** A worker that says nothing for this long at its start is taken as refused. */
const AWAKE_MS = 10_000;
/** No report takes this long; what does, has hung. */
const REPORT_MS = 20_000;

/** What the engine throws when it broke on an input. It is ready again by then. */
export class Broken extends Error {}

/**
 * @typedef {object} Place where the engine runs
 * @property {(task: Task) => Promise<unknown>} run
 * @property {() => void} end
 */

export class Engine {
  /** @type {ArrayBuffer} */
  #wasm;
  /** @type {Map<Lang, string>} */
  #words = new Map();
  /** @type {Promise<Place>} */
  #place;

  /** @param {ArrayBuffer} wasm */
  constructor(wasm) {
    this.#wasm = wasm;
    this.#place = this.#begin();
  }

  /** Fetches the module as bytes, so that it does not matter how the server labels it. */
  static async fetch() {
    const answer = await fetch(WASM);
    if (!answer.ok) {
      throw new Error(`${WASM}: ${answer.status}`);
    }
    const engine = new Engine(await answer.arrayBuffer());
    await engine.#place;
    return engine;
  }

  /**
   * @param {Lang} lang
   * @param {string} words
   */
  async teach(lang, words) {
    if (!this.#words.has(lang)) {
      this.#words.set(lang, words);
      await (await this.#place).run({ lang, words });
    }
  }

  /**
   * @param {Form[]} parts
   * @param {Options} options
   * @returns {Promise<Report>}
   */
  async examine(parts, options) {
    return /** @type {Report} */ (await this.#ask({ parts, options }));
  }

  /**
   * The answer in a shape to take along, with what is personal in it masked.
   * @param {Form[]} parts
   * @param {Options} options
   * @param {import("./report.js").Wish} wish
   * @returns {Promise<import("./report.js").Handover>}
   */
  async handOver(parts, options, wish) {
    return /** @type {import("./report.js").Handover} */ (await this.#ask({ parts, options, wish }));
  }

  /** @param {Task} task */
  async #ask(task) {
    const place = await this.#place;
    try {
      return await place.run(task);
    } catch (error) {
      console.error(error);
      place.end();
      this.#place = this.#begin();
      await this.#place;
      throw new Broken(String(error));
    }
  }

  /** @returns {Promise<Place>} */
  async #begin() {
    /** @type {Place} */
    let place;
    try {
      place = await inWorker();
      await place.run({ init: this.#wasm });
    } catch (error) {
      console.info("NDR Doctor runs on the page itself:", error);
      place = await onPage(this.#wasm);
    }
    for (const [lang, words] of this.#words) {
      await place.run({ lang, words });
    }
    return place;
  }
}

/** @returns {Promise<Place>} */
async function inWorker() {
  const worker = new Worker(scriptUrl(), { type: "module", name: "ndr-doctor" });
  /** @type {Map<number, { resolve: (value: unknown) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let count = 0;

  /**
   * @param {number} id
   * @param {number} ms
   * @returns {Promise<unknown>}
   */
  const answer = (id, ms) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms`)), ms);
      const settled = () => {
        clearTimeout(timer);
        waiting.delete(id);
      };
      waiting.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
    });

  worker.addEventListener("message", ({ data }) => {
    const one = waiting.get(data.id);
    if (data.error === undefined) {
      one?.resolve(data.value);
    } else {
      one?.reject(new Error(data.error));
    }
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    for (const one of [...waiting.values()]) {
      one.reject(new Error(event.message ?? "the worker was refused"));
    }
  });

  try {
    await answer(0, AWAKE_MS);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    run(task) {
      count += 1;
      worker.postMessage({ id: count, ...task });
      return answer(count, REPORT_MS);
    },
    end() {
      worker.terminate();
      for (const one of [...waiting.values()]) {
        one.reject(new Error("restarted"));
      }
    },
  };
}

/** @type {TrustedTypePolicy | undefined} */
let policy;

/** The worker's address, passed by the one policy of the page where the browser asks for one. */
function scriptUrl() {
  if (window.trustedTypes === undefined) {
    return WORKER;
  }
  policy ??= window.trustedTypes.createPolicy("ndr-doctor", {
    createScriptURL(url) {
      if (url !== WORKER) {
        throw new TypeError(`not a script of this project: ${url}`);
      }
      return url;
    },
  });
  // A TrustedScriptURL stands for a string wherever a script's address is asked for.
  return /** @type {string} */ (/** @type {unknown} */ (policy.createScriptURL(WORKER)));
}

/**
 * @param {ArrayBuffer} wasm
 * @returns {Promise<Place>}
 */
async function onPage(wasm) {
  /** @type {typeof import("./engine/ndr_doctor.js")} */
  const engine = await import(BINDINGS);
  await engine.default({ module_or_path: wasm.slice(0) });
  return {
    async run(task) {
      if ("words" in task) {
        return engine.load_words(task.lang, task.words);
      }
      if ("parts" in task) {
        return "wish" in task ? engine.hand_over(task.parts, task.options, task.wish) : engine.examine(task.parts, task.options);
      }
      return null;
    },
    end() {},
  };
}
