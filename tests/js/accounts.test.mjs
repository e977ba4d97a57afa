// Gift cards, credit and points over the worker on real workerd, and the books that it keeps.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ADMIN_TOKEN, assertRefused, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [
    { id: 'club', earning: [{ type: 'points_per_amount', points: 1, per: { EUR: 100 } }] },
    { id: 'spring', codes: ['SPRING'], limits: { budget: { EUR: 5_000 } }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'halted', codes: ['HALTED'], discounts: [{ type: 'percent_off', percent: '5' }] },
  ],
  programme: {
    allowances: { mugs: { limits: [{ uses: 2 }] }, pins: { limits: [{ uses: 100 }, { per: 'customer', uses: 1 }] } },
    schemes: {
      gift: { unit: 'EUR' },
      stars: {
        unit: 'points',
        ceilings: { review: [{ per: 'customer', every: 'day', uses: 1 }], survey: [{ budget: 50 }] },
        levels: { by: 'points_in_period', every: 'year', list: [{ id: 'silver', from: 100 }, { id: 'gold', from: 500 }] },
      },
      drops: { unit: 'points', limits: [{ budget: 30 }, { per: 'customer', budget: 12 }], ceilings: { spring: [{ uses: 5 }] } },
      coins: { unit: 'points', spending: [{ per: 'customer', every: 'day', budget: 20 }] },
    },
    rewards: { mug: { points: 30, stock: 'mugs', gives: { sku: 'mug' } }, pin: { points: 5, stock: 'pins', gives: { sku: 'pin' } }, badge: { points: 10, gives: { badge: 1 } }, lounge: { points: 10, entitles: { entitlement: 'lounge', months: 1 } } },
    referrals: { friend: { coupon: 'WELCOME' }, ladder: [{ from: 1, gives: { points: 50 } }] },
  },
};

let worker;
let keys = 0;
before(async () => {
  worker = await openShop(shop);
});
after(() => worker?.stop());

const newKey = () => `key-${(keys += 1)}`;
const on = (account, verb, body, key = newKey(), token) => worker.post(`/accounts/${account}/${verb}`, body, { key, token });
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const statement = async (account) => ok(await worker.get(`/accounts/${account}`));

test('a gift card is sold, used with an order, and gets back what is rolled back', async () => {
  await assertRefused(await worker.get('/accounts/card-1'), 404, 'account_unknown');
  const sold = await ok(await on('card-1', 'refill', { scheme: 'gift', amount: 2_500 }));
  assert.equal(sold.accounts[0].available, 2_500);
  const request = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }], payments: [{ type: 'gift_card', id: 'card-1', amount: 1_000 }] };
  const order = await ok(await worker.post('/redemptions', { request, confirm: true }, { key: newKey() }), 201);
  assert.deepEqual([order.total, order.due], [1_000, 0]);
  assert.equal((await statement('card-1')).available, 1_500);
  await ok(await worker.post(`/redemptions/${order.id}/rollback`, {}, { key: newKey() }));
  assert.equal((await statement('card-1')).available, 2_500);
  const tooMuch = { ...request, payments: [{ type: 'gift_card', id: 'card-2', amount: 1_000 }] };
  await assertRefused(await worker.post('/redemptions', { request: tooMuch, confirm: true }, { key: newKey() }), 404, 'account_unknown');
});

test('an order and an event earn once, whoever tells of them again', async () => {
  const body = { scheme: 'stars', amount: 40, order: 'o-1' };
  assert.equal((await ok(await on('ann', 'earn', body))).amount, 40);
  const again = await on('ann', 'earn', body);
  assert.equal(again.headers.get('idempotent-replay'), 'true');
  await ok(again);
  await assertRefused(await on('ann', 'earn', { ...body, amount: 41 }), 409, 'key_reused');
  await ok(await on('ann', 'earn', { scheme: 'stars', amount: 5, event: 'review-1', rule: 'review' }));
  await assertRefused(await on('ann', 'earn', { scheme: 'stars', amount: 5, event: 'review-2', rule: 'review' }), 409, 'uses_limit_reached');
  assert.equal((await statement('ann')).available, 45);
});

