// The document that describes the worker is valid, and every address that it names holds against what it describes and
// against anything else: an answer or a refusal with all its members, never a fault of the worker.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { ADMIN_TOKEN, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

/** Requests to each address. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 40);

const shop = {
  campaigns: [
    { id: 'spring', codes: ['SPRING'], limits: { total: 5, budget: { EUR: 1_000 } }, discounts: [{ type: 'percent_off', percent: '10' }] },
    // so that there is a private half
    { id: 'staff', codes: ['STAFF-2041-KITE'], visibility: 'edge', discounts: [{ type: 'percent_off', percent: '5' }] },
  ],
  programme: { schemes: { stars: { unit: 'points' } }, rewards: { mug: { points: 1 } } },
};

let dir;
let worker;
let description;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-openapi-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  const signer = await newSigner();
  // webhooks to addresses that were made up are answered here
  const outbound = () => 410;
  const secrets = { publisherKey: JSON.stringify(signer.secretKey), pepper: JSON.stringify({ pepper: '5e'.repeat(32) }) };
  worker = await localWorker({ outbound, ...signer.granting, ...secrets, assets: join(dir, 'www'), stateDir: join(dir, 'state') });
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  for (const [method, path, body, status] of [['PUT', '/admin/catalogue', shop, 200], ['POST', '/admin/publish', { allow: ['code_in_id'] }, 201]]) {
    const answer = await worker.at(path, { method, headers, body: JSON.stringify(body) });
    assert.equal(answer.status, status, await answer.text());
  }
  description = await (await worker.at('/openapi.json')).json();
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

test('the document is valid OpenAPI, and describes the addresses', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
  for (const path of ['/health', '/keyring.json', '/snapshot', '/sections/{sha256}', '/admin/edge', '/admin/snapshot', '/quote', '/redemptions', '/redemptions/{id}/confirm', '/accounts/{id}', '/records', '/quote/signed']) assert.ok(description.paths[path], path);
  const good = ({ responses }) => (responses[200] ?? responses[201]).content['application/json']?.schema;
  for (const [path, method, member] of [['/quote', 'post', 'outcomes'], ['/quote/signed', 'post', 'token'], ['/records', 'get', 'records'], ['/admin/catalogue', 'put', 'changes'], ['/admin/audit', 'get', 'entries']]) {
    assert.ok(good(description.paths[path][method]).required.includes(member), path);
  }
  const ids = Object.values(description.paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId));
  assert.equal(new Set(ids).size, ids.length);
});

test('bodies are described to the last member, and every schema that is named is there', () => {
  const bodyOf = (path, method) => resolved(description.paths[path][method].requestBody.content['application/json'].schema);
  for (const path of ['/quote', '/quote/signed']) assert.deepEqual(bodyOf(path, 'post').required, ['currency', 'lines'], path);
  assert.ok(resolved(bodyOf('/quote', 'post').properties.lines.items).properties.unitPrice.description);
  assert.ok(resolved(bodyOf('/redemptions', 'post').properties.request).properties.lines);
  assert.deepEqual(bodyOf('/admin/catalogue/campaigns/{id}', 'put').required, ['id']);
  for (const [path, method] of [['/admin/catalogue', 'put'], ['/admin/catalogue/check', 'post']]) {
    assert.deepEqual(resolved(bodyOf(path, method).properties.campaigns.items), bodyOf('/admin/catalogue/campaigns/{id}', 'put'), path);
  }
  for (const named of JSON.stringify(description).matchAll(/"\$ref":"([^"]*)"/g)) assert.ok(resolved({ $ref: named[1] }), named[1]);
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, { requestBody }] of Object.entries(operations)) {
      const { schema } = requestBody?.content['application/json'] ?? {};
      if (schema) assert.ok(schema.$ref || schema.anyOf || schema.properties, `${method} ${path}: ${JSON.stringify(schema)}`);
    }
  }
});

test('every address answers or refuses, whatever it is sent', async () => {
  const seen = new Map();
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const requests = fc.sample(requestTo(path, method, operation), { numRuns: REQUESTS, seed: 7 });
      await Promise.all(requests.map(async (request) => {
        const response = await worker.at(request.url, request.init);
        const name = `${method} ${path} ${response.status}`;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        const text = await response.text();
        const told = `${method} ${request.url} ${request.init.body ?? ''} -> ${response.status} ${text.slice(0, 300)}`;
        assert.ok(response.status < 500, told);
        assert.ok(operation.responses[response.status], `not described: ${told}`);
        if (response.status >= 400) assertProblem(response, text, told);
        else if (response.status < 300) assertAsDescribed(operation.responses[response.status].content, text, told);
      }));
    }
  }
  const good = [...seen.keys()].filter((name) => / 20[01]$/.test(name));
  assert.ok(good.length >= Object.keys(description.paths).length / 2, `too few were accepted at all: ${good.join('; ')}`);
});

test('a body of which two readers could make two things is refused with its place, at every address that takes one', async () => {
  for (const [path, operations] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const sent = operation.requestBody?.content['application/json'];
      if (!sent) continue;
      const url = path.replaceAll(/\{\w+\}/g, 'spring');
      for (const [body, status, code, pointer] of UNREADABLE) {
        const response = await worker.at(url, { method: method.toUpperCase(), headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'idempotency-key': 'unread' }, body });
        const text = await response.text();
        const told = `${method} ${url} ${body.slice(0, 80)} -> ${response.status} ${text.slice(0, 300)}`;
        assert.equal(response.status, status, told);
        assertProblem(response, text, told);
        assert.deepEqual([JSON.parse(text).code, JSON.parse(text).at.pointer], [code, pointer], told);
      }
    }
  }
});

test('a name in an address that is longer than any is refused, at every address that has one', async () => {
  for (const [path, operations] of Object.entries(description.paths)) {
    const [name] = path.match(/(?<=\{)\w+(?=\})/) ?? [];
    if (!name) continue;
    for (const method of Object.keys(operations)) {
      const init = { method: method.toUpperCase(), headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'idempotency-key': 'long' } };
      const url = (length) => path.replaceAll(/\{\w+\}/g, '\u{5b57}'.repeat(length));
      const response = await worker.at(url(101), operations[method].requestBody ? { ...init, body: '{}' } : init);
      const text = await response.text();
      const told = `${method} ${path} -> ${response.status} ${text.slice(0, 300)}`;
      assert.equal(response.status, 422, told);
      assertProblem(response, text, told);
      assert.deepEqual(JSON.parse(text).at, { document: 'path', pointer: `/${name}` }, told);
      const longest = await worker.at(url(100), operations[method].requestBody ? { ...init, body: '{}' } : init);
      assert.ok(longest.status < 500 || longest.status === 503, `${told}; the longest: ${longest.status} ${await longest.text()}`);
    }
  }
});

/** An answer of JSON is what its schema says. */
function assertAsDescribed(content, text, told) {
  const { schema } = content['application/json'] ?? {};
  if (schema) assert.equal(misfit(schema, JSON.parse(text), ''), undefined, told);
}

