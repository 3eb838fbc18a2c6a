// Notes what goes wrong on the page, before any of its own scripts runs.
window.faults = [];
addEventListener(
  "error",
  (event) => {
    const target = event.target;
    const what = target === window ? event.message : `${target.localName} ${target.src ?? target.href} did not load`;
    window.faults.push(`error: ${what} (${event.filename ?? ""}:${event.lineno ?? ""})`);
  },
  true,
);
addEventListener("unhandledrejection", (event) => window.faults.push(`unhandled rejection: ${event.reason}`));
addEventListener("securitypolicyviolation", (event) =>
  window.faults.push(`policy: ${event.violatedDirective} refuses ${event.blockedURI} ${event.sample} (${event.sourceFile}:${event.lineNumber})`),
);
for (const level of ["error", "warn"]) {
  const say = console[level];
  console[level] = (...words) => {
    window.faults.push(`console.${level}: ${words.join(" ")}`);
    say.apply(console, words);
  };
}