test('what an order earns comes onto the account, and goes when the order is undone', async () => {
  const request = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 12 }] };
  const body = { request, confirm: true, earn: { account: 'ben', scheme: 'stars' } };
  const order = await ok(await worker.post('/redemptions', body, { key: newKey() }), 201);
  assert.deepEqual(order.earned, { account: 'ben', amount: 120 });
  await eventually(async () => {
    const { available, progress } = await statement('ben');
    assert.deepEqual([available, progress.level], [120, 'silver']);
  });
  await ok(await worker.post(`/redemptions/${order.id}/rollback`, {}, { key: newKey() }));
  await eventually(async () => assert.equal((await statement('ben')).available, 0));
});

test('points are spent and given back, and a correction by hand needs the admin token', async () => {
  await ok(await on('cleo', 'refill', { scheme: 'stars', amount: 50 }));
  const { reservation } = await ok(await on('cleo', 'spend', { amount: 30 }));
  await assertRefused(await on('cleo', 'spend', { amount: 21 }), 409, 'balance_insufficient');
  await ok(await on('cleo', 'rollback', { reservation }));
  assert.equal((await statement('cleo')).available, 50);
  await assertRefused(await on('cleo', 'adjust', { scheme: 'stars', amount: 5 }), 401, 'unauthorized');
  await ok(await on('cleo', 'adjust', { scheme: 'stars', amount: 5, reason: 'goodwill' }, newKey(), ADMIN_TOKEN));
  await ok(await on('cleo', 'adjust', { scheme: 'stars', amount: -7, reason: 'a slip' }, newKey(), ADMIN_TOKEN));
  assert.equal((await statement('cleo')).available, 48);
  const { events } = await ok(await worker.get('/accounts/cleo/events'));
  assert.ok(events.length >= 4 && events.every(({ seq, type }) => seq > 0 && typeof type === 'string'));
  const page = await ok(await worker.get('/accounts/cleo/events?limit=2'));
  assert.equal(page.events.length, 2);
  assert.equal((await ok(await worker.get(`/accounts/cleo/events?after=${page.next}&limit=1`))).events[0].seq, page.next + 1);
});

test('a reward is bought as long as there are points and stock', async () => {
  await ok(await on('dan', 'refill', { scheme: 'stars', amount: 100 }));
  await ok(await on('eve', 'refill', { scheme: 'stars', amount: 20 }));
  const first = await ok(await on('dan', 'claims', { reward: 'mug' }));
  assert.deepEqual(first.gives, { reward: 'mug', gives: { sku: 'mug' } });
  // who cannot pay leaves the mug to others
  await assertRefused(await on('eve', 'claims', { reward: 'mug' }), 409, 'balance_insufficient');
  await ok(await on('dan', 'claims', { reward: 'mug' }));
  await assertRefused(await on('dan', 'claims', { reward: 'mug' }), 409, 'uses_limit_reached');
  assert.equal((await statement('dan')).available, 40);
  // the stock is everybody's
  const ofPins = [{ allowance: 'pin', per: 'all', uses: 100 }, { allowance: 'pin', per: 'customer', uses: 1 }];
  assert.deepEqual((await statement('eve')).rewards, [{ allowance: 'mug', per: 'all', uses: 0 }, ...ofPins]);
  await ok(await on('dan', 'rollback', { reservation: first.reservation }));
  assert.equal((await statement('dan')).available, 70);
  assert.equal((await statement('eve')).rewards[0].uses, 1);
  await ok(await on('dan', 'claims', { reward: 'mug' }));
  await ok(await on('dan', 'claims', { reward: 'badge' }));
});

test('a reward for each once is for the account that pays, whoever is named', async () => {
  await ok(await on('gus', 'refill', { scheme: 'stars', amount: 50 }));
  await ok(await on('ivy', 'refill', { scheme: 'stars', amount: 50 }));
  const first = await ok(await on('gus', 'claims', { reward: 'pin', customer: 'gus' }));
  await assertRefused(await on('gus', 'claims', { reward: 'pin', customer: 'somebody-else' }), 409, 'uses_limit_reached');
  assert.equal((await statement('gus')).available, 45);
  await ok(await on('ivy', 'claims', { reward: 'pin', customer: 'gus' }));
  await ok(await on('gus', 'rollback', { reservation: first.reservation }));
  await ok(await on('gus', 'claims', { reward: 'pin' }));
});

