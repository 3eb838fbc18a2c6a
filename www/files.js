// Where the built files lie. Scripts are in the same folder as what they fetch, one below the site's root; the build
// puts the files' real names, which hold a digest, in place of FILES.

/**
 * @param {string} name as in the sources
 */
export const fileAddress = (name) => new URL(FILES[name] ?? name, import.meta.url).href;

/**
 * @param {string} path from the root of the site
 */
export const rootAddress = (path) => new URL(`../${path}`, import.meta.url).href;