/** Where a value is not what a schema says, in those of its words that the document has. */
function misfit(named, value, at) {
  const schema = resolved(named);
  if (schema.anyOf) return schema.anyOf.some((one) => misfit(one, value, at) === undefined) ? undefined : `${at}: none of several`;
  const is = { array: Array.isArray(value), boolean: typeof value === 'boolean', integer: Number.isInteger(value), null: value === null, number: typeof value === 'number', object: typeof value === 'object' && value !== null && !Array.isArray(value), string: typeof value === 'string' };
  if (schema.type !== undefined && !is[schema.type]) return `${at}: no ${schema.type}`;
  if (schema.const !== undefined && schema.const !== value) return `${at}: not ${schema.const}`;
  if (schema.enum && !schema.enum.includes(value)) return `${at}: ${value} is not among them`;
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return `${at}: not ${schema.pattern}`;
  if (value < schema.minimum || value > schema.maximum) return `${at}: out of bounds`;
  if (is.array) return value.map((one, index) => misfit(schema.items ?? {}, one, `${at}/${index}`)).find(Boolean);
  if (!is.object) return undefined;
  const missing = (schema.required ?? []).find((name) => value[name] === undefined);
  if (missing) return `${at}/${missing}: missing`;
  return Object.entries(schema.properties ?? {}).map(([name, of]) => (value[name] === undefined ? undefined : misfit(of, value[name], `${at}/${name}`))).find(Boolean);
}

function assertProblem(response, text, told) {
  assert.equal(response.headers.get('content-type'), 'application/problem+json', told);
  const problem = JSON.parse(text);
  assert.match(problem.code, /^[a-z][a-z_0-9]*$/, told);
  for (const member of ['message', 'help']) assert.ok(problem[member]?.length > 0, told);
  assert.ok(['shopper', 'merchant', 'developer'].includes(problem.fixBy), told);
  assert.equal(typeof problem.params, 'object', told);
  // what the worker lacks has no place in a request
  if (response.status < 500) assert.equal(typeof problem.at?.pointer, 'string', told);
}

