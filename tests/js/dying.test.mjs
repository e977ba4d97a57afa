// A customer that dies between the answer of a book and what follows from it: an object on real workerd that is ended there. What
// the answer leads to, points for a level, a reward that comes unasked, credit that a reward is, is carried out all the same, and once.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { ADMIN_TOKEN, CHECKOUT_TOKEN } from './local_worker.mjs';
import { openShop } from './open_shop.mjs';

const shop = {
  campaigns: [],
  loyalty: {
    programmes: [{
      id: 'stars',
      levels: { by: 'points_in_period', every: 'year', list: [{ id: 'silver', from: 50 }] },
      earning: [
        { id: 'ride', on: { event: 'ride_ended' }, points: 2, every: 10, of: { attribute: 'km' }, limits: [{ budget: 60 }] },
        { id: 'risen', on: { level: ['upgraded', 'joined'] }, points: 7 },
      ],
      rewards: [{ id: 'bottle', automatic: { earned: 55 }, gives: { type: 'product', sku: 'BOTTLE' } }],
    }, {
      id: 'miles',
      earning: [{ id: 'purchase', on: 'order', points: 1, every: { EUR: 100 } }],
      rewards: [
        { id: 'ticket', automatic: { earned: 50 }, gives: { type: 'product', sku: 'TICKET' } },
        { id: 'exchange', points: 40, gives: { type: 'credit', programme: 'wallet', amount: 400 } },
      ],
    }, { id: 'wallet', unit: 'EUR' }],
  },
};

/** Looks again until it is so: an object that died goes on by its alarm, ten seconds later. */
async function inTheEnd(look) {
  for (let left = 240; ; left -= 1) {
    try {
      return await look();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}

test('what follows from an answer that nobody heard is carried out, once', { timeout: 200_000 }, async () => {
  const worker = await openShop(shop, { entry: fileURLToPath(new URL('objects/dying.mjs', import.meta.url)) });
  try {
    const headers = { authorization: `Bearer ${CHECKOUT_TOKEN}` };
    const ask = async (method, path, body) => {
      const response = await worker.at(path, { method, headers, body: body && JSON.stringify(body) });
      return response.json();
    };
    const { customer } = await ask('PUT', '/customers/dora', {});
    // whatever becomes of this answer, the event is kept before the first command is sent
    await worker.post('/customers/dora/events', { event: 'ride_ended', payload: { km: 250 } }, { key: 'ride' }).catch(() => undefined);
    await inTheEnd(async () => {
      const { available, rewards } = await ask('GET', `/accounts/stars:${customer}`);
      // 50 for the ride, 7 for the level
      assert.equal(available, 57);
      // once for each member
      assert.deepEqual(rewards.map(({ per, uses }) => [per, uses]), [['customer', 0]]);
    });
    const died = await (await worker.at('/died')).json();
    const [take, ride, risen, ...claims] = died;
    // out of what all members may have by rides, and onto the account
    assert.match(take, /^earn\/[0-9a-f]{32}\/take$/);
    assert.match(ride, /\/stars\/ride$/);
    assert.match(risen, /\/stars\/risen$/);
    assert.ok(claims.length > 0 && claims.every((key) => key.startsWith('bottle/')), died.join());
    // told again under its key it does nothing more
    await worker.post('/customers/dora/events', { event: 'ride_ended', payload: { km: 250 } }, { key: 'ride' });
    assert.equal((await ask('GET', `/accounts/stars:${customer}`)).available, 57);
    // what is left for others is what one ride took of it
    const { customer: finn } = await ask('PUT', '/customers/finn', {});
    await worker.post('/customers/finn/events', { event: 'ride_ended', payload: { km: 250 } }, { key: 'ride' }).catch(() => undefined);
    await inTheEnd(async () => {
      const { available, earning } = await ask('GET', `/accounts/stars:${finn}`);
      assert.deepEqual([available, earning.map(({ per, budget }) => [per, budget])], [10, [['all', 0]]]);
    });
    const { happenings } = await (await worker.get('/records/customers?customer=dora&type=given', { token: ADMIN_TOKEN })).json();
    assert.deepEqual(happenings.map(({ gives }) => gives.length), [1]);
  } finally {
    await worker.stop();
  }
});

test('so is what an order and a claim bring', { timeout: 200_000 }, async () => {
  const worker = await openShop(shop, { entry: fileURLToPath(new URL('objects/dying.mjs', import.meta.url)) });
  try {
    const headers = { authorization: `Bearer ${CHECKOUT_TOKEN}` };
    const customer = (await (await worker.at('/customers/gus', { method: 'PUT', headers, body: '{}' })).json()).customer;
    const available = async (scheme) => (await (await worker.get(`/accounts/${scheme}:${customer}`)).json()).available;
    const request = { currency: 'EUR', lines: [{ id: 'a', unitPrice: 6_000, quantity: 1 }], customer: { id: 'gus' } };
    // the order has been answered when the customer dies
    assert.equal((await worker.post('/redemptions', { request, confirm: true, order: 'o-1' }, { key: 'order' })).status, 201);
    const given = async () => (await (await worker.get('/records/customers?customer=gus&type=given', { token: ADMIN_TOKEN })).json()).happenings.flatMap(({ gives }) => gives.map(({ gives: { sku } }) => sku));
    await inTheEnd(async () => assert.deepEqual([await available('miles'), await given()], [60, ['TICKET']]));
    const claim = () => worker.post(`/accounts/miles:${customer}/claims`, { reward: 'exchange' }, { key: 'claim' });
    assert.equal((await claim()).status, 500);
    await inTheEnd(async () => assert.deepEqual([await available('miles'), await available('wallet')], [20, 400]));
    assert.equal((await claim()).status, 200);
    assert.deepEqual([await available('miles'), await available('wallet')], [20, 400]);
    const died = await (await worker.at('/died')).json();
    assert.deepEqual(died.map((key) => key.replace(/^claim\/[0-9a-f]{32}/, 'claim')), ['earn/order/o-1/purchase', 'ticket/earn/order/o-1/purchase/take', 'ticket/earn/order/o-1/purchase', 'claim', 'claim/credit']);
  } finally {
    await worker.stop();
  }
});
