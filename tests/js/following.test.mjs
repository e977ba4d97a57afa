// Programmes that the worker follows by itself, on real workerd: an order, a claim, an invitation and points that are told bring what the
// rules say, once, and nobody has to do it by hand.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { ADMIN_TOKEN, CHECKOUT_TOKEN, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;
async function ok(response, status = 200) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}

/** A shop with the programme of an example. */
function shop(example) {
  const found = { stop: () => undefined };
  before(async () => {
    const document = JSON.parse(await readFile(new URL(`../../examples/${example}.json`, import.meta.url), 'utf8'));
    const worker = await openShop(document);
    const post = async (path, body, { key = newKey(), status = 200 } = {}) => ok(await worker.post(path, body, { key }), status);
    const keep = async (customer, profile) => ok(await worker.at(`/customers/${customer}`, { method: 'PUT', body: JSON.stringify(profile), headers: { authorization: `Bearer ${CHECKOUT_TOKEN}` } }));
    const statement = async (account) => ok(await worker.get(`/accounts/${account}`));
    Object.assign(found, worker, {
      post,
      keep,
      statement,
      order: (customer, lines, members = {}, said = {}) =>
        post('/redemptions', { request: { currency: 'EUR', lines, customer: { id: customer, ...said } }, confirm: true, order: `o-${newKey()}`, ...members }, { status: 201 }),
      pseudonym: async (customer) => (await keep(customer, {})).customer,
      available: async (account) => (await statement(account)).available,
      given: async (customer) =>
        (await ok(await worker.get(`/records/customers?customer=${customer}&type=given`, { token: ADMIN_TOKEN }))).happenings.flatMap(({ gives }) => gives.map(({ gives }) => gives)),
    });
  });
  after(() => found.stop());
  return found;
}

const thing = (unitPrice, quantity = 1) => [{ id: 'a', unitPrice, quantity }];

describe('an order', () => {
  const found = shop('P28-reward-choice');

  test('earns by the rules when it is confirmed, once, and loses that when it is undone', async () => {
    const customer = await found.pseudonym('ann');
    const points = () => found.available(`points:${customer}`);
    const order = await found.order('ann', thing(100_000));
    assert.deepEqual(order.earns, [{ account: `points:${customer}`, rule: 'purchase', amount: 1_000 }]);
    await eventually(async () => assert.equal(await points(), 1_000));
    // whoever does the same by hand does it no second time
    const told = { scheme: 'points', amount: 1_000, order: order.order, rule: 'purchase', lines: [{ line: 'a', units: 1, amount: 1_000 }] };
    await found.post(`/accounts/points:${customer}/earn`, told);
    assert.equal(await points(), 1_000);
    await found.post(`/redemptions/${order.id}/rollback`, {});
    await eventually(async () => assert.equal(await points(), 0));
  });

  test('that is held earns when it is confirmed, and not when it is let go', async () => {
    const points = async (customer) => found.available(`points:${await found.pseudonym(customer)}`);
    const held = await found.order('ben', thing(5_000), { confirm: false });
    const other = await found.order('bea', thing(5_000), { confirm: false });
    await found.post(`/redemptions/${other.id}/release`, {});
    await found.post(`/redemptions/${held.id}/confirm`, {});
    await eventually(async () => assert.equal(await points('ben'), 50));
    assert.equal(await points('bea'), 0);
  });

  test('by a quote token earns by the cart that is sent along', async () => {
    const request = { currency: 'EUR', lines: thing(7_000), customer: { id: 'tom' } };
    const { token } = await found.post('/quote/signed', request);
    const order = await found.post('/redemptions', { token, request, confirm: true }, { status: 201 });
    const customer = await found.pseudonym('tom');
    assert.deepEqual(order.earns, [{ account: `points:${customer}`, rule: 'purchase', amount: 70 }]);
    await eventually(async () => assert.equal(await found.available(`points:${customer}`), 70));
  });

  test('gives the points of returned units back', async () => {
    await found.keep('rae', { accounts: { points: 'card-77', wallet: 'wallet-77' } });
    const order = await found.order('rae', [{ id: 'a', unitPrice: 3_000, quantity: 2 }, { id: 'b', unitPrice: 1_000, quantity: 1 }]);
    await eventually(async () => assert.equal(await found.available('card-77'), 70));
    const back = (lines, key) => found.post(`/redemptions/${order.id}/refund`, { lines }, { key });
    const key = newKey();
    for (let time = 0; time < 2; time += 1) await back([{ line: 'a', units: 1 }], key);
    await eventually(async () => assert.equal(await found.available('card-77'), 40));
    await back([{ line: 'b', units: 1 }]);
    await eventually(async () => assert.equal(await found.available('card-77'), 30));
    await found.post(`/redemptions/${order.id}/rollback`, {});
    await eventually(async () => assert.equal(await found.available('card-77'), 0));
  });

  test('earns what its caller says, and nothing besides, where that is said', async () => {
    const order = await found.order('eli', thing(9_000), { earn: { account: 'eli-1', scheme: 'points' } });
    assert.equal(order.earns, undefined);
    // no campaign of this shop gives points
    assert.equal(await found.available(`points:${await found.pseudonym('eli')}`), 0);
  });
});

