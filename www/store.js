// Small settings that outlive a reload. Where the browser keeps nothing, they last as long as the page.

/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} name */
const key = (name) => `ndr-doctor.${name}`;

/**
 * @param {string} name
 * @returns {string | null}
 */
export function read(name) {
  try {
    return localStorage.getItem(key(name)) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

/**
 * @param {string} name
 * @param {string | null} value null forgets it
 */
export function write(name, value) {
  if (value === null) {
    memory.delete(name);
  } else {
    memory.set(name, value);
  }
  try {
    if (value === null) {
      localStorage.removeItem(key(name));
    } else {
      localStorage.setItem(key(name), value);
    }
  } catch {
    // A frame without storage, or a full one: the memory holds it.
  }
}
