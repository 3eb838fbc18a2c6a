// Elements from words: the page writes no HTML.

/** @typedef {Node | string | null | undefined | false | Child[]} Child */
/** @typedef {string | number | boolean | null | undefined | ((event: Event) => void)} Setting */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Setting>} [settings] attributes; a function listens to the event of that name
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, settings = {}, ...children) {
  return furnish(document.createElement(tag), settings, children);
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Setting>} [settings]
 * @param {...Child} children
 */
export function svg(tag, settings = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), settings, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Record<string, Setting>} settings
 * @param {Child[]} children
 */
function furnish(element, settings, children) {
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...there(children));
  return element;
}

/**
 * Those that are there, out of lists in lists.
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function there(children) {
  return children.flatMap((child) =>
    Array.isArray(child) ? there(child) : child === null || child === undefined || child === false ? [] : [child],
  );
}

/**
 * The catalogue's light markup: `**name on screen**` and `` `literal text` ``.
 * @param {string} text
 * @returns {Child[]}
 */
export function inline(text) {
  return text
    .split("`")
    .flatMap((piece, at) =>
      at % 2 === 1
        ? [el("code", {}, piece)]
        : piece.split("**").map((words, place) => (place % 2 === 1 ? el("strong", {}, words) : words)),
    );
}

/**
 * A link to another site; only its text where the address is not a web address.
 * @param {{ title: string, url: string }} link
 */
export function webLink({ title, url }) {
  return /^https?:\/\//.test(url) ? el("a", { href: url, rel: "noreferrer" }, title) : el("span", {}, title);
}

/**
 * Where ids are looked up and the focus is known: a document, or a shadow root.
 * @typedef {Document | ShadowRoot} Root
 */

/** @param {Node} node */
export const rootOf = (node) => /** @type {Root} */ (node.getRootNode());

/**
 * @param {Root} root
 * @param {string} id
 */
export function byId(root, id) {
  const found = root.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no #${id}`);
  }
  return found;
}

/**
 * Makes the elements that a tree describes: `desk.html` as the build hands it to pages that have none of it.
 * @typedef {string | [tag: string, attributes: Record<string, string>, ...children: Tree[]]} Tree
 * @param {Tree} tree
 * @returns {Node | string}
 */
export function grow(tree) {
  if (typeof tree === "string") {
    return tree;
  }
  const [tag, attributes, ...children] = tree;
  return furnish(document.createElement(tag), attributes, children.map(grow));
}

/**
 * Writes the strings that `data-t` and `data-t-label` name; the elements stay, and with them the focus.
 * @param {ParentNode} place
 * @param {import("./words.js").Speech} say
 */
export function relabel(place, { t }) {
  for (const element of place.querySelectorAll("[data-t]")) {
    const text = t(element.getAttribute("data-t") ?? "");
    // What stands there already is left alone: written anew, it would count as painted late.
    if (element.textContent !== text.replace(/\*\*|`/g, "")) {
      element.replaceChildren(.../** @type {Node[]} */ (inline(text)));
    }
  }
  for (const element of place.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.getAttribute("data-t-label") ?? ""));
  }
}

/**
 * Replaces what `place` holds; what was focused or unfolded before, by its `data-key`, is so again.
 * @param {HTMLElement} place
 * @param {Child[]} children
 */
export function replace(place, children) {
  const root = rootOf(place);
  const focused = root.activeElement;
  const held = focused instanceof HTMLElement && place.contains(focused);
  const key = held ? focused.dataset.key : undefined;
  /** @type {Map<string | undefined, boolean>} */
  const unfolded = new Map();
  for (const fold of place.querySelectorAll("details")) {
    unfolded.set(fold.dataset.key, fold.open);
  }
  place.replaceChildren(...there(children));
  for (const fold of place.querySelectorAll("details")) {
    fold.open = unfolded.get(fold.dataset.key) ?? fold.open;
  }
  if (key !== undefined) {
    for (const element of place.querySelectorAll("[data-key]")) {
      if (element instanceof HTMLElement && element.dataset.key === key) {
        element.focus({ preventScroll: true });
      }
    }
  }
  // What had the focus is gone, or folded away: what stands for it takes over, so that Tab goes on from there.
  if (held && (root.activeElement === null || root.activeElement === document.body)) {
    const again = key === undefined ? undefined : [...place.querySelectorAll("[data-key]")].find((one) => one instanceof HTMLElement && one.dataset.key === key);
    const stand = again?.closest("details:not([open])")?.querySelector("summary") ?? root.getElementById("answer-title") ?? root.getElementById("field");
    if (stand instanceof HTMLElement) {
      stand.focus({ preventScroll: true });
    }
  }
}

/**
 * @param {string} key keeps it open when the answer is written anew
 * @param {Child[]} summary
 * @param {Child[]} inside
 * @param {{ open?: boolean, class?: string }} [options]
 */
export function fold(key, summary, inside, options = {}) {
  return el(
    "details",
    { "data-key": key, open: options.open === true, class: options.class ?? "fold" },
    el("summary", { "data-key": `${key}:summary` }, ...summary),
    el("div", { class: "fold-inside" }, ...inside),
  );
}

/**
 * A choice of one among a few, side by side.
 * @param {string} name
 * @param {string} legend
 * @param {[value: string, words: string][]} choices
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function segments(name, legend, choices, chosen, choose) {
  return el(
    "fieldset",
    { class: "segments" },
    el("legend", {}, legend),
    choices.map(([value, words]) => {
      const id = `${name}-${value}`;
      const radio = el("input", { type: "radio", name, id, value, "data-key": id, change: () => choose(value) });
      radio.checked = value === chosen;
      return el("label", { for: id }, radio, el("span", {}, words));
    }),
  );
}

/**
 * Scrolls to an element without motion where none is wanted, and gives it the focus.
 * @param {HTMLElement} element
 * @param {ScrollLogicalPosition} [block]
 */
export function goTo(element, block = "center") {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}
