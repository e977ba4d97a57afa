/** What wrangler.jsonc and the shop's own settings bind to the worker. */
export interface Env {
  /** Signed snapshots by hash, and the pointer to the current one. */
  SNAPSHOTS: KVNamespace;
  /** The storefront's static files. */
  ASSETS: Fetcher;
  /** The trusted public keys, as JSON text. */
  KEY_RING?: string;
  /** Whoever holds it may publish. Without it nobody may. */
  ADMIN_TOKEN?: string;
}
