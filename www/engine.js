// Keeps the engine alive, wherever it runs: in a worker, or on the page itself. After a fault it is started anew.

/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./report.js").Form} Form */
/** @typedef {import("./report.js").Options} Options */
/** @typedef {import("./report.js").Lang} Lang */
/** @typedef {import("./worker.js").Order} Order */
/** @typedef {Order extends infer O ? O extends unknown ? Omit<O, "id"> : never : never} Task */

/** A worker that says nothing for this long at its start is taken as refused. */
const AWAKE_MS = 10_000;
/** No report takes this long; what does, has hung. */
const REPORT_MS = 20_000;

/** What the engine throws when it broke on an input. It is ready again by then. */
export class Broken extends Error {}

/** What the engine throws when the whole one did not come that an input needs. */
export class Missing extends Error {}

/**
 * @typedef {object} Place where the engine runs
 * @property {(task: Task) => Promise<unknown>} run
 * @property {() => void} end
 */

export class Engine {
  /** @type {() => Promise<Place>} */
  #start;
  /** @type {Map<Lang, string>} */
  #words = new Map();
  /** @type {Promise<Place>} */
  #place;
  /** @type {(() => Promise<Engine>) | null} */
  #whole;

  /**
   * @param {() => Promise<Place>} start one of the places below, begun anew at each call
   * @param {() => Promise<Engine>} [whole] the whole engine, where this one is not
   */
  constructor(start, whole) {
    this.#start = start;
    this.#whole = whole ?? null;
    this.#place = this.#begin();
  }

  /** Settled once it takes orders. */
  async awake() {
    await this.#place;
    return this;
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
    const report = /** @type {Report | null} */ (await this.#ask({ parts, options }));
    return report ?? (await this.#taught(options.lang)).examine(parts, options);
  }

  /**
   * The answer in a shape to take along, with what is personal in it masked.
   * @param {Form[]} parts
   * @param {Options} options
   * @param {import("./report.js").Wish} wish
   * @returns {Promise<import("./report.js").Handover>}
   */
  async handOver(parts, options, wish) {
    return this.#whole === null
      ? /** @type {import("./report.js").Handover} */ (await this.#ask({ parts, options, wish }))
      : (await this.#taught(options.lang)).handOver(parts, options, wish);
  }

  /**
   * The whole engine, with the words of a language.
   * @param {Lang} lang
   */
  async #taught(lang) {
    try {
      const whole = /** @type {Engine} */ (await this.#whole?.());
      await whole.teach(lang, this.#words.get(lang) ?? "");
      return whole;
    } catch (error) {
      throw new Missing(String(error));
    }
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
    const place = await this.#start();
    for (const [lang, words] of this.#words) {
      await place.run({ lang, words });
    }
    return place;
  }
}

/**
 * In a thread of its own. Throws where the browser, or the page's policy, refuses one.
 * @param {string} address of the built worker.js
 * @param {ArrayBuffer} wasm
 * @returns {Promise<Place>}
 */
export async function inWorker(address, wasm) {
  const worker = new Worker(address, { type: "module", name: "ndr-doctor" });
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
  /** @type {Place} */
  const place = {
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
  try {
    await place.run({ init: wasm });
  } catch (error) {
    place.end();
    throw error;
  }
  return place;
}

/**
 * On the page itself, which stands still while a report is written.
 * @param {typeof import("./engine/ndr_doctor.js")} engine the bindings
 * @param {ArrayBuffer} wasm
 * @returns {Promise<Place>}
 */
export async function onPage(engine, wasm) {
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
