import type { Catalogue } from './catalogue/catalogue';
import type { Customer } from './customers/customer';
import type { Book } from './ledger/book';
import type { Publications } from './publications/publications';
import type { Records } from './records/records';
import type { Redemption } from './redemption/redemption';
import type { Session } from './redemption/session';
import type { VoucherifyProject } from './voucherify/project';

/** What wrangler.jsonc and the shop's own settings bind to the worker. */
export interface Env {
  /** Signed snapshots by hash, and the pointer to the current one. */
  SNAPSHOTS: KVNamespace;
  /** What is too long for a value of KV; without a bucket it is kept there in parts. */
  LARGE?: R2Bucket;
  /** The storefront's static files. */
  ASSETS: Fetcher;
  /** What must be exact: campaigns, accounts, invitations. */
  BOOKS: DurableObjectNamespace<Book>;
  /** One object for each redemption. */
  REDEMPTIONS: DurableObjectNamespace<Redemption>;
  /** One object for each shopper's session. */
  SESSIONS: DurableObjectNamespace<Session>;
  /** What was redeemed and refused, and who changed what. */
  RECORDS: DurableObjectNamespace<Records>;
  /** The campaigns as they are worked on. */
  CATALOGUE: DurableObjectNamespace<Catalogue>;
  /** One object for each customer of whom something is kept. */
  CUSTOMERS: DurableObjectNamespace<Customer>;
  /** Which code is whose. */
  PUBLICATIONS: DurableObjectNamespace<Publications>;
  /** How often an address has asked for quotes with codes. */
  GUESSES: RateLimit;
  /** The same by session. */
  SESSION_GUESSES: RateLimit;
  /** The same by the campaign whose codes these could be. */
  CAMPAIGN_GUESSES: RateLimit;
  /** The trusted public keys, as JSON text. */
  KEY_RING?: string;
  /** Whoever holds it may do everything. Without it nobody may publish. */
  ADMIN_TOKEN?: string;
  /** Whoever holds it may redeem and spend: the shop's own server. */
  CHECKOUT_TOKEN?: string;
  /** The key of the edge, which signs quotes and grants, as the JSON text of its file; without grants any 64 hexadecimal digits will do. */
  QUOTE_KEY?: string;
  /** The key that signs what is published here, as the JSON text of its file. */
  PUBLISHER_KEY?: string;
  /** The key that signs pulses, as the JSON text of its file. */
  PULSE_KEY?: string;
  /** The pepper of unique codes, as the JSON text of its file; during a change the older one on a line of its own besides. */
  PEPPER?: string;
  /** The key of customers' pseudonyms, 64 hexadecimal digits. */
  CUSTOMER_KEY?: string;
  /** What each project of Voucherify's kind keeps. */
  VOUCHERIFY: DurableObjectNamespace<VoucherifyProject>;
  /** The projects and their keys, as JSON text; see voucherify/access.ts. Without it the compatible API is closed. */
  VOUCHERIFY_PROJECTS?: string;
  /** `allowed` lets a test say what time it is. Never set it where money is real. */
  VOUCHERIFY_TEST_CLOCK?: string;
  /** `allowed` lets webhooks go to private addresses, as those of a machine where one develops. */
  PRIVATE_WEBHOOKS?: string;
}