describe('a claim', () => {
  const found = shop('P28-reward-choice');

  test('of credit brings it, once, whichever way the accounts are called', async () => {
    const customer = await found.pseudonym('ann');
    await found.order('ann', thing(30_000));
    await eventually(async () => assert.equal(await found.available(`points:${customer}`), 300));
    const key = newKey();
    for (let time = 0; time < 2; time += 1) {
      const { gives } = await found.post(`/accounts/points:${customer}/claims`, { reward: 'exchange', units: 2 }, { key });
      assert.equal(gives.reward, 'exchange');
      assert.deepEqual([await found.available(`points:${customer}`), await found.available(`wallet:${customer}`)], [100, 800]);
    }
    await found.post('/accounts/points:own-name/refill', { scheme: 'points', amount: 100 });
    await found.post('/accounts/points:own-name/claims', { reward: 'exchange' });
    assert.equal(await found.available('wallet:own-name'), 400);
    await found.post('/accounts/card-9/refill', { scheme: 'points', amount: 100 });
    await found.post('/accounts/card-9/claims', { reward: 'exchange', customer: 'ann' });
    assert.equal(await found.available(`wallet:${customer}`), 1_200);
  });

  test('of something that the shop hands out is told with what it is for this customer', async () => {
    const { customer } = await found.keep('sue', { attributes: { size: 'l' } });
    await found.order('sue', thing(30_000));
    await eventually(async () => assert.equal(await found.available(`points:${customer}`), 300));
    await found.post(`/accounts/points:${customer}/claims`, { reward: 'shirt' });
    assert.deepEqual(await found.given('sue'), [{ type: 'product', sku: 'SHIRT-L' }]);
  });
});

describe('points that buy a membership', () => {
  const found = shop('P29-sneakers-club');

  test('make a member of who claims it, and of who is invited somebody who may take part', async () => {
    const customer = await found.pseudonym('ann');
    await found.order('ann', thing(200_000));
    await eventually(async () => assert.equal(await found.available(`laces:${customer}`), 2_000));
    await found.post(`/accounts/laces:${customer}/claims`, { reward: 'membership', customer: 'ann' });
    const { available, progress } = await found.statement(`club:${customer}`);
    assert.deepEqual([available, progress.level], [1, 'member']);
    // whose price campaigns know, as long as the request says nothing else of it
    const shoes = (said) => ({ currency: 'EUR', lines: [{ id: 'a', unitPrice: 10_000, quantity: 1, attributes: { tags: ['club'] } }], customer: { id: 'ann', ...said } });
    const discount = async (request, token) => (await ok(await found.at('/quote/signed', { method: 'POST', body: JSON.stringify(request), headers: token ? { authorization: `Bearer ${token}` } : {} }))).quote.discountTotal;
    assert.equal(await discount(shoes(), CHECKOUT_TOKEN), 1_000);
    assert.equal(await discount(shoes({ attributes: { 'club.level': 'none' } }), CHECKOUT_TOKEN), 0);
    assert.equal(await discount(shoes(), ''), 0);

    const friend = await found.pseudonym('bob');
    const evening = async () => (await found.post('/customers/bob/events', { event: 'club_evening' })).earned;
    assert.deepEqual(await evening(), []);
    await found.post('/referrals', { friend: 'bob', referrer: 'ann' });
    assert.equal((await found.statement(`invitations:${friend}`)).progress.level, 'invited');
    assert.deepEqual(await evening(), [{ programme: 'laces', rule: 'founders', points: 50 }]);
  });
});

