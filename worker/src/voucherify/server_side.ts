import { bulkRoutes } from './bulk';
import { isJson } from './call';
import { consents, entering, giveConsents } from './customers';
import { assignment, create, get, list, object, remove, set, told, update, type Fields } from './plain';
import { named, type Work } from './desk';
import { invalidPayload } from './failure';
import { below, decided, kept, type Route } from './route';
import { equals } from './selection';

const at = below('/v1');

const ASSIGNED = { validation_rules_assignments: 'related_object_id' } as const;

const withoutVouchers = {
  vouchers: 'campaign_id',
  promotion_tiers: 'campaign_id',
  promotion_stacks: 'campaign_id',
  earning_rules: 'campaign_id',
  loyalty_tiers: 'campaign_id',
  reward_assignments: 'related_object_id',
  ...ASSIGNED,
} as const;

/** The uses of one voucher, newest first, beside its counters. */
const redemptionsOfVoucher: Work = (desk) => {
  const voucher = named(desk, 'vouchers', 'code');
  const counted = isJson(voucher['redemption']) ? voucher['redemption'] : {};
  const found = desk.rows.select('redemptions', { all: [equals('voucher_id', voucher['id'])], descending: true });
  const entries = found.map((row) => told('redemptions', row));
  const { quantity = null, redeemed_quantity = 0 } = counted;
  const body = { object: 'list', data_ref: 'redemption_entries', quantity, redeemed_quantity, redemption_entries: entries, total: entries.length };
  return { status: 200, body };
};

/** A rule for a row: `{ related_object_type, related_object_id }`, or in short `{ voucher: code }`. */
const assignRule: Work = (desk) => {
  const rule = named(desk, 'validation_rules', 'rule');
  const body = object(desk.call.body);
  const short = (['voucher', 'promotion_tier', 'campaign'] as const).find((type) => typeof body[type] === 'string');
  const type = short ?? body['related_object_type'];
  const id = short ? body[short] : body['related_object_id'];
  if (typeof type !== 'string' || typeof id !== 'string') {
    throw invalidPayload("The body should have the properties 'related_object_type' and 'related_object_id'");
  }
  const kind = ({ voucher: 'vouchers', campaign: 'campaigns', promotion_tier: 'promotion_tiers' } as const)[type];
  const related = kind && desk.rows.find(kind, id);
  const row = assignment(desk, String(rule['id']), type, related ? String(related['id']) : id);
  desk.rows.put('validation_rules_assignments', row);
  return { status: 200, body: row };
};

/** All tiers, or those that could apply now. */
export const listTiers: Work = (desk) =>
  desk.call.query['is_available'] === 'true' ? desk.decide('tiers/available') : list('promotion_tiers')(desk);

/** A campaign; one of promotions with its tiers. */
const campaign: Work = (desk) => {
  const row = named(desk, 'campaigns', 'campaign');
  if (row['campaign_type'] !== 'PROMOTION') return { status: 200, body: row };
  const tiers = desk.rows.select('promotion_tiers', { all: [equals('campaign_id', String(row['id']))] });
  return { status: 200, body: { ...row, promotion: { tiers } } };
};

/** What a tier or a stack takes from the promotion campaign it is created in. */
const ofCampaign: Fields = (desk) => {
  const { id, name, start_date = null, expiration_date = null, active = true } = named(desk, 'campaigns', 'campaign');
  return { campaign_id: id, campaign: { id, name, start_date, expiration_date, active } };
};

const skuOfProduct: Fields = (desk) => ({ product_id: named(desk, 'products', 'product')['id'] });

const active = { active: true };
const inactive = { active: false };

const codeOfPath: Parameters<typeof decided>[1] = ({ call }) => ({ body: { ...object(call.body), code: call.path['code'] } });

const activity = (isActive: boolean): Parameters<typeof decided>[1] => () => ({ body: { active: isActive } });

