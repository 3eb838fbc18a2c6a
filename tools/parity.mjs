// Asks the built engine about each input and compares its report with the one made outside the browser.
// usage: node parity.mjs <site> <expected.jsonl>      a line: { path, name, lang, report }

import { isDeepStrictEqual } from 'node:util';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Node 20 reads windows-1252 as ISO 8859-1 (nodejs/node#56542); no browser does.
const c1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
globalThis.TextDecoder = class extends TextDecoder {
  /** @param {BufferSource} [bytes] @param {TextDecodeOptions} [options] */
  decode(bytes, options) {
    const text = super.decode(bytes, options);
    if (this.encoding !== 'windows-1252') return text;
    return text.replace(/[\x80-\x9f]/g, (control) => c1[control.charCodeAt(0) - 0x80]);
  }
};

const [site, expected] = process.argv.slice(2).map((path) => resolve(path));
const engine = await import(pathToFileURL(join(site, 'engine/ndr_doctor.js')).href);
await engine.default({ module_or_path: readFileSync(join(site, 'engine/ndr_doctor_bg.wasm')) });

/** The place of the first difference, and both values there. */
function difference(host, wasm, place = 'report') {
  const both = [host, wasm];
  if (both.every((value) => value !== null && typeof value === 'object') && Array.isArray(host) === Array.isArray(wasm)) {
    for (const key of new Set(both.flatMap(Object.keys))) {
      if (!isDeepStrictEqual(host[key], wasm[key])) return difference(host[key], wasm[key], `${place}.${key}`);
    }
  }
  return `${place}: host ${JSON.stringify(host)}, wasm ${JSON.stringify(wasm)}`;
}

const files = new Set();
const langs = new Set();
let passed = 0;
let failed = 0;
for (const line of readFileSync(expected, 'utf8').split('\n').filter(Boolean)) {
  const { path, name, lang, report } = JSON.parse(line);
  if (!langs.has(lang)) engine.load_words(lang, readFileSync(join(site, `words/${lang}.txt`), 'utf8'));
  files.add(path);
  langs.add(lang);
  let wrong;
  try {
    const bytes = new Uint8Array(readFileSync(path));
    const answer = engine.examine([{ kind: 'file', name, bytes }], { lang, answers: [] });
    if (!isDeepStrictEqual(answer, report)) wrong = difference(report, answer);
  } catch (error) {
    wrong = String(error);
  }
  if (wrong === undefined) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`${relative('.', path)} (${lang})\n  ${wrong}`);
  }
}
console.log(`parity: ${files.size} files, ${langs.size} languages`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
