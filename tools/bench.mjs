// Measures the built engine in Node and prints nanoseconds as JSON: { ready, first, reports, growth: [] }
// usage: node bench.mjs <npm package> <inputs.jsonl> [--start]      a line: { set, name, path }
// With --start it measures only how long the engine takes to be ready, and then to give its first answer.

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [built, list] = process.argv.slice(2).map((path) => resolve(path));
const words = readFileSync(join(built, 'words.en.txt'), 'utf8');
const wasm = readFileSync(join(built, 'ndr_doctor.wasm'));
const lines = readFileSync(list, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
const engine = await import(pathToFileURL(join(built, 'engine.js')).href);

/** @param {string} set */
const inputs = (set) => lines.filter((line) => line.set === set).map(({ path }) => new Uint8Array(readFileSync(path)));

/** @param {Uint8Array} bytes */
const examine = (bytes) => engine.examine([{ kind: 'file', name: 'input.eml', bytes }], { lang: 'en', answers: [] });

/**
 * The fastest of as many runs as fit into the time, at least three.
 * @param {number} seconds
 * @param {() => void} work
 */
function fastest(seconds, work) {
  const times = [];
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(seconds * 1e9);
  for (let now = begin; now < end || times.length < 3; ) {
    work();
    const after = process.hrtime.bigint();
    times.push(Number(after - now));
    now = after;
  }
  return Math.min(...times);
}

const reports = inputs('reports');
const begin = process.hrtime.bigint();
await engine.default({ module_or_path: wasm });
engine.load_words('en', words);
const ready = Number(process.hrtime.bigint() - begin);
examine(reports[0]);
const first = Number(process.hrtime.bigint() - begin) - ready;
if (process.argv.includes('--start')) {
  console.log(JSON.stringify({ ready, first }));
  process.exit();
}

const pass = () => reports.forEach(examine);
fastest(2, pass);
const figures = { ready, first, reports: fastest(8, pass), growth: inputs('growth').map((bytes) => fastest(1, () => examine(bytes))) };
console.log(JSON.stringify(figures));
