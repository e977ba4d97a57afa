// Every address of Voucherify's interface, and every method of its official SDK: each is answered in Voucherify's form, or refused by name.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sdk from '@voucherify/sdk';
import { keysOf, projectAt, SHOP, startProjects } from './voucherify/project.mjs';
import { readRoutes } from './voucherify/routes.mjs';

const GUIDE = fileURLToPath(new URL('../../docs/voucherify.md', import.meta.url));
const keys = keysOf('walked');
let worker;
let routes;

before(async () => {
  worker = await startProjects([keys]);
  routes = await readRoutes();
});
after(() => worker.stop());

/** Why an answer is none of Voucherify's form; nothing where it is. */
function fault({ status, headers, body, text }) {
  if (status === 204) return text === '' ? undefined : 'a body with 204';
  if (!headers.get('content-type')?.startsWith('application/json')) return `${status} ${headers.get('content-type')}: ${text.slice(0, 80)}`;
  if (status < 400) return undefined;
  if (status >= 500 && status !== 501) return `${status}: ${text}`;
  const isOfForm = body.code === status && ['key', 'message', 'details'].every((field) => typeof body[field] === 'string');
  return isOfForm && /^v-[0-9a-f]{16}$/.test(body.request_id) ? undefined : `not of the form: ${text}`;
}

const SIDES = [
  ['/client/', { 'x-client-application-id': keys.clientAppId, 'x-client-token': keys.clientToken, origin: SHOP }],
  ['/management/', { 'x-management-id': keys.managementId, 'x-management-token': keys.managementToken }],
  ['/', { 'x-app-id': keys.appId, 'x-app-token': keys.appToken }],
];

async function ask(method, path, body) {
  const [, headers] = SIDES.find(([base]) => path.startsWith(base));
  const answer = await fetch(worker.url + path, { method, headers, ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }) });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, text, body: isJson && text !== '' ? JSON.parse(text) : undefined };
}

/** Does so with each of them, a few at a time. */
async function abreast(all, does) {
  const left = all.values();
  const worked = async () => {
    for (const one of left) await does(one);
  };
  await Promise.all(Array.from({ length: 8 }, worked));
}