test('what a reward entitles to is on the statement until the claim is undone, and a suspended account stands still', async () => {
  await ok(await on('lea', 'refill', { scheme: 'stars', amount: 50 }));
  const claimed = await ok(await on('lea', 'claims', { reward: 'lounge' }));
  assert.equal(claimed.granted.entitlement, 'lounge');
  const { granted } = await ok(await on('lea', 'grant', { scheme: 'stars', entitlement: 'lounge', months: 1, grant: 'by-hand' }));
  // the second month begins where the first ends
  assert.equal(granted.from, claimed.granted.until);
  assert.deepEqual((await statement('lea')).entitlements.map(({ grant }) => grant), [claimed.reservation, 'by-hand']);
  await ok(await on('lea', 'rollback', { reservation: claimed.reservation }));
  const [left, ...others] = (await statement('lea')).entitlements;
  assert.deepEqual([left.grant, left.from < granted.from, others], ['by-hand', true, []]);
  await assertRefused(await on('lea', 'suspend', { scheme: 'stars' }), 401, 'unauthorized');
  await ok(await on('lea', 'suspend', { scheme: 'stars', reason: 'looked into' }, newKey(), ADMIN_TOKEN));
  await assertRefused(await on('lea', 'spend', { amount: 1 }), 409, 'account_suspended');
  await ok(await on('lea', 'revoke', { grant: 'by-hand' }));
  await assertRefused(await on('lea', 'revoke', { grant: 'by-hand' }), 422, 'grant_unknown');
  const { spendable, suspended, entitlements } = await statement('lea');
  assert.deepEqual([spendable, suspended.reason, entitlements], [0, 'looked into', undefined]);
  await ok(await on('lea', 'resume', {}, newKey(), ADMIN_TOKEN));
  await ok(await on('lea', 'spend', { amount: 1 }));
});

/** What ceilings for everybody leave, as the statement of an account tells it. */
async function leftForAll(account) {
  const { earning } = await statement(account);
  return earning.filter(({ per }) => per === 'all').map(({ allowance, uses, budget }) => [allowance, uses ?? budget]);
}

test('a ceiling for all counts every account, however many earn at once', async () => {
  const asked = Array.from({ length: 12 }, (_, at) => [`many-${at}`, { scheme: 'stars', amount: 7, rule: 'survey', event: 'survey' }, newKey()]);
  const answers = await Promise.all(asked.map(async ([account, body, key]) => (await on(account, 'earn', body, key)).json()));
  const amounts = answers.filter(({ amount }) => amount !== undefined).map(({ amount }) => amount);
  assert.deepEqual([amounts.length, amounts.reduce((sum, amount) => sum + amount, 0)], [8, 50]);
  assert.deepEqual(new Set(answers.filter(({ amount }) => amount === undefined).map(({ code }) => code)), new Set(['budget_limit_reached']));
  // told again, under their keys and under others, all of it stands as it is
  const again = await Promise.all(asked.map(async ([account, body, key]) => (await on(account, 'earn', body, key)).json()));
  assert.deepEqual(again.map(({ amount }) => amount), answers.map(({ amount }) => amount));
  await Promise.all(asked.map(([account, body]) => on(account, 'earn', body)));
  const [first] = asked[answers.findIndex(({ amount }) => amount === 7)];
  assert.deepEqual(await leftForAll(first), [['survey', 0]]);
  const late = await on('nora', 'earn', { scheme: 'stars', amount: 1, rule: 'survey' });
  const { code, at } = await late.json();
  assert.deepEqual([late.status, code, at.pointer], [409, 'budget_limit_reached', '/rule']);
});

test('of a ceiling for all an account takes no more than it earns', async () => {
  const earn = (account, amount, rule) => on(account, 'earn', { scheme: 'drops', amount, rule });
  assert.equal((await ok(await earn('pia', 20, 'spring'))).amount, 12);
  assert.deepEqual(await leftForAll('pia'), [['spring', 4], ['', 18]]);
  await assertRefused(await earn('pia', 1, 'spring'), 409, 'budget_limit_reached');
  await ok(await on('quin', 'suspend', { scheme: 'drops' }, newKey(), ADMIN_TOKEN));
  await assertRefused(await earn('quin', 5, 'spring'), 409, 'account_suspended');
  assert.deepEqual(await leftForAll('pia'), [['spring', 4], ['', 18]]);
  const key = newKey();
  assert.equal((await ok(await on('rea', 'earn', { scheme: 'drops', amount: 20 }, key))).amount, 12);
  // a key that comes with something else is a conflict, and takes nothing
  await assertRefused(await on('rea', 'earn', { scheme: 'drops', amount: 3 }, key), 409, 'key_reused');
  assert.deepEqual(await leftForAll('pia'), [['spring', 4], ['', 6]]);
  assert.equal((await ok(await earn('sam', 20))).amount, 6);
  await assertRefused(await earn('tom', 1), 409, 'budget_limit_reached');
  assert.deepEqual(await leftForAll('pia'), [['spring', 4], ['', 0]]);
});

