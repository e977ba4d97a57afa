// What `counterfoil/workshop` signs, refuses and refunds, beside the command line.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CounterfoilError, Engine, Ledger, check, compile, keygen, sign } from 'counterfoil/workshop';
import { newPublisher } from './publisher.mjs';

const temporary = await mkdtemp(join(tmpdir(), 'counterfoil-workshop-'));
after(() => rm(temporary, { recursive: true, force: true }));

const CAMPAIGNS = [
  { id: 'third', discounts: [{ type: 'buy_x_get_y', buy: { quantity: 2 }, get: { quantity: 1, percent: '100' } }] },
  { id: 'spend', when: { type: 'min_subtotal', amount: { EUR: 2000 } }, discounts: [{ type: 'percent_off', percent: '10' }], refund: 'reevaluate' },
];
const life = { from: Date.parse('2026-03-01T00:00:00Z'), until: Date.parse('2026-04-01T00:00:00Z') };
const terms = { audience: 'shop', environment: 'test', version: 1, issuedAt: life.from, expiresAt: life.until };
const ring = (...keys) => ({ audience: 'shop', environment: 'test', roles: { publisher: { threshold: 1, keys } } });
const refused = (code, pointer) => (error) => {
  assert.ok(error instanceof CounterfoilError, error.stack);
  assert.deepEqual([error.code, error.at?.pointer], [code, pointer]);
  return true;
};

test('what is signed here is what the command line signs', { timeout: 600_000 }, async () => {
  const publisher = await newPublisher(temporary);
  const native = new Uint8Array(await publisher.snapshot(CAMPAIGNS, { version: 7 }));
  const { snapshot } = await Engine.open(native, JSON.parse(publisher.keyRing));
  const { audience, environment, version, issuedAt, expiresAt } = snapshot;
  const compiled = await compile({ 'campaigns.json': { campaigns: CAMPAIGNS } }, { from: issuedAt, until: expiresAt });
  const key = JSON.parse(await readFile(publisher.keyFile, 'utf8'));
  const signed = await sign(compiled, { audience, environment, version, issuedAt, expiresAt }, [key]);
  assert.deepEqual(Buffer.from(signed), Buffer.from(native));
  assert.equal(compiled.campaigns, 2);
});

test('a new key signs what its ring opens', async () => {
  const { secretKey, publicKey } = await keygen('2026-a');
  const snapshot = await sign(await compile({ a: { campaigns: CAMPAIGNS } }, life), terms, [secretKey]);
  const engine = await Engine.open(snapshot, ring(publicKey), { now: life.from });
  const order = { currency: 'EUR', now: life.from, lines: [{ id: 'a', unitPrice: 1000, quantity: 3 }] };
  const { quote, trace } = engine.trace(order);
  assert.deepEqual(quote, JSON.parse(JSON.stringify(engine.quote(order))));
  assert.equal(quote.total, 1800);
  assert.deepEqual(trace.campaigns.map(({ redeemable, amount }) => [redeemable, amount]), [['spend', 300], ['third', 900]]);
  // two of three are paid; the free one comes back first, and below 20.00 the tenth is not given
  const one = [{ line: 'a', quantity: 1 }];
  assert.equal(engine.refund(order, { now: one }).amount, 0);
  assert.equal(engine.refund(order, { before: one, now: [{ line: 'a', quantity: 2 }] }).amount, 1800);
  assert.throws(() => engine.refund(order, { now: [{ line: 'b', quantity: 1 }] }), refused('line_unknown', '/now/0/line'));
  assert.throws(() => engine.refund({ currency: 'EUR' }, { now: one }), refused('field_missing', '/order/lines'));
  await assert.rejects(Engine.open(snapshot, ring((await keygen('b')).publicKey), { now: life.from }), refused('key_unknown', ''));
});

test('what members would earn, and what follows when they do', async () => {
  const loyalty = { programmes: [{ id: 'stars', levels: { by: 'points_in_period', every: 'year', list: [{ id: 'gold', from: 500 }] },
    earning: [{ id: 'purchase', on: 'order', points: 1, every: { EUR: 100 }, byLevel: { gold: { factor: '2' } } },
      { id: 'ride', on: { event: 'ride_ended' }, when: { type: 'order_attribute', key: 'minutes', moreThan: 60 }, points: 15 }] }] };
  const shipping = { id: 'gold-shipping', when: { type: 'customer_attribute', key: 'stars.level', in: ['gold'] }, discounts: [{ type: 'free_shipping' }] };
  const { secretKey, publicKey } = await keygen('2026-a');
  const snapshot = await sign(await compile({ a: { campaigns: [shipping], loyalty } }, life), terms, [secretKey]);
  const engine = await Engine.open(snapshot, ring(publicKey), { now: life.from });
  const request = { currency: 'EUR', now: life.from, customer: { id: 'ann' }, lines: [{ id: 'a', unitPrice: 2000, quantity: 1 }],
    shipping: [{ id: 'post', price: 500 }] };
  const before = engine.preview(request, [{ scheme: 'stars', progress: { points: 439 } }]);
  assert.deepEqual([before.quote.total, before.programmes[0].points, before.programmes[0].hints[0].amount], [2500, 20, 4100]);
  const gold = engine.preview(request, [{ scheme: 'stars', progress: { level: 'gold', points: 500 } }]);
  assert.deepEqual([gold.quote.total, gold.programmes[0].points], [2000, 40]);
  const { commands } = engine.follow({ type: 'order', id: 'o-7', request });
  assert.deepEqual(commands.map(({ key, type, account, amount }) => [key, type, account, amount]), [['o-7/stars/purchase', 'earn', 'stars:ann', 20]]);
  const ride = (minutes) => engine.follow({ type: 'event', id: 'r', now: life.from, event: 'ride_ended', payload: { minutes }, customer: { id: 'ann' } });
  assert.deepEqual([ride(60).earned.length, ride(61).earned.length], [0, 1]);
  assert.throws(() => engine.follow({ type: 'holiday' }), (error) => error.code === 'json_malformed');
});

