// Builds plain data from the numbers and the text that `crossing.rs` made of it.

/** Texts by their places in the engine's memory, where they never change. */
const known = new Map();
const decoder = new TextDecoder();

/**
 * @param {Uint32Array} signs
 * @param {string} text
 * @param {WebAssembly.Memory} memory
 */
export function build(signs, text, memory) {
  let at = 0;
  let read = 0;
  /** The names of an object's fields, of each kind in the order in which the first one ended. */
  const kinds = [];
  const lasting = () => {
    const place = signs[at++];
    const length = signs[at++];
    let made = known.get(place);
    if (made === undefined) {
      made = decoder.decode(new Uint8Array(memory.buffer, place, length));
      known.set(place, made);
    }
    return made;
  };
  const next = () => {
    const from = read;
    read += signs[at++];
    return text.slice(from, read);
  };
  const value = () => {
    switch (signs[at++]) {
      case 1:
        return false;
      case 2:
        return true;
      case 3:
        return signs[at++];
      case 4:
        return next();
      case 5: {
        const list = [];
        for (let left = signs[at++]; left > 0; left--) {
          list.push(value());
        }
        return list;
      }
      case 6: {
        const object = {};
        for (let left = signs[at++]; left > 0; left--) {
          object[lasting()] = value();
        }
        kinds.push(Object.keys(object));
        return object;
      }
      case 7:
        return lasting();
      case 8:
        return Number(next());
      case 9: {
        const object = {};
        for (const name of kinds[signs[at++]]) {
          object[name] = value();
        }
        return object;
      }
      default:
        return null;
    }
  };
  return value();
}
