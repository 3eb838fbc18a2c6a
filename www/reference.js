// Where the reference pages lie. `xtask/src/reference.rs` writes them by the same rule.

/**
 * The folder of an entry's page: its id, made safe for an address.
 * @param {string} id a report's `section`
 */
export const slug = (id) => id.toLowerCase().replace(/[^a-z0-9.-]+/g, "-");

/**
 * The page of an entry, from the folder of the page in the same language: `codes/4.4.316/`.
 * @param {string} id a report's `section`; `unlisted` is the page about codes without an entry
 */
export const referencePage = (id) => `codes/${slug(id)}/`;

/**
 * The same from wherever the page stands and whatever language it shows at the moment.
 * @param {string} path `codes/…`
 * @param {string} lang
 */
export const referenceAddress = (path, lang) => new URL((lang === "en" ? "" : `${lang}/`) + path, import.meta.url).href;