describe('a milestone', () => {
  const found = shop('P24-milestone');

  test('brings its voucher unasked, by orders and by points that are told', async () => {
    const customer = await found.pseudonym('ann');
    await found.order('ann', thing(60_000));
    await eventually(async () => assert.equal(await found.available(`points:${customer}`), 600));
    assert.deepEqual(await found.given('ann'), []);
    await found.order('ann', thing(60_000));
    await eventually(async () => assert.deepEqual(await found.given('ann'), [{ type: 'coupon', campaign: 'ten-off' }]));
    await found.order('ann', thing(200_000));
    await eventually(async () => assert.equal(await found.available(`points:${customer}`), 3_200));
    assert.equal((await found.given('ann')).length, 1);

    await found.post('/accounts/points:ben/earn', { scheme: 'points', amount: 1_000, order: 'o-1', rule: 'purchase' });
    assert.deepEqual(await found.given('ben'), [{ type: 'coupon', campaign: 'ten-off' }]);
  });
});

describe('a stamp card', () => {
  const found = shop('P26-coffee-card');
  const coffee = (quantity) => [{ id: 'a', unitPrice: 300, quantity, categories: ['coffee'] }];

  test('is stamped by orders, pays for the tenth, and gets its stamps back', async () => {
    const customer = await found.pseudonym('ann');
    const stamps = () => found.available(`coffees:${customer}`);
    await found.order('ann', coffee(9));
    await eventually(async () => assert.equal(await stamps(), 9));
    // who is charged in full has bought nothing with stamps
    await found.order('ann', [{ id: 'a', unitPrice: 900, quantity: 1, categories: ['tea'] }]);
    const tenth = await found.order('ann', coffee(2));
    assert.equal(tenth.total, 300);
    await eventually(async () => assert.equal(await stamps(), 1));
    await found.post(`/redemptions/${tenth.id}/rollback`, {});
    await eventually(async () => assert.equal(await stamps(), 9));
  });

  const full = async (name) => {
    const customer = await found.pseudonym(name);
    await found.order(name, coffee(9));
    await eventually(async () => assert.equal(await found.available(`coffees:${customer}`), 9));
    return () => found.available(`coffees:${customer}`);
  };

  test('pays for one of several open check-outs, and for another once that is let go', async () => {
    const stamps = await full('bea');
    const open = () => found.order('bea', coffee(1), { confirm: false });
    const [first, second] = [await open(), await open()];
    assert.deepEqual([first.total, second.total, await stamps()], [0, 300, 0]);
    await found.post(`/redemptions/${first.id}/release`, {});
    assert.equal(await stamps(), 9);
    // under the same order's name as one that was let go
    const third = await found.order('bea', coffee(1), { confirm: false, order: first.order });
    const fourth = await open();
    assert.deepEqual([third.total, fourth.total, await stamps()], [0, 300, 0]);
    assert.deepEqual(await found.given('bea'), []);
    for (const { id } of [third, second, fourth]) assert.equal((await found.post(`/redemptions/${id}/confirm`, {})).status, 'confirmed');
    await eventually(async () => assert.equal(await stamps(), 2));
    assert.equal((await found.given('bea')).length, 1);
    await found.post(`/redemptions/${third.id}/rollback`, {});
    await eventually(async () => assert.equal(await stamps(), 11));
  });

  test('pays for one of many that are paid at once, and the others are told', async () => {
    const stamps = await full('cid');
    const order = (n) => found.at('/redemptions', {
      method: 'POST',
      headers: { authorization: `Bearer ${CHECKOUT_TOKEN}`, 'idempotency-key': newKey() },
      body: JSON.stringify({ request: { currency: 'EUR', lines: coffee(1), customer: { id: 'cid' } }, confirm: true, order: `cid-${n}` }),
    });
    const told = await Promise.all(Array.from({ length: 8 }, async (_, n) => {
      const response = await order(n);
      return { status: response.status, ...(await response.json()) };
    }));
    const free = told.filter(({ status, total }) => status === 'confirmed' && total === 0);
    const refused = told.filter(({ code }) => code !== undefined);
    assert.equal(free.length, 1);
    for (const { code, help } of refused) assert.deepEqual([code, help], ['balance_insufficient', 'quote the cart again, and show the shopper what has changed']);
    const paid = told.length - free.length - refused.length;
    await eventually(async () => assert.equal(await stamps(), paid));
    assert.equal((await found.given('cid')).length, 1);
  });

  test('pays for one quote of several, and not for a token alone', async () => {
    const stamps = await full('dan');
    const request = { currency: 'EUR', lines: coffee(1), customer: { id: 'dan' } };
    const quoted = async () => (await ok(await found.at('/quote/signed', { method: 'POST', body: JSON.stringify(request), headers: { authorization: `Bearer ${CHECKOUT_TOKEN}` } }))).token;
    const [first, second, third] = [await quoted(), await quoted(), await quoted()];
    assert.equal((await found.post('/redemptions', { token: first, customer: 'dan' }, { status: 422 })).code, 'field_missing');
    const held = await found.post('/redemptions', { token: second, request }, { status: 201 });
    assert.deepEqual([held.total, await stamps()], [0, 0]);
    assert.equal((await found.post('/redemptions', { token: third, request }, { status: 409 })).code, 'balance_insufficient');
  });

  test('gets its stamps back from a check-out that nobody comes back to', async () => {
    const stamps = await full('eva');
    await found.order('eva', coffee(1), { confirm: false, holdSeconds: 1 });
    assert.equal(await stamps(), 0);
    await eventually(async () => assert.equal(await stamps(), 9));
  });
});

