// The blocks of worker/API.md: an order, what is answered to it, the statement and the record that follow, on workerd.
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { ADMIN_TOKEN } from '../local_worker.mjs';
import { openShop } from '../open_shop.mjs';
import { assertShows } from './shown.mjs';

const CAMPAIGNS = {
  campaigns: [
    {
      id: 'spring',
      discounts: [{ type: 'percent_off', percent: '10' }],
      earning: [{ type: 'points_per_amount', points: 1, per: { EUR: 100 } }],
      limits: { total: 500, budget: { EUR: 100_000 } },
    },
    { id: 'tenth', codes: ['TENTH'], when: { type: 'variant', experiment: 'welcome', in: ['ten-percent'] }, discounts: [{ type: 'percent_off', percent: '1' }] },
  ],
  experiments: [{ id: 'welcome', variants: [{ id: 'ten-percent', weight: 1 }] }],
  loyalty: {
    programmes: [
      {
        id: 'stars',
        campaignPoints: true,
        pendingDays: 14,
        expiry: { type: 'after_months', months: 12 },
        levels: { by: 'points_in_period', every: 'year', keep: 'end_of_next_period', list: [{ id: 'silver', from: 100 }, { id: 'gold', from: 500 }] },
      },
    ],
  },
  programme: { schemes: { gift: { unit: 'EUR' } } },
};

export async function api(t) {
  const shop = await openShop(CAMPAIGNS);
  t.after(() => shop.stop());
  assert.equal((await shop.publish(CAMPAIGNS, 7)).status, 201);
  const said = async (answer, status) => {
    const body = await answer.json();
    assert.equal(answer.status, status, JSON.stringify(body));
    return body;
  };
  await said(await shop.post('/accounts/card-1/refill', { scheme: 'gift', amount: 1000, lot: 'sold' }, { key: 'sold' }), 200);
  await said(await shop.post('/accounts/stars-c-12/earn', { scheme: 'stars', amount: 120, event: 'before', pendingDays: 0 }, { key: 'before' }), 200);
  let held;
  return {
    order: async (text) => {
      const order = JSON.parse(text);
      const { token } = await said(await shop.post('/quote/signed', { ...order.request, customer: { id: order.customer } }), 200);
      assert.ok(token.startsWith(order.token.split('…')[0]), token);
      // the cart is the one that was quoted, with who buys
      const request = { ...order.request, customer: { id: order.customer } };
      held = await said(await shop.post('/redemptions', { ...order, request, token }, { key: 'order-7' }), 201);
    },
    held: (text) => assertShows(held, JSON.parse(text), 'the redemption', { whole: true }),
    statement: async (text) => {
      await said(await shop.post(`/redemptions/${held.id}/confirm`, {}, { key: 'order-7/paid' }), 200);
      const statement = async () => said(await shop.get('/accounts/stars-c-12'), 200);
      // the points of an order are booked a moment after its answer
      for (let left = 100; left > 0 && (await statement()).pending === 0; left -= 1) await sleep(100);
      assertShows(await statement(), JSON.parse(text), 'the statement', { whole: true });
    },
    record: async (text) => {
      const { records } = await said(await shop.get('/records?order=order-7&outcome=confirmed', { token: ADMIN_TOKEN }), 200);
      assertShows(records[0], JSON.parse(text), 'the record', { whole: true });
    },
  };
}
