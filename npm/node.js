// The package where files are read from the disk: in Node, Deno and Bun.

import { readFile } from "node:fs/promises";
import { doctor } from "./core.js";

export const { load, examine, handOver } = doctor((name) => readFile(new URL(name, import.meta.url)));
