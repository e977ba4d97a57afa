/** What the page does on the network, told honestly: its requests since it stood, and whether there is a network at all. */

let standing = Number.POSITIVE_INFINITY;
let requests = 0;

export const requestsSinceLoad = () => requests;

/** From now on every request of the page counts. */
export function startCounting(): void {
  standing = performance.now();
}

export function watchRequests(changed: () => void): void {
  const count = (entries: PerformanceEntryList) => {
    // "other" is what the browser fetches for itself: the icon of its tab.
    const ours = (entry: PerformanceEntry) => entry.name.startsWith('http') && (entry as PerformanceResourceTiming).initiatorType !== 'other';
    const fresh = entries.filter((entry) => entry.startTime > standing && ours(entry));
    if (fresh.length === 0) return;
    requests += fresh.length;
    changed();
  };
  new PerformanceObserver((list) => count(list.getEntries())).observe({ type: 'resource' });
}

export function watchConnection(changed: (online: boolean) => void): void {
  addEventListener('online', () => changed(true));
  addEventListener('offline', () => changed(false));
}

/** Keeps the page itself (markup, code, engine, fonts) for the next visit. */
export function installServiceWorker(): void {
  // The service worker lists built files, which the development server does not have.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/service-worker.js');
  // what it keeps for itself has no language
  const fetched = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
  void navigator.serviceWorker.ready.then(({ active }) => active?.postMessage(fetched));
}