/** Requests that fit the description, and others that nearly do. */
function requestTo(path, method, operation) {
  const parameters = operation.parameters ?? [];
  const of = (place) => parameters.filter((parameter) => parameter.in === place);
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const body = content?.schema;
  const bytes = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)), fc.constantFrom('code,uses\nA-1,1\n', '{"format":1}\n', 'counterfoil'));
  return fc
    .record({
      path: fc.record(Object.fromEntries(of('path').map(({ name }) => [name, fc.oneof(...KNOWN.map((value) => fc.constant(value)), fc.string({ minLength: 1, maxLength: 40 }))]))),
      query: fc.record(Object.fromEntries(of('query').map(({ name, schema }) => [name, mostly(fitting(schema), fc.string())])), { requiredKeys: [] }),
      key: mostly(fc.uuid(), fc.option(fc.string({ maxLength: 3 }), { nil: undefined })),
      body: body ? mostly(fitting(body).map((value) => JSON.stringify(value)), fc.oneof(nearly(body), fc.jsonValue().map((value) => JSON.stringify(value)), fc.string())) : type ? bytes : fc.constant(undefined),
    })
    .map(({ path: values, query, key, body: text }) => {
      const address = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]).replaceAll('.', '%2E'));
      const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]));
      const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type ?? 'application/json' };
      if (key !== undefined && /^[\x20-\x7e]*$/.test(key)) headers['idempotency-key'] = key;
      return { url: `${address}${search.size > 0 ? `?${search}` : ''}`, init: { method: method.toUpperCase(), headers, body: text } };
    });
}

const deep = (levels) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What no reader should be given, and what is said of it. */
const UNREADABLE = [
  ['{"a":["x","\\ud800"]}', 400, 'json_malformed', '/a/1'],
  ['{"\\udc00":1}', 400, 'json_malformed', ''],
  [`{"a":${deep(60_000)}}`, 400, 'json_malformed', `/a${'/0'.repeat(63)}`],
  [deep(65), 400, 'json_malformed', '/0'.repeat(64)],
  ['{"codes":["A"],"cod\\u0065s":[]}', 422, 'field_repeated', '/codes'],
  ['{"a":[{"b":1,"c":{"b":2},"b":3}]}', 422, 'field_repeated', '/a/0/b'],
  [Buffer.from([0x22, 0xff, 0x22]), 400, 'json_malformed', ''],
];

/** Names that the shop has, among all others. */
const KNOWN = ['spring', 'member', 'rd_0123456789abcdef0123456789abcdef'];

const mostly = (common, rare) => fc.oneof({ arbitrary: common, weight: 4 }, { arbitrary: rare, weight: 1 });

/** A fitting object with one member that is something else. */
const nearly = (schema) =>
  fc.tuple(fitting(schema), fc.constantFrom(...Object.keys(resolved(schema).properties ?? { x: {} }), 'x'), fc.jsonValue())
    .map(([value, name, other]) => JSON.stringify({ ...(typeof value === 'object' ? value : {}), [name]: other }));

/** A schema, and not only its name. */
const resolved = (schema) => (schema.$ref ? resolved(description.components.schemas[schema.$ref.replace('#/components/schemas/', '')]) : schema);

/** How deep names are followed: rules hold rules. */
const DEEPEST = 4;

/** Values that a schema takes, as far as it says so. */
function fitting(named, depth = 0) {
  if (named.$ref && depth >= DEEPEST) return fc.constant({});
  const schema = resolved(named);
  const within = (one) => fitting(one, named.$ref ? depth + 1 : depth);
  const choices = schema.anyOf ?? schema.oneOf;
  // which of many is chosen first, so that none is made in vain
  if (choices) return fc.nat(choices.length - 1).chain((at) => within(choices[at]));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => within({ ...schema, type })));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'object': {
      if (!schema.properties) return fc.dictionary(fc.string(), schema.additionalProperties ? within(schema.additionalProperties) : fc.jsonValue(), { maxKeys: 3 });
      const required = schema.required ?? [];
      const optional = Object.keys(schema.properties).filter((name) => !required.includes(name));
      // a few of them at a time, so that some are accepted
      const made = fc.subarray(optional, { maxLength: Math.min(optional.length, 4) }).chain((some) => fc.record(Object.fromEntries([...required, ...some].map((name) => [name, within(schema.properties[name])]))));
      return schema === resolved({ $ref: '#/components/schemas/QuoteRequest' }) ? mostly(cart, made) : made;
    }
    case 'array':
      return fc.array(within(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 1_000) }), fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 0));
    case 'string':
      return schema.pattern ? fc.oneof(fc.stringMatching(new RegExp(schema.pattern, 'u')), fc.constantFrom('stars', 'mug', '1')) : fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 40, 40) });
    default:
      return fc.jsonValue();
  }
}

const cart = fc.record({
  currency: fc.constantFrom('EUR', 'USD', 'X'),
  codes: fc.array(fc.constantFrom('SPRING', 'NO'), { maxLength: 2 }),
  lines: fc.uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 4 }), unitPrice: fc.nat(10_000), quantity: fc.integer({ min: 1, max: 5 }) }), { selector: ({ id }) => id, maxLength: 3 }),
  payments: fc.array(fc.record({ type: fc.constantFrom('gift_card', 'points', 'other'), id: fc.constantFrom('member', 'card'), amount: fc.nat(500) }), { maxLength: 2 }),
}, { requiredKeys: ['currency', 'lines'] });
