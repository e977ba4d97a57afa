// A backup that is taken while orders come in is of one moment: restored, the books and the records tell of the same orders, no
// limit is passed, and no money is made or lost.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, assertRefused, localWorker } from './local_worker.mjs';
import { newSigner } from './signer.mjs';

const CLIENTS = 12;
const BACKUPS = 4;
const CARD = 2_000_000;

const ten = [{ type: 'percent_off', percent: '10' }];
const shop = {
  campaigns: [
    { id: 'uses', codes: ['USES'], limits: { total: 100_000 }, discounts: ten },
    { id: 'pot', codes: ['POT'], limits: { budget: { EUR: 1_000_000 } }, discounts: ten },
    { id: 'hot', codes: ['HOT'], limits: { total: 100_000 }, discounts: ten },
    { id: 'few', codes: ['FEW'], limits: { total: 40 }, discounts: ten },
  ],
  segments: { buyers: { type: 'customer_attribute', key: 'buys', in: [true] } },
  loyalty: { programmes: [{ id: 'stars', earning: [{ id: 'welcome', on: { segment: 'buyers' }, points: 5 }] }] },
  programme: { schemes: { gift: { unit: 'EUR' } } },
};

const project = { id: 'older', appId: 'app', appToken: 'token' };

let dir;
let signer;
let worker;
let keys = 0;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'counterfoil-backup-'));
  await mkdir(join(dir, 'www'));
  await writeFile(join(dir, 'www', 'index.html'), '<!doctype html><title>shop</title>');
  signer = await newSigner();
  worker = await open('first');
  assert.equal((await worker.put(await signer.snapshot(shop, 1))).status, 201);
  await ok(await worker.post('/accounts/card/refill', { scheme: 'gift', amount: CARD }, { key: 'sold' }));
  await ok(await admin('PUT', '/admin/campaigns/hot/shards', { shards: 3 }));
});
after(async () => {
  await worker?.stop();
  await rm(dir, { recursive: true, force: true });
});

const open = (name) => localWorker({ keyRing: signer.keyRing, assets: join(dir, 'www'), stateDir: join(dir, name), voucherify: [project] });
const newKey = () => `key-${(keys += 1)}`;
const admin = (method, path, body, on = worker) =>
  on.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, body: typeof body === 'string' ? body : body && JSON.stringify(body) });
const compatible = (method, path, body, on = worker) =>
  on.at(path, { method, headers: { 'x-app-id': project.appId, 'x-app-token': project.appToken, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}

const ORDERS = [['USES'], ['POT'], ['HOT'], ['FEW'], ['USES', 'POT', 'HOT']];

/** A shopper who goes on: orders of one and of several books, paid in part by gift card, held, confirmed, released, rolled back. */
async function shopUntil(isOver, at) {
  for (let round = at; !isOver(); round += 1) {
    const request = { currency: 'EUR', codes: ORDERS[round % ORDERS.length], lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }], payments: [{ type: 'gift_card', id: 'card', amount: 100 }] };
    const response = await worker.post('/redemptions', { request, confirm: round % 2 === 0, customer: `shopper-${at}` }, { key: newKey() });
    const told = await response.json();
    assert.ok([201, 409].includes(response.status), JSON.stringify(told));
    if (response.status === 409) continue;
    const next = round % 2 === 0 ? (round % 8 === 0 ? 'rollback' : undefined) : ['confirm', 'release'][round % 3 === 0 ? 1 : 0];
    if (round % 10 === 6) await ok(await worker.post(`/redemptions/${told.id}/refund`, { parts: [{ part: told.parts.find(({ allowance }) => allowance === 'pot/EUR').part, amount: 30 }] }, { key: newKey() }));
    if (next) await ok(await worker.post(`/redemptions/${told.id}/${next}`, {}, { key: newKey() }));
    if (round % 5 === 0) await ok(await worker.at(`/customers/shopper-${at}`, { method: 'PUT', headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, body: JSON.stringify({ attributes: { buys: round % 10 === 0 } }) }));
  }
}

/** The last word of the records on each redemption. */
async function standings(on) {
  const records = await ok(await admin('GET', '/records.json', undefined, on));
  const last = new Map();
  // the newest first
  for (const record of records) if (!last.has(record.redemption)) last.set(record.redemption, { ...record, outcome: record.outcome === 'refunded' ? 'confirmed' : record.outcome });
  return [...last.values()];
}

