/** A kind of rows that a project keeps. */
export interface Kind {
  /** What a row says in its `object`. */
  readonly object: string;
  /** How a refusal calls it. */
  readonly called: string;
  /** What the ids that are made here begin with. */
  readonly prefix: string;
  /** The field under which a row is kept. */
  readonly id: 'id' | 'code';
  /** Other fields that name one row. */
  readonly names: readonly string[];
  /** Fields that rows are looked up by: indexed. Any other field works too, by reading every row of the kind. */
  readonly keys: readonly string[];
  /** The member of a list that holds the rows. */
  readonly listed: string;
  /** Members that are kept for the engine and told to nobody. */
  readonly untold: readonly string[];
}

const kind = (object: string, prefix: string, more: Partial<Kind> = {}): Kind => ({
  object,
  called: object.replaceAll('_', ' '),
  prefix,
  id: 'id',
  names: [],
  keys: [],
  listed: 'data',
  untold: [],
  ...more,
});

/** Under the names that the engine asks for them by. */
export const KINDS = {
  accounts: kind('account', 'acc'),
  async_actions: kind('async_action', 'aa', { called: 'async action', listed: 'async_actions' }),
  campaigns: kind('campaign', 'camp', { names: ['name'], keys: ['campaign_type'], listed: 'campaigns' }),
  categories: kind('category', 'cat', { names: ['name'] }),
  counters: kind('counter', 'count'),
  customer_consents: kind('customer_consents', 'cust'),
  customers: kind('customer', 'cust', { names: ['source_id'], keys: ['email'], listed: 'customers' }),
  earning_rules: kind('earning_rule', 'ern', { keys: ['campaign_id', 'event'] }),
  events: kind('event', 'evt', { keys: ['customer_id', 'event', 'type', 'campaign_id', 'related_object_id'] }),
  loyalty_tiers: kind('loyalty_tier', 'ltr', { keys: ['campaign_id'] }),
  metadata_schemas: kind('metadata_schema', 'ms', { called: 'metadata schema', names: ['related_object'] }),
  orders: kind('order', 'ord', { names: ['source_id'], keys: ['customer_id', 'status'], listed: 'orders' }),
  product_collections: kind('products_collection', 'pc', { names: ['name'] }),
  products: kind('product', 'prod', { names: ['source_id'], listed: 'products' }),
  promotion_stacks: kind('promotion_stack', 'stack', { keys: ['campaign_id'] }),
  promotion_tiers: kind('promotion_tier', 'promo', { keys: ['campaign_id'], listed: 'tiers' }),
  publications: kind('publication', 'pub', {
    keys: ['customer_id', 'campaign_id', 'voucher_id', 'voucher.code', 'source_id'],
    listed: 'publications',
  }),
  redemptions: kind('redemption', 'r', {
    keys: ['customer_id', 'campaign_id', 'voucher_id', 'promotion_tier_id', 'redemption', 'related_object_id', 'order.id'],
    listed: 'redemptions',
    untold: ['counted'],
  }),
  reward_assignments: kind('reward_assignment', 'rewa', { keys: ['reward_id', 'related_object_id'] }),
  rewards: kind('reward', 'rew', { names: ['name'] }),
  segments: kind('segment', 'seg', { names: ['name'] }),
  sessions: kind('session', 'ssn', { keys: ['code', 'key'] }),
  settings: kind('settings', 'proj'),
  skus: kind('sku', 'sku', { names: ['source_id'], keys: ['product_id'], listed: 'skus' }),
  validation_rules: kind('validation_rules', 'val', { called: 'validation rule', names: ['name'] }),
  validation_rules_assignments: kind('validation_rules_assignment', 'asgm', {
    called: 'validation rule assignment',
    keys: ['rule_id', 'related_object_id'],
  }),
  vouchers: kind('voucher', 'v', {
    id: 'code',
    names: ['id'],
    keys: ['campaign', 'campaign_id', 'category_id', 'holder_id'],
    listed: 'vouchers',
  }),
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;

const isKind = (name: string): name is KindName => Object.hasOwn(KINDS, name);

/** The kind that the engine means by `product` or `products`. */
export function knownKind(name: string): KindName {
  for (const plural of [name, name.replace(/y$/, 'ie') + 's']) if (isKind(plural)) return plural;
  throw new Error(`The engine spoke of rows that no project keeps: ${name}`);
}

export const kindOf = (name: KindName): Kind => KINDS[name];
