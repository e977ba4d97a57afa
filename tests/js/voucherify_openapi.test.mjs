// The document of the Voucherify-compatible API is valid and names every covered endpoint; whatever an endpoint is sent, it answers
// or refuses as the document says, never with a fault of the worker.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { keysOf, projectAt, SHOP, startProjects } from './voucherify/project.mjs';
import { readRoutes } from './voucherify/routes.mjs';

/** Requests to each endpoint. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 8);
const SEED = Number(process.env.FUZZ_SEED ?? 7);

const keys = keysOf('fuzzed');
let worker;
let description;
before(async () => {
  worker = await startProjects([keys]);
  description = await (await fetch(`${worker.url}/voucherify/openapi.json`)).json();
  const project = projectAt(worker.url, keys);
  for (const [path, body] of SHOP_ROWS) await project.must('POST', path, body);
});
after(() => worker?.stop());

test('the document is valid OpenAPI, and describes every covered endpoint', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
  const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort();
  const covered = new Set((await readRoutes()).map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
  assert.deepEqual(described, [...covered].sort());
  const ids = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
});

test('it is for reading alone', async () => {
  const answer = await fetch(`${worker.url}/voucherify/openapi.json`, { method: 'POST', body: '{}' });
  assert.equal(answer.status, 405);
  assert.equal((await answer.json()).code, 'method_not_allowed');
});

test('every endpoint answers or refuses as it is described, whatever it is sent', { timeout: 600_000 }, async () => {
  const accepted = new Set();
  const faults = [];
  // what is deleted could no longer be asked for
  const [last, first] = [true, false].map((deletes) => operations().filter(({ method }) => (method === 'delete') === deletes));
  for (const { method, path, operation } of [...first, ...last]) {
    const requests = fc.sample(requestTo(path, method, operation), { numRuns: REQUESTS, seed: SEED });
    await Promise.all(requests.map(async ({ url, init }) => {
      const response = await fetch(worker.url + url, init);
      const text = await response.text();
      const why = fault(operation, response.status, text);
      if (why) faults.push(`${why}: ${method} ${url} ${init.body ?? ''} -> ${response.status} ${text.slice(0, 300)}`);
      if (response.status < 300) accepted.add(operation.operationId);
    }));
  }
  assert.deepEqual(faults, []);
  assert.ok(accepted.size >= operations().length / 2, `too few were accepted at all: ${[...accepted].join(' ')}`);
});

test('a body that is no object is no fault of the worker, whatever the address names', { timeout: 300_000 }, async () => {
  const faults = [];
  for (const { method, path, operation } of operations().filter(({ operation }) => operation.requestBody)) {
    const [{ init }] = fc.sample(requestTo(path, method, operation), { numRuns: 1, seed: SEED });
    for (const known of path.includes('{') ? KNOWN : ['']) {
      const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'project' ? keys.id : known));
      for (const body of ['true', '7', '"x"', '[]', '[7]', 'null', ...UNREADABLE]) {
        const response = await fetch(worker.url + url, { ...init, body });
        const text = await response.text();
        if (UNREADABLE.includes(body) && response.status !== 400) faults.push(`${method} ${url} ${body.slice(0, 80)} -> ${response.status} ${text.slice(0, 200)}`);
        if (response.status >= 500 && response.status !== 501) faults.push(`${method} ${url} ${body} -> ${response.status} ${text.slice(0, 200)}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

function operations() {
  return Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
}

/** What of an answer is not as it is described; nothing where all is. */
function fault(operation, status, text) {
  const described = operation.responses[status];
  if (!described) return 'a status that is not described';
  if (status === 204) return text === '' ? undefined : 'a body with 204';
  const body = JSON.parse(text);
  const { schema } = described.content['application/json'];
  const { properties = {}, required = [] } = schema.$ref ? description.components.schemas[schema.$ref.split('/').at(-1)] : schema;
  for (const name of required) if (body[name] === undefined) return `without ${name}`;
  for (const [name, of] of Object.entries(properties)) {
    const value = body[name];
    if (value === undefined) continue;
    const is = of.const !== undefined ? of.const === value : of.type === 'array' ? Array.isArray(value) : of.type === 'integer' ? Number.isInteger(value) : typeof value === of.type;
    if (!is || (of.pattern && !new RegExp(of.pattern).test(value))) return `${name} is not what it is said to be`;
  }
  return status >= 400 && body.code !== status ? 'another code than the status' : undefined;
}

const KEYS = {
  serverId: keys.appId, serverToken: keys.appToken,
  clientId: keys.clientAppId, clientToken: keys.clientToken,
  managementId: keys.managementId, managementToken: keys.managementToken,
};