test('so much of an account may be spent in a day', async () => {
  await ok(await on('moa', 'refill', { scheme: 'coins', amount: 50 }));
  await ok(await on('moa', 'spend', { amount: 15 }));
  await assertRefused(await on('moa', 'spend', { amount: 6 }), 409, 'spending_limit_reached');
  const { available, spendable, spending } = await statement('moa');
  assert.deepEqual([available, spendable, spending], [35, 5, [{ allowance: '', per: 'customer', every: 'day', budget: 5 }]]);
});

test('who comes by a referral code was invited by its holder', async () => {
  const issue = (code, holder) => worker.post('/referrals/codes', { code, holder }, { key: newKey() });
  const come = (friend, code) => worker.post('/referrals', { friend, code }, { key: newKey() });
  await ok(await issue('HAL-2041', 'hal'));
  await assertRefused(await issue('hal2041', 'joe'), 409, 'id_taken');
  await assertRefused(await come('kim', 'NOBODYS'), 404, 'invitation_unknown');
  await assertRefused(await come('hal', 'hal 2041'), 409, 'referral_of_self');
  assert.deepEqual((await ok(await come('kim', 'hal2041'))).gives, { friend: { coupon: 'WELCOME' }, referrer: 'hal' });
  const { gives } = await ok(await worker.post('/referrals/kim/convert', {}, { key: newKey() }));
  assert.equal(gives.referrer, 'hal');
});

test('a friend is invited once and converts once', async () => {
  const came = await ok(await worker.post('/referrals', { friend: 'fay', referrer: 'ann' }, { key: newKey() }));
  assert.deepEqual(came.gives.friend, { coupon: 'WELCOME' });
  await assertRefused(await worker.post('/referrals', { friend: 'ann', referrer: 'fay' }, { key: newKey() }), 409, 'referral_loop');
  const { gives } = await ok(await worker.post('/referrals/fay/convert', {}, { key: newKey() }));
  assert.deepEqual([gives.referrer, gives.gives], ['ann', { points: 50 }]);
  await assertRefused(await worker.post('/referrals/fay/convert', {}, { key: newKey() }), 409, 'referral_converted');
});

