import type { ShopCustomer } from './shop_customer';

/** What is bound to the desk, by `wrangler.jsonc` and the shop's secrets. */
export interface Env {
  /** The counterfoil worker. */
  COUNTERFOIL: Fetcher;
  /** One object for each customer. */
  CUSTOMERS: DurableObjectNamespace<ShopCustomer>;
  /** The same as the worker's. */
  CHECKOUT_TOKEN: string;
  /** The trusted public keys, as JSON text: the same as the worker's. */
  KEY_RING: string;
}
