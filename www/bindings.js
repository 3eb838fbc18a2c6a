// The generated bindings as one value, for pages that bring them along.

import * as bindings from "./engine/ndr_doctor.js";

export default bindings;