describe('the books', () => {
  const admin = (path) => worker.get(path, { token: ADMIN_TOKEN });
  const redeem = (code, customer) => {
    const request = { currency: 'EUR', codes: [code], customer: { id: customer }, lines: [{ id: 'a', unitPrice: 10_000, quantity: 2 }] };
    return worker.post('/redemptions', { request, confirm: true, order: `o-${customer}` }, { key: newKey() });
  };

  test('a campaign is stopped at once, and what it held may still be confirmed', async () => {
    const request = { currency: 'EUR', codes: ['HALTED'], lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }] };
    const held = await ok(await worker.post('/redemptions', { request }, { key: newKey() }), 201);
    assert.equal((await ok(await worker.post('/admin/campaigns/halted/stop', {}, { token: ADMIN_TOKEN }))).stopped, true);
    await assertRefused(await redeem('HALTED', 'hal'), 409, 'campaign_stopped');
    await ok(await worker.post(`/redemptions/${held.id}/confirm`, {}, { key: newKey() }));
    await ok(await worker.post('/admin/campaigns/halted/resume', {}, { token: ADMIN_TOKEN }));
    await ok(await redeem('HALTED', 'hal'), 201);
    const { entries } = await ok(await admin('/admin/audit'));
    assert.deepEqual(entries.slice(0, 2).map(({ action, subject }) => [action, subject]), [['campaign_resume', 'halted'], ['campaign_stop', 'halted']]);
    await assertRefused(await worker.post('/admin/campaigns/nobody/stop', {}, { token: ADMIN_TOKEN }), 404, 'campaign_unknown');
    await assertRefused(await worker.post('/admin/campaigns/halted/stop', {}), 401, 'unauthorized');
  });

  test('say who published what, and who did what to an account by hand, once for each key', async () => {
    const by = (verb, body, key) => worker.at(`/accounts/handled/${verb}`, { method: 'POST', headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'idempotency-key': key, 'x-actor': 'mallory' }, body: JSON.stringify(body) });
    for (let at = 0; at < 2; at += 1) await ok(await by('adjust', { scheme: 'stars', amount: 1_000, reason: 'goodwill' }, 'adjusted'));
    await ok(await by('suspend', { scheme: 'stars', reason: 'fraud' }, 'suspended'));
    await ok(await by('resume', {}, 'resumed'));
    // what is refused is no change
    await assertRefused(await by('adjust', { scheme: 'nothing', amount: 1 }, 'unknown'), 422, 'scheme_unknown');
    const { entries } = await ok(await admin('/admin/audit'));
    assert.deepEqual(entries.slice(0, 3).map(({ actor, action, subject, detail }) => [actor, action, subject, detail]), [
      ['mallory', 'account_resumed', 'handled', ''], ['mallory', 'account_suspended', 'handled', 'stars fraud'], ['mallory', 'account_adjusted', 'handled', 'stars 1000 goodwill'],
    ]);
    const { sha256 } = (await ok(await worker.at('/health'))).snapshot;
    const { actor, action, subject, detail } = entries.at(-1);
    assert.deepEqual([actor, action, subject, detail], ['admin', 'published', 'version 1', sha256]);
  });

  test('say what was redeemed and what was refused, page by page and as a file', async () => {
    await ok(await redeem('SPRING', 'gil'), 201);
    await ok(await redeem('SPRING', 'gil'), 201);
    await assertRefused(await redeem('SPRING', 'gil'), 409, 'budget_limit_reached');
    const records = await eventually(async () => {
      const found = await ok(await admin('/records?campaign=spring&customer=gil'));
      assert.equal(found.records.length, 3);
      return found.records;
    });
    assert.deepEqual(records.map(({ outcome, code, discount }) => [outcome, code, discount]), [
      ['refused', 'budget_limit_reached', 2_000],
      ['confirmed', null, 2_000],
      ['confirmed', null, 2_000],
    ]);
    assert.match(records[0].customer, /^cu_[0-9a-f]{32}$/);
    const first = await ok(await admin('/records?campaign=spring&limit=2'));
    const second = await ok(await admin(`/records?campaign=spring&limit=2&after=${first.next}`));
    assert.deepEqual([...first.records, ...second.records].map(({ id }) => id), records.map(({ id }) => id));
    const csv = await (await admin('/records.csv?campaign=spring')).text();
    const [head, ...rows] = csv.trim().split('\r\n');
    assert.match(head, /^id,at,outcome,redemption,order,customer/);
    assert.equal(rows.length, 3);
    assert.deepEqual(await ok(await admin('/records.json?campaign=spring')), records);
    const { uses, budgets } = await ok(await admin('/campaigns/spring'));
    assert.deepEqual([uses, budgets], [2, { EUR: { spent: 4_000, heldAmount: 0 } }]);
    assert.equal((await ok(await admin('/records?campaign=spring&outcome=refused'))).records.length, 1);
    await assertRefused(await admin('/records?limit=0'), 422, 'field_invalid');
    await assertRefused(await worker.get('/records'), 401, 'unauthorized');
  });

  test('forget a customer, and keep what was sold', async () => {
    await ok(await redeem('HALTED', 'ivy'), 201);
    const of = async () => (await ok(await admin('/records.json?customer=ivy'))).length;
    await eventually(async () => assert.equal(await of(), 1));
    const all = (await ok(await admin('/records.json?campaign=halted'))).length;
    const { customer, records } = await ok(await worker.at('/admin/customers/ivy', { method: 'DELETE', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }));
    assert.match(customer, /^cu_/);
    assert.equal(records, 1);
    assert.equal(await of(), 0);
    assert.equal((await ok(await admin('/records.json?campaign=halted'))).length, all);
    assert.ok(!JSON.stringify(await ok(await admin('/records.json'))).includes(customer));
  });
});
