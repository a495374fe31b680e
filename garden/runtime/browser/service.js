// Answers the worker's requests from what it has kept, so that Run also starts without the network.
// It sees what lies in this folder only: pages, and everything else, are fetched as if it were not there.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const kept = caches.match(event.request, { ignoreVary: true }).catch(() => undefined);
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
