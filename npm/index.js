// The package where files are fetched: in browsers, in workers, and in what bundlers make.

import { doctor } from "./core.js";

// Written out, so that bundlers see the files and take them along.
const FILES = {
  "ndr_doctor.wasm": new URL("./ndr_doctor.wasm", import.meta.url),
  "words.en.txt": new URL("./words.en.txt", import.meta.url),
  "words.es.txt": new URL("./words.es.txt", import.meta.url),
};

export const { load, examine, handOver } = doctor(async (name) => {
  const address = FILES[/** @type {keyof typeof FILES} */ (name)];
  const answer = await fetch(address);
  if (!answer.ok) {
    throw new Error(`${address}: ${answer.status}`);
  }
  return new Uint8Array(await answer.arrayBuffer());
});