/** Requests that fit the description, and others that nearly do. */
function requestTo(path, method, { parameters, requestBody, security }) {
  const of = (place) => parameters.filter((parameter) => parameter.in === place);
  const names = Object.fromEntries(of('path').map(({ name }) => [name, name === 'project' ? fc.constant(keys.id) : mostly(fc.constantFrom(...KNOWN), fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }))]));
  const query = Object.fromEntries(of('query').map(({ name, schema }) => [name, schema.type === 'object' ? inBrackets : mostly(valueOf(schema), fc.string())]));
  const schema = requestBody?.content['application/json'].schema;
  const body = schema && mostly(bodyOf(schema).map((value) => JSON.stringify(value)), fc.oneof(fc.jsonValue().map((value) => JSON.stringify(value)), fc.string()));
  return fc.record({ names: fc.record(names), query: fc.record(query, { requiredKeys: [] }), body: body ?? fc.constant(undefined) }).map((given) => {
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given.names[name]).replaceAll('.', '%2E'));
    const search = new URLSearchParams(Object.entries(given.query).flatMap(([name, value]) => typeof value === 'object' ? Object.entries(value).map(([rest, text]) => [name + rest, text]) : [[name, String(value)]]));
    const shown = Object.keys(security[0]).map((scheme) => [description.components.securitySchemes[scheme].name, KEYS[scheme]]);
    const headers = { 'content-type': 'application/json', origin: SHOP, ...Object.fromEntries(shown) };
    return { url: `${address}${search.size > 0 ? `?${search}` : ''}`, init: { method: method.toUpperCase(), headers, body: given.body } };
  });
}

const mostly = (common, rare) => fc.oneof({ arbitrary: common, weight: 4 }, { arbitrary: rare, weight: 1 });

const valueOf = ({ type, minimum, maximum }) => type === 'integer' ? fc.integer({ min: minimum, max: maximum }) : fc.constantFrom(...KNOWN, 'true', '-created_at', 'metadata.x', '10');

/** Filters and dates, and what looks like them. */
const inBrackets = fc.dictionary(
  fc.constantFrom('[after]', '[before]', '[junction]', '[code][conditions][$is][0]', '[metadata.x][conditions][$in][0]', '[created_at][conditions][$after]', '[amount][conditions][$more_than]', '[x][conditions][$starts_with][0]', '[x]', '[]', '[x][conditions][$no]'),
  fc.oneof(fc.constantFrom('2026-01-01', 'or', 'AND', '7', 'true'), fc.string()), { maxKeys: 3 });

/** Rows that the project has from the beginning, so that names of the addresses are somebody's. */
const SHOP_ROWS = [
  ['/v1/customers', { source_id: 'anna', email: 'anna@shop.example' }],
  ['/v1/products', { source_id: 'mug', name: 'Mug', price: 1_000 }],
  ['/v1/vouchers/TENTH', { type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 10 } }],
  ['/v1/vouchers/CARD', { type: 'GIFT_VOUCHER', gift: { amount: 5_000, balance: 5_000 } }],
  ['/v1/campaigns', { name: 'stars', campaign_type: 'LOYALTY_PROGRAM', type: 'AUTO_UPDATE', voucher: { type: 'LOYALTY_CARD', loyalty_card: { points: 10 } }, vouchers_count: 1 }],
  ['/v1/campaigns', { name: 'three', campaign_type: 'PROMOTION', promotion: { tiers: [] } }],
  ['/v1/rewards', { name: 'reward', type: 'COIN', parameters: { coin: { exchange_ratio: 1 } } }],
  ['/v1/orders', { source_id: 'order', amount: 1_000, status: 'CREATED' }],
  ['/v1/products/mug/skus', { source_id: 'mug', sku: 'Mug, blue', price: 1_000 }],
  ['/v1/segments', { name: 'three', type: 'static', customers: [] }],
  ['/v1/categories', { name: 'three', hierarchy: 1 }],
  ['/v1/product-collections', { name: 'three', type: 'STATIC', products: [] }],
  ['/v1/validation-rules', { name: 'three', rules: {} }],
  ['/v1/loyalties/stars/members', { voucher: 'MEMBER', customer: { source_id: 'anna' } }],
  ['/v1/loyalties/stars/earning-rules', [{ id: 'three', event: 'order.paid', loyalty: { type: 'FIXED', points: 1 } }]],
  ['/v1/promotions/three/tiers', { id: 'three', name: 'three', action: { discount: { type: 'PERCENT', percent_off: 10 } } }],
  ['/v1/redemptions', { redeemables: [{ object: 'voucher', id: 'TENTH' }], order: { amount: 1_000 }, customer: { source_id: 'anna' } }],
];