describe('an invitation', () => {
  const byOrder = shop('P17-referral');
  const byEvent = shop('P18-referral-ladder');
  const inPoints = shop('P22-double-days');

  test('gives the friend what there is for coming, and is rewarded with the first order', async () => {
    const order = (count, id = 'bob') => byOrder.post('/redemptions', { request: { currency: 'USD', lines: thing(5_000), customer: { id, orders: { count } } }, confirm: true }, { status: 201 });
    await byOrder.post('/referrals', { friend: 'bob', referrer: 'ann' });
    assert.deepEqual(await byOrder.given('bob'), [{ type: 'coupon', campaign: 'friend' }]);
    // a customer of old is no friend who came
    await byOrder.post('/referrals', { friend: 'old', referrer: 'ann' });
    await order(50, 'old');
    await order(0);
    await eventually(async () => assert.deepEqual(await byOrder.given('ann'), [{ type: 'gift_card', amount: { USD: 1_000 } }]));
    await order(1);
    const { leaders } = await ok(await byOrder.get('/admin/referrals?currency=USD', { token: ADMIN_TOKEN }));
    assert.deepEqual(leaders, [{ referrer: 'ann', conversions: 1 }]);
    assert.equal((await byOrder.given('ann')).length, 1);
  });

  test('is rewarded with an event of the friend’s, by the ladder of the referrer’s segment', async () => {
    await byEvent.keep('pam', { segments: ['partners'] });
    for (const [friend, referrer] of [['dan', 'ann'], ['eve', 'pam']]) {
      await byEvent.post('/referrals', { friend, referrer });
      await byEvent.post(`/customers/${friend}/events`, { event: 'contract_signed', payload: { months: 6 } });
      assert.deepEqual(await byEvent.given(referrer), []);
      await byEvent.post(`/customers/${friend}/events`, { event: 'contract_signed', payload: { months: 12 } });
    }
    assert.deepEqual(await byEvent.given('ann'), [{ type: 'coupon', campaign: 'small-thanks' }]);
    assert.deepEqual(await byEvent.given('pam'), [{ type: 'cash', amount: { EUR: 500 } }]);
  });

  test('earns by the rules for friends, and where the shop itself says that it converted', async () => {
    await inPoints.post('/referrals', { friend: 'fay', referrer: 'ann' });
    await inPoints.post('/referrals/fay/convert', {});
    assert.equal(await inPoints.available(`points:${await inPoints.pseudonym('ann')}`), 50);
  });
});
