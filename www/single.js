// Starts the page of the single file, with what is inside it.

import { begin } from "./app.js";
import { fitted } from "./fitted.js";
import { engine, words } from "./inside.js";
import * as later from "./later.js";

begin({
  engine: fitted(engine),
  words,
  later: async () => later,
  // There is no page per error here; the guide and the answer are all there is.
  reference: () => null,
  prefers: (navigator.languages ?? [navigator.language]).map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "es"),
});
