// Builds plain data from the numbers and the text that `crossing.rs` made of it.

/** The names of fields by their places in the engine's memory, which never change. */
const names = new Map();
const decoder = new TextDecoder();

/**
 * @param {Uint32Array} signs
 * @param {string} text
 * @param {WebAssembly.Memory} memory
 */
export function build(signs, text, memory) {
  let at = 0;
  let read = 0;
  const name = () => {
    const place = signs[at++];
    const length = signs[at++];
    let known = names.get(place);
    if (known === undefined) {
      known = decoder.decode(new Uint8Array(memory.buffer, place, length));
      names.set(place, known);
    }
    return known;
  };
  const value = () => {
    switch (signs[at++]) {
      case 1:
        return false;
      case 2:
        return true;
      case 3: {
        const from = read;
        read += signs[at++];
        return Number(text.slice(from, read));
      }
      case 4: {
        const from = read;
        read += signs[at++];
        return text.slice(from, read);
      }
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
          object[name()] = value();
        }
        return object;
      }
      default:
        return null;
    }
  };
  return value();
}
