/// <reference lib="webworker" />
declare const self: ServiceWorkerGlobalScope;
declare const SHELL_FILES: readonly string[];
declare const SHELL_VERSION: string;

const cacheName = `shell-${SHELL_VERSION}`;
const shell = new Set(SHELL_FILES);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...shell])));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") {
    void self.skipWaiting();
  }
});

// The app's own files and nothing else: what the server says about the user is never kept here.
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) {
    return;
  }
  const name = event.request.mode === "navigate" ? "/index.html" : url.pathname;
  if (shell.has(name)) {
    event.respondWith(caches.open(cacheName).then((cache) => cache.match(name).then((found) => found ?? refill(cache, name, event.request))));
  }
});

/** After a log-out emptied the cache, it fills again as the files are asked for. */
async function refill(cache: Cache, name: string, request: Request): Promise<Response> {
  const response = await fetch(request);
  if (response.ok && !response.redirected) {
    await cache.put(name, response.clone());
  }
  return response;
}

export {};
