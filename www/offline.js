// Keeps the site for use without a network, says when a newer version is ready, and lets the reader do without.

import { byId, el, replace } from "./dom.js";
import { handLifted } from "./hand.js";
import { SERVICE_WORKER, trusted } from "./scripts.js";
import * as store from "./store.js";

/** @typedef {import("./words.js").Speech} Speech */

/**
 * @typedef {object} Around what the page tells
 * @property {() => Speech} say
 * @property {() => boolean} holds whether something was given that a reload would lose
 */

/** Where the site is served without a safe connection, and in some frames, there is none. */
const container = () => {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
};

export class Offline {
  /** @type {ServiceWorkerRegistration | undefined} */
  #registration;
  /** @type {"none" | "kept" | "off"} */
  #state = "none";
  /** @type {ServiceWorker | null} */
  #newer = null;
  #asked = false;

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
  }

  /** Once the page takes input: from here on it is the browser that fetches, not the page. */
  async begin() {
    if (container() === undefined) {
      return;
    }
    if (store.read("offline") === "off") {
      this.#state = "off";
      return this.show();
    }
    await this.#keep();
  }

  async #keep() {
    try {
      const registration = await container()?.register(trusted(SERVICE_WORKER), { updateViaCache: "none" });
      if (registration === undefined) {
        return;
      }
      this.#registration = registration;
      this.#follow(registration.installing);
      registration.addEventListener("updatefound", () => this.#follow(registration.installing));
      this.#look();
    } catch (error) {
      // Everything works without it, as long as there is a network.
      console.info("NDR Doctor is not kept for use offline:", error);
    }
  }

  /** @param {ServiceWorker | null} worker */
  #follow(worker) {
    worker?.addEventListener("statechange", () => this.#look());
  }

  /** Draws anew only what changed: a button that is replaced under the reader's hand loses the click. */
  #look() {
    const registration = this.#registration;
    if (registration === undefined) {
      return;
    }
    const state = registration.active ? "kept" : "none";
    const newer = registration.active ? registration.waiting : null;
    if (state !== this.#state || newer !== this.#newer) {
      this.#state = state;
      this.#newer = newer;
      void handLifted().then(() => this.show());
    }
  }

  /** Writes both places anew: the line at the foot, and the bar about a newer version. */
  show() {
    const { t } = this.around.say();
    const line = byId(document, "offline");
    line.hidden = this.#state === "none";
    const button = (/** @type {string} */ key, /** @type {() => void} */ click) => el("button", { type: "button", class: "link", "data-key": key, click }, t(`offline.${key}`));
    replace(line, this.#state === "kept" ? [t("offline.kept"), " ", button("remove", () => void this.#remove())] : [t("offline.off"), " ", button("keep", () => void this.#again())]);
    const bar = byId(document, "newer");
    bar.hidden = this.#newer === null;
    const reload = () => this.#reload();
    const later = () => {
      this.#asked = false;
      this.#newer = null;
      this.show();
    };
    replace(
      bar,
      this.#newer === null
        ? []
        : [
            el("p", {}, t(this.#asked ? "offline.loses" : "offline.newer")),
            el(
              "div",
              { class: "buttons" },
              el("button", { type: "button", "data-key": "reload", click: reload }, t(this.#asked ? "offline.reload_anyway" : "offline.reload")),
              el("button", { type: "button", "data-key": "later", click: later }, t("offline.later")),
            ),
          ],
    );
  }

  /** What was given is not stored, so a reload would lose it: the reader is asked. */
  #reload() {
    if (this.around.holds() && !this.#asked) {
      this.#asked = true;
      return this.show();
    }
    const change = () => location.reload();
    container()?.addEventListener("controllerchange", change, { once: true });
    if (navigator.serviceWorker.controller === null) {
      this.#newer?.addEventListener("statechange", () => this.#newer?.state === "activated" && change());
    }
    this.#newer?.postMessage("take over");
  }

  async #remove() {
    const registration = this.#registration;
    // From here on its changes are no news: it is said that all is removed once it is.
    this.#registration = undefined;
    store.write("offline", "off");
    await registration?.unregister();
    const own = `ndr-doctor ${registration?.scope} `;
    for (const name of await caches.keys()) {
      if (name.startsWith(own)) {
        await caches.delete(name);
      }
    }
    this.#newer = null;
    this.#state = "off";
    this.show();
  }

  async #again() {
    store.write("offline", null);
    await this.#keep();
    // One that was not yet gone comes back without what it kept.
    this.#registration?.active?.postMessage("take in");
  }
}