test('who brought most friends', async () => {
  const ledger = await Ledger.open();
  const said = [['refer', 'fay', 'bob'], ['refer', 'gil', 'cid'], ['refer', 'hal', 'cid'], ['convert', 'hal'], ['convert', 'gil'], ['convert', 'fay']];
  let state = '{ "version": 1 }';
  for (const [index, [type, friend, referrer]] of said.entries()) {
    const command = { key: `k${index}`, now: life.from, type, friend, referrer };
    state = JSON.stringify(JSON.parse(ledger.decide('{}', state, JSON.stringify(command))).state);
  }
  assert.deepEqual(JSON.parse(ledger.leaderBoard(state)), [{ referrer: 'cid', conversions: 2 }, { referrer: 'bob', conversions: 1 }]);
  assert.equal(JSON.parse(ledger.leaderBoard('{')).answer.refusal.code, 'document_unreadable');
});

test('what comes back of the rewards for friends', async () => {
  const ledger = await Ledger.open();
  const growth = (figures) => JSON.parse(ledger.growth(JSON.stringify(figures)));
  const counted = { customers: 200, paid: 1_600_000, invitations: 50, conversions: 20 };
  const rates = { invitationsPerCustomer: '0.25', conversionRate: '0.4', k: '0.1' };
  // (80.00 × 1.1 − 20.00) ÷ 20.00
  assert.deepEqual(growth({ ...counted, reward: 2000 }), { lifetimeValue: 8000, ...rates, returnOnReward: '3.4' });
  assert.deepEqual(growth({ ...counted, lifetimeValue: 1000, reward: 2000 }), { lifetimeValue: 1000, ...rates, returnOnReward: '-0.45' });
  assert.equal(growth(counted).returnOnReward, null);
  // past what a number holds exactly
  const most = Number.MAX_SAFE_INTEGER;
  assert.equal(growth({ customers: 3, paid: most, invitations: 1, conversions: 1, reward: 1 }).returnOnReward, '4003199668773772.3333');
  assert.equal(growth({ ...counted, conversions: 51 }).answer.refusal.at.pointer, '/conversions');
});

test('the segments of a customer are those of the documents, at their bounds, and those that are told', async () => {
  const segments = {
    regulars: { type: 'order_count', atLeast: 3 },
    recent: { type: 'last_order', within: { days: 10 } },
    both: { all: [{ type: 'segment', anyOf: ['regulars'] }, { type: 'segment', anyOf: ['recent'] }] },
    buying: { type: 'min_subtotal', amount: { EUR: 1 } },
    silver: { type: 'customer_attribute', key: 'stars.level', in: ['silver'] },
  };
  const { secretKey, publicKey } = await keygen('a');
  const open = async (document) => Engine.open(await sign(await compile({ a: document }, life), terms, [secretKey]), ring(publicKey), { now: life.from });
  const engine = await open({ campaigns: CAMPAIGNS, segments });
  const of = (orders, more = {}) => engine.segments({ now: life.from, customer: { id: 'ann', orders, ...more } });
  const [day, at] = [86_400_000, life.from];
  assert.deepEqual(of({ count: 2, lastAt: at - 11 * day }), []);
  assert.deepEqual(of({ count: 3, lastAt: at - 11 * day }), ['regulars']);
  assert.deepEqual(of({ count: 3, lastAt: at - 9 * day }), ['both', 'recent', 'regulars']);
  // what is declared is so by what it says, as in a quote
  assert.deepEqual(of({ count: 2 }, { segments: ['press', 'regulars'] }), ['press']);
  const accounts = [{ scheme: 'stars', available: 1, progress: { level: 'silver', points: 60 } }];
  assert.deepEqual(engine.segments({ now: at, customer: { id: 'ann' }, accounts }), ['silver']);
  // a cart takes no notice of them, and a shop that declares none tells what it is told
  assert.equal(engine.quote({ currency: 'EUR', now: at, lines: [{ id: 'a', unitPrice: 1000, quantity: 1 }] }).total, 1000);
  assert.deepEqual((await open({ campaigns: CAMPAIGNS })).segments({ now: at, customer: { segments: ['press'] } }), ['press']);
  assert.throws(() => engine.segments({ now: at, customer: { birthday: '1990-02-31' } }), CounterfoilError);
});

test('what is wrong is told at its place', async () => {
  const documents = { 'spring.json': { campaigns: [{ id: 'ten', discounts: [{ type: 'percent_off', percent: '101' }] }] } };
  const [fault] = await check(documents, life);
  assert.deepEqual([fault.code, fault.at.id, fault.at.pointer], ['field_invalid', 'spring.json', '/campaigns/0/discounts/0/percent']);
  await assert.rejects(compile(documents, life), refused('field_invalid', '/campaigns/0/discounts/0/percent'));
  assert.deepEqual(await check({ 'spring.json': { campaigns: CAMPAIGNS } }, life), []);
  await assert.rejects(compile({}, { from: NaN, until: 1 }), refused('option_invalid', undefined));
  const compiled = await compile({ a: { campaigns: CAMPAIGNS } }, life);
  const { secretKey } = await keygen('a');
  await assert.rejects(sign(compiled, terms, [{ ...secretKey, secretKey: '00' }]), (error) => error.code === 'secret_key_invalid');
  await assert.rejects(sign(compiled, terms, [{ ...secretKey, role: 'pulse' }]), refused('key_role_mismatch', undefined));
});
