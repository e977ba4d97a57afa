// The private half of a publication in the worker: unique codes are good there, counted one by one by the ledger, and in nothing
// that anybody can download.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CARD, cart, CODES, openEdgeShop } from './edge_shop.mjs';
import { ADMIN_TOKEN, assertRefused, assertTotal, sha256 } from './local_worker.mjs';

let shop;
before(async () => {
  shop = await openEdgeShop();
});
after(() => shop?.close());

let orders = 0;
const redeem = (request, more) => {
  const order = `order-${(orders += 1)}`;
  return shop.worker.post('/redemptions', { request, order, confirm: true, ...more }, { key: order });
};

async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}

test('a publication in two halves is put in force at once, and the private one is nowhere to be had', async () => {
  const published = await shop.publish();
  assert.deepEqual([published.version, published.edge.codes], [1, 5]);
  await assertTotal(await shop.worker.quote(cart('once3f7k9qpx2wvb')), 2_400);
  await assertTotal(await shop.worker.quote(cart('SPRING')), 2_900);
  const bytes = Buffer.from(await (await shop.worker.at('/snapshot')).arrayBuffer());
  assert.ok(bytes.includes('open') && !bytes.includes('letter') && !bytes.includes('card'));
  const half = await shop.worker.at('/admin/edge', { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const secret = Buffer.from(await half.arrayBuffer());
  assert.ok(secret.includes('letter') && !secret.includes(CODES[0].replaceAll('-', '')));
  await assertRefused(await shop.worker.at('/admin/edge'), 401, 'unauthorized');
  await assertRefused(await shop.worker.at(`/snapshots/${sha256(secret)}`), 404, 'snapshot_unknown');
});

test('what is not good gets one answer', async () => {
  const told = async (request) => {
    const { total, outcomes } = await ok(await shop.worker.quote(request));
    return JSON.stringify([total, outcomes.map(({ code, ...outcome }) => outcome)]);
  };
  const unknown = await told(cart('NEVER-WAS-THERE-1234'));
  assert.ok(unknown.includes('code_unknown'));
  assert.equal(await told(cart(CODES[3])), unknown);
  assert.equal(await told(cart(CODES[2])), unknown);
  await assertTotal(await shop.worker.quote({ ...cart(CODES[2]), customer: { id: 'ann' } }), 2_400);
});

test('a code is used once, whoever hurries, and again when it was given back', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(cart(CODES[0]))));
  const confirmed = answers.filter(({ status }) => status === 201);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array.from({ length: 7 }, () => 409)]);
  const [{ id, parts }] = await Promise.all(confirmed.map((answer) => answer.json()));
  assert.deepEqual(parts.map(({ allowance }) => allowance.split(':')[0]), ['letter', 'letter/code']);
  await assertRefused(await redeem(cart('ONCE 3F7K 9QPX 2WVB')), 409, 'uses_limit_reached');
  await ok(await shop.worker.post(`/redemptions/${id}/rollback`, {}, { key: 'back' }));
  await ok(await redeem(cart('once-3f7k-9qpx-2wvb')), 201);
  // another code of the campaign is another one, and its number of uses its own
  await ok(await redeem(cart(CODES[1])), 201);
  await ok(await redeem(cart(CODES[1])), 201);
  await assertRefused(await redeem(cart(CODES[1])), 409, 'uses_limit_reached');
  const { uses, budgets } = await ok(await shop.worker.get('/campaigns/letter', { token: ADMIN_TOKEN }));
  assert.deepEqual([uses, budgets], [3, {}]);
});

test('what is on a code is spent once, by a signed quote too, and what nobody confirms is free again', async () => {
  const { quote, token } = await ok(await shop.worker.post('/quote/signed', cart(CARD)));
  assert.equal(quote.total, 500);
  const held = await ok(await shop.worker.post('/redemptions', { token, order: 'card-1' }, { key: 'card-1' }), 201);
  assert.equal(held.status, 'held');
  await assertRefused(await redeem(cart(CARD)), 409, 'budget_limit_reached');
  await ok(await shop.worker.post(`/redemptions/${held.id}/release`, {}, { key: 'card-1/free' }));
  await ok(await redeem(cart(CARD)), 201);
  await assertRefused(await redeem(cart(CARD)), 409, 'budget_limit_reached');
});

test('new codes come on top, and what was used stays so, also after a restart', async () => {
  const more = 'FRESH-6TGB-8YHN-3UJM';
  await assertTotal(await shop.worker.quote(cart(more)), 3_000);
  const { version, edge } = await shop.publish(more);
  assert.deepEqual([version, edge.added], [2, 1]);
  await assertTotal(await shop.worker.quote(cart(more)), 2_400);
  await assertRefused(await redeem(cart(CODES[0])), 409, 'uses_limit_reached');
  await shop.restart();
  await assertTotal(await shop.worker.quote(cart(more)), 2_400);
  await assertRefused(await redeem(cart(CODES[0])), 409, 'uses_limit_reached');
});

test('a stop holds at the edge, and the worker publishes no code list by itself', async () => {
  const admin = (method, path, body) => shop.worker.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, body: JSON.stringify(body) });
  await ok(await admin('POST', '/admin/campaigns/letter/stop', {}));
  await assertTotal(await shop.worker.quote(cart('FRESH-6TGB-8YHN-3UJM')), 3_000);
  // the public pulse does not tell of it
  const pulse = Buffer.from(await (await shop.worker.at('/pulse')).arrayBuffer());
  assert.ok(!pulse.includes('letter'));
  await ok(await admin('POST', '/admin/campaigns/letter/resume', {}));
  await assertTotal(await shop.worker.quote(cart('FRESH-6TGB-8YHN-3UJM')), 2_400);
  await ok(await admin('PUT', '/admin/catalogue/campaigns/letter', { codeList: { file: 'x.csv' }, discounts: [{ type: 'percent_off', percent: '20' }] }));
  await assertRefused(await admin('POST', '/admin/publish', {}), 422, 'code_list_missing');
});

test('without its pepper or its pulse key a worker quotes nothing', async () => {
  await shop.restart({ pepper: '' });
  await assertRefused(await shop.worker.quote(cart(CODES[0])), 503, 'pepper_unknown');
  await shop.restart({ pulseKey: '' });
  await assertRefused(await shop.worker.quote(cart(CODES[0])), 503, 'pulse_key_not_set');
});