/** The endpoints that the reference of the interface tells of, with those of the SDK, by base; `*` are covered. */
const STATED = `
*POST /v1/validations
*POST /v1/redemptions
*GET /v1/redemptions
*GET /v1/redemptions/x
*POST /v1/redemptions/x/rollback
*POST /v1/redemptions/x/rollbacks
*POST /v1/vouchers/x/validate
*POST /v1/vouchers/x/redemption
*GET /v1/vouchers/x/redemption
*POST /v1/promotions/validation
*POST /v1/promotions/tiers/x/validation
*POST /v1/promotions/tiers/x/redemption
*POST /v1/qualifications
*POST /v1/vouchers/qualification
*POST /v1/campaigns/qualification
*POST /v1/products/x/qualification
*GET /v1/publications
*POST /v1/publications
*DELETE /v1/vouchers/x/sessions/x
*GET /v1/vouchers
*POST /v1/vouchers/x
*GET /v1/vouchers/x
*PUT /v1/vouchers/x
*DELETE /v1/vouchers/x
*POST /v1/vouchers/x/enable
*POST /v1/vouchers/x/disable
*POST /v1/vouchers/x/balance
*GET /v1/promotions/tiers
*GET /v1/promotions/x/tiers
*GET /v1/promotions/stacks
*POST /v1/customers
*GET /v1/customers/x
*PUT /v1/customers/x
*GET /v1/customers/x/redeemables
*GET /v1/customers/x/segments
*POST /v1/orders
*PUT /v1/orders/x
*GET /v1/orders/x
*POST /v1/events
*POST /v1/loyalties/x/members
*GET /v1/loyalties/x/members/x
*GET /v1/loyalties/members/x
*GET /v1/loyalties/x/earning-rules
*POST /v1/loyalties/x/members/x/redemption
*POST /v1/loyalties/x/members/x/balance
*POST /v1/loyalties/x/qualifications
*GET /v1/campaigns
*GET /v1/campaigns/x
*GET /v1/validation-rules
*POST /v1/validation-rules/x/assignments
*GET /v1/products/x
*GET /v1/product-collections/x
*GET /v1/product-collections/x/products
*GET /v1/rewards/x
*GET /v1/categories
*GET /client/v1/validate
*GET /client/v1/promotions/validation
*GET /client/v1/promotions/tiers
*POST /client/v1/redeem
*POST /client/v1/validations
*POST /client/v1/redemptions
*POST /client/v1/qualifications
*POST /client/v1/publish
*POST /client/v1/events
*GET /client/v1/vouchers
*POST /client/v1/customers
*GET /client/v1/consents
*PUT /client/v1/customers/x/consents
POST /v1/vouchers/import
POST /v1/vouchers/importCSV
POST /v1/campaigns/x/import
POST /v1/campaigns/x/importCSV
POST /v1/customers/importCSV
POST /v1/products/importCSV
POST /v1/skus/importCSV
POST /v1/orders/import
POST /v1/orders/export
POST /v1/exports
GET /v1/exports
GET /v1/exports/x
DELETE /v1/exports/x
GET /v1/vouchers/x/transactions
POST /v1/vouchers/x/transactions/export
GET /v1/customers/x/activity
GET /v1/customers/x/activities
POST /v1/customers/x/permanent-deletion
GET /v1/loyalties/x/members/x/activities
*GET /v1/loyalties/members/x/rewards
GET /v1/loyalties/x/members/x/transactions
GET /v1/loyalties/x/tiers/x/rewards
GET /v1/loyalties/x/tiers/x/earning-rules
*GET /v1/loyalties/x/reward-assignments/x/reward
POST /v1/validation-rules/x/validation
POST /v1/referrals/x/members/x/holders
GET /v1/publications/create
GET /v1/templates/campaigns
GET /v1/locations
GET /v1/trash-bin
POST /v1/oauth/token
GET /management/v1/projects
POST /management/v1/projects
POST /management/v1/projects/${keys.id}/users
GET /management/v1/projects/${keys.id}/webhooks
GET /management/v1/projects/${keys.id}/custom-event-schemas
POST /client/v1/consents/x
GET /client/v1/loyalties
GET /v2/loyalties/programs
POST /v2/loyalties/members
GET /client/v2/loyalties
POST /client/v1/anything/at/all
`;

describe('every address', () => {
  test('that is covered answers in the form of the interface, and so does it to any other method', { timeout: 300_000 }, async () => {
    const faults = [];
    assert.ok(routes.length > 170, `${routes.length}`);
    const address = (path) => path.replace(':project', keys.id).replace(/:\w+/g, 'none-of-these');
    const bodies = [{}, { order: 7, customer: [], redeemables: 'x', rules: 1, discount: 'x' }];
    const calls = routes.flatMap(({ method, path }) => bodies.slice(method === 'GET' || method === 'DELETE' ? 1 : 0).map((body) => ({ method, path, body })));
    await abreast(calls, async ({ method, path, body }) => {
      const answer = await ask(method, address(path), body);
      const why = answer.status === 501 ? 'a covered endpoint is refused' : fault(answer);
      if (why) faults.push(`${method} ${path} ${JSON.stringify(body)}: ${why}`);
    });
    await abreast([...new Set(routes.map(({ path }) => path))], async (path) => {
      const answer = await ask('PATCH', address(path));
      const taken = answer.headers.get('allow')?.split(', ');
      const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
      const why = fault(answer) ?? (answer.status === 405 && methods.every((method) => taken.includes(method)) ? undefined : answer.text);
      if (why) faults.push(`PATCH ${path}: ${why}`);
    });
    assert.deepEqual(faults, []);
  });

  test('of the interface is covered, or refused with its name', async () => {
    const faults = [];
    const named = projectAt(worker.url, keys);
    await abreast(STATED.trim().split('\n'), async (line) => {
      const isCovered = line.startsWith('*');
      const [method, path] = line.replace('*', '').split(' ');
      const answer = await ask(method, path);
      const why = fault(answer);
      if (why) faults.push(`${line}: ${why}`);
      else if ((answer.status === 501) === isCovered) faults.push(`${line}: ${answer.status}`);
      else if (!isCovered && (answer.body.key !== 'not_implemented' || !answer.body.details.startsWith(`${method} ${path} `))) {
        faults.push(`${line}: ${answer.text}`);
      }
    });
    assert.deepEqual(faults, []);
    // an import that was refused made nothing by the way
    for (const code of ['import', 'importCSV']) assert.equal((await named.call('GET', `/v1/vouchers/${code}`)).status, 404, code);
  });
});

