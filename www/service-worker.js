// Keeps one whole version of the site in the browser, for use without a network. A version is taken in as a whole or
// not at all; a page goes on with the version it began with. The build says which files there are.

/** @typedef {{ url: string, integrity: string, pages?: true }} Kept a file, by its address from here */

/** @type {any} */
const worker = self;
/** @type {Kept[]} */
const files = FILES;
const OWN = `ndr-doctor ${worker.registration.scope} `;
const CACHE = OWN + VERSION;

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(takeIn()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(tidy()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.method === "GET" && event.request.url.startsWith(worker.registration.scope)) {
    event.respondWith(answer(event.request));
  }
});
// Only at the reader's word does a new version replace one that is in use.
worker.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take over") {
    void worker.skipWaiting();
  } else if (event.data === "take in") {
    event.waitUntil(takeIn());
  }
});

async function takeIn() {
  const cache = await caches.open(CACHE);
  // All are waited for, so that none is put away after the others were thrown out.
  const taken = await Promise.allSettled(files.map((file) => keep(cache, file)));
  const missed = taken.find((one) => one.status === "rejected");
  if (missed !== undefined) {
    await caches.delete(CACHE);
    throw missed.reason;
  }
}

/**
 * A digest of what must come guards against a site that is replaced in this very moment.
 * @param {Cache} cache
 * @param {Kept} file
 */
async function keep(cache, { url, integrity }) {
  const answer = await fetch(new Request(url, { integrity, cache: "no-cache", credentials: "same-origin" }));
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status}`);
  }
  // Made anew: an answer that came by way of another address may not open a page, and its bytes are unpacked by now.
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  headers.delete("content-length");
  await cache.put(url, new Response(await answer.blob(), { headers }));
}

/** Keeps this version and the one before, which pages may still run on. */
async function tidy() {
  const before = (await caches.keys()).filter((name) => name.startsWith(OWN) && name !== CACHE);
  await Promise.all(before.slice(0, -1).map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function answer(request) {
  const address = request.url.replace(/[?#].*/, "").replace(/\/$/, "/index.html");
  const kept = (await here(address)) ?? (await page(address)) ?? (await earlier(address));
  if (kept === undefined) {
    return fetch(request);
  }
  return kept;
}

/**
 * A file of this version. Its cache is not opened, which would bring an empty one back after all was removed.
 * @param {string} address
 */
async function here(address) {
  return caches.match(address, { cacheName: CACHE });
}

/**
 * A file of the version before, whose name no other version uses for anything else.
 * @param {string} address
 */
async function earlier(address) {
  return address.includes("/assets/") ? caches.match(address) : undefined;
}

/**
 * The reference's hundreds of pages are kept as one packed file.
 * @param {string} address
 */
async function page(address) {
  const packed = files.find((file) => file.pages === true);
  const path = address.slice(worker.registration.scope.length);
  const kept = packed !== undefined && path.includes("codes/") && "DecompressionStream" in self ? await here(packed.url) : undefined;
  if (kept === undefined || kept.body === null) {
    return undefined;
  }
  const pages = await new Response(kept.body.pipeThrough(new DecompressionStream("gzip"))).json();
  return path in pages ? new Response(pages[path], { headers: { "content-type": "text/html; charset=utf-8" } }) : undefined;
}

export {};
