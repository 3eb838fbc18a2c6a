// Makes scripts and styles small: reads a JSON list of jobs from standard input, writes the list of results.
// usage: node bundle.mjs <bindings>      a job: { entry, format: "esm" | "iife" | null for styles, define: { NAME: "expression" } }

import { readFileSync } from "node:fs";
import { build } from "esbuild";

// The generated bindings, which the modules import as if they stood beside them.
const bindings = { name: "bindings", setup: (/** @type {any} */ on) => on.onResolve({ filter: /^\.\/engine\/ndr_doctor\.js$/ }, () => ({ path: process.argv[2] })) };

const jobs = JSON.parse(readFileSync(0, "utf8"));
const results = await Promise.all(
  jobs.map(async ({ entry, format, define }) => {
    const { outputFiles, warnings } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      charset: "utf8",
      legalComments: "none",
      logLevel: "warning",
      target: ["chrome107", "firefox113", "safari16.4"],
      define,
      plugins: [bindings],
      ...(format === null ? {} : { format }),
    });
    if (warnings.length > 0) {
      throw new Error(`${entry}: a warning of the bundler is an error`);
    }
    return outputFiles[0].text;
  }),
);
process.stdout.write(JSON.stringify(results));
