// What TypeScript's DOM library does not describe yet. https://w3c.github.io/trusted-types/

interface TrustedScriptURL {
  toString(): string;
}

interface TrustedTypePolicy {
  createScriptURL(url: string): TrustedScriptURL;
}

interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy;
  };
}

/** What the build puts into the scripts: the files' names as they are in the built folder, or the list of what is kept offline. */
declare const FILES: any;
/** Of a service worker: a digest of all that it keeps. */
declare const VERSION: string;
/** What the organisation's file says, or null where there is none. */
declare const ORGANISATION: any;
/** The desk's markup in each language, as `grow` takes it. */
declare const TREES: Record<"en" | "es", any>;
/** The desk's styles. */
declare const STYLES: string;
/** What the element says before it has fetched its words. */
declare const NOTES: Record<"en" | "es", { framed: string; open: string }>;