/** Bodies of which two readers could make two things, or none: half a character, more levels than a stack, a member that is there twice. */
const UNREADABLE = ['{"a":"\\ud800"}', '[{"\\udc00":1}]', `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, '{"a":1,"\\u0061":2}'];

/** Names of these rows. */
const KNOWN = ['TENTH', 'CARD', 'anna', 'mug', 'stars', 'three', 'reward', 'order'];

const name = fc.constantFrom(...KNOWN);
const count = mostly(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(-1, 0.5, 1e15, Number.MAX_SAFE_INTEGER));
const moment = fc.constantFrom('2020-01-01T00:00:00.000Z', '2030-01-01', 'tomorrow', '');
const redeemable = fc.record({ object: fc.constantFrom('voucher', 'promotion_tier', 'x'), id: name, gift: fc.record({ credits: count }), reward: fc.record({ points: count }) }, { requiredKeys: ['object', 'id'] });
const part = fc.record({ product_id: name, source_id: name, quantity: count, price: count, amount: count, sku_id: name, related_object: fc.constantFrom('product', 'sku') }, { requiredKeys: [] });
const discount = fc.record({ type: fc.constantFrom('PERCENT', 'AMOUNT', 'UNIT', 'FIXED', 'x'), percent_off: count, amount_off: count, unit_off: count, unit_type: name, fixed_amount: count }, { requiredKeys: ['type'] });

/** Members that Voucherify's bodies have, as they may be sent. */
const MEMBERS = {
  redeemables: fc.array(redeemable, { maxLength: 3 }),
  order: fc.record({ id: name, source_id: name, amount: count, items: fc.array(part, { maxLength: 3 }), status: fc.constantFrom('PAID', 'CREATED', 'x') }, { requiredKeys: [] }),
  customer: fc.oneof(name, fc.record({ id: name, source_id: name, metadata: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }) }, { requiredKeys: [] })),
  session: fc.record({ type: fc.constantFrom('LOCK', 'x'), key: name, ttl: count, ttl_unit: fc.constantFrom('HOURS', 'x') }, { requiredKeys: [] }),
  metadata: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }),
  rules: fc.record({ 1: fc.record({ name: fc.constantFrom('order.amount', 'customer.metadata', 'product.id', 'x'), conditions: fc.dictionary(fc.constantFrom('$is', '$more_than', '$x'), fc.array(fc.oneof(name, count), { maxLength: 2 }), { maxKeys: 2 }) }), logic: fc.constantFrom('1', '1 and', '(1', '2') }),
  voucher: fc.oneof(name, fc.record({ type: fc.constantFrom('DISCOUNT_VOUCHER', 'GIFT_VOUCHER', 'LOYALTY_CARD'), discount, code_config: fc.record({ length: fc.nat(12), pattern: fc.string({ maxLength: 8 }) }, { requiredKeys: [] }) }, { requiredKeys: ['type'] })),
  type: fc.constantFrom('DISCOUNT_VOUCHER', 'GIFT_VOUCHER', 'LOYALTY_CARD', 'AUTO_UPDATE', 'STATIC', 'ORDER_PAID', 'COIN', 'PROMOTION'),
  campaign_type: fc.constantFrom('DISCOUNT_COUPONS', 'LOYALTY_PROGRAM', 'PROMOTION', 'x'),
  loyalty: fc.record({ type: fc.constantFrom('FIXED', 'PROPORTIONAL'), points: count }),
  event: fc.constantFrom('order.paid', 'customer.segment.entered', 'signed up'),
  discount,
  gift: fc.record({ amount: count, balance: count, credits: count }, { requiredKeys: [] }),
  validation_rules: fc.array(name, { maxLength: 2 }),
  source_ids: fc.array(name, { maxLength: 2 }),
  codes: fc.array(name, { maxLength: 2 }),
  related_object_type: fc.constantFrom('voucher', 'campaign', 'x'),
  related_object_id: name,
  related_object: fc.constantFrom('voucher', 'order', 'customer', 'x'),
  name, code: name, campaign: name, source_id: name, reward: name, points: count, amount: count, vouchers_count: fc.integer({ min: -1, max: 20 }), price: count, active: fc.boolean(), start_date: moment, expiration_date: moment,
};

/** Some of them, one of which may be anything. */
const object = fc.tuple(fc.record(MEMBERS, { requiredKeys: [] }), fc.option(fc.tuple(fc.constantFrom(...Object.keys(MEMBERS), 'id', 'object', 'x'), fc.jsonValue()), { nil: undefined }))
  .map(([members, other]) => other ? { ...members, [other[0]]: other[1] } : members);

function bodyOf({ anyOf, type }) {
  if (anyOf) return fc.oneof(...anyOf.map(bodyOf));
  return type === 'array' ? fc.array(object, { maxLength: 3 }) : object;
}
