// Where the reference pages lie. `xtask/src/reference.rs` writes them by the same rule.

/**
 * The folder of an entry's page: its id, made safe for an address.
 * @param {string} id a report's `section`
 */
export const slug = (id) => id.toLowerCase().replace(/[^a-z0-9.-]+/g, "-");

/**
 * The page of an entry, from the root of the site: `codes/4.4.316/`.
 * @param {string} id a report's `section`; `unlisted` is the page about codes without an entry; empty for the list of all
 * @param {string} lang
 */
export const referencePage = (id, lang) => `${lang === "en" ? "" : `${lang}/`}codes/${id === "" ? "" : `${slug(id)}/`}`;
