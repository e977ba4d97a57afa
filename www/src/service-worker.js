// `version`, `shell` and `languages` are written above by the build: the page, its code and styles, the fonts and the
// engine's .wasm; and what a language brings besides, which is kept once a page has spoken it.
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

/** What a page fetched of its language before this worker stood. */
self.addEventListener('message', (event) => {
  const spoken = languages.filter((path) => event.data.includes(path));
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(spoken)));
});

async function kept(path, request) {
  const cache = await caches.open(shelf);
  const found = await cache.match(path);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && languages.includes(path)) await cache.put(path, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  // Every page of the shop is the same document; the place is in the query.
  const path = request.mode === 'navigate' && address.pathname === '/' ? '/' : address.pathname;
  if (shell.includes(path) || languages.includes(path)) event.respondWith(kept(path, request));
});
