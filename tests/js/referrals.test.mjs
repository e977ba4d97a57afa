// Who brings friends, and what comes back of the rewards: counted from real redemptions and invitations on workerd.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN_TOKEN, assertRefused, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [{ id: 'friend', codes: ['FRIEND'], limits: { perCustomer: 1 }, discounts: [{ type: 'amount_off', amount: { EUR: 1000 } }] }],
  programme: { referrals: { friend: { coupon: 'FRIEND' }, ladder: [{ from: 1, gives: { gift_card: 1000 } }] } },
};

let worker;
let keys = 0;
before(async () => {
  worker = await openShop(shop);
});
after(() => worker?.stop());

async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const post = (path, body) => worker.post(path, body, { key: `key-${(keys += 1)}` });
const told = async (query = '') => ok(await worker.get(`/admin/referrals${query}`, { token: ADMIN_TOKEN }));

async function order(customer, unitPrice, { currency = 'EUR', codes = [] } = {}) {
  const request = { currency, codes, customer: { id: customer }, lines: [{ id: 'kettle', unitPrice, quantity: 1 }] };
  return ok(await post('/redemptions', { request, order: `o-${keys}`, confirm: true }), 201);
}

test('before anything was sold there is nothing to divide by, and that is said', async () => {
  const none = await told('?reward=500');
  assert.deepEqual(none.leaders, []);
  for (const name of ['lifetimeValue', 'invitationsPerCustomer', 'conversionRate', 'k', 'returnOnReward']) assert.equal(none[name], null, name);
  await assertRefused(await worker.get('/admin/referrals'), 401, 'unauthorized');
  await assertRefused(await worker.get('/admin/referrals?reward=much', { token: ADMIN_TOKEN }), 422, 'field_invalid');
});

test('the board and the return follow from what was redeemed, rolled back and converted', async () => {
  // ann brings two, bob one, and one of cid's two never orders
  for (const [friend, referrer] of [['dan', 'ann'], ['eve', 'ann'], ['fay', 'bob'], ['gil', 'cid'], ['hal', 'cid']]) await ok(await post('/referrals', { friend, referrer }));
  for (const customer of ['ann', 'bob', 'cid']) await order(customer, 9_000);
  for (const friend of ['dan', 'eve', 'fay', 'gil']) {
    const { discountTotal } = await order(friend, 6_001, { codes: ['FRIEND'] });
    assert.equal(discountTotal, 1_000);
    await ok(await post(`/referrals/${friend}/convert`, {}));
  }
  await order('ann', 3_000);
  // neither of these is custom in EUR
  const undone = await order('ida', 50_000);
  await ok(await post(`/redemptions/${undone.id}/rollback`, {}));
  await order('joe', 70_000, { currency: 'USD' });
  const found = await eventually(async () => {
    const found = await told('?reward=1500');
    assert.deepEqual([found.customers, found.paid], [7, 50_004]);
    return found;
  });
  assert.deepEqual(found.leaders, [{ referrer: 'ann', conversions: 2 }, { referrer: 'bob', conversions: 1 }, { referrer: 'cid', conversions: 1 }]);
  assert.deepEqual([found.currency, found.currencies, found.invitations, found.conversions], ['EUR', ['EUR', 'USD'], 5, 4]);
  // 500.04 / 7 is 71.434…; 5/7, 4/5, 4/7
  assert.deepEqual([found.lifetimeValue, found.invitationsPerCustomer, found.conversionRate, found.k], [7_143, '0.7143', '0.8', '0.5714']);
  // (71.43 × 11/7 − 15.00) ÷ 15.00 = 6.48314…
  assert.equal(found.returnOnReward, '6.4831');
  const own = await told('?reward=10000&lifetimeValue=7000');
  // (70.00 × 11/7 − 100.00) ÷ 100.00
  assert.deepEqual([own.lifetimeValue, own.returnOnReward], [7_000, '0.1']);
  const dollars = await told('?currency=USD&reward=80000');
  // one customer who paid 700.00: (700.00 × 5 − 800.00) ÷ 800.00
  assert.deepEqual([dollars.customers, dollars.lifetimeValue, dollars.returnOnReward], [1, 70_000, '3.375']);
  assert.equal((await told()).returnOnReward, null);
});

test('more referrals than are counted at once are counted all the same', { timeout: 240_000 }, async () => {
  const before = await told();
  const friends = Array.from({ length: 2_100 }, (_, at) => `friend-${at}`);
  for (let at = 0; at < friends.length; at += 50) {
    await Promise.all(friends.slice(at, at + 50).map(async (friend) => ok(await post('/referrals', { friend, referrer: 'zoe' }))));
  }
  await ok(await post('/referrals/friend-0/convert', {}));
  await ok(await post('/referrals/friend-999/convert', {}));
  await ok(await post('/referrals/friend-2099/convert', {}));
  const { leaders, invitations, conversions } = await told();
  assert.deepEqual(leaders[0], { referrer: 'zoe', conversions: 3 });
  assert.deepEqual([invitations, conversions], [before.invitations + 2_100, before.conversions + 3]);
});
