// What the package offers, for TypeScript.

import type { Form, Handover, Lang, Report, Wish } from "./report.js";

export type * from "./report.js";

export interface ExamineOptions {
  /** The language of the answer; English where none is given. */
  lang?: Lang;
  /** Ids of answers that the reader gave to the report's questions. */
  answers?: string[];
  /** The name of the file that bytes were read from. */
  name?: string;
}

/**
 * Reads what a mail system said: a non-delivery report, a delay notice, an error line, headers, a message as a file.
 * Whatever the input holds, there is a report; the promise is rejected only where the engine cannot be loaded.
 */
export function examine(input: string | Uint8Array | ArrayBuffer | Form[], options?: ExamineOptions): Promise<Report>;

/**
 * Writes what its user takes along: a ticket, a message to a partner, a document, with personal data masked for whoever
 * shall read it.
 */
export function handOver(
  input: string | Uint8Array | ArrayBuffer | Form[],
  wish?: Partial<Wish>,
  options?: ExamineOptions,
): Promise<Handover>;

/** Loads the engine and a language ahead of time; `examine` does it by itself. */
export function load(lang?: Lang): Promise<void>;
