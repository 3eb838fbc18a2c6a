// What outlives a reload, in this browser alone. A page opened from disk keeps nothing unless the reader wishes it;
// where the browser keeps nothing, it lasts as long as the page.

/** @type {Map<string, string>} */
const memory = new Map();
const PREFIX = "ndr-doctor.";
const KEEP = `${PREFIX}keep`;

/** Whether it outlives the page. */
export function keeps() {
  try {
    return location.protocol !== "file:" || localStorage.getItem(KEEP) !== null;
  } catch {
    return false;
  }
}

/** From now on, what is held outlives the page: the reader's wish. */
export function keep() {
  try {
    localStorage.setItem(KEEP, "yes");
    memory.forEach((value, name) => write(name, value));
  } catch {
    // It cannot.
  }
}

/** Forgets everything, here and in the browser. */
export function erase() {
  memory.clear();
  try {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
      localStorage.removeItem(name);
    }
  } catch {
    // Nothing was kept.
  }
}

/**
 * @param {string} name
 * @returns {string | null}
 */
export function read(name) {
  try {
    return (keeps() ? localStorage.getItem(PREFIX + name) : null) ?? memory.get(name) ?? null;
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
      localStorage.removeItem(PREFIX + name);
    } else if (keeps()) {
      localStorage.setItem(PREFIX + name, value);
    }
  } catch {
    // A frame without storage, or a full one: the memory holds it.
  }
}
