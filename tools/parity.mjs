// Asks the installed package and the lean engine about each input and compares their reports with the one that the host made.
// usage: node parity.mjs <folder that depends on the package and holds lean/> <expected.jsonl>      a line: { path, name, lang, report, wish, handed_over }

import { isDeepStrictEqual } from 'node:util';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
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

const [consumer, expected] = process.argv.slice(2).map((path) => resolve(path));
const installed = createRequire(join(consumer, 'index.js')).resolve('ndr-doctor');
const { examine, handOver } = await import(pathToFileURL(installed).href);

const lean = await import(pathToFileURL(join(consumer, 'lean/ndr_doctor.js')).href);
await lean.default({ module_or_path: readFileSync(join(consumer, 'lean/ndr_doctor_bg.wasm')) });
if ('hand_over' in lean) throw new Error('the lean engine hands over');
for (const lang of ['en', 'es']) lean.load_words(lang, readFileSync(join(dirname(installed), `words.${lang}.txt`), 'utf8'));

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

/** Compound files, and mails that carry one: the lean engine leaves them to the whole one, and nothing else. */
const outlook = new Set();
const files = new Set();
const langs = new Set();
let passed = 0;
let failed = 0;
for (const line of readFileSync(expected, 'utf8').split('\n').filter(Boolean)) {
  const { path, name, lang, report, wish, handed_over } = JSON.parse(line);
  files.add(path);
  langs.add(lang);
  let wrong;
  try {
    const bytes = new Uint8Array(readFileSync(path));
    const answer = await examine(bytes, { lang, name });
    if (!isDeepStrictEqual(answer, report)) wrong = difference(report, answer);
    const leanly = lean.examine([{ kind: 'file', name, bytes }], { lang, answers: [] });
    const expects = basename(dirname(path)) === 'msg' ? null : report;
    if (expects === null) outlook.add(path);
    if (!isDeepStrictEqual(leanly, expects)) wrong ??= difference(expects, leanly, 'lean report');
    const taken = await handOver(bytes, wish, { lang, name });
    if (!isDeepStrictEqual(taken, handed_over)) wrong ??= difference(handed_over, taken, 'handover');
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
console.log(`parity: ${files.size} files, ${langs.size} languages; the lean engine leaves ${outlook.size} files to the whole one`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 || outlook.size === 0 ? 1 : 0);
