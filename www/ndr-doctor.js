// Gives <ndr-doctor> its name, once.

import { NdrDoctor } from "./element.js";

if (customElements.get("ndr-doctor") === undefined) {
  customElements.define("ndr-doctor", NdrDoctor);
}
