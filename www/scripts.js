// The addresses of the project's other scripts, passed by the one Trusted Types policy of the page.

import { fileAddress, rootAddress } from "./files.js";

export const WORKER = fileAddress("worker.js");
export const BINDINGS = fileAddress("engine.js");
export const WHOLE_WORKER = fileAddress("whole_worker.js");
export const WHOLE_BINDINGS = fileAddress("whole.js");
export const LATER = fileAddress("later.js");
export const SERVICE_WORKER = rootAddress("service-worker.js");

/** @type {TrustedTypePolicy | undefined} */
let policy;

/**
 * The address as the browser wants it where it starts a script; throws where it is none of the above, or where the
 * page's policy names no such policy.
 * @param {string} address
 */
export function trusted(address) {
  if (window.trustedTypes === undefined) {
    return address;
  }
  policy ??= window.trustedTypes.createPolicy("ndr-doctor", {
    createScriptURL(url) {
      if (url !== WORKER && url !== WHOLE_WORKER && url !== SERVICE_WORKER) {
        throw new TypeError(`not a script of this project: ${url}`);
      }
      return url;
    },
  });
  // A TrustedScriptURL stands for a string wherever a script's address is asked for.
  return /** @type {string} */ (/** @type {unknown} */ (policy.createScriptURL(address)));
}
