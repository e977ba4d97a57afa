import type { Book } from './ledger/book';
import type { Records } from './records/records';
import type { Redemption } from './redemption/redemption';

/** What wrangler.jsonc and the shop's own settings bind to the worker. */
export interface Env {
  /** Signed snapshots by hash, and the pointer to the current one. */
  SNAPSHOTS: KVNamespace;
  /** The storefront's static files. */
  ASSETS: Fetcher;
  /** What must be exact: campaigns, accounts, invitations. */
  BOOKS: DurableObjectNamespace<Book>;
  /** One object for each redemption. */
  REDEMPTIONS: DurableObjectNamespace<Redemption>;
  /** What was redeemed and refused, and who changed what. */
  RECORDS: DurableObjectNamespace<Records>;
  /** The trusted public keys, as JSON text. */
  KEY_RING?: string;
  /** Whoever holds it may do everything. Without it nobody may publish. */
  ADMIN_TOKEN?: string;
  /** Whoever holds it may redeem and spend: the shop's own server. */
  CHECKOUT_TOKEN?: string;
  /** The seed of the key that signs quotes, 64 hexadecimal digits. */
  QUOTE_KEY?: string;
  /** The key of customers' pseudonyms, 64 hexadecimal digits. */
  CUSTOMER_KEY?: string;
}
