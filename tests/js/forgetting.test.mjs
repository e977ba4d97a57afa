// What is forgotten: answers and what was given up after a while, what was used after two years; and persons at once, with all of theirs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ADMIN_TOKEN, assertRefused, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [{ id: 'spring', codes: ['SPRING'], limits: { total: 3 }, discounts: [{ type: 'percent_off', percent: '10' }] }],
  programme: {
    schemes: { stars: { unit: 'points' } },
    referrals: { friend: { coupon: 'WELCOME' }, ladder: [{ from: 1, gives: { points: 50 } }] },
  },
};

let worker;
let keys = 0;
before(async () => {
  worker = await openShop(shop, { entry: fileURLToPath(new URL('objects/ageing.mjs', import.meta.url)) });
});
after(() => worker?.stop());

const newKey = () => `key-${(keys += 1)}`;
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}
const admin = (method, path) => worker.at(path, { method, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
const post = (path, body, key = newKey()) => worker.post(path, body, { key });
const cart = (more) => ({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 1_000, quantity: 1 }], ...more });
const kept = async (book) => ok(await worker.at(`/tests/kept?book=${book}`));
const aged = async (book, days) => {
  const answer = await worker.at(`/tests/age?book=${book}&days=${days}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};

describe('in a book', () => {
  const book = 'allowance:spring';
  const redeem = (confirm, key) => post('/redemptions', { request: cart({ codes: ['SPRING'] }), confirm }, key);

  test('answers and what was given up go when their time is over, and what was used stays for a late return', async () => {
    const used = await ok(await redeem(true, 'used'), 201);
    const second = await ok(await redeem(true), 201);
    const undone = await ok(await redeem(false), 201);
    await ok(await post(`/redemptions/${undone.id}/release`, {}));
    const first = await kept(book);
    assert.deepEqual([first.reservations, first.rings], [3, true]);
    assert.ok(first.answers >= 4);
    // a month later all is there
    assert.deepEqual(await aged(book, 33), first);
    const later = await aged(book, 10);
    assert.deepEqual([later.answers ?? 0, later.reservations, later.counters, later.rings], [0, 2, first.counters, true]);
    // what was counted is counted still, and comes back
    await ok(await redeem(true), 201);
    await assertRefused(await redeem(true), 409, 'uses_limit_reached');
    assert.equal((await ok(await post(`/redemptions/${used.id}/rollback`, {}))).status, 'rolled_back');
    await ok(await redeem(true), 201);
    const old = await aged(book, 740);
    assert.deepEqual([old.answers ?? 0, old.reservations ?? 0, old.counters], [0, 0, first.counters]);
    await assertRefused(await redeem(true), 409, 'uses_limit_reached');
    assert.ok((await post(`/redemptions/${second.id}/rollback`, {})).status < 500);
  });

  test('an account keeps what is on it, whatever else is forgotten', async () => {
    for (const amount of [30, 20]) await ok(await post('/accounts/card/earn', { scheme: 'stars', amount }));
    await ok(await post('/accounts/card/spend', { amount: 30 }));
    const before = await ok(await worker.get('/accounts/card'));
    assert.equal(before.available, 20);
    await aged('account:card', 43);
    assert.deepEqual(await ok(await worker.get('/accounts/card')), before);
    await aged('account:card', 740);
    assert.equal((await ok(await worker.get('/accounts/card'))).available, 20);
    await ok(await post('/accounts/card/spend', { amount: 20 }));
    await assertRefused(await post('/accounts/card/spend', { amount: 1 }), 409, 'balance_insufficient');
  });
});

describe('a person', () => {
  test('is told with invitations, and goes with accounts and invitations', async () => {
    const { customer } = await ok(await worker.at('/customers/ann', { method: 'PUT', body: '{"accounts":{"stars":"club-77"}}', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }));
    const accounts = ['club-77', `stars:${customer}`];
    for (const account of accounts) await ok(await post(`/accounts/${account}/earn`, { scheme: 'stars', amount: 25 }));
    await ok(await post('/referrals/codes', { code: 'FROM-ANN', holder: 'ann' }));
    await ok(await post('/referrals', { friend: 'bea', code: 'FROM-ANN' }));
    await ok(await post('/referrals', { friend: 'ann', referrer: 'zoe' }));
    await ok(await post('/referrals', { friend: 'cleo', referrer: 'bea' }));
    await ok(await post('/referrals/bea/convert', {}));
    const told = await ok(await admin('GET', '/admin/customers/ann'));
    assert.deepEqual(told.invitations, { codes: ['FROMANN'], invitedBy: 'zoe', friends: ['bea'] });

    // an order that draws on an account comes first
    const payments = [{ type: 'points', id: 'club-77', amount: 5 }];
    const order = await ok(await post('/redemptions', { request: cart({ payments }) }), 201);
    await assertRefused(await admin('DELETE', '/admin/customers/ann'), 409, 'order_on_its_way');
    assert.equal((await ok(await worker.get(`/accounts/stars:${customer}`))).available, 25, 'nothing is gone yet');
    await ok(await post(`/redemptions/${order.id}/confirm`, {}));
    await eventually(async () => assert.equal((await ok(await admin('GET', '/admin/customers/ann'))).accounts[0].held, 0));

    const gone = await ok(await admin('DELETE', '/admin/customers/ann'));
    assert.deepEqual([gone.accounts, gone.invitations], [2, 3]);
    await assertRefused(await worker.get('/accounts/club-77'), 404, 'account_unknown');
    // by this name every customer has an account, which holds nothing before something comes onto it
    const empty = await ok(await worker.get(`/accounts/stars:${customer}`));
    assert.deepEqual([empty.available, empty.sums], [0, {}]);
    const after = await ok(await admin('GET', '/admin/customers/ann'));
    assert.deepEqual([after.profile, after.accounts, after.invitations], [null, [], { codes: [], invitedBy: null, friends: [] }]);
    // whom they invited was invited, and by nobody that is told
    await assertRefused(await post('/referrals', { friend: 'bea', referrer: 'zoe' }), 409, 'referral_taken');
    const { leaders } = await ok(await admin('GET', '/admin/referrals'));
    assert.ok(leaders.every(({ referrer }) => !/ann|nobody/.test(referrer)));
    // a late return of the order gives back what there still is a place for, and is no fault
    assert.ok((await post(`/redemptions/${order.id}/rollback`, {})).status < 500);
    const text = await (await admin('GET', '/admin/backup')).text();
    for (const name of ['"ann"', 'FROMANN']) assert.ok(!text.includes(name), name);
    assert.equal((await ok(await admin('DELETE', '/admin/customers/ann'))).invitations, 0);
  });
});
