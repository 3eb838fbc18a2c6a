// Sizes every frame of NDR Doctor on this page: <iframe data-ndr-doctor src="…/embed.html?parent=https://this.page">
(() => {
  addEventListener("message", ({ data, origin, source }) => {
    if (data?.from !== "ndr-doctor" || !Number.isFinite(data.height)) {
      return;
    }
    for (const frame of document.querySelectorAll("iframe[data-ndr-doctor]")) {
      if (frame instanceof HTMLIFrameElement && frame.contentWindow === source) {
        // A sandboxed frame has no origin of its own.
        const expected = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin") ? "null" : new URL(frame.src).origin;
        if (origin === expected) {
          frame.style.height = `${Math.min(Math.max(data.height, 200), 20000)}px`;
        }
      }
    }
  });
})();
