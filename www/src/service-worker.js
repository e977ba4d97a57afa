// `version` and `shell` are written above by the build: the page, its code and styles, the fonts and the engine's .wasm.
// Offers are not kept here. The page keeps its last good snapshot itself, because only a snapshot whose signature was
// verified may take the place of another, and a service worker would keep whatever it is sent.

const shelf = `shell-${version}`;

self.addEventListener('install', (event) => {
  // Past the HTTP cache: a stale page would name files that are gone.
  const fresh = shell.map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(fresh)));
});

self.addEventListener('activate', (event) => {
  const outdated = (name) => name.startsWith('shell-') && name !== shelf;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(outdated).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  // Every page of the shop is the same document; the place is in the query.
  const path = request.mode === 'navigate' && address.pathname === '/' ? '/' : address.pathname;
  if (!shell.includes(path)) return;
  event.respondWith(caches.open(shelf).then(async (cache) => (await cache.match(path)) ?? fetch(request)));
});