export const serverRoutes: readonly Route[] = [
  ...bulkRoutes(at),
  at('POST', '/validations', 'validates a stack', decided('validations')),
  at('POST', '/redemptions', 'redeems a stack', decided('redemptions')),
  at(
    'GET',
    '/redemptions',
    'lists redemptions',
    list(
      'redemptions',
      { field: 'customer_id', query: 'customer', of: 'customers' },
      { field: 'campaign_id', query: 'campaign', of: 'campaigns' },
      { field: 'result' },
    ),
  ),
  at('GET', '/redemptions/:redemption', 'a redemption', get('redemptions', 'redemption')),
  at('POST', '/redemptions/:redemption/rollback', 'rolls a redemption back', decided('redemptions/rollback')),
  at('POST', '/redemptions/:redemption/rollbacks', 'rolls a stack back', decided('redemptions/rollback-stack')),
  at('POST', '/qualifications', 'what customer and order qualify for', decided('qualifications')),

  at('POST', '/vouchers/qualification', 'vouchers that qualify (older form)', decided('vouchers/qualification')),
  at('GET', '/vouchers', 'lists vouchers', list(
    'vouchers',
    { field: 'campaign_id', query: 'campaign', of: 'campaigns' },
    { field: 'category_id', query: 'category', of: 'categories' },
    { field: 'holder_id', query: 'customer', of: 'customers' },
    { field: 'code' },
  )),
  at('POST', '/vouchers', 'creates a voucher; the code is drawn if none is given', decided('vouchers/create')),
  at('POST', '/vouchers/:code', 'creates a voucher of this code', decided('vouchers/create', codeOfPath)),
  at('GET', '/vouchers/:code', 'a voucher', get('vouchers', 'code')),
  at('PUT', '/vouchers/:code', 'changes a voucher', decided('vouchers/update')),
  at('DELETE', '/vouchers/:code', 'deletes a voucher', remove('vouchers', 'code', { sessions: 'code', ...ASSIGNED })),
  at('POST', '/vouchers/:code/enable', 'enables a voucher', decided('vouchers/update', activity(true))),
  at('POST', '/vouchers/:code/disable', 'disables a voucher', decided('vouchers/update', activity(false))),
  at('POST', '/vouchers/:code/validate', 'validates a voucher', decided('vouchers/validate')),
  at('POST', '/vouchers/:code/redemption', 'redeems a voucher', decided('vouchers/redeem')),
  at('GET', '/vouchers/:code/redemption', 'the redemptions of a voucher', redemptionsOfVoucher),
  at('POST', '/vouchers/:code/balance', 'adds to the balance of a gift card', decided('vouchers/balance')),
  at('DELETE', '/vouchers/:code/sessions/:session', 'releases a session', decided('vouchers/delete-session')),

  at('POST', '/campaigns/qualification', 'campaigns that qualify (older form)', decided('campaigns/qualification')),
  at('GET', '/campaigns', 'lists campaigns', list('campaigns', { field: 'campaign_type' })),
  at('POST', '/campaigns', 'creates a campaign and its codes', decided('campaigns/create')),
  at('GET', '/campaigns/:campaign', 'a campaign', campaign),
  at('PUT', '/campaigns/:campaign', 'changes a campaign', decided('campaigns/update')),
  at('DELETE', '/campaigns/:campaign', 'deletes a campaign with its vouchers and tiers', remove('campaigns', 'campaign', withoutVouchers)),
  at('POST', '/campaigns/:campaign/enable', 'enables a campaign', decided('campaigns/update', activity(true))),
  at('POST', '/campaigns/:campaign/disable', 'disables a campaign', decided('campaigns/update', activity(false))),
  at('POST', '/campaigns/:campaign/vouchers', 'draws codes for a campaign', decided('campaigns/add-vouchers')),
  at('POST', '/campaigns/:campaign/vouchers/:code', 'adds a code to a campaign', decided('campaigns/add-vouchers', codeOfPath)),

  at('POST', '/promotions/validation', 'the tiers that apply', decided('promotions/validate')),
  at('GET', '/promotions/tiers', 'lists tiers', listTiers),
  at('GET', '/promotions/tiers/:tier', 'a tier', get('promotion_tiers', 'tier')),
  at('PUT', '/promotions/tiers/:tier', 'changes a tier', update('promotion_tiers', 'tier')),
  at('DELETE', '/promotions/tiers/:tier', 'deletes a tier', remove('promotion_tiers', 'tier', ASSIGNED)),
  at('POST', '/promotions/tiers/:tier/enable', 'enables a tier', set('promotion_tiers', 'tier', active)),
  at('POST', '/promotions/tiers/:tier/disable', 'disables a tier', set('promotion_tiers', 'tier', inactive)),
  at('POST', '/promotions/tiers/:tier/validation', 'validates a tier', decided('tiers/validate')),
  at('POST', '/promotions/tiers/:tier/redemption', 'redeems a tier', decided('tiers/redeem')),
  at('GET', '/promotions/stacks', 'lists stacks', list('promotion_stacks')),
  at('GET', '/promotions/:campaign/tiers', 'the tiers of a campaign', list('promotion_tiers', { field: 'campaign_id', path: 'campaign', of: 'campaigns' })),
  at('POST', '/promotions/:campaign/tiers', 'creates a tier', create('promotion_tiers', ofCampaign)),
  at('GET', '/promotions/:campaign/stacks', 'the stacks of a campaign', list('promotion_stacks', { field: 'campaign_id', path: 'campaign', of: 'campaigns' })),
  at('POST', '/promotions/:campaign/stacks', 'creates a stack', create('promotion_stacks', ofCampaign)),
  at('GET', '/promotions/:campaign/stacks/:stack', 'a stack', get('promotion_stacks', 'stack', { field: 'campaign_id', path: 'campaign', of: 'campaigns' })),
  at('PUT', '/promotions/:campaign/stacks/:stack', 'changes a stack', update('promotion_stacks', 'stack')),
  at('DELETE', '/promotions/:campaign/stacks/:stack', 'deletes a stack', remove('promotion_stacks', 'stack')),

  at('POST', '/publications', 'publishes a code to a customer', decided('publications/create')),
  at('GET', '/publications', 'lists publications', list(
    'publications',
    { field: 'customer_id', query: 'customer', of: 'customers' },
    { field: 'campaign_id', query: 'campaign', of: 'campaigns' },
    { field: 'voucher_id', query: 'voucher', of: 'vouchers' },
    { field: 'source_id' },
    { field: 'result' },
  )),

  at('POST', '/customers', 'creates or changes a customer', entering(create('customers'))),
  at('GET', '/customers', 'lists customers', list('customers', { field: 'email' }, { field: 'name' }, { field: 'address.city', query: 'city' })),
  at('GET', '/customers/:customer', 'a customer', get('customers', 'customer')),
  at('PUT', '/customers/:customer', 'changes a customer', entering(update('customers', 'customer'))),
  at('DELETE', '/customers/:customer', 'deletes a customer', remove('customers', 'customer', { customer_consents: 'id' })),
  at('GET', '/customers/:customer/segments', 'the segments of a customer', decided('customers/segments')),
  at('GET', '/customers/:customer/redeemables', 'what a customer holds', decided('customers/redeemables')),
  at('PUT', '/customers/:customer/consents', 'records consents', giveConsents),
  at('GET', '/consents', 'what consent is asked to', consents),

  at('POST', '/orders', 'creates or changes an order', decided('orders/create')),
  at('GET', '/orders', 'lists orders', list('orders', { field: 'customer_id', query: 'customer', of: 'customers' }, { field: 'status' })),
  at('GET', '/orders/:order', 'an order', get('orders', 'order')),
  at('PUT', '/orders/:order', 'changes an order', decided('orders/update')),
  at('POST', '/events', 'records an event; points are earned by it', decided('events/create')),

  ...kept(at, '/segments', 'segments', 'a segment'),
  at('GET', '/metadata-schemas', 'lists metadata schemas', list('metadata_schemas')),
  at('GET', '/metadata-schemas/:schema', 'the metadata schema of an object', get('metadata_schemas', 'schema')),

  at('GET', '/products', 'lists products', list('products')),
  at('POST', '/products', 'creates or changes a product', create('products')),
  at('GET', '/products/:product', 'a product', get('products', 'product')),
  at('PUT', '/products/:product', 'changes a product', update('products', 'product')),
  at('DELETE', '/products/:product', 'deletes a product with its SKUs', remove('products', 'product', { skus: 'product_id' })),
  at('POST', '/products/:product/qualification', 'vouchers that qualify for a product (older form)', decided('products/qualification')),
  at('GET', '/products/:product/skus', 'the SKUs of a product', list('skus', { field: 'product_id', path: 'product', of: 'products' })),
  at('POST', '/products/:product/skus', 'creates or changes a SKU', create('skus', skuOfProduct)),
  at('GET', '/products/:product/skus/:sku', 'a SKU of a product', get('skus', 'sku', { field: 'product_id', path: 'product', of: 'products' })),
  at('PUT', '/products/:product/skus/:sku', 'changes a SKU', update('skus', 'sku', { field: 'product_id', path: 'product', of: 'products' })),
  at('DELETE', '/products/:product/skus/:sku', 'deletes a SKU', remove('skus', 'sku')),
  at('GET', '/skus/:sku', 'a SKU', get('skus', 'sku')),
  ...kept(at, '/product-collections', 'product_collections', 'a product collection'),
  at('GET', '/product-collections/:collection/products', 'the products and SKUs of a collection', decided('collections/products')),

  ...kept(at, '/validation-rules', 'validation_rules', 'a validation rule', { validation_rules_assignments: 'rule_id' }),
  at('GET', '/validation-rules/:rule/assignments', 'where a rule is assigned', list('validation_rules_assignments', { field: 'rule_id', path: 'rule', of: 'validation_rules' })),
  at('POST', '/validation-rules/:rule/assignments', 'assigns a rule', assignRule),
  at('DELETE', '/validation-rules/:rule/assignments/:assignment', 'ends an assignment', remove('validation_rules_assignments', 'assignment')),
  at('GET', '/validation-rules-assignments', 'lists assignments', list('validation_rules_assignments', { field: 'related_object_id' })),

  ...kept(at, '/rewards', 'rewards', 'a reward', { reward_assignments: 'reward_id' }),
  at('GET', '/rewards/:reward/assignments', 'where a reward is assigned', list('reward_assignments', { field: 'reward_id', path: 'reward', of: 'rewards' })),
  at('POST', '/rewards/:reward/assignments', 'assigns a reward to a campaign', create('reward_assignments', (desk, { campaign }) => {
    const related = typeof campaign === 'string' ? { related_object_id: campaign, related_object_type: 'campaign' } : {};
    return { ...related, reward_id: named(desk, 'rewards', 'reward')['id'] };
  })),
  at('GET', '/rewards/:reward/assignments/:assignment', 'an assignment of a reward', get('reward_assignments', 'assignment', { field: 'reward_id', path: 'reward', of: 'rewards' })),
  at('PUT', '/rewards/:reward/assignments/:assignment', 'changes an assignment', update('reward_assignments', 'assignment')),
  at('DELETE', '/rewards/:reward/assignments/:assignment', 'ends an assignment', remove('reward_assignments', 'assignment')),

  ...kept(at, '/categories', 'categories', 'a category'),
];
