// Starts the site's page, with what the site fetches.

import { begin } from "./app.js";
import { engine, later, words } from "./fetched.js";
import { rootAddress } from "./files.js";
import { fitted } from "./fitted.js";
import { Offline } from "./offline.js";
import { referencePage } from "./reference.js";

begin({
  engine: fitted(engine),
  words,
  later,
  reference: (section, lang) => rootAddress(referencePage(section, lang)),
  offline: (around) => new Offline(around),
});
