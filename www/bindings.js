// The generated bindings as one value: those of the engine that the build puts in.

import * as bindings from "./engine/ndr_doctor.js";

export default bindings;
