// From the worker's statement to the page's preview: what a member earned is told by the ledger, and `counterfoil/loyalty`
// says beside the quote what is missing, what this cart earns, what expires and which rewards there are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Engine } from 'counterfoil';
import { preview } from 'counterfoil/loyalty';
import { CHECKOUT_TOKEN } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [{ id: 'silver-price', when: { type: 'customer_attribute', key: 'stars.level', in: ['silver'] }, discounts: [{ type: 'percent_off', percent: '10' }] }],
  loyalty: {
    programmes: [{
      id: 'stars',
      expiry: { type: 'after_months', months: 12, roundTo: 'month' },
      levels: { by: 'points_in_period', every: 'year', list: [{ id: 'silver', from: 100 }, { id: 'gold', from: 500 }] },
      earning: [{ id: 'purchase', on: 'order', points: 1, every: { EUR: 100 } }, { id: 'match', on: { event: 'match_seen' }, points: 439 }],
      rewards: [{ id: 'mug', points: 200, stock: 50, gives: { type: 'product', sku: 'MUG' } }, { id: 'lounge', points: 900, gives: { type: 'donation', to: 'red-cross', amount: { EUR: 900 } } }],
    }],
  },
};

let worker;
before(async () => {
  worker = await openShop(shop);
});
after(() => worker?.stop());

async function ok(response) {
  const body = await response.json();
  assert.ok(response.ok, JSON.stringify(body));
  return body;
}

test('a page tells its member what is missing, what the cart earns, what expires and what there is for points', async () => {
  // the shop's server: what happened, and the member's statement for the page
  const headers = { authorization: `Bearer ${CHECKOUT_TOKEN}` };
  const { customer } = await ok(await worker.at('/customers/ann', { method: 'PUT', headers, body: '{}' }));
  await ok(await worker.post('/customers/ann/events', { event: 'match_seen' }, { key: 'match-1' }));
  const statement = await ok(await worker.get(`/accounts/stars:${customer}`));
  assert.equal(statement.available, 439);

  // the page: the engine that prices, and the preview beside it
  const snapshot = await worker.at('/snapshot');
  const engine = await Engine.open(new Uint8Array(await snapshot.arrayBuffer()), JSON.parse(worker.signer.keyRing));
  const request = { currency: 'EUR', customer: { id: 'ann' }, lines: [{ id: 'a', unitPrice: 2_000, quantity: 1 }] };
  assert.equal(engine.quote(request).total, 2_000, 'without the statement nobody knows the level');
  const { quote, programmes } = await preview(engine, request, [statement]);
  assert.equal(quote.total, 1_800);
  const [stars] = programmes;
  assert.equal(stars.points, 18);
  assert.deepEqual(stars.expiring, statement.expiring);
  assert.equal(stars.expiring[0].amount, 439);
  assert.deepEqual([stars.progress.level, stars.after.points], ['silver', 457]);
  assert.deepEqual(stars.rewards.map(({ reward, claimable, missing = 0 }) => [reward, claimable, missing]), [['mug', true, 0], ['lounge', false, 461]]);
  const [hint] = stars.hints;
  assert.match(hint.message, /^\d+\.\d\d EUR more this year to `gold`$/);
  // who takes the step is there, and a cent less is not enough
  const withMore = async (amount) => (await preview(engine, { ...request, lines: [...request.lines, { id: 'b', unitPrice: amount, quantity: 1 }] }, [statement])).programmes[0].after.level;
  assert.deepEqual([await withMore(hint.amount), await withMore(hint.amount - 1)], ['gold', 'silver']);
});
