// Asks the search of the reference what a reader would ask, against the lists of the built indexes.
// Usage: node tools/search.mjs <www/search.js> <folder with codes/ and es/codes/>

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [module, folder] = process.argv.slice(2);
const { parts, search, wordsOf } = await import(`data:text/javascript,${encodeURIComponent(readFileSync(module, "utf8"))}`);

const ENTITIES = { quot: '"', lt: "<", gt: ">", amp: "&", "#x27": "'", "#x2f": "/" };
const text = (html) => html.replace(/<[^>]+>/g, " ").replace(/&([^;]+);/g, (_, name) => ENTITIES[name] ?? " ");
const LINE = /<li data-codes="([^"]*)"(?: data-says="([^"]*)" data-words="([^"]*)")?( data-general)?><a href="([^"]*)">(.*?)<\/a>(.*?)<\/li>/gs;

function items(index) {
  return [...readFileSync(`${folder}/${index}`, "utf8").matchAll(LINE)].map(([, codes, says = "", words = "", general, href, title, rest]) => ({
    id: href.replace(/\/$/, ""),
    codes: codes.split(" "),
    general: general !== undefined,
    title: wordsOf(text(title)),
    says: parts(text(says)),
    words: parts(text(`${title} ${rest} ${says} ${words}`)),
  }));
}

/** What is asked, and what may come first; `null` where nothing may be found. */
const BOTH = [
  ["4.4.316", "4.4.316"],
  ["5.4.316", "4.4.316"],
  ["  #5.1.10# ", "5.1.10"],
  ["10061", "4.4.316"],
  ["starttls", "4.7.321"],
  ["buzón lleno", "5.2.2"],
  ["BUZON LLENO", "5.2.2"],
  ["mailbox full", "5.2.2", "mailbox-full"],
  ["5.7.1", "5.7.1"],
  ["5.7.1 RESOLVER.RST.AuthRequired", "5.7.1-auth-required"],
  ["4.7.550", "4.7.500-699"],
  ["550", "unlisted/#code-550"],
  ["5.6.5", "unlisted/#code-x-6-5"],
  ["550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@fabrikam.example not found by SMTP address lookup", "5.1.10"],
  ["AS(7555)", "5.7.520"],
  ["spamhaus", "blocklist-spamhaus"],
  ["direct send", "5.7.68"],
  ["certificado caducado", "4.7.322"],
  ["xyzzy", null],
  ["5.9.999", null],
];

let wrong = 0;
for (const index of ["codes/index.html", "es/codes/index.html"]) {
  const all = items(index);
  if (all.length < 200) {
    console.log(`${index}: only ${all.length} lines could be read`);
    wrong += 1;
  }
  for (const [query, ...first] of BOTH) {
    const found = search(query, all).map(({ id }) => id);
    if (!first.includes(found[0] ?? null)) {
      console.log(`${index}: "${query}" finds ${found.slice(0, 3).join(", ") || "nothing"}, not ${first.join(" or ")}`);
      wrong += 1;
    }
  }
}
process.exit(wrong > 0 ? 1 : 0);
