// Runs before the first paint: the chosen theme, the chosen language's address, and what this browser cannot do.
// A classic script, so that it runs where modules do not.
(() => {
  const root = document.documentElement;

  /** @param {string} name */
  const stored = (name) => {
    try {
      return localStorage.getItem(`ndr-doctor.${name}`);
    } catch {
      return null;
    }
  };

  // From the disk, nothing is kept unless the reader wishes it.
  const canStore = () => {
    if (location.protocol === "file:" && stored("keep") === null) {
      return false;
    }
    try {
      localStorage.setItem("ndr-doctor.try", "");
      localStorage.removeItem("ndr-doctor.try");
      return true;
    } catch {
      return false;
    }
  };

  const theme = stored("theme");
  if (theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
  }

  // A page with everything inside has to unpack it.
  const unpacks = root.dataset.inside === undefined || typeof DecompressionStream === "function";
  const able = typeof WebAssembly === "object" && "noModule" in HTMLScriptElement.prototype && unpacks;
  root.classList.add(able ? "js" : "no-wasm");

  // Kept here too, for a click before the page's own script is ready, or where it never runs.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-lang]") : null;
    const lang = link?.getAttribute("data-lang");
    if (typeof lang === "string" && canStore()) {
      localStorage.setItem("ndr-doctor.lang", lang);
    }
  });

  // A choice wins; then the address, where it names a language; then the browser's languages.
  const here = root.lang;
  const known = ["en", "es"];
  const wanted = () => {
    const choice = stored("lang");
    if (choice !== null && known.includes(choice)) {
      return choice;
    }
    // Without a memory for choices, the address is the choice.
    if (root.dataset.root === ".." || !canStore()) {
      return here;
    }
    const tags = navigator.languages ?? [navigator.language];
    return tags.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => known.includes(tag)) ?? here;
  };
  const lang = wanted();
  const link = document.querySelector(`link[rel="alternate"][hreflang="${lang}"]`);
  if (lang !== here && link instanceof HTMLLinkElement && location.protocol.startsWith("http")) {
    root.classList.add("leaving");
    location.replace(link.href + location.hash);
  }
})();
