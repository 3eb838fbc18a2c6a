// Following a case up: what is kept of an error, to hold the next one against. Only codes and ids.

/** @typedef {import("./report.js").Finding} Finding */

/**
 * @typedef {object} Seen what is kept of an error
 * @property {string} section
 * @property {string[]} codes
 * @property {string} stage
 * @property {string} outcome
 * @property {[id: string, standing: string][]} causes
 */

/** @param {Finding} finding @returns {Seen} */
export function seen({ section, reply, status, cause_reply, cause_status, stage, outcome, causes }) {
  const code = (/** @type {(string | number | null)[]} */ ...parts) => parts.filter((part) => part !== null).join(" ");
  const codes = [code(reply, status), code(cause_reply, cause_status)].filter((one, at, all) => one !== "" && all.indexOf(one) === at);
  return { section, codes, stage, outcome, causes: causes.map(({ id, standing }) => [id, standing]) };
}

/** @param {any} it @returns {it is Seen} */
export function isSeen(it) {
  const words = [it?.section, it?.stage, it?.outcome, ...(it?.codes ?? [0]), ...(it?.causes ?? [0]).flat()];
  return words.every((word) => typeof word === "string");
}
