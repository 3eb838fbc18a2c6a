// Types of <ndr-doctor> for TypeScript.

export interface NdrFinding {
  section: string | null;
  codes: string[];
  stage: string;
  outcome: string;
}

export interface NdrDiagnosis extends NdrFinding {
  verdict: string;
  /** One for each problem, the most serious first; the fields above are those of the first. */
  findings: NdrFinding[];
  /** The whole report, which holds what was pasted; only where the element has the attribute `share-report`. */
  report?: unknown;
}

export class NdrDoctor extends HTMLElement {
  /** `auto`, `light` or `dark`. */
  theme: string;
  /** An error's code or an entry's name, shown without anything being pasted. */
  code: string;
  /** Whether `ndr-diagnosis` brings the whole report. */
  shareReport: boolean;
  /** Reads a text as if it were pasted. */
  read(text: string): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "ndr-doctor": NdrDoctor;
  }
  interface HTMLElementEventMap {
    "ndr-diagnosis": CustomEvent<NdrDiagnosis>;
    "ndr-error": CustomEvent<{ reason: string }>;
  }
}