/** The methods that ask the worker, with their dots, below a part of a client. */
function methodsOf(part, path = '', seen = new Set()) {
  if (typeof part !== 'object' || part === null || seen.has(part)) return [];
  seen.add(part);
  const names = new Set([...Object.keys(part), ...Object.getOwnPropertyNames(Object.getPrototypeOf(part))]);
  return [...names].sort().flatMap((name) => {
    if (name === 'constructor' || name.startsWith('__') || ['client', 'request', 'apiLimitsHandler'].includes(name)) return [];
    const value = part[name];
    if (typeof value === 'function') return part === Object.prototype || Object.hasOwn(Object.prototype, name) ? [] : [[`${path}${name}`, value.bind(part)]];
    return methodsOf(value, `${path}${name}.`, seen);
  });
}

describe('every method of the official SDK', () => {
  /** What a method is called with, by what it takes; the first form that the SDK itself does not refuse. */
  const WORDS = (table) => [
    ['none', 'none', { id: 'none', source_id: 'none', points: 1 }],
    ['none', { id: 'none', source_id: 'none', points: 1, amount: 1 }, 'none'],
    [{ id: 'none', code: 'none', source_id: 'none', customer: { source_id: 'x' } }, {}],
    ['none', { customer: { source_id: 'none' } }, { channel: 'none' }],
    [table],
    ['none', table],
  ];

  const walk = async (client) => {
    const dir = await mkdtemp(join(tmpdir(), 'counterfoil-walk-'));
    const table = join(dir, 'rows.csv');
    await writeFile(table, 'code\nONE\n');
    const told = new Map();
    const faults = [];
    await abreast(methodsOf(client), async ([name, call]) => {
      const isOfFile = /CSV$/.test(name);
      for (const words of WORDS(table).filter((words) => words.includes(table) === isOfFile)) {
        try {
          const given = await call(...words);
          if (typeof given?.next === 'function') await given.next();
          told.set(name, 'answered');
        } catch (error) {
          // refused by the SDK itself, or by the system
          if (error.constructor === TypeError || error.code === undefined || typeof error.code === 'string') continue;
          if (typeof error.code !== 'number' || (error.code >= 500 && error.code !== 501) || typeof error.key !== 'string') {
            faults.push(`${name}: ${error.code} ${error.key} ${error.message}`);
          }
          if (error.code === 501 && !/^[A-Z]+ \/(client\/)?v1\//.test(error.details)) faults.push(`${name}: ${error.details}`);
          told.set(name, error.code === 501 ? 'named' : (told.get(name) ?? 'refused'));
        }
      }
      if (!told.has(name)) faults.push(`${name}: the worker was not asked`);
    });
    await rm(dir, { recursive: true });
    assert.deepEqual(faults, []);
    return told;
  };

  test('of servers', { timeout: 300_000 }, async () => {
    const client = sdk.VoucherifyServerSide({ applicationId: keys.appId, secretKey: keys.appToken, apiUrl: worker.url });
    const told = await walk(client);
    assert.ok(told.size > 120, `${told.size}`);
    const named = [...told].filter(([, what]) => what === 'named').map(([name]) => name);
    const page = await readFile(GUIDE, 'utf8');
    const [, sentence] = page.match(/methods of the SDK are refused by name: ([^.]*(?:\.\w[^.]*)*)\./);
    assert.deepEqual(named.sort(), [...sentence.matchAll(/`([^`]+)`/g)].map(([, name]) => name).sort());
  });

  test('of pages', { timeout: 300_000 }, async () => {
    const client = sdk.VoucherifyClientSide({
      clientApplicationId: keys.clientAppId,
      clientSecretKey: keys.clientToken,
      apiUrl: worker.url,
      origin: SHOP,
      trackingId: 'anna',
    });
    const told = await walk(client);
    assert.ok(told.size >= 11, `${[...told.keys()]}`);
    assert.deepEqual([...told].filter(([, what]) => what === 'named'), []);
  });
});