/** When nothing is on its way any more: holds of the backup are settled as after a crash. */
async function assertWhole(copy) {
  let found;
  for (let tries = 0; ; tries += 1) {
    found = await faults(copy);
    if (found.length === 0 || tries === 30) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  assert.deepEqual(found, []);
}

async function faults(copy) {
  const stands = await standings(copy);
  const orders = new Map(await Promise.all(stands.map(async ({ redemption }) => [redemption, await (await copy.get(`/redemptions/${redemption}`)).json()])));
  const refunded = ({ redemption }) => (orders.get(redemption).refunds ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const found = [];
  const of = (outcome, campaign) => stands.filter((record) => record.outcome === outcome && (campaign === undefined || record.campaigns.includes(campaign)));
  const { campaigns } = await ok(await admin('GET', '/campaigns', undefined, copy));
  for (const { id, uses, heldUses, budgets } of campaigns.filter(({ id }) => id !== 'card')) {
    if (uses !== of('confirmed', id).length) found.push(`${id}: ${uses} uses in the book, ${of('confirmed', id).length} confirmed in the records`);
    if (heldUses !== of('held', id).length) found.push(`${id}: ${heldUses} held in the book, ${of('held', id).length} in the records`);
    const spent = of('confirmed', id).reduce((sum, { discounts }) => sum + (discounts[id] ?? 0), 0) - (id === 'pot' ? of('confirmed', id).reduce((sum, record) => sum + refunded(record), 0) : 0);
    if (id === 'pot' && budgets.EUR.spent !== spent) found.push(`${id}: ${budgets.EUR.spent} spent in the book, ${spent} in the records`);
    if (id === 'few' && uses + heldUses > 40) found.push(`few: ${uses} used and ${heldUses} held of 40`);
  }
  const { available, held, sums } = await ok(await copy.get('/accounts/card'));
  if (available + held !== CARD - 100 * of('confirmed').length) found.push(`card: ${available} and ${held} held after ${of('confirmed').length} orders`);
  if (sums.spent !== 100 * of('confirmed').length || held !== 100 * of('held').length) found.push(`card: ${JSON.stringify(sums)}, ${held} held`);
  // each order itself says what the records say
  const told = stands.flatMap(({ redemption, outcome }) => {
    const { status } = orders.get(redemption);
    return status === outcome ? [] : [`${redemption}: ${status} itself, ${outcome} in the records`];
  });
  return [...found, ...told];
}

test('taken while orders come in, it restores to books and records that agree', { timeout: 420_000 }, async () => {
  let isOver = false;
  const shoppers = Array.from({ length: CLIENTS }, (_, at) => shopUntil(() => isOver, at));
  const texts = [];
  try {
    for (let taken = 0; taken < BACKUPS; taken += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      texts.push(await (await admin('GET', '/admin/backup')).text());
    }
  } finally {
    isOver = true;
    await Promise.all(shoppers);
  }
  await assertWhole(worker);
  const all = (await standings(worker)).length;
  for (const [at, text] of texts.entries()) {
    assert.match(text, /\{"end":true\}\n$/);
    const copy = await open(`copy-${at}`);
    try {
      await ok(await admin('POST', '/admin/restore', text, copy));
      await assertWhole(copy);
      const orders = (await standings(copy)).length;
      assert.ok(orders > 0 && orders <= all, `${orders} of ${all} orders in backup ${at}`);
      // segments, and what entering them has given
      for (let shopper = 0; shopper < CLIENTS; shopper += 1) {
        const { happenings } = await ok(await admin('GET', `/records/customers?customer=shopper-${shopper}&type=segment_entered&limit=500`, undefined, copy));
        if (happenings.length === 0) continue;
        const { available } = await ok(await copy.get(`/accounts/stars:${happenings[0].customer}`));
        assert.equal(available, 5 * happenings.length, `points of shopper ${shopper} in backup ${at}`);
      }
      // it goes on: what is left of the small one is used up, and not more
      const { uses, heldUses } = await ok(await admin('GET', '/campaigns/few', undefined, copy));
      const request = { currency: 'EUR', codes: ['FEW'], lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }] };
      for (let left = 40 - uses - heldUses; left > 0; left -= 1) await ok(await copy.post('/redemptions', { request, confirm: true }, { key: newKey() }), 201);
      await assertRefused(await copy.post('/redemptions', { request, confirm: true }, { key: newKey() }), 409, 'uses_limit_reached');
    } finally {
      await copy.stop();
    }
  }
});

test('the rows of projects of Voucherify’s kind are in it', async () => {
  await ok(await compatible('POST', '/v1/vouchers/OLD-10', { type: 'DISCOUNT_VOUCHER', discount: { type: 'PERCENT', percent_off: 10 }, redemption: { quantity: 2 } }));
  await ok(await compatible('POST', '/v1/vouchers/OLD-10/redemption', { order: { amount: 1_000 } }));
  const before = await (await compatible('GET', '/v1/vouchers/OLD-10')).json();
  const text = await (await admin('GET', '/admin/backup')).text();
  const copy = await open('older');
  try {
    await ok(await admin('POST', '/admin/restore', text, copy));
    assert.deepEqual(await (await compatible('GET', '/v1/vouchers/OLD-10', undefined, copy)).json(), before);
    await ok(await compatible('POST', '/v1/vouchers/OLD-10/redemption', { order: { amount: 1_000 } }, copy));
    assert.equal((await compatible('POST', '/v1/vouchers/OLD-10/redemption', { order: { amount: 1_000 } }, copy)).status, 400);
  } finally {
    await copy.stop();
  }
});
