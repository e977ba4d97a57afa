// What is redeemed through the worker on real workerd: held, confirmed, given back, each once.
import assert from 'node:assert/strict';
import { verify as verifySignature, createPublicKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN, assertRefused, CHECKOUT_TOKEN, eventually } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [
    { id: 'spring', codes: ['SPRING'], limits: { total: 3 }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'once', codes: ['ONCE'], limits: { perCustomer: 1 }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'pot', codes: ['POT'], limits: { budget: { EUR: 1_000 } }, discounts: [{ type: 'percent_off', percent: '20' }] },
    { id: 'purse', codes: ['PURSE'], limits: { budget: { EUR: 1_000 } }, discounts: [{ type: 'percent_off', percent: '10' }] },
    { id: 'scarce', codes: ['SCARCE'], limits: { total: 1 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'daily', codes: ['DAILY'], limits: { period: 'day', perPeriod: 2 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'socks', codes: ['SOCKS'], limits: { units: 7 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'free', codes: ['FREE'], discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'brief', codes: ['BRIEF'], limits: { total: 2 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'last', codes: ['LAST'], limits: { total: 1 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'seat', codes: ['SEAT'], limits: { total: 1 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'sole', codes: ['SOLE'], limits: { total: 1 }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'mug', codes: ['MUG'], limits: { perCustomer: 1 }, discounts: [{ type: 'gift', products: [{ sku: 'MUG', value: { EUR: 900 } }] }] },
    { id: 'bygone', codes: ['BYGONE'], schedule: { timeZone: 'UTC', until: '2020-01-01' }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'bigger', codes: ['BIGGER'], when: { type: 'min_subtotal', amount: { EUR: 5_000 } }, discounts: [{ type: 'percent_off', percent: '5' }] },
    { id: 'halted', codes: ['HALTED'], discounts: [{ type: 'percent_off', percent: '5' }] },
  ],
};

let worker;
let keys = 0;
before(async () => {
  worker = await openShop(shop);
});
after(() => worker?.stop());

const cart = (codes, more = {}) => ({ currency: 'EUR', codes, lines: [{ id: 'a', unitPrice: 1_000, quantity: 3 }], ...more });
const newKey = () => `key-${(keys += 1)}`;
const reserve = (codes, more = {}, key = newKey()) => worker.post('/redemptions', { request: cart(codes, more.request), ...more.body }, { key });
const redeem = (codes, more = {}, key) => reserve(codes, { ...more, body: { confirm: true, ...more.body } }, key);
async function accepted(response, status) {
  const body = await response.json();
  assert.equal(response.status, status, JSON.stringify(body));
  return body;
}

test('what is held can be confirmed, and what is confirmed rolled back', async () => {
  const held = await accepted(await reserve(['SPRING']), 201);
  assert.equal(held.status, 'held');
  assert.equal(held.discountTotal, 300);
  assert.equal(held.total, 2_700);
  assert.deepEqual(held.campaigns, ['spring']);
  const at = `/redemptions/${held.id}`;
  const confirmed = await accepted(await worker.post(`${at}/confirm`, {}, { key: newKey() }), 200);
  assert.equal(confirmed.status, 'confirmed');
  await assertRefused(await worker.post(`${at}/release`, {}, { key: newKey() }), 409, 'reservation_not_held');
  const undone = await accepted(await worker.post(`${at}/rollback`, {}, { key: newKey() }), 200);
  assert.equal(undone.status, 'rolled_back');
  assert.equal((await accepted(await worker.get(at), 200)).status, 'rolled_back');
  await assertRefused(await worker.post(`${at}/confirm`, {}, { key: newKey() }), 409, 'reservation_not_held');
});

test('a gift that nobody took uses nothing of its campaign', async () => {
  const customer = { id: 'gia' };
  const used = async () => (await accepted(await worker.get('/campaigns/mug', { token: ADMIN_TOKEN }), 200)).uses;
  const left = await accepted(await redeem(['MUG'], { request: { customer } }), 201);
  assert.deepEqual([left.campaigns, await used()], [[], 0]);
  const lines = [{ id: 'a', unitPrice: 1_000, quantity: 3 }, { id: 'm', sku: 'MUG', unitPrice: 900, quantity: 1, giftOf: 'mug' }];
  const taken = await accepted(await redeem(['MUG'], { request: { customer, lines } }), 201);
  assert.deepEqual([taken.campaigns, taken.discountTotal, await used()], [['mug'], 900, 1]);
  await assertRefused(await redeem(['MUG'], { request: { customer, lines } }), 409, 'uses_limit_reached');
  await eventually(async () => {
    const { records } = await accepted(await worker.get('/records?customer=gia', { token: ADMIN_TOKEN }), 200);
    assert.deepEqual(records.map(({ outcome, campaigns, discounts }) => [outcome, campaigns, discounts]), [
      ['refused', ['mug'], { mug: 900 }], ['confirmed', ['mug'], { mug: 900 }], ['confirmed', [], {}],
    ]);
  });
});

describe('a code that takes nothing off', () => {
  const entered = [
    ['NOPE', 'inapplicable', undefined, 'code_unknown'], ['BYGONE', 'inapplicable', undefined, 'code_unknown'],
    ['BIGGER', 'dormant', 'bigger', 'min_subtotal_not_reached'], ['FREE', 'applied', 'free', undefined],
  ];
  const assertTold = ({ entered: told }) => {
    assert.deepEqual(told.map(({ code, status, redeemable, reasons }) => [code, status, redeemable, reasons[0]?.code]).sort(), [...entered].sort());
    for (const { reasons } of told) for (const { message, params } of reasons) assert.ok(message.length > 0 && typeof params === 'object');
  };
  const recordsOf = async (order) => (await accepted(await worker.get(`/records?order=${order}`, { token: ADMIN_TOKEN }), 200)).records;

  test('is told in the answer and kept in the records, with its reason', async () => {
    const codes = entered.map(([code]) => code);
    const redeemed = await accepted(await redeem(codes, { body: { order: 'failing', customer: 'fay' } }), 201);
    assert.deepEqual(redeemed.campaigns, ['free']);
    assertTold(redeemed);
    assertTold(await accepted(await worker.get(`/redemptions/${redeemed.id}`), 200));
    const { token } = await accepted(await worker.post('/quote/signed', cart(codes)), 200);
    // a token can be read by whoever has it: it tells why, and not which code it was
    const byToken = await accepted(await worker.post('/redemptions', { token }, { key: newKey() }), 201);
    assert.deepEqual(byToken.entered, redeemed.entered.map(({ code: _, ...rest }) => rest));
    assert.deepEqual((await accepted(await redeem(['FREE', 'FREE']), 201)).entered.map(({ code }) => code).at(0), 'FREE');
    assert.deepEqual((await accepted(await redeem([]), 201)).entered, []);
    await eventually(async () => {
      const [record] = await recordsOf('failing');
      assert.equal(record.outcome, 'confirmed');
      assert.deepEqual(record.failed.map(({ code, campaign, status, reason }) => [code, status, campaign ?? undefined, reason]).sort(), entered.filter(([, status]) => status !== 'applied').sort());
      for (const { message } of record.failed) assert.ok(message.length > 0);
    });
    const csv = await (await worker.get('/records.csv?order=failing', { token: ADMIN_TOKEN })).text();
    assert.match(csv, /NOPE=code_unknown/);
  });

  test('is kept no longer than who entered it', async () => {
    const customer = 'fred';
    await accepted(await redeem(['NOPE'], { body: { customer } }), 201);
    const found = async (query) => (await accepted(await worker.get(`/records?${query}`, { token: ADMIN_TOKEN }), 200)).records;
    const { redemption } = await eventually(async () => {
      const [record] = await found(`customer=${customer}`);
      assert.equal(record.failed.length, 1);
      return record;
    });
    await accepted(await worker.at(`/admin/customers/${customer}`, { method: 'DELETE', headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }), 200);
    const forgotten = (await found('limit=500')).find((record) => record.redemption === redemption);
    assert.deepEqual([forgotten.customer, forgotten.failed], [null, []]);
  });
});

test('an attempt that is refused before anything is held is in the records, once, with its reason', async () => {
  const order = (id) => ({ order: id, customer: 'ona' });
  const quoted = async (codes) => (await accepted(await worker.post('/quote/signed', cart(codes)), 200)).token;
  const used = await quoted(['FREE']);
  await accepted(await worker.post('/redemptions', { token: used, confirm: true }, { key: newKey() }), 201);
  const attempts = [
    ['o-used', { token: used }, 409, 'quote_token_used', ['free']],
    ['o-cart', { token: await quoted(['FREE']), request: cart(['FREE'], { lines: [{ id: 'a', unitPrice: 999, quantity: 3 }] }) }, 409, 'cart_changed', ['free']],
    ['o-token', { token: 'v4.public.x' }, 422, 'quote_token_invalid', []],
    ['o-lines', { request: { currency: 'EUR' } }, 422, 'field_missing', []],
  ];
  for (const [id, body, status, code, campaigns] of attempts) {
    const key = newKey();
    // a repeat is the same attempt
    for (let at = 0; at < 2; at += 1) await assertRefused(await worker.post('/redemptions', { ...body, ...order(id), confirm: true }, { key }), status, code);
    const { records } = await accepted(await worker.get(`/records?order=${id}`, { token: ADMIN_TOKEN }), 200);
    assert.deepEqual(records.map((record) => [record.outcome, record.code, record.campaigns]), [['refused', code, campaigns]], id);
    assert.match(records[0].customer, /^cu_/);
    assert.ok(records[0].message.length > 0);
  }
  // what the ledger makes no sense of
  await assertRefused(await worker.post('/redemptions', { request: cart(['ONCE']), order: 'o-nobody' }, { key: newKey() }), 422, 'customer_missing');
  await eventually(async () => {
    const { records } = await accepted(await worker.get('/records?order=o-nobody', { token: ADMIN_TOKEN }), 200);
    assert.deepEqual(records.map(({ outcome, code }) => [outcome, code]), [['refused', 'customer_missing']]);
  });
  const { currencies } = await accepted(await worker.get('/admin/statistics', { token: ADMIN_TOKEN }), 200);
  assert.deepEqual(currencies, ['EUR']);
});

test('a limit in all is exact, and what is released or rolled back can be used again', async () => {
  const held = await accepted(await reserve(['SCARCE']), 201);
  const refused = await assertRefused(await reserve(['SCARCE']), 409, 'uses_limit_reached');
  assert.deepEqual(refused.params, { allowance: 'scarce', left: 0, limit: 1, per: 'all' });
  await accepted(await worker.post(`/redemptions/${held.id}/release`, {}, { key: newKey() }), 200);
  const used = await accepted(await redeem(['SCARCE']), 201);
  await assertRefused(await redeem(['SCARCE']), 409, 'uses_limit_reached');
  await accepted(await worker.post(`/redemptions/${used.id}/rollback`, {}, { key: newKey() }), 200);
  await accepted(await redeem(['SCARCE']), 201);
});

test('a limit of units counts those of each order', async () => {
  const units = (quantity) => ({ request: { lines: [{ id: 'a', unitPrice: 1_000, quantity }] } });
  const held = await accepted(await reserve(['SOCKS'], units(6)), 201);
  const refused = await assertRefused(await redeem(['SOCKS'], units(2)), 409, 'uses_limit_reached');
  assert.deepEqual(refused.params, { allowance: 'socks/units', left: 1, limit: 7, per: 'all' });
  await accepted(await worker.post(`/redemptions/${held.id}/release`, {}, { key: newKey() }), 200);
  const { token } = await accepted(await worker.post('/quote/signed', cart(['SOCKS'], units(5).request)), 200);
  await accepted(await worker.post('/redemptions', { token, confirm: true }, { key: newKey() }), 201);
  await accepted(await redeem(['SOCKS'], units(2)), 201);
  await assertRefused(await redeem(['SOCKS'], units(1)), 409, 'uses_limit_reached');
});

test('a limit per customer needs a customer and counts each apart', async () => {
  await assertRefused(await redeem(['ONCE']), 422, 'customer_missing');
  const by = (id) => ({ request: { customer: { id } } });
  await accepted(await redeem(['ONCE'], by('ann')), 201);
  await assertRefused(await redeem(['ONCE'], by('ann')), 409, 'uses_limit_reached');
  await accepted(await redeem(['ONCE'], by('ben')), 201);
});

test('a limit per day comes from the campaign’s period', async () => {
  await accepted(await redeem(['DAILY']), 201);
  await accepted(await redeem(['DAILY']), 201);
  const refused = await assertRefused(await redeem(['DAILY']), 409, 'uses_limit_reached');
  assert.equal(refused.params.every, 'day');
});

test('a budget is drawn to the cent, and a refund gives back what it names', async () => {
  const first = await accepted(await redeem(['POT']), 201);
  assert.equal(first.discountTotal, 600);
  const refused = await assertRefused(await redeem(['POT']), 409, 'budget_limit_reached');
  assert.equal(refused.params.left, 400);
  const [, draw] = first.parts;
  assert.deepEqual([draw.allowance, draw.amount], ['pot/EUR', 600]);
  const at = `/redemptions/${first.id}/refund`;
  const too = await worker.post(at, { parts: [{ part: 1, amount: 601 }] }, { key: newKey() });
  await assertRefused(too, 409, 'part_exceeded');
  const key = 'k'.repeat(120);
  const refunded = await accepted(await worker.post(at, { parts: [{ part: 1, amount: 200 }] }, { key }), 200);
  assert.deepEqual(await accepted(await worker.post(at, { parts: [{ part: 1, amount: 200 }] }, { key }), 200), refunded);
  assert.deepEqual(refunded.refunds, [{ part: 1, amount: 200 }]);
  await accepted(await redeem(['POT']), 201);
  await assertRefused(await redeem(['POT']), 409, 'budget_limit_reached');
});

test('of an order in several books nothing moves where one of them would refuse', async () => {
  const held = await accepted(await reserve(['SPRING', 'PURSE']), 201);
  const placeOf = (allowance) => held.parts.findIndex((part) => part.allowance === allowance);
  const [spring, purse] = ['spring', 'purse/EUR'].map(placeOf);
  const { amount } = held.parts[purse];
  const at = `/redemptions/${held.id}`;
  const tooMuch = await assertRefused(await worker.post(`${at}/confirm`, { parts: [{ part: purse, amount: amount + 1 }] }, { key: newKey() }), 409, 'part_exceeded');
  assert.deepEqual([tooMuch.at.pointer, tooMuch.params.part, tooMuch.params.left], ['/parts/0/amount', purse, amount]);
  // what was held still is
  await accepted(await worker.post(`${at}/confirm`, {}, { key: newKey() }), 200);
  const spent = async () => (await accepted(await worker.get('/campaigns/purse', { token: ADMIN_TOKEN }), 200)).spent;
  const before = await spent();
  const parts = [{ part: purse, amount: 100 }, { part: spring, uses: 2 }];
  const refused = await assertRefused(await worker.post(`${at}/refund`, { parts }, { key: newKey() }), 409, 'part_exceeded');
  assert.deepEqual([refused.at.pointer, refused.params.part], ['/parts/1/uses', spring]);
  assert.deepEqual([await spent(), (await accepted(await worker.get(at), 200)).refunds ?? []], [before, []]);
  await accepted(await worker.post(`${at}/refund`, { parts: [{ part: purse, amount: 100 }] }, { key: newKey() }), 200);
  await assertRefused(await worker.post(`${at}/refund`, { parts: [{ part: purse, amount: amount - 99 }] }, { key: newKey() }), 409, 'part_exceeded');
  await accepted(await worker.post(`${at}/refund`, { parts: [{ part: purse, amount: amount - 100 }, { part: spring, uses: 1 }] }, { key: newKey() }), 200);
});

test('a key of a refund counts for its redemption alone', async () => {
  const orders = await Promise.all([1, 2].map(async () => accepted(await redeem(['PURSE']), 201)));
  for (const { id } of orders) {
    const refunded = await accepted(await worker.post(`/redemptions/${id}/refund`, { parts: [{ part: 1, amount: 100 }] }, { key: 'the-shop-counts-by-order' }), 200);
    assert.deepEqual(refunded.refunds, [{ part: 1, amount: 100 }]);
  }
});

test('an order of several campaigns counts whole or not at all', async () => {
  await accepted(await redeem(['FREE', 'POT'], { request: { lines: [{ id: 'a', unitPrice: 1, quantity: 1 }] } }), 201);
  const before = await accepted(await worker.get('/redemptions/rd_00000000000000000000000000000000'), 404);
  assert.equal(before.code, 'reservation_unknown');
  // `scarce` is used up: what the order holds of `spring` is let go
  for (let attempt = 0; attempt < 4; attempt += 1) {
    await assertRefused(await redeem(['SPRING', 'SCARCE']), 409, 'uses_limit_reached');
  }
  const left = await accepted(await redeem(['SPRING']), 201);
  assert.equal(left.status, 'confirmed');
});

describe('keys', () => {
  test('a repeat is answered as the first time, at once and later', async () => {
    const key = newKey();
    const [one, two] = await Promise.all([redeem(['FREE'], {}, key), redeem(['FREE'], {}, key)]);
    const [first, second] = [await accepted(one, 201), await accepted(two, 201)];
    assert.deepEqual(first, second);
    const later = await redeem(['FREE'], {}, key);
    assert.equal(later.headers.get('idempotent-replay'), 'true');
    assert.deepEqual(await accepted(later, 201), first);
  });

  test('a refusal is repeated too', async () => {
    const key = newKey();
    const first = await assertRefused(await redeem(['SCARCE'], {}, key), 409, 'uses_limit_reached');
    const again = await redeem(['SCARCE'], {}, key);
    assert.equal(again.headers.get('idempotent-replay'), 'true');
    assert.deepEqual(await again.json(), first);
  });

  test('the same key with anything else is a conflict', async () => {
    const key = newKey();
    const held = await accepted(await reserve(['FREE'], {}, key), 201);
    await assertRefused(await reserve(['FREE'], { body: { order: 'another' } }, key), 409, 'key_reused');
    const at = `/redemptions/${held.id}`;
    const confirming = newKey();
    await accepted(await worker.post(`${at}/confirm`, {}, { key: confirming }), 200);
    await assertRefused(await worker.post(`${at}/rollback`, {}, { key: confirming }), 409, 'key_reused');
  });

  test('nothing is done without one', async () => {
    const response = await worker.post('/redemptions', { request: cart(['FREE']) });
    await assertRefused(response, 400, 'idempotency_key_missing');
  });
});

test('what nobody confirms is free again by itself', async () => {
  const short = { body: { holdSeconds: 4 } };
  const { id } = await accepted(await reserve(['BRIEF'], short), 201);
  await accepted(await reserve(['BRIEF'], short), 201);
  await assertRefused(await redeem(['BRIEF']), 409, 'uses_limit_reached');
  await sleep(4_300);
  await eventually(async () => assert.equal((await accepted(await worker.get(`/redemptions/${id}`), 200)).status, 'released'));
  await accepted(await redeem(['BRIEF']), 201);
});

describe('sessions', () => {
  const lock = async (id, codes, more = {}) => (await accepted(await worker.at(`/sessions/${id}`, {
    method: 'PUT', headers: { authorization: `Bearer ${CHECKOUT_TOKEN}` }, body: JSON.stringify({ request: cart(codes), ...more }),
  }), 200)).locks;

  test('lock the last use for a shopper, who redeems it', async () => {
    assert.deepEqual((await lock('ann', ['LAST'])).map(({ locked }) => locked), [true]);
    const [{ locked, refusal }] = await lock('ben', ['LAST']);
    assert.deepEqual([locked, refusal.code], [false, 'uses_limit_reached']);
    await assertRefused(await redeem(['LAST']), 409, 'uses_limit_reached');
    await assertRefused(await redeem(['LAST'], { body: { session: 'ben' } }), 409, 'uses_limit_reached');
    // asked for again it is held longer, and no second use is taken
    const [{ until }] = await lock('ann', ['LAST'], { seconds: 1_800 });
    assert.ok(until > Date.now() + 1_700_000);
    const key = newKey();
    const redeemed = await accepted(await redeem(['LAST'], { body: { session: 'ann' } }, key), 201);
    assert.deepEqual(await accepted(await redeem(['LAST'], { body: { session: 'ann' } }, key), 201), redeemed);
    await assertRefused(await redeem(['LAST'], { body: { session: 'ann' } }), 409, 'uses_limit_reached');
    await accepted(await worker.post(`/redemptions/${redeemed.id}/rollback`, {}, { key: newKey() }), 200);
    await accepted(await redeem(['LAST']), 201);
  });

  test('let go of what leaves the cart, of everything, and by themselves', async () => {
    await lock('cid', ['SEAT']);
    await assertRefused(await redeem(['SEAT']), 409, 'uses_limit_reached');
    assert.deepEqual(await lock('cid', []), []);
    await lock('dan', ['SEAT']);
    await assertRefused(await redeem(['SEAT']), 409, 'uses_limit_reached');
    await worker.at('/sessions/dan', { method: 'DELETE', headers: { authorization: `Bearer ${CHECKOUT_TOKEN}` } });
    await lock('eve', ['SEAT'], { seconds: 1 });
    await assertRefused(await redeem(['SEAT']), 409, 'uses_limit_reached');
    await sleep(1_100);
    await accepted(await redeem(['SEAT']), 201);
    assert.deepEqual((await accepted(await worker.get('/sessions/eve'), 200)).locks, []);
  });

  test('keep their lock when the redemption is refused before its turn comes', async () => {
    await lock('fay', ['SOLE']);
    // `seat` is used up, and is asked first
    await assertRefused(await redeem(['SOLE', 'SEAT'], { body: { session: 'fay' } }), 409, 'uses_limit_reached');
    await assertRefused(await redeem(['SOLE']), 409, 'uses_limit_reached');
    await accepted(await redeem(['SOLE'], { body: { session: 'fay' } }), 201);
  });
});

describe('quote tokens', () => {
  const signed = async (codes) => accepted(await worker.post('/quote/signed', cart(codes)), 200);

  test('charge exactly what was shown, once', async () => {
    const { quote, token, expiresAt } = await signed(['FREE']);
    assert.equal(quote.total, 2_850);
    assert.ok(expiresAt > Date.now());
    const key = newKey();
    const charged = await accepted(await worker.post('/redemptions', { token, confirm: true }, { key }), 201);
    assert.equal(charged.total, 2_850);
    await assertRefused(await worker.post('/redemptions', { token, confirm: true }, { key: newKey() }), 409, 'quote_token_used');
    const repeat = await worker.post('/redemptions', { token, confirm: true }, { key });
    assert.deepEqual(await accepted(repeat, 201), charged);
  });

  test('refuse another cart, and take the same one in another order', async () => {
    const lines = [{ id: 'a', unitPrice: 1_000, quantity: 1 }, { id: 'b', unitPrice: 500, quantity: 2 }];
    const asked = { currency: 'EUR', codes: ['FREE'], lines };
    const { token } = await accepted(await worker.post('/quote/signed', asked), 200);
    const cheaper = { ...asked, lines: [{ ...lines[0], unitPrice: 999 }, lines[1]] };
    await assertRefused(await worker.post('/redemptions', { token, request: cheaper }, { key: newKey() }), 409, 'cart_changed');
    const turned = { ...asked, lines: [...lines].reverse() };
    assert.equal((await accepted(await worker.post('/redemptions', { token, request: turned }, { key: newKey() }), 201)).total, 1_900);
  });

  test('are refused with any letter changed', async () => {
    const { token } = await signed(['FREE']);
    const [, , body] = token.split('.');
    for (let at = 0; at < body.length; at += 37) {
      const position = token.indexOf(body) + at;
      const other = token[position] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, position) + other + token.slice(position + 1);
      const response = await worker.post('/redemptions', { token: changed }, { key: newKey() });
      await assertRefused(response, 422, 'quote_token_invalid');
    }
    for (const broken of ['v4.public.', `${token}.x`, token.replace('v4', 'v2'), 'x', token.slice(0, -9)]) {
      await assertRefused(await worker.post('/redemptions', { token: broken }, { key: newKey() }), 422, 'quote_token_invalid');
    }
  });

  test('are read up to 65,536 characters and not one more', async () => {
    const { token } = await signed(['FREE']);
    const [header, purpose, body, footer] = token.split('.');
    const long = (length) => [header, purpose, body.padStart(body.length + length - token.length, 'A'), footer].join('.');
    await assertRefused(await worker.post('/redemptions', { token: long(65_536) }, { key: newKey() }), 422, 'quote_token_invalid');
    await assertRefused(await worker.post('/redemptions', { token: long(65_537) }, { key: newKey() }), 422, 'field_invalid');
  });

  test('are PASETO v4.public: another library’s rules verify them with the published key', async () => {
    const { token } = await signed(['FREE']);
    const { keys: [{ id, publicKey }] } = await (await worker.at('/quote-keys.json')).json();
    const [, , body, footer] = token.split('.');
    const bytes = Buffer.from(body, 'base64url');
    const [message, signature] = [bytes.subarray(0, -64), bytes.subarray(-64)];
    const pieces = [Buffer.from('v4.public.'), message, Buffer.from(footer, 'base64url'), Buffer.from('counterfoil/quote/v1')];
    const le64 = (count) => { const eight = Buffer.alloc(8); eight.writeBigUInt64LE(BigInt(count)); return eight; };
    const encoded = Buffer.concat([le64(pieces.length), ...pieces.flatMap((piece) => [le64(piece.length), piece])]);
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'hex')]);
    assert.ok(verifySignature(null, encoded, createPublicKey({ key: der, format: 'der', type: 'spki' }), signature));
    assert.deepEqual(JSON.parse(Buffer.from(footer, 'base64url')), { kid: id });
    const claims = JSON.parse(message);
    assert.equal(claims.charge.total, 2_850);
    assert.ok(!message.toString().includes('FREE'), 'no code stands in the clear');
  });
});

test('who has no token is turned away before anything is done', async () => {
  const problem = await assertRefused(await worker.post('/redemptions', {}, { key: 'k', token: 'wrong' }), 401, 'unauthorized');
  assert.deepEqual(problem.at, { document: 'header', pointer: '/authorization' });
  await assertRefused(await worker.get('/redemptions/x', { token: 'wrong' }), 401, 'unauthorized');
});

test('a wrong body is refused with its place', async () => {
  const refused = async (body, status, code, pointer) => {
    const problem = await assertRefused(await worker.post('/redemptions', body, { key: newKey() }), status, code);
    assert.equal(problem.at.pointer, pointer);
  };
  await refused('{', 400, 'json_malformed', '');
  await refused({ request: cart([]), holdSeconds: 0 }, 422, 'field_invalid', '/holdSeconds');
  await refused({ request: cart([]), colour: 'red' }, 422, 'field_unknown', '/colour');
  await refused({}, 422, 'field_missing', '/token');
  await refused({ request: { currency: 'EUR' } }, 422, 'field_missing', '/lines');
});

test('who tries many codes is slowed down, right or wrong, and nobody else is', async () => {
  const from = (address, code) =>
    worker.at('/quote', { method: 'POST', headers: { 'cf-connecting-ip': address }, body: JSON.stringify(cart([code])) });
  const burst = () => Promise.all(Array.from({ length: 130 }, async (_, index) => {
    const response = await from('192.0.2.1', index % 2 === 0 ? 'FREE' : `GUESS${index}`);
    await response.arrayBuffer();
    return response.status;
  }));
  // the minute may turn within the first burst, not within both
  const statuses = [...(await burst()), ...(await burst())];
  const answered = statuses.filter((status) => status === 200).length;
  assert.ok(answered >= 120 && answered <= 240, `${answered} of 260 were answered`);
  assert.equal(statuses.filter((status) => status === 429).length, 260 - answered);
  await assertRefused(await from('192.0.2.1', 'FREE'), 429, 'too_many_requests');
  assert.equal((await from('192.0.2.2', 'FREE')).status, 200);
  assert.equal((await worker.quote(cart([]))).status, 200);
});
